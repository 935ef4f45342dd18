/** The instant cascade of a scenario, and everything a report shows of it. */

import { total } from './analysis/attribution.ts'
import { boxBracket } from './analysis/boxBracket.ts'
import { batchOf, bracket, greatestDrop } from './analysis/bracket.ts'
import type { Cascade } from './analysis/cascade.ts'
import {
  attributionCheck,
  conservation,
  feedbackOffInOrder,
  firstRoundIsAlone,
  heldOnce,
  monotone,
  settledCheck,
} from './analysis/checks.ts'
import { contagion } from './analysis/contagion.ts'
import { depthTable } from './analysis/depth.ts'
import { alreadyBad, gainNow, gainShocked, type Headline, headline } from './analysis/headline.ts'
import { avalanches, cobweb, roundRows } from './analysis/picture.ts'
import { sensitivities } from './analysis/sensitivity.ts'
import {
  type Bench,
  benchOf,
  type DropCurve,
  dropCurve,
  ignitionDrop,
} from './analysis/simulate.ts'
import { atRisk, healthBins, levelBins, outcomes } from './analysis/tables.ts'
import { isBreached } from './analysis/triggers.ts'
import { collateralOf, debtOf } from './analysis/worldLadder.ts'
import { InputError } from './errors.ts'
import { type Facts, metricsOf } from './metrics.ts'
import { countedTwice } from './pledges.ts'
import type { Check, ContagionTable, Report, Stamp } from './report.ts'
import type { Scenario } from './scenario.ts'
import { setup } from './setup.ts'
import { runWarnings } from './warnings.ts'

/**
 * Runs the instant cascade of a scenario and everything a report shows of it.
 *
 * Units:  report in USD, fractions and whole tokens; see `Report`.
 * Throws: InputError when the scenario cannot be set up (a position without terms, an impossible
 *         venue) or its order does not fit its book.
 */
export function instantRun(scenario: Scenario, stamp: Stamp): Report {
  const { asset, drop } = scenario.shock
  const bench = benchFor(scenario)
  const { base, prepared } = bench
  const cascades = headline(bench, drop)
  const { first, actual, parts } = cascades
  // First of all the checks: the scratch world still is as the cascade with feedback left it.
  const stocks = conservation(bench, bench.scratch, actual)
  const once = scenario.feedback ? heldOnce(bench.scratch) : []
  const rows = outcomes(base, prepared, actual, parts)
  const curve = dropCurve(bench, dropsOf(drop))
  const debt = openingSum(bench, debtOf)
  const tolerance = scenario.ignitionTolerance * debt
  const isPast = (i: number) => curve.totalUsd[i] - curve.firstUsd[i] > tolerance
  const ignition = scenario.feedback ? ignitionDrop(bench, curve.drop, tolerance, isPast) : null
  const facts = factsOf(scenario, bench, cascades.numbers, ignition)
  const picture = cobweb(bench, drop, actual)
  const pulled = contagionTable(bench, drop)
  return {
    ...identity(scenario, stamp),
    assets: scenario.assets.map(({ name }, a) => ({
      name,
      price: prepared.opening[a],
      shocked: first.prices[a],
      final: actual.prices[a],
    })),
    book: bookFacts(bench, scenario, debt, facts),
    metrics: metricsOf(facts),
    rounds: roundRows(actual, picture.shocked),
    curve: {
      asset: scenario.assets[asset].name,
      ...avalanches(bench, curve, facts.gain.ladder, tolerance),
    },
    map: picture,
    levels: levelBins(base, prepared, rows, bottomOf(bench, actual, drop)),
    depth: facts.depth,
    health: facts.health,
    at_risk: facts.risk,
    accounts: largest(rows),
    sensitivity: sensitivities({
      bench,
      drop,
      gainDrops: scenario.gainDrops,
      riskDrops: RISK_DROPS,
      gain: facts.gain,
      risk: facts.risk,
      ignition,
      tolerance,
      build: (input, factor) => setup(scenario, { [input]: factor }),
    }),
    contagion: pulled,
    checks: [
      stocks,
      ...once,
      ...checksOf(bench, drop, curve, cascades),
      ...pullsAddUp(pulled, actual),
    ],
    warnings: [...scenario.warnings, ...runWarnings(facts, actual)],
    data: stamp.data,
  }
}

function contagionTable(bench: Bench, drop: number): ContagionTable | null {
  const of = contagion(bench, drop)
  if (of === null) return null
  const protocols = bench.base.protocols.map(({ name }) => name)
  const { firstUsd, causedUsd, totalUsd } = of
  return { protocols, first_usd: firstUsd, caused_usd: causedUsd, total_usd: totalUsd }
}

function pullsAddUp(table: ContagionTable | null, actual: Cascade): Check[] {
  if (table === null) return []
  let all = 0
  table.first_usd.forEach((first, i) => {
    all += table.caused_usd[i].reduce((sum, usd) => sum + usd, first)
  })
  const whole = total(actual.repaidUsd)
  const gap = Math.abs(all - whole)
  const detail = `gap $${gap.toFixed(2)}`
  return [{ name: 'who pulled whom adds up', ok: gap <= 1e-9 * Math.max(1, whole), detail }]
}

/** The world of a scenario, ready for shocks. Throws: OrderError, what `setup` throws. */
export function benchFor(scenario: Scenario): Bench {
  const { liquidators, order, feedback, shock } = scenario
  const bench = benchOf(setup(scenario), shock.asset, { ...liquidators, order, feedback })
  if (order === 'at-trigger' && bench.prepared.lead < 0) throw new OrderError()
  return bench
}

