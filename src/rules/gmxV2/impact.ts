/** Price impact of closing a position: what it does to the balance of long and short. */

import { pow } from '../../math/exponential.ts'
import type { ImpactTerms } from './parameters.ts'

/**
 * USD that a trader gets (above 0) or pays for closing some size of a side.
 *
 * Rule:  with d the difference of long and short open interest before and after: f x (d0^e - d1^e)
 *        while the larger side stays the larger, with the factor of an improvement if d falls; else
 *        fPositive x d0^e - fNegative x d1^e. A positive factor above the negative one counts as
 *        that.
 * Units: sizes in USD.
 */
export function impactUsd(
  of: ImpactTerms,
  interestUsd: readonly [long: number, short: number],
  side: 0 | 1,
  sizeUsd: number,
): number {
  const before = interestUsd[0] - interestUsd[1]
  const after = side === 0 ? before - sizeUsd : before + sizeUsd
  const worsens = of.factorNegative
  const improves = Math.min(of.factorPositive, worsens)
  const from = raised(Math.abs(before), of.exponent)
  const to = raised(Math.abs(after), of.exponent)
  if (before <= 0 !== after <= 0) return improves * from - worsens * to
  return (to < from ? improves : worsens) * (from - to)
}

/** It at the close: a cost up to `maxNegative`, a gain up to `maxPositive` and its pool. */
export function cappedImpactUsd(
  of: ImpactTerms,
  usd: number,
  sizeUsd: number,
  poolUsd: number,
): number {
  if (usd < 0) return Math.max(usd, -of.maxNegative * sizeUsd)
  const most = Math.min(of.maxPositive, of.maxNegative) * sizeUsd
  return Math.min(usd, most, Math.max(0, poolUsd))
}

function raised(usd: number, exponent: number): number {
  return usd === 0 ? 0 : pow(usd, exponent)
}
