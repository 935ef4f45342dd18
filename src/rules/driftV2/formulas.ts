/** Formulas of Drift v2's liquidations: ratios by size, fees, sizes, and what time allows. */

import { floorToBps } from '../terms.ts'

/** A risen ratio starts from the base less a fifth. */
const PREMIUM_PART = 5
const DISCOUNT_BASE = 1.1
/** LIQUIDATION_FEE_PRECISION, and that of weights in the size of a transfer. */
const FEE_PARTS = 1e6
const WEIGHT_PARTS = 1e5
/** LIQUIDATION_FEE_ADJUST_GRACE_PERIOD_SLOTS, LIQUIDATION_FEE_INCREASE_PER_SLOT, and a slot. */
const GRACE_SLOTS = 1500
const FEE_PER_SLOT = 1e-6
const SLOT_SECONDS = 0.4
/** MAX_LIQUIDATION_MULTIPLIER */
const FEE_MOST = 3
/** A fund's fee leaves a part of the room, so that it makes nobody bankrupt. */
const FUND_SHARE = 0.95
/** A shortage below this may be closed at once. */
const SMALL_USD = 50
const AVERAGE_SECONDS = 300
/** LIQUIDATION_PCT_PRECISION; a shortage is a small difference of sums, and so less exact. */
const SHARE_PARTS = 1e4
const SHARE_SLACK = 1 + 1e-9
/** What rounding puts just below a whole part is that part. */
const SLACK = 1 + 1e-12

/**
 * Margin ratio or liability weight of a size.
 *
 * Rule:   max(base, base - base / 5 + imf x root of units), every term cut to basis points
 * Source: drift-labs/protocol-v2, programs/drift/src/math/margin.rs,
 *         calculate_size_premium_liability_weight(), commit 1c28629c
 */
export function sizePremium(units: number, imf: number, base: number): number {
  if (imf === 0) return base
  return Math.max(base, base - floorToBps(base / PREMIUM_PART) + floorToBps(imf * rootOf(units)))
}

/** Asset weight of a size; same source, calculate_size_discount_asset_weight(). */
export function sizeDiscount(units: number, imf: number, weight: number): number {
  if (imf === 0) return weight
  return Math.min(weight, floorToBps(DISCOUNT_BASE / (1 + floorTo(imf * rootOf(units), FEE_PARTS))))
}

/** The root of 10 x size + 1, for sizes of nine decimals, cut to a whole number: 1e5 a unit. */
function rootOf(units: number): number {
  return Math.floor(Math.sqrt(units * 1e10 + 1)) / 1e5
}

/**
 * Fee of a liquidator some seconds after the liquidation began.
 *
 * Rule: fee until 1500 slots have passed; then 0.01 bp more for each slot since the beginning, up
 *       to three times the fee and to the maintenance ratio
 */
export function risenFee(fee: number, maintenance: number, seconds: number): number {
  const slots = Math.floor((seconds / SLOT_SECONDS) * SLACK)
  if (slots < GRACE_SLOTS) return fee
  return Math.min(fee + FEE_PER_SLOT * slots, mostFee(fee, maintenance))
}

/** Seconds after the beginning of a liquidation from which its fee rises no more. */
export function risesFor(fee: number, maintenance: number): number {
  const most = mostFee(fee, maintenance)
  return SLOT_SECONDS * Math.max(GRACE_SLOTS, Math.ceil((most - fee) / FEE_PER_SLOT))
}

/** The maintenance ratio may be below the fee itself; the fee is then cut to it once it rises. */
function mostFee(fee: number, maintenance: number): number {
  return Math.min(FEE_MOST * fee, maintenance)
}

/**
 * What the fund gets of a perpetual position, as a fraction of it.
 *
 * Rule: min(most, 0.95 x (room - shortage / worth)), cut to parts of a million; `room` is ratio +
 *       buffer - fee, the shortage this position's part of the account's
 */
export function perpFundFee(most: number, room: number, shortage: number, worth: number): number {
  if (!(room > 0)) return 0
  const left = Math.max(0, room - floorTo(shortage / worth, FEE_PARTS))
  return Math.min(most, floorTo(left * FUND_SHARE, FEE_PARTS))
}

/** Liability weight less what the deposit given for it counted: margin freed for a dollar. */
export function spotRoom(weight: number, assetWeight: number, multipliers: number): number {
  return weight - floorTo(assetWeight * multipliers, WEIGHT_PARTS)
}

/**
 * What the fund gets of a borrow, as a fraction of it.
 *
 * Rule: min(most, (weight - assetWeight x multipliers - shortage / worth) / weight), cut to parts
 *       of a million
 */
export function spotFundFee(
  most: number,
  weight: number,
  assetWeight: number,
  multipliers: number,
  shortage: number,
  worth: number,
): number {
  if (assetWeight >= weight || worth < LEAST_USD) return 0
  const given = floorTo(assetWeight * multipliers, FEE_PARTS)
  const left = Math.max(0, weight - given - floorTo(shortage / worth, FEE_PARTS))
  return Math.min(most, floorTo(left / weight, FEE_PARTS))
}

/** The fee of a borrow stays with the borrower as debt; of less than this there is none. */
const LEAST_USD = 0.01

/** Units that cover a shortage at so much margin freed for a dollar; all where that is nothing. */
export function unitsToCover(shortage: number, price: number, freed: number): number {
  return freed > 0 && price > 0 ? shortage / (price * freed) : Number.POSITIVE_INFINITY
}

/**
 * Share of a cover that may be closed now.
 *
 * Rule: 1 below a shortage of $50; else ((shortage + freed) x allowed - freed) / shortage, with
 *       allowed = initial + seconds / duration; allowed and result cut to basis points
 */
export function allowedShare(
  shortage: number,
  freed: number,
  seconds: number,
  initial: number,
  duration: number,
): number {
  if (shortage < SMALL_USD || duration === 0) return 1
  const allowed = Math.min(1, initial + floorToBps(seconds / duration))
  const share = Math.max(0, (shortage + freed) * allowed - freed) / shortage
  return floorTo(share * SHARE_SLACK, SHARE_PARTS)
}

/** Whether a price is too far from its average for a liquidation. */
export function isDivergent(price: number, average: number, most: number): boolean {
  return Math.abs(price - average) >= most * average
}

/** 5-minute average after a price stood for some seconds. */
export function averaged(average: number, price: number, seconds: number): number {
  return average + (price - average) * Math.min(1, seconds / AVERAGE_SECONDS)
}

function floorTo(of: number, parts: number): number {
  return Math.floor(of * parts * SLACK) / parts
}
