/** Selling one collateral leg against one debt leg: what lending rules share. */

import { health, type Slots } from '../book.ts'
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
 * One collateral leg facing one debt leg of a breached account, at published prices. Reused between
 * calls.
 *
 * Units: `units` and `owed` in tokens (both > 0), prices in USD, the account's sums in USD.
 */
export interface Pair {
  /** The account: collateral x threshold, debt, their ratio, and collateral / (1 + bonus). */
  weightedUsd: number
  debtUsd: number
  healthFactor: number
  coverUsd: number
  /** The collateral leg. */
  slot: number
  asset: number
  units: number
  price: number
  threshold: number
  bonus: number
  /** The debt leg. */
  debtSlot: number
  owed: number
  debtPrice: number
}

/**
 * A model's own rule: how much of a pair may be sold for at most `wanted` units, or why nothing.
 */
export type Size = (pair: Pair, wanted: number, out: Settlement) => Reason

/**
 * Rules that sell pairs: every collateral leg is offered against every debt leg, and the taker
 * picks.
 *
 * Rule:       Breached iff health < 0, or <= 0 where the edge says so; or, where the model has an
 *             `averageThreshold`, iff collateral x that average < debt. `size` is asked by `offers`
 *             and again, on the present state, by `settle`; so an offer settled first is never
 *             refused. When the last collateral unit leaves, the account's remaining debts move to
 *             `badDebt`. A debt slot whose factor is above 1 counts that many times for health, and
 *             once in `debtUsd`.
 * Simplifies: A remainder below 1e-12 of its leg goes with the sale (or repayment), so that
 *             rounding leaves no phantom collateral. Float64: within |health factor - 1| < 1e-12
 *             integer arithmetic may decide otherwise.
 */
