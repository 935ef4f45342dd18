/** Walls: every account that a fall can liquidate, and what must be sold to get there. */

import { headline } from '../../src/analysis/headline.ts'
import type { Bench } from '../../src/analysis/simulate.ts'
import { levelBins, levelUnits, outcomes } from '../../src/analysis/tables.ts'
import { collateralOf } from '../../src/analysis/worldLadder.ts'
import { benchFor, bottomOf, instantRun } from '../../src/instant.ts'
import type { Market } from '../../src/market.ts'
import type { AccountOutcome, LevelBin, Report } from '../../src/report.ts'
import type { Scenario } from '../../src/scenario.ts'
import { setup } from '../../src/setup.ts'
import { opening } from './phase.ts'
import type { Draft, DroppedFile } from './protocol.ts'
import { readOf } from './run.ts'
import type { Reach, WallAccounts, Walls, WallsAsk } from './wallsTable.ts'

/** The instant cascade of the state that a scenario opens with, as a report. */
export async function openingOf(draft: Draft, files: readonly DroppedFile[]): Promise<Report> {
  const { scenario, runId, engineVersion, data } = await readOf(draft, files)
  return instantRun(opening(scenario), { runId, engineVersion, data })
}

/**
 * The walls of a scenario as it opens.
 *
 * Rule:   fates are those of the whole market and book; a filter only leaves out levels of other
 *         protocols, and bids of other venues.
 * Throws: as `readScenario` and `benchFor`
 */
export async function wallsOf(ask: WallsAsk, files: readonly DroppedFile[]): Promise<Walls> {
  const scenario = opening((await readOf(ask.draft, files)).scenario)
  const { asset, drop } = scenario.shock
  const bench = benchFor(scenario)
  const { base, prepared } = bench
  const { actual, parts } = headline(bench, drop)
  const rows = outcomes(base, prepared, actual, parts)
  const kept = rows.filter(({ protocol }) => protocol === (ask.protocol ?? protocol))
  const market = marketOf(scenario, bench, ask.venue)
  const now = prepared.opening[asset]
  const bottom = bottomOf(bench, actual, drop)
  const levels = levelBins({ ...base, market }, prepared, kept, bottom)
  return {
    levels,
    accounts: accountsOf(bench, rows, ask.protocol),
    reach: reachOf(market, asset, levels, levelUnits(market, asset, now, bottom)),
    venues: base.market.hop[asset].map((v) => base.market.venues[v].name),
  }
}

/** The opening market, its headline asset sold on one venue alone. */
function marketOf(scenario: Scenario, { base, asset }: Bench, venue: string | null): Market {
  const only = base.market.hop[asset].filter((v) => base.market.venues[v].name === venue)
  if (only.length === 0) return base.market
  return setup({ ...scenario, hop: scenario.hop.with(asset, only) }).market
}

function accountsOf(
  { base, prepared }: Bench,
  rows: readonly AccountOutcome[],
  protocol: string | null,
): WallAccounts {
  const collateral = base.protocols.flatMap((one) =>
    Array.from(one.accounts, (_, i) => collateralOf(one, i, prepared.opening)),
  )
  const shown = rows
    .map((row, r) => ({ ...row, collateral: collateral[r] }))
    .filter((row) => row.protocol === (protocol ?? row.protocol))
    .filter(({ trigger_drop, debt_usd }) => trigger_drop !== null && debt_usd > 0)
  const now = prepared.opening[prepared.headline]
  const numbers = (of: (row: (typeof shown)[number]) => number) => Float64Array.from(shown, of)
  return {
    protocol: shown.map((row) => row.protocol),
    account: shown.map((row) => row.account),
    trigger: numbers((row) => now * (1 - row.trigger_drop!)),
    drop: numbers((row) => row.trigger_drop!),
    debt: numbers((row) => row.debt_usd),
    collateral: numbers((row) => row.collateral),
    fate: shown.map((row) => row.fate),
  }
}

/** Sales from the opening price down to each edge of the levels. */
function reachOf(
  market: Market,
  asset: number,
  levels: readonly LevelBin[],
  all: readonly (number | null)[],
): Reach {
  const sales = all.map((units) => {
    if (units === null) return { units: Number.NaN, proceeds: Number.NaN, extrapolated: false }
    return { ...market.quote(asset, units), units }
  })
  return {
    price: Float64Array.from([levels[0].from, ...levels.map(({ to }) => to)]),
    units: Float64Array.from(sales, ({ units }) => units),
    usd: Float64Array.from(sales, ({ proceeds }) => proceeds),
    extrapolated: sales.map(({ extrapolated }) => extrapolated),
  }
}
