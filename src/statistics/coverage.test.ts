/** Intervals of repeated sweeps whose true answer is known in closed form. */

import { describe, expect, it } from 'vitest'
import { expectedBadDebt, hitProbability } from '../analysis/barrier.ts'
import { exp, log } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'
import { type Estimate, meanOf, quantileOf, shareOf } from './interval.ts'

// Two hundred would do, and leave a per cent and a half of chance in the share itself.
const SWEEPS = 1000
const RUNS = 1000
const SEED = 20_261_126
const SECONDS = 30 * 24 * 3600
const VOLATILITY = 0.8
const SPREAD = VOLATILITY * Math.sqrt(SECONDS / (365 * 24 * 3600))

/** Share of sweeps whose interval holds the truth. `one` is a run: a sweep and its number. */
function held(
  one: (sweep: number, run: number) => number,
  of: (runs: Float64Array) => Estimate,
  truth: number,
) {
  let count = 0
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const runs = Float64Array.from({ length: RUNS }, (_, run) => one(sweep, run))
    const { low, high } = of(runs)
    count += +(low! <= truth && truth <= high!)
  }
  return count / SWEEPS
}

function isHonest(share: number): void {
  expect(share).toBeGreaterThanOrEqual(0.93)
  expect(share).toBeLessThanOrEqual(0.97)
}

describe('coverage of repeated sweeps', () => {
  it('law: the chance to touch a barrier, target 26', () => {
    const terms = { opening: 100, barrier: 80, drift: 0, volatility: VOLATILITY, seconds: SECONDS }
    const truth = hitProbability(terms)
    expect(truth).toBeCloseTo(0.3683586, 7)
    const edge = log(0.8)
    // The minimum of a Brownian path given its end: exact, without steps.
    const touches = (sweep: number, run: number) => {
      const random = randomAt(SEED, sweep)
      const end = SPREAD * random.normal(run, 0) - (SPREAD * SPREAD) / 2
      if (end <= edge) return 1
      const chance = exp((-2 * edge * (edge - end)) / (SPREAD * SPREAD))
      return +(random.uniform(run, 1) < chance)
    }
    isHonest(
      held(
        touches,
        (runs) =>
          shareOf(
            runs.reduce((a, b) => a + b, 0),
            RUNS,
          ),
        truth,
      ),
    )
  })

  it('law: expected bad debt, target 27', () => {
    const terms = { units: 10, opening: 100, debt: 750, bonus: 0.05 }
    const truth = expectedBadDebt({ ...terms, volatility: VOLATILITY, seconds: SECONDS })
    expect(truth).toBeCloseTo(14.84776, 5)
    isHonest(held(endLoss, meanOf, truth))
  })

  it('law: the 95 % quantile of the same loss', () => {
    const price = 100 * exp(SPREAD * -1.6448536269514722 - (SPREAD * SPREAD) / 2)
    const truth = lossAt(price)
    isHonest(held(endLoss, (runs) => quantileOf(runs.slice().sort(), 0.95), truth))
  })

  it('law: the mean size of an avalanche with gain 0.5, target 16', () => {
    const size = (sweep: number, run: number) => {
      const random = randomAt(SEED + 1, sweep)
      let open = 1
      let all = 0
      while (open > 0) {
        open += poisson(0.5, random.uniform(run, all)) - 1
        all++
      }
      return all
    }
    isHonest(held(size, meanOf, 2))
  })
})

function endLoss(sweep: number, run: number): number {
  const normal = randomAt(SEED, sweep).normal(run, 7)
  return lossAt(100 * exp(SPREAD * normal - (SPREAD * SPREAD) / 2))
}

/** What collateral of 10 units does not pay of a debt of 750 with a bonus of 5 %. */
function lossAt(price: number): number {
  return Math.max(0, 750 - (10 * price) / 1.05)
}

function poisson(mean: number, u: number): number {
  let chance = exp(-mean)
  let passed = chance
  let k = 0
  while (passed < u) {
    k++
    chance *= mean / k
    passed += chance
  }
  return k
}
