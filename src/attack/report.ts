/** What an attack comes to, as one JSON document. */

import type { DataSource } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import { collateralPump } from './collateralPump.ts'
import { type Corruption, corruptions } from './corrupt.ts'
import { type Outcome, type Trial, trialOf } from './evaluate.ts'
import { oraclePush } from './oraclePush.ts'
import type { Family, Plan, Setting } from './plan.ts'
import { gainOf, toxicLoanToValue } from './poolSandwich.ts'
import { sandwich } from './sandwich.ts'
import { type Found, pays, searchPlans } from './search.ts'
import type { AttackSpec } from './spec.ts'

/**
 * The report of a search for attacks.
 *
 * Units: USD, fractions, blocks. Names of assets, venues and protocols as in the scenario.
 */
export interface AttackReport {
  readonly schema: 'firebreak.attack/1'
  readonly scenario: string
  readonly run_id: string
  readonly engine_version: string
  readonly seed: number
  readonly path: number
  readonly synthetic: boolean
  readonly data: readonly DataSource[]
  readonly attacker: {
    readonly cash_usd: number
    readonly flash_usd: number
    readonly min_profit_usd: number
    readonly blocks: number
    readonly block_seconds: number
  }
  /** What the same means earn as a liquidator that pushes nothing; profits are above it. */
  readonly honest_usd: number
  readonly found: FoundReport
  /** The cheapest first; those that cannot be moved so far last. */
  readonly corruption: readonly CorruptionReport[]
  readonly pools: readonly PoolReport[]
  readonly guards: readonly GuardReport[]
  /** Plans that a search may try, in all of them: tried, and pushes tried for `corruption`. */
  readonly search: {
    readonly budget: number
    readonly plans: number
    readonly pushes: number
    readonly is_whole: boolean
  }
  readonly warnings: Scenario['warnings']
}

/** What one search found. */
export interface FoundReport {
  /** How many plans were tried. */
  readonly plans: number
  readonly is_profitable: boolean
  readonly best: PlanReport | null
  readonly cheapest: PlanReport | null
  /** The best of each kind of plan. */
  readonly kinds: readonly PlanReport[]
}

/** One plan and what it came to. */
export interface PlanReport {
  readonly kind: string
  readonly asset: string
  /** Null: on all venues that sell the asset. */
  readonly venue: string | null
  /** The price it makes, as a factor of the opening price. */
  readonly to: number
  readonly blocks: number
  readonly deposit_usd: number
  /** Held outside: below 0 a short. */
  readonly outside_usd: number
  readonly withdraws_depth: boolean
  readonly borrows: { readonly protocol: string; readonly asset: string } | null
  readonly profit_usd: number
  readonly capital_usd: number
  readonly bad_debt_usd: number
  readonly borrowers_lost_usd: number
  readonly is_reverted: boolean
}

/** The cost to move one published price. */
export interface CorruptionReport {
  readonly protocol: string
  readonly asset: string
  readonly oracle: string
  readonly move: number
  readonly capital_usd: number | null
  readonly loss_usd: number | null
  readonly blocks: number | null
}

/** A pool that a protocol reads as its price. */
export interface PoolReport {
  readonly protocol: string
  readonly asset: string
  readonly venue: string
  /** (1 - fee) (1 + bonus): nobody liquidates in slices where it is at most 1. */
  readonly gain: number
  /** Loan-to-value above which small liquidations of the largest position make it worse. */
  readonly toxic_loan_to_value: number
}

/** What a guard changes: the plan that was best without it, and the best against it. */
export interface GuardReport {
  readonly name: string
  readonly set: Readonly<Record<string, unknown>>
  readonly same_plan_usd: number
  readonly found: FoundReport
  readonly corruption: readonly CorruptionReport[]
}

/** A scenario to be attacked, with what its report says of itself. */
export interface Target {
  readonly scenario: Scenario
  readonly spec: AttackSpec
}

/** A guard: the scenario as it is with it. */
export interface Guarded extends Target {
  readonly name: string
  readonly set: Readonly<Record<string, unknown>>
}

/** What is known of a run before it runs. */
export interface Facts {
  readonly runId: string
  readonly engineVersion: string
  readonly data: readonly DataSource[]
}

/** Where a search stands: which guard it is at, 0 for none. */
export interface AttackProgress {
  readonly at: number
  readonly all: number
}

/**
 * Searches for attacks on a scenario, and again with each guard; yields before each search.
 *
 * Throws: InputError FB2093, FB2094, FB2095; what a scenario refuses when it is set up
 */
export function* attackReport(
  { scenario, spec }: Target,
  guards: readonly Guarded[],
  { runId, engineVersion, data }: Facts,
): Generator<AttackProgress, AttackReport, void> {
  const all = guards.length + 1
  yield { at: 0, all }
  const open = searched({ scenario, spec })
  const { trial, costs } = open
  let { found } = open
  const searches: { readonly guard: Guarded; readonly own: Searched }[] = []
  let [plans, pushes] = [found.evaluations, pushesOf(costs)]
  for (const [n, guard] of guards.entries()) {
    yield { at: n + 1, all }
    const own = searched(guard)
    found = withPlan(found, own.found.best, trial)
    searches.push({ guard, own })
    plans += own.found.evaluations
    pushes += pushesOf(own.costs)
  }
  const time = scenario.time!
  return {
    schema: 'firebreak.attack/1',
    ...{ scenario: scenario.name, run_id: runId, engine_version: engineVersion },
    ...{ seed: scenario.seed, path: time.path, data },
    synthetic: scenario.protocols.every(({ positions }) => positions.synthetic),
    attacker: {
      ...{ cash_usd: spec.cashUsd, flash_usd: spec.flashUsd, min_profit_usd: spec.minProfitUsd },
      ...{ blocks: time.blocks, block_seconds: time.chain.blockSeconds },
    },
    honest_usd: trial.honestUsd,
    found: foundReport(found, trial),
    corruption: corruptionReports(costs, trial),
    pools: poolReports(trial),
    guards: searches.map(({ guard, own }) => guardReport(guard, own, found)),
    search: { budget: spec.evaluations, plans, pushes, is_whole: found.isWhole },
    warnings: scenario.warnings,
  }
}