export function pairRules(model: {
  readonly name: string
  readonly terms: Terms
  /** Left out: below. */
  readonly edge?: Rules['edge']
  readonly sale: Rules['sale']
  readonly steps?: Rules['steps']
  readonly size: Size
  /** Average threshold that counts for an account's health factor, from the exact one. */
  readonly averageThreshold?: (average: number) => number
  readonly scaled: Rules['scaled']
}): Rules {
  const { name, terms, edge = 'below', sale, steps, size, averageThreshold, scaled } = model
  const { slots, factor } = terms
  const pair = emptyPair()
  const deal = settlement()
  return {
    name,
    slots,
    edge,
    sale,
    anyOrder: true,
    ...(steps === undefined ? {} : { steps }),
    slotOf: terms.slotOf,
    terms: terms.of,
    scaled,
    value({ values, prices, confidence, index }) {
      for (let s = 0; s < slots.count; s++) {
        const asset = slots.asset[s]
        const price = Math.max(0, prices[asset] - slots.side[s] * confidence[asset])
        values[s] = price * factor[s] * index[s]
      }
    },
    ...interestAt(terms.rate),
    offers(protocol, account, out) {
      if (!breached(protocol, terms, edge, account, averageThreshold, pair)) return
      const { start, amount } = protocol.book
      const end = start[account + 1]
      for (let own = start[account]; own < end; own++) {
        if (!(amount[own] > 0)) continue
        for (let other = start[account]; other < end; other++) {
          if (!(amount[other] < 0)) continue
          if (decide(protocol, terms, own, other, size, Number.POSITIVE_INFINITY, pair, deal))
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
      if (!breached(protocol, terms, edge, account, averageThreshold, pair)) return 'healthy'
      const reason = decide(protocol, terms, own, other, size, bid.amount, pair, deal)
      if (reason !== 0) return reason
      move(protocol, slots, account, own, other, deal, out.moves)
      out.seized = deal.seized
      out.fee = deal.fee
      out.surplus = deal.surplus
      out.repaid = deal.repaid
      return 0
    },
  }
}

/**
 * Repays `repay` units of debt (> 0) for collateral at a bonus, the collateral capped by the leg
 * and by `wanted`.
 *
 * Rule: seized = repaid x debt price x (1 + bonus) / collateral price; where the cap binds, repaid
 *       follows from it.
 */
export function sellAtBonus(pair: Pair, repay: number, wanted: number, out: Settlement): void {
  const unitsPerDebt = (pair.debtPrice * (1 + pair.bonus)) / pair.price
  const need = repay * unitsPerDebt
  const most = Math.min(pair.units, wanted)
  out.seized = Math.min(need, most)
  out.repaid = need <= most ? repay : most / unitsPerDebt
  out.fee = 0
  out.surplus = 0
}

/** Below this share of its leg a remainder is rounding, not a position. */
const REMAINDER = 1e-12

function emptyPair(): Pair {
  return {
    weightedUsd: 0.5,
    debtUsd: 0.5,
    healthFactor: 0.5,
    coverUsd: 0.5,
    slot: 0,
    asset: 0,
    units: 0.5,
    price: 0.5,
    threshold: 0.5,
    bonus: 0.5,
    debtSlot: 0,
    owed: 0.5,
    debtPrice: 0.5,
  }
}

/**
 * Judges the account by the very sum of the health sweep; the account's sums are filled when it may
 * be breached.
 */
function breached(
  protocol: Protocol,
  terms: Terms,
  edge: Rules['edge'],
  account: number,
  averageThreshold: ((average: number) => number) | undefined,
  pair: Pair,
): boolean {
  const sum = health(protocol.book, protocol.values, account)
  const isBelow = sum < 0 || (sum === 0 && edge === 'atOrBelow')
  if (!isBelow && averageThreshold === undefined) return false
  const { book, values, prices, index } = protocol
  let weighted = 0
  let collateral = 0
  let debt = 0
  let cover = 0
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) {
    const slot = book.slot[k]
    const amount = book.amount[k]
    if (amount > 0) {
      weighted += amount * values[slot]
      collateral += (amount * values[slot]) / terms.factor[slot]
      cover += (amount * index[slot] * prices[terms.slots.asset[slot]]) / (1 + terms.bonus[slot])
    } else debt -= (amount * values[slot]) / terms.factor[slot]
  }
  if (averageThreshold !== undefined && collateral > 0)
    weighted = collateral * averageThreshold(weighted / collateral)
  pair.weightedUsd = weighted
  pair.debtUsd = debt
  pair.healthFactor = weighted / debt
  pair.coverUsd = cover
  return isBelow || weighted < debt
}

/** The admission test and the size, for listing and for settling. */
function decide(
  protocol: Protocol,
  terms: Terms,
  own: number,
  other: number,
  size: Size,
  wanted: number,
  pair: Pair,
  out: Settlement,
): Reason {
  const { book, prices, index } = protocol
  const slot = book.slot[own]
  pair.slot = slot
  pair.asset = terms.slots.asset[slot]
  pair.units = book.amount[own] * index[slot]
  pair.price = prices[pair.asset]
  pair.threshold = terms.factor[slot]
  pair.bonus = terms.bonus[slot]
  const owedSlot = book.slot[other]
  pair.debtSlot = owedSlot
  pair.owed = -book.amount[other] * index[owedSlot]
  pair.debtPrice = prices[terms.slots.asset[owedSlot]]
  const reason = size(pair, wanted, out)
  if (reason !== 0) return reason
  if (pair.units - out.seized <= REMAINDER * pair.units) out.seized = pair.units
  if (pair.owed - out.repaid <= REMAINDER * pair.owed) out.repaid = pair.owed
  return 0
}

function list(
  protocol: Protocol,
  slots: Slots,
  account: number,
  own: number,
  other: number,
  deal: Settlement,
  out: Offers,
): void {
  const { slot, version } = protocol.book
  const sells = slots.asset[slot[own]]
  const pays = slots.asset[slot[other]]
  const passed = deal.fee + deal.surplus
  const now = version[account]
  pushOffer(out, account, sells, deal.seized, pays, deal.repaid, now, own, other, 0, -1, 0, passed)
}

function move(
  protocol: Protocol,
  slots: Slots,
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
function writeOff(protocol: Protocol, slots: Slots, account: number, moves: Moves): void {
  const { book, badDebt, index } = protocol
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) if (book.amount[k] > 0) return
  for (let k = book.start[account]; k < end; k++) {
    if (book.amount[k] === 0) continue
    const asset = slots.asset[book.slot[k]]
    const lost = -book.amount[k] * index[book.slot[k]]
    badDebt[asset] += lost
    book.amount[k] = 0
    pushMove(moves, asset, LENDERS, ACCOUNTS, lost)
  }
}
