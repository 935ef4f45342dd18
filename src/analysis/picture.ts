/** Rounds, cobweb and avalanches in the shape a report shows them. */

import { hopCurve } from '../market.ts'
import type { Avalanche, CobwebMap, ResponseColumns, Round } from '../report.ts'
import { total } from './attribution.ts'
import type { Cascade } from './cascade.ts'
import { shock } from './cascade.ts'
import { cobwebMap, fixedPoints, mapAt, type StepMap } from './cobwebMap.ts'
import { records, responseCurve } from './responseCurve.ts'
import { type Bench, cliffs, type DropCurve } from './simulate.ts'
import { protocolOf } from './triggers.ts'
import type { WorldLadder } from './worldLadder.ts'

/** The rounds of a cascade. `shocked` is the USD price when round 1 opens. */
export function roundRows(run: Cascade, shocked: number): Round[] {
  const { trace } = run
  const all = total(run.repaidUsd)
  const seen = new Set<number>()
  const rows: Round[] = []
  for (let n = 0; n < trace.row.length; ) {
    const round = trace.round[n]
    const before = rows[rows.length - 1]
    let repaid = 0
    let units = 0
    let proceeds = 0
    let accounts = 0
    const from = n
    for (; n < trace.row.length && trace.round[n] === round; n++) {
      repaid += trace.repaidUsd[n]
      units += trace.units[n]
      proceeds += trace.proceedsUsd[n]
      if (!seen.has(trace.row[n])) accounts++
      seen.add(trace.row[n])
    }
    const small = before === undefined || Math.min(repaid, before.repaid_usd) < all * 0.005
    rows.push({
      round,
      price_before: before?.price_after ?? shocked,
      price_after: trace.price[n - 1],
      repaid_usd: repaid,
      sold_units: units,
      proceeds_usd: proceeds,
      accounts,
      settlements: n - from,
      gain: small ? null : repaid / before.repaid_usd,
    })
  }
  return rows
}

/** The map over the prices worth drawing, thinned to what a line can show. */
export function cobweb(bench: Bench, drop: number, actual: Cascade): CobwebMap {
  const { prepared, scratch, base, asset } = bench
  const now = prepared.opening[asset]
  const final = actual.prices[asset]
  scratch.reset(base)
  shock(scratch, asset, drop)
  const shocked = scratch.market.price(asset)
  const common = { asset: base.market.assets[asset], now, shocked, final }
  if (prepared.lead < 0 || !bench.options.feedback || bench.options.order !== 'worst-first') {
    const corners = corner(actual, shocked)
    return { ...common, whole: false, ...corners, fixed: [], observed_to: observedTo(bench, drop) }
  }
  const bottom = now * Math.max(0.02, 1 - (1 - final / now) * 1.35 - 0.1)
  const map = cobwebMap(scratch, prepared, bench.options, bottom)
  const fixed = fixedPoints(map, now * 0.004).filter(({ price }) => price >= bottom)
  const line = thinned(map, now, bottom)
  return { ...common, whole: true, ...line, fixed, observed_to: observedTo(bench, drop) }
}

function corner(actual: Cascade, shocked: number): { before: number[]; after: number[] } {
  const rounds = roundRows(actual, shocked)
  const rows = rounds.map((round) => [round.price_before, round.price_after] as const).reverse()
  return { before: rows.map(([before]) => before), after: rows.map(([, after]) => after) }
}

// Even prices, and both corners of the largest steps: a step is upright in the line wherever an eye
// could see it.
function thinned(map: StepMap, now: number, bottom: number): { before: number[]; after: number[] } {
  const top = now * 1.02
  const points = steps(map)
    .filter(({ trigger }) => trigger > bottom && trigger < top)
    .sort((a, b) => b.upper - b.lower - (a.upper - a.lower))
    .slice(0, MAP_STEPS)
    .flatMap(({ trigger, upper, lower }) => [
      { price: trigger * JUST_BELOW, after: lower },
      { price: trigger, after: upper },
    ])
  for (let i = 0; i <= MAP_SAMPLES; i++) {
    const price = bottom + ((top - bottom) * i) / MAP_SAMPLES
    points.push({ price, after: mapAt(map, price) })
  }
  points.sort((a, b) => a.price - b.price)
  const rising = points.filter(({ price }, i) => i === 0 || price > points[i - 1].price)
  return { before: rising.map(({ price }) => price), after: rising.map(({ after }) => after) }
}

