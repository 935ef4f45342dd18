import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Venue } from '../../src/venue.ts'
import { concentrated, rangesFromTicks } from '../../src/venues/concentrated.ts'
import {
  addLiquidity,
  rootAt,
  type TwinPool,
  type TwinSwap,
  twinPool,
  twinSwap,
} from '../../src/venues/concentrated.twin.suite.ts'
import { recordComparison } from '../comparisons.suite.ts'
import { type Draws, drawsOf, plain } from './draws.suite.ts'
import { type Contract, hasDifferential, withPackages } from './evm.suite.ts'
import { type Exchange, exchange, lastSwap, poolFactory, poolOf } from './uniswap.suite.ts'

const POOLS = 30
const SWAPS = 20
const TOLERANCE = 1e-9
/** Of a bound, beside the square of the contract's root at its tick. */
const BOUND_TOLERANCE = 1e-14

/** A pool as contract, twin and venue have it. */
interface Trial {
  readonly contract: Contract
  readonly twin: TwinPool
  readonly decimals: readonly [number, number]
  /** Which of the two tokens is the venue's base. */
  readonly base: 0 | 1
  readonly venue: Venue
}

/** What is swapped: base in, or base out, up to the price limit. */
interface Order {
  readonly isSale: boolean
  readonly units: bigint
  readonly limit: bigint
}

// The contract knows prices as square roots at whole ticks, the venue as bounds in quote per base.
// Compared are: contract and twin in integers (amounts, end price, tick, liquidity); then what the
// venue takes and pays with its fee, and where its price ends, swap after swap on the same pool.
describe.skipIf(!hasDifferential())(withPackages('uniswap v3'), () => {
  let at: Exchange
  let factory: Contract
  const fees = new Set<bigint>()
  let cases = 0
  let crossed = 0
  let emptied = 0
  let largest = 0

  beforeAll(async () => {
    at = await exchange()
    factory = await poolFactory(at)
  })
  afterAll(() => at?.evm.close())

  it(`law: ${POOLS * SWAPS} swaps equal the twin to the unit and the venue to 1e-9`, async () => {
    for (let k = 0; k < POOLS; k++) {
      const draws = drawsOf(20260912, k)
      const trial = await open(draws)
      for (let n = 1; n <= SWAPS; n++) await trade(trial, orderFrom(draws, trial, n === SWAPS))
    }
    expect(cases).toBe(POOLS * SWAPS)
    expect(crossed).toBeGreaterThan(cases / 2)
    expect(emptied).toBeGreaterThan(5)
    expect(largest).toBeLessThan(TOLERANCE)
    recordComparison({
      protocol: 'concentrated',
      version: 'Uniswap v3',
      source: '@uniswap/v3-core 1.0.1',
      against: 'bytecode',
      cases,
      largestError: largest,
    })
  })

  async function open(draws: Draws): Promise<Trial> {
    const decimals = [draws.pick([6, 8, 18]), draws.pick([6, 8, 18])] as const
    const twin = poolFrom(draws, decimals, newFee(draws))
    const contract = await poolOf(at, factory, twin)
    for (const [lower, upper, liquidity] of positionsFrom(draws, decimals, twin)) {
      addLiquidity(twin, lower, upper, liquidity)
      const args = [contract.address, lower, upper, liquidity]
      await at.evm.must(at.trader, 'provide', args)
    }
    const base = draws.pick([0, 1] as const)
    return { contract, twin, decimals, base, venue: venueOf(twin, decimals, base) }
  }

  /** A fee that no pool has yet, from 0.0001 % to 5 %. */
  function newFee(draws: Draws): bigint {
    const known = [500n, 3000n, 10_000n].find((fee) => !fees.has(fee))
    let fee = known ?? BigInt(Math.round(draws.scale(1, 50_000)))
    while (fees.has(fee)) fee++
    fees.add(fee)
    return fee
  }

  async function trade(trial: Trial, order: Order): Promise<void> {
    const { contract, twin, base } = trial
    const zeroForOne = order.isSale === (base === 0)
    const specified = order.isSale ? order.units : -order.units
    const swap = twinSwap(twin, zeroForOne, specified, order.limit)
    await at.evm.must(at.trader, 'swapPool', [contract.address, zeroForOne, specified, order.limit])
    const { amount0, amount1 } = swap
    const { root, tick, liquidity } = twin
    expect(await lastSwap(at)).toEqual({ amount0, amount1, root, tick, liquidity })
    crossed += swap.crossed
    cases++
    compare(trial, order, swap)
  }

  function compare({ twin, decimals, base, venue }: Trial, order: Order, swap: TwinSwap) {
    const amounts = [swap.amount0, swap.amount1].map((raw, i) => Math.abs(plain(raw, decimals[i])))
    const asked = plain(order.units, decimals[base])
    const from = venue.mid()
    const fill = venue.sell(order.isSale ? asked : -asked)
    // Each step rounds what goes in and what comes out by a unit, and a fee by one more.
    const units = 2 * swap.steps + 2
    const price = Math.max(from, venue.mid())
    const slack = units * (10 ** -decimals[1 - base] + price * 10 ** -decimals[base])
    note(Math.abs(fill.units), amounts[base], units * 10 ** -decimals[base])
    note(Math.abs(fill.proceeds), amounts[1 - base], slack)
    if (twin.root === order.limit) emptied++
    else note(venue.mid(), priceOf(twin.root, decimals, base), 0)
  }

  function note(found: number, wanted: number, slack: number): void {
    const error = Math.max(0, Math.abs(found - wanted) - slack) / wanted
    expect(error, `${found} for ${wanted}`).toBeLessThan(TOLERANCE)
    largest = Math.max(largest, error)
  }
})

