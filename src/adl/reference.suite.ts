/** What policies must give, worked out in other ways: a full sort, and exact fractions. */

import type { Winners } from './policy.ts'

/** Winners from rows. */
export function winnersOf(
  rows: readonly { cap: number; limit?: number; score?: number; weight?: number }[],
): Winners {
  return {
    count: rows.length,
    account: rows.map((_, n) => n),
    cap: rows.map(({ cap }) => cap),
    limit: rows.map(({ limit = 1 }) => limit),
    score: rows.map(({ score = 0 }) => score),
    weight: rows.map(({ weight = 1 }) => weight),
  }
}

/** By a full sort. */
export function bySorting({ count, cap, score, account }: Winners, need: number): number[] {
  const order = Array.from({ length: count }, (_, n) => n)
  order.sort((a, b) => score[b] - score[a] || account[a] - account[b])
  const taken = new Array<number>(count).fill(0)
  let left = need
  for (const n of order) {
    taken[n] = Math.min(cap[n], left)
    left -= taken[n]
  }
  return taken
}

interface Fraction {
  readonly above: bigint
  readonly below: bigint
}

/** A double as the exact fraction that it is. */
function exact(value: number): Fraction {
  let below = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    below *= 2n
  }
  return { above: BigInt(scaled), below }
}

const times = (a: Fraction, b: Fraction) => ({ above: a.above * b.above, below: a.below * b.below })
const over = (a: Fraction, b: Fraction) => ({ above: a.above * b.below, below: a.below * b.above })
const plus = (a: Fraction, b: Fraction) => ({
  above: a.above * b.below + b.above * a.below,
  below: a.below * b.below,
})
const minus = (a: Fraction, b: Fraction) => plus(a, { above: -b.above, below: b.below })
const isLess = (a: Fraction, b: Fraction) => a.above * b.below < b.above * a.below
const zero: Fraction = { above: 0n, below: 1n }

function near({ above, below }: Fraction): number {
  return Number((above * 10n ** 30n) / below) / 1e30
}

/** Water-filling over breakpoints in rising order, in exact fractions. */
export function byBreakpoints({ count, cap, limit, weight }: Winners, need: number): number[] {
  const rows = Array.from({ length: count }, (_, n) => {
    const most = times(exact(cap[n]), exact(limit[n]))
    const slope = times(exact(cap[n]), exact(weight[n]))
    return { most, slope, end: slope.above === 0n ? zero : over(most, slope) }
  })
  const rising = rows
    .filter(({ slope }) => slope.above !== 0n)
    .sort((a, b) => (isLess(a.end, b.end) ? -1 : isLess(b.end, a.end) ? 1 : 0))
  let full = zero
  let slope = rows.reduce((sum, row) => plus(sum, row.slope), zero)
  let tau: Fraction | null = null
  for (const row of rising) {
    const at = plus(full, times(row.end, slope))
    if (!isLess(at, exact(need))) {
      tau = over(minus(exact(need), full), slope)
      break
    }
    full = plus(full, row.most)
    slope = minus(slope, row.slope)
  }
  return rows.map(({ most, slope: own }) => {
    if (own.above === 0n) return 0
    if (tau === null) return near(most)
    const part = times(tau, own)
    return near(isLess(part, most) ? part : most)
  })
}
