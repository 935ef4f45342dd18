/** Deleveraging spread over all winners. */

import type { Policy, Standing, Winners } from './policy.ts'

/**
 * In proportion to what each may give.
 *
 * Rule:   x = need u / sum u, and all of it where that is not enough.
 * Source: T. Chitra, Autodeleveraging: impossibilities and optimization, arXiv 2512.01112: the only
 *         rule that is proof against splitting accounts, free of scale, monotone and regular
 */
export function proRata(): Policy {
  return spreading('proRata', () => 1, false)
}

/**
 * In proportion, but of nobody more than its limit.
 *
 * Rule:   x = u min(limit, eta), with eta so that all of the need is met.
 * Source: arXiv 2512.01112 and 2602.15182, capped pro-rata by water-filling
 */
export function cappedProRata(): Policy {
  return spreading('cappedProRata', () => 1, true)
}

/**
 * In proportion to leverage, to its square: the most leveraged stop where their limit is.
 *
 * Rule:   x = u min(limit, tau w), w = leverage g(leverage), with g(leverage) = leverage and
 *         leverage = notional / equity, at most 1e6, which is also that of who has no equity.
 * Source: arXiv 2602.15182, risk-aware weights; g is a choice of ours
 */
export function riskAware(): Policy {
  const weight = ({ notional, equity }: Standing) => {
    const leverage = equity > 0 ? Math.min(MOST_LEVERAGE, notional / equity) : MOST_LEVERAGE
    return leverage * leverage
  }
  return spreading('riskAware', weight, true)
}

function spreading(name: string, weight: Policy['weight'], isLimited: boolean): Policy {
  return {
    name,
    isRanked: false,
    score: () => 0,
    weight,
    allocate: (winners, need, _draw, taken) => waterFill(winners, need, isLimited, taken),
  }
}

/**
 * Solves sum u min(limit, tau w) = need, exactly: tau is raised from below until nobody more is at
 * the limit.
 */
function waterFill(winners: Winners, need: number, isLimited: boolean, taken: number[]): number {
  const { count, cap, limit, weight } = winners
  const most = (n: number) => cap[n] * (isLimited ? limit[n] : 1)
  for (let n = 0; n < count; n++) taken[n] = -1
  for (let isNew = true; isNew; ) {
    isNew = false
    let left = need
    let slope = 0
    for (let n = 0; n < count; n++) {
      if (taken[n] >= 0) left -= taken[n]
      else slope += cap[n] * weight[n]
    }
    const tau = slope > 0 ? Math.max(0, left) / slope : 0
    for (let n = 0; n < count; n++) {
      if (taken[n] >= 0 || !(tau * cap[n] * weight[n] >= most(n))) continue
      taken[n] = most(n)
      isNew = true
    }
    if (isNew) continue
    for (let n = 0; n < count; n++) if (taken[n] < 0) taken[n] = tau * cap[n] * weight[n]
  }
  let sum = 0
  for (let n = 0; n < count; n++) sum += taken[n]
  return Math.min(need, sum)
}

const MOST_LEVERAGE = 1e6
