/** What an account offers at a glance: its rank in the backlog. */

import { offerList } from '../rules.ts'
import { shapeAll } from './defend.ts'
import type { Post, Stage } from './stage.ts'

/** An account's best margin at the mids, and the moves that would bring it to 0. */
export interface Glance {
  /** After the gas of the cheapest taker, and before it. */
  margin: number
  gross: number
  /**
   * It cannot pay before prices have moved by `gap` or gas has fallen by `fall`; 0 where it pays
   * by this measure, a fall of 1 where gas is at most half of what it lacks.
   */
  gap: number
  fall: number
}

/**
 * Lists the account's offers and takes the best at mid, less the gas of the cheapest taker.
 *
 * Units: margin in USD; -Infinity and a gap of Infinity where nothing is offered.
 */
export function headlineMargin(stage: Stage, post: Post, account: number): Glance {
  scratch.count = 0
  post.protocol.rules.offers(post.protocol, account, scratch)
  shapeAll(post, scratch, 0)
  return bestOf(stage, post, scratch, 0, scratch.count)
}

/** The same for offers that are listed already. */
export function bestOf(
  stage: Stage,
  { protocol }: Post,
  list: typeof scratch,
  from: number,
  upTo: number,
): Glance {
  const { mids, leastGas, view } = stage
  const gasPrice = view.gwei * view.usdPerGwei
  glance.margin = Number.NEGATIVE_INFINITY
  glance.gross = Number.NEGATIVE_INFINITY
  glance.gap = Number.POSITIVE_INFINITY
  glance.fall = 1
  for (let i = from; i < upTo; i++) {
    // A call earns the keenest bidder's margin on the lot that it puts up; its bond comes back.
    const isCall = list.amount[i] === 0
    const sells = list.sells[i]
    const worth = (isCall ? stage.hope * list.passed[i] : list.amount[i]) * mids[sells]
    const gas = (list.gas[i] > 0 ? list.gas[i] : leastGas) * gasPrice
    const passed = isCall ? 0 : list.passed[i] * protocol.prices[sells]
    const cost = isCall ? 0 : list.cost[i] * mids[list.pays[i]] + passed
    const gross = worth - cost
    if (gross > glance.gross) glance.gross = gross
    if (gross - gas > glance.margin) glance.margin = gross - gas
    look(Math.max(worth, cost), gas - gross, gas)
  }
  return glance
}

/** Half of what an offer lacks may come from gas, the rest must come from prices. */
function look(size: number, short: number, gas: number): void {
  const lack = Math.max(0, short)
  const fall = lack === 0 ? 0 : gas <= lack / 2 ? 1 : lack / (2 * gas)
  const gap = size > 0 ? Math.max(0, short - fall * gas) / size : 0
  if (fall < glance.fall) glance.fall = fall
  if (gap < glance.gap) glance.gap = gap
}

const scratch = offerList()
const glance: Glance = { margin: 0.5, gross: 0.5, gap: 0.5, fall: 0.5 }
