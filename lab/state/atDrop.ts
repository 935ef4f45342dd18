/** What a report says of another outside drop, read from what it has: a picture while one drags. */

import { fixedPoints } from '../../src/analysis/cobwebMap.ts'
import { metricValue } from '../../src/figures/caption.ts'
import { drawable, mapAt } from '../../src/figures/staircase.ts'
import type { CobwebMap, LevelBin, Metric, Report, Round } from '../../src/report.ts'

/** Numbers of the headline strip that move with the drop. */
export interface DropNumbers {
  readonly first_round_usd: number
  readonly total_liquidated_usd: number
  readonly first_round_accounts: number | null
  readonly accounts_liquidated: number
  readonly final_drop: number
  readonly amplification: number | null
  readonly rounds: number
}

/**
 * Returns a report as it would look at another outside drop, without asking the engine.
 *
 * Rule:       first round and total are the curve's, joined between its points and broken at its
 *             cliffs; the map is the same map, lower by (1 - drop) / (1 - the report's drop); the
 *             staircase walks down it to the curve's final price.
 * Simplifies: exact at the curve's points and at its cliffs. Between them dollars, accounts and
 *             final drops are on straight lines. The map is exact where every account sells the
 *             same units at every drop, venues do not remember their path, and all points of the
 *             map were kept; else it is close. Rounds share out the total by the debt that waits
 *             at each price; levels are cut in proportion where a price line crosses a bin. With
 *             several moving prices map and staircase stay as they were.
 */
export function atDrop(report: Report, drop: number): Report {
  if (drop === report.shock.drop) return report
  const numbers = numbersAt(report, drop)
  const { now } = report.map
  const map = report.map.whole ? mapAtDrop(report.map, lowering(report, drop)) : report.map
  const final = now * (1 - numbers.final_drop)
  const shocked = now * (1 - drop)
  const moved = { ...map, shocked: report.map.whole ? map.shocked : shocked, final }
  const rounds = report.map.whole ? roundsDown(moved, report.levels, numbers) : report.rounds
  const known = { ...numbers, rounds: rounds.length }
  return {
    ...withNumbers(report, known, report.metrics.ignition_drop),
    shock: { ...report.shock, drop },
    map: moved,
    rounds,
    levels: levelsBetween(report.levels, shocked, final),
  }
}

/** A report with other numbers in its headline, and no other metrics than those. */
export function withNumbers(
  report: Report,
  numbers: DropNumbers,
  ignition: Report['metrics'][string] | undefined,
): Report {
  const metrics: Record<string, Report['metrics'][string]> = {}
  for (const [name, value] of Object.entries(numbers)) {
    const known = report.metrics[name]
    if (known !== undefined) metrics[name] = { ...(known as Metric), value }
  }
  if (ignition !== undefined) metrics.ignition_drop = ignition
  return { ...report, metrics }
}

/** How much lower the outside price is than in the report. */
function lowering({ shock }: Report, drop: number): number {
  return (1 - drop) / (1 - shock.drop)
}

/** Points of the response, rising in drop; a cliff is two of them at one drop. */
interface Knots {
  readonly drop: number[]
  readonly first: number[]
  readonly total: number[]
  readonly final: number[]
  readonly accounts: number[]
}

const knotsOf = new WeakMap<Report['curve'], Knots>()

function numbersAt(report: Report, drop: number): DropNumbers {
  const knots = knotsOf.get(report.curve) ?? knotsFrom(report)
  knotsOf.set(report.curve, knots)
  // At a cliff the far side counts: one more ulp of drop and the avalanche has run.
  let high = knots.drop.findIndex((at) => at > drop)
  if (high === -1) high = knots.drop.length
  const at = (values: readonly number[]) => between(knots.drop, values, high, drop)
  const first = at(knots.first)
  const final = Math.max(drop, at(knots.final))
  return {
    first_round_usd: first,
    total_liquidated_usd: report.feedback ? at(knots.total) : first,
    first_round_accounts: firstAccounts(report, drop),
    accounts_liquidated: Math.round(at(knots.accounts)),
    final_drop: final,
    amplification: drop === 0 ? null : (final - (knots.final[0] ?? 0)) / drop,
    rounds: 0,
  }
}

function between(xs: readonly number[], ys: readonly number[], high: number, x: number): number {
  if (high === 0) return ys[0] ?? 0
  if (high === xs.length) return ys[high - 1]
  const [from, to] = [xs[high - 1], xs[high]]
  return ys[high - 1] + ((ys[high] - ys[high - 1]) * (x - from)) / (to - from)
}

