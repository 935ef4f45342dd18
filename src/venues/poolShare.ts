/** A share of a pool: a claim on both of its assets, redeemed by selling its part of them. */

import { assert } from '../errors.ts'
import type { Claim, Market } from '../market.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Fill, Venue } from '../venue.ts'
import { NOTHING, stateOf } from './pathIndependent.ts'
import { checkPositive, checkTerms } from './terms.ts'
import type { WithdrawableVenue } from './withdrawable.ts'

export type PoolShareSpec = Omit<Extract<VenueSpec, { kind: 'poolShare' }>, 'kind'>

/** Capacities are known to this part of themselves, and below this part of all shares are none. */
const PRECISION = 1e-10

/** Outside price of a share, shares outstanding, and opening prices of the two assets. */
type State = Float64Array

/**
 * Redeems shares of a constant-product pool of the market.
 *
 * Rule:       at prices P, Q of the two assets a share is worth its opening price x
 *             sqrt(P / P0 x Q / Q0): the pool holds x y = k, so all of it is worth 2 sqrt(k P Q)
 *             where its price is P / Q. Against holding both assets it loses by every move apart.
 *             A sale of u of N shares takes u / N of the liquidity out of the pool, at the pool's
 *             own price p: sqrt(k / p) and sqrt(k p) of the two, times u / N. Both are sold at once
 *             by their own routes, what has none is worth its price.
 * Units:      `shares`: of the whole pool at the opening; `reserve` and `opening` are the pool's.
 * Shape:      the mid is the worth now, so it moves with both assets and with nothing else, but for
 *             a move of the share's own outside price, which counts as a loss of the pool. It is
 *             never displaced. It buys nothing back.
 * Source:     Uniswap/v2-core UniswapV2Pair.sol burn(); worth of a share at fair prices:
 *             AlphaFinanceLab/alpha-homora-v2-contract UniswapV2Oracle.sol getETHPx().
 * Simplifies: fees that the pool has kept since the opening are not in the worth. Shares are not
 *             fewer where other holders leave.
 * Throws:     InputError FB2111, FB2112, FB2113
 */
export function poolShare(spec: PoolShareSpec): Venue {
  checkTerms(spec)
  checkPositive(spec.shares, `venues.${spec.name}.shares`, 'FB2113', 'a number of shares')
  checkPositive(spec.reserve, `venues.${spec.name}.reserve`, 'FB2113', 'a reserve')
  return withState(spec, Float64Array.of(spec.outside, spec.shares, Number.NaN, Number.NaN), null)
}

function withState(spec: PoolShareSpec, state: State, bound: Market | null): Claim & Venue {
  const [first, second] = spec.pair
  let market = bound
  let scratch: Market | null = null

  function here(): Market {
    assert(market !== null, `${spec.name} is redeemed in a market`)
    return market
  }

  /** A copy of the market as it is now, and this venue in it. */
  function tried(): { readonly market: Market; readonly venue: Venue } {
    scratch ??= here().copy()
    scratch.reset(here())
    const venue = scratch.venues.find(({ name }) => name === spec.name)
    assert(venue !== undefined, `${spec.name} stands in its market`)
    return { market: scratch, venue }
  }

  const mid = (): number => worth((asset) => here().price(asset), state[0])

  function worth(price: (asset: number) => number, outside: number): number {
    const moved = (price(first) / state[2]) * (price(second) / state[3])
    return moved === 1 ? outside : outside * Math.sqrt(moved)
  }

  /** The mid once so many shares are gone. */
  function midAfter(shares: number): number {
    const { venue } = tried()
    venue.sell(shares)
    return venue.mid()
  }

  return {
    ...undisplaced(spec),
    ...{ state },
    reaches: [first, second],
    worth,
    bind(to) {
      market = to
      scratch = null
      if (!Number.isNaN(state[2])) return
      state[2] = to.price(first)
      state[3] = to.price(second)
    },
    mid,
    quote: (units) => (Math.min(units, state[1]) > 0 ? tried().venue.sell(units) : NOTHING),
    sell: (units) => sold(spec, state, here(), Math.min(units, state[1])),
    capacity(price) {
      if (!(mid() >= price)) return 0
      // The very last share leaves a pool without a price.
      if (midAfter(state[1] * (1 - PRECISION)) >= price) return state[1]
      return mostHolding((shares) => midAfter(shares) >= price, state[1])
    },
    move(outside) {
      state[0] = outside
    },
    outside: () => state[0],
    edge: () => ({ price: 0, units: state[1] }),
    scaled: (depth) =>
      poolShare({ ...spec, shares: spec.shares * depth, reserve: spec.reserve * depth }),
    copy: () => withState(spec, state.slice(), market),
    reset(from) {
      state.set(stateOf(from, spec.name))
    },
  }
}

/** What every share is, and what it does as a venue that is never displaced. */
function undisplaced({ name, base, quoteAsset, fee, asOf }: PoolShareSpec) {
  return {
    ...{ name, base, quoteAsset, fee, asOf, curve: null },
    ...({ kind: 'poolShare', beyond: 'wall' } as const),
    forced: () => 0,
    force: () => {},
    deepen: () => {},
  }
}

/** Takes the liquidity out of the pool, and sells what it held. */
function sold(spec: PoolShareSpec, state: State, market: Market, shares: number): Fill {
  if (!(shares > 0)) return NOTHING
  const pool = market.venues[spec.pool] as WithdrawableVenue
  const price = pool.mid()
  const intact = state[0] / spec.outside
  const base = shares * (spec.reserve / spec.shares) * Math.sqrt(spec.opening / price) * intact
  pool.withdraw(shares / state[1])
  state[1] -= shares
  const one = proceedsOf(market, spec.pair[0], base)
  const other = proceedsOf(market, spec.pair[1], base * price)
  return {
    units: shares,
    proceeds: (one.proceeds + other.proceeds) * (1 - spec.fee),
    extrapolated: one.extrapolated || other.extrapolated,
  }
}

function proceedsOf(market: Market, asset: number, units: number): Omit<Fill, 'units'> {
  const isSold = asset === market.cash || market.hop[asset].length > 0
  if (isSold) return market.sell(asset, units)
  return { proceeds: units * market.price(asset), extrapolated: false }
}

/** The most units with which the test holds, to a part of themselves. */
function mostHolding(holds: (units: number) => boolean, all: number): number {
  let low = 0
  let high = all
  while (high - low > high * PRECISION && high > all * PRECISION) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}
