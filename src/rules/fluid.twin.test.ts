import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { offerList, type Protocol, protocolFrom } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { agree, compare, type Dice, diceOf, float, type Tally, tallyOf } from './dice.suite.ts'
import { ABSORB, LIQUIDATE } from './fluid/positions.ts'
import { ratioAt, tickAt, tickFor } from './fluid/ticks.ts'
import type { FluidAbsorbed } from './fluid/vaults.ts'
import { fluid } from './fluid.ts'
import {
  colOf,
  type FluidTwin,
  type FluidTwinPosition,
  fluidTwin,
  ratioAtTick,
  tickAtRatio,
} from './fluid.twin.suite.ts'
import { act, standingOf } from './settling.suite.ts'

const RAY = 10n ** 27n
const EXCHANGE = 10n ** 12n
const [ETH, USDC] = [0, 1]
const ALL = 2n ** 120n

/** The chain and the house side by side. */
interface Worlds {
  readonly twin: FluidTwin
  readonly positions: readonly FluidTwinPosition[]
  readonly protocol: Protocol
  readonly units: Record<'col' | 'debt', bigint>
  readonly exchange: Record<'supply' | 'borrow', bigint>
  price: bigint
}

/** A vault of up to 14 positions, none of them above the threshold by more than a few ticks. */
function worldsFrom(dice: Dice): Worlds {
  const maxLimit = dice.between(0.6, 0.97, 1000n)
  const threshold = maxLimit - dice.between(0.005, 0.1, 1000n)
  const most = (1 / float(maxLimit, 1000n) - 1) * 0.95
  const penalty = dice.between(0, Math.min(0.1, most), 10_000n)
  const units = { col: 10n ** 18n, debt: dice.pick([10n ** 8n, 10n ** 18n]) }
  const isOld = dice.isHit(0.5)
  const exchange = {
    supply: isOld ? dice.between(1, 1.2, EXCHANGE) : EXCHANGE,
    borrow: isOld ? dice.between(1, 1.4, EXCHANGE) : EXCHANGE,
  }
  const prices = { supplyPrice: exchange.supply, borrowPrice: exchange.borrow }
  const twin = fluidTwin({ threshold, maxLimit, penalty, ...prices })
  const price = (dice.wide(1, 50_000, RAY) * units.debt) / units.col
  const count = 1 + Math.floor(dice.next() * 14)
  const rows = Array.from({ length: count }, () => {
    const col = dice.wide(1e5, 1e8, units.col)
    const raw = (price * exchange.supply) / exchange.borrow
    const worth = (((col * raw) / RAY) * threshold) / 1000n
    const share = dice.isHit(0.2) ? 0.999 + 0.004 * dice.next() : 0.6 + 0.4 * dice.next()
    return { col, debt: (worth * BigInt(Math.floor(share * 1e9))) / 1_000_000_000n }
  })
  const positions = rows.map(({ col, debt }) => twin.operate(col, debt))
  const spec = { threshold, maxLimit, penalty, units }
  const protocol = protocolFor(spec, rows, exchange)
  return { twin, positions, protocol, units, exchange, price }
}

function protocolFor(
  of: Pick<Worlds, 'units'> & Record<'threshold' | 'maxLimit' | 'penalty', bigint>,
  rows: readonly Record<'col' | 'debt', bigint>[],
  exchange: Worlds['exchange'],
): Protocol {
  const rules = fluid({
    vaults: [
      {
        group: 1,
        collateral: ETH,
        debt: USDC,
        threshold: float(of.threshold, 1000n),
        maxLimit: float(of.maxLimit, 1000n),
        penalty: float(of.penalty, 10_000n),
        collateralDecimals: 18,
        debtDecimals: of.units.debt === 10n ** 18n ? 18 : 8,
      },
    ],
    absorbGas: 0,
  })
  const two = (even: number, odd: number) =>
    Array.from({ length: 2 * rows.length }, (_, k) => (k % 2 === 0 ? even : odd))
  const positions: Positions = {
    accounts: rows.map((_, account) => `nft ${account}`),
    account: Uint32Array.from(two(0, 0), (_, k) => k >> 1),
    asset: Uint16Array.from(two(ETH, USDC)),
    side: Int8Array.from(two(1, -1)),
    group: Uint16Array.from(two(1, 1)),
    amount: Float64Array.from(
      rows.flatMap(({ col, debt }) => [float(col, of.units.col), float(debt, of.units.debt)]),
    ),
    synthetic: false,
    asOf: null,
  }
  const protocol = protocolFrom({
    name: 'vault',
    rules,
    book: rules.book!(positions, new Float64Array(0)),
    prices: Float64Array.of(1, 1),
    accounts: positions.accounts,
  })
  protocol.index.set([float(exchange.supply, EXCHANGE), float(exchange.borrow, EXCHANGE)])
  return protocol
}

