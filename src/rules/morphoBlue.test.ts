import { describe, expect, it } from 'vitest'
import { stamp } from '../blocks.suite.ts'
import { health } from '../book.ts'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, LENDERS } from '../rules.ts'
import { run } from '../run.ts'
import type { Positions } from '../scenario.ts'
import { rulesConformance } from './conformance.suite.ts'
import { morphoBlue } from './morphoBlue.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

/** Of a threshold of 0.86. */
const LIF = 1.04384133611691

const market = { group: 1, loan: 0, collateral: 1, threshold: 0.86 }
const early = {
  threshold: 0.8,
  closeFactorFrom: 0.1,
  closeFactorTo: 1,
  bonusFrom: 0.01,
  bonusTo: 0.04,
}
const preMarket = { ...market, preLiquidation: early }
const plainRules = morphoBlue({ markets: [market] })
const preRules = morphoBlue({ markets: [preMarket] })

const ethAgainst = (debt: number): PlainLeg[] => [
  [0, 1, 10, 1],
  [0, 0, -debt, 1],
]

describe('liquidate, against the numbers of its bytecode', () => {
  const protocol = protocolOf(plainRules, [1, 1950], ethAgainst(17_000))

  it('default: 3 ETH of 10 for 5604.300001 at 1950', () => {
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(16_770 - 17_000, 9)
    const moved = take(protocol, offersOf(protocol, 0), 0, 3)
    expect(moved).toMatchObject({ reason: 0, seized: 3 })
    expect(moved.repaid).toBeCloseTo(5604.300001, 5)
    expect(moved.moves.count).toBe(0)
  })

  it('default: the rest at 1200 leaves a debt that the suppliers lose at once', () => {
    publish(protocol, 1, 1200)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.seized).toBe(7)
    expect(moved.repaid).toBeCloseTo(8047.200001, 5)
    expect(protocol.badDebt[0]).toBeCloseTo(3348.499998, 5)
    expect(moved.moves).toMatchObject({ count: 1, asset: [0], from: [LENDERS], to: [ACCOUNTS] })
    expect([...protocol.book.amount]).toEqual([0, 0])
  })

  it('behaviour: no close factor: one liquidation repays all that the collateral pays for', () => {
    const rich = protocolOf(plainRules, [1, 1976], ethAgainst(17_000))
    const offers = offersOf(rich, 0)
    expect(offers.cost[0]).toBe(17_000)
    expect(offers.amount[0]).toBeCloseTo((17_000 * LIF) / 1976, 12)
  })

  it.each([
    [0.98, 1.006],
    [0.945, 1.0168],
    [0.915, 1.0262],
    [0.86, 1.04384],
    [0.77, 1.0741],
    [0.625, 1.1268],
    [0.3, 1.15],
  ])('default: a threshold of %d gives an incentive factor of %d', (threshold, factor) => {
    const rules = morphoBlue({ markets: [{ ...market, threshold }] })
    expect(Math.abs(1 + rules.terms(1, 1)!.bonus - factor)).toBeLessThan(5.1e-5)
  })
})

describe('pre-liquidation', () => {
  const at = (price: number, debt: number) =>
    offersOf(protocolOf(preRules, [1, price], ethAgainst(debt)), 0)

  it('default: at a loan to value of 0.84 two thirds of the way, 70 % at a bonus of 3 %', () => {
    const offers = at(2000, 16_800)
    expect(offers.cost[0]).toBeCloseTo(0.7 * 16_800, 9)
    expect(offers.amount[0]).toBeCloseTo((0.7 * 16_800 * 1.03) / 2000, 12)
  })

  it('behaviour: nothing at its threshold, little just above, all from the market threshold', () => {
    expect(at(2000, 16_000).count).toBe(0)
    expect(at(2000, 16_000.001).cost[0]).toBeCloseTo(1600, 1)
    expect(at(2000, 17_199.999).cost[0]).toBeCloseTo(17_199.999, 1)
    const whole = at(2000, 17_201)
    expect(whole.cost[0]).toBe(17_201)
    expect(whole.amount[0]).toBeCloseTo((17_201 * LIF) / 2000, 12)
  })

  it('behaviour: it heals the account below its threshold', () => {
    const protocol = protocolOf(preRules, [1, 2000], ethAgainst(16_800))
    take(protocol, offersOf(protocol, 0), 0)
    expect(health(protocol.book, protocol.values, 0)).toBeGreaterThan(0)
    expect(protocol.badDebt[0]).toBe(0)
  })

  it('behaviour: terms and steps are those of its beginning', () => {
    expect(preRules.terms(1, 1)).toEqual({ threshold: 0.8, bonus: 0.01 })
    expect(preRules.steps).toEqual([0.8 / 0.86])
    expect([preRules.sale, plainRules.sale]).toEqual(['repeated', 'value'])
  })

  it('behaviour: close factors scale where there are any', () => {
    const half = protocolOf(preRules.scaled('closeFactor', 0.5)!, [1, 2000], ethAgainst(16_800))
    expect(offersOf(half, 0).cost[0]).toBeCloseTo(0.35 * 16_800, 9)
    expect(plainRules.scaled('closeFactor', 0.5)).toBeNull()
  })
})

