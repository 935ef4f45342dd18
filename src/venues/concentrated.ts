/** A pool whose liquidity stands in price ranges: Uniswap v3 and its copies. */

import { InputError } from '../errors.ts'
import { exp, pow } from '../math/exponential.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { extendedStanding, tailFrom } from './beyond.ts'
import { absolute, type StandingDepth } from './depth.ts'
import { pathIndependentVenue } from './pathIndependent.ts'
import { checkLength, checkOrder, checkPositive, checkTerms } from './terms.ts'

export type ConcentratedSpec = Omit<Extract<VenueSpec, { kind: 'concentrated' }>, 'kind'>

/**
 * A pool of ranges, walked downwards as base is sold into it.
 *
 * Rule:    inside a range of liquidity L: d(1 / sqrt(p)) = dx / L, dy = L d(sqrt(p)); at its lower
 *          bound the next range goes on; a range without liquidity is jumped. An outside move is
 *          arbitraged along the ranges, so the active one is found afresh; forced units come on
 *          top. The fee is taken from what comes in and leaves the curve: a sale of u moves the
 *          price as (1 - fee) u and pays the whole integral over that; a purchase of u moves it by
 *          u and costs the integral / (1 - fee).
 * Units:   bounds in quote per base, strictly rising, one more than ranges; L in whole tokens.
 * Source:  Uniswap/v3-core UniswapV3Pool.sol swap(), SwapMath.sol, SqrtPriceMath.sol.
 * Assumes: providers neither move nor leave; just-in-time liquidity is not there when it is needed.
 * Simplifies: integer rounding, protocol fee.
 * Throws:  InputError FB2111 to FB2116, FB2119
 */
export function concentrated(spec: ConcentratedSpec): Venue {
  checkTerms(spec)
  const ranges = liquidRanges(spec)
  const edge = { units: ranges.total, price: ranges.lowest }
  const origin = { units: ranges.above(spec.outside), price: spec.outside }
  const tail = tailFrom(spec.beyond, origin, edge, `venues.${spec.name}`)
  const depth = extendedStanding(ranges, edge, tail)
  return pathIndependentVenue(spec, {
    kind: 'concentrated',
    feeFrom: 'input',
    curve: absolute(depth),
    edgePrice: (outside) => Math.min(outside, edge.price),
    edgeUnits: (outside) => edge.units - ranges.above(outside),
    fewest: (outside) => -depth.above(outside),
    fewestObserved: (outside) => -depth.above(outside),
    scaled: (by) =>
      concentrated({ ...spec, liquidity: spec.liquidity.map((liquidity) => liquidity * by) }),
  })
}

/** Initialised ticks of a pool, as its contract holds them. */
export interface Ticks {
  /** Rising. */
  readonly tick: readonly number[]
  /** Liquidity that begins at the tick going up, in the contract's units. */
  readonly liquidityNet: readonly number[]
  readonly baseDecimals: number
  readonly quoteDecimals: number
  /** The contract prices token0 in token1; false: base is token1, and prices turn over. */
  readonly baseIsToken0: boolean
}

/** The natural logarithm of 1.0001, the factor of one tick; as a float 1.0001 itself is too far. */
const LOG_TICK = 9.999500033330834e-5

/**
 * Returns bounds and liquidity of `concentrated` from recorded ticks.
 *
 * Rule:   bound = e^(tick ln 1.0001) (inverted where base is token1) x 10^(base - quote decimals);
 *         liquidity is the running sum of liquidityNet / 10^((base + quote decimals) / 2).
 * Shape:  one bound a tick, one range less.
 * Source: Uniswap/v3-core TickMath.sol, Tick.sol.
 * Throws: InputError FB2114, FB2115; FB2119 where the sum falls below 0 by more than rounding
 */
export function rangesFromTicks(ticks: Ticks): { bound: number[]; liquidity: number[] } {
  const { tick, liquidityNet, baseDecimals, quoteDecimals, baseIsToken0 } = ticks
  checkLength(liquidityNet.length, tick.length, 'ticks', 'each tick needs its net liquidity')
  checkOrder(tick, 'rising', 'ticks')
  const unit = pow(10, (baseDecimals + quoteDecimals) / 2)
  const scale = pow(10, baseDecimals - quoteDecimals)
  const bound = tick.map((tick) => exp(LOG_TICK * (baseIsToken0 ? tick : -tick)) * scale)
  const liquidity: number[] = []
  let active = 0
  let peak = 0
  for (let i = 0; i + 1 < tick.length; i++) {
    active += liquidityNet[i]
    peak = Math.max(peak, active)
    if (active < -1e-9 * peak) throw new NegativeLiquidityError(tick[i], active)
    liquidity.push(Math.max(0, active) / unit)
  }
  return baseIsToken0
    ? { bound, liquidity }
    : { bound: bound.reverse(), liquidity: liquidity.reverse() }
}

