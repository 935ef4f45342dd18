/**
 * The contract of a protocol's liquidation rules, and the world they act in. Models are in
 * `rules/`.
 */

import { type Book, copyBook, resetBook, type Slots } from './book.ts'
import type { Market } from './market.ts'

/**
 * Rules write slot values, list offers and settle them. They never look at another protocol.
 *
 * Law: an offer that is settled before anything else changes is never refused.
 * Law: settling never makes an account's debt grow and never sells what the account does not own.
 */
export interface Rules {
  /** The file name of the model, and its name on the command line. */
  readonly name: string
  readonly slots: Slots
  /** Whether health of exactly 0 may be liquidated. */
  readonly edge: 'below' | 'atOrBelow'
  /**
   * What a first crossing sells. `units`: the same units at any price, once (K1). `value`:
   * min(collateral, fixed cash / price), once (K3). `repeated`: the account may come back (K4, K5).
   * Only the first two have a one-pass form or a column walk; a test holds every rules file to what
   * it declares.
   */
  readonly sale: 'units' | 'value' | 'repeated'
  /** Slot for a position, or -1 when these rules do not know it. Group 0 is "no mode". */
  slotOf(asset: number, side: 1 | -1, group: number): number
  /**
   * Collateral asset's liquidation threshold and bonus, as fractions; null when it is not
   * collateral.
   */
  terms(asset: number, group: number): { readonly threshold: number; readonly bonus: number } | null
  /** Writes what one scaled unit of each slot is worth for health, from the published prices. */
  value(protocol: Protocol): void
  /**
   * Appends the offers of one account at the published prices; none when it is healthy or nothing
   * may be sold.
   */
  offers(protocol: Protocol, account: number, out: Offers): void
  /**
   * Decides again from the present state and moves the legs. Returns 0 when done, else a reason;
   * `out` is filled only when done.
   */
  settle(protocol: Protocol, offers: Offers, offer: number, bid: Bid, out: Settlement): Reason
  /**
   * The same rules with one named parameter scaled, for sensitivities; null when the name is not
   * theirs.
   */
  scaled(parameter: 'threshold' | 'bonus' | 'closeFactor', by: number): Rules | null
}

/** Rules + book + published prices: a deployment. */
export interface Protocol {
  readonly name: string
  readonly rules: Rules
  readonly book: Book
  /** Published USD price per asset. In an instant cascade it follows the venue. */
  readonly prices: Float64Array
  /** USD per scaled unit for health, per slot. Written by `rules.value`. */
  readonly values: Float64Array
  /** Debt written off or left without collateral, per asset, in units. Realised. */
  readonly badDebt: Float64Array
  /** Names of the accounts, by index. */
  readonly accounts: readonly string[]
  copy(): Protocol
  reset(from: Protocol): void
}

/** Everything that has state. Protocols share the market and refer to each other by index. */
export interface World {
  readonly market: Market
  readonly protocols: readonly Protocol[]
  copy(): World
  reset(from: World): void
}

/** Collateral for sale and what it costs, as growing columns. `count` entries are valid. */
export interface Offers {
  count: number
  readonly account: number[]
  /** Asset sold and the most units of it. */
  readonly sells: number[]
  readonly amount: number[]
  /** Asset paid and the units of it that `amount` costs. */
  readonly pays: number[]
  readonly cost: number[]
  /** Book version of the account when listed: a later settlement makes the offer stale. */
  readonly version: number[]
  /** Two private numbers of the rules (leg indices, as a rule). */
  readonly own: number[]
  readonly other: number[]
}

/**
 * What a taker asks for: up to this many units of the sold asset. Infinity takes the whole offer.
 */
export interface Bid {
  readonly amount: number
}

/** What a settlement moved, in units. Reused between calls. */
export interface Settlement {
  /** Units of collateral that left the account (to the taker and to the protocol's fee). */
  seized: number
  /** Of `seized`, what the protocol kept as its fee; never sold. */
  fee: number
  /**
   * Of `seized`, what is sold for the borrower: its worth at the published price goes back as cash.
   */
  surplus: number
  /** Units of the debt asset that the taker paid. */
  repaid: number
}

/** 0 = done; anything else says why not. A refusal is data, not an exception. */
export type Reason = 0 | 'healthy' | 'stale' | 'dust' | 'nothing' | 'paused'

/** Empty offer columns. */
export function offerList(): Offers {
  return {
    count: 0,
    account: [],
    sells: [],
    amount: [],
    pays: [],
    cost: [],
    version: [],
    own: [],
    other: [],
  }
}

/** Appends one offer; the argument order is that of the columns. */
export function pushOffer(
  out: Offers,
  account: number,
  sells: number,
  amount: number,
  pays: number,
  cost: number,
  version: number,
  own: number,
  other: number,
): void {
  const n = out.count++
  out.account[n] = account
  out.sells[n] = sells
  out.amount[n] = amount
  out.pays[n] = pays
  out.cost[n] = cost
  out.version[n] = version
  out.own[n] = own
  out.other[n] = other
}

/** A protocol in its opening state: prices as given, values written, no bad debt. */
export function protocolFrom(parts: {
  name: string
  rules: Rules
  book: Book
  prices: Float64Array
  accounts: readonly string[]
}): Protocol {
  return protocol(parts, parts.prices.slice(), new Float64Array(parts.prices.length))
}

/** A world of protocols around one market. */
export function worldFrom(market: Market, protocols: readonly Protocol[]): World {
  return {
    market,
    protocols,
    copy: () =>
      worldFrom(
        market.copy(),
        protocols.map((protocol) => protocol.copy()),
      ),
    reset(from) {
      market.reset(from.market)
      for (let i = 0; i < protocols.length; i++) protocols[i].reset(from.protocols[i])
    },
  }
}

function protocol(
  parts: { name: string; rules: Rules; book: Book; accounts: readonly string[] },
  prices: Float64Array,
  badDebt: Float64Array,
): Protocol {
  const { rules, book } = parts
  const self: Protocol = {
    ...parts,
    prices,
    badDebt,
    values: new Float64Array(rules.slots.count),
    copy: () => protocol({ ...parts, book: copyBook(book) }, prices.slice(), badDebt.slice()),
    reset(from) {
      resetBook(book, from.book)
      prices.set(from.prices)
      badDebt.set(from.badDebt)
      self.values.set(from.values)
    },
  }
  rules.value(self)
  return self
}
