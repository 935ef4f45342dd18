/** What an offer is worth to a liquidator, what it costs, and what it pays for its place. */

import type { Offers } from '../rules.ts'
import type { TakerSpec } from '../scenario.ts'
import type { View } from '../taker.ts'
import { payingUnits } from './payingUnits.ts'

/** What an offer promises. Reused between offers; USD, gas price in gwei. */
export interface Deal {
  units: number
  /** Units of the paid asset that it bids where the payment is its own; 0 else. */
  pays: number
  paidUsd: number
  flashUsd: number
  /** Before gas and tip, and after them. */
  grossUsd: number
  netUsd: number
  gas: number
  gwei: number
  gasUsd: number
  tipUsd: number
  /** Whether more cash would take, or bid, more. */
  isShort: boolean
}

/** Fills `deal` with what the taker would do with the offer, and what would come of it. */
export function weigh(
  spec: TakerSpec,
  view: View,
  published: Float64Array,
  offers: Offers,
  i: number,
  cash: number,
  deal: Deal,
): void {
  if (offers.free[i] === 0) weighPriced(spec, view, published, offers, i, cash, deal)
  else weighFree(spec, view, offers, i, cash, deal)
  deal.gas = offers.gas[i] > 0 ? offers.gas[i] : spec.gas
  payForPlace(spec, view, deal, offers.free[i] === 1)
}

function weighPriced(
  spec: TakerSpec,
  view: View,
  published: Float64Array,
  offers: Offers,
  i: number,
  cash: number,
  deal: Deal,
): void {
  const { market, mids } = view
  const sells = offers.sells[i]
  const amount = offers.amount[i]
  // A surplus is paid at the published price.
  const passedUsd = offers.passed[i] * published[sells]
  const unitCost = (offers.cost[i] * mids[offers.pays[i]] + passedUsd) / amount
  // What no venue buys is worth its mid, as whoever receives it is credited.
  const isSoldNow = spec.disposal.kind === 'now' && market.hop[sells].length > 0
  const flashFee = isSoldNow ? spec.flashFee : null
  const bought = unitCost > 0 ? (cash / unitCost) * ROUNDED_DOWN : Number.POSITIVE_INFINITY
  const most = flashFee === null ? Math.min(amount, bought) : amount
  let units = most
  if (spec.size === 'profitable' && isSoldNow) {
    units = payingUnits(market, sells, most, unitCost)
    if (flashFee !== null && flashFee > 0 && units > bought)
      units = Math.max(bought, payingUnits(market, sells, most, unitCost * (1 + flashFee)))
  }
  const worthUsd = isSoldNow ? market.quote(sells, units).proceeds : units * mids[sells]
  deal.units = units
  deal.pays = 0
  deal.paidUsd = units * unitCost
  deal.flashUsd = flashFee === null ? 0 : flashFee * Math.max(0, deal.paidUsd - Math.max(0, cash))
  deal.grossUsd = worthUsd - deal.paidUsd - deal.flashUsd
  deal.isShort = most < amount
}

/** The lot comes later, so it is worth its mid, and nobody lends for that long. */
function weighFree(
  spec: TakerSpec,
  view: View,
  offers: Offers,
  i: number,
  cash: number,
  deal: Deal,
): void {
  const paysMid = view.mids[offers.pays[i]]
  const askedUsd = offers.cost[i] * paysMid
  const worthUsd = offers.amount[i] * view.mids[offers.sells[i]]
  const wantedUsd = spec.valuation * worthUsd
  const mostUsd = Math.min(wantedUsd, cash * ROUNDED_DOWN)
  const isAccepted = mostUsd >= askedUsd
  const paidUsd = spec.outbids === 'least' ? askedUsd : mostUsd
  deal.units = isAccepted ? offers.amount[i] : 0
  deal.pays = isAccepted ? Math.max(offers.cost[i], paidUsd / paysMid) : 0
  deal.paidUsd = isAccepted ? paidUsd : 0
  deal.flashUsd = 0
  deal.grossUsd = isAccepted ? worthUsd - paidUsd : 0
  deal.isShort = mostUsd < wantedUsd
}

/**
 * Adds gas price, gas and tip to a deal whose profit before them is known. In an English auction a
 * higher bid wins and not a faster one, so no share of the profit goes into gas.
 */
function payForPlace(spec: TakerSpec, view: View, deal: Deal, isFree: boolean): void {
  const usdPerGwei = deal.gas * view.usdPerGwei
  const now = view.gwei
  const least = Math.min(
    spec.maxGwei,
    wantedGwei(spec, now, isFree ? 0 : deal.grossUsd, usdPerGwei),
  )
  deal.gwei = Math.min(spec.maxGwei, outbidding(spec, least, view.contestedGwei))
  if (deal.gwei * usdPerGwei > deal.grossUsd) deal.gwei = least
  deal.gasUsd = deal.gwei * usdPerGwei
  const leftUsd = deal.grossUsd - deal.gasUsd
  deal.tipUsd = spec.route === 'public' ? 0 : spec.tipShare * Math.max(0, leftUsd)
  deal.netUsd = spec.maxGwei < view.gwei ? Number.NEGATIVE_INFINITY : leftUsd - deal.tipUsd
}

/** Who bids by the market outbids those who were passed over in the block before. */
function outbidding({ bidding, route }: TakerSpec, gwei: number, contested: number): number {
  if (route !== 'public' || bidding.kind !== 'market') return gwei
  return Math.max(gwei, bidding.times * contested)
}

/** The gas price that it would pay but for its limit, gwei. */
export function wantedGwei(
  spec: TakerSpec,
  gweiNow: number,
  grossUsd: number,
  usdPerGwei: number,
): number {
  if (spec.route !== 'public') return gweiNow
  const { bidding } = spec
  if (bidding.kind === 'fixed') return bidding.gwei
  if (bidding.kind === 'market') return bidding.times * gweiNow
  return usdPerGwei > 0 ? Math.max(gweiNow, (bidding.share * grossUsd) / usdPerGwei) : gweiNow
}

/** What cash buys, so that it costs no more than the cash by rounding. */
export const ROUNDED_DOWN = 1 - 8e-15

/** A deal to be filled; halves, so that it holds doubles from the start. */
export function emptyDeal(): Deal {
  return {
    units: 0.5,
    pays: 0.5,
    paidUsd: 0.5,
    flashUsd: 0.5,
    grossUsd: 0.5,
    netUsd: 0.5,
    gas: 0.5,
    gwei: 0.5,
    gasUsd: 0.5,
    tipUsd: 0.5,
    isShort: false,
  }
}
