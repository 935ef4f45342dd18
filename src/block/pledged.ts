/** What a settlement seizes is gone wherever else the same units count as collateral. */

import { type Follower, follow, followIndex, type Holding, noteUnits, strand } from '../pledges.ts'
import { ACCOUNTS, LENDERS } from '../rules.ts'
import { arrive } from './publish.ts'
import type { Stage } from './stage.ts'
import { latestOf } from './twins.ts'

/** The holdings that a settlement of this account may change, their units noted; null: none. */
export function notedHoldings(stage: Stage, j: number, account: number): readonly Holding[] | null {
  const holdings = account < 0 ? null : stage.pledges.of(j, account)
  if (holdings !== null) noteUnits(stage.protocols, holdings, j, noted)
  return holdings
}

/**
 * Carries what a settlement in protocol `j` left of its holdings into the other protocols.
 *
 * Rule: whoever this breaches is liquidatable from the next block on, and of the next generation.
 *       An account that is left with debts alone has them written off. What was seized of a holding
 *       came from where it stands.
 */
export function reachOthers(
  stage: Stage,
  j: number,
  holdings: readonly Holding[],
  generation: number,
): void {
  const { ledger, protocols, pledges } = stage
  const { holders, move } = ledger
  const follower = followerOf(stage, latestOf(generation + 1, stage.time.generations))
  follow(protocols, holdings, j, noted, {
    before: follower.before,
    after(to, asset, units) {
      if (pledges.elsewhere[to.protocol]?.[to.leg] !== 1)
        move(asset, holders.of(to.protocol, ACCOUNTS), holders.of(j, ACCOUNTS), units)
      follower.after(to, asset, units)
    },
  })
}

/** Interest on what stands in a protocol counts wherever else it is pledged. */
export function accruePledges(stage: Stage): void {
  const { pledges, protocols, posts } = stage
  if (pledges.holdings.length === 0) return
  if (posts.every(({ protocol }) => protocol.index.every((one) => one === 1))) return
  const follower = followerOf(stage, 0)
  for (const holding of pledges.holdings) followIndex(protocols, holding, follower)
}

/** Keeps ledger, watchlist and backlog of accounts that are written to from elsewhere. */
function followerOf(stage: Stage, generation: number): Follower {
  const { ledger, posts, tally, offset, clock, isFelt } = stage
  const { holders, move } = ledger
  return {
    before: ({ protocol, account }) => ledger.take(protocol, account),
    after({ protocol: j, account }) {
      const post = posts[j]
      const wasBreached = post.watch.isBreached(account)
      strand(post.protocol, account, (asset, lost) => {
        move(asset, holders.of(j, LENDERS), holders.of(j, ACCOUNTS), lost)
        tally.lost[j][asset] += lost
      })
      ledger.put(j, account)
      const isBreached = post.watch.touch(account)
      if (!isBreached) return
      // What it offers has changed: whoever sleeps is asked again in the next block.
      post.stamp = Number.NaN
      if (!wasBreached) {
        post.since[account] = clock.block
        if (isFelt) tally.reached[offset[j] + account] = generation
      }
      arrive(stage, post, account)
    },
  }
}

// Reused between calls.
const noted: number[] = []
