/**
 * Loop gain between assets: what a drop of one forces of another, over what that one's venues
 * absorb.
 */

import { accountsOf, health } from '../book.ts'
import { assert } from '../errors.ts'
import { type Claim, isClaim, type Market, shareOf } from '../market.ts'
import { spectralRadius } from '../math/eigen.ts'
import type { Holding } from '../pledges.ts'
import { bidOf } from '../router.ts'
import type { World } from '../world.ts'

/** The gain matrix at one drop. Row and column i belong to `assets[i]`. */
export interface GainMatrix {
  readonly h: number
  readonly assets: readonly number[]
  /**
   * [a][b] = units of a forced by a drop h of b alone, and passed on by claims that it forces, over
   * units of a that its venues absorb over h.
   */
  readonly gain: readonly (readonly number[])[]
  /** Units of a forced by a drop of b, [a][b]. */
  readonly forced: readonly (readonly number[])[]
  /** Units of a that are sold since forced claims on it are redeemed or sold for it, [a][b]. */
  readonly passed: readonly (readonly number[])[]
  /** Units of each asset absorbed over h. */
  readonly absorbed: readonly number[]
  /**
   * Largest absolute eigenvalue of `gain`; Infinity when an entry is (venues that drop by h without
   * a unit).
   */
  readonly spectralRadius: number
}

/** The gain when several assets drop together. */
export interface JointGain {
  readonly h: number
  /** The assets that the direction moves, and the gain of each. */
  readonly assets: readonly number[]
  readonly gain: readonly number[]
  /** The least of them: 1 or more means that the drop sustains itself. */
  readonly minimum: number
}

/**
 * The gain matrix of several sold assets at a state of the world.
 *
 * Rule:       G_ab = (F_a + P_a) / V_a. F_a: the published prices of b, and of every claim whose
 *             route to cash passes through b, are lowered by h; accounts that are breached then and
 *             were not before count with their whole collateral of each asset, so one that holds
 *             two assets counts in both rows. A share of a pool falls by its own law. P_a: what the
 *             sale of all forced units of each claim (an asset that is redeemed somewhere), one
 *             claim at a time and from the present state, goes on to sell at the venues of a. V_a:
 *             units that the venues of a's first hop take while their best fee-adjusted price falls
 *             by h.
 * Units:      h and gains are fractions; units as in the book.
 * Source:     the price-mediated contagion matrix (Greenwood, Landier and Thesmar 2015; Caccioli,
 *             Shrestha, Moore and Farmer 2014), at a finite drop.
 * Simplifies: accounts that need two assets to fall are in no column: see `jointGain`. A close
 *             factor or a target sells less than the whole: read the gain as an upper bound there.
 *             The venues of a claim are taken with their quote asset standing still. An asset that
 *             is only traded for another, and redeemed nowhere, passes nothing on here. That a
 *             redeemed share leaves a shallower pool is not in V_a. A radius of 1 or more at a
 *             finite drop signals a loop; it does not prove one.
 */
export function gainMatrix(world: World, h: number, assets: readonly number[]): GainMatrix {
  assert(h > 0 && h < 1, `a gain needs a drop inside (0, 1), got ${h}`)
  const columns = assets.map((b) => forcedUnits(world, (asset) => (asset === b ? h : 0)))
  const passing = columns.map((column) => passedUnits(world.market, column))
  const absorbed = assets.map((a) => absorbedUnits(world.market, a, h))
  const forced = assets.map((a) => columns.map((column) => column[a]))
  const passed = assets.map((a) => passing.map((column) => column[a]))
  const gain = forced.map((row, i) =>
    row.map((units, j) => ratio(units + passed[i][j], absorbed[i])),
  )
  const finite = gain.every((row) => row.every(Number.isFinite))
  return {
    h,
    assets,
    gain,
    forced,
    passed,
    absorbed,
    spectralRadius: finite ? spectralRadius(gain) : Number.POSITIVE_INFINITY,
  }
}

/**
 * The gain along a direction: every asset drops by h x its share of the direction, all at once.
 *
 * Rule:   (F_a(h d) + P_a) / V_a(h d_a) for each asset with d_a > 0, and their minimum. A claim
 *         also falls with what its route passes through; d is its own drop against that.
 * Units:  `direction` by asset index, 0 or more, with h d < 1.
 * Source: Tarski's theorem: where every such gain is 1 or more, the drop sustains itself.
 */
