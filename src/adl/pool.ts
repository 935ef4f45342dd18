/** Winners as they are found: where a policy ranks, no more of them than a need can come to. */

import { type Policy, pushWinner, type Standing, type Winners, winnerList } from './policy.ts'

/** Winners, each with the leg that it gives from. */
export interface Pool extends Winners {
  /** The account itself; `account` is its place in the list, by which ties go. */
  readonly holder: number[]
  readonly leg: number[]
  /** What is taken of each, once it is shared out. */
  readonly taken: number[]
  need: number
  /** Sum of the caps: what all of them together may give. */
  most: number
  /** Whoever scores less is not needed any more. */
  cut: number
  /** Count at which those who are not needed are dropped. */
  full: number
}

/** A pool without winners. */
export function poolOfWinners(): Pool {
  return {
    ...winnerList(),
    holder: [],
    leg: [],
    taken: [],
    need: 0.5,
    most: 0.5,
    cut: 0.5,
    full: 0,
  }
}

/** Empties a pool, for a policy and what is needed of it. */
export function openPool(pool: Pool, { isRanked }: Policy, need: number): void {
  pool.count = 0
  pool.need = need
  pool.most = 0
  pool.cut = Number.NEGATIVE_INFINITY
  pool.full = isRanked ? LEAST_FULL : Number.POSITIVE_INFINITY
}

/**
 * Opens a pool that was opened for less, and holds a sample of winners, for all of them: its cut is
 * the score at which the sample bears what was needed of it.
 */
export function reopenPool(pool: Pool, policy: Policy, need: number): void {
  const { score, taken, count } = pool
  let cut = Number.NEGATIVE_INFINITY
  if (policy.allocate(pool, pool.need, 0, taken) >= pool.need) {
    cut = Number.POSITIVE_INFINITY
    for (let n = 0; n < count; n++) if (taken[n] > 0 && score[n] < cut) cut = score[n]
  }
  openPool(pool, policy, need)
  pool.cut = cut
}

/**
 * Adds a winner, unless others who rank before it bear the whole need.
 *
 * Rule: whoever gets nothing to bear among some of the winners gets nothing among all of them.
 */
export function addWinner(
  pool: Pool,
  policy: Policy,
  account: number,
  holder: number,
  leg: number,
  cap: number,
  limit: number,
  of: Standing,
): void {
  const score = policy.score(of)
  if (score < pool.cut) return
  pool.holder[pool.count] = holder
  pool.leg[pool.count] = leg
  pool.most += cap
  pushWinner(pool, account, cap, limit, score, policy.weight(of))
  if (pool.count >= pool.full) drop(pool, policy)
}

/** Drops whoever gets nothing to bear, where the others bear all; the order stays. */
function drop(pool: Pool, policy: Policy): void {
  const { account, holder, leg, cap, limit, score, weight, taken } = pool
  const mayBeEnough = pool.most >= pool.need
  if (mayBeEnough && policy.allocate(pool, pool.need, 0, taken) >= pool.need) {
    let [kept, cut, most] = [0, Number.POSITIVE_INFINITY, 0]
    for (let n = 0; n < pool.count; n++) {
      if (!(taken[n] > 0)) continue
      if (score[n] < cut) cut = score[n]
      most += cap[n]
      account[kept] = account[n]
      holder[kept] = holder[n]
      leg[kept] = leg[n]
      cap[kept] = cap[n]
      limit[kept] = limit[n]
      score[kept] = score[n]
      weight[kept++] = weight[n]
    }
    pool.count = kept
    pool.cut = cut
    pool.most = most
  }
  pool.full = Math.max(LEAST_FULL, 2 * pool.count)
}

const LEAST_FULL = 256
