/** Who pulled whom: forced sales of each protocol, by whose sales brought them about. */

import { type Bench, simulate } from './simulate.ts'
import { protocolOf } from './triggers.ts'

/**
 * Dollars of forced sale.
 *
 * Shape: rows of `causedUsd` are the protocols that sold, columns those that caused it.
 * Units: USD of debt repaid (a position's notional), at opening prices.
 */
export interface Contagion {
  /** What the outside move alone makes each sell. */
  readonly firstUsd: readonly number[]
  readonly causedUsd: readonly (readonly number[])[]
  readonly totalUsd: readonly number[]
}

/** Cascades are run for every subset of protocols: 2 to the power of this many at most. */
export const PROTOCOLS_MOST = 6

/**
 * Divides the forced sales of each protocol among the protocols whose sales are felt.
 *
 * Rule:   T(S) = what a protocol sells when only sales of the protocols in S move the market, and
 *         only what they seize is gone where the same collateral is pledged again. The share of
 *         protocol j is its Shapley value: the average, over all orders in which protocols begin to
 *         be felt, of what T changes by when j begins. So a row adds up: first + sum of shares =
 *         total, and a protocol whose sales change nothing has caused nothing. A share may be below
 *         0: whoever was sold out early is not there to sell later.
 * Source: L. S. Shapley, A value for n-person games, 1953; used as the division of a joint effect
 * Throws: nothing; null for one protocol, without feedback, and for more than PROTOCOLS_MOST
 */
export function contagion(bench: Bench, drop: number): Contagion | null {
  const count = bench.base.protocols.length
  if (count < 2 || count > PROTOCOLS_MOST || !bench.options.feedback) return null
  const all = (1 << count) - 1
  const sold = Array.from({ length: all + 1 }, (_, felt) => soldUsd(bench, drop, felt))
  const weights = orderWeights(count)
  const each = Array.from({ length: count }, (_, j) => j)
  return {
    firstUsd: sold[0],
    causedUsd: each.map((i) =>
      each.map((j) => {
        let sum = 0
        for (let felt = 0; felt <= all; felt++)
          if ((felt & (1 << j)) === 0)
            sum += weights[bitsOf(felt)] * (sold[felt | (1 << j)][i] - sold[felt][i])
        return sum
      }),
    ),
    totalUsd: sold[all],
  }
}

/** What each protocol sells when the sales of those in `felt` (bit j for protocol j) are felt. */
function soldUsd(bench: Bench, drop: number, felt: number): number[] {
  const silent = bench.base.protocols.map((_, j) => (felt & (1 << j)) === 0)
  const { repaidUsd } = simulate(bench, drop, { ...bench.options, silent, traced: false })
  const sums = bench.base.protocols.map(() => 0)
  for (let row = 0; row < repaidUsd.length; row++)
    if (repaidUsd[row] !== 0) sums[protocolOf(bench.prepared, row)] += repaidUsd[row]
  return sums
}

/** By the number of those felt already: the share of orders in which exactly they come first. */
function orderWeights(count: number): number[] {
  const factorial = [1]
  for (let n = 1; n <= count; n++) factorial[n] = n * factorial[n - 1]
  return Array.from(
    { length: count },
    (_, before) => (factorial[before] * factorial[count - before - 1]) / factorial[count],
  )
}

function bitsOf(set: number): number {
  let bits = 0
  for (let rest = set; rest > 0; rest >>= 1) bits += rest & 1
  return bits
}
