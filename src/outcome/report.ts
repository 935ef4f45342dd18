/** From a stage that has run to its report. */

import { attribute, countOf, total } from '../analysis/attribution.ts'
import { badDebtUsd, FATES, fateIndex, type Recorder } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { money } from '../format.ts'
import { pledgedBook } from '../pledgedBooks.ts'
import type { Stamp, Warning } from '../report.ts'
import { ITEMS } from '../rules.ts'
import { columnOf, type Table } from '../table.ts'
import type {
  DefenceRow,
  Fates,
  FundRow,
  GaugeRow,
  GenerationRow,
  LiquidatorRow,
  ProtocolRow,
  TimedReport,
  Timeline,
} from '../timedReport.ts'
import { timedWarnings } from '../warnings.ts'
import { timedChecks } from './checks.ts'
import { closingsOf, largestEvents } from './events.ts'
import { timedMetrics } from './metrics.ts'
import { turnsOf } from './turns.ts'

/** What metrics and checks are read from. */
export interface TimedFacts {
  readonly stage: Stage
  readonly recorder: Recorder
  readonly totalUsd: number
  readonly firstUsd: number
  /** Null without a counterfactual. */
  readonly parts: {
    readonly common: number
    readonly extra: number
    readonly averted: number
  } | null
  readonly accounts: number
  readonly firstAccounts: number
  readonly fates: Fates | null
  readonly protocols: readonly ProtocolRow[]
  readonly liquidators: readonly LiquidatorRow[]
}

/** Assembles the report of a run that is over. */
export function timedReport(stage: Stage, recorder: Recorder, stamp: Stamp): TimedReport {
  const { scenario, time, opening, tally, mids, twins } = stage
  const facts = factsOf(stage, recorder)
  const { asset } = scenario.shock
  return {
    schema: 'firebreak.run/1',
    run_id: stamp.runId,
    engine_version: stamp.engineVersion,
    scenario: scenario.name,
    seed: scenario.seed,
    path: time.path,
    feedback: scenario.feedback,
    prices_are: time.pricesAre,
    as_of: scenario.asOf,
    blocks: time.blocks,
    block_seconds: time.chain.blockSeconds,
    service: 'largest margin first',
    headline: scenario.assets[asset].name,
    assets: scenario.assets.map(({ name }, a) => ({
      name,
      opening: opening[a],
      lowest: tally.extremes.lowest[a],
      lowest_at_seconds: tally.extremes.lowestAt[a] * time.chain.blockSeconds,
      final: mids[a],
      undisturbed: twins.length > 0 ? twins[0].market.price(a) : mids[a],
    })),
    book: bookOf(stage),
    metrics: timedMetrics(facts),
    turns: turnsOf(stage, recorder),
    generations: generationsOf(stage),
    fates: facts.fates,
    protocols: facts.protocols,
    liquidators: facts.liquidators,
    funds: fundsOf(stage),
    timeline: timelineOf(recorder.frames),
    events: largestEvents(recorder.events),
    checks: timedChecks(facts),
    warnings: [...scenario.warnings, ...timedWarnings(stage), ...openAuctions(facts)],
    data: stamp.data,
  }
}

function factsOf(stage: Stage, recorder: Recorder): TimedFacts {
  const { tally, counterfactual } = stage
  const { repaidUsd } = tally
  const accounts = countOf(repaidUsd)
  const shared = {
    stage,
    recorder,
    accounts,
    protocols: protocolsOf(stage, recorder),
    liquidators: liquidatorsOf(stage),
  }
  if (counterfactual === null) {
    const usd = total(repaidUsd)
    const none = { parts: null, fates: null }
    return { ...shared, ...none, totalUsd: usd, firstUsd: usd, firstAccounts: accounts }
  }
  const { common, extra, averted, firstUsd, totalUsd } = attribute(tally, counterfactual)
  return {
    ...shared,
    totalUsd,
    firstUsd,
    parts: { common: total(common), extra: total(extra), averted: total(averted) },
    firstAccounts: countOf(counterfactual.repaidUsd),
    fates: fatesOf(stage),
  }
}

function fatesOf({ tally, counterfactual }: Stage): Fates {
  const rows = [...FATES, 'averted'].map(() => ({ accounts: 0, repaid_usd: 0 }))
  const { firstBlock, repaidUsd } = tally
  for (let row = 0; row < firstBlock.length; row++) {
    const without = counterfactual!.firstBlock[row]
    if (firstBlock[row] === 0 && without === 0) continue
    const fate = rows[firstBlock[row] === 0 ? FATES.length : fateIndex(firstBlock[row], without)]
    fate.accounts++
    fate.repaid_usd += firstBlock[row] === 0 ? counterfactual!.repaidUsd[row] : repaidUsd[row]
  }
  const [primary, hastened, feedback_only, delayed, averted] = rows
  return { primary, hastened, feedback_only, delayed, averted }
}

