/** Who is left alone at these prices, and for how long. */

import { type Book, healthFactor } from '../book.ts'
import type { Protocol } from '../rules.ts'
import type { Rest } from '../sleepers.ts'
import type { Glance } from './margin.ts'
import type { Post, Stage } from './stage.ts'

/**
 * Whether nobody can want it: it costs more than its worth at the mid, with gas where all pay at
 * least its price of the moment. Then gas prices every taker out, which is counted.
 */
export function isHopeless(stage: Stage, { gross, margin }: Glance): boolean {
  if (!stage.seeksProfit) return false
  if (gross < 0) return true
  if (!stage.paysForGas || margin >= 0) return false
  countPricedOut(stage, 1)
  return true
}

/** Every taker who is there did not bid so many times for what would have paid but for gas. */
export function countPricedOut({ takers }: Stage, times: number): void {
  for (const taker of takers) if (!taker.hasLeft) taker.books.pricedOut += times
}

/**
 * Leaves an account alone for a while; `glance` is null where nothing is offered. `fallMost`: the
 * fall of gas after which it is asked for in any case.
 */
export function leaveAlone(
  stage: Stage,
  { backlog, protocol }: Post,
  account: number,
  glance: Glance | null,
  fallMost: number,
): void {
  if (glance === null) {
    nothing.gap = ownsAnything(protocol.book, account) ? NOTHING_GAP : Number.POSITIVE_INFINITY
    backlog.sleep(account, -NOTHING, nothing)
    return
  }
  glance.step = moveToStep(protocol, account)
  glance.gap = Math.min(glance.gap, glance.step)
  glance.fall = Math.min(glance.fall, fallMost)
  // Where somebody may pay less for gas than it costs, gas prices nobody out.
  if (!(stage.seeksProfit && stage.paysForGas)) glance.pays = Number.POSITIVE_INFINITY
  backlog.sleep(account, glance.margin, glance)
}

/** The move of prices that brings an account to a health factor at which its offers jump. */
function moveToStep({ book, values, rules }: Protocol, account: number): number {
  let move = Number.POSITIVE_INFINITY
  if (rules.steps === undefined) return move
  const factor = healthFactor(book, values, account)
  for (const step of rules.steps) if (step < factor) move = Math.min(move, factor / step - 1)
  return move
}

function ownsAnything({ start, amount }: Book, account: number): boolean {
  const end = start[account + 1]
  for (let k = start[account]; k < end; k++) if (amount[k] > 0) return true
  return false
}

/** Rank of an account that offers nothing now (dust rules); the move after which it is asked. */
const NOTHING = 1e300
const NOTHING_GAP = 0.03
const nothing: Rest = { gap: 0.5, fall: 1, pays: Number.POSITIVE_INFINITY, swing: 0, step: 0 }