/** A pool at a price of 0.001 to 100 000 of whole tokens. */
function poolFrom(draws: Draws, decimals: readonly [number, number], fee: bigint): TwinPool {
  const own = new Map([
    [500n, 10],
    [3000n, 60],
    [10_000n, 200],
  ])
  const spacing = own.get(fee) ?? draws.pick([1, 5, 10, 50, 60, 200])
  const price = draws.scale(1e-3, 1e5) * 10 ** (decimals[1] - decimals[0])
  const tick = Math.round(Math.log(price) / Math.log(1.0001))
  const width = rootAt(tick + 1) - rootAt(tick)
  const within = (width * BigInt(draws.whole(0, 1000))) / 1001n
  return twinPool(fee, spacing, rootAt(tick) + within)
}

/** Three to eight ranges around the price, the first of which holds it; gaps may stay between. */
function positionsFrom(draws: Draws, decimals: readonly [number, number], pool: TwinPool) {
  const { spacing, tick } = pool
  const near = Math.floor(tick / spacing)
  const half = (decimals[0] + decimals[1]) / 2
  return Array.from({ length: draws.whole(3, 8) }, (_, i) => {
    const width = Math.round(draws.scale(2, 8000 / spacing + 4))
    const shift = i === 0 ? draws.whole(0, width - 1) : draws.whole(-2 * width, 3 * width)
    const lower = (near - shift) * spacing
    const liquidity = draws.raw(draws.scale(1e9, 1e11) * 10 ** (half % 1), Math.floor(half))
    return [lower, lower + width * spacing, liquidity] as const
  })
}

/** Quote per base in whole tokens. */
function priceOf(root: bigint, decimals: readonly [number, number], base: 0 | 1): number {
  const ratio = Number(root) / 2 ** 96
  const raw = base === 0 ? ratio * ratio : 1 / (ratio * ratio)
  return raw * 10 ** (decimals[base] - decimals[1 - base])
}

/** The pool as the venue is told it: its ticks, as recorded. */
function venueOf(twin: TwinPool, decimals: readonly [number, number], base: 0 | 1): Venue {
  const tick = [...twin.net.keys()].sort((a, b) => a - b)
  const ranges = rangesFromTicks({
    tick,
    liquidityNet: tick.map((at) => Number(twin.net.get(at))),
    baseDecimals: decimals[base],
    quoteDecimals: decimals[1 - base],
    baseIsToken0: base === 0,
  })
  const roots = base === 0 ? tick.map(rootAt) : tick.map(rootAt).reverse()
  roots.forEach((root, i) => {
    const chain = priceOf(root, decimals, base)
    expect(Math.abs(ranges.bound[i] / chain - 1)).toBeLessThan(BOUND_TOLERANCE)
  })
  return concentrated({
    name: 'pool',
    base: 1,
    quoteAsset: 0,
    asOf: null,
    beyond: 'wall',
    outside: priceOf(twin.root, decimals, base),
    fee: Number(twin.fee) / 1e6,
    ...ranges,
  })
}

/** A trade of a small to a large part of what the pool holds; the last one takes more than all. */
function orderFrom(draws: Draws, { twin, decimals, base, venue }: Trial, isLast: boolean): Order {
  const isSale = draws.chance(0.5)
  const most = isSale ? venue.edge().units : -venue.quote(Number.NEGATIVE_INFINITY).units
  const share = isLast ? 1.5 : draws.scale(1e-4, 0.7)
  const down = isSale === (base === 0)
  const ticks = [...twin.net.keys()]
  const limit = down ? rootAt(Math.min(...ticks)) - 1n : rootAt(Math.max(...ticks)) + 1n
  return { isSale, units: draws.raw(share * most, decimals[base]) + 1n, limit }
}
