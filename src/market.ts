/**
 * All venues, with the outside price of each asset, and the routes by which an asset becomes cash.
 */

import { assert, type ErrorFacts, InputError } from './errors.ts'
import { hopMid, hopQuote, hopSell, parallelCurve } from './router.ts'
import type { Curve, Venue } from './venue.ts'

/** What a sale through a route gave. */
export interface Sale {
  /** Units of the sold asset taken by the first hop. */
  readonly units: number
  /** Cash received, in the market's cash asset (USD). */
  readonly proceeds: number
  readonly extrapolated: boolean
}

/**
 * Venues are pairs. An asset's route starts with the venues of one pair, used in parallel at equal
 * fee-adjusted marginal price, and goes on with the route of the asset they pay in, until cash.
 *
 * Units: outside prices are in the asset that the route's first hop pays in (stETH in ETH, ETH in
 *        USD), so a move of ETH moves stETH with it. An asset that is never sold has its outside
 *        price in cash.
 */
export interface Market {
  readonly assets: readonly string[]
  /** Index of the asset that everything is valued in. */
  readonly cash: number
  readonly venues: readonly Venue[]
  /** Indices into `venues` of an asset's first hop; empty when the asset is not sold. */
  readonly hop: readonly (readonly number[])[]
  /** Mid of the asset in cash, through its route: 1 for cash. */
  price(asset: number): number
  /** Writes the mid of every asset. */
  prices(out: Float64Array): void
  /** Outside price in the quote asset of the first hop. */
  outside(asset: number): number
  /** Moves the outside price of the first hop's venues. */
  move(asset: number, outside: number): void
  quote(asset: number, units: number): Sale
  /** Sells through the whole route; negative units buy where the venues are two-sided. */
  sell(asset: number, units: number): Sale
  /**
   * Units that raise this much cash after fees, through the whole route; Infinity when it cannot be
   * raised.
   */
  unitsFor(asset: number, cash: number): number
  copy(): Market
  reset(from: Market): void
}

/**
 * A venue that sells more than its own asset: what it pays out goes on to other venues of the
 * market, so it is told which market it stands in.
 */
export interface Claim extends Venue {
  /** Assets that a sale here goes on to sell. */
  readonly reaches: readonly number[]
  /**
   * The mid at these prices in cash and this outside price, where it follows from what the claim
   * stands for; null where the claim has a price of its own.
   */
  readonly worth: ((price: (asset: number) => number, outside: number) => number) | null
  /** Stands in this market from now on. Prices of the first market are those of the opening. */
  bind(market: Market): void
}

/** What a market is made of. `outside` as in `Market`, one for each asset, 1 for cash. */
export interface MarketParts {
  readonly assets: readonly string[]
  readonly cash: number
  readonly venues: readonly Venue[]
  readonly hop: readonly (readonly number[])[]
  readonly outside: ArrayLike<number>
}

/**
 * Builds a market; its venues are the given ones, moved to the outside prices.
 *
 * Simplifies: what a later hop refuses to take (a wall) brings no cash, though the first hop's
 *             units are gone.
 * Throws:     InputError FB2121 to FB2126 if hops and venues do not fit or a route never ends
 */
export function marketFrom(parts: MarketParts): Market {
  checkParts(parts)
  const outside = Float64Array.from(parts.outside)
  outside[parts.cash] = 1
  const hops = parts.hop.map((hop, asset) => {
    const venues = hop.map((index) => parts.venues[index])
    for (const venue of venues) if (venue.outside() !== outside[asset]) venue.move(outside[asset])
    return venues
  })
  const routes = parts.assets.map((_, a) => routeOf(parts, a))
  checkClaims(parts)
  return withState({ ...parts, hops, routes }, outside)
}

/**
 * The path-independent price of an asset: null unless its route is one hop, paid in cash, over
 * venues with curves.
 *
 * Units: prices are mids at the lowest fee of the hop; a seller receives proceeds x (1 - that fee).
 */
export function hopCurve(market: Market, asset: number): Curve | null {
  const venues = market.hop[asset].map((index) => market.venues[index])
  if (venues.length === 0 || venues[0].quoteAsset !== market.cash) return null
  if (venues.some((venue) => venue.curve === null)) return null
  return venues.length === 1 ? venues[0].curve : parallelCurve(venues)
}

/** Whether an asset can be redeemed, so that a forced sale of it sells what it stands for. */
export function isClaim(market: Market, asset: number): boolean {
  return market.hop[asset].some((v) => {
    const venue = market.venues[v]
    return venue.kind === 'redemption' || claimOf(venue) !== null
  })
}

