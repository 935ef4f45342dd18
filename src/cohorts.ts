/**
 * Books from a seed, shaped like a recorded one: many small debts, few large ones that run closer
 * to the edge.
 */

import { exp, log } from './math/exponential.ts'
import { type Random, randomAt } from './math/random.ts'
import type { Positions } from './scenario.ts'

/** An asset and the share of accounts that use it; `factor` is USD of health per unit. */
export interface Choice {
  readonly asset: number
  readonly share: number
  /** Collateral: price x threshold; debt: price. */
  readonly factor: number
}

/** Accounts of one kind. Null: as fitted. */
export interface Cohort {
  readonly accounts: number
  readonly seed: number
  /** Whether the seed is its own: then it stays as it is where a scenario gets another seed. */
  readonly isFixed: boolean
  /** Which of all cohorts of the scenario: each has random numbers of its own. */
  readonly path: number
  readonly collateral: readonly Choice[]
  readonly debt: readonly Choice[]
  readonly group: number
  readonly totalDebtUsd: number | null
  readonly largestShare: number | null
  readonly medianDebtUsd: number | null
  readonly debtSpread: number | null
  readonly medianHealth: number | null
  readonly healthSpread: number | null
}

/**
 * What a book looks like when nothing else is asked for.
 *
 * Source: 358 stable-coin debtors of Aave v2 with stETH collateral, recorded on 2023-06-19; fitted
 *         on 2026-11-24.
 * Rule:   log debt and log log health factor as normal variables: the median is the sample's, the
 *         spread is (q90 - q10) / 2.563; the correlation is 2 sin(pi r / 6) of the rank correlation
 *         r. Quartiles then miss by 0.05 spreads.
 * Simplifies: the richest tail (debt-free in all but name) and the second and third debts of 46
 *             accounts.
 */
export const fitted = {
  medianDebtUsd: 15_117,
  debtSpread: 2.299,
  medianHealth: 2.155,
  healthSpread: 0.595,
  correlation: -0.319,
} as const

/** Draws of an account; a new one takes the next number, so that old ones keep their luck. */
const draws = { debt: 0, health: 1, collateral: 2, debtAsset: 3 } as const

/** Above it, nothing that this engine models happens to an account. */
const healthMax = 1e6

/**
 * A book of accounts with one collateral and one debt each, all healthy.
 *
 * Rule:   debt = median x exp(spread z1); health factor = exp(exp(log log median + spread z2)), z1
 *         and z2 correlated as fitted; collateral follows from both. Then debts are cut to
 *         `largestShare` and scaled to `totalDebtUsd`.
 * Units:  whole tokens. Source: see `fitted`.
 */
export function syntheticPositions(cohorts: readonly Cohort[]): Positions {
  const count = cohorts.reduce((sum, { accounts }) => sum + accounts, 0)
  const digits = String(count).length
  const accounts: string[] = []
  const account = new Uint32Array(2 * count)
  const asset = new Uint16Array(2 * count)
  const side = new Int8Array(2 * count)
  const group = new Uint16Array(2 * count)
  const amount = new Float64Array(2 * count)
  for (const cohort of cohorts) {
    const random = randomAt(cohort.seed, cohort.path)
    const debts = scaledDebts(cohort, random)
    for (let i = 0; i < cohort.accounts; i++) {
      const k = 2 * accounts.length
      account[k] = account[k + 1] = accounts.length
      group[k] = group[k + 1] = cohort.group
      const backing = chosen(cohort.collateral, random.uniform(i, draws.collateral))
      const owed = chosen(cohort.debt, random.uniform(i, draws.debtAsset))
      asset[k] = backing.asset
      side[k] = 1
      amount[k] = (debts[i] * healthOf(cohort, random, i)) / backing.factor
      asset[k + 1] = owed.asset
      side[k + 1] = -1
      amount[k + 1] = debts[i] / owed.factor
      accounts.push(`synthetic-${String(accounts.length + 1).padStart(digits, '0')}`)
    }
  }
  const columns = { account, asset, side, group, amount }
  return { accounts, ...columns, synthetic: true, cohorts, asOf: null }
}

function scaledDebts(cohort: Cohort, random: Random): Float64Array {
  const median = cohort.medianDebtUsd ?? fitted.medianDebtUsd
  const spread = cohort.debtSpread ?? fitted.debtSpread
  const debts = new Float64Array(cohort.accounts)
  for (let i = 0; i < debts.length; i++)
    debts[i] = median * exp(spread * random.normal(i, draws.debt))
  if (cohort.largestShare !== null) cutTo(cohort.largestShare, debts)
  if (cohort.totalDebtUsd !== null) {
    const by = cohort.totalDebtUsd / sum(debts)
    for (let i = 0; i < debts.length; i++) debts[i] *= by
  }
  return debts
}

/**
 * Cuts the largest debts so that none is more than a share of what is left of all.
 *
 * Rule: with the k largest at the cap c, c = share x (k c + rest), so c = share x rest / (1 - k
 *       share).
 */
function cutTo(share: number, debts: Float64Array): void {
  const falling = debts.slice().sort().reverse()
  let rest = sum(falling)
  for (let k = 0; k < falling.length && k * share < 1; k++) {
    const cap = (share * rest) / (1 - k * share)
    if (falling[k] <= cap) {
      for (let i = 0; i < debts.length; i++) debts[i] = Math.min(debts[i], cap)
      return
    }
    rest -= falling[k]
  }
  // So small a share that only equal debts come near it.
  debts.fill(falling[falling.length - 1])
}

function healthOf(cohort: Cohort, random: Random, account: number): number {
  const { correlation } = fitted
  const own = random.normal(account, draws.health)
  const z =
    correlation * random.normal(account, draws.debt) +
    Math.sqrt(1 - correlation * correlation) * own
  const median = log(log(cohort.medianHealth ?? fitted.medianHealth))
  const buffer = exp(median + (cohort.healthSpread ?? fitted.healthSpread) * z)
  return Math.min(healthMax, exp(Math.min(buffer, 20)))
}

function chosen(choices: readonly Choice[], uniform: number): Choice {
  let passed = 0
  for (const choice of choices) {
    passed += choice.share
    if (uniform < passed) return choice
  }
  return choices[choices.length - 1]
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
