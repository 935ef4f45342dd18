/** Loop gain in the middle of a run, by one look at the whole book. */

import { accountsOf, healthSweep } from '../book.ts'
import { offerList, type Protocol } from '../rules.ts'
import type { Stage } from './stage.ts'

/**
 * Units forced by a further drop h of an asset over units that its venues absorb on the way.
 *
 * Rule:       forced are the accounts that are safe at the published prices and breached once the
 *             asset's published price has fallen by h, or by the share of it that the feed
 *             follows; each counts with the largest of its offers.
 * Units:      h is the first of the scenario's gain drops. NaN where the venues absorb nothing.
 * Simplifies: claims priced through the asset do not fall with it here; of an account that may be
 *             liquidated several times the first liquidation counts.
 * Source:     as `analysis/loopGain.ts`, on the state of the moment.
 */
export function forcedGain(stage: Stage, asset: number): number {
  const h = stage.scenario.gainDrops[0]
  const { market } = stage
  let absorbed = 0
  for (const v of market.hop[asset]) {
    const venue = market.venues[v]
    absorbed += venue.capacity(venue.mid() * (1 - h))
  }
  if (!(absorbed > 0)) return Number.NaN
  let forced = 0
  for (let j = 0; j < stage.posts.length; j++) forced += forcedIn(stage, j, asset, h)
  return forced / absorbed
}

function forcedIn(stage: Stage, j: number, asset: number, h: number): number {
  const { protocol, watch, feeds } = stage.posts[j]
  const { rules, prices, values, book } = protocol
  const price = prices[asset]
  prices[asset] = price * (1 - h * feeds[asset].follows)
  rules.value(protocol)
  let units = 0
  if (fallen.length < accountsOf(book)) fallen = new Uint32Array(accountsOf(book))
  const count = healthSweep(book, values, fallen)
  for (let k = 0; k < count; k++) {
    const i = fallen[k]
    if (watch.isBreached(i)) continue
    offers.count = 0
    rules.offers(protocol, i, offers)
    units += most(protocol, asset)
  }
  prices[asset] = price
  rules.value(protocol)
  return units
}

/** The largest sale on offer; what opens an auction counts with all of its collateral. */
function most({ book, index }: Protocol, asset: number): number {
  let units = 0
  for (let n = 0; n < offers.count; n++) {
    if (offers.sells[n] !== asset) continue
    const own = offers.own[n]
    const all = book.amount[own] * index[book.slot[own]]
    units = Math.max(units, offers.amount[n] > 0 ? offers.amount[n] : all)
  }
  return units
}

const offers = offerList()
let fallen = new Uint32Array(0)
