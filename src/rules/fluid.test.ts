import { describe, expect, it } from 'vitest'
import { health } from '../book.ts'
import { failureOf, memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { ACCOUNTS, BIDDER, ITEMS } from '../rules.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'
import { debtToRatio, ratioAt, tickAbove, tickAt, tickFor } from './fluid/ticks.ts'
import {
  absorbedIn,
  BTC,
  deployed,
  ETH,
  positionsOf,
  rules,
  USDC,
  vaultsOf,
} from './fluid.suite.ts'
import { fluid } from './fluid.ts'
import { fluidTwin } from './fluid.twin.suite.ts'
import { act, standingOf } from './settling.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

/** Smallest units of USDC by those of ETH. */
const SCALE = 1e-12

describe('worked numbers', () => {
  it('default: 17,200 against 10 ETH at 2000, back to a ratio of 1700', () => {
    const perDebt = (1 / 2000) * 1.02
    const repaid = debtToRatio(17_200, 10, 1700, perDebt)
    expect(repaid).toBeCloseTo(1503.759, 3)
    expect(repaid * perDebt).toBeCloseTo(0.766917, 6)
    expect((17_200 - repaid) / (10 - repaid * perDebt)).toBeCloseTo(1700, 9)
  })

  it('default: by ticks it is sold from the tick above 1720 to the one at or below 1700', () => {
    const protocol = vaultsOf([[0, 1, 10, 17_200]], [1, 2000, 60_000])
    const [from, to] = [tickFor(1720 * SCALE), tickAt(1700 * SCALE)]
    expect([from, to]).toEqual([-13_464, -13_472])
    const debt = (10 * ratioAt(from)) / SCALE
    expect(debt / 17_200).toBeGreaterThan(1)
    expect(debt / 17_200).toBeLessThan(1.0015)
    expect(-protocol.book.amount[1]).toBeCloseTo(debt, 8)
    const offers = offersOf(protocol, 0)
    expect(offers.cost[0]).toBeCloseTo(debtToRatio(debt, 10, ratioAt(to) / SCALE, 0.00051), 7)
    expect(offers.amount[0]).toBeCloseTo(offers.cost[0] * 0.00051, 10)
    const moved = act(protocol, offers, 0)
    expect(moved).toMatchObject({ reason: 0, seized: offers.amount[0], repaid: offers.cost[0] })
    const [units, owed] = protocol.book.amount
    expect(tickAbove((-owed / units) * SCALE)).toBe(to + 1)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(health(protocol.book, protocol.values, 0)).toBeGreaterThan(0)
  })

  it('default: the twin walks the same position down', () => {
    const exchange = { supplyPrice: 10n ** 12n, borrowPrice: 10n ** 12n }
    const twin = fluidTwin({ threshold: 850n, maxLimit: 900n, penalty: 200n, ...exchange })
    const position = twin.operate(10n ** 19n, 17_200n * 10n ** 6n)
    expect(position.heap?.tick).toBe(-13_464n)
    const done = twin.liquidate(2000n * 10n ** 15n, 10n ** 15n)
    const protocol = vaultsOf([[0, 1, 10, 17_200]], [1, 2000, 60_000])
    expect(offersOf(protocol, 0).cost[0]).toBeCloseTo(Number(done?.debt) / 1e6, 4)
    expect(twin.liquidate(2000n * 10n ** 15n, 10n ** 15n)).toEqual({ debt: 0n, col: 0n })
    expect(twin.liquidate(2000n * 10n ** 15n, 9_999n)).toBeNull()
  })
})

describe('a liquidation', () => {
  it('behaviour: a part goes at the same price, and the rest ends in the same place', () => {
    const rows = [[0, 1, 10, 17_200]] as const
    const whole = vaultsOf(rows, [1, 2000, 60_000])
    act(whole, offersOf(whole, 0), 0)
    const parts = vaultsOf(rows, [1, 2000, 60_000])
    const first = offersOf(parts, 0)
    const moved = act(parts, first, 0, { amount: first.amount[0] * 0.3 })
    expect(moved.repaid).toBeCloseTo(first.cost[0] * 0.3, 8)
    act(parts, offersOf(parts, 0), 0)
    parts.book.amount.forEach((amount, k) => {
      expect(amount / whole.book.amount[k]).toBeCloseTo(1, 12)
    })
  })

  it('behaviour: a part repays at least a billionth of the debt of its vault', () => {
    const protocol = vaultsOf(
      [
        [0, 1, 10, 17_200],
        [1, 1, 1e6, 1e9],
        [2, 2, 5000, 1e5],
      ],
      [1, 2000, 60_000],
    )
    const least = 1e-9 * -(protocol.book.amount[1] + protocol.book.amount[3])
    const offers = offersOf(protocol, 0)
    const ask = (repaid: number) => act(protocol, offers, 0, { amount: repaid * 0.00051 }).reason
    expect(ask(least * (1 - 1e-9))).toBe('dust')
    expect(ask(least * (1 + 1e-9))).toBe(0)
    // A liquidation takes its debt off the sum, so that a hair less is enough now.
    expect(ask(least * (1 - 1e-6))).toBe('dust')
    expect(ask(least)).toBe(0)
    expect(ask(0)).toBe('nothing')
  })

  it('behaviour: indices move the ratio in tokens, ticks stay with scaled amounts', () => {
    const protocol = vaultsOf([[0, 1, 10, 16_000]], [1, 2000, 60_000])
    expect(offersOf(protocol, 0).count).toBe(0)
    protocol.index[rules.slotOf(USDC, -1, 1)] = 1.08
    protocol.rules.value(protocol)
    const offers = offersOf(protocol, 0)
    act(protocol, offers, 0)
    const [units, owed] = protocol.book.amount
    const to = tickAt((1700 / 1.08) * SCALE)
    expect((-owed / units / ratioAt(to)) * SCALE).toBeCloseTo(1, 11)
  })

  it('behaviour: once it stands above its tick it is left alone until the price falls a tick', () => {
    const protocol = vaultsOf([[0, 1, 10, 17_200]], [1, 2000, 60_000])
    act(protocol, offersOf(protocol, 0), 0)
    const to = tickAt(1700 * SCALE)
    // The threshold is a hair above the very ratio of the tick: breached, and nothing to sell.
    publish(protocol, ETH, (ratioAt(to) * (1 + 1e-12)) / SCALE / 0.85)
    expect(health(protocol.book, protocol.values, 0)).toBeLessThan(0)
    expect(offersOf(protocol, 0).count).toBe(0)
    publish(protocol, ETH, (ratioAt(to) * (1 - 1e-9)) / SCALE / 0.85)
    expect(offersOf(protocol, 0).count).toBe(1)
  })
})

describe('above the limit', () => {
  const rows = [
    [0, 1, 10, 18_500],
    [1, 1, 2, 3500],
    [2, 2, 1, 40],
  ] as const

  it('default: a call takes the position whole, and its debt is asked for all of it', () => {
    const protocol = vaultsOf(rows, [1, 2000, 60_000])
    const owed = -protocol.book.amount[1]
    const offers = offersOf(protocol, 0)
    expect([offers.amount[0], offers.cost[0], offers.passed[0]]).toEqual([0, 0, 10])
    expect(offers.gas[0]).toBe(250_000)
    const { reason, moves } = act(protocol, offers, 0)
    expect(reason).toBe(0)
    expect(moves.from.slice(0, 2)).toEqual([ACCOUNTS, ITEMS])
    expect(moves.amount.slice(0, 2)).toEqual([10, owed])
    const shelf = standingOf(protocol)
    expect(shelf.count).toBe(1)
    expect([shelf.sells[0], shelf.amount[0], shelf.pays[0]]).toEqual([ETH, 10, USDC])
    expect(shelf.cost[0]).toBe(owed)
    const part = act(protocol, shelf, 0, { amount: 4 })
    expect(part.moves.from.slice(0, 2)).toEqual([ITEMS, BIDDER])
    expect(part.moves.amount[1]).toBeCloseTo(0.4 * owed, 8)
    expect(absorbedIn(protocol).debt[0]).toBeCloseTo(0.6 * owed, 8)
    expect(act(protocol, standingOf(protocol), 0, { amount: 1e-9 }).reason).toBe('dust')
    expect(act(protocol, standingOf(protocol), 0).reason).toBe(0)
    expect(standingOf(protocol).count).toBe(0)
    expect(act(protocol, shelf, 0).reason).toBe('nothing')
  })

  it('behaviour: an offer that has become another is stale', () => {
    const protocol = vaultsOf(rows, [1, 2000, 60_000])
    const offers = offersOf(protocol, 1)
    expect(offers.other[0]).toBe(0)
    publish(protocol, ETH, 1900)
    expect(act(protocol, offers, 0).reason).toBe('stale')
    expect(act(protocol, offersOf(protocol, 1), 0).reason).toBe(0)
    expect(act(protocol, offersOf(protocol, 1), 0).reason).toBe('stale')
  })

  it('default: at once it is sold for its debt, or its worth and the rest is bad', () => {
    const protocol = vaultsOf(rows, [1, 2000, 60_000])
    const owed = -protocol.book.amount[1]
    const dear = act(protocol, offersOf(protocol, 0), 0, { taker: -1 })
    expect(dear).toMatchObject({ reason: 0, seized: 10, repaid: owed })
    const cheap = vaultsOf(rows, [1, 1500, 60_000])
    const moved = act(cheap, offersOf(cheap, 0), 0, { taker: -1 })
    expect(moved).toMatchObject({ reason: 0, seized: 10, repaid: 15_000 })
    expect(cheap.badDebt[USDC]).toBeCloseTo(owed - 15_000, 8)
  })
})

describe('terms', () => {
  it('law: slots and terms agree by vault; threshold and penalty scale alone', () => {
    expect(rules.terms(ETH, 1)).toEqual({ threshold: 0.85, bonus: 0.02 })
    expect(rules.terms(ETH, 2)).toBeNull()
    expect(rules.terms(ETH, 0)).toBeNull()
    expect(rules.terms(BTC, 3)).toBeNull()
    expect(rules.slotOf(USDC, -1, 2)).toBe(-1)
    expect(rules.slots.group[rules.slotOf(ETH, -1, 2)]).toBe(2)
    const tight = rules.scaled('threshold', 0.9)!
    expect(tight.terms(BTC, 2)).toEqual({ threshold: 0.9 * 0.85, bonus: 0.02 })
    expect(rules.scaled('threshold', 1.2)!.terms(BTC, 2)?.threshold).toBe(0.9)
    expect(rules.scaled('bonus', 2)!.terms(BTC, 2)).toEqual({ threshold: 0.85, bonus: 0.04 })
    expect(rules.scaled('bonus', 99)!.terms(BTC, 2)?.bonus).toBeLessThan(1 / 0.9 - 1)
    expect(rules.scaled('closeFactor', 2)).toBeNull()
    const step = 0.85 / 0.9
    rules.steps!.forEach((factor, k) => {
      expect(factor).toBeCloseTo(k % 2 === 0 ? step : 1.0015 * step, 14)
    })
  })

  it('law: interest moves the indices of its vault', () => {
    expect(rules.accrue).toBeUndefined()
    const [one, two] = deployed.vaults
    const dear = { ...deployed, vaults: [one, { ...two, borrowRate: 0.08, supplyRate: 0.01 }] }
    const protocol = vaultsOf([[0, 2, 1, 1]], [1, 2000, 60_000], dear)
    protocol.rules.accrue!(protocol, 31_536_000 / 100)
    ;[1, 1, 1.0001, 1.0008].forEach((index, s) => {
      expect(protocol.index[s]).toBeCloseTo(index, 12)
    })
  })

  it('default: a debt without collateral, and collateral without debt, stay as they are', () => {
    const protocol = vaultsOf(
      [
        [0, 1, 0, 50],
        [1, 1, 3, 0],
      ],
      [1, 2000, 60_000],
    )
    expect([...protocol.book.amount]).toEqual([-50, 3])
    expect(offersOf(protocol, 0).count + offersOf(protocol, 1).count).toBe(0)
  })

  const [one] = deployed.vaults
  const vault = (changed: object) => ({ vaults: [{ ...one, ...changed }] })
  it.each([
    ['FB2288', { vaults: [] }],
    ['FB2288', vault({ group: 2 })],
    ['FB2288', vault({ debt: ETH })],
    ['FB2289', vault({ threshold: 0.91 })],
    ['FB2289', vault({ maxLimit: 1 })],
    ['FB2289', vault({ penalty: 0.112 })],
    ['FB2290', vault({ debtDecimals: 1.5 })],
    ['FB2290', { absorbGas: Number.NaN }],
  ])('error: %s', (code, changed) => {
    expect(() => fluid({ ...deployed, ...changed })).toThrow(expect.objectContaining({ code }))
  })

  it('error: an account in two vaults', () => {
    const positions = positionsOf([
      [0, 1, 1, 1],
      [0, 2, 1, 1],
    ])
    expect(() => rules.book!(positions, new Float64Array(0))).toThrow(
      expect.objectContaining({ code: 'FB2291' }),
    )
  })
})

const scenario = `version: 1
name: ticks
assets:
  ETH: { price: $2000 }
  USDC: { price: $1 }
protocols:
  fluid:
    rules:
      kind: fluid
      vaults:
        ETH/USDC:
          { collateral: ETH, debt: USDC, threshold: 87%, maxLimit: 92%, penalty: 2%, debtDecimals: 6 }
      absorbGas: 250k
    oracle: { others: spot }
    book:
      synthetic:
        - { accounts: 40, collateral: ETH, debt: USDC, group: ETH/USDC, totalDebt: $20M, medianHealth: 1.3 }
market:
  venues:
    bids: { kind: orderBook, asset: ETH, quote: USD, bands: [[2%, $9M], [20%, $90M]], beyond: linear }
depth: { haircut: 0%, recovery: { halfLife: 5min, permanent: 10% }, arbitrage: none, withdrawal: none }
liquidators:
  buys: false
  agents:
    searcher:
      capital: $5M
      flashLoan: 0.05%
      latency: { blocks: 1 }
      minProfit: $20
      size: profitable
      gas: 450k
      bid: { auction: 30% }
      maxGas: none
      route: public
      valuation: 95%
      sells: now
blocks: 100
chain: { block: 12s, gasLimit: 30M, demand: 80%, priceSpread: 0.4, feeMarket: eip1559, gas: 20, gasAsset: ETH, failedGas: 30% }
paths:
  are: outside
  prices:
    ETH: { kind: waypoints, unit: price, between: log, points: { 0s: 2000, 5min: 1800, 6min: 1500, 20min: 1400 } }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`

const stamp = { runId: 'id', engineVersion: '0', data: [] }

describe('a run in time', () => {
  const read = (text = scenario) => readScenario('a.yaml', memorySource({ 'a.yaml': text }))

  it('law: positions are liquidated and absorbed, and all books agree', async () => {
    const report = run((await read()).scenario, stamp) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.protocols[0].liquidations).toBeGreaterThan(20)
    expect(report.liquidators[0].won).toBeGreaterThan(20)
  })

  it('law: an instant cascade conserves everything', async () => {
    const { scenario: timed } = await read()
    const report = run({ ...timed, time: null, shock: { asset: 0, drop: 0.35 } }, stamp)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('error: a position names its vault', async () => {
    const text = scenario.replace(', group: ETH/USDC', '')
    expect(await failureOf(read(text))).toMatchObject({ code: 'FB2058' })
  })
})
