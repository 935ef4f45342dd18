import { describe, expect, it } from 'vitest'
import { curveKinds, venueOf } from '../src/analysis/curves.suite.ts'
import { alreadyBad, headline } from '../src/analysis/headline.ts'
import { roundRows } from '../src/analysis/picture.ts'
import { benchOf, dropCurve, ignitionDrop, passes, simulate } from '../src/analysis/simulate.ts'
import { shortfallUsd } from '../src/analysis/tables.ts'
import { triggerPrice } from '../src/analysis/triggers.ts'
import { GOLD, goldTerms, goldVenue, goldWorld } from '../src/analysis/worlds.suite.ts'
import { memorySource, scenarioText } from '../src/ingest/memory.suite.ts'
import { readScenario } from '../src/ingest/read.ts'
import { marketFrom } from '../src/market.ts'
import { randomAt } from '../src/math/random.ts'
import { aaveV2 } from '../src/rules/aaveV2.ts'
import { aaveV3 } from '../src/rules/aaveV3.ts'
import { lending } from '../src/rules/lending.ts'
import { stopOut } from '../src/rules/stopOut.ts'
import { protocolOf } from '../src/rules/vectors.suite.ts'
import { concentrated } from '../src/venues/concentrated.ts'
import { constantProduct } from '../src/venues/constantProduct.ts'
import { impactCurve } from '../src/venues/impactCurve.ts'
import { orderBook } from '../src/venues/orderBook.ts'

const options = { order: 'worst-first', feedback: true, disposal: 'all', buys: false } as const

function linear(coefficient: number) {
  const rest = { crossover: 0, observedUnits: null } as const
  return impactCurve({ ...goldVenue, shape: 'linear', coefficient, ...rest })
}

const par = () =>
  impactCurve({ ...goldVenue, shape: 'none', coefficient: 0, crossover: 0, observedUnits: null })

const halves = {
  closeFactor: 0.5,
  wholeBelow: 0,
  dustUsd: 1,
  target: null,
  assets: goldTerms(0.8, 0.1),
}

