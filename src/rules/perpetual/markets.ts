/** Markets of a perpetual exchange: tiers of maintenance, and where positions stand in a book. */

import type { Slots } from '../../book.ts'
import { check } from '../terms.ts'

/** One tier as a parameter: up to a notional (none in the last), a rate of maintenance. */
export interface TierTerms {
  readonly upToUsd?: number
  readonly rate: number
}

/** One market as a parameter. */
export interface MarketTerms {
  readonly asset: number
  readonly tiers: readonly TierTerms[]
  readonly fundingRate?: number
}

/**
 * One market.
 *
 * Shape: the columns have an entry for each tier.
 * Units: `from` and `deduction` in USD of notional, `rate` a fraction of it.
 */
export interface PerpetualMarket {
  readonly asset: number
  readonly fundingRate: number
  readonly from: Float64Array
  readonly rate: Float64Array
  readonly deduction: Float64Array
  /** Slots of tier 0; that of tier k is k further. */
  readonly long: number
  readonly short: number
}

/**
 * Maintenance margin of a notional.
 *
 * Rule:  notional x rate - deduction of its tier, with deductions that keep it continuous:
 *        d(k) = d(k-1) + from(k) x (rate(k) - rate(k-1)). As rates rise it is the largest of the
 *        tiers' lines.
 * Units: USD.
 */
export function maintenance({ rate, deduction }: PerpetualMarket, notional: number): number {
  let most = 0
  for (let k = 0; k < rate.length; k++) most = Math.max(most, notional * rate[k] - deduction[k])
  return most
}

/** The tier of a notional, from 0. */
export function tierAt({ from }: PerpetualMarket, notional: number): number {
  let k = 0
  while (k + 1 < from.length && notional >= from[k + 1]) k++
  return k
}

/** All slots of an exchange, and its markets. */
export interface Layout {
  readonly slots: Slots
  readonly markets: readonly PerpetualMarket[]
  /** Market by slot, -1 for none, and its tier. */
  readonly marketOf: Int16Array
  readonly tierOf: Uint8Array
  /** Slot of collateral by asset, -1 for none; share of its worth that counts, by slot. */
  readonly collateralSlot: Int16Array
  readonly counts: Float64Array
  readonly cash: number
  /** What deductions of tiers add: not money, so its index is 0. */
  readonly allowance: number
}

/**
 * Lays out slots: one for each market, side and tier, one for each collateral, cash, deductions.
 *
 * Throws: ParameterError FB2221 to FB2223 on tiers that do not rise, or assets named twice
 */
export function layoutOf(
  markets: readonly MarketTerms[],
  collateral: readonly { readonly asset: number; readonly haircut: number }[],
  settlement: number,
): Layout {
  const rows: { asset: number; side: 1 | -1; group: number; market: number; counts: number }[] = []
  const add = (asset: number, side: 1 | -1, group: number, market: number, counts = 1) =>
    rows.push({ asset, side, group, market, counts }) - 1
  const named = new Set([settlement])
  const once = (asset: number, place: string) => {
    check(
      !named.has(asset),
      'FB2221',
      `${place}.asset`,
      'an asset is one thing on an exchange',
      asset,
    )
    named.add(asset)
  }
  const built = markets.map(({ asset, tiers, fundingRate = 0 }, m) => {
    once(asset, `markets[${m}]`)
    const at = (side: 1 | -1) => tiers.map((_, k) => add(asset, side, k, m))[0]
    const { from, rate, deduction } = columnsOf(tiers, m)
    return { asset, fundingRate, from, rate, deduction, long: at(1), short: at(-1) }
  })
  const most = Math.max(settlement, ...rows.map(({ asset }) => asset), ...assetsOf(collateral))
  const collateralSlot = new Int16Array(most + 1).fill(-1)
  collateral.forEach(({ asset, haircut }, c) => {
    once(asset, `collateral[${c}]`)
    collateralSlot[asset] = add(asset, 1, 0, -1, 1 - haircut)
  })
  const cash = add(settlement, 1, 0, -1)
  const allowance = add(settlement, 1, 1, -1)
  return {
    slots: {
      count: rows.length,
      asset: Uint16Array.from(rows, (row) => row.asset),
      side: Int8Array.from(rows, (row) => row.side),
      group: Uint16Array.from(rows, (row) => row.group),
    },
    markets: built,
    marketOf: Int16Array.from(rows, (row) => row.market),
    tierOf: Uint8Array.from(rows, (row) => (row.market < 0 ? 0 : row.group)),
    collateralSlot,
    counts: Float64Array.from(rows, (row) => row.counts),
    cash,
    allowance,
  }
}

function assetsOf(of: readonly { readonly asset: number }[]): number[] {
  return of.map(({ asset }) => asset)
}

function columnsOf(tiers: readonly TierTerms[], m: number) {
  const place = `markets[${m}].tiers`
  check(tiers.length > 0, 'FB2222', place, 'a market has a tier', 'none')
  const from = new Float64Array(tiers.length)
  const rate = new Float64Array(tiers.length)
  const deduction = new Float64Array(tiers.length)
  tiers.forEach((tier, k) => {
    rate[k] = tier.rate
    const isLast = k === tiers.length - 1
    const ends = tier.upToUsd === undefined
    const rule = 'each tier but the last has upTo'
    check(ends === isLast, 'FB2222', `${place}[${k}].upToUsd`, rule, tier.upToUsd)
    if (k === 0) return
    from[k] = tiers[k - 1].upToUsd!
    const rises = from[k] > from[k - 1] && rate[k] > rate[k - 1]
    check(rises, 'FB2223', `${place}[${k}].rate`, 'bounds and rates of tiers rise', tier.rate)
    deduction[k] = deduction[k - 1] + from[k] * (rate[k] - rate[k - 1])
  })
  return { from, rate, deduction }
}
