/** What a perpetual exchange holds itself: its fund, its vault, funding, and who waits. */

import type { Items } from '../../rules.ts'

/**
 * Books of an exchange.
 *
 * Shape: `funding`, `vault` by market, `open` and `exhausted` two for each; `coolUntil` by account;
 *        `entry` by leg, never changed.
 * Units: money in the settlement asset; `funding` so far per unit of position; `vault` and `open`
 *        in units of position, a vault's shorts below 0; times in seconds since the opening.
 */
export interface PerpetualBooks extends Items {
  fund: number
  credited: number
  debited: number
  vaultCash: number
  /** USD of notional that winners were made to close, and profit that they lost by it. */
  deleveragedUsd: number
  haircutUsd: number
  /** USD of deficits that winners were asked to bear, and of them what they could not. */
  neededUsd: number
  unmetUsd: number
  /** USD of profit of all winners, the most when any was deleveraged. */
  profitUsd: number
  /** USD of all longs at the opening. */
  openInterestUsd: number
  readonly funding: Float64Array
  readonly vault: Float64Array
  /** Open interest, units: long and short of each market in turn. */
  readonly open: Float64Array
  /** 1: no winner is left to close against this side, for a block. */
  readonly exhausted: Uint8Array
  readonly coolUntil: Map<number, number>
  readonly entry: Float64Array
}

/** Books at the opening. */
export function openBooks(fund: number, markets: number, entry: Float64Array): PerpetualBooks {
  return books({ ...ZERO, fund }, markets, entry)
}

const ZERO = {
  fund: 0,
  credited: 0,
  debited: 0,
  vaultCash: 0,
  deleveragedUsd: 0,
  haircutUsd: 0,
  neededUsd: 0,
  unmetUsd: 0,
  profitUsd: 0,
  openInterestUsd: 0,
}

function books(numbers: typeof ZERO, markets: number, entry: Float64Array): PerpetualBooks {
  // Halves, so that they hold doubles from the start, and one shape in every run.
  const self: PerpetualBooks = {
    fund: 0.5,
    credited: 0.5,
    debited: 0.5,
    vaultCash: 0.5,
    deleveragedUsd: 0.5,
    haircutUsd: 0.5,
    neededUsd: 0.5,
    unmetUsd: 0.5,
    profitUsd: 0.5,
    openInterestUsd: 0.5,
    funding: new Float64Array(markets),
    vault: new Float64Array(markets),
    open: new Float64Array(2 * markets),
    exhausted: new Uint8Array(2 * markets),
    coolUntil: new Map(),
    entry,
    arranged(from) {
      const own = new Float64Array(entry.length)
      for (let k = 0; k < own.length; k++) own[k] = entry[from[k]]
      const other = books(ZERO, markets, own)
      other.reset(self)
      return other
    },
    copy() {
      const other = books(ZERO, markets, entry)
      other.reset(self)
      return other
    },
    reset(from) {
      const other = from as PerpetualBooks
      setNumbers(self, other)
      self.funding.set(other.funding)
      self.vault.set(other.vault)
      self.open.set(other.open)
      self.exhausted.set(other.exhausted)
      self.coolUntil.clear()
      for (const [account, until] of other.coolUntil) self.coolUntil.set(account, until)
    },
  }
  setNumbers(self, numbers)
  return self
}

function setNumbers(books: PerpetualBooks, to: typeof ZERO): void {
  for (const name of Object.keys(ZERO) as (keyof typeof ZERO)[]) books[name] = to[name]
}

/** Pays into the fund. */
export function credit(books: PerpetualBooks, units: number): void {
  books.fund += units
  books.credited += units
}

/** Takes from the fund what is asked for, as far as it is there. */
export function debit(books: PerpetualBooks, units: number): number {
  const paid = Math.min(units, books.fund)
  books.fund -= paid
  books.debited += paid
  return paid
}