/** The claim whose worth is the asset's price, where it follows from other prices; else null. */
export function shareOf(market: Market, asset: number): Claim | null {
  for (const v of market.hop[asset]) {
    const claim = claimOf(market.venues[v])
    if (claim !== null && claim.worth !== null) return claim
  }
  return null
}

/**
 * Every asset that an asset's price depends on, the asset first: those on its route, without cash,
 * and those that a claim among them follows. `sold`: those too that claims pay out, so every asset
 * whose venues a sale may move.
 */
export function reached(
  market: Pick<Market, 'cash' | 'hop' | 'venues'>,
  asset: number,
  sold: boolean,
): number[] {
  const found = asset === market.cash ? [] : [asset]
  for (const at of found) {
    for (const v of market.hop[at]) {
      const venue = market.venues[v]
      const claim = claimOf(venue)
      const others = claim !== null && (sold || claim.worth !== null) ? claim.reaches : []
      for (const next of [venue.quoteAsset, ...others])
        if (next !== market.cash && !found.includes(next)) found.push(next)
    }
  }
  return found
}

function claimOf(venue: Venue): Claim | null {
  return 'reaches' in venue ? (venue as Claim) : null
}

interface Wiring extends MarketParts {
  /** Venues of each asset's first hop. */
  readonly hops: readonly (readonly Venue[])[]
  /** The assets that a sale passes, the asset itself first; the last is cash or is never sold. */
  readonly routes: readonly (readonly number[])[]
}

const NO_SALE: Sale = { units: 0, proceeds: 0, extrapolated: false }

function withState(wiring: Wiring, outside: Float64Array): Market {
  const { assets, cash, venues, hop, hops, routes } = wiring
  const price = pricesOf(wiring, outside)

  /**
   * Passes the proceeds of each hop on to the next. A purchase that a later hop cannot pay for is
   * refused.
   */
  function trade(asset: number, units: number, act: typeof hopQuote): Sale {
    const route = routes[asset]
    if (route.length === 1)
      return asset === cash ? { units, proceeds: units, extrapolated: false } : NO_SALE
    if (route[1] === cash) return act(hops[asset], units)
    let amount = units
    let taken = 0
    let extrapolated = false
    for (let k = 0; k < route.length - 1; k++) {
      const fill = act(hops[route[k]], amount)
      if (k === 0) taken = fill.units
      else if (units < 0 && fill.units !== amount) return NO_SALE
      amount = fill.proceeds
      extrapolated ||= fill.extrapolated
    }
    return { units: taken, proceeds: amount * outside[route[route.length - 1]], extrapolated }
  }

  const quote = (asset: number, units: number): Sale => trade(asset, units, hopQuote)

  const market: Market = {
    assets,
    cash,
    venues,
    hop,
    price,
    prices(out) {
      for (let asset = 0; asset < assets.length; asset++) out[asset] = price(asset)
    },
    outside: (asset) => outside[asset],
    move(asset, to) {
      assert(to > 0 && to < Number.POSITIVE_INFINITY, 'moves to a positive price', assets[asset])
      outside[asset] = to
      for (const venue of hops[asset]) venue.move(to)
    },
    quote,
    sell(asset, units) {
      if (units < 0 && quote(asset, units).units === 0) return NO_SALE
      return trade(asset, units, hopSell)
    },
    unitsFor(asset, amount) {
      if (routes[asset].length === 1 && asset !== cash)
        return amount > 0 ? Number.POSITIVE_INFINITY : 0
      return unitsRaising(amount, price(asset), (units) => quote(asset, units).proceeds)
    },
    copy() {
      return withState(copyOf(wiring), outside.slice())
    },
    reset(from) {
      assert(from.venues.length === venues.length, 'a market resets from its own copies')
      for (let asset = 0; asset < outside.length; asset++) outside[asset] = from.outside(asset)
      for (let i = 0; i < venues.length; i++) venues[i].reset(from.venues[i])
    },
  }
  for (const venue of venues) claimOf(venue)?.bind(market)
  return market
}

/** Mids in cash. Most assets are sold for cash in one place: then its mid is the price. */
function pricesOf({ cash, hops, routes }: Wiring, outside: Float64Array): Market['price'] {
  const places = routes.map(([asset, next]) =>
    next === cash && hops[asset].length === 1 ? hops[asset][0] : null,
  )
  return (asset) => {
    const place = places[asset]
    if (place !== null) return place.mid()
    const route = routes[asset]
    let value = outside[route[route.length - 1]]
    for (let k = route.length - 2; k >= 0; k--) value *= hopMid(hops[route[k]])
    return value
  }
}