export function jointGain(world: World, h: number, direction: ArrayLike<number>): JointGain {
  const drop = (asset: number) => h * direction[asset]
  const assets = world.market.assets.map((_, asset) => asset).filter((asset) => drop(asset) > 0)
  assert(assets.length > 0, 'a direction moves some asset')
  const forced = forcedUnits(world, drop)
  const passed = passedUnits(world.market, forced)
  const gain = assets.map((a) =>
    ratio(forced[a] + passed[a], absorbedUnits(world.market, a, drop(a))),
  )
  return { h, assets, gain, minimum: Math.min(...gain) }
}

/** Whole collateral, by asset, of the accounts that these drops breach. */
function forcedUnits(world: World, drop: (asset: number) => number): Float64Array {
  const units = new Float64Array(world.market.assets.length)
  const counted = new Set<Holding>()
  for (let j = 0; j < world.protocols.length; j++) addForced(world, j, drop, units, counted)
  return units
}

/** Units that several accounts count are sold once. */
function addForced(
  { market, protocols, pledges }: World,
  j: number,
  drop: (asset: number) => number,
  units: Float64Array,
  counted: Set<Holding>,
): void {
  const opening = protocols[j]
  const { rules, book } = opening
  const dropped = opening.copy()
  for (let asset = 0; asset < dropped.prices.length; asset++) {
    dropped.prices[asset] *= remaining(market, drop, asset)
  }
  rules.value(dropped)
  const breached = (values: Float64Array, account: number) => {
    const sum = health(book, values, account)
    return rules.edge === 'below' ? sum < 0 : sum <= 0
  }
  for (let account = 0; account < accountsOf(book); account++) {
    if (!breached(dropped.values, account) || breached(opening.values, account)) continue
    for (let k = book.start[account]; k < book.start[account + 1]; k++) {
      const slot = book.slot[k]
      if (rules.slots.side[slot] !== 1 || !(opening.values[slot] > 0)) continue
      const holding = pledges
        .of(j, account)
        ?.find(({ legs }) => legs.some(({ protocol, leg }) => protocol === j && leg === k))
      if (holding !== undefined && counted.has(holding)) continue
      if (holding !== undefined) counted.add(holding)
      units[rules.slots.asset[slot]] += book.amount[k]
    }
  }
}

/**
 * What is left of an asset's price: its own drop and those of all assets that its route passes
 * through, or that it is a share of.
 */
function remaining(market: Market, drop: (asset: number) => number, asset: number): number {
  let left = 1
  for (let at = asset; ; ) {
    left *= 1 - drop(at)
    const hop = market.hop[at]
    if (hop.length === 0) return left
    const share = shareOf(market, at)
    if (share !== null) return left * shareLeft(market, drop, share)
    at = market.venues[hop[0]].quoteAsset
  }
}

function shareLeft(market: Market, drop: (asset: number) => number, { worth }: Claim): number {
  assert(worth !== null, 'a share has a worth')
  const now = (side: number): number => market.price(side)
  return worth((side) => now(side) * remaining(market, drop, side), 1) / worth(now, 1)
}

/** By asset, the units that its venues are sold once these units of every claim are. */
function passedUnits(market: Market, forced: Float64Array): Float64Array {
  const passed = new Float64Array(forced.length)
  const claims = market.assets.map((_, c) => c).filter((c) => forced[c] > 0 && isClaim(market, c))
  if (claims.length === 0) return passed
  const copy = market.copy()
  for (const claim of claims) {
    copy.reset(market)
    copy.sell(claim, forced[claim])
    for (let a = 0; a < passed.length; a++)
      if (a !== claim) passed[a] += displaced(copy, a) - displaced(market, a)
  }
  return passed
}

function displaced(market: Market, asset: number): number {
  return market.hop[asset].reduce((sum, v) => sum + market.venues[v].forced(), 0)
}

/**
 * Units the venues of the first hop take, in parallel, while their best price after the fee falls
 * by h.
 */
function absorbedUnits(market: Market, asset: number, h: number): number {
  const venues = market.hop[asset].map((venue) => market.venues[venue])
  assert(venues.length > 0, `${market.assets[asset]} needs a venue to have a gain`)
  const best = Math.max(...venues.map((venue) => bidOf(venue, 1 - venue.fee)))
  const level = best * (1 - h)
  return venues.reduce((sum, venue) => sum + venue.capacity(level / (1 - venue.fee)), 0)
}

// 0 / 0 is an asset of which nothing waits: no gain, however thin its venues.
function ratio(forced: number, absorbed: number): number {
  return forced > 0 ? forced / absorbed : 0
}