interface Ranges extends StandingDepth {
  readonly total: number
  readonly lowest: number
}

/** The ranges from the highest down, without empty ones at either end. Units count from the top. */
function liquidRanges(spec: ConcentratedSpec): Ranges {
  const place = `venues.${spec.name}`
  const { bound, liquidity } = spec
  checkLength(
    bound.length,
    liquidity.length + 1,
    place,
    'ranges need one bound more than liquidities',
  )
  bound.forEach((price, i) => {
    checkPositive(price, `${place}.bound[${i}]`, 'FB2113', 'a bound')
  })
  checkOrder(bound, 'rising', `${place}.bound`)
  liquidity.forEach((amount, i) => {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY))
      throw new LiquidityError(place, i, amount)
  })
  const from = liquidity.findIndex((amount) => amount > 0)
  const to = liquidity.findLastIndex((amount) => amount > 0) + 1
  if (from < 0 || !(bound[from] < spec.outside && spec.outside <= bound[to])) {
    throw new OutsideRangesError(place, spec.outside)
  }
  const ranges = depthOf(bound.slice(from, to + 1).reverse(), liquidity.slice(from, to).reverse())
  return { ...ranges, lowest: bound[from] }
}

/** Ranges from `bound[i]` down to `bound[i + 1]`. A place in one is kept as 1 / sqrt(price). */
function depthOf(
  bound: readonly number[],
  liquidity: readonly number[],
): StandingDepth & { readonly total: number } {
  const count = liquidity.length
  const root = Float64Array.from(bound, (price) => 1 / Math.sqrt(price))
  const gone = new Float64Array(count + 1)
  // Summed from below: a range up to an absurd price holds so much quote that a sum from above
  // would lose the rest.
  const held = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) {
    gone[i + 1] = gone[i] + liquidity[i] * (root[i + 1] - root[i])
  }
  for (let i = count - 1; i >= 0; i--) {
    held[i] = held[i + 1] + liquidity[i] * (1 / root[i] - 1 / root[i + 1])
  }
  /** The first range at whose end the test holds, the last range if none. */
  const firstRange = (test: (end: number) => boolean): number => {
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (test(middle + 1)) high = middle
      else low = middle + 1
    }
    return low
  }
  const rootIn = (i: number, at: number): number =>
    liquidity[i] === 0 ? root[i] : root[i] + (at - gone[i]) / liquidity[i]
  const priceIn = (i: number, at: number): number => {
    const place = rootIn(i, at)
    return Math.max(bound[i + 1], Math.min(bound[i], 1 / (place * place)))
  }
  const units = (price: number): number => {
    if (price >= bound[0]) return 0
    const i = firstRange((end) => bound[end] <= price)
    const at = gone[i] + liquidity[i] * (1 / Math.sqrt(price) - root[i])
    return Math.max(gone[i], Math.min(gone[i + 1], at))
  }
  const proceeds = (at: number, sold: number): number => {
    if (sold < 0) return -proceeds(at + sold, -sold)
    const to = at + sold
    const first = firstRange((end) => gone[end] > at)
    const last = firstRange((end) => gone[end] >= to)
    if (last <= first) return sold / (rootIn(first, at) * rootIn(first, to))
    const head = (gone[first + 1] - at) / (rootIn(first, at) * root[first + 1])
    const foot = (to - gone[last]) / (root[last] * rootIn(last, to))
    return head + (held[first + 1] - held[last]) + foot
  }
  return {
    total: gone[count],
    price: (at) =>
      priceIn(
        firstRange((end) => gone[end] >= at),
        at,
      ),
    units,
    above: units,
    start(at) {
      if (at < 0) return Number.POSITIVE_INFINITY
      return priceIn(
        firstRange((end) => gone[end] > at),
        at,
      )
    },
    proceeds,
  }
}

class LiquidityError extends InputError {
  constructor(place: string, index: number, amount: number) {
    super({
      code: 'FB2113',
      place: `${place}.liquidity[${index}]`,
      rule: 'liquidity must be finite and not negative',
      came: String(amount),
      remedy: 'Write 0 for a range that nobody provides',
    })
  }
}

class OutsideRangesError extends InputError {
  constructor(place: string, outside: number) {
    super({
      code: 'FB2119',
      place: `${place}.outside`,
      rule: 'the opening price must lie inside the ranges that hold liquidity',
      came: String(outside),
      remedy: 'Check which token is the base, and the decimals',
    })
  }
}

class NegativeLiquidityError extends InputError {
  constructor(tick: number, active: number) {
    super({
      code: 'FB2119',
      place: `ticks, tick ${tick}`,
      rule: 'the running sum of net liquidity must not fall below 0',
      came: String(active),
      remedy: 'Record every initialised tick: one is missing below this one',
    })
  }
}
