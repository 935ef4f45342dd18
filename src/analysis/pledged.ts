/** What a settlement seizes is gone wherever else the same units count as collateral. */

import { follow, type Holding, noteUnits, type PledgedLeg, strand } from '../pledges.ts'
import { requeue, type Walk } from './walk.ts'

/**
 * The holdings that a settlement may change elsewhere, with their units noted; null where none is,
 * or where what this protocol does is not felt.
 */
export function notedHoldings(walk: Walk, j: number, account: number): readonly Holding[] | null {
  const { pledges, protocols } = walk.world
  if (!walk.options.feedback || walk.options.silent[j] === true) return null
  const holdings = pledges.of(j, account)
  if (holdings !== null) noteUnits(protocols, holdings, j, noted)
  return holdings
}

/**
 * Carries what a settlement in protocol `j` left of its holdings into the other protocols.
 *
 * Rule: an account that is left with debts alone has them written off. What was seized of a holding
 *       came from where it stands.
 */
export function reachOthers(walk: Walk, j: number, holdings: readonly Holding[]): void {
  const { world, prepared, moved, badDebtUsd } = walk
  follow(world.protocols, holdings, j, noted, {
    before() {},
    after(to, asset, units) {
      const row = prepared.offset[to.protocol] + to.account
      if (!isElsewhere(walk, to)) {
        moved[to.protocol][asset] -= units
        moved[j][asset] += units
      }
      strand(world.protocols[to.protocol], to.account, (debt, lost) => {
        badDebtUsd[row] += lost * prepared.opening[debt]
      })
      requeue(walk, row)
    },
  })
}

function isElsewhere({ world }: Walk, { protocol, leg }: PledgedLeg): boolean {
  return world.pledges.elsewhere[protocol]?.[leg] === 1
}

// Reused between calls.
const noted: number[] = []
