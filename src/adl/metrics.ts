/** What deleveraging cost winners, against what was needed. */

/** Sums of a run or an event. Units: USD. */
export interface Deleveraged {
  /** Notional that winners were made to close, and the largest open interest before it. */
  readonly notionalUsd: number
  readonly openInterestUsd: number
  /** Profit that they lost by it, what they had, and what was needed to make losers whole. */
  readonly haircutUsd: number
  readonly profitUsd: number
  readonly neededUsd: number
}

/** One share, with what it is a share of. */
export interface Share {
  readonly value: number | null
  readonly basis: 'notional' | 'pnl'
}

/**
 * Fraction deleveraged, haircut, and overshoot.
 *
 * Rule:   fraction = notional closed / open interest; haircut = profit lost / profit; overshoot =
 *         profit lost / needed, and its excess in USD. Null where nothing is divided by.
 * Source: T. Chitra and others, arXiv 2602.15182. Of 10 October 2025 they estimate that winners on
 *         Hyperliquid lost 45.03 million USD more than the 15.08 million needed, and closed 653.55
 *         million of positions more: overshoot on the basis of profit, and of notional.
 */
export function deleveraging(of: Deleveraged): {
  readonly fraction: Share
  readonly haircut: Share
  readonly overshoot: Share
  readonly excessUsd: number
} {
  const { notionalUsd, openInterestUsd, haircutUsd, profitUsd, neededUsd } = of
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null)
  return {
    fraction: { value: share(notionalUsd, openInterestUsd), basis: 'notional' },
    haircut: { value: share(haircutUsd, profitUsd), basis: 'pnl' },
    overshoot: { value: share(haircutUsd, neededUsd), basis: 'pnl' },
    excessUsd: haircutUsd - neededUsd,
  }
}

/** Several events as one. */
export function sumOf(each: readonly Deleveraged[]): Deleveraged {
  const sum = (name: keyof Deleveraged) => each.reduce((all, one) => all + one[name], 0)
  return {
    notionalUsd: sum('notionalUsd'),
    openInterestUsd: sum('openInterestUsd'),
    haircutUsd: sum('haircutUsd'),
    profitUsd: sum('profitUsd'),
    neededUsd: sum('neededUsd'),
  }
}
