/** What a reader must know before quoting a number: each with its effect on the answer. */

import type { Cascade } from './analysis/cascade.ts'
import { LOOP_ACCOUNTS_MIN } from './analysis/loopGain.ts'
import type { Stage } from './block/stage.ts'
import { counted, money } from './format.ts'
import type { Facts } from './metrics.ts'
import { type CountedTwice, countedTwice } from './pledges.ts'
import type { Warning } from './report.ts'

/** Warnings that only the run itself can give, after those of the scenario's files. */
export function runWarnings(facts: Facts, actual: Cascade): Warning[] {
  const { scenario, gain, bench } = facts
  const found: Warning[] = []
  const warn = (code: string, text: string, effect: string) => found.push({ code, text, effect })
  if (actual.extrapolated)
    warn('FB4108', 'part of the sales lies past the observed depth', 'unknown')
  const unsold = actual.unsold.findIndex((units) => units > 0)
  if (unsold >= 0)
    warn('FB4109', `a wall left some ${scenario.assets[unsold].name} unsold`, 'pessimistic')
  const thin = gain.profile.filter((at) => at.label === 'single account')
  if (thin.length > 0)
    warn(
      'FB4110',
      `loop gain at ${thin.map(({ h }) => percent(h)).join(', ')} rests on fewer than ` +
        `${LOOP_ACCOUNTS_MIN} effective accounts`,
      'unknown',
    )
  if (bench.prepared.lead < 0)
    warn('FB4111', 'several prices move: only the staircase of the cobweb is exact', 'none')
  if (scenario.order === 'batch')
    warn('FB4112', 'a batch cascade is not monotone: a deeper drop may end higher', 'unknown')
  if (facts.overhang.accounts > 0)
    warn(
      'FB4113',
      `${counted(facts.overhang.accounts, 'account')} could be liquidated before any move`,
      'none',
    )
  if (!scenario.feedback)
    warn('FB4114', 'feedback is off: sales do not move the price', 'optimistic')
  const { base, prepared } = bench
  return [...found, ...pledgedTwice(countedTwice(base.pledges, base.protocols, prepared.opening))]
}

/** Warnings of a run in time, after those of the scenario's files. */
export function timedWarnings(stage: Stage): Warning[] {
  const { scenario, tally, time } = stage
  const found: Warning[] = []
  const warn = (code: string, text: string, effect: string) => found.push({ code, text, effect })
  if (tally.extrapolated)
    warn('FB4108', 'part of the sales lies past the observed depth', 'unknown')
  const unsold = tally.unsold.findIndex((units) => units > 0)
  if (unsold >= 0)
    warn('FB4109', `a wall left some ${scenario.assets[unsold].name} unsold`, 'pessimistic')
  if (!scenario.feedback)
    warn('FB4114', 'feedback is off: sales do not move the price', 'optimistic')
  if (time.pricesAre === 'given')
    warn('FB4115', 'prices are a record and already hold their feedback: sales move none', 'none')
  const { miss, missAt, factor } = tally.inference
  if (miss > MISS_NAMED)
    warn(
      'FB4120',
      `the record is not reached: the market is off by up to ${percent(miss)}, in block ${missAt}`,
      'unknown',
    )
  if (factor > FACTOR_NAMED)
    warn(
      'FB4121',
      `at this depth the outside move would have to reach ${factor.toFixed(1)} times the record`,
      'unknown',
    )
  const open = stage.posts.filter((_, j) => tally.closed[j] > 0)
  for (const { protocol } of open)
    warn('FB4122', `${protocol.name} did not act while a feed of it was not valid`, 'unknown')
  return [...found, ...pledgedTwice(stage.countedTwice)]
}

function pledgedTwice({ usd, accounts }: CountedTwice): Warning[] {
  if (accounts === 0) return []
  const who = counted(accounts, 'account borrows', 'accounts borrow')
  const text =
    `double-counted collateral ${money(usd)}: ${who} against what is pledged in another protocol ` +
    'too, and neither counts the debt in the other'
  return [{ code: 'FB4127', text, effect: 'none' }]
}

/** Beyond these an inference says that it does not hold. */
const MISS_NAMED = 1e-6
const FACTOR_NAMED = 1.25

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(6))}%`
}
