/**
 * Who was sold because of the outside move, and who because others were sold. Dollars of debt
 * repaid.
 */

import type { Cascade } from './cascade.ts'

/**
 * A run with feedback against its counterfactual without, account by account.
 *
 * Rule:   with F repaid in the run and N in the counterfactual: common = min(F, N), extra = max(0,
 *         F - N), averted = max(0, N - F). total = common + extra, first round = common + averted,
 *         second round = total - first round = extra - averted.
 * Units:  USD of debt at opening prices.
 * Shape:  columns have one entry per account row.
 * Source: own; paired counterfactual runs.
 */
export interface Attribution {
  readonly common: Float64Array
  readonly extra: Float64Array
  readonly averted: Float64Array
  readonly firstUsd: number
  readonly totalUsd: number
}

export function attribute(
  actual: Pick<Cascade, 'repaidUsd'>,
  counterfactual: Pick<Cascade, 'repaidUsd'>,
): Attribution {
  const n = actual.repaidUsd.length
  const common = new Float64Array(n)
  const extra = new Float64Array(n)
  const averted = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const with_ = actual.repaidUsd[i]
    const without = counterfactual.repaidUsd[i]
    common[i] = Math.min(with_, without)
    extra[i] = Math.max(0, with_ - without)
    averted[i] = Math.max(0, without - with_)
  }
  const firstUsd = total(counterfactual.repaidUsd)
  return { common, extra, averted, firstUsd, totalUsd: total(actual.repaidUsd) }
}

/** Sum of a column, in index order. */
export function total(column: Float64Array): number {
  let sum = 0
  for (let i = 0; i < column.length; i++) sum += column[i]
  return sum
}

/** Accounts with an entry above zero. */
export function countOf(column: Float64Array): number {
  let n = 0
  for (let i = 0; i < column.length; i++) n += +(column[i] > 0)
  return n
}
