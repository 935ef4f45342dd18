/** Settlements by hand for tests, and the holdings that follow from them. */

import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  type Offers,
  offerList,
  type Protocol,
  settlement,
} from '../rules.ts'

/** The offers of what the rules hold themselves. */
export function standingOf(protocol: Protocol): Offers {
  const offers = offerList()
  protocol.rules.standing!(protocol, { block: 1, seconds: 12, atSeconds: 12, gwei: 1 }, offers)
  return offers
}

/** Settles one offer, by taker 0 unless told otherwise, and returns what moved. */
export function act(protocol: Protocol, offers: Offers, offer: number, bid: Partial<Bid> = {}) {
  const whole = { amount: Number.POSITIVE_INFINITY, pays: 0, taker: 0, atSeconds: 0 }
  const moved = settlement()
  const reason = protocol.rules.settle(protocol, offers, offer, { ...whole, ...bid }, moved)
  return { reason, ...moved }
}

type Moved = ReturnType<typeof act>

/** Units of an asset that moved from one holder to another. */
export function movedUnits({ moves }: Moved, asset: number, from: number, to: number): number {
  let sum = 0
  for (let m = 0; m < moves.count; m++)
    if (moves.asset[m] === asset && moves.from[m] === from && moves.to[m] === to)
      sum += moves.amount[m]
  return sum
}

/** Adds what a settlement moved to holdings by `holder:asset`. */
export function book(
  holdings: Map<string, number>,
  { sells, pays }: { sells: number; pays: number },
  moved: Moved,
): void {
  const add = (holder: number, asset: number, amount: number) => {
    const key = `${holder}:${asset}`
    holdings.set(key, (holdings.get(key) ?? 0) + amount)
  }
  const move = (asset: number, from: number, to: number, amount: number) => {
    add(from, asset, -amount)
    add(to, asset, amount)
  }
  move(sells, ACCOUNTS, BIDDER, moved.seized)
  move(pays, BIDDER, ACCOUNTS, moved.repaid)
  const { asset, from, to, amount, count } = moved.moves
  for (let m = 0; m < count; m++) move(asset[m], from[m], to[m], amount[m])
}

/** What the accounts hold of an asset, debt negative, counted from the legs. */
export function held({ book: legs, index, rules: { slots } }: Protocol, asset: number): number {
  let sum = 0
  legs.amount.forEach((amount, leg) => {
    const slot = legs.slot[leg]
    if (slots.asset[slot] === asset) sum += amount * index[slot]
  })
  return sum
}
