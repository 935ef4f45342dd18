/** A limit on how much is liquidated in a block. */

import type { Defence, Reading } from '../defence.ts'
import { type Given, money, or } from '../parameters.ts'

const parameters = {
  perBlockUsd: or(money('Most debt that is repaid in a block; what would pass it waits.'), 500_000),
}

/**
 * A speed limit: liquidations of a block stop at so many dollars of debt.
 *
 * | native word                | here                                       |
 * | -------------------------- | ------------------------------------------ |
 * | Hole, hole, throughput cap | `perBlock`: debt repaid in a block, in USD |
 *
 * Rule:       accounts are listed by falling margin until their offers reach the limit; the others
 *             wait for the next block. An offer is cut to what is left of the allowance when its
 *             turn comes, and a transaction that finds nothing left fails.
 * Units:      USD at the market prices with which the block opens.
 * Source:     Maker's Dog limits the debt in auctions, over all and per collateral (Hole, hole);
 *             here the limit is one of flow, since other protocols have no auctions to count.
 * Simplifies: it does not limit auctions that are under way.
 * Assumes:    the book refills between blocks; where it does not, the same is sold later.
 */
export function speedLimit(of: Given<typeof parameters>): Defence {
  let leftUsd = of.perBlockUsd
  let listedUsd = 0
  let blocks = 0
  let isMet = false
  return {
    name: 'speedLimit',
    readings,
    react() {
      leftUsd = of.perBlockUsd
      listedUsd = 0
      isMet = false
    },
    admits({ mids }, offers, from) {
      if (listedUsd >= of.perBlockUsd) return false
      listedUsd += offers.cost[from] * mids[offers.pays[from]]
      return true
    },
    most({ mids }, offers, offer, units) {
      const usd = (offers.cost[offer] * mids[offers.pays[offer]] * units) / offers.amount[offer]
      if (!(usd > leftUsd)) return units
      if (!isMet) blocks++
      isMet = true
      return leftUsd > 0 ? units * (leftUsd / usd) : 0
    },
    settled(_, { repaidUsd }) {
      leftUsd = Math.max(0, leftUsd - repaidUsd)
    },
    read(out) {
      out[0] = blocks
    },
  }
}

speedLimit.parameters = parameters

const readings: readonly Reading[] = [
  { name: 'limited_blocks', unit: 'count', definition: 'Blocks in which the limit was met.' },
]
