/** Which tiers positions of one account stand in. */

import { type Layout, tierAt } from './markets.ts'

/** Positions of one account: what they are, and the tiers that were found for them. */
export const held = {
  count: 0,
  market: [] as number[],
  units: [] as number[],
  entry: [] as number[],
  notional: [] as number[],
  tier: [] as number[],
}

/** Adds a position. */
export function hold(market: number, units: number, entry: number): void {
  const n = held.count++
  held.market[n] = market
  held.units[n] = units
  held.entry[n] = entry
}

/** Finds the tiers of the positions held at marks that move in proportion until health is 0. */
export function findTiers({ markets }: Layout, rest: number, marks: ArrayLike<number>): void {
  const { market, units, notional, tier } = held
  for (let n = 0; n < held.count; n++) {
    const of = markets[market[n]]
    notional[n] = Math.abs(units[n]) * marks[of.asset]
    tier[n] = tierAt(of, notional[n])
  }
  for (let again = 0; again < TIERS_MOST; again++) {
    let moving = 0
    let fixed = rest
    for (let n = 0; n < held.count; n++) {
      const { rate, deduction } = markets[market[n]]
      moving += notional[n] * (Math.sign(units[n]) - rate[tier[n]])
      fixed += deduction[tier[n]]
    }
    const scale = -fixed / moving
    if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return
    let isFound = true
    for (let n = 0; n < held.count; n++) {
      const next = tierAt(markets[market[n]], notional[n] * scale)
      if (next !== tier[n]) isFound = false
      tier[n] = next
    }
    if (isFound) return
  }
}

const TIERS_MOST = 64
