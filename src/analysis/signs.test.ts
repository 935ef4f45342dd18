import { describe, expect, it } from 'vitest'
import { ETH, positionsOf, timedScenario, USD } from '../blocks.suite.ts'
import { log } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'
import type { Scenario } from '../scenario.ts'
import { type Factors, setup } from '../setup.ts'
import { gainNow } from './headline.ts'
import { type Pair, page, quartiles, rowOf, signsOf } from './signs.suite.ts'
import { benchOf } from './simulate.ts'

const SCENARIOS = 1000
const DROP = 0.05

/** A lending book of 30 to 90 accounts on two assets; so many of ten back it with the first. */
function scenarioOf(seed: number, concentration: number): Scenario {
  const random = randomAt(seed, 77)
  const accounts = 30 + Math.floor(60 * random.uniform(0, 9))
  const threshold = 0.7 + 0.2 * random.uniform(1, 9)
  const bonus = 0.1 * random.uniform(2, 9)
  const rows = Array.from({ length: accounts }, (_, i) => {
    const usd = 1e4 * (0.2 + random.uniform(i, 0))
    const health = 1.001 + 0.5 * random.uniform(i, 1)
    const isFirst = random.uniform(i, 2) < concentration
    const legs: [number, number, 1 | -1, number][] = [
      [i, isFirst ? ETH : 2, 1, isFirst ? usd / 100 : usd],
      [i, USD, -1, (usd * threshold) / health],
    ]
    return legs
  }).flat()
  const closeFactor = random.uniform(3, 9) < 0.5 ? 0.5 : 1
  return timedScenario(positionsOf(rows), undefined, {
    time: null,
    rules: {
      kind: 'lending',
      assets: [ETH, 2, USD].map((asset) => ({
        asset,
        threshold: asset === USD ? null : threshold,
        bonus: asset === USD ? 0 : bonus,
      })),
      ...{ closeFactor, wholeBelow: 0, dustUsd: 10, target: null },
    },
  })
}

function gainOf(scenario: Scenario, factors: Factors = {}): number {
  const options = {
    disposal: 'all',
    buys: false,
    feedback: true,
    quoted: false,
    order: 'worst-first',
  }
  const bench = benchOf(setup(scenario, factors), ETH, options as never)
  return gainNow(bench, [DROP]).profile[0].gain
}

/** Signs of a change by a factor, and the row of the page with its elasticity. */
function found(name: string, factor: number, change: (seed: number) => Pair) {
  const pairs = Array.from({ length: SCENARIOS }, (_, seed) => change(seed))
  const signs = signsOf(pairs)
  const elasticities = pairs
    .filter(([before, after]) => before > 0 && after > 0)
    .map(([before, after]) => log(after / before) / log(factor))
  const size = quartiles(elasticities, (value) => value.toFixed(2))
  return { signs, row: rowOf([name, signs.down, signs.same, signs.up, size]) }
}

describe('signs and sizes of the loop gain, over 1,000 random books', () => {
  it('a higher penalty never lowers it, and raises it wherever somebody is in reach', () => {
    const { signs, row } = found('bonus, x 1.5', 1.5, (seed) => {
      const scenario = scenarioOf(seed, 0.6)
      return [gainOf(scenario), gainOf(scenario, { bonus: 1.5 })]
    })
    expect(signs).toEqual({ down: 0, same: 39, up: 961 })
    expect(page).toContain(row)
  })

  it('collateral that moves into one asset raises it', () => {
    const { signs, row } = found('accounts on one collateral, 40 % to 80 %', 2, (seed) => [
      gainOf(scenarioOf(seed, 0.4)),
      gainOf(scenarioOf(seed, 0.8)),
    ])
    expect(signs).toEqual({ down: 0, same: 90, up: 910 })
    expect(page).toContain(row)
  })

  it('a deeper book lowers it', () => {
    const { signs, row } = found('depth, x 1.5', 1.5, (seed) => {
      const scenario = scenarioOf(seed, 0.6)
      return [gainOf(scenario), gainOf(scenario, { depth: 1.5 })]
    })
    expect(signs).toEqual({ down: 961, same: 39, up: 0 })
    expect(page).toContain(row)
  })
})
