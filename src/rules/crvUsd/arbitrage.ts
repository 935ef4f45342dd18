/** Soft liquidation: arbitrage between LLAMMA's bands and the published price. */

import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import { WEI } from './bands.ts'
import type { CrvUsdItems } from './market.ts'
import type { CrvUsdSpec } from './parameters.ts'
import { type Bounds, DUMP, type Limited, limit, PUMP, type Trade, trade } from './swap.ts'

/** `Offers.other` of a swap; a liquidation has another. */
export const SWAP = 1

/** Appends the swap that brings the AMM to the published price, if there is one. */
export function listArbitrage(of: CrvUsdSpec, protocol: Protocol, out: Offers): void {
  for (let way: 1 | -1 = PUMP; ; way = DUMP) {
    bounds.got = Number.POSITIVE_INFINITY
    ask(of, protocol, way, false)
    if (done.got > 0) {
      const sells = way === PUMP ? of.collateral : of.borrowed
      const pays = way === PUMP ? of.borrowed : of.collateral
      pushOffer(out, -1, sells, done.got, pays, done.paid, 0, way, SWAP, of.swapGas)
      return
    }
    if (way === DUMP) return
  }
}

/** Swaps what is asked for, as far as it still pays at the published price. */
export function settleArbitrage(
  of: CrvUsdSpec,
  protocol: Protocol,
  way: 1 | -1,
  bid: Bid,
  out: Settlement,
): Reason {
  if (bid.taker < 0 || !(bid.amount > 0)) return 'nothing'
  bounds.got = bid.amount
  ask(of, protocol, way, true)
  if (!(done.got > 0)) return 'stale'
  const market = protocol.items as CrvUsdItems
  market.memory.price = oracle.price
  market.memory.fee = oracle.fee
  market.memory.seconds = market.seconds
  market.stamp++
  const sells = way === PUMP ? of.collateral : of.borrowed
  const pays = way === PUMP ? of.borrowed : of.collateral
  pushMove(out.moves, pays, BIDDER, ACCOUNTS, done.paid)
  pushMove(out.moves, sells, ACCOUNTS, BIDDER, done.got)
  return 0
}

/** The price that the AMM takes for the published one now, and the least fee with it. */
export function oracleOf(of: CrvUsdSpec, protocol: Protocol, out: Limited): void {
  const { prices, confidence, items } = protocol
  const { memory, seconds } = items as CrvUsdItems
  const price = prices[of.collateral] - confidence[of.collateral]
  limit(memory, Math.max(WEI, price), seconds, out)
}

/** Leaves in `done` what a swap within `bounds.got` takes and gives. */
function ask(of: CrvUsdSpec, protocol: Protocol, way: 1 | -1, write: boolean): void {
  const { prices, items } = protocol
  const worth = prices[of.collateral] / prices[of.borrowed]
  oracleOf(of, protocol, oracle)
  bounds.paid = Number.POSITIVE_INFINITY
  bounds.least = way === PUMP ? 1 / worth : worth
  done.paid = done.got = 0
  if (!(worth > 0 && worth < Number.POSITIVE_INFINITY)) return
  const { bands } = items as CrvUsdItems
  trade(bands, oracle.price, Math.max(of.fee, oracle.fee), way, bounds, write, done)
}

/** Reused between calls. */
const oracle: Limited = { price: 0.5, fee: 0.5 }
const bounds: Bounds = { paid: 0.5, got: 0.5, least: 0.5 }
const done: Trade = { paid: 0.5, got: 0.5 }
