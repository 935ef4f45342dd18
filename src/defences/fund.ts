/** An insurance fund of the protocol alone. */

import type { Defence } from '../defence.ts'
import { type Given, money, or } from '../parameters.ts'
import { withFund } from './extended.ts'
import { fundReadings, paidBy } from './payments.ts'

const parameters = {
  capitalUsd: or(money('What is in it at the opening.'), 1_000_000),
}

/**
 * A fund that pays what lenders of the protocol lost.
 *
 * | native word                   | here                          |
 * | ----------------------------- | ----------------------------- |
 * | insurance fund, safety module | `capital`, USD at the opening |
 * | deficit that is covered       | `paid_usd`                    |
 *
 * Rule:       at the close of a block it pays lenders what was written off in it, at opening
 *             prices, as far as it reaches. Funds of the scenario pay before it.
 * Units:      USD.
 * Source:     Aave's Umbrella and the insurance funds of exchanges (docs/defences.md).
 * Simplifies: it is in cash and keeps its worth; nobody leaves it, and fees do not fill it.
 * Assumes:    bad debt still happens and is reported whole: a fund changes who bears it, and no
 *             sale. So it stops no cascade. It is capital that earns nothing where nothing happens.
 */
export function fund(of: Given<typeof parameters>): Defence {
  return {
    name: 'fund',
    readings: fundReadings,
    extend: (scenario, j) =>
      withFund(scenario, {
        name: nameOf(scenario.protocols[j].name),
        capitalUsd: of.capitalUsd,
        draws: scenario.protocols.map((_, other) => +(other === j)),
      }),
    ...paidBy(nameOf),
  }
}

fund.parameters = parameters

function nameOf(protocol: string): string {
  return `fund of ${protocol}`
}
