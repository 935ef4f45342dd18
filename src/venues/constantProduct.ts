/** A pool that keeps the product of its two reserves: Uniswap v2 and its many copies. */

import { assert } from '../errors.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Curve, Fill, Venue } from '../venue.ts'
import { absolute, multiplicative, type StandingDepth } from './depth.ts'
import {
  assertDepth,
  boundless,
  NOTHING,
  pathIndependentVenue,
  type StatefulVenue,
  stateOf,
} from './pathIndependent.ts'
import { checkPositive, checkTerms } from './terms.ts'

export type ConstantProductSpec = Omit<Extract<VenueSpec, { kind: 'constantProduct' }>, 'kind'>

/** A pool is never bought empty: the last part of its base, at a price beyond all sense, stays. */
const LEAST_LEFT = 1e-6

/**
 * A constant-product pool of `reserve` base units at the opening price.
 *
 * Rule:    (x + dx)(y - dy) = x y, the mid is y / x. An outside move by `arbitrage` slides along
 *          the curve, k = p0 x0^2 kept: phi = k / (sqrt(k / X) + Q)^2. By `cash` it scales the cash
 *          side: phi = X (1 + Q / x0)^-2. The fee is taken from what comes in: of a sale of u,
 *          (1 - fee) u counts in the product. `keepsFee` false: the fee leaves the pool, so Q is
 *          that much and slicing changes nothing; a purchase of u counts in full and costs
 *          1 / (1 - fee) times as much. True: the whole input joins the reserves as in v2, so k
 *          grows with every trade and many slices end higher than one.
 * Units:   reserve in base units; quote reserve = reserve x outside.
 * Source:  Uniswap/v2-core UniswapV2Pair.sol swap(); Uniswap/v2-periphery UniswapV2Library.sol
 *          getAmountOut().
 * Simplifies: integer rounding; liquidity providers neither come nor go.
 * Throws:  InputError FB2111, FB2112, FB2113
 */
export function constantProduct(spec: ConstantProductSpec): Venue {
  checkTerms(spec)
  checkPositive(spec.reserve, `venues.${spec.name}.reserve`, 'FB2113', 'a reserve')
  const scaled = (by: number): Venue => constantProduct({ ...spec, reserve: spec.reserve * by })
  if (spec.keepsFee)
    return growingPool(spec, scaled, Float64Array.of(spec.outside, 0, spec.reserve, 1))
  const k = spec.outside * spec.reserve * spec.reserve
  const isArbitraged = spec.reprice === 'arbitrage'
  const available = (outside: number): number =>
    (isArbitraged ? Math.sqrt(k / outside) : spec.reserve) * (1 - LEAST_LEFT)
  return pathIndependentVenue(spec, {
    kind: 'constantProduct',
    feeFrom: 'input',
    curve: isArbitraged ? absolute(alongCurve(k)) : cashScaled(spec.reserve),
    ...boundless,
    fewest: (outside) => -available(outside),
    fewestObserved: (outside) => -available(outside),
    scaled,
  })
}

/** Counted in base units in the pool, from none. */
function alongCurve(k: number): StandingDepth {
  const units = (price: number): number => Math.sqrt(k / price)
  const price = (at: number): number => k / (at * at)
  return {
    price,
    units,
    above: units,
    start: (at) => (at > 0 ? price(at) : Number.POSITIVE_INFINITY),
    proceeds: (at, sold) => (k / at) * (sold / (at + sold)),
  }
}

function cashScaled(reserve: number): Curve {
  const price = (at: number): number => 1 / ((1 + at / reserve) * (1 + at / reserve))
  const units = (price: number): number => reserve * (1 / Math.sqrt(price) - 1)
  const curve = multiplicative({
    price,
    units,
    proceeds: (at, sold) => sold / ((1 + at / reserve) * (1 + (at + sold) / reserve)),
  })
  return {
    ...curve,
    outside: (trigger, sold) => trigger * ((1 + sold / reserve) * (1 + sold / reserve)),
  }
}