/** Publishes the price to the house. */
function publish({ protocol, price, units }: Worlds): void {
  protocol.prices[ETH] = float((price * units.col) / units.debt, RAY)
  protocol.rules.value(protocol)
}

/** Whether a price stands within the band of the edge of a tick. */
function isClose({ twin, price }: Worlds): boolean {
  const part = price / 10n ** 12n + 1n
  const [low, high] = [twin.ticksAt(price - part), twin.ticksAt(price + part)]
  return low.liquidation !== high.liquidation || low.max !== high.max
}

/** Liquidates all of both worlds at the present price, and compares what was done. */
function liquidateBoth(worlds: Worlds, parts: number, dice: Dice, tally: Tally): void {
  const { twin, protocol, positions, units, price } = worlds
  const { liquidation, max } = twin.ticksAt(price)
  const expected = positions.map(({ heap }) => {
    if (heap === null || heap.tick <= liquidation) return 'nothing'
    if (heap.tick > max) return 'absorb'
    return heap.tick === liquidation + 1n && heap.partials === 1n ? 'nothing' : 'liquidate'
  })
  const done = { debt: 0, col: 0 }
  let total = { debt: 0n, col: 0n }
  // Some of it first in the twin: the house has nothing like it, and ends in the same place.
  for (let part = 0; part < parts; part++) {
    const some = twin.liquidate(price, twin.totalBorrow / BigInt(5 + Math.floor(dice.next() * 90)))
    total = { debt: total.debt + (some?.debt ?? 0n), col: total.col + (some?.col ?? 0n) }
  }
  const last = twin.liquidate(price, ALL)
  total = { debt: total.debt + (last?.debt ?? 0n), col: total.col + (last?.col ?? 0n) }
  positions.forEach((_, account) => {
    const offers = offerList()
    protocol.rules.offers(protocol, account, offers)
    const kind = offers.count === 0 ? 'nothing' : NAMES[offers.other[0]]
    agree(tally, kind === expected[account], true, false)
    tally.seen.set(kind, 1 + (tally.seen.get(kind) ?? 0))
    for (let o = 0; o < offers.count; o++) {
      const moved = act(protocol, offers, o)
      expect(moved.reason).toBe(0)
      done.debt += moved.repaid
      done.col += moved.seized
    }
    expect(listed(protocol, account)).toBe(0)
  })
  if (total.debt === 0n) expect(done.debt).toBe(0)
  else {
    compare(tally, done.debt, float(total.debt, units.debt))
    compare(tally, done.col, float(total.col, units.col))
  }
  comparePositions(worlds, tally)
}

const NAMES: Record<number, string> = { [LIQUIDATE]: 'liquidate', [ABSORB]: 'absorb' }

function listed(protocol: Protocol, account: number): number {
  const offers = offerList()
  protocol.rules.offers(protocol, account, offers)
  return offers.count
}

function comparePositions(worlds: Worlds, tally: Tally): void {
  const { protocol, positions, units, twin, exchange } = worlds
  positions.forEach((position, account) => {
    const [col, debt] = [protocol.book.amount[2 * account], -protocol.book.amount[2 * account + 1]]
    if (position.heap === null) expect([col, debt]).toEqual([0, -0])
    else {
      compare(tally, debt, float(position.debt, units.debt))
      compare(tally, col, float(colOf(position), units.col))
    }
  })
  const { units: sold, debt: owed } = protocol.items as FluidAbsorbed
  if (twin.absorbedDebt === 0n) {
    expect(sold[0]).toBe(0)
    return
  }
  const [supply, borrow] = [float(exchange.supply, EXCHANGE), float(exchange.borrow, EXCHANGE)]
  compare(tally, sold[0], float(twin.absorbedCol, units.col) * supply)
  compare(tally, owed[0], float(twin.absorbedDebt, units.debt) * borrow)
}

