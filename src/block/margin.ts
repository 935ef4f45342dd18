/** What an account offers at a glance: its rank in the backlog. */

import { offerList } from '../rules.ts'
import { fallFor, type Rest } from '../sleepers.ts'
import { shapeAll } from './defend.ts'
import type { Post, Stage } from './stage.ts'

/**
 * An account's best margin at the mids, and the moves that would bring it to 0: half of what it
 * lacks may come from gas, the rest from prices. Both are 0 where it pays by this measure.
 */
export interface Glance extends Rest {
  /** After the gas of the cheapest taker, and before it. */
  margin: number
  gross: number
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
  glance.pays = Number.NEGATIVE_INFINITY
  glance.swing = 0
  glance.step = Number.POSITIVE_INFINITY
  for (let i = from; i < upTo; i++) {
    // A call earns the keenest bidder's margin on the lot that it puts up; its bond comes back.
    const isCall = list.amount[i] === 0
    const sells = list.sells[i]
    const worth = (isCall ? stage.hope * list.passed[i] : list.amount[i]) * mids[sells]
    const units = list.gas[i] > 0 ? list.gas[i] : leastGas
    const passed = isCall ? 0 : list.passed[i] * protocol.prices[sells]
    const cost = isCall ? 0 : list.cost[i] * mids[list.pays[i]] + passed
    const gross = worth - cost
    if (gross > glance.gross) glance.gross = gross
    if (gross - units * gasPrice > glance.margin) glance.margin = gross - units * gasPrice
    look(Math.max(worth, cost), gross, units, gasPrice)
  }
  return glance
}

function look(size: number, gross: number, units: number, gasPrice: number): void {
  const gas = units * gasPrice
  const short = gas - gross
  const lack = Math.max(0, short)
  const fall = lack === 0 ? 0 : fallFor(lack, gas)
  const gap = size > 0 ? Math.max(0, short - fall * gas) / size : 0
  if (fall < glance.fall) glance.fall = fall
  if (gap < glance.gap) glance.gap = gap
  const pays = units > 0 ? gross / units : Number.POSITIVE_INFINITY
  if (pays > glance.pays) glance.pays = pays
  if (size > glance.swing * units) glance.swing = size / units
}

const scratch = offerList()
const glance: Glance = {
  ...{ margin: 0.5, gross: 0.5, gap: 0.5, fall: 0.5, pays: 0.5, swing: 0.5, step: 0.5 },
}