function bookOf({ posts, opening, scenario }: Stage): TimedReport['book'] {
  const rules = posts.map(({ protocol }) => protocol.rules)
  const sum = (of: (j: number) => number) => posts.reduce((all, _, j) => all + of(j), 0)
  const usd = (j: number, side: 1 | -1) => {
    const { asset, side: sides, amount } = pledgedBook(scenario.protocols, rules, j).own
    let worth = 0
    for (let k = 0; k < amount.length; k++)
      if (sides[k] === side) worth += amount[k] * opening[asset[k]]
    return worth
  }
  return {
    protocols: posts.map(({ protocol }) => ({ name: protocol.name, rules: protocol.rules.name })),
    accounts: sum((j) => posts[j].protocol.accounts.length),
    legs: sum((j) => posts[j].protocol.book.amount.length),
    debt_usd: sum((j) => usd(j, -1)),
    collateral_usd: sum((j) => usd(j, 1)),
    synthetic: scenario.protocols.some(({ positions }) => positions.synthetic),
  }
}

function protocolsOf(stage: Stage, recorder: Recorder): ProtocolRow[] {
  const { posts, tally, offset, opening, time } = stage
  return posts.map(({ protocol, watch }, j) => {
    const repaid = tally.repaidUsd.subarray(offset[j], offset[j + 1])
    let lost = 0
    for (let a = 0; a < opening.length; a++) lost += protocol.badDebt[a] * opening[a]
    return {
      name: protocol.name,
      rules: protocol.rules.name,
      liquidations: tally.liquidations[j],
      accounts: countOf(repaid),
      repaid_usd: total(repaid),
      bad_debt_usd: lost,
      shortfall_usd: shortfallUsd(stage, j),
      waiting: watch.breached(),
      in_auction_usd: inAuction(stage, j),
      oracle_age_seconds: tally.extremes.age[j],
      oracle_gap: tally.extremes.gap[j],
      gap_at_seconds: tally.extremes.gapAt[j] * time.chain.blockSeconds,
      sales: tally.sales[j],
      sales_usd: tally.salesUsd[j],
      gauges: gaugesOf(posts[j], recorder),
      borrowers_lost_usd: tally.borrowersLostUsd[j],
      returned_usd: tally.returnedUsd[j],
      kept_usd: tally.keptUsd[j],
      defences: defencesOf(posts[j]),
      closings: protocol.rules.house === undefined ? [] : closingsOf(recorder.events, j),
    }
  })
}

/** What accounts of a protocol owe beyond what they own, at final prices. */
export function shortfallUsd({ posts, mids }: Stage, j: number): number {
  const { book, rules, index } = posts[j].protocol
  const { start, slot, amount } = book
  const { asset } = rules.slots
  let usd = 0
  for (let i = 0; i + 1 < start.length; i++) {
    let owned = 0
    let owed = 0
    for (let k = start[i]; k < start[i + 1]; k++) {
      const worth = amount[k] * index[slot[k]] * mids[asset[slot[k]]]
      if (worth > 0) owned += worth
      else owed -= worth
    }
    if (owed > owned) usd += owed - owned
  }
  return usd
}

/** What each defence of a protocol did. */
function defencesOf({ guards }: Stage['posts'][number]): DefenceRow[] {
  return (guards?.all ?? []).map((defence) => {
    const values = new Float64Array(defence.readings.length)
    defence.read(values)
    const readings = defence.readings.map((reading, n) => ({ ...reading, value: values[n] }))
    return { name: defence.name, readings }
  })
}

/** What a house was at the opening, at its extremes, and at the end. */
function gaugesOf({ protocol, house }: Stage['posts'][number], { frames }: Recorder): GaugeRow[] {
  return (protocol.rules.house?.gauges ?? []).map(({ name, unit, definition }, g) => {
    const values = columnOf(frames, `${name}_${protocol.name}`)
    const opening = house!.opening[g]
    const row = { name, unit, definition, opening, lowest: opening, highest: opening }
    for (const value of values) {
      if (value < row.lowest) row.lowest = value
      if (value > row.highest) row.highest = value
    }
    return { ...row, final: values.length === 0 ? opening : values[values.length - 1] }
  })
}

function fundsOf({ funds, posts, tally, opening }: Stage): FundRow[] {
  const lostUsd = (j: number) =>
    tally.lost[j].reduce((sum, units, a) => sum + units * opening[a], 0)
  return funds.flatMap(({ name, openingUsd, leftUsd, mostUsd, drawnUsd }) =>
    posts.flatMap(({ protocol }, j) =>
      mostUsd[j] === 0
        ? []
        : [
            {
              fund: name,
              opening_usd: openingUsd,
              left_usd: leftUsd,
              protocol: protocol.name,
              most_usd: mostUsd[j],
              drawn_usd: drawnUsd[j],
              uncovered_usd: Math.max(0, lostUsd(j) - tally.coveredUsd[j]),
            },
          ],
    ),
  )
}

