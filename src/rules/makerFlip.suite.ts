/** Small worlds of Maker vaults for tests: ETH, BAT and DAI, and takers who bid by hand. */

import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  FIRST_TAKER,
  ITEMS,
  type Offers,
  offerList,
  type Protocol,
  settlement,
} from '../rules.ts'
import type { FlipAuctions } from './maker/flipAuctions.ts'
import type { MakerFlipSpec } from './maker/flipParameters.ts'
import { makerFlip } from './makerFlip.ts'

export const DAI = 0
export const ETH = 1
export const BAT = 2

/** 12 March 2020, as it is commonly told. */
export const deployed: MakerFlipSpec = {
  assets: [
    { asset: DAI, threshold: null },
    { asset: ETH, threshold: 1 / 1.5 },
    { asset: BAT, threshold: 1 / 1.5 },
  ],
  dai: DAI,
  penalty: 0.13,
  lotUnits: 50,
  beg: 0.03,
  ttlSeconds: 600,
  tauSeconds: 21600,
  gas: { bite: 400_000, tend: 150_000, deal: 100_000 },
}

export const rules = makerFlip(deployed)

/** The offers of auctions, and calls that end them, at a time. */
export function standingAt(protocol: Protocol, atSeconds: number): Offers {
  const offers = offerList()
  const at = { block: 1, seconds: 15, atSeconds, gwei: 200 }
  protocol.rules.standing!(protocol, at, offers)
  return offers
}

/** Settles one offer for a taker and returns what moved. */
export function act(protocol: Protocol, offers: Offers, offer: number, bid: Partial<Bid>) {
  const whole = { amount: Number.POSITIVE_INFINITY, pays: 0, taker: 0, atSeconds: 0 }
  const moved = settlement()
  const reason = protocol.rules.settle(protocol, offers, offer, { ...whole, ...bid }, moved)
  return { reason, ...moved }
}

/** Units of an asset that a settlement moved between two holders; -1 is anybody. */
export function movedIn(
  { moves }: ReturnType<typeof act>,
  asset: number,
  from: number,
  to: number,
): number {
  let sum = 0
  for (let m = 0; m < moves.count; m++) {
    const isBetween = [-1, moves.from[m]].includes(from) && [-1, moves.to[m]].includes(to)
    if (isBetween && moves.asset[m] === asset) sum += moves.amount[m]
  }
  return sum
}

/** The state of the auctions. */
export function auctionsIn({ items }: Protocol): FlipAuctions {
  return items as FlipAuctions
}

/** What every holder holds, by `holder:asset`. */
export type Holdings = Map<string, number>

/** Adds up what a settlement moved: the legs that `seized` and `repaid` imply, and its moves. */
export function book(
  holdings: Holdings,
  sold: { asset: number; dai: number; taker: number },
  moved: ReturnType<typeof act>,
): void {
  const name = (holder: number) => (holder === BIDDER ? FIRST_TAKER + sold.taker : holder)
  const move = (asset: number, from: number, to: number, amount: number) => {
    for (const [holder, by] of [
      [name(from), -amount],
      [name(to), amount],
    ]) {
      const key = `${holder}:${asset}`
      holdings.set(key, (holdings.get(key) ?? 0) + by)
    }
  }
  move(sold.asset, ACCOUNTS, BIDDER, moved.seized)
  move(sold.dai, BIDDER, ACCOUNTS, moved.repaid)
  const { count, asset, from, to, amount } = moved.moves
  for (let m = 0; m < count; m++) move(asset[m], from[m], to[m], amount[m])
}

/** Holdings of accounts and auctions, counted from the legs and the auctions themselves. */
export function recount(protocol: Protocol): Holdings {
  const { book, index, rules } = protocol
  const holdings: Holdings = new Map()
  const add = (holder: number, asset: number, amount: number) => {
    const key = `${holder}:${asset}`
    holdings.set(key, (holdings.get(key) ?? 0) + amount)
  }
  book.amount.forEach((amount, leg) => {
    add(ACCOUNTS, rules.slots.asset[book.slot[leg]], amount * index[book.slot[leg]])
  })
  const { count, asset, lot, bid, debt } = auctionsIn(protocol)
  for (let row = 0; row < count; row++) {
    add(ITEMS, asset[row], lot[row])
    add(ITEMS, DAI, bid[row] - debt[row])
  }
  return holdings
}