describe('markets', () => {
  it('behaviour: a leg is of the loan or the collateral of its market, or of nothing', () => {
    const rules = morphoBlue({ markets: [market, { ...market, group: 2, loan: 1, collateral: 0 }] })
    expect([rules.slotOf(1, 1, 1), rules.slotOf(0, -1, 1)]).toEqual([0, 1])
    expect([rules.slotOf(0, 1, 2), rules.slotOf(1, -1, 2)]).toEqual([2, 3])
    expect([rules.slotOf(0, 1, 1), rules.slotOf(1, -1, 1), rules.slotOf(1, 1, 0)]).toEqual([
      -1, -1, -1,
    ])
  })

  it('behaviour: each market has its own terms, whichever was settled before', () => {
    const rules = morphoBlue({ markets: [market, { ...market, group: 2, threshold: 0.625 }] })
    const protocol = protocolOf(
      rules,
      [1, 1000],
      [
        [0, 1, 10, 1],
        [0, 0, -9000, 1],
        [1, 1, 10, 2],
        [1, 0, -7000, 2],
      ],
    )
    const low = offersOf(protocol, 1)
    offersOf(protocol, 0)
    expect(take(protocol, low, 0).seized).toBeCloseTo(7 / (1 - 0.3 * 0.375), 12)
  })

  it('behaviour: interest is three terms of the exponential', () => {
    const rules = morphoBlue({ markets: [{ ...market, borrowRate: 0.1 }] })
    const protocol = protocolOf(rules, [1, 2000], ethAgainst(100))
    rules.accrue!(protocol, YEAR_SECONDS)
    expect([...protocol.index]).toEqual([1, 1 + 0.1 + 0.005 + 0.001 / 6])
    expect(plainRules.accrue).toBeUndefined()
  })

  const columns = (group: number[], asset = [1, 0]): Positions => ({
    accounts: ['borrower'],
    account: Uint32Array.of(0, 0),
    asset: Uint16Array.from(asset),
    side: Int8Array.of(1, -1),
    group: Uint16Array.from(group),
    amount: Float64Array.of(10, 100),
    synthetic: false,
    asOf: null,
  })

  it('default: positions become legs of their market', () => {
    const book = plainRules.book!(columns([1, 1]), new Float64Array(0))
    expect(book.amount).toEqual(Float64Array.of(10, -100))
  })

  it('error: an account in two markets, and a position of neither asset', () => {
    const two = morphoBlue({ markets: [market, { ...market, group: 2 }] })
    expect(() => two.book!(columns([1, 2]), new Float64Array(0))).toThrow(
      /FB2264.*an account is in one market/,
    )
    expect(() => two.book!(columns([1, 1], [2, 0]), new Float64Array(0))).toThrow(
      /FB2264.*borrower/,
    )
    expect(() => two.book!(columns([0, 0]), new Float64Array(0))).toThrow(/FB2264/)
  })

  it.each([
    ['FB2204', { group: 0 }],
    ['FB2260', { threshold: 1 }],
    ['FB2261', { preLiquidation: { ...early, threshold: 0.86 } }],
    ['FB2262', { preLiquidation: { ...early, closeFactorFrom: 0 } }],
    ['FB2262', { preLiquidation: { ...early, closeFactorTo: 0.05 } }],
    ['FB2263', { preLiquidation: { ...early, bonusTo: 0.005 } }],
    ['FB2263', { preLiquidation: { ...early, bonusTo: 0.17 } }],
  ])('error: %s for %o', (code, wrong) => {
    expect(() => morphoBlue({ markets: [{ ...market, ...wrong }] })).toThrow(code)
  })
})