/** Cells of the curve, each cut at the cliffs in it: what is left of its rise is spread evenly. */
function knotsFrom({ curve }: Report): Knots {
  const { drop, first_usd, total_usd, final_drop, accounts, avalanches } = curve
  const knots: Knots = { drop: [], first: [], total: [], final: [], accounts: [] }
  const put = (at: number, values: readonly [number, number, number, number]) => {
    knots.drop.push(at)
    knots.first.push(values[0])
    knots.total.push(values[1])
    knots.final.push(values[2])
    knots.accounts.push(values[3])
  }
  drop.forEach((from, i) => {
    put(from, [first_usd[i], total_usd[i], final_drop[i], accounts[i]])
    const to = drop[i + 1]
    if (to === undefined) return
    const inside = avalanches
      .filter((one) => one.drop > from && one.drop < to)
      .sort((a, b) => a.drop - b.drop)
    const rise = total_usd[i + 1] - total_usd[i]
    const jumps = inside.reduce((sum, one) => sum + one.repaid_usd, 0)
    if (!(jumps > 0) || !(rise > 0)) return
    // More than rises in the whole cell cannot jump in it.
    const share = Math.min(1, rise / jumps)
    const even = rise - jumps * share
    const fall = final_drop[i + 1] - final_drop[i]
    const evenFall = Math.min(Math.max(fall, 0), to - from)
    const more = accounts[i + 1] - accounts[i]
    let jumped = 0
    for (const one of inside) {
      const part = (one.drop - from) / (to - from)
      for (const after of [0, one.repaid_usd / jumps]) {
        jumped += after
        put(one.drop, [
          first_usd[i] + part * (first_usd[i + 1] - first_usd[i]),
          total_usd[i] + part * even + jumped * (rise - even),
          final_drop[i] + part * evenFall + jumped * (fall - evenFall),
          accounts[i] + Math.max(part * (1 - jumps / rise), jumped) * more,
        ])
      }
    }
  })
  return knots
}

/** Accounts of the first round: from the table of accounts at risk, and the report's own drop. */
function firstAccounts(report: Report, drop: number): number | null {
  const own = metricValue(report, 'first_round_accounts')
  if (own === null) return null
  const known = report.at_risk
    .map((row) => ({ drop: row.drop, accounts: row.accounts }))
    .filter((row) => row.drop !== report.shock.drop)
  const points = [
    { drop: 0, accounts: report.book.overhang.accounts },
    ...known,
    { drop: report.shock.drop, accounts: own },
  ].sort((a, b) => a.drop - b.drop)
  const xs = points.map((point) => point.drop)
  const high = xs.findIndex((at) => at > drop)
  const ys = points.map((point) => point.accounts)
  return Math.round(between(xs, ys, high === -1 ? xs.length : high, drop))
}

/** The same sales from a lower outside price: prices after fall in proportion. */
function mapAtDrop(map: CobwebMap, by: number): CobwebMap {
  const { now, before } = map
  const after = map.after.map((price) => price * by)
  // Steps in falling price, as the engine's own map has them.
  const trigger = [Number.POSITIVE_INFINITY, ...before.slice(1).reverse()]
  const steps = { trigger: Float64Array.from(trigger), after: Float64Array.from(after).reverse() }
  const lowest = before[0] ?? 0
  return {
    ...map,
    shocked: map.shocked * by,
    after,
    fixed: fixedPoints(steps, now * APART).filter(({ price }) => price >= lowest),
    observed_to: map.observed_to === null ? null : map.observed_to * by,
  }
}

/** The staircase down a map to its final price, at most so many rounds. */
function roundsDown(map: CobwebMap, levels: readonly LevelBin[], numbers: DropNumbers): Round[] {
  const line = drawable(map)
  const { shocked, final, now } = map
  // Where the thinned map would stop too early, the picture goes on in small steps.
  const least = (shocked - final) / ROUNDS_MAX
  const prices = [shocked]
  for (let price = shocked; price > final + 1e-6 * now; ) {
    price = Math.max(final, Math.min(mapAt(line, price), price - least))
    prices.push(price)
  }
  if (numbers.first_round_usd === 0 || prices.length < 2) return []
  const later = numbers.total_liquidated_usd - numbers.first_round_usd
  const waits = prices
    .slice(0, -1)
    .map((from, i) => (i === 0 ? 0 : debtBetween(levels, prices[i - 1], from)))
  const all = waits.reduce((sum, usd) => sum + usd, 0)
  const repaid = waits.map((usd, i) =>
    i === 0 ? numbers.first_round_usd : later * (all > 0 ? usd / all : 1 / (waits.length - 1)),
  )
  return repaid.map((usd, i) => {
    const isSmall = i === 0 || Math.min(usd, repaid[i - 1]) < numbers.total_liquidated_usd * 0.005
    return {
      round: i + 1,
      price_before: prices[i],
      price_after: prices[i + 1],
      repaid_usd: usd,
      ...{ sold_units: 0, proceeds_usd: 0, accounts: 0, settlements: 0 },
      gain: isSmall ? null : usd / repaid[i - 1],
    }
  })
}

/** Debt with a trigger between two prices, bins cut in proportion. */
function debtBetween(levels: readonly LevelBin[], high: number, low: number): number {
  return levels.reduce((sum, bin) => sum + wall(bin) * share(bin, high, low), 0)
}

function levelsBetween(levels: readonly LevelBin[], shocked: number, final: number): LevelBin[] {
  return levels.map((bin) => {
    const all = wall(bin)
    const first = all * share(bin, Number.POSITIVE_INFINITY, shocked)
    const feedback = all * share(bin, shocked, final)
    return {
      ...bin,
      first_usd: first,
      feedback_usd: feedback,
      untouched_usd: Math.max(0, all - first - feedback),
    }
  })
}

/** The part of a bin between two prices. */
function share({ from, to }: LevelBin, high: number, low: number): number {
  const [top, bottom] = [Math.max(from, to), Math.min(from, to)]
  return Math.max(0, Math.min(high, top) - Math.max(low, bottom)) / (top - bottom)
}

function wall({ first_usd, feedback_usd, untouched_usd }: LevelBin): number {
  return first_usd + feedback_usd + untouched_usd
}

const ROUNDS_MAX = 60
const APART = 0.004
