/** Selling one collateral leg against one debt leg, where a rule hangs on the slots of both. */

import { health } from '../book.ts'
import {
  ACCOUNTS,
  type Bid,
  LENDERS,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Rules,
  type Settlement,
  settlement,
} from '../rules.ts'
import { interestAt, type Terms } from './terms.ts'

/**
 * A collateral leg facing a debt leg of an account that may be liquidated. Reused between calls.
 *
 * Units: `units` and `owed` in tokens (both > 0), prices in USD, the account's sums in USD.
 */
export interface Facing {
  /** The account: collateral x threshold, debt, and their ratio. */
  weightedUsd: number
  debtUsd: number
  healthFactor: number
  /** The collateral leg. */
  slot: number
  units: number
  price: number
  /** The debt leg. */
  debtSlot: number
  owed: number
  debtPrice: number
}

/** How much of two legs may be sold for at most `wanted` units, or why nothing. */
export type Seize = (of: Facing, wanted: number, out: Settlement) => Reason

/**
 * Rules that offer every collateral leg against every debt leg; the taker picks.
 *
 * Rule:       Breached iff health < 0, or <= 0 where the edge says so. `seize` is asked by `offers`
 *             and again, on the present state, by `settle`. When the last collateral unit leaves,
 *             the account's remaining debts move to `badDebt`. A debt slot whose factor is above 1
 *             counts that many times for health, and once in `debtUsd`.
 * Simplifies: A remainder below 1e-12 of its leg goes with the sale (or repayment), so that
 *             rounding leaves no phantom collateral.
 */
export function seizureRules(model: {
  readonly name: string
  readonly terms: Terms
  readonly edge: Rules['edge']
  readonly seize: Seize
  readonly scaled: Rules['scaled']
}): Rules {
  const { name, terms, edge, seize, scaled } = model
  const { slots, factor } = terms
  const facing = emptyFacing()
  const deal = settlement()
  return {
    name,
    slots,
    edge,
    sale: 'repeated',
    slotOf: terms.slotOf,
    terms: terms.of,
    scaled,
    value({ values, prices, confidence, index }) {
      for (let s = 0; s < slots.count; s++) {
        const asset = slots.asset[s]
        values[s] = (prices[asset] - slots.side[s] * confidence[asset]) * factor[s] * index[s]
      }
    },
    ...interestAt(terms.rate),
    offers(protocol, account, out) {
      if (!isBreached(protocol, terms, edge, account, facing)) return
      const { start, amount } = protocol.book
      const end = start[account + 1]
      for (let own = start[account]; own < end; own++) {
        if (!(amount[own] > 0)) continue
        for (let other = start[account]; other < end; other++) {
          if (!(amount[other] < 0)) continue
          if (face(protocol, slots, own, other, seize, Number.POSITIVE_INFINITY, facing, deal))
            continue
          list(protocol, slots, account, own, other, deal, out)
        }
      }
    },
    settle(protocol, offers: Offers, offer: number, bid: Bid, out: Settlement) {
      const { amount } = protocol.book
      out.moves.count = 0
      const account = offers.account[offer]
      const own = offers.own[offer]
      const other = offers.other[offer]
      if (!(bid.amount > 0)) return 'nothing'
      if (!(amount[own] > 0 && amount[other] < 0)) return 'stale'
      if (!isBreached(protocol, terms, edge, account, facing)) return 'healthy'
      const reason = face(protocol, slots, own, other, seize, bid.amount, facing, deal)
      if (reason !== 0) return reason
      move(protocol, slots, account, own, other, deal, out.moves)
      out.seized = deal.seized
      out.fee = deal.fee
      out.surplus = 0
      out.repaid = deal.repaid
      return 0
    },
  }
}

/**
 * Repays `repay` units of debt (> 0) at a bonus; what the collateral or `wanted` does not cover is
 * not repaid.
 *
 * Rule: seized = repaid x debt price x (1 + bonus) / collateral price
 */
