import { describe, expect, it } from 'vitest'
import { USD } from '../blocks.suite.ts'
import { randomAt } from '../math/random.ts'
import { loans, plainSpec, thinMarket } from './attack.suite.ts'
import { type Trial, trialOf } from './evaluate.ts'
import type { Family } from './plan.ts'
import { familiesOf } from './report.ts'
import { along, searchPlans } from './search.ts'

const spec = {
  ...plainSpec,
  evaluations: 1000,
  loans: [{ protocol: 0, asset: USD, units: 3e5, upTo: 0.9 }],
}

/** Twelve loans that read the mean of so many seconds. */
function meanOf(windowSeconds: number): Trial {
  const scenario = thinMarket({
    positions: loans(12),
    time: { blocks: 10 },
    oracle: { kind: 'twap', windowSeconds, mean: 'arithmetic' },
  })
  return trialOf(scenario, spec)
}

/** The most profit of so many plans at random: half spread as the axes are, half evenly. */
function randomBest(trial: Trial, families: readonly Family[], plans: number): number {
  const random = randomAt(1, 0)
  let best = Number.NEGATIVE_INFINITY
  for (let n = 0; n < plans; n++) {
    const family = families[Math.floor(random.uniform(n, 0) * families.length)]
    const point = family.axes.map((axis, a) => {
      const u = random.uniform(n, a + 1)
      const { values, isChoice } = axis
      if (isChoice || n % 2 === 0) return along(axis, u)
      return values[0] + u * (values[values.length - 1] - values[0])
    })
    best = Math.max(best, trial.attempt(family.plan(point)).profitUsd)
  }
  return best
}

describe('searchPlans', () => {
  it('law: what it calls unprofitable, 10,000 plans at random do not beat', () => {
    const trial = meanOf(120)
    const families = familiesOf(trial)
    const found = searchPlans(trial, families, spec.evaluations)
    expect(found.cheapest).toBeNull()
    expect(found.best!.profitUsd).toBeLessThan(0)
    expect(found.evaluations).toBeLessThanOrEqual(1000)
    expect(randomBest(trial, families, 10_000)).toBeLessThanOrEqual(found.best!.profitUsd)
  }, 120_000)

  it('law: one block less of a window, and it finds what pays more than plans at random', () => {
    const trial = meanOf(108)
    const families = familiesOf(trial)
    const { best, cheapest } = searchPlans(trial, families, spec.evaluations)
    expect(best!.plan.kind).toBe('collateralPump')
    expect(best!.profitUsd).toBeGreaterThan(1000)
    expect(best!.badDebtUsd).toBeGreaterThan(best!.profitUsd)
    expect(cheapest!.profitUsd).toBeGreaterThanOrEqual(1)
    expect(cheapest!.capitalUsd).toBeLessThanOrEqual(best!.capitalUsd)
    expect(randomBest(trial, families, 1000)).toBeLessThanOrEqual(best!.profitUsd)
  }, 60_000)

  it('behaviour: plans spread between those of the grid find a cheaper one that pays', () => {
    const trial = meanOf(60)
    const { best, cheapest } = searchPlans(trial, familiesOf(trial), spec.evaluations)
    expect(cheapest!.profitUsd).toBeGreaterThanOrEqual(1)
    expect(cheapest!.capitalUsd).toBeLessThan(15_000)
    expect(best!.profitUsd).toBeGreaterThan(25_000)
  })

  it('law: the same search twice is the same, and no plan is tried twice', () => {
    const tried: string[] = []
    const search = () => {
      const trial = meanOf(60)
      const attempt: Trial['attempt'] = (plan) => {
        tried.push(JSON.stringify(plan))
        return trial.attempt(plan)
      }
      return searchPlans({ ...trial, attempt }, familiesOf(trial), 150)
    }
    const found = search()
    expect(tried).toHaveLength(found.evaluations)
    expect(found.evaluations).toBeLessThanOrEqual(150)
    expect(found.isWhole).toBe(false)
    expect(search()).toEqual(found)
  })

  it('behaviour: without families nothing is found', () => {
    const found = searchPlans(meanOf(60), [], 100)
    expect(found).toMatchObject({ best: null, cheapest: null, evaluations: 0 })
  })
})