/** Buys a part of what was absorbed in both worlds. */
function buyBoth({ protocol, twin, units, exchange }: Worlds, dice: Dice, tally: Tally): void {
  const offers = standingOf(protocol)
  expect(offers.count > 0).toBe(twin.absorbedDebt > 0n)
  if (offers.count === 0) return
  const part = BigInt(Math.floor(1 + dice.next() * 999))
  const col = twin.buyAbsorbed((twin.absorbedDebt * part) / 1000n)
  const amount = (offers.amount[0] * Number(part)) / 1000
  const moved = act(protocol, offers, 0, { amount })
  expect(moved.reason).toBe(0)
  tally.seen.set('buy', 1 + (tally.seen.get('buy') ?? 0))
  const supply = float(exchange.supply, EXCHANGE)
  compare(tally, moved.moves.amount[0], float(col, units.col) * supply)
}

describe('fluid', () => {
  it('law: ticks are those of the chain', () => {
    for (let tick = -14_000; tick <= 14_000; tick += 7) {
      const exact = Number(ratioAtTick(BigInt(tick))) / 2 ** 96
      expect(Math.abs(ratioAt(tick) / exact - 1)).toBeLessThan(2e-15 + 2 ** -96 / exact)
      expect(tickAt(ratioAt(tick))).toBe(tick)
      // A debt counts as a billionth more when its tick is chosen.
      expect(tickFor(ratioAt(tick) * (1 - 0.9e-9))).toBe(tick + 1)
      expect(tickFor(ratioAt(tick) * (1 - 1.1e-9))).toBe(tick)
      expect(tickAtRatio((ratioAtTick(BigInt(tick)) * 10n ** 6n) / (10n ** 6n - 1n))).toBe(
        BigInt(tick),
      )
    }
  })

  // On the chain a liquidation that ends between ticks is kept in 2^-30 parts of one.
  const tallies = [tallyOf(), tallyOf()]
  it.each([
    ['at once', 0, 1e-10],
    ['in parts', 2, 1e-9],
  ])('law: every account ends where the walk from the top ends, %s', (_, parts, tolerance) => {
    const tally = tallies[+(parts > 0)]
    for (let at = 0; at < 150; at++) {
      try {
        fall(worldsFrom(diceOf(20_260_304, at)), parts, diceOf(20_260_305, at), tally)
      } catch (cause) {
        throw new Error(`world ${at}`, { cause })
      }
    }
    expect(tally.cases).toBeGreaterThan(500)
    expect(tally.close).toBeLessThan(5)
    expect(tally.largestError).toBeLessThan(tolerance)
    for (const name of ['liquidate', 'absorb', 'nothing', 'buy'])
      expect(tally.seen.get(name), name).toBeGreaterThan(20)
    recordComparison({
      protocol: 'fluid',
      version: '',
      source: 'Instadapp/fluid-contracts-public a9949b48',
      against: 'twin',
      cases: tallies[0].cases + tallies[1].cases,
      largestError: Math.max(tallies[0].largestError, tallies[1].largestError),
    })
  })
})

/** Lets the price fall step by step, and liquidates all at each. */
function fall(worlds: Worlds, parts: number, dice: Dice, tally: Tally): void {
  for (let step = 0; step < 5; step++) {
    if (isClose(worlds)) {
      tally.close++
      return
    }
    publish(worlds)
    liquidateBoth(worlds, parts, dice, tally)
    if (dice.isHit(0.6)) buyBoth(worlds, dice, tally)
    const most = dice.pick([0.0005, 0.003, 0.02, 0.08])
    worlds.price -= (worlds.price * BigInt(Math.floor(most * dice.next() * 1e9))) / 10n ** 9n
  }
}