export function payAtBonus(
  { units, price, debtPrice }: Facing,
  repay: number,
  bonus: number,
  wanted: number,
  out: Settlement,
): void {
  const unitsPerDebt = (debtPrice * (1 + bonus)) / price
  const need = repay * unitsPerDebt
  const most = Math.min(units, wanted)
  out.seized = Math.min(need, most)
  out.repaid = need <= most ? repay : most / unitsPerDebt
  out.fee = 0
}

/** floorTo whole basis points; what rounding puts just below one is that one. */
export function floorToBps(share: number): number {
  return Math.floor(share * 10_000 * (1 + REMAINDER)) / 10_000
}

/** Below this share of its leg a remainder is rounding, not a position. */
const REMAINDER = 1e-12

function emptyFacing(): Facing {
  return {
    weightedUsd: 0.5,
    debtUsd: 0.5,
    healthFactor: 0.5,
    slot: 0,
    units: 0.5,
    price: 0.5,
    debtSlot: 0,
    owed: 0.5,
    debtPrice: 0.5,
  }
}

/** Judges the account by the very sum of the health sweep, and fills its sums. */
function isBreached(
  { book, values }: Protocol,
  { factor }: Terms,
  edge: Rules['edge'],
  account: number,
  facing: Facing,
): boolean {
  const sum = health(book, values, account)
  if (!(sum < 0 || (sum === 0 && edge === 'atOrBelow'))) return false
  let weighted = 0
  let debt = 0
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    if (book.amount[k] > 0) weighted += worth
    else debt -= worth / factor[book.slot[k]]
  }
  facing.weightedUsd = weighted
  facing.debtUsd = debt
  facing.healthFactor = weighted / debt
  return true
}

function face(
  { book, prices, index }: Protocol,
  { asset }: Rules['slots'],
  own: number,
  other: number,
  seize: Seize,
  wanted: number,
  facing: Facing,
  out: Settlement,
): Reason {
  const slot = book.slot[own]
  facing.slot = slot
  facing.units = book.amount[own] * index[slot]
  facing.price = prices[asset[slot]]
  const debtSlot = book.slot[other]
  facing.debtSlot = debtSlot
  facing.owed = -book.amount[other] * index[debtSlot]
  facing.debtPrice = prices[asset[debtSlot]]
  const reason = seize(facing, wanted, out)
  if (reason !== 0) return reason
  if (facing.units - out.seized <= REMAINDER * facing.units) out.seized = facing.units
  if (facing.owed - out.repaid <= REMAINDER * facing.owed) out.repaid = facing.owed
  return 0
}

function list(
  { book: { slot, version } }: Protocol,
  { asset }: Rules['slots'],
  account: number,
  own: number,
  other: number,
  { seized, repaid, fee }: Settlement,
  out: Offers,
): void {
  const sells = asset[slot[own]]
  const pays = asset[slot[other]]
  pushOffer(out, account, sells, seized, pays, repaid, version[account], own, other, 0, -1, 0, fee)
}

function move(
  protocol: Protocol,
  slots: Rules['slots'],
  account: number,
  own: number,
  other: number,
  deal: Settlement,
  moves: Moves,
): void {
  const { book, index } = protocol
  const { amount, slot, version } = book
  // All of a leg is exactly all: a quotient by the index would leave an ulp.
  const units = amount[own] * index[slot[own]]
  const owed = -amount[other] * index[slot[other]]
  amount[own] = deal.seized === units ? 0 : amount[own] - deal.seized / index[slot[own]]
  amount[other] = deal.repaid === owed ? 0 : amount[other] + deal.repaid / index[slot[other]]
  version[account]++
  if (amount[own] === 0) writeOff(protocol, slots, account, moves)
}

/** Moves what an account without collateral still owes to the protocol's bad debt. */
function writeOff(
  { book, badDebt, index }: Protocol,
  { asset }: Rules['slots'],
  account: number,
  moves: Moves,
): void {
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) if (book.amount[k] > 0) return
  for (let k = book.start[account]; k < end; k++) {
    if (book.amount[k] === 0) continue
    const slot = book.slot[k]
    const lost = -book.amount[k] * index[slot]
    badDebt[asset[slot]] += lost
    book.amount[k] = 0
    pushMove(moves, asset[slot], LENDERS, ACCOUNTS, lost)
  }
}
