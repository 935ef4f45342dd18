/** Many shocks on one prepared world: each starts from the same opening state. */

import { assert } from '../errors.ts'
import type { World } from '../world.ts'
import { countOf, total } from './attribution.ts'
import { type Cascade, cascade, shock } from './cascade.ts'
import { type Prepared, prepare, protocolOf } from './triggers.ts'
import type { CascadeOptions } from './walk.ts'
import { debtOf } from './worldLadder.ts'

/**
 * A base that nothing touches, a scratch copy that every run uses up, and what was prepared from
 * them.
 */
export interface Bench {
  readonly base: World
  readonly scratch: World
  readonly prepared: Prepared
  readonly options: CascadeOptions
  readonly asset: number
}

export function benchOf(base: World, asset: number, options: CascadeOptions): Bench {
  const prepared = prepare(base, asset, options.buys)
  return { base, scratch: base.copy(), prepared, options, asset }
}

/**
 * One cascade after an outside drop, from the opening state. The scratch world is left as the
 * cascade ended.
 */
export function simulate(bench: Bench, drop: number, options = bench.options): Cascade {
  bench.scratch.reset(bench.base)
  shock(bench.scratch, bench.asset, drop)
  return cascade(bench.scratch, bench.prepared, options)
}

/** The bench whose cascades say what came out and not how: no settlement is noted. */
export function untraced(bench: Bench): Bench {
  return { ...bench, options: { ...bench.options, traced: false } }
}

/** The counterfactual: the same outside move, sales that move nothing. */
export function firstRound(bench: Bench, drop: number): Cascade {
  return simulate(bench, drop, {
    ...bench.options,
    feedback: false,
    quoted: false,
    order: 'worst-first',
  })
}

/** The response at every drop of a grid, as columns. */
export interface DropCurve {
  readonly drop: number[]
  readonly firstAccounts: number[]
  /** Everything that the first round's accounts owe: it can only grow with the drop. */
  readonly firstDebtUsd: number[]
  readonly firstUsd: number[]
  readonly totalUsd: number[]
  readonly finalDrop: number[]
  readonly badDebtUsd: number[]
  readonly accounts: number[]
}

/** Runs both cascades at each drop. */
export function dropCurve(traced: Bench, drops: readonly number[]): DropCurve {
  const curve: DropCurve = {
    drop: [],
    firstAccounts: [],
    firstDebtUsd: [],
    firstUsd: [],
    totalUsd: [],
    finalDrop: [],
    badDebtUsd: [],
    accounts: [],
  }
  const bench = untraced(traced)
  for (const drop of drops) {
    const first = firstRound(bench, drop)
    const all = bench.options.feedback ? simulate(bench, drop) : first
    curve.drop.push(drop)
    curve.firstAccounts.push(countOf(first.repaidUsd))
    curve.firstDebtUsd.push(owedBy(bench, first.repaidUsd))
    curve.firstUsd.push(total(first.repaidUsd))
    curve.totalUsd.push(total(all.repaidUsd))
    curve.finalDrop.push(1 - all.prices[bench.asset] / bench.prepared.opening[bench.asset])
    curve.badDebtUsd.push(total(all.badDebtUsd))
    curve.accounts.push(countOf(all.repaidUsd))
  }
  return curve
}

function owedBy(bench: Bench, repaidUsd: Float64Array): number {
  const { base, prepared } = bench
  let sum = 0
  for (let row = 0; row < repaidUsd.length; row++) {
    if (repaidUsd[row] === 0) continue
    const j = protocolOf(prepared, row)
    sum += debtOf(base.protocols[j], row - prepared.offset[j], prepared.opening)
  }
  return sum
}

/**
 * Whether debt repaid because of feedback passes a level at one drop.
 *
 * Rule:  a cascade is left as soon as it has passed: most of one that runs away is never walked.
 *        Not in batches, whose rounds settle as wholes.
 * Units: USD.
 */
export function passes(traced: Bench, drop: number, feedbackUsd: number): boolean {
  const bench = untraced(traced)
  const firstUsd = total(firstRound(bench, drop).repaidUsd)
  const enoughUsd = firstUsd + feedbackUsd
  const walked = simulate(bench, drop, { ...bench.options, enoughUsd })
  return total(walked.repaidUsd) - firstUsd > feedbackUsd
}

/** A jump of the response between two drops that lie `CLIFF_WIDTH` apart. */
export interface Cliff {
  readonly low: number
  readonly drop: number
  readonly repaidUsd: number
  readonly accounts: number
  /** Account row of the first settlement at `drop` that has no like at `low`. */
  readonly row: number
  readonly units: number
}

/**
 * The largest jumps of total repaid debt, refined between the points of a grid.
 *
 * Rule:    in a cell whose total rises by more than `least` beyond its first round, keep the half
 *          with the larger rise, down to CLIFF_WIDTH. Needs no monotone response; one cliff a cell
 *          is found, the largest on the way.
 */
