/** State of an Ajna pool beside its book: lenders, reserves, auctions, and who follows what. */

import { accountsOf, type Book } from '../../book.ts'
import { pow } from '../../math/exponential.ts'
import { YEAR_SECONDS } from '../../moment.ts'
import type { Items, Protocol } from '../../rules.ts'
import { type AjnaAuctions, noAuctions, refill, rowOf } from './auctions.ts'
import { type Buckets, bucketsFrom, credit, lowestUtilisedPrice } from './buckets.ts'
import type { AjnaSpec } from './parameters.ts'

/** The two slots of a pool. */
export const COLLATERAL = 0
export const DEBT = 1

/** Lenders, reserves and auctions of the pool. */
export interface Pool extends Items {
  readonly buckets: Buckets
  readonly auctions: AjnaAuctions
  reserves: number
  /** Of all accounts, in units that the index multiplies. */
  debt: number
  /** Published price in quote at the opening; 0 before the first valuation. */
  opening: number
  /** What the prices of buckets were multiplied by. */
  follow: number
  /** Time that has passed; 0 in an instant cascade. */
  seconds: number
  /** The loan not under auction with the highest threshold price; -1: to be looked for. */
  top: number
}

/** The pool at the opening: its debt is counted when it is first valued. */
export function poolFrom({ buckets, reservesUnits }: AjnaSpec): Pool {
  return poolOf(bucketsFrom(buckets), reservesUnits)
}

function poolOf(buckets: Buckets, reserves: number): Pool {
  const auctions = noAuctions()
  const self: Pool = {
    buckets,
    auctions,
    reserves,
    debt: 0,
    opening: 0,
    follow: 1,
    seconds: 0,
    top: -1,
    copy() {
      const other = poolOf({ price: buckets.price, deposit: buckets.deposit.slice() }, 0)
      other.reset(self)
      return other
    },
    reset(other) {
      const from = other as Pool
      buckets.deposit.set(from.buckets.deposit)
      refill(auctions, from.auctions)
      self.reserves = from.reserves
      self.debt = from.debt
      self.opening = from.opening
      self.follow = from.follow
      self.seconds = from.seconds
      self.top = from.top
    },
  }
  return self
}

/** The lowest utilised price of the moment, in quote. */
export function lupOf(of: AjnaSpec, protocol: Protocol): number {
  const pool = protocol.items as Pool
  if (pool.opening === 0) {
    pool.opening = worthOf(of, protocol)
    pool.debt = debtOf(protocol.book)
  }
  return lowestUtilisedPrice(pool.buckets, pool.debt * protocol.index[DEBT], followOf(of, protocol))
}

/** Factor on all prices of buckets. */
export function followOf(of: AjnaSpec, protocol: Protocol): number {
  const { follow, opening, seconds } = protocol.items as Pool
  const isAtOnce = seconds === 0 || of.followHalfLifeSeconds === undefined
  if (of.lendersFollow === 'none' || !isAtOnce) return follow
  return worthOf(of, protocol) / opening
}

/** Published price of collateral in quote. */
export function worthOf(of: AjnaSpec, { prices }: Protocol): number {
  return prices[of.collateral] / prices[of.quote]
}

function debtOf({ amount, slot }: Book): number {
  let debt = 0
  for (let k = 0; k < amount.length; k++) if (slot[k] === DEBT) debt -= amount[k]
  return debt
}

/** Interest of some seconds, and lenders who follow. */
export function pass(of: AjnaSpec, protocol: Protocol, seconds: number): void {
  const { index, items } = protocol
  const pool = items as Pool
  pool.seconds += seconds
  const growth = ((of.borrowRate ?? 0) * seconds) / YEAR_SECONDS
  credit(pool.buckets, pool.debt * index[DEBT] * growth)
  index[DEBT] *= 1 + growth
  if (of.lendersFollow === 'none' || of.followHalfLifeSeconds === undefined) return
  const lag = pow(2, -seconds / of.followHalfLifeSeconds)
  const wanted = worthOf(of, protocol) / pool.opening
  pool.follow = wanted + (pool.follow - wanted) * lag
}

/** The highest threshold price of all loans that are not under auction. */
export function highestThreshold(protocol: Protocol): number {
  const pool = protocol.items as Pool
  // Interest moves all loans alike: the highest stays it until it goes.
  if (pool.top >= 0 && standing(protocol, pool.top) > 0) return standing(protocol, pool.top)
  let highest = -1
  for (let i = 0; i < accountsOf(protocol.book); i++) {
    const price = standing(protocol, i)
    if (price <= highest) continue
    highest = price
    pool.top = i
  }
  return highest
}

/** Threshold price of a loan that is not under auction, else 0. */
function standing(protocol: Protocol, account: number): number {
  const { auctions } = protocol.items as Pool
  return rowOf(auctions, account) >= 0 ? 0 : thresholdOf(protocol, account)
}

function thresholdOf(protocol: Protocol, account: number): number {
  const collateral = unitsOf(protocol, account, COLLATERAL)
  return collateral > 0 ? unitsOf(protocol, account, DEBT) / collateral : 0
}

/** The first collateral leg of an account that has one. */
export function collateralLeg({ book }: Protocol, account: number): number {
  let own = book.start[account]
  while (book.slot[own] !== COLLATERAL) own++
  return own
}

/** Units of an account in one slot, above 0 for debt too. */
export function unitsOf({ book, index }: Protocol, account: number, slot: number): number {
  let sum = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.slot[k] === slot) sum += Math.abs(book.amount[k])
  return sum * index[slot]
}

/** Takes units of an account out of one slot, from all of its legs there alike. */
export function lower(protocol: Protocol, account: number, slot: number, units: number): void {
  const { book, index, items } = protocol
  const whole = unitsOf(protocol, account, slot)
  const kept = units >= whole ? 0 : 1 - units / whole
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.slot[k] === slot) book.amount[k] = kept === 0 ? 0 : book.amount[k] * kept
  if (slot !== DEBT) return
  const pool = items as Pool
  pool.debt = Math.max(0, pool.debt - Math.min(units, whole) / index[DEBT])
}
