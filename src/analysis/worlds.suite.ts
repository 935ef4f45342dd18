/**
 * Small worlds for tests: one asset against cash, accounts given by collateral, trigger, threshold
 * and bonus.
 */

import { bookFrom, type Leg } from '../book.ts'
import { marketFrom } from '../market.ts'
import { protocolFrom, type Rules } from '../rules.ts'
import type { LendingAsset, VenueCommon } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { type World, worldFrom } from '../world.ts'

/** Assets of the small world: cash 0, a stable debt coin 1, the collateral asset 2. */
export const USD = 0
export const COIN = 1
export const GOLD = 2

/** Everything a venue for GOLD needs but its model. */
export const goldVenue: VenueCommon = {
  name: 'gold',
  base: GOLD,
  quoteAsset: USD,
  outside: 100,
  fee: 0,
  asOf: null,
  beyond: 'wall',
}

/** Terms for GOLD as collateral and COIN as debt. */
export function goldTerms(threshold: number, bonus: number): LendingAsset[] {
  return [
    { asset: COIN, threshold: null, bonus: 0 },
    { asset: GOLD, threshold, bonus },
  ]
}

/** An account: units of GOLD, and its debt in COIN (or the trigger price that sets it). */
export interface Account {
  readonly units: number
  readonly debt: number
}

/** A world of one protocol whose accounts own GOLD and owe COIN. */
export function goldWorld(rules: Rules, venue: Venue, accounts: readonly Account[]): World {
  const market = marketFrom({
    assets: ['USD', 'COIN', 'GOLD'],
    cash: USD,
    venues: [venue],
    hop: [[], [], [0]],
    outside: Float64Array.of(1, 1, venue.outside()),
  })
  const legs: Leg[] = accounts.flatMap(({ units, debt }, account) => [
    { account, slot: rules.slotOf(GOLD, 1, 0), amount: units },
    { account, slot: rules.slotOf(COIN, -1, 0), amount: -debt },
  ])
  const prices = Float64Array.of(1, 1, venue.outside())
  const names = accounts.map((_, i) => `borrower ${i + 1}`)
  const book = bookFrom(accounts.length, legs)
  return worldFrom(market, [protocolFrom({ name: 'bank', rules, book, prices, accounts: names })])
}