describe('traps', () => {
  it('behaviour: the active range is found afresh after an outside move', () => {
    const pool = concentrated({ ...goldVenue, bound: [50, 80, 90, 120], liquidity: [10, 500, 10] })
    pool.move(85)
    const thick = pool.quote(1).proceeds
    pool.move(100)
    expect(thick).toBeGreaterThan(pool.quote(1).proceeds * 0.8)
    expect(pool.capacity(90)).toBeLessThan(1)
  })

  it('behaviour: an account that is liquidated many times is one account', () => {
    const world = goldWorld(lending(halves), par(), [{ units: 10, debt: 900 }])
    const run = simulate(benchOf(world, GOLD, options), 0.01)
    const [round] = roundRows(run, 99)
    expect(round.settlements).toBeGreaterThan(3)
    expect(round.accounts).toBe(1)
  })

  it('behaviour: a fixed close factor of 50 % ends, or is refused without dust', () => {
    expect(() => lending({ ...halves, dustUsd: 0 })).toThrow(/FB2/)
    const rules = aaveV2({ assets: goldTerms(0.8, 0.1), dustUsd: 1 })
    const world = goldWorld(rules, par(), [{ units: 1, debt: 100 / 1.1 }])
    expect(simulate(benchOf(world, GOLD, options), 0).settled).toBe(true)
  })

  it('error: a missing price is an error, not 0 or 1', async () => {
    const text = scenarioText.replace('ETH: { price: $2000 }', 'ETH: {}')
    const files = { 'a.yaml': text, 'positions.csv': '', 'depth.csv': '' }
    await expect(readScenario('a.yaml', memorySource(files))).rejects.toMatchObject({
      code: expect.stringMatching(/^FB2/),
      place: expect.stringContaining('a.yaml:'),
    })
  })

  it('behaviour: an account seized to dust is closed with bad debt, not left insolvent', () => {
    const rules = lending({ ...halves, closeFactor: 1 })
    const world = goldWorld(rules, par(), [{ units: 1, debt: 100 }])
    const bench = benchOf(world, GOLD, options)
    const { numbers } = headline(bench, 0.1)
    expect([...bench.scratch.protocols[0].book.amount]).toEqual([0, 0])
    expect(numbers.bad_debt_usd).toBeCloseTo(100 - 90 / 1.1, 9)
    expect(shortfallUsd(bench.scratch)).toBe(0)
  })

  it('behaviour: a debt is carried by all collateral together, not by the largest', () => {
    const rules = stopOut({
      assets: [...goldTerms(0.5, 0.05), { asset: 3, threshold: 0.5, bonus: 0.05 }],
    })
    const legs = [
      [0, 2, 60],
      [0, 3, 40],
      [0, 1, -4000],
    ] as const
    const protocol = protocolOf(rules, [1, 1, 100, 100], legs)
    expect(triggerPrice(protocol, 0, Uint8Array.of(0, 0, 1, 0), 100)).toBeCloseTo(2000 / 30, 9)
  })

  it('behaviour: each venue keeps its own fee, and marginal proceeds after fees are equal', () => {
    const pool = { reserve: 1000, keepsFee: false, reprice: 'arbitrage' } as const
    const cheap = constantProduct({ ...goldVenue, ...pool, name: 'cheap', fee: 0.0005 })
    const dear = constantProduct({ ...goldVenue, ...pool, name: 'dear', fee: 0.01 })
    const market = marketFrom({
      assets: ['USD', 'COIN', 'GOLD'],
      cash: 0,
      venues: [cheap, dear],
      hop: [[], [], [0, 1]],
      outside: Float64Array.of(1, 1, 100),
    })
    market.sell(GOLD, 100)
    const [a, b] = market.venues
    expect(a.mid() * (1 - a.fee)).toBeCloseTo(b.mid() * (1 - b.fee), 9)
    expect(b.mid()).toBeGreaterThan(a.mid())
  })

  it('behaviour: impact has no jump at the edge of what was observed', () => {
    for (const kind of curveKinds)
      for (let book = 0; book < 20; book++) {
        const venue = venueOf(kind, randomAt(5, book))
        const { units } = venue.edge()
        if (!Number.isFinite(units) || venue.beyond === 'wall' || venue.curve === null) continue
        const before = venue.curve.price(100, units * (1 - 1e-12))
        expect(venue.curve.price(100, units * (1 + 1e-12))).toBeCloseTo(before, 6)
      }
  })

  it('behaviour: reserves deplete: the second sale of the same size brings less', () => {
    const pool = { reserve: 1000, keepsFee: true, reprice: 'arbitrage', fee: 0.003 } as const
    const venue = constantProduct({ ...goldVenue, ...pool })
    const [first, second] = [venue.sell(500).proceeds, venue.sell(500).proceeds]
    expect(second).toBeLessThan(first * 0.6)
  })

  it('behaviour: a liquidation takes what the rules allow, not all or nothing', () => {
    const assets = goldTerms(0.8, 0.05).map((asset) => ({ ...asset, protocolFee: 0 }))
    const world = goldWorld(aaveV3({ assets, eModes: [] }), par(), [{ units: 1000, debt: 79_000 }])
    const run = simulate(benchOf(world, GOLD, options), 0.02)
    expect(run.trace.repaidUsd[0]).toBeCloseTo(39_500, 6)
  })

  it('behaviour: no cap on rounds: near a gain of 1 they run by the hundred, and settle', () => {
    const accounts = Array.from({ length: 4000 }, (_, k) => ({
      units: 1,
      debt: 0.5 * (100 - 0.01 * (k + 1)),
    }))
    const world = goldWorld(stopOut({ assets: goldTerms(0.5, 0) }), linear(0.00997), accounts)
    const run = simulate(benchOf(world, GOLD, options), 0.0005)
    expect(run.settled).toBe(true)
    expect(run.rounds).toBeGreaterThan(300)
  })

  it('behaviour: an account without collateral counts as bad debt and is named', () => {
    const world = goldWorld(stopOut({ assets: goldTerms(0.5, 0) }), par(), [
      { units: 0, debt: 70 },
      { units: 10, debt: 100 },
    ])
    const bench = benchOf(world, GOLD, options)
    expect(alreadyBad(bench)).toEqual([{ account: 'borrower 1', debt_usd: 70 }])
    expect(headline(bench, 0.1).numbers.bad_debt_usd).toBe(70)
  })

  it('behaviour: ignition is scanned first: feedback comes, goes and comes again', () => {
    const ladder = [98, 96, 60, 58].map((trigger) => ({ units: 10, debt: 5 * trigger }))
    const world = goldWorld(stopOut({ assets: goldTerms(0.5, 0) }), linear(0.25), ladder)
    const bench = benchOf(world, GOLD, options)
    const drops = Array.from({ length: 101 }, (_, i) => i / 200)
    const curve = dropCurve(bench, drops)
    const isPast = drops.map((_, i) => curve.totalUsd[i] - curve.firstUsd[i] > 100)
    // A walk that is left early comes to the same answer.
    expect(drops.map((drop) => passes(bench, drop, 100))).toEqual(isPast)
    const first = isPast.indexOf(true)
    expect(isPast.slice(first).includes(false)).toBe(true)
    expect(isPast.lastIndexOf(true)).toBeGreaterThan(isPast.indexOf(false, first))
    const found = ignitionDrop(bench, drops, 100) ?? 1
    expect(found).toBeGreaterThan(drops[first - 1])
    expect(found).toBeLessThanOrEqual(drops[first])
  })

  it('behaviour: where the data ends is not where the book is empty', () => {
    const levels = { price: [99, 98], size: [5, 5], levels: 'absolute' } as const
    const wall = orderBook({ ...goldVenue, ...levels, beyond: 'wall' })
    const open = orderBook({ ...goldVenue, ...levels, beyond: 'linear' })
    expect(wall.quote(20)).toMatchObject({ units: 10 })
    expect(open.quote(20)).toMatchObject({ units: 20, extrapolated: true })
    expect(open.quote(9).extrapolated).toBe(false)
    expect(open.edge()).toEqual({ price: 98, units: 10 })
  })
})
