import { describe, expect, it } from 'vitest'
import { health } from '../book.ts'
import { failureOf, memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { BIDDER, BORROWERS, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'
import { BTC, deployed, ETH, reservesIn, rules, USDC } from './comet.suite.ts'
import { comet } from './comet.ts'
import {
  absorb,
  type CometTwin,
  getReserves,
  liquidity,
  principalValue,
  quoteCollateral,
} from './comet.twin.suite.ts'
import { act, movedUnits, standingOf } from './settling.suite.ts'
import { offersOf, protocolOf, publish } from './vectors.suite.ts'

const WAD = 10n ** 18n

/** The worked numbers: a principal of 16,000 USDC at an index of 1.05, backed by 10 ETH. */
function worked(price: number, changed: Partial<typeof deployed> = {}): Protocol {
  const own = comet({ ...deployed, ...changed })
  const protocol = protocolOf(
    own,
    [1, price, 60_000],
    [
      [0, ETH, 10],
      [0, USDC, -16_000],
    ],
  )
  protocol.index[own.slotOf(USDC, -1, 0)] = 1.05
  own.value(protocol)
  return protocol
}

function workedTwin(price: bigint): CometTwin {
  const factor = { liquidateCF: (895n * WAD) / 1000n, liquidationFactor: (93n * WAD) / 100n }
  return {
    baseScale: 10n ** 6n,
    storeFrontPriceFactor: WAD / 2n,
    targetReserves: 0n,
    basePrice: 10n ** 8n,
    cash: 20_000_000_000n,
    supplyIndex: 1_080_000_000_000_000n,
    borrowIndex: 1_050_000_000_000_000n,
    totalSupply: 0n,
    totalBorrow: 16_000_000_000n,
    assets: [{ scale: WAD, ...factor, price: price * 10n ** 8n, reserves: 0n }],
    users: [{ principal: -16_000_000_000n, collateral: [10n * WAD] }],
  }
}

describe('worked numbers', () => {
  it('default: the twin', () => {
    expect(liquidity(workedTwin(1878n), workedTwin(1878n).users[0]).isLiquidatable).toBe(false)
    const { sum } = liquidity(workedTwin(1877n), workedTwin(1877n).users[0])
    expect(sum).toBe(-85_000_000n)
    const twin = workedTwin(1850n)
    expect(getReserves(twin)).toBe(36_800_000_000n)
    expect(absorb(twin, twin.users[0])).toBe(405_000_000n)
    expect(twin.users[0]).toEqual({ principal: 375_000_000n, collateral: [0n] })
    expect(twin.assets[0].reserves).toBe(10n * WAD)
    expect(quoteCollateral(twin, 0, 10_000_000_000n)).toBe(5_601_456_378_658_451_197n)
    expect(principalValue(twin, -1n)).toBe(-1n)
  })

  it('default: liquidatable at 1877, not at 1878', () => {
    expect(health(worked(1878).book, worked(1878).values, 0)).toBeCloseTo(8.1, 9)
    expect(offersOf(worked(1878), 0).count).toBe(0)
    expect(health(worked(1877).book, worked(1877).values, 0)).toBeCloseTo(-0.85, 9)
    expect(offersOf(worked(1877), 0).count).toBe(2)
  })

  it('default: absorbed at 1850, the borrower keeps 405 and the storefront sells', () => {
    const protocol = worked(1850)
    const offers = offersOf(protocol, 0)
    expect(offers.passed[1]).toBe(10)
    expect([...offers.gas].slice(0, 2)).toEqual([450_000, 300_000])
    const moved = act(protocol, offers, 1)
    expect(moved.reason).toBe(0)
    expect(movedUnits(moved, USDC, RESERVE, BORROWERS)).toBeCloseTo(405, 8)
    expect(movedUnits(moved, ETH, 0, ITEMS)).toBe(10)
    expect(reservesIn(protocol).base).toBeCloseTo(100 - 17_205, 8)
    const shelf = standingOf(protocol)
    expect(shelf.cost[0]).toBeCloseTo(17_852.5, 8)
    const bought = act(protocol, shelf, 0, { amount: 5.601456378658451 })
    expect(movedUnits(bought, USDC, BIDDER, RESERVE)).toBeCloseTo(10_000, 8)
    expect(movedUnits(bought, ETH, ITEMS, BIDDER)).toBe(5.601456378658451)
    expect(reservesIn(protocol).credited[ETH]).toBeCloseTo(1720.5 * (10 - 5.601456378658451), 8)
  })

  it('default: in one transaction the payment goes to the debt first', () => {
    const protocol = worked(1850)
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBe(10)
    expect(offers.cost[0]).toBeCloseTo(17_852.5, 8)
    const moved = act(protocol, offers, 0)
    expect(moved).toMatchObject({ reason: 0, seized: 10 })
    expect(moved.repaid).toBeCloseTo(16_800, 8)
    expect(movedUnits(moved, USDC, BIDDER, RESERVE)).toBeCloseTo(1052.5, 8)
    expect(movedUnits(moved, USDC, RESERVE, BORROWERS)).toBeCloseTo(405, 8)
    expect(reservesIn(protocol).units[ETH]).toBe(0)
    const half = worked(1850)
    act(half, offersOf(half, 0), 0, { amount: 4 })
    expect(reservesIn(half).units[ETH]).toBe(6)
    expect(reservesIn(half).credited[ETH]).toBeCloseTo(6 * 1720.5, 8)
    expect(reservesIn(protocol).base).toBeCloseTo(100 + 647.5, 8)
  })
})

describe('a loss', () => {
  it('default: reserves bear it first, then lenders', () => {
    const protocol = worked(1700)
    const moved = act(protocol, offersOf(protocol, 0), 1)
    // Credited are 10 x 1700 x 0.93 = 15,810 of 16,800; reserves were 100.
    expect(movedUnits(moved, USDC, LENDERS, RESERVE)).toBeCloseTo(890, 8)
    expect(protocol.badDebt[USDC]).toBeCloseTo(890, 8)
    expect(movedUnits(moved, USDC, RESERVE, 0)).toBeCloseTo(16_800, 8)
    expect(movedUnits(moved, USDC, RESERVE, BORROWERS)).toBe(0)
  })

  it('default: a storefront that sells below what was credited costs reserves', () => {
    const protocol = worked(1850, { reservesUnits: 1000 })
    act(protocol, offersOf(protocol, 0), 1)
    expect(protocol.badDebt[USDC]).toBe(0)
    publish(protocol, ETH, 1000)
    const moved = act(protocol, standingOf(protocol), 0)
    // 9650 came in for what 17,205 were credited for.
    expect(movedUnits(moved, USDC, LENDERS, RESERVE)).toBeCloseTo(17_205 - 9650 - 1000, 8)
    expect(reservesIn(protocol).credited[ETH]).toBe(0)
  })

  it('default: at once, what the bidder pays less than the debt is bad', () => {
    const protocol = worked(1700)
    const moved = act(protocol, offersOf(protocol, 0), 0, { taker: -1 })
    const paid = 10 * 1700 * 0.965
    expect(moved).toMatchObject({ reason: 0, seized: 10 })
    expect(moved.repaid).toBeCloseTo(paid, 8)
    expect(protocol.badDebt[USDC]).toBeCloseTo(16_800 - paid, 8)
    expect([...protocol.book.amount]).toEqual([0, 0])
  })
})

describe('the storefront', () => {
  it('behaviour: sells while reserves are below target, and to the last of them', () => {
    const rich = { reservesUnits: 20_000, targetReservesUnits: 3000 }
    const protocol = worked(1850, rich)
    // Paying 17,205 leaves 2795.
    expect(offersOf(protocol, 0).count).toBe(2)
    act(protocol, offersOf(protocol, 0), 1)
    const shelf = standingOf(protocol)
    expect(act(protocol, shelf, 0, { amount: 1 }).reason).toBe(0)
    expect(standingOf(protocol).count).toBe(0)
    expect(act(protocol, shelf, 0, { amount: 1 }).reason).toBe('nothing')
    const richer = worked(1850, { ...rich, targetReservesUnits: 2000 })
    expect(offersOf(richer, 0).count).toBe(1)
    expect(act(richer, offersOf(worked(1850), 0), 0).reason).toBe('nothing')
    expect(act(richer, offersOf(richer, 0), 0).reason).toBe(0)
  })

  it('behaviour: who could not buy wakes when reserves fall', () => {
    const protocol = worked(1850, { reservesUnits: 20_000, targetReservesUnits: 3000 })
    expect(reservesIn(protocol).stamp).toBe(0)
    act(protocol, offersOf(protocol, 0), 1)
    expect(reservesIn(protocol).stamp).toBe(1)
    act(protocol, standingOf(protocol), 0)
    expect(reservesIn(protocol).stamp).toBe(1)
  })

  it('behaviour: pauses stop absorbs and purchases', () => {
    const protocol = worked(1850)
    const offers = offersOf(protocol, 0)
    const still = worked(1850, { absorbPaused: true })
    expect(offersOf(still, 0).count).toBe(0)
    for (const o of [0, 1]) expect(act(still, offers, o).reason).toBe('paused')
    const closed = worked(1850, { buyPaused: true })
    expect(offersOf(closed, 0).count).toBe(1)
    act(protocol, offers, 1)
    const shelf = standingOf(protocol)
    expect(act(closed, offersOf(closed, 0), 0).reason).toBe(0)
    expect(standingOf(closed).count).toBe(0)
    expect(act(closed, shelf, 0).reason).toBe('paused')
  })
})

describe('terms', () => {
  it('law: slots and terms agree; thresholds and discounts scale alone', () => {
    const bonus = 0.035 / 0.965
    expect(rules.terms(ETH, 0)?.threshold).toBe(0.895)
    expect(rules.terms(ETH, 0)?.bonus).toBeCloseTo(bonus, 15)
    expect(rules.terms(USDC, 0)).toBeNull()
    expect(rules.slotOf(ETH, -1, 0)).toBe(-1)
    expect(rules.slotOf(USDC, 1, 0)).toBe(-1)
    expect(rules.slots.asset[rules.slotOf(USDC, -1, 0)]).toBe(USDC)
    expect(rules.scaled('threshold', 0.9)!.terms(ETH, 0)).toEqual({
      threshold: 0.9 * 0.895,
      bonus: rules.terms(ETH, 0)!.bonus,
    })
    const dear = rules.scaled('bonus', 2)!
    expect(dear.terms(BTC, 0)!.threshold).toBe(0.85)
    expect(dear.terms(BTC, 0)!.bonus).toBe(2 * rules.terms(BTC, 0)!.bonus)
    expect(rules.scaled('closeFactor', 2)).toBeNull()
  })

  it('law: interest grows debt only, and there is none where none is asked', () => {
    expect(rules.accrue).toBeUndefined()
    const [usdc, ...rest] = deployed.assets
    const dear = comet({ ...deployed, assets: [{ ...usdc, borrowRate: 0.08 }, ...rest] })
    const protocol = protocolOf(dear, [1, 2000, 60_000], [[0, ETH, 1]])
    dear.accrue!(protocol, 31_536_000 / 100)
    expect(protocol.index[dear.slotOf(USDC, -1, 0)]).toBeCloseTo(1.0008, 12)
    expect(protocol.index[dear.slotOf(ETH, 1, 0)]).toBe(1)
  })

  const [usdc, eth] = deployed.assets
  it.each([
    ['FB2255', { base: ETH }],
    ['FB2255', { base: 9 }],
    ['FB2256', { assets: [usdc, { ...eth, liquidationFactor: 1.1 }] }],
    ['FB2257', { storeFrontPriceFactor: 1, assets: [usdc, { ...eth, liquidationFactor: 0 }] }],
    ['FB2257', { storeFrontPriceFactor: 1.01 }],
    ['FB2258', { reservesUnits: -1 }],
    ['FB2258', { targetReservesUnits: Number.NaN }],
    ['FB2259', { gas: { absorb: -1, buy: 0 } }],
  ])('error: %s', (code, changed) => {
    expect(() => comet({ ...deployed, ...changed })).toThrow(expect.objectContaining({ code }))
  })
})

const scenario = `version: 1
name: absorbed
assets:
  ETH: { price: $2000 }
  USDC: { price: $1 }
protocols:
  comet:
    rules:
      kind: comet
      assets:
        ETH: { threshold: 89.5%, liquidationFactor: 93% }
        USDC: { borrowRate: 5% }
      base: USDC
      storeFrontPriceFactor: 60%
      reserves: 10k
      targetReserves: 5M
      gas: { absorb: 300k, buy: 150k }
    oracle: { others: spot }
    book:
      synthetic:
        - { accounts: 40, collateral: ETH, debt: USDC, totalDebt: $20M, medianHealth: 1.3 }
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
    ETH: { kind: waypoints, unit: price, between: log, points: { 0s: 2000, 10min: 1300, 20min: 1400 } }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`

const stamp = { runId: 'id', engineVersion: '0', data: [] }

describe('a run in time', () => {
  const read = (changed = scenario) => readScenario('a.yaml', memorySource({ 'a.yaml': changed }))

  it('law: accounts are absorbed and sold, and all books agree', async () => {
    const report = run((await read()).scenario, stamp) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.protocols[0].liquidations).toBeGreaterThan(10)
    expect(report.liquidators[0].won).toBeGreaterThan(10)
  })

  it('law: an instant cascade conserves everything', async () => {
    const { scenario: timed } = await read()
    const instant = { ...timed, time: null, shock: { asset: 0, drop: 0.35 } }
    const report = run(instant, stamp)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('error: a lender is no position of these rules', async () => {
    const book = 'book: { file: p.csv }\nmarket:'
    const text = scenario.replace(/book:\n {6}synthetic:\n.*\nmarket:/, book)
    const rows = 'account,asset,side,amount\na,USDC,collateral,5\n'
    const source = memorySource({ 'a.yaml': text, 'p.csv': rows })
    expect(await failureOf(readScenario('a.yaml', source))).toMatchObject({ code: 'FB4017' })
  })
})
