/**
 * The contract of a protocol's liquidation rules, and the world they act in. Models are in
 * `rules/`.
 */

import { type Book, copyBook, resetBook, type Slots } from './book.ts'
import type { CodePage } from './codes.ts'
import type { House } from './house.ts'
import type { Moment } from './moment.ts'
import type { Fields, OwnColumn } from './parameters.ts'
import type { Positions } from './scenario.ts'

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
  /** Health factors below 1 at which what may be sold jumps; none where it does not. */
  readonly steps?: readonly number[]
  /** Slot for a position, or -1 when these rules do not know it. Group 0 is "no mode". */
  slotOf(asset: number, side: 1 | -1, group: number): number
  /** Collateral asset's liquidation threshold and bonus, as fractions; null for no collateral. */
  terms(asset: number, group: number): { readonly threshold: number; readonly bonus: number } | null
  /** Writes what one scaled unit of each slot is worth for health, from the published prices. */
  value(protocol: Protocol): void
  /** Interest of this many seconds: moves `protocol.index`. Absent where there is none. */
  accrue?(protocol: Protocol, seconds: number): void
  /**
   * A new book of all positions, where it is not one leg per position in the slot of its asset,
   * side and group: shares of price bands. Prices are those of the opening.
   */
  book?(positions: Positions, prices: Float64Array): Book
  /**
   * Whether accounts may lie in memory in another order than they were listed: whatever the rules
   * do by turn goes by the lists that they are given, which are in the order of `row`, or by `row`
   * itself, so that only the rounding of sums depends on it. Then a run in time lays them out as it
   * reads them fastest. Absent: no.
   */
  readonly anyOrder?: boolean
  /**
   * What the rules hold themselves at the opening: no auction, a reserve, the bands that positions
   * fill. `positions` is null where a book was made of bare legs.
   */
  items?(positions: Positions | null, prices: Float64Array): Items
  /**
   * Appends the offers of what the rules hold themselves: auctions under way, reserves. Where any
   * of them is nobody's it writes to nothing else: it is also asked at other prices.
   */
  standing?(protocol: Protocol, at: Moment, out: Offers): void
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
  /** Where the protocol closes positions itself, by orders of its own; then no taker is asked. */
  readonly house?: House
  /**
   * The same rules with one named parameter scaled, for sensitivities; null when the name is not
   * theirs.
   */
  scaled(parameter: 'threshold' | 'bonus' | 'closeFactor', by: number): Rules | null
}

/**
 * What makes rules from their parameters: the function that carries the name of its file, and what
 * a scenario may say to it. Its docstring is the page that `firebreak help` prints.
 */
export interface RulesFactory {
  // biome-ignore lint/suspicious/noExplicitAny: each factory states its own parameters
  (of: any): Rules
  readonly parameters: Fields
  /** Help on the codes of errors that only these rules give. */
  readonly codes?: Readonly<Record<string, CodePage>>
  /** Columns of positions that only these rules read. */
  readonly columns?: readonly OwnColumn[]
}

/** Rules + book + published prices: a deployment. */
export interface Protocol {
  readonly name: string
  readonly rules: Rules
  readonly book: Book
  /** Published USD price per asset. In an instant cascade it follows the venue. */
  readonly prices: Float64Array
  /**
   * Half-width of the published confidence interval per asset, USD: collateral counts at the price
   * less it, debt at the price plus it. 0 in an instant cascade.
   */
  readonly confidence: Float64Array
  /** Tokens per scaled unit of each slot: interest so far, 1 at the opening. */
  readonly index: Float64Array
  /** USD per scaled unit for health, per slot. Written by `rules.value`. */
  readonly values: Float64Array
  /** Debt written off or left without collateral, per asset, in units. Realised. */
  readonly badDebt: Float64Array
  /** What the rules hold themselves; null for rules that hold nothing. */
  readonly items: Items | null
  /** Names of the accounts, by index. */
  readonly accounts: readonly string[]
  /** Where each account stands in the list that was given; null: in the place of its index. */
  readonly row: Uint32Array | null
  copy(): Protocol
  reset(from: Protocol): void
}

/** Where an account stands in the list that was given: draws go by it. */
export function rowOf({ row }: Protocol, account: number): number {
  return row === null ? account : row[account]
}

/** State of the rules beside the book: auctions, reserves, bands. Its shape is theirs. */
export interface Items {
  /**
   * Goes up whenever what accounts may offer has changed by something else than prices and their
   * own legs: room under a ceiling, cash in a pool. Absent where that never happens.
   */
  readonly stamp?: number
  /**
   * The same where the legs of the book stand in another order, leg `from[k]` at k. Absent where
   * nothing is held by leg or account.
   */
  arranged?(from: Uint32Array): Items
  copy(): Items
  reset(from: Items): void
}

/**
 * Collateral for sale and what it costs, as growing columns. `count` entries are valid. An offer of
 * nothing is a call: it starts or ends something, and pays only by what it makes possible; its
 * cost is a bond that stands in escrow, if there is one.
 */
export interface Offers {
  count: number
  /** Whose legs are sold; -1: nobody's, what is sold stands for itself. */
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
  /** Gas that taking it burns, units; 0: as the taker knows it. */
  readonly gas: number[]
  /** The only taker allowed, by index; -1: anybody; -2 - t: anybody but taker t. */
  readonly reserved: number[]
  /** 1: the payment is the bidder's own, and `cost` the least that is accepted. */
  readonly free: number[]
  /**
   * Of `amount`, what brings the taker nothing: a fee in kind, or sold for the borrower. Of a call,
   * the units that it puts up for sale or hands over.
   */
  readonly passed: number[]
  /** Of `cost`, what a defence adds to it: for the borrower, and for the protocol. */
  readonly returned: number[]
  readonly kept: number[]
}

