/** Plans are tried in the block loop, each from the same opening. */

import { badDebtUsd, usdOutside } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { blocks } from '../blocks.ts'
import { InputError } from '../errors.ts'
import type { Paths } from '../paths/sample.ts'
import { BORROWERS, type Protocol } from '../rules.ts'
import type { Scenario, TakerSpec } from '../scenario.ts'
import { copyOpening, type Opening, openingOf, stageOf } from '../stage.ts'
import { ATTACKER, withAccounts } from './loan.ts'
import { idle, type Plan, type Setting } from './plan.ts'
import type { AttackSpec } from './spec.ts'
import { strikeOf, type Takings } from './strike.ts'

/** What a plan came to. */
export interface Outcome {
  readonly plan: Plan
  /** USD more than the same means earn as a liquidator that pushes nothing. */
  readonly profitUsd: number
  readonly capitalUsd: number
  /** USD more than without an attacker: bad debt with what it owes unpaid; loss of borrowers. */
  readonly badDebtUsd: number
  readonly borrowersLostUsd: number
  /** By protocol: the largest move of a published price of the asset, with the push. */
  readonly moved: Float64Array
  readonly isReverted: boolean
  /** Largest difference of stock and flow, of accounts in any block and its own, as a share. */
  readonly gap: number
}

/** A scenario in which plans can be tried. */
export interface Trial extends Setting {
  /** Tries a plan with the attacker's means, or with others. */
  attempt(plan: Plan, spec?: AttackSpec): Outcome
  /** What the means earn as a liquidator that pushes nothing, USD. */
  readonly honestUsd: number
}

/**
 * A trial of a scenario in time.
 *
 * Rule:       every plan runs over all blocks of the scenario, from the same opening, on the same
 *             path. The attacker is one more liquidator, without latency, with a private place, and
 *             keeps what it seizes until it lets go. All damage and profit is told against two runs
 *             without a push: one without the attacker, one with it as an honest liquidator.
 * Simplifies: liquidators that win an oracle auction, or pay for a private place, go before it.
 *             Generations of sales are not told apart.
 * Throws:     InputError FB2093 without blocks, FB2094 where sales move no price, FB2095
 */
export function trialOf(scenario: Scenario, spec: AttackSpec): Trial {
  checkScenario(scenario)
  const whole = prepared(scenario, spec)
  const opening = openingOf(whole)
  const t = scenario.time!.takers.length
  const paths = pathsOf(whole)
  const run = (plan: Plan, means: AttackSpec): Run => runOf(whole, opening, paths, plan, means, t)
  const without = run(idle, spec)
  const honest = run({ ...idle, liquidates: true }, spec)
  const assets = scenario.assets.length
  return {
    ...{ scenario, spec, world: opening.world, honestUsd: honest.takings.profitUsd },
    attempt: (plan, means = spec) => outcomeOf(plan, run(plan, means), without, honest, assets),
  }
}

/** Published prices by block, protocol and asset. */
interface Table {
  readonly protocols: number
  readonly price: Float64Array
}

/** What one run left. */
interface Run {
  readonly takings: Takings
  readonly badDebtUsd: number
  readonly borrowersLostUsd: number
  readonly published: Table
  readonly gap: number
}

function runOf(
  scenario: Scenario,
  opening: Opening,
  paths: Paths,
  plan: Plan,
  spec: AttackSpec,
  t: number,
): Run {
  const own: Paths = { ...paths, depth: paths.depth.slice() }
  const stage = stageOf(scenario, true, null, own, false, copyOpening(opening))
  stage.takers[t].cash = spec.cashUsd
  const strike = strikeOf(plan, spec, stage, t)
  const assets = stage.mids.length
  const published = new Float64Array(stage.posts.length * assets * stage.time.blocks)
  for (const block of blocks(stage, null, strike.act)) {
    stage.posts.forEach(({ protocol: { prices } }, j) => {
      published.set(prices, ((block - 1) * stage.posts.length + j) * assets)
    })
    strike.close(stage)
  }
  const takings = strike.end(stage)
  return {
    takings,
    badDebtUsd: badDebtUsd(stage),
    borrowersLostUsd: lostOf(stage),
    published: { protocols: stage.posts.length, price: published },
    gap: Math.max(takings.gap, stage.tally.gap, stage.ledger.gap(), stage.ledger.recount()),
  }
}

