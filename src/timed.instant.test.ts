/** A run in time without time in it ends where the instant cascade ends. */

import { describe, expect, it } from 'vitest'
import { headline } from './analysis/headline.ts'
import { benchOf } from './analysis/simulate.ts'
import { COIN, curve, ETH, positionsOf, timedScenario, USD } from './blocks.suite.ts'
import { blocks } from './blocks.ts'
import { type Random, randomAt } from './math/random.ts'
import type { CourseSpec, RulesSpec, Scenario, VenueSpec } from './scenario.ts'
import { setup } from './setup.ts'
import { stageOf } from './stage.ts'

const BOOKS = 200
const common = { name: 'venue', base: ETH, quoteAsset: USD, outside: 100, fee: 0, asOf: null }

function venueOf(n: number, random: Random): VenueSpec {
  const depth = 0.5 + random.uniform(n, 1)
  switch (n % 4) {
    case 0:
      return { ...curve, coefficient: 0.0002 / depth } as VenueSpec
    case 1:
      return {
        ...{ ...common, kind: 'constantProduct', beyond: 'wall', keepsFee: false },
        ...{ reserve: 8000 * depth, reprice: 'arbitrage' },
      } as VenueSpec
    case 2:
      return { ...curve, shape: 'linear', coefficient: 0.02 / depth } as VenueSpec
    default:
      return {
        ...{ ...common, kind: 'orderBook', beyond: 'linear', levels: 'relative' },
        ...{ price: [99.5, 98, 95, 90], size: [50, 80, 120, 300].map((size) => size * depth) },
      } as VenueSpec
  }
}

function rulesOf(n: number): RulesSpec {
  const terms = (asset: number) => ({ asset, threshold: 0.8, bonus: 0.05 })
  const assets = [terms(ETH), terms(COIN)]
  const base = { kind: 'lending', assets, dustUsd: 50, wholeBelow: 0, target: null } as const
  if (n % 3 === 0) return { kind: 'stopOut', assets }
  return { ...base, closeFactor: n % 3 === 1 ? 1 : 0.5 }
}

function scenarioOf(n: number): Scenario {
  const random = randomAt(7, n)
  const rows: [number, number, 1 | -1, number][] = []
  for (let k = 0; k < 40; k++) {
    const units = 1 + 30 * random.uniform(k, 2) ** 3
    const trigger = 70 + 29.9 * random.uniform(k, 3)
    rows.push([k, ETH, 1, units], [k, COIN, -1, units * trigger * 0.8])
  }
  const drop = 0.02 + 0.2 * random.uniform(0, 4)
  const step: CourseSpec = { kind: 'step', drop, atSeconds: 1 }
  return timedScenario(
    positionsOf(rows),
    { blocks: 60, prices: [{ asset: ETH, courses: [step] }] },
    { rules: rulesOf(n), venues: [venueOf(n, random)], shock: { asset: ETH, drop } },
  )
}

describe('no recovery, no latency, spot oracles, takers without limit', () => {
  it(`law: ends where the instant batch cascade ends, to 1e-9, on ${BOOKS} books`, () => {
    let settled = 0
    let fed = 0
    for (let n = 0; n < BOOKS; n++) {
      const scenario = scenarioOf(n)
      const { liquidators, shock, order } = scenario
      const bench = benchOf(setup(scenario), ETH, { ...liquidators, order, feedback: true })
      const { actual, first } = headline(bench, shock.drop)
      const stage = stageOf(scenario, true, null)
      for (const _ of blocks(stage, null));
      const where = `book ${n}`
      expect(stage.market.price(ETH) / actual.prices[ETH], where).toBeCloseTo(1, 9)
      let total = 0
      const { row } = stage.posts[0].protocol
      stage.tally.repaidUsd.forEach((usd, i) => {
        total += actual.repaidUsd[i]
        expect(usd, `${where}, account ${i}`).toBeCloseTo(actual.repaidUsd[row![i]], 6)
      })
      const without = first.repaidUsd.reduce((sum, usd) => sum + usd, 0)
      settled += +(total > 0)
      fed += +(total > without * 1.01)
    }
    expect(settled).toBeGreaterThan(BOOKS / 2)
    expect(fed).toBeGreaterThan(BOOKS / 4)
  })
})
