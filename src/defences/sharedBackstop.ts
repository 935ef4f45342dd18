/** One fund for all protocols of a scenario. */

import type { Defence } from '../defence.ts'
import { choice, type Given, money, or } from '../parameters.ts'
import type { Scenario } from '../scenario.ts'
import { usdOf, withFund } from './extended.ts'
import { fundReadings, paidBy } from './payments.ts'

const parameters = {
  capitalUsd: or(money('What this protocol puts in at the opening.'), 1_000_000),
  rule: or(
    choice('The most of it that each protocol may draw.', ['firstCome', 'byDebt', 'equal']),
    'byDebt',
  ),
}

/**
 * A fund that all protocols of the scenario draw on; each that names it puts capital in.
 *
 * | native word         | here                                       |
 * | ------------------- | ------------------------------------------ |
 * | mutual, hub reserve | `capital` of all who name it, in one fund  |
 * | coverage limit      | `rule`: the share that a protocol may draw |
 *
 * Rule:       pays lenders what was written off, at the close of the block, protocol by protocol in
 *             their order. A protocol draws at most its share: `firstCome` all of it, `byDebt` its
 *             part of all debts at the opening, `equal` as much as any other. Where several name
 *             it, the rule of the last holds.
 * Units:      USD at opening prices.
 * Source:     own; the shape of mutual cover and of a hub whose spokes share reserves
 *             (docs/defences.md).
 * Simplifies: it is in cash; protocols that do not name it may draw too.
 * Assumes:    protocols fail at different times. Where one shock hits all, shares bind and the
 *             money that lies in one share is missing in another; without shares whoever writes off
 *             first leaves nothing to the others.
 */
export function sharedBackstop(of: Given<typeof parameters>): Defence {
  return {
    name: 'sharedBackstop',
    readings: fundReadings,
    extend: (scenario) =>
      withFund(scenario, {
        name: NAME,
        capitalUsd: of.capitalUsd,
        draws: drawsOf(scenario, of.rule),
      }),
    ...paidBy(() => NAME),
  }
}

sharedBackstop.parameters = parameters

const NAME = 'shared backstop'

function drawsOf({ protocols, assets }: Scenario, rule: string): number[] {
  if (rule !== 'byDebt') return protocols.map(() => (rule === 'equal' ? 1 / protocols.length : 1))
  const debts = protocols.map(({ positions: { side, asset, amount } }) =>
    amount.reduce((sum, units, k) => sum + (side[k] < 0 ? units * usdOf(assets, asset[k]) : 0), 0),
  )
  const all = debts.reduce((sum, usd) => sum + usd, 0)
  return debts.map((usd) => (all > 0 ? usd / all : 0))
}