function copyOf(wiring: Wiring): Wiring {
  const venues = wiring.venues.map((venue) => venue.copy())
  const hops = wiring.hop.map((indices) => indices.map((index) => venues[index]))
  return { ...wiring, venues, hops }
}

const DOUBLINGS_MAX = 1024
const STEPS_MAX = 200

/**
 * The least units whose proceeds reach `cash`, to 1e-15 of themselves; Infinity when more units
 * stop raising more.
 *
 * Rule: proceeds are concave in units, so units >= cash / price; doubled until enough, then false
 *       position between the two ends (Illinois variant), halved where that is slow.
 */
function unitsRaising(cash: number, price: number, proceeds: (units: number) => number): number {
  if (!(cash > 0)) return 0
  if (!(price > 0)) return Number.POSITIVE_INFINITY
  let low = 0
  let lowShort = cash
  let high = cash / price
  let raised = proceeds(high)
  for (let n = 0; raised < cash; n++) {
    const before = raised
    low = high
    lowShort = cash - raised
    high *= 2
    raised = proceeds(high)
    if (!(raised > before) || n === DOUBLINGS_MAX) return Number.POSITIVE_INFINITY
  }
  let highOver = raised - cash
  for (let n = 0; high - low > high * 1e-15 && highOver > 0; n++) {
    assert(n < STEPS_MAX, 'the search for units to sell converges')
    const chord = low + (high - low) * (lowShort / (lowShort + highOver))
    const next = n % 3 === 2 || !(chord > low && chord < high) ? (low + high) / 2 : chord
    const over = proceeds(next) - cash
    if (over >= 0) {
      high = next
      highOver = over
    } else {
      low = next
      lowShort = -over
    }
  }
  return high
}

function routeOf({ assets, venues, hop }: MarketParts, asset: number): number[] {
  const route = [asset]
  for (;;) {
    const last = route[route.length - 1]
    if (hop[last].length === 0) return route
    const next = venues[hop[last][0]].quoteAsset
    if (route.includes(next)) {
      throw new InputError({
        code: 'FB2124',
        place: `routes.${assets[asset]}`,
        rule: 'a route must end in cash',
        came: [...route, next].map((index) => assets[index]).join(' > '),
        remedy: 'Take one of these hops out: each asset is sold for another that is nearer to cash',
      })
    }
    route.push(next)
  }
}

function checkParts({ assets, cash, venues, hop, outside }: MarketParts): void {
  checkPart(hop.length === assets.length && outside.length === assets.length && cash in assets, {
    code: 'FB2121',
    place: 'assets',
    rule: 'each asset needs a hop and a price, and one is cash',
  })
  checkPart(hop[cash].length === 0, {
    code: 'FB2122',
    place: `routes.${assets[cash]}`,
    rule: 'cash is not sold',
    remedy: 'Take its route out',
  })
  hop.forEach((indices, asset) => {
    const place = `routes.${assets[asset]}`
    checkPart(asset === cash || (outside[asset] > 0 && outside[asset] < Number.POSITIVE_INFINITY), {
      code: 'FB2112',
      place: `assets.${assets[asset]}.price`,
      rule: 'an opening price must be positive and finite',
      came: String(outside[asset]),
    })
    for (const index of indices) {
      checkPart(index in venues && venues[index].base === asset, {
        code: 'FB2123',
        place,
        rule: `every venue of the route must sell ${assets[asset]}`,
        came: index in venues ? venues[index].name : `venue ${index}`,
        remedy: 'Name only venues whose base is the asset',
      })
      checkPart(venues[index].quoteAsset === venues[indices[0]].quoteAsset, {
        code: 'FB2125',
        place,
        rule: 'parallel venues must pay in one asset',
        came: `${venues[index].name} beside ${venues[indices[0]].name}`,
        remedy: 'Keep one pair for each hop; the other asset has a route of its own',
      })
    }
  })
}

/** A claim may not pay what is sold for it, and one with a worth has no market beside that. */
function checkClaims(parts: MarketParts): void {
  for (const venue of parts.venues) {
    const claim = claimOf(venue)
    if (claim === null) continue
    const { name, base } = claim
    const isCircle = claim.reaches.some((next) => reached(parts, next, true).includes(base))
    const isAlone = claim.worth === null || parts.hop[base].length <= 1
    checkPart(!isCircle && isAlone, {
      code: 'FB2126',
      place: `venues.${name}`,
      rule: isCircle
        ? `${parts.assets[base]} pays an asset that is sold for it`
        : 'a share is redeemed, and sold nowhere else',
      remedy: isCircle ? 'Take one of the two venues out' : 'Name this venue alone under routes:',
    })
  }
}

function checkPart(holds: boolean, facts: ErrorFacts): void {
  if (!holds) throw new InputError(facts)
}