/** What a taker asks for. */
export interface Bid {
  /** Up to this many units of the sold asset; Infinity takes the whole offer. */
  readonly amount: number
  /** Units of the paid asset, where the payment is the bidder's own. */
  readonly pays: number
  /** Index of the taker; -1 in an instant cascade. */
  readonly taker: number
  readonly atSeconds: number
}

/** Takes all of an offer, as an instant cascade does. */
export const WHOLE_OFFER: Bid = {
  amount: Number.POSITIVE_INFINITY,
  pays: 0,
  taker: -1,
  atSeconds: 0,
}

/** An end of a movement: a holder of the protocol, the bidder, or taker FIRST_TAKER + t. */
export type Holder = number
export const ACCOUNTS: Holder = 0
/** Whoever lent: they lose what is written off. */
export const LENDERS: Holder = 1
/** Fees and penalties that the protocol keeps. */
export const RESERVE: Holder = 2
/** What the rules hold themselves: lots under auction and bids in escrow. */
export const ITEMS: Holder = 3
/** What borrowers get back in their own hands. */
export const BORROWERS: Holder = 4
/** A pool that stands ready to pay debts for collateral: a stability pool, an insurance fund. */
export const POOL: Holder = 5
export const BIDDER: Holder = 6
export const FIRST_TAKER: Holder = 8

/** Movements of units between two holders, as growing columns. Debt is a negative holding. */
export interface Moves {
  count: number
  readonly asset: number[]
  readonly from: Holder[]
  readonly to: Holder[]
  readonly amount: number[]
}

/** What a settlement moved, in units. Reused between calls. */
export interface Settlement {
  /** Units of collateral that left the account (to the taker and to the protocol's fee). */
  seized: number
  /** Of `seized`, what the protocol kept as its fee; never sold. */
  fee: number
  /** Of `seized`, what is sold for the borrower: its published worth goes back as cash. */
  surplus: number
  /** Units of the debt asset that the taker paid. */
  repaid: number
  /**
   * What else changed hands: bad debt (from LENDERS), lots put up for auction, bids in escrow.
   * Every settlement begins by emptying it.
   */
  readonly moves: Moves
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
    gas: [],
    reserved: [],
    free: [],
    passed: [],
    returned: [],
    kept: [],
  }
}

/** A settlement that moved nothing yet. */
export function settlement(): Settlement {
  const moves = { count: 0, asset: [], from: [], to: [], amount: [] }
  return { seized: 0, fee: 0, surplus: 0, repaid: 0, moves }
}

/** Appends one movement. */
export function pushMove(
  moves: Moves,
  asset: number,
  from: Holder,
  to: Holder,
  amount: number,
): void {
  const n = moves.count++
  moves.asset[n] = asset
  moves.from[n] = from
  moves.to[n] = to
  moves.amount[n] = amount
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
  gas = 0,
  reserved = -1,
  free = 0,
  passed = 0,
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
  out.gas[n] = gas
  out.reserved[n] = reserved
  out.free[n] = free
  out.passed[n] = passed
  out.returned[n] = 0
  out.kept[n] = 0
}

/** A protocol in its opening state: prices as given, values written, no bad debt. */
export function protocolFrom(parts: {
  name: string
  rules: Rules
  book: Book
  prices: Float64Array
  accounts: readonly string[]
  positions?: Positions
  /** Already made, from the positions. */
  items?: Items | null
  row?: Uint32Array
}): Protocol {
  const { rules, prices, name, book, accounts } = parts
  return protocol({
    name,
    rules,
    book,
    accounts,
    prices: prices.slice(),
    confidence: new Float64Array(prices.length),
    index: new Float64Array(rules.slots.count).fill(1),
    badDebt: new Float64Array(prices.length),
    row: parts.row ?? null,
    items: parts.items ?? rules.items?.(parts.positions ?? null, prices) ?? null,
  })
}

// Written out, not spread: else every protocol would have a hidden class of its own, and code made
// for one would be thrown away at the next. So a cold run took half as long again.
function protocol(state: Omit<Protocol, 'values' | 'copy' | 'reset'>): Protocol {
  const { name, rules, book, accounts, row, prices, confidence, index, badDebt, items } = state
  const self: Protocol & { rules: Rules } = {
    name,
    rules,
    book,
    accounts,
    row,
    prices,
    confidence,
    index,
    values: new Float64Array(rules.slots.count),
    badDebt,
    items,
    copy: () =>
      protocol({
        name,
        rules,
        book: copyBook(book),
        accounts,
        row,
        prices: prices.slice(),
        confidence: confidence.slice(),
        index: index.slice(),
        badDebt: badDebt.slice(),
        items: items === null ? null : items.copy(),
      }),
    reset(from) {
      // A defence may have moved them.
      self.rules = from.rules
      resetBook(book, from.book)
      prices.set(from.prices)
      confidence.set(from.confidence)
      index.set(from.index)
      badDebt.set(from.badDebt)
      if (from.items !== null) items?.reset(from.items)
      self.values.set(from.values)
    },
  }
  rules.value(self)
  return self
}