// What falls at each trigger, accounts with equal triggers together.
function steps({ trigger, after }: StepMap): { trigger: number; upper: number; lower: number }[] {
  const found: { trigger: number; upper: number; lower: number }[] = []
  for (let k = 1, first = 1; k < trigger.length; k++) {
    if (trigger[k + 1] === trigger[k]) continue
    found.push({ trigger: trigger[k], upper: after[first - 1], lower: after[k] })
    first = k + 1
  }
  return found
}

// The highest of the venues' edges, as USD after the outside move: below it some of the answer is a
// declaration.
function observedTo(bench: Bench, drop: number): number | null {
  const { scratch, base, asset } = bench
  scratch.reset(base)
  shock(scratch, asset, drop)
  const { market } = scratch
  const edges = market.hop[asset]
    .map((v) => market.venues[v])
    .filter((venue) => Number.isFinite(venue.edge().units))
    .map((venue) => venue.edge().price / venue.outside())
  return edges.length === 0 ? null : Math.max(...edges) * market.price(asset)
}

/**
 * The response curve's columns with its avalanches: all of them exactly in one pass, or those of a
 * refined grid.
 */
export function avalanches(
  bench: Bench,
  curve: DropCurve,
  ladder: WorldLadder | null,
  least: number,
): Omit<ResponseColumns, 'asset'> {
  const exact = onePass(bench, ladder)
  const columns = {
    drop: curve.drop,
    first_usd: curve.firstUsd,
    total_usd: curve.totalUsd,
    final_drop: curve.finalDrop,
    bad_debt_usd: curve.badDebtUsd,
    accounts: curve.accounts,
  }
  if (exact !== null) return { method: 'one pass', ...columns, avalanches: exact }
  const found = bench.options.feedback ? cliffs(bench, curve, least / 2, CLIFFS_SHOWN) : []
  return {
    method: 'walk',
    ...columns,
    avalanches: found.map(({ drop, row, accounts, units, repaidUsd }) => ({
      drop,
      ...nameOf(bench, row),
      accounts,
      units,
      repaid_usd: repaidUsd,
    })),
  }
}

function onePass(bench: Bench, found: WorldLadder | null): Avalanche[] | null {
  const { base, prepared } = bench
  if (found === null || !isFixed(bench)) return null
  const curve = hopCurve(base.market, prepared.lead)
  if (curve === null) return null
  const opening = prepared.opening[prepared.lead]
  return records(responseCurve(found.ladder, curve))
    .filter(({ first, last }) => last > first)
    .sort((a, b) => b.units - a.units)
    .slice(0, AVALANCHES_SHOWN)
    .map(({ edge, first, last, units }) => ({
      drop: Math.max(0, 1 - edge / opening),
      ...nameOf(bench, found.row[first]),
      accounts: last - first + 1,
      units,
      repaid_usd: total(found.debtUsd.subarray(first, last + 1)),
    }))
}

/**
 * Whether every sale is of fixed units, so that the one pass is exact and the order does not
 * matter.
 */
export function isFixed({ base, options }: Bench): boolean {
  const fixed = base.protocols.every((protocol) => protocol.rules.sale === 'units')
  const once = base.pledges.holdings.length === 0
  return fixed && once && options.feedback && options.disposal === 'all' && !options.buys
}

function nameOf(bench: Bench, row: number): { protocol: string; account: string } {
  if (row < 0) return { protocol: '', account: '' }
  const j = protocolOf(bench.prepared, row)
  const protocol = bench.base.protocols[j]
  return { protocol: protocol.name, account: protocol.accounts[row - bench.prepared.offset[j]] }
}

const MAP_SAMPLES = 298
const MAP_STEPS = 300
const JUST_BELOW = 1 - 1e-9
const CLIFFS_SHOWN = 4
const AVALANCHES_SHOWN = 12
