import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { constantProduct } from '../../src/venues/constantProduct.ts'
import { amountIn, amountOut, keepsProduct } from '../../src/venues/constantProduct.twin.suite.ts'
import { recordComparison } from '../comparisons.suite.ts'
import { type Draws, drawsOf, plain } from './draws.suite.ts'
import { type Contract, hasDifferential, withPackages } from './evm.suite.ts'
import { type Exchange, exchange, pairOf } from './uniswap.suite.ts'

const POOLS = 30
const SWAPS = 20
const TOLERANCE = 1e-9

/** A pool as the pair, the twin and the venue have it. */
interface Pool {
  readonly decimals: readonly [number, number]
  /** Which of the two tokens is the venue's base. */
  readonly base: 0 | 1
  readonly reserves: [bigint, bigint]
}

describe.skipIf(!hasDifferential())(withPackages('uniswap v2'), () => {
  let at: Exchange
  let pair: Contract
  let cases = 0
  let largest = 0

  beforeAll(async () => {
    at = await exchange()
    pair = await pairOf(at)
  })
  afterAll(() => at?.evm.close())

  it(`law: ${POOLS * SWAPS} swaps equal the twin to the unit and the venue to 1e-9`, async () => {
    for (let k = 0; k < POOLS; k++) await tradeAll(drawsOf(20260911, k))
    expect(cases).toBe(POOLS * SWAPS)
    expect(largest).toBeLessThan(TOLERANCE)
    recordComparison({
      protocol: 'constantProduct',
      version: 'Uniswap v2',
      source: '@uniswap/v2-core 1.0.1',
      against: 'bytecode',
      cases,
      largestError: largest,
    })
  })

  async function tradeAll(draws: Draws): Promise<void> {
    const pool = poolFrom(draws)
    const { decimals, base, reserves } = pool
    const tokens = at.tokens.map(({ address }) => address)
    await at.evm.must(at.trader, 'fill', [pair.address, tokens, reserves])
    const whole = reserves.map((raw, i) => plain(raw, decimals[i]))
    const venue = constantProduct({
      name: 'pool',
      base: 1,
      quoteAsset: 0,
      outside: whole[1 - base] / whole[base],
      fee: 0.003,
      asOf: null,
      beyond: 'wall',
      reserve: whole[base],
      keepsFee: true,
      reprice: 'arbitrage',
    })
    for (let n = 0; n < SWAPS; n++) {
      const isSale = draws.chance(0.6)
      const share = draws.scale(1e-5, 0.5) * plain(reserves[base], decimals[base])
      const units = draws.raw(share, decimals[base])
      const other = isSale ? await sell(pool, units) : await buy(pool, units)
      const signed = plain(units, decimals[base]) * (isSale ? 1 : -1)
      const fill = venue.sell(signed)
      expect(fill.units).toBe(signed)
      compare(Math.abs(fill.proceeds), other, decimals[1 - base])
      const left = reserves.map((raw, i) => plain(raw, decimals[i]))
      const mid = left[1 - base] / left[base]
      expect(Math.abs(venue.mid() / mid - 1)).toBeLessThan(TOLERANCE)
      cases++
    }
  }

  /** Sells base: the pair lets out what the twin says, and not one unit more. */
  async function sell({ base, reserves }: Pool, units: bigint): Promise<bigint> {
    const quote = 1 - base
    const out = amountOut(units, { in: reserves[base], out: reserves[quote] })
    expect(await swap(base, units, out + 1n)).toBe('UniswapV2: K')
    expect(await swap(base, units, out)).toBe('')
    await move(reserves, base, units, out)
    return out
  }

  /** Buys base: the pair takes what the router's formula asks, and refuses two units less. */
  async function buy({ base, reserves }: Pool, units: bigint): Promise<bigint> {
    const quote = base === 0 ? 1 : 0
    const sides = { in: reserves[quote], out: reserves[base] }
    const cost = amountIn(units, sides)
    expect(keepsProduct(cost - 1n, units, sides)).toBe(
      (await swap(quote, cost - 1n, units, true)) === '',
    )
    expect(keepsProduct(cost - 2n, units, sides)).toBe(false)
    expect(await swap(quote, cost - 2n, units, true)).toBe('UniswapV2: K')
    expect(await swap(quote, cost, units)).toBe('')
    await move(reserves, quote, cost, units)
    return cost
  }

  /** Asks the pair; a trial is taken back. */
  async function swap(paid: 0 | 1, units: bigint, out: bigint, isTrial = false): Promise<string> {
    const outs = paid === 0 ? [0n, out] : [out, 0n]
    const before = isTrial ? await at.evm.snapshot() : null
    const args = [pair.address, at.tokens[paid].address, units, ...outs]
    const { reason } = await at.evm.send(at.trader, 'swapPair', args)
    if (before !== null) await at.evm.revert(before)
    return reason
  }

  async function move(reserves: [bigint, bigint], paid: number, units: bigint, out: bigint) {
    reserves[paid] += units
    reserves[1 - paid] -= out
    const [left0, left1] = await at.evm.read(pair, 'getReserves')
    expect([left0, left1]).toEqual(reserves)
  }

  /** Relative error beyond the one unit that the pair rounds. */
  function compare(found: number, chain: bigint, decimals: number): void {
    const error = Math.abs(found * 10 ** decimals - Number(chain))
    largest = Math.max(largest, Math.max(0, error - 1) / Number(chain))
  }
})

/** Reserves of 1e11 to 1e26 units: amounts of 6, 8 and 18 decimals. */
function poolFrom(draws: Draws): Pool {
  const decimals = [draws.pick([6, 8, 18]), draws.pick([6, 8, 18])] as const
  const reserve = (i: 0 | 1) => draws.raw(draws.scale(1e5, 1e8), decimals[i])
  return { decimals, base: draws.pick([0, 1]), reserves: [reserve(0), reserve(1)] }
}
