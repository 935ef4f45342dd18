/** Houses close positions by orders of their own, before any liquidator acts. */

import { type AccountList, accountList, sortByRow } from '../accountList.ts'
import {
  type Closings,
  closings,
  type Filled,
  type House,
  type Orders,
  type Quote,
} from '../house.ts'
import { BIDDER, LENDERS, type Protocol } from '../rules.ts'
import { countClosings, countSale } from './count.ts'
import { type Done, emptyDone, type Kind } from './done.ts'
import { arrive } from './publish.ts'
import type { EventRecorder } from './settle.ts'
import { putOnShelf, takeFromShelf } from './shelf.ts'
import type { Post, Stage } from './stage.ts'
import { generationsOf, soldInTwins, twinFor } from './twins.ts'

/** What a house needs from block to block. */
export interface HouseState {
  /** Whether an account waits: it is breached, and on the list. */
  readonly isWaiting: Uint8Array
  /** Written to in this block, and their generation where it is their first liquidation. */
  readonly touched: AccountList
  readonly isTouched: Uint8Array
  readonly generation: Uint8Array
  /** Scratch: who is liquidated for the first time; who is still breached. */
  readonly fresh: AccountList
  readonly breached: AccountList
  readonly orders: Orders
  readonly filled: Filled
  readonly out: Closings
  /** Units sold by [asset, generation], less those bought. */
  readonly sold: Float64Array
  /** Gauges at the opening. */
  readonly opening: Float64Array
}

/** The state of a house at the opening. */
export function houseState(protocol: Protocol, accounts: number, generations: number): HouseState {
  const assets = protocol.prices.length
  const { gauges, gauge } = protocol.rules.house!
  const opening = new Float64Array(gauges.length)
  gauge(protocol, opening)
  const column = () => new Float64Array(assets)
  return {
    isWaiting: new Uint8Array(accounts),
    touched: accountList(accounts),
    isTouched: new Uint8Array(accounts),
    generation: new Uint8Array(accounts),
    fresh: accountList(accounts),
    breached: accountList(accounts),
    orders: { sold: column(), bought: column() },
    filled: { price: column(), sold: column(), bought: column() },
    out: closings(() => {}),
    sold: new Float64Array(assets * (generations + 1)),
    opening,
  }
}

/**
 * Lets every house close what is breached.
 *
 * Rule: sales less purchases go to the market as one order an asset; where it takes only a part,
 *       the larger side is filled in proportion. All are filled at the average price of that order.
 */
export function runHouses(stage: Stage, recorder: EventRecorder | null): void {
  for (let j = 0; j < stage.posts.length; j++) {
    const post = stage.posts[j]
    const { house } = post.protocol.rules
    if (house === undefined) continue
    keepBreached(post)
    if (post.isOpen) runHouse(stage, j, post, house, recorder)
  }
}

function keepBreached({ waiting, watch, house }: Post): void {
  let kept = 0
  for (let n = 0; n < waiting.count; n++) {
    const account = waiting.account[n]
    if (watch.isBreached(account)) waiting.account[kept++] = account
    else house!.isWaiting[account] = 0
  }
  waiting.count = kept
}

function runHouse(
  stage: Stage,
  j: number,
  post: Post,
  house: House,
  recorder: EventRecorder | null,
): void {
  const { protocol, waiting } = post
  const state = post.house!
  const { orders, filled, out, touched } = state
  if (stage.isFelt) nameGenerations(stage, j, post)
  orders.sold.fill(0)
  orders.bought.fill(0)
  out.count = out.moves.count = touched.count = 0
  out.before = (account) => {
    if (state.isTouched[account] === 1) return
    state.isTouched[account] = 1
    touched.account[touched.count++] = account
    stage.ledger.take(j, account)
  }
  house.send(protocol, waiting, stage.clock, quoteOf(stage), orders)
  execute(stage, orders, filled)
  house.fill(protocol, stage.clock, filled, out)
  judgeTouched(stage, j, post, state)
  move(stage, j, out)
  book(stage, j, state, recorder)
}

/** Puts the legs of who was written to back into the totals; who is breached still waits again. */
function judgeTouched(stage: Stage, j: number, post: Post, state: HouseState): void {
  const { touched, isTouched, breached } = state
  for (let n = 0; n < touched.count; n++) {
    isTouched[touched.account[n]] = 0
    stage.ledger.put(j, touched.account[n])
  }
  post.watch.touchAll(touched, breached)
  sortByRow(breached, post.protocol.row)
  for (let n = 0; n < breached.count; n++) arrive(stage, post, breached.account[n])
}

/** Generations of those who wait are those of this block's opening; twins are made before sales. */
function nameGenerations(stage: Stage, j: number, { waiting, house }: Post): void {
  const { generation, fresh } = house!
  const { firstBlock, generation: known } = stage.tally
  const offset = stage.offset[j]
  let most = -1
  fresh.count = 0
  for (let n = 0; n < waiting.count; n++) {
    const account = waiting.account[n]
    if (firstBlock[offset + account] === 0) fresh.account[fresh.count++] = account
    else {
      generation[account] = known[offset + account]
      most = Math.max(most, generation[account])
    }
  }
  most = Math.max(most, generationsOf(stage, j, fresh, generation))
  for (let g = 0; g <= most; g++) twinFor(stage, g)
}

