/** The search for the plan that pays most, and for the cheapest that pays at all. */

import { halton } from '../math/halton.ts'
import type { Outcome, Trial } from './evaluate.ts'
import type { Axis, Family } from './plan.ts'

/** What a search found. */
export interface Found {
  /** The most profit; null where there is nothing to try. */
  readonly best: Outcome | null
  /** The least capital that is tied up for a profit; null where none was found. */
  readonly cheapest: Outcome | null
  /** By kind of plan: its best. */
  readonly byKind: ReadonlyMap<string, Outcome>
  readonly evaluations: number
  /** Whether every plan of the coarse grid was tried: a small budget leaves some out. */
  readonly isWhole: boolean
}

/**
 * Searches families of plans, with at most so many evaluations.
 *
 * Rule:   a coarse grid first: every combination of the values of the axes, over all families;
 *         where it has more than half of the budget, every n-th of them. Then points spread over
 *         all families by turns (Halton), evenly between the values of each axis. Then the best
 *         plan of each family, the best of each that hurts anybody, and the best of all are
 *         refined: each axis by half of the way to its neighbours (a choice: to the neighbours),
 *         nearer where nothing is better, until the steps are a 64th. What is left goes to the
 *         cheapest plan that pays, refined by capital.
 * Shape:  deterministic: equal inputs, equal plans in equal order. No plan is tried twice.
 * Assumes: profit has few local maxima between the values of an axis. Kinds that know where it
 *         jumps (the trigger of an account) say so by their values.
 */
export function searchPlans(trial: Trial, families: readonly Family[], budget: number): Found {
  const tries = triesOf(trial, families, budget)
  const isWhole = coarse(tries, families, budget)
  spread(tries, families, budget * SPREAD)
  const starts = startsOf(tries)
  for (const start of starts) refine(tries, start, profit, budget * REFINED)
  const cheapness = cheapnessFrom(trial.spec.minProfitUsd)
  const cheap = highest(tries.all, cheapness)
  if (cheap !== null) refine(tries, cheap, cheapness, budget)
  const byKind = new Map<string, Outcome>()
  for (const { outcome } of tries.all) {
    const before = byKind.get(outcome.plan.kind)
    if (before === undefined || outcome.profitUsd > before.profitUsd)
      byKind.set(outcome.plan.kind, outcome)
  }
  return {
    best: highest(tries.all, profit)?.outcome ?? null,
    cheapest: highest(tries.all, cheapness)?.outcome ?? null,
    ...{ byKind, evaluations: tries.all.length, isWhole },
  }
}

/** Shares of the budget: for the grid, until the end of the spread points, and of refinement. */
const COARSE = 0.5
const SPREAD = 0.7
const REFINED = 0.9
/** Plans that are refined. */
const STARTS = 32
/** The least step of a refinement, as a part of the way to the neighbour on the grid. */
const STEP_MIN = 1 / 64

interface Try {
  readonly family: number
  readonly point: readonly number[]
  readonly outcome: Outcome
}

interface Tries {
  readonly all: Try[]
  readonly families: readonly Family[]
  /** Tries a point, once; null where the budget is used up. */
  at(family: number, point: readonly number[], upTo: number): Try | null
}

function triesOf(trial: Trial, families: readonly Family[], budget: number): Tries {
  const all: Try[] = []
  const known = new Map<string, Try>()
  return {
    all,
    families,
    at(family, point, upTo) {
      const key = `${family} ${point.join(' ')}`
      const before = known.get(key)
      if (before !== undefined) return before
      if (all.length >= Math.min(budget, upTo)) return null
      const outcome = trial.attempt(families[family].plan(point))
      const made = { family, point, outcome }
      all.push(made)
      known.set(key, made)
      return made
    },
  }
}

function coarse(tries: Tries, families: readonly Family[], budget: number): boolean {
  const sizes = families.map(({ axes }) =>
    axes.reduce((size, { values }) => size * values.length, 1),
  )
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const stride = Math.max(1, Math.ceil(whole / (COARSE * budget)))
  let turn = 0
  families.forEach((family, f) => {
    for (let n = 0; n < sizes[f]; n++)
      if (turn++ % stride === 0) tries.at(f, pointAt(family.axes, n), budget)
  })
  return stride === 1
}