// Assets 0 to 2 are lent against one another; asset 3 only against asset 1.
const markets = [
  { group: 1, loan: 0, collateral: 1, threshold: 0.86, borrowRate: 0.05 },
  { group: 2, loan: 3, collateral: 1, threshold: 0.945 },
  { group: 3, loan: 1, collateral: 2, threshold: 0.625 },
]
/** A tenth of the debt, at the least, lowers the loan-to-value by 1 / 100 of itself. */
const parts = () => 12

rulesConformance({
  rules: morphoBlue({ markets }),
  groups: [1, 2, 3],
  stepsMax: () => 1,
  // Three terms of the exponential of what market 1 charges.
  grows(slot, seconds) {
    const x = (0.05 * seconds) / YEAR_SECONDS
    return slot === 1 ? 1 + x + (x * x) / 2 + (x * x * x) / 6 : 1
  },
  exceptions: {},
})

rulesConformance({
  rules: morphoBlue({
    markets: markets.map((one) => ({
      ...one,
      preLiquidation: {
        ...early,
        threshold: one.threshold - 0.05,
        bonusFrom: 0.001,
        bonusTo: 0.005,
      },
    })),
  }),
  groups: [1, 2, 3],
  stepsMax: parts,
  exceptions: {
    value: 'a bonus lies between those of the two thresholds',
  },
})

const scenario = `version: 1
name: morpho
seed: 5
assets:
  ETH: { price: $2000 }
  USDC: { price: $1 }
protocols:
  morpho:
    rules:
      kind: morphoBlue
      markets:
        plain: { loan: USDC, collateral: ETH, threshold: 86%, borrowRate: 4% }
        agreed:
          loan: USDC
          collateral: ETH
          threshold: 86%
          preLiquidation:
            { threshold: 80%, closeFactorFrom: 10%, closeFactorTo: 1.0, bonusFrom: 1%, bonusTo: 4% }
    oracle: { ETH: spot, others: spot }
    book: { file: positions.csv }
market:
  venues:
    bids:
      { kind: orderBook, asset: ETH, quote: USD, beyond: linear, bands: [[2%, $1M], [10%, $6M]] }
depth:
  haircut: 0%
  recovery: { halfLife: 10min, permanent: 20% }
  arbitrage: 0s
  withdrawal: none
liquidators:
  buys: false
  agents:
    keeper:
      capital: none
      flashLoan: 0.09%
      latency: 0
      minProfit: $1
      size: whole
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 1000
      route: public
      valuation: 97%
      sells: now
blocks: 60
chain:
  block: 60s
  gasLimit: 15M
  demand: 90%
  priceSpread: 0.3
  feeMarket: first-price
  gas: 40
  gasAsset: ETH
  failedGas: 30%
paths:
  are: outside
  prices:
    ETH: { kind: ramp, drop: 45%, from: 0s, to: 1h }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`

describe('a scenario', () => {
  it('default: both kinds of market run in time, and stock is flow', async () => {
    const rows = [...Array(20).keys()].flatMap((k) => {
      const name = k % 2 === 0 ? 'plain' : 'agreed'
      const debt = 10_000 + 400 * k
      return [`b${k},ETH,collateral,10,${name}`, `b${k},USDC,debt,${debt},${name}`]
    })
    const positions = `account,asset,side,amount,group\n${rows.join('\n')}\n`
    const files = memorySource({ 'morpho.yaml': scenario, 'positions.csv': positions })
    const read = await readScenario('morpho.yaml', files)
    const report = run(read.scenario, stamp)
    if (report.schema !== 'firebreak.run/1') throw new Error('it runs in time')
    expect(report.checks).toContainEqual(
      expect.objectContaining({ name: 'stock = flow', ok: true }),
    )
    expect(report.checks.every(({ ok }) => ok)).toBe(true)
    expect(report.protocols[0].liquidations).toBeGreaterThan(20)
    // What is left of one of them is not worth its gas.
    expect(report.protocols[0].waiting).toBeLessThanOrEqual(1)
  })
})
