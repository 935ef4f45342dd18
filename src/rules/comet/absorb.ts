/** Absorbing an account of Comet: its collateral goes to the protocol, which pays its debt. */

import { health } from '../../book.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  BORROWERS,
  ITEMS,
  LENDERS,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import {
  type CometReserves,
  type CometTerms,
  REMAINDER,
  sellsAt,
  settleReserves,
  shelve,
  storefrontPrice,
} from './reserves.ts'

/** `Offers.other` of an absorb alone, and of one whose caller buys what it absorbed. */
export const ABSORB = 0
export const ABSORB_AND_BUY = 1

/** Lists the ways to absorb an account: with a purchase of each collateral, and without. */
export function listAbsorbs(
  of: CometTerms,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  if (of.absorbPaused || !isLiquidatable(protocol, account)) return
  const { book, prices } = protocol
  const { gas, base } = of
  const now = book.version[account]
  const isForSale = sellsAt(of, reservesAfter(of, protocol, account))
  let all = 0
  let most = 0
  let largest = -1
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const asset = of.terms.slots.asset[book.slot[k]]
    const units = unitsOf(protocol, k)
    const worth = units * prices[asset]
    if (!(worth > 0)) continue
    all += worth
    if (worth > most) {
      most = worth
      largest = k
    }
    if (!isForSale) continue
    const cost = units * storefrontPrice(of, protocol, asset)
    const burns = gas.absorb + gas.buy
    pushOffer(out, account, asset, units, base, cost, now, k, ABSORB_AND_BUY, burns)
  }
  if (largest < 0) return
  const sells = of.terms.slots.asset[book.slot[largest]]
  const passed = all / prices[sells]
  pushOffer(out, account, sells, 0, base, 0, now, largest, ABSORB, gas.absorb, -1, 0, passed)
}

/** Absorbs an account, or sells one of its collaterals where there is no time. */
export function settleAbsorb(
  of: CometTerms,
  protocol: Protocol,
  offers: Offers,
  offer: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { book } = protocol
  const account = offers.account[offer]
  const own = offers.own[offer]
  if (of.absorbPaused) return 'paused'
  if (!(book.amount[own] > 0)) return 'stale'
  if (!isLiquidatable(protocol, account)) return 'healthy'
  const buys = offers.other[offer] === ABSORB_AND_BUY
  if (bid.taker < 0) {
    if (buys && !(bid.amount > 0)) return 'nothing'
    sellAtOnce(of, protocol, account, own, buys ? bid.amount : Number.POSITIVE_INFINITY, out)
  } else {
    const isForSale = buys && sellsAt(of, reservesAfter(of, protocol, account))
    if (buys && !(isForSale && bid.amount > 0)) return 'nothing'
    absorb(of, protocol, account, own, isForSale ? bid.amount : 0, out)
  }
  book.version[account]++
  return 0
}

function isLiquidatable({ book, values }: Protocol, account: number): boolean {
  return health(book, values, account) < 0
}

/** Debt less what is credited for all collateral: above 0 the account is not worth its debt. */
function missing(of: CometTerms, protocol: Protocol, account: number): number {
  const { book } = protocol
  let sum = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const units = unitsOf(protocol, k)
    sum -= units > 0 ? creditFor(of, protocol, k, units) : units
  }
  return sum
}

/** Reserves once they have paid the debt of an account and its surplus. */
function reservesAfter(of: CometTerms, protocol: Protocol, account: number): number {
  const { base } = protocol.items as CometReserves
  return base - debtOf(protocol, account) - Math.max(0, -missing(of, protocol, account))
}