/**
 * What borrowers are worse off by, but for a constant.
 *
 * Rule: less what their accounts are worth above their debts at outside prices, and what they got
 *       back. Where legs are no amounts of assets: collateral taken less debt repaid, at the mid.
 */
function lostOf(stage: Stage): number {
  const { posts, tally, ledger, mids } = stage
  let usd = 0
  posts.forEach(({ protocol }, j) => {
    if (protocol.rules.book !== undefined) {
      usd += tally.borrowersLostUsd[j]
      return
    }
    usd -= worthAboveDebt(stage, protocol)
    const place = ledger.holders.of(j, BORROWERS)
    for (let a = 0; a < mids.length; a++) usd -= ledger.balance(place, a) * usdOutside(stage, a)
  })
  return usd
}

function worthAboveDebt(stage: Stage, { book, index, rules, accounts }: Protocol): number {
  let sum = 0
  for (let i = 0; i < accounts.length; i++) {
    if (accounts[i] === ATTACKER) continue
    let usd = 0
    for (let k = book.start[i]; k < book.start[i + 1]; k++) {
      const s = book.slot[k]
      usd += book.amount[k] * index[s] * usdOutside(stage, rules.slots.asset[s])
    }
    sum += Math.max(0, usd)
  }
  return sum
}

function outcomeOf(plan: Plan, run: Run, without: Run, honest: Run, assets: number): Outcome {
  const { takings, gap } = run
  const { capitalUsd, unpaidUsd, isReverted } = takings
  const told = isReverted ? without : run
  return {
    plan,
    profitUsd: takings.profitUsd - honest.takings.profitUsd,
    ...{ capitalUsd, isReverted, gap },
    badDebtUsd: told.badDebtUsd + unpaidUsd - without.badDebtUsd,
    borrowersLostUsd: told.borrowersLostUsd - without.borrowersLostUsd,
    moved: movesOf(plan, told.published, without.published, assets),
  }
}

/** By protocol: the largest move of the published price, towards where the plan pushes it. */
function movesOf(plan: Plan, run: Table, without: Table, assets: number): Float64Array {
  const moved = new Float64Array(run.protocols)
  const side = plan.to < 1 ? -1 : 1
  for (let k = plan.asset; k < run.price.length; k += assets) {
    const j = Math.floor(k / assets) % run.protocols
    const move = side * (run.price[k] / without.price[k] - 1)
    if (move > moved[j]) moved[j] = move
  }
  return moved
}

/** The attacker as a liquidator: it acts at once, and keeps what it seizes. */
function takerOf({ cashUsd, gas }: AttackSpec): TakerSpec {
  return {
    ...{ name: 'attacker', capitalUsd: cashUsd, flashFee: null },
    ...{ latency: { kind: 'blocks', blocks: 0 }, minProfitUsd: 0, size: 'profitable', gas },
    ...{ bidding: { kind: 'market', times: 1 }, maxGwei: Number.POSITIVE_INFINITY },
    ...{ route: 'private', tipShare: 0, valuation: 1, outbids: 'least' },
    ...{ disposal: { kind: 'hold' }, leavesAfterUsd: Number.POSITIVE_INFINITY },
  }
}

function prepared(scenario: Scenario, spec: AttackSpec): Scenario {
  const time = scenario.time!
  const takers = [...time.takers, takerOf(spec)]
  return { ...withAccounts(scenario, spec), time: { ...time, takers, generations: 0 } }
}

/** The outside paths; beneath a record they are found first, without the attacker. */
function pathsOf(scenario: Scenario): Paths {
  const infers = scenario.time!.pricesAre === 'inferred'
  const stage = stageOf(scenario, true, null, undefined, infers)
  stage.takers[stage.takers.length - 1].hasLeft = true
  if (infers) for (const _ of blocks(stage, null));
  return stage.paths
}

function checkScenario({ time, feedback }: Scenario): void {
  if (time === null)
    throw new InputError({
      code: 'FB2093',
      place: 'attack',
      rule: 'an attack takes blocks',
      came: 'a scenario without blocks:',
      remedy: 'Add blocks:, chain: and paths:',
    })
  if (feedback && time.pricesAre !== 'given') return
  throw new InputError({
    code: 'FB2094',
    place: feedback ? 'paths.are' : 'feedback',
    rule: 'an attack needs a market that sales move',
    came: feedback ? 'given' : 'false',
    remedy: 'Write are: outside or are: inferred, and leave feedback on',
  })
}