export function cliffs(bench: Bench, curve: DropCurve, least: number, most: number): Cliff[] {
  const rises = curve.drop
    .map((_, i) => i)
    .slice(1)
    .map((i) => ({ i, rise: curve.totalUsd[i] - curve.totalUsd[i - 1] }))
    .filter(({ i, rise }) => rise - (curve.firstUsd[i] - curve.firstUsd[i - 1]) > least)
    .sort((a, b) => b.rise - a.rise)
    .slice(0, most)
  return rises
    .map(({ i }) => refine(bench, gridPoint(curve, i - 1), gridPoint(curve, i)))
    .filter((cliff) => cliff.repaidUsd > least)
    .sort((a, b) => b.repaidUsd - a.repaidUsd)
}

function refine(bench: Bench, from: Point, to: Point): Cliff {
  let low = from
  let high = to
  for (let step = 0; high.drop - low.drop > CLIFF_WIDTH; step++) {
    assert(step < 100, 'halving ends')
    // The last of them stays one end of the cliff, which is told from its settlements.
    const isLast = high.drop - low.drop <= 2 * CLIFF_WIDTH
    const middle = pointAt(bench, (low.drop + high.drop) / 2, isLast)
    if (high.totalUsd - middle.totalUsd >= middle.totalUsd - low.totalUsd) low = middle
    else high = middle
  }
  return cliffBetween(bench, low, high)
}

/** A cascade at a drop; its run is left out where only the total is known. */
interface Point {
  readonly drop: number
  readonly totalUsd: number
  readonly run?: Cascade
}

function gridPoint({ drop, totalUsd }: DropCurve, i: number): Point {
  return { drop: drop[i], totalUsd: totalUsd[i] }
}

function pointAt(bench: Bench, drop: number, isTraced: boolean): Point {
  const run = simulate(isTraced ? bench : untraced(bench), drop)
  const point = { drop, totalUsd: total(run.repaidUsd) }
  return isTraced ? { ...point, run } : point
}

function cliffBetween(bench: Bench, low: Point, high: Point): Cliff {
  const { run: below = simulate(bench, low.drop) } = low
  const { run: above = simulate(bench, high.drop) } = high
  const units = (run: Cascade) =>
    run.trace.units.reduce((sum, u, i) => sum + (run.trace.asset[i] === bench.asset ? u : 0), 0)
  return {
    low: low.drop,
    drop: high.drop,
    row: lighter(below, above),
    repaidUsd: high.totalUsd - low.totalUsd,
    accounts: countOf(above.repaidUsd) - countOf(below.repaidUsd),
    units: units(above) - units(below),
  }
}

// The account of the first settlement above that has no like below; a tie served the other way
// round is none.
function lighter(below: Cascade, above: Cascade): number {
  const sales = new Map<number, number[]>()
  below.trace.row.forEach((row, n) => {
    const units = below.trace.units[n]
    const known = sales.get(row)
    if (known === undefined) sales.set(row, [units])
    else known.push(units)
  })
  const { row, units } = above.trace
  const first = row.findIndex((at, n) => {
    const before = sales.get(at)?.shift()
    return before === undefined || units[n] > before * NOTICEABLY
  })
  return first < 0 ? -1 : row[first]
}

/**
 * The smallest outside drop whose feedback passes a tolerance, or null when none of a grid does.
 *
 * Rule:    the first grid point that passes, then halving between it and the point before. Scanned
 *          first: feedback is not monotone in the drop, so a bisection over the whole range could
 *          miss the first ignition. `isPast` answers for points whose cascades are known.
 * Units:   `tolerance` in USD of debt repaid through feedback. Batch cascades are not refined:
 *          within a cell a deeper shock may sell less.
 * Shape:   drops rising.
 */
export function ignitionDrop(
  bench: Bench,
  drops: readonly number[],
  tolerance: number,
  isPast = (i: number) => passes(bench, drops[i], tolerance),
): number | null {
  const i = drops.findIndex((_, k) => isPast(k))
  if (i < 0) return null
  if (i === 0 || bench.options.order === 'batch') return drops[i]
  return crossing(bench, drops[i - 1], drops[i], tolerance, CLIFF_WIDTH)
}

/** Halves between a drop that does not pass and one that does; returns one that does. */
export function crossing(
  bench: Bench,
  from: number,
  to: number,
  tolerance: number,
  width: number,
): number {
  let low = from
  let high = to
  for (let step = 0; step < 60 && high - low > width; step++) {
    const middle = (low + high) / 2
    if (passes(bench, middle, tolerance)) high = middle
    else low = middle
  }
  return high
}

const CLIFF_WIDTH = 1e-6
// Over a cell as narrow as CLIFF_WIDTH, sizes that follow the price differ by far less.
const NOTICEABLY = 1.001