/** Takes all collateral, sells up to `wanted` units of one leg, and pays the debt. */
function absorb(
  of: CometTerms,
  protocol: Protocol,
  account: number,
  own: number,
  wanted: number,
  out: Settlement,
): void {
  const { book, items } = protocol
  const debt = debtOf(protocol, account)
  const surplus = Math.max(0, -missing(of, protocol, account))
  let paid = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const units = unitsOf(protocol, k)
    const asset = of.terms.slots.asset[book.slot[k]]
    const credit = creditFor(of, protocol, k, units)
    book.amount[k] = 0
    if (!(units > 0)) continue
    const sold = k !== own ? 0 : units - wanted <= REMAINDER * units ? units : wanted
    if (k === own) out.seized = sold
    paid += sold * storefrontPrice(of, protocol, asset)
    if (sold === units) continue
    shelve(items as CometReserves, asset, units - sold, credit * (1 - sold / units))
    pushMove(out.moves, asset, ACCOUNTS, ITEMS, units - sold)
  }
  out.repaid = Math.min(paid, debt)
  if (paid > debt) pushMove(out.moves, of.base, BIDDER, RESERVE, paid - debt)
  if (paid < debt) pushMove(out.moves, of.base, RESERVE, ACCOUNTS, debt - paid)
  if (surplus > 0) pushMove(out.moves, of.base, RESERVE, BORROWERS, surplus)
  settleReserves(of, protocol, paid - debt - surplus, out.moves)
}

/**
 * Sells up to `wanted` units of one collateral with its share of the debt, so that the health
 * factor of the rest stays.
 */
function sellAtOnce(
  of: CometTerms,
  protocol: Protocol,
  account: number,
  own: number,
  wanted: number,
  out: Settlement,
): void {
  const { book, badDebt } = protocol
  const asset = of.terms.slots.asset[book.slot[own]]
  const units = unitsOf(protocol, own)
  const sold = units - wanted <= REMAINDER * units ? units : wanted
  const debt = takeDebt(protocol, account, shareOf(protocol, account, own) * (sold / units))
  const credit = creditFor(of, protocol, own, sold)
  const paid = sold * storefrontPrice(of, protocol, asset)
  const surplus = Math.max(0, credit - debt)
  const profit = paid - debt - surplus
  book.amount[own] = sold === units ? 0 : book.amount[own] * (1 - sold / units)
  out.seized = sold
  out.repaid = Math.min(paid, debt)
  if (surplus > 0) pushMove(out.moves, of.base, BIDDER, BORROWERS, surplus)
  if (profit > 0) pushMove(out.moves, of.base, BIDDER, RESERVE, profit)
  if (paid >= debt) return
  badDebt[of.base] += debt - paid
  pushMove(out.moves, of.base, LENDERS, ACCOUNTS, debt - paid)
}

/** Share of a collateral leg in the health of its account. */
function shareOf({ book, values }: Protocol, account: number, own: number): number {
  let weighted = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.amount[k] > 0) weighted += book.amount[k] * values[book.slot[k]]
  return weighted > 0 ? (book.amount[own] * values[book.slot[own]]) / weighted : 1
}

/** Takes a share of its debt off an account, and returns it in base. */
function takeDebt(protocol: Protocol, account: number, share: number): number {
  const { start, amount } = protocol.book
  const debt = share * debtOf(protocol, account)
  for (let k = start[account]; k < start[account + 1]; k++)
    if (amount[k] < 0) amount[k] = share === 1 ? 0 : amount[k] * (1 - share)
  return debt
}

function debtOf(protocol: Protocol, account: number): number {
  const { start } = protocol.book
  let debt = 0
  for (let k = start[account]; k < start[account + 1]; k++)
    debt += Math.max(0, -unitsOf(protocol, k))
  return debt
}

/** Base that is credited for units of a collateral leg. */
function creditFor(of: CometTerms, { book, prices }: Protocol, leg: number, units: number): number {
  const asset = of.terms.slots.asset[book.slot[leg]]
  return (units * prices[asset] * of.liquidationFactor[asset]) / prices[of.base]
}

/** Units of a leg, pending interest included. */
function unitsOf({ book, index }: Protocol, leg: number): number {
  return book.amount[leg] * index[book.slot[leg]]
}