function quoteOf({ market, outlet }: Stage): Quote {
  return (asset, units) => {
    if (market.hop[asset].length === 0) return market.price(asset)
    const sale = outlet.quote(asset, units)
    return sale.units === 0 ? market.price(asset) : sale.proceeds / sale.units
  }
}

function execute(stage: Stage, { sold, bought }: Orders, filled: Filled): void {
  const { market, outlet, tally, isFelt } = stage
  for (let a = 0; a < sold.length; a++) {
    filled.sold[a] = filled.bought[a] = 1
    filled.price[a] = market.price(a)
    const net = sold[a] - bought[a]
    if (net === 0 || market.hop[a].length === 0) continue
    const isQuoted = !isFelt && outlet === market
    const sale = isQuoted ? market.quote(a, net) : outlet.sell(a, net)
    const met = Math.min(sold[a], bought[a])
    if (sale.units !== 0) filled.price[a] = sale.proceeds / sale.units
    if (net > 0) filled.sold[a] = (met + sale.units) / sold[a]
    else filled.bought[a] = (met - sale.units) / bought[a]
    tally.sold[a] += Math.max(0, sale.units)
    tally.block.soldUsd += Math.max(0, sale.proceeds)
    tally.unsold[a] += Math.max(0, net - sale.units)
    tally.extrapolated ||= sale.extrapolated
  }
}

function move({ ledger, tally }: Stage, j: number, { moves }: Closings): void {
  const { holders } = ledger
  const place = (holder: number) => (holder === BIDDER ? holders.market : holders.of(j, holder))
  for (let m = 0; m < moves.count; m++) {
    ledger.move(moves.asset[m], place(moves.from[m]), place(moves.to[m]), moves.amount[m])
    if (moves.from[m] === LENDERS) tally.lost[j][moves.asset[m]] += moves.amount[m]
  }
}

/** Counts what was closed, tells the twins, and writes the events. */
function book(stage: Stage, j: number, state: HouseState, recorder: EventRecorder | null): void {
  const { out, generation, sold } = state
  const generations = stage.time.generations + 1
  countClosings(stage, j, out, generation)
  sold.fill(0)
  for (let n = 0; n < out.count; n++) {
    const account = out.account[n]
    const units = out.units[n]
    const at = out.asset[n] * generations
    if (account < 0) sellFromShelf(stage, j, state, n)
    else if (out.ending[n] === 0) sold[at + generation[account]] += units
    else if (out.ending[n] === 1) putOnShelf(stage, j, out.asset[n], generation[account], units)
  }
  if (recorder !== null)
    for (let n = 0; n < out.count; n++) recorder.event(stage, describe(stage, j, state, n))
  if (stage.isFelt) soldByHouse(stage, sold)
}

function sellFromShelf(stage: Stage, j: number, state: HouseState, n: number): void {
  const { out, sold } = state
  const asset = out.asset[n]
  const parts = takeFromShelf(stage, j, asset, out.units[n])
  addParts(sold, asset * (stage.time.generations + 1), parts, out.units[n])
  countSale(stage, describe(stage, j, state, n))
}

/** One closing as an event. */
function describe({ opening }: Stage, j: number, { out, generation }: HouseState, n: number): Done {
  const account = out.account[n]
  const units = out.units[n]
  const asset = out.asset[n]
  const ending = out.ending[n]
  done.generation = account < 0 ? 0 : generation[account]
  done.kind = account < 0 ? 5 : ENDED[ending]
  done.protocol = j
  done.account = account
  done.sells = done.pays = asset
  done.seized = units
  done.repaid = Math.abs(units) * out.price[n]
  done.repaidUsd = Math.abs(units) * opening[asset]
  done.proceedsUsd = ending === 0 ? units * out.price[n] : 0
  done.lostUsd = out.lostUsd[n]
  return done
}

/** What a vault sells is of the generations of what it took over. */
function addParts(sold: Float64Array, at: number, parts: Float64Array, units: number): void {
  for (let g = 0; g < parts.length; g++) sold[at + g] += parts[g] * units
}

function soldByHouse(stage: Stage, sold: Float64Array): void {
  const { generations } = stage.time
  for (let a = 0; a < stage.mids.length; a++)
    for (let g = 0; g <= generations; g++) {
      const units = sold[a * (generations + 1) + g]
      if (units !== 0 && stage.market.hop[a].length > 0) soldInTwins(stage, a, units, g)
    }
}

/** Kinds by ending. */
const ENDED: readonly Kind[] = [0, 6, 7, 8]
const done = emptyDone()
done.taker = Number.NaN
done.gwei = done.gasUsd = done.bidUsd = Number.NaN
