/** Markets with a pool of their own, and where their positions stand in a book. */

import type { Slots } from '../../book.ts'
import type { Rules } from '../../rules.ts'
import { check } from '../terms.ts'
import type { GmxSpec, MarketSpec } from './parameters.ts'

/** Slots of a market, in this order: slot s is of market s / SLOTS, and of kind s % SLOTS. */
export const LONG = 0
export const SHORT = 1
/** Collateral in the long and in the short token. */
export const LONG_TOKEN = 2
export const SHORT_TOKEN = 3
/** Sizes in USD: what a long owes for its tokens, and a short was given for its own. */
export const LONG_SIZE = 4
export const SHORT_SIZE = 5
/** The least collateral: not money, so its index is 0. */
export const REQUIREMENT = 6
export const SLOTS = 7

/** All slots, and the markets they are of. */
export interface Layout extends Pick<Rules, 'slots' | 'slotOf' | 'terms'> {
  readonly markets: readonly MarketSpec[]
  /** Assets, 1 more than the largest index. */
  readonly assets: number
}

/**
 * Lays out seven slots for each market.
 *
 * Shape:  collateral in a token that is also the index, sizes and requirements stand in groups
 *         beyond the markets: no position opens there. Group 0 is collateral of any market.
 * Throws: ParameterError FB2232 where an asset has two parts in a market, FB2235 on ADL that would
 *         end above where it begins
 */
export function layoutOf({ markets }: GmxSpec): Layout {
  markets.forEach((market, m) => {
    const { index, long, short, adl } = market
    const place = `markets[${m}]`
    const rule = 'the short token is neither the long token nor the index'
    check(short !== long && short !== index, 'FB2232', `${place}.short`, rule, 'the same')
    const after = adl === undefined || adl.minPnlAfter <= adl.maxPnl
    const bound = 'ADL ends at or below where it begins'
    check(after, 'FB2235', `${place}.adl.minPnlAfter`, bound, adl?.minPnlAfter)
  })
  const slots = slotsOf(markets)
  const groups = new Map(markets.map(({ group }, m) => [group, m]))
  return {
    slots,
    markets,
    assets: 1 + slots.asset.reduce((most, asset) => Math.max(most, asset), 0),
    slotOf(asset, side, group) {
      if (group === 0) return side > 0 ? anyCollateral(markets, asset) : -1
      const m = groups.get(group)
      if (m === undefined) return -1
      const { index, long, short } = markets[m]
      if (asset === index) return m * SLOTS + (side > 0 ? LONG : SHORT)
      if (asset === short) return m * SLOTS + SHORT_TOKEN
      return asset === long && side > 0 ? m * SLOTS + LONG_TOKEN : -1
    },
    terms(asset, group) {
      if (group === 0) return anyCollateral(markets, asset) < 0 ? null : WHOLE
      const m = groups.get(group)
      if (m === undefined) return isSize(markets, asset, group) ? WHOLE : null
      const { index, long, short, minCollateralFactor } = markets[m]
      if (asset === index) return { threshold: 1 - minCollateralFactor, bonus: 0 }
      return asset === long || asset === short ? WHOLE : null
    },
  }
}

const WHOLE = { threshold: 1, bonus: 0 }

function slotsOf(markets: readonly MarketSpec[]): Slots {
  const rows: [asset: number, side: 1 | -1, group: number][] = []
  const beyond = Math.max(0, ...markets.map(({ group }) => group))
  for (const { group, index, long, short } of markets)
    rows.push(
      [index, 1, group],
      [index, -1, group],
      [long, 1, long === index ? beyond + group : group],
      [short, 1, group],
      [short, -1, beyond + group],
      [short, 1, beyond + group],
      [short, -1, 2 * beyond + group],
    )
  return {
    count: rows.length,
    asset: Uint16Array.from(rows, ([asset]) => asset),
    side: Int8Array.from(rows, ([, side]) => side),
    group: Uint16Array.from(rows, ([, , group]) => group),
  }
}

function anyCollateral(markets: readonly MarketSpec[], asset: number): number {
  const m = markets.findIndex(({ long, short }) => asset === long || asset === short)
  if (m < 0) return -1
  return m * SLOTS + (asset === markets[m].long ? LONG_TOKEN : SHORT_TOKEN)
}

/** Whether sizes of some market stand in this group, in units of this asset. */
function isSize(markets: readonly MarketSpec[], asset: number, group: number): boolean {
  const beyond = Math.max(0, ...markets.map((market) => market.group))
  return markets.some(
    (market) =>
      market.group + beyond === group && (asset === market.short || asset === market.long),
  )
}
