/** What an account offers at a glance: its rank in the backlog. */

import { offerList } from '../rules.ts'
import { usdPerGwei } from './open.ts'
import type { Post, Stage } from './stage.ts'

/** An account's best margin at the mids, less gas; and the move that would bring it to 0. */
export interface Glance {
  margin: number
  /** Relative move of prices before which it cannot pay; 0 where it pays by this measure. */
  gap: number
}

/**
 * Lists the account's offers and takes the best at mid, less the gas of the cheapest taker.
 *
 * Units: margin in USD; -Infinity and a gap of Infinity where nothing is offered.
 */
export function headlineMargin(stage: Stage, post: Post, account: number): Glance {
  scratch.count = 0
  post.protocol.rules.offers(post.protocol, account, scratch)
  return bestOf(stage, scratch, 0, scratch.count)
}

/** The same for offers that are listed already. */
export function bestOf(stage: Stage, list: typeof scratch, from: number, upTo: number): Glance {
  const { mids, leastGas } = stage
  const gasPrice = stage.clock.gwei * usdPerGwei(stage.time.chain, mids)
  glance.margin = Number.NEGATIVE_INFINITY
  glance.gap = Number.POSITIVE_INFINITY
  for (let i = from; i < upTo; i++) {
    // A call earns the keenest bidder's margin on the lot that it puts up.
    const isCall = list.amount[i] === 0 && list.cost[i] === 0
    const units = isCall ? stage.hope * list.passed[i] : list.amount[i] - list.passed[i]
    const worth = units * mids[list.sells[i]]
    const gas = (list.gas[i] > 0 ? list.gas[i] : leastGas) * gasPrice
    const margin = worth - list.cost[i] * mids[list.pays[i]] - gas
    const gap = margin >= 0 ? 0 : -margin / Math.max(worth, gas)
    if (gap < glance.gap) glance.gap = gap
    if (margin > glance.margin) glance.margin = margin
  }
  return glance
}

const scratch = offerList()
const glance: Glance = { margin: 0.5, gap: 0.5 }