/** All plans that are searched in a setting. */
export function familiesOf(setting: Setting): Family[] {
  return [...sandwich(setting), ...oraclePush(setting), ...collateralPump(setting)]
}

interface Searched {
  readonly trial: Trial
  readonly found: Found
  readonly costs: readonly Corruption[]
}

function searched({ scenario, spec }: Target): Searched {
  const trial = trialOf(scenario, spec)
  const found = searchPlans(trial, familiesOf(trial), spec.evaluations)
  return { trial, found, costs: corruptions(trial) }
}

function pushesOf(costs: readonly Corruption[]): number {
  return costs.reduce((sum, { evaluations }) => sum + evaluations, 0)
}

/** What pays best against a guard may pay even better without it. */
function withPlan(found: Found, against: Outcome | null, trial: Trial): Found {
  if (found.best === null || against === null) return found
  const own = trial.attempt(against.plan)
  if (own.profitUsd <= found.best.profitUsd) return found
  return { ...found, best: own, byKind: new Map(found.byKind).set(own.plan.kind, own) }
}

function guardReport({ name, set }: Guarded, own: Searched, open: Found): GuardReport {
  const same = open.best === null ? 0 : own.trial.attempt(open.best.plan).profitUsd
  return {
    ...{ name, set, same_plan_usd: same },
    found: foundReport(own.found, own.trial),
    corruption: corruptionReports(own.costs, own.trial),
  }
}

function foundReport({ best, cheapest, byKind, evaluations }: Found, trial: Trial): FoundReport {
  return {
    plans: evaluations,
    is_profitable: best !== null && pays(best.profitUsd, trial.spec.minProfitUsd),
    best: best === null ? null : planReport(best, trial),
    cheapest: cheapest === null ? null : planReport(cheapest, trial),
    kinds: [...byKind.values()].map((outcome) => planReport(outcome, trial)),
  }
}

function planReport(outcome: Outcome, { world, spec, scenario }: Trial): PlanReport {
  const { plan, profitUsd, capitalUsd, badDebtUsd, borrowersLostUsd, isReverted } = outcome
  const { assets, venues } = world.market
  return {
    ...{ kind: plan.kind, asset: assets[plan.asset], to: plan.to, blocks: plan.blocks },
    venue: plan.venue < 0 ? null : venues[plan.venue].name,
    deposit_usd: plan.depositUsd,
    outside_usd: plan.blocks > 1 ? plan.outsideUsd : 0,
    withdraws_depth: plan.withdraws,
    borrows: borrowsOf(plan, spec, scenario),
    ...{ profit_usd: profitUsd, capital_usd: capitalUsd, bad_debt_usd: badDebtUsd },
    ...{ borrowers_lost_usd: borrowersLostUsd, is_reverted: isReverted },
  }
}

function borrowsOf(plan: Plan, { loans }: AttackSpec, { protocols, assets }: Scenario) {
  if (plan.loan < 0) return null
  const { protocol, asset } = loans[plan.loan]
  return { protocol: protocols[protocol].name, asset: assets[asset].name }
}

function corruptionReports(costs: readonly Corruption[], { scenario }: Trial): CorruptionReport[] {
  const least = ({ capitalUsd }: Corruption) => capitalUsd ?? Number.POSITIVE_INFINITY
  const order = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0)
  return [...costs]
    .sort((a, b) => order(least(a), least(b)))
    .map(({ protocol, asset, side, move, capitalUsd, lossUsd, blocks }) => ({
      protocol: scenario.protocols[protocol].name,
      asset: scenario.assets[asset].name,
      oracle: scenario.protocols[protocol].oracles[asset].kind,
      ...{ move: side * move, capital_usd: capitalUsd, loss_usd: lossUsd },
      blocks: capitalUsd === null ? null : blocks,
    }))
}

function poolReports({ world, scenario }: Trial): PoolReport[] {
  const { market, protocols } = world
  return protocols.flatMap(({ name, rules, book }, j) =>
    market.hop.flatMap((hop, asset) => {
      const terms = rules.terms(asset, 0)
      const venue = market.venues[hop[0]]
      const isRead = hop.length === 1 && venue.kind === 'constantProduct'
      if (!isRead || terms === null || scenario.protocols[j].oracles[asset].kind !== 'spot')
        return []
      let largest = 0
      for (let k = 0; k < book.amount.length; k++)
        if (rules.slots.asset[book.slot[k]] === asset) largest = Math.max(largest, book.amount[k])
      const spec = scenario.venues[hop[0]]
      const reserve = 'reserve' in spec ? spec.reserve * (1 - scenario.haircut) : 0
      return {
        ...{ protocol: name, asset: market.assets[asset], venue: venue.name },
        gain: gainOf({ fee: venue.fee, bonus: terms.bonus }),
        // Both sides of a pool are worth the same: units of its base stand for its quote.
        toxic_loan_to_value: toxicLoanToValue(terms.bonus, largest, reserve),
      }
    }),
  )
}