function openAuctions({ protocols }: TimedFacts): Warning[] {
  return protocols
    .filter(({ in_auction_usd }) => in_auction_usd > 0)
    .map(({ name, in_auction_usd }) => ({
      code: 'FB4123',
      text: `${name} has ${money(in_auction_usd)} of debt in auctions that are not decided`,
      effect: 'optimistic',
    }))
}

/** Debt that left the accounts for auctions and is not closed, at opening prices. */
export function inAuction({ ledger, opening, posts }: Stage, j: number): number {
  // What a vault took over stands with what it cost.
  if (posts[j].house !== null) return 0
  let usd = 0
  const place = ledger.holders.of(j, ITEMS)
  for (let a = 0; a < opening.length; a++)
    usd += Math.max(0, -ledger.balance(place, a)) * opening[a]
  return usd
}

/** What each liquidator made of it. */
export function liquidatorsOf({ takers, time, mids }: Stage): LiquidatorRow[] {
  return takers.map(({ name, books, inventory, escrowUsd, hasLeft }, t) => {
    let stock = escrowUsd
    for (let a = 0; a < inventory.length; a++) stock += inventory[a] * mids[a]
    const { proceedsUsd, paidUsd, gasUsd, tipUsd, flashUsd } = books
    const { capitalUsd } = time.takers[t]
    return {
      name,
      won: books.won,
      failed: books.failed,
      proceeds_usd: proceedsUsd,
      paid_usd: paidUsd,
      gas_usd: gasUsd,
      tips_usd: tipUsd,
      flash_usd: flashUsd,
      inventory_usd: stock,
      profit_usd: proceedsUsd + stock - paidUsd - gasUsd - tipUsd - flashUsd,
      capital_usd: capitalUsd === Number.POSITIVE_INFINITY ? null : capitalUsd,
      priced_out: books.pricedOut,
      out_of_capital: books.outOfCapital,
      left: hasLeft,
    }
  })
}

function generationsOf({ tally, opening, scenario, twins, time }: Stage): GenerationRow[] {
  const { generationCount, generationUsd, extremes } = tally
  const price = opening[scenario.shock.asset]
  const last = generationCount.findLastIndex((count) => count > 0)
  return Array.from({ length: last + 1 }, (_, g) => {
    const lowest = extremes.twinLowest
    // The sales of generation g are what twin g + 1 has and twin g lacks; the last is the market.
    const has = Math.min(g + 1, twins.length, lowest.length - 1)
    const caused = g < lowest.length - 1 ? (lowest[g] - lowest[has]) / price : null
    return {
      generation: g,
      and_later: g === time.generations - 1,
      liquidations: generationCount[g],
      repaid_usd: generationUsd[g],
      drop: caused,
    }
  })
}

/** Most points of a picture. */
const POINTS = 600
/** Columns that add up over the blocks of a point; of the others, but for gas, the last stands. */
const FLOWS = new Set([
  'liquidations',
  'liquidated_usd',
  'feedback_usd',
  'sold_usd',
  'failed',
  'priced_out',
])

function timelineOf(frames: Table): Timeline {
  const width = Math.max(1, Math.ceil(frames.rows / POINTS))
  const points = Math.ceil(frames.rows / width)
  return {
    columns: frames.columns.map(({ name, unit, definition }) => {
      const of = columnOf(frames, name)
      const values = Array.from({ length: points }, (_, p) => {
        const part = of.subarray(p * width, Math.min((p + 1) * width, frames.rows))
        return finiteOr(pointOf(name, part))
      })
      return { name, unit, definition, values }
    }),
  }
}

function pointOf(name: string, part: Float64Array): number {
  if (FLOWS.has(name)) return total(part)
  if (name === 'gwei') return part.reduce((most, gwei) => Math.max(most, gwei))
  if (name === 'won_gwei') return part.reduce(lowerOf, Number.NaN)
  return lastKnown(part)
}

function lowerOf(least: number, gwei: number): number {
  return Number.isNaN(gwei) || least <= gwei ? least : gwei
}

function lastKnown(part: Float64Array): number {
  for (let k = part.length - 1; k >= 0; k--) if (!Number.isNaN(part[k])) return part[k]
  return Number.NaN
}

function finiteOr(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** USD of bad debt with and without feedback; the second null without a counterfactual. */
export function badDebtOf({ stage }: TimedFacts): { actual: number; without: number | null } {
  const { counterfactual } = stage
  return {
    actual: badDebtUsd(stage),
    without: counterfactual === null ? null : counterfactual.badDebtUsd,
  }
}
