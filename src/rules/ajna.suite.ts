/** Small Ajna pools for tests: ETH against a stable coin, and takers who act by hand. */

import { randomAt } from '../math/random.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  FIRST_TAKER,
  type Offers,
  offerList,
  type Protocol,
  settlement,
} from '../rules.ts'
import type { AjnaSpec } from './ajna/parameters.ts'
import type { Pool } from './ajna/pool.ts'
import { ajna } from './ajna.ts'
import { offersOf, type PlainLeg, protocolOf } from './vectors.suite.ts'

export const [COIN, ETH] = [0, 1]

/** Lenders at 2000, 1900 and 1000; a bond of 1.5 %. */
export const plain: AjnaSpec = {
  collateral: ETH,
  quote: COIN,
  buckets: [
    { price: 1900, depositUnits: 10_000 },
    { price: 2000, depositUnits: 10_000 },
    { price: 1000, depositUnits: 50_000 },
  ],
  npTpRatio: 1.15,
  lendersFollow: 'none',
  reservesUnits: 0,
}

/** One account per pair of collateral and debt. */
export function poolOf(
  changed: Partial<AjnaSpec>,
  loans: readonly (readonly [collateral: number, debt: number])[],
  price = 2000,
): Protocol {
  const legs = loans.flatMap(([collateral, debt], account): PlainLeg[] => [
    [account, ETH, collateral],
    [account, COIN, -debt],
  ])
  return protocolOf(ajna({ ...plain, ...changed }), [1, price], legs)
}

/** What the pool holds. */
export function stateOf({ items }: Protocol): Pool {
  return items as Pool
}

/** What auctions offer at a time. */
export function standingAt(protocol: Protocol, atSeconds: number): Offers {
  const offers = offerList()
  protocol.rules.standing!(protocol, { block: 1, seconds: 12, atSeconds, gwei: 20 }, offers)
  return offers
}

/** Settles one offer for a taker and returns what moved. */
export function act(protocol: Protocol, offers: Offers, offer: number, bid: Partial<Bid> = {}) {
  const whole = { amount: Number.POSITIVE_INFINITY, pays: 0, taker: 0, atSeconds: 0 }
  const moved = settlement()
  const reason = protocol.rules.settle(protocol, offers, offer, { ...whole, ...bid }, moved)
  return { reason, ...moved }
}

/** Kicks an account. */
export function kicked(protocol: Protocol, account: number, bid: Partial<Bid> = {}) {
  return act(protocol, offersOf(protocol, account), 0, bid)
}

/** Takes from, or settles, the auction of an account. */
export function answered(protocol: Protocol, account: number, bid: Partial<Bid>) {
  const offers = standingAt(protocol, bid.atSeconds ?? 0)
  return act(protocol, offers, offers.account.slice(0, offers.count).indexOf(account), bid)
}

/** Movements as [asset, from, to, amount]. */
export function movesOf({ moves }: ReturnType<typeof act>): number[][] {
  return Array.from({ length: moves.count }, (_, m) => [
    moves.asset[m],
    moves.from[m],
    moves.to[m],
    moves.amount[m],
  ])
}

/** What each holder gained, by `holder:asset`, with what `seized` and `repaid` imply. */
export function gains(moved: ReturnType<typeof act>, taker = 0): Map<string, number> {
  const all = new Map<string, number>()
  const add = (holder: number, asset: number, by: number) => {
    const key = `${holder === BIDDER ? FIRST_TAKER + taker : holder}:${asset}`
    all.set(key, (all.get(key) ?? 0) + by)
  }
  const flows = [
    ...movesOf(moved),
    [ETH, ACCOUNTS, BIDDER, moved.seized],
    [COIN, BIDDER, ACCOUNTS, moved.repaid],
  ]
  for (const [asset, from, to, amount] of flows) {
    add(from, asset, -amount)
    add(to, asset, amount)
  }
  return all
}

/** To nine decimals: exact in the integers of the chain too. */
export const grid = (value: number) => Math.round(value * 1e9) / 1e9

/** A pool at random with up to five loans around the lowest utilised price. */
export function drawnPool(n: number) {
  const random = randomAt(20_260_711, n)
  const pick = (k: number) => random.uniform(n, k)
  const count = 1 + Math.floor(pick(0) * 5)
  const base = 0.01 * 1e5 ** pick(1)
  const loans = Array.from({ length: count }, (_, i) => {
    const collateral = grid(0.1 * 1e3 ** pick(10 + i))
    return [collateral, grid(collateral * base * (0.6 + 0.6 * pick(20 + i)))] as const
  })
  const debt = loans.reduce((sum, loan) => sum + loan[1], 0)
  const buckets = Array.from({ length: 1 + Math.floor(pick(2) * 6) }, (_, b) => ({
    price: grid(base * (0.7 + 0.6 * pick(30 + b))),
    depositUnits: pick(40 + b) < 0.1 ? 0 : grid(debt * pick(50 + b)),
  })).sort((a, b) => b.price - a.price)
  const npTpRatio = grid(1 + 0.4 * pick(3))
  const reservesUnits = pick(4) < 0.5 ? 0 : grid(debt * 0.01 * pick(4))
  const spec: AjnaSpec = { ...plain, buckets, npTpRatio, reservesUnits }
  return { protocol: poolOf(spec, loans, base), loans, spec, pick }
}
