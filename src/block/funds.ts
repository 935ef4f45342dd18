/** Funds that several protocols share pay what lenders lost, as far as each may draw. */

import { LENDERS } from '../rules.ts'
import type { FundSpec } from '../scenario.ts'
import type { Stage } from './stage.ts'

/** A shared fund. Units: USD; columns by protocol. */
export interface SharedFund {
  readonly name: string
  readonly openingUsd: number
  leftUsd: number
  /** The most that each protocol may draw over the run, and what it drew. */
  readonly mostUsd: Float64Array
  readonly drawnUsd: Float64Array
}

/** Funds at the opening. */
export function openFunds(specs: readonly FundSpec[]): SharedFund[] {
  return specs.map(({ name, capitalUsd, draws }) => ({
    name,
    openingUsd: capitalUsd,
    leftUsd: capitalUsd,
    mostUsd: Float64Array.from(draws, (share) => share * capitalUsd),
    drawnUsd: new Float64Array(draws.length),
  }))
}

/**
 * Pays what was written off in this block.
 *
 * Rule: protocol by protocol in their order, from each fund in its order: no more than was lost and
 *       not yet paid, than the protocol may still draw, and than is left.
 */
export function drawOnFunds({ funds, posts, tally, opening, ledger, market }: Stage): void {
  if (funds.length === 0) return
  for (let j = 0; j < posts.length; j++) {
    let owed = -tally.coveredUsd[j]
    for (let a = 0; a < opening.length; a++) owed += tally.lost[j][a] * opening[a]
    for (const fund of funds) {
      const paid = Math.min(owed, fund.mostUsd[j] - fund.drawnUsd[j], fund.leftUsd)
      if (!(paid > 0)) continue
      owed -= paid
      fund.leftUsd -= paid
      fund.drawnUsd[j] += paid
      tally.coveredUsd[j] += paid
      ledger.move(market.cash, ledger.holders.funds, ledger.holders.of(j, LENDERS), paid)
    }
  }
}
