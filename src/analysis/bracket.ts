/** Bounds where the order of service matters, and outcomes beside the canonical one. */

import { hopCurve } from '../market.ts'
import { clearingPrice, walkAtTrigger } from './columnWalk.ts'
import { type Headline, headline } from './headline.ts'
import { isFixed } from './picture.ts'
import { greatestCascade, responseCurve } from './responseCurve.ts'
import type { Bench } from './simulate.ts'
import { type WorldLadder, worldColumns } from './worldLadder.ts'

/**
 * Final drops between which every order and batching ends: at trigger (least) and clearing (most).
 *
 * Rule:   null unless one asset moves, is sold on path-independent venues, and every account sells
 *         once.
 * Source: own: every sale happens between the final price and the lower of trigger and outside
 *         price.
 */
export function bracket(
  bench: Bench,
  drop: number,
): { clearing: number; atTrigger: number } | null {
  const { base, scratch, prepared, options } = bench
  if (prepared.lead < 0 || !options.feedback || options.disposal !== 'all') return null
  const curve = hopCurve(base.market, prepared.lead)
  if (curve === null) return null
  scratch.reset(base)
  const columns = worldColumns(scratch, prepared)
  if (columns === null) return null
  const opening = prepared.opening[prepared.lead]
  const outside = opening * (1 - drop)
  return {
    clearing: 1 - clearingPrice(columns, curve, outside).price / opening,
    atTrigger: 1 - walkAtTrigger(columns, curve, outside).price / opening,
  }
}

/**
 * The same shock in batch rounds, where the report's own order is another and sizes depend on the
 * price.
 */
export function batchOf(bench: Bench, drop: number): Headline | null {
  const { options } = bench
  if (options.order === 'batch' || !options.feedback) return null
  if (isFixed(bench) && bench.prepared.lead >= 0) return null
  const batch = { ...options, order: 'batch', traced: false } as const
  return headline({ ...bench, options: batch }, drop).numbers
}

/**
 * Final drop of the greatest cascade where the one pass gives it and it differs from the least;
 * else null.
 */
export function greatestDrop(
  bench: Bench,
  drop: number,
  found: WorldLadder | null,
  least: number,
): number | null {
  const { base, prepared } = bench
  const curve = prepared.lead < 0 ? null : hopCurve(base.market, prepared.lead)
  if (found === null || curve === null || !isFixed(bench)) return null
  const opening = prepared.opening[prepared.lead]
  const outside = opening * (1 - drop)
  const taken = greatestCascade(responseCurve(found.ladder, curve), outside)
  const deepest = 1 - curve.price(outside, found.ladder.sold[taken]) / opening
  return deepest > least * (1 + 1e-9) ? deepest : null
}