/** What a pool in this state holds of the base, and the product of its reserves, at depth 1. */
function baseOf(state: Float64Array): number {
  return state[2] + state[1]
}

function productOf(state: Float64Array): number {
  return state[0] * state[2] * state[2]
}

function growingTrades(
  name: string,
  keep: number,
  state: Float64Array,
): Pick<Venue, 'quote' | 'sell'> {
  function trade(asked: number, moves: boolean): Fill {
    assert(!Number.isNaN(asked), 'trades a number of units', name)
    if (state[3] === 0) return NOTHING
    const units = asked / state[3]
    const x = baseOf(state)
    const y = productOf(state) / x
    const taken = Math.max(units, -x * (1 - LEAST_LEFT))
    const paid = taken > 0 ? taken * keep : taken
    const out = (y * paid) / (x + paid)
    const proceeds = taken > 0 ? out : out / keep
    if (moves) {
      state[2] = Math.sqrt(((x + taken) * (y - proceeds)) / state[0])
      state[1] = x + taken - state[2]
    }
    const real = taken === units ? asked : taken * state[3]
    return { units: real, proceeds: proceeds * state[3], extrapolated: false }
  }
  return { quote: (units) => trade(units, false), sell: (units) => trade(units, true) }
}

/**
 * The pool that keeps its fee. State at depth 1: outside price X, displacement Q, and w = the base
 * it would hold at rest, so that reserves are x = w + Q and y = X w^2 / x; and the factor of depth,
 * by which reserves and trades are multiplied. A trade raises the product, so w grows; arbitrage
 * keeps the product, and so does `force`: it slides the pool along the curve that it has now.
 */
function growingPool(
  spec: ConstantProductSpec,
  scaled: (by: number) => Venue,
  state: Float64Array,
): StatefulVenue {
  const keep = 1 - spec.fee

  function keepSome(): void {
    state[1] = Math.max(state[1], -state[2] * (1 - LEAST_LEFT))
  }

  function move(outside: number): void {
    if (spec.reprice === 'arbitrage') state[2] *= Math.sqrt(state[0] / outside)
    state[0] = outside
    keepSome()
  }

  function force(units: number): void {
    assert(!Number.isNaN(units), 'is displaced by a number of units', spec.name)
    if (state[3] === 0 || units === state[1] * state[3]) return
    state[1] = units / state[3]
    keepSome()
  }

  return {
    name: spec.name,
    kind: 'constantProduct',
    base: spec.base,
    quoteAsset: spec.quoteAsset,
    fee: spec.fee,
    asOf: spec.asOf,
    beyond: spec.beyond,
    curve: null,
    state,
    mid: () => state[0] * ratioSquared(state[2], baseOf(state)),
    ...growingTrades(spec.name, keep, state),
    capacity: (price) =>
      state[3] === 0 ? 0 : unitsDownTo(baseOf(state), productOf(state), price, keep) * state[3],
    move,
    outside: () => state[0],
    forced: () => state[1] * state[3],
    force,
    deepen(depth) {
      assertDepth(depth, spec.name)
      state[3] = depth
    },
    edge: () => ({ price: 0, units: state[3] === 0 ? 0 : Number.POSITIVE_INFINITY }),
    scaled(depth) {
      const venue = scaled(depth)
      venue.move(state[0])
      venue.deepen(state[3])
      return venue
    },
    copy: () => growingPool(spec, scaled, state.slice()),
    reset(from) {
      state.set(stateOf(from, spec.name))
    },
  }
}

function ratioSquared(a: number, b: number): number {
  return (a / b) * (a / b)
}

/** Solves k / ((x + u)(x + (1 - fee) u)) = price: the mid after a sale of u. */
function unitsDownTo(x: number, k: number, price: number, keep: number): number {
  if (!(price > 0)) return Number.POSITIVE_INFINITY
  const linear = (1 + keep) * x
  const rest = x * x - k / price
  if (rest >= 0) return 0
  return (-2 * rest) / (linear + Math.sqrt(linear * linear - 4 * keep * rest))
}