function identity(scenario: Scenario, stamp: Stamp) {
  const { asset, drop } = scenario.shock
  return {
    schema: 'firebreak.result/1' as const,
    run_id: stamp.runId,
    engine_version: stamp.engineVersion,
    scenario: scenario.name,
    seed: scenario.seed,
    order: scenario.order,
    feedback: scenario.feedback,
    shock: { asset: scenario.assets[asset].name, drop },
    as_of: scenario.asOf,
  }
}

function factsOf(
  scenario: Scenario,
  bench: Bench,
  numbers: Headline,
  ignition: number | null,
): Facts {
  const { base } = bench
  const { asset, drop } = scenario.shock
  const gain = gainNow(bench, scenario.gainDrops)
  return {
    scenario,
    bench,
    numbers,
    gain,
    gainShocked: gainShocked(bench, gain, drop, scenario.gainDrops),
    ignition,
    bracket: bracket(bench, drop),
    batch: batchOf(bench, drop),
    greatest: greatestDrop(bench, drop, gain.ladder, numbers.final_drop),
    box: boxBracket(bench, drop),
    risk: atRisk(base, bench.scratch, asset, RISK_DROPS),
    depth: soldAssets(bench).map((sold) => depthTable(base.market, sold)),
    health: healthBins(base),
    overhang: overhang(bench),
  }
}

function checksOf(
  bench: Bench,
  drop: number,
  curve: DropCurve,
  { first, actual, parts }: ReturnType<typeof headline>,
): Check[] {
  return [
    ...(bench.base.protocols.some(({ items }) => items !== null) ? [] : [monotone(curve)]),
    firstRoundIsAlone(bench, drop, first),
    feedbackOffInOrder(bench, drop, first),
    attributionCheck(parts.totalUsd, parts.firstUsd, {
      common: total(parts.common),
      extra: total(parts.extra),
      averted: total(parts.averted),
    }),
    settledCheck(actual),
  ]
}

function dropsOf(drop: number): number[] {
  const deepest = Math.min(0.95, Math.max(0.3, Math.ceil((drop + 0.1) * 20) / 20))
  const steps = Math.round(deepest / DROP_STEP)
  const grid = Array.from({ length: steps + 1 }, (_, i) => i / Math.round(1 / DROP_STEP))
  return [...new Set([...grid, drop])].sort((a, b) => a - b)
}

/** Sum of a number of each account over all protocols, at the opening prices. */
export function openingSum(
  bench: Bench,
  of: (protocol: Bench['base']['protocols'][number], i: number, prices: Float64Array) => number,
): number {
  let sum = 0
  for (const protocol of bench.base.protocols)
    for (let i = 0; i < protocol.accounts.length; i++)
      sum += of(protocol, i, bench.prepared.opening)
  return sum
}

function overhang(bench: Bench): { accounts: number; debt_usd: number } {
  let accounts = 0
  let debt_usd = 0
  for (const protocol of bench.base.protocols)
    for (let i = 0; i < protocol.accounts.length; i++) {
      if (!isBreached(protocol, i) || collateralOf(protocol, i, protocol.prices) === 0) continue
      accounts++
      debt_usd += debtOf(protocol, i, protocol.prices)
    }
  return { accounts, debt_usd }
}

function bookFacts(bench: Bench, scenario: Scenario, debt: number, facts: Facts): Report['book'] {
  const { protocols, pledges } = bench.base
  const { usd: twiceUsd } = countedTwice(pledges, protocols, bench.prepared.opening)
  return {
    protocols: protocols.map(({ name, rules }) => ({ name, rules: rules.name })),
    accounts: protocols.reduce((n, protocol) => n + protocol.accounts.length, 0),
    legs: protocols.reduce((n, protocol) => n + protocol.book.amount.length, 0),
    debt_usd: debt,
    collateral_usd: openingSum(bench, collateralOf) - twiceUsd,
    synthetic: scenario.protocols.some(({ positions }) => positions.synthetic),
    already_bad: alreadyBad(bench),
    overhang: facts.overhang,
  }
}

// Everything somebody owns and a venue buys; the shocked asset first.
function soldAssets(bench: Bench): number[] {
  const sold = new Set<number>()
  for (const { book, rules } of bench.base.protocols)
    for (const slot of book.slot) if (rules.slots.side[slot] > 0) sold.add(rules.slots.asset[slot])
  const { hop } = bench.base.market
  return [...new Set([bench.asset, ...sold])].filter((asset) => hop[asset].length > 0)
}

/** The lowest price of the levels: past the stop, and 30 % down at least. Units: USD. */
export function bottomOf(bench: Bench, actual: Cascade, drop: number): number {
  const opening = bench.prepared.opening[bench.asset]
  const deepest = Math.max(1 - actual.prices[bench.asset] / opening, drop)
  return opening * (1 - Math.min(0.95, Math.max(0.3, deepest + 0.1)))
}

function largest(rows: ReturnType<typeof outcomes>): Report['accounts'] {
  const weight = (row: (typeof rows)[number]) => Math.max(row.repaid_usd, row.first_round_usd)
  return rows
    .filter((row) => weight(row) > 0)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, ACCOUNTS_SHOWN)
}

const RISK_DROPS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]
const DROP_STEP = 0.005
const ACCOUNTS_SHOWN = 25

/**
 * At trigger, every account sells at a trigger of its own: with several moving prices there is no
 * such number.
 */
export class OrderError extends InputError {
  constructor() {
    super({
      code: 'FB2302',
      rule: 'at-trigger order needs a book in which one price moves',
      place: 'order',
      came: 'at-trigger with several moving prices',
      remedy: 'Use worst-first or batch',
    })
  }
}