/** The n-th combination; the last axis runs fastest. */
function pointAt(axes: readonly Axis[], n: number): number[] {
  const point = new Array<number>(axes.length)
  let rest = n
  for (let a = axes.length - 1; a >= 0; a--) {
    const { values } = axes[a]
    point[a] = values[rest % values.length]
    rest = Math.floor(rest / values.length)
  }
  return point
}

/** Tries spread points until so many plans have been tried, the same number in each family. */
function spread(tries: Tries, families: readonly Family[], upTo: number): void {
  if (families.length === 0) return
  // A point that was tried already costs nothing: without a bound this might never end.
  for (let n = 1; n <= upTo; n++)
    for (let f = 0; f < families.length; f++)
      if (
        tries.at(
          f,
          families[f].axes.map((axis, a) => along(axis, halton(n, a))),
          upTo,
        ) === null
      )
        return
}

/** The value at a share of an axis, where its values stand at equal distances. */
export function along({ values, isChoice }: Axis, share: number): number {
  if (isChoice) return values[Math.min(values.length - 1, Math.floor(share * values.length))]
  const at = share * (values.length - 1)
  const k = Math.min(values.length - 1, Math.floor(at))
  const next = values[Math.min(values.length - 1, k + 1)]
  return values[k] + (at - k) * (next - values[k])
}

/**
 * Where to refine from: the best of each family and the best of each that hurts somebody, for near
 * a plan that does nothing there is nothing to find; then the best of all.
 */
function startsOf({ all }: Tries): Try[] {
  const best = new Map<string, Try>()
  for (const one of all) {
    const { profitUsd, badDebtUsd, borrowersLostUsd } = one.outcome
    const hurts = badDebtUsd >= 1 || borrowersLostUsd >= 1
    for (const key of hurts ? [`${one.family}`, `${one.family} hurts`] : [`${one.family}`]) {
      const before = best.get(key)
      if (before === undefined || profitUsd > before.outcome.profitUsd) best.set(key, one)
    }
  }
  return [...new Set([...byProfit([...best.values()]), ...byProfit(all)])].slice(0, STARTS)
}

function byProfit(tries: readonly Try[]): Try[] {
  return [...tries].sort((a, b) => b.outcome.profitUsd - a.outcome.profitUsd)
}

/** Walks to a better neighbour along one axis at a time, with ever smaller steps. */
function refine(tries: Tries, from: Try, score: (of: Outcome) => number, upTo: number): void {
  const { axes } = tries.families[from.family]
  let best = from
  for (let step = 1 / 2; step >= STEP_MIN; ) {
    const before = best
    for (let a = 0; a < axes.length; a++) {
      for (const way of [-1, 1]) {
        const value = stepped(axes[a], best.point[a], way * step)
        if (value === best.point[a]) continue
        const next = tries.at(from.family, best.point.with(a, value), upTo)
        if (next === null) return
        if (score(next.outcome) > score(best.outcome)) best = next
      }
    }
    if (best === before) step /= 2
  }
}

/** A step along an axis, in parts of the way to the neighbour; a choice goes to the neighbour. */
function stepped({ values, isChoice }: Axis, value: number, by: number): number {
  const above = values.findIndex((one) => one > value)
  const next = above < 0 ? values.length - 1 : above
  const below = values.findLastIndex((one) => one < value)
  const last = Math.max(0, below)
  const neighbour = by > 0 ? values[next] : values[last]
  return isChoice ? neighbour : value + Math.abs(by) * (neighbour - value)
}

/** The first with the highest score; null where no score is above -Infinity. */
function highest(all: readonly Try[], score: (of: Outcome) => number): Try | null {
  let best: Try | null = null
  let most = Number.NEGATIVE_INFINITY
  for (const one of all) {
    const own = score(one.outcome)
    if (!(own > most)) continue
    best = one
    most = own
  }
  return best
}

function profit({ profitUsd }: Outcome): number {
  return profitUsd
}

/** Higher for less capital; nothing is worse than a plan that does not pay. */
function cheapnessFrom(minProfitUsd: number): (of: Outcome) => number {
  return ({ profitUsd, capitalUsd }) =>
    pays(profitUsd, minProfitUsd) ? -capitalUsd : Number.NEGATIVE_INFINITY
}

/** Whether a profit is one, and enough. */
export function pays(profitUsd: number, minProfitUsd: number): boolean {
  return profitUsd > 0 && profitUsd >= minProfitUsd
}
