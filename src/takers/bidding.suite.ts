/** Bids of one liquidator, shared by its tests. */

import { type Transactions, transactionList } from '../chain.ts'
import type { Market } from '../market.ts'
import { type Offers, offerList, type Protocol, pushOffer } from '../rules.ts'
import type { TakerSpec } from '../scenario.ts'
import type { Answer, Taker, View } from '../taker.ts'
import { liquidator } from './liquidator.ts'
import { ETH, smallMarket, USD } from './markets.suite.ts'

export const SPEC: TakerSpec = {
  name: 'keeper',
  capitalUsd: Number.POSITIVE_INFINITY,
  flashFee: null,
  latency: { kind: 'blocks', blocks: 1 },
  minProfitUsd: 0,
  size: 'whole',
  gas: 400_000,
  bidding: { kind: 'market', times: 1 },
  maxGwei: Number.POSITIVE_INFINITY,
  route: 'public',
  tipShare: 0,
  valuation: 0.9,
  outbids: 'valuation',
  disposal: { kind: 'now' },
  leavesAfterUsd: Number.POSITIVE_INFINITY,
}

/** A unit of gas at 1 gwei where the gas token is worth 2500 USD. */
export const USD_PER_GWEI = 2.5e-6
export const NO_PROTOCOL = { prices: new Float64Array(8) } as unknown as Protocol

export interface Sold {
  account?: number
  sells?: number
  amount: number
  pays?: number
  cost: number
  gas?: number
  reserved?: number
  free?: number
  passed?: number
}

export function listed(...lots: Sold[]): Offers {
  const out = offerList()
  for (const { account = 0, sells = ETH, amount, pays = USD, cost, ...rest } of lots) {
    const { gas = 0, reserved = -1, free = 0, passed = 0 } = rest
    pushOffer(out, account, sells, amount, pays, cost, 0, 0, 0, gas, reserved, free, passed)
  }
  return out
}

export function viewOf(over: Partial<View> & { block?: number; draw?: View['draw'] } = {}): View {
  const market = over.market ?? smallMarket()
  const mids = new Float64Array(market.assets.length)
  market.prices(mids)
  return {
    at: { block: over.block ?? 10, seconds: 12, atSeconds: 120, gwei: 20 },
    market,
    mids,
    contestedGwei: 0,
    isPublished: () => true,
    gwei: 20,
    usdPerGwei: USD_PER_GWEI,
    since: () => 5,
    draw: () => 0.5,
    ...over,
  }
}

export interface Bidding {
  answer: Answer
  sent: Transactions
  taker: Taker
}

export function bids(spec: Partial<TakerSpec>, offers: Offers, view = viewOf()): Bidding {
  const taker = liquidator({ ...SPEC, ...spec }, 3, 5)
  return { ...ask(taker, offers, view), taker }
}

export function ask(
  taker: Taker,
  offers: Offers,
  view: View,
): { answer: Answer; sent: Transactions } {
  const sent = transactionList()
  return { answer: taker.bid(view, NO_PROTOCOL, 7, offers, 0, offers.count, sent), sent }
}

export function quoted(units: number, market: Market = smallMarket(), asset = ETH): number {
  return market.quote(asset, units).proceeds
}

/** 20 gwei and 400,000 units of gas. */
export const GAS_USD = 20
