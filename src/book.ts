/** The accounts of one protocol, as columns, and their health. */

import { assert, InputError } from './errors.ts'

/**
 * Accounts and their legs.
 *
 * Shape: `start` has accounts + 1 entries; `slot` and `amount` one per leg; `version` one per
 *        account. Legs of account i are `start[i] .. start[i + 1] - 1`.
 * Units: `amount` in whole (scaled) tokens, > 0 owned, < 0 owed.
 */
export interface Book {
  readonly start: Uint32Array
  readonly slot: Uint16Array
  readonly amount: Float64Array
  /** Goes up with every write to account i. */
  readonly version: Uint32Array
}

/**
 * What legs point at: (asset, side, group), fixed at build time and owned by the rules.
 *
 * Shape: every column has `count` entries; `side` is 1 for collateral and -1 for debt.
 */
export interface Slots {
  readonly count: number
  readonly asset: Uint16Array
  readonly side: Int8Array
  /** E-mode category, tier or the like; 0 when the rules have none. */
  readonly group: Uint16Array
}

/** One leg before it is in a book: `amount` is signed (debt negative). */
export interface Leg {
  readonly account: number
  readonly slot: number
  readonly amount: number
}

/** How many accounts the book has. */
export function accountsOf(book: Book): number {
  return book.start.length - 1
}

/**
 * Puts legs into a book.
 *
 * Shape:  `accounts` is the number of accounts; every leg's account is below it. Legs come in any
 *         order; those of one account keep theirs.
 * Throws: Book.LegAccountError if a leg is of no account
 */
export function bookFrom(accounts: number, legs: readonly Leg[]): Book {
  const start = new Uint32Array(accounts + 1)
  legs.forEach(({ account }, k) => {
    if (!(account >= 0 && account < accounts)) throw new LegAccountError(k, account, accounts)
    start[account + 1]++
  })
  for (let i = 0; i < accounts; i++) start[i + 1] += start[i]
  const next = start.slice()
  const slot = new Uint16Array(legs.length)
  const amount = new Float64Array(legs.length)
  for (const leg of legs) {
    const k = next[leg.account]++
    slot[k] = leg.slot
    amount[k] = leg.amount
  }
  return { start, slot, amount, version: new Uint32Array(accounts) }
}

/** A book that shares the fixed columns and owns the changing ones. */
export function copyBook(book: Book): Book {
  const { start, slot, amount, version } = book
  return { start, slot, amount: amount.slice(), version: version.slice() }
}

/** Puts a copy back to the state of its origin, without allocation. */
export function resetBook(book: Book, from: Book): void {
  book.amount.set(from.amount)
  book.version.set(from.version)
}

/**
 * Health of one account: the signed sum of its legs at the given slot values, in USD; breached
 * below 0.
 */
export function health(book: Book, values: Float64Array, account: number): number {
  let sum = 0
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) sum += book.amount[k] * values[book.slot[k]]
  return sum
}

/**
 * Health factor: collateral x threshold / debt; Infinity without debt, 0 with debt and no
 * collateral.
 */
export function healthFactor(book: Book, values: Float64Array, account: number): number {
  let plus = 0
  let minus = 0
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    if (worth > 0) plus += worth
    else minus -= worth
  }
  return minus === 0 ? Number.POSITIVE_INFINITY : plus / minus
}

/**
 * Lists every account below 0, in rising order, and returns how many.
 *
 * Shape: `out` holds at least one entry per account. Legs are added in the order of `health`, so
 *        the two agree.
 */
export function healthSweep(book: Book, values: Float64Array, out: Uint32Array): number {
  assert(out.length >= accountsOf(book), 'healthSweep needs room for every account')
  return everyAccountHasTwoLegs(book) ? sweepTwoLegs(book, values, out) : sweep(book, values, out)
}

// Branch-free: the write always happens, the counter moves only for a breach. Four accounts are
// read before any is written, because each write makes V8 check the columns again. Measured 2.5 x
// as fast.
function sweepTwoLegs(book: Book, values: Float64Array, out: Uint32Array): number {
  const { slot, amount } = book
  const accounts = accountsOf(book)
  const whole = accounts - (accounts % 4)
  let n = 0
  for (let i = 0; i < whole; i += 4) {
    const a = twoLegs(slot, amount, values, 2 * i)
    const b = twoLegs(slot, amount, values, 2 * i + 2)
    const c = twoLegs(slot, amount, values, 2 * i + 4)
    const d = twoLegs(slot, amount, values, 2 * i + 6)
    out[n] = i
    n += +(a < 0)
    out[n] = i + 1
    n += +(b < 0)
    out[n] = i + 2
    n += +(c < 0)
    out[n] = i + 3
    n += +(d < 0)
  }
  for (let i = whole; i < accounts; i++) {
    out[n] = i
    n += +(twoLegs(slot, amount, values, 2 * i) < 0)
  }
  return n
}

function twoLegs(slot: Uint16Array, amount: Float64Array, values: Float64Array, k: number): number {
  return amount[k] * values[slot[k]] + amount[k + 1] * values[slot[k + 1]]
}

function sweep(book: Book, values: Float64Array, out: Uint32Array): number {
  const { start, slot, amount } = book
  const accounts = accountsOf(book)
  let n = 0
  let k = start[0]
  for (let i = 0; i < accounts; i++) {
    let sum = 0
    for (const end = start[i + 1]; k < end; k++) sum += amount[k] * values[slot[k]]
    out[n] = i
    n += +(sum < 0)
  }
  return n
}

const twoLegged = new WeakMap<Uint32Array, boolean>()

function everyAccountHasTwoLegs(book: Book): boolean {
  const known = twoLegged.get(book.start)
  if (known !== undefined) return known
  const answer = book.start.every((first, i) => first === 2 * i)
  twoLegged.set(book.start, answer)
  return answer
}

/** Every leg is of an account of its book. */
export class LegAccountError extends InputError {
  constructor(leg: number, account: number, accounts: number) {
    super({
      code: 'FB2101',
      rule: 'a leg must be of one of the accounts',
      place: `leg ${leg}`,
      came: `account ${account} of ${accounts}`,
      remedy: 'Number accounts from 0, and tell bookFrom() how many there are',
    })
  }
}
