/**
 * Small worlds for tests of rules: a book from plain legs, and an instant cascade as naive as can
 * be.
 */

import { accountsOf, bookFrom, healthFactor } from '../book.ts'
import { assert } from '../errors.ts'
import {
  type Offers,
  offerList,
  type Protocol,
  protocolFrom,
  type Rules,
  settlement,
  WHOLE_OFFER,
} from '../rules.ts'

/** Account, asset and signed amount of one leg; the side is the sign. Group 0 unless given. */
export type PlainLeg = readonly [account: number, asset: number, amount: number, group?: number]

/** A protocol from legs in order of account. */
export function protocolOf(
  rules: Rules,
  prices: readonly number[],
  legs: readonly PlainLeg[],
): Protocol {
  const accounts = 1 + Math.max(...legs.map(([account]) => account))
  const sealed = legs.map(([account, asset, amount, group = 0]) => {
    const slot = rules.slotOf(asset, amount > 0 ? 1 : -1, group)
    assert(slot >= 0, `the rules know asset ${asset} in group ${group}`)
    return { account, slot, amount }
  })
  return protocolFrom({
    name: rules.name,
    rules,
    book: bookFrom(accounts, sealed),
    prices: Float64Array.from(prices),
    accounts: Array.from({ length: accounts }, (_, i) => `borrower ${i}`),
  })
}

/** Publishes new prices. */
export function publish(protocol: Protocol, asset: number, price: number): void {
  protocol.prices[asset] = price
  protocol.rules.value(protocol)
}

/** The offers of one account, afresh. */
export function offersOf(protocol: Protocol, account: number): Offers {
  const offers = offerList()
  protocol.rules.offers(protocol, account, offers)
  return offers
}

/** Settles an offer whole and returns what moved. */
export function take(protocol: Protocol, offers: Offers, offer: number, amount = Infinity) {
  const moved = settlement()
  const reason = protocol.rules.settle(protocol, offers, offer, { ...WHOLE_OFFER, amount }, moved)
  return { reason, ...moved }
}

/** A cascade in asset 1 paid in asset 0: what is left when no account is breached any more. */
export interface Rest {
  readonly price: number
  readonly units: number
  readonly badDebt: number
  readonly steps: number
  readonly rounds: number
}

/** Sells one asset down a price curve over units sold and cash raised, until nobody is breached. */
export function cascade(
  protocol: Protocol,
  price: (units: number, cash: number) => number,
  order: 'worst first' | 'batch',
): Rest {
  let units = 0
  let cash = 0
  let steps = 0
  let rounds = 0
  for (; rounds < 1000; rounds++) {
    publish(protocol, 1, price(units, cash))
    const breached = breachedAccounts(protocol)
    if (breached.length === 0) break
    for (const account of order === 'batch' ? breached : breached.slice(0, 1)) {
      const moved = take(protocol, offersOf(protocol, account), 0)
      assert(moved.reason === 0, 'a fresh offer is taken')
      units += moved.seized
      cash += moved.repaid
      steps++
    }
  }
  return { price: protocol.prices[1], units, badDebt: protocol.badDebt[0], steps, rounds }
}

/** Accounts with something to sell, lowest health factor first. */
function breachedAccounts(protocol: Protocol): number[] {
  const { book, values } = protocol
  return Array.from({ length: accountsOf(book) }, (_, i) => i)
    .filter((account) => offersOf(protocol, account).count > 0)
    .sort((a, b) => healthFactor(book, values, a) - healthFactor(book, values, b))
}
