/** The contract of auto-deleveraging: who of the winners gives up how much. Models stand beside. */

/**
 * Winners, as growing columns; `count` entries are valid.
 *
 * Units: `cap` is the most that may be taken of each, in the unit of what is needed: USD of profit,
 *        or units of a position. `limit` is a share of it that a policy may stop at. `score` ranks
 *        (higher first), `weight` spreads.
 */
export interface Winners {
  count: number
  readonly account: number[]
  readonly cap: number[]
  readonly limit: number[]
  readonly score: number[]
  readonly weight: number[]
}

/** What a winner stands on at the mark, USD; prices per unit. */
export interface Standing {
  /** 1 for a long. */
  side: 1 | -1
  profit: number
  notional: number
  /** What its positions were worth when they were opened. */
  entryValue: number
  equity: number
  entry: number
  mark: number
}

/**
 * A policy of auto-deleveraging.
 *
 * Law: what is taken is min(need, what the policy may take), and of nobody more than its cap. A
 *      need that cannot be met is left over and never hidden.
 */
export interface Policy {
  readonly name: string
  /** Whether the highest scores give all that they may, until nothing is needed. */
  readonly isRanked: boolean
  /** Rank of a winner, higher first; 0 where the policy does not rank. */
  score(of: Standing): number
  /** Weight of a winner; 1 where the policy does not weigh. */
  weight(of: Standing): number
  /**
   * Writes what is taken of each winner and returns the sum. `draw`, uniform in [0, 1), is where a
   * policy begins that does not rank.
   */
  allocate(winners: Winners, need: number, draw: number, taken: number[]): number
}

/** No winners yet. */
export function winnerList(): Winners {
  return { count: 0, account: [], cap: [], limit: [], score: [], weight: [] }
}

/** Appends one winner; the argument order is that of the columns. */
export function pushWinner(
  out: Winners,
  account: number,
  cap: number,
  limit: number,
  score: number,
  weight: number,
): void {
  const n = out.count++
  out.account[n] = account
  out.cap[n] = cap
  out.limit[n] = limit
  out.score[n] = score
  out.weight[n] = weight
}
