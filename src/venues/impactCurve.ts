/** A price impact law with one coefficient: what is left to say where no book was recorded. */

import { InputError } from '../errors.ts'
import { exp, log } from '../math/exponential.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Curve, Venue } from '../venue.ts'
import { extended, meanRoot, tailFrom } from './beyond.ts'
import { additive, type Depth, multiplicative } from './depth.ts'
import { boundless, type Edge, pathIndependentVenue } from './pathIndependent.ts'
import { checkPositive, checkTerms } from './terms.ts'

export type ImpactCurveSpec = Omit<Extract<VenueSpec, { kind: 'impactCurve' }>, 'kind'>

/**
 * A venue whose price falls by a law of the units sold, and rises by the same law where units are
 * bought.
 *
 * Rule:    none: X; linear: max(0, X - c Q); exponential: X e^(-c Q); squareRoot: X (1 - c
 *          sqrt(Q)), at least 0, with a straight line below Q0 = `crossover` units: an infinite
 *          slope at 0 would set every book on fire.
 * Units:   `coefficient` c in quote per unit, 1 / unit, 1 / sqrt(unit) by shape; `observedUnits`
 *          null: no edge.
 * Source:  linear: Kyle, Econometrica 1985; exponential: Cifuentes, Ferrucci, Shin, JEEA 2005;
 *          square root: Toth et al., Physical Review X 2011.
 * Assumes: impact depends on the sum sold, not on its speed; a hurried seller pays more than this.
 * Throws:  InputError FB2111, FB2112, FB2113, FB2116, FB2117
 */
export function impactCurve(spec: ImpactCurveSpec): Venue {
  checkTerms(spec)
  checkShape(spec)
  const isLinear = spec.shape === 'linear'
  const law = lawOf(spec)
  const units = spec.observedUnits
  const floor = isLinear ? Number.NEGATIVE_INFINITY : 0
  const depth = units === null ? law : observed(spec, law, units, floor)
  const curve = isLinear ? additive(depth) : multiplicative(depth)
  return pathIndependentVenue(spec, {
    kind: 'impactCurve',
    feeFrom: 'proceeds',
    curve,
    ...(units === null ? boundless : edgeAt(isLinear ? additive(law) : multiplicative(law), units)),
    fewest: () => (spec.beyond === 'wall' && units !== null ? -units : Number.NEGATIVE_INFINITY),
    fewestObserved: () => (units === null ? Number.NEGATIVE_INFINITY : -units),
    scaled: (by) =>
      impactCurve({
        ...spec,
        coefficient: spec.coefficient / (spec.shape === 'squareRoot' ? Math.sqrt(by) : by),
        crossover: spec.crossover * by,
        observedUnits: units === null ? null : units * by,
      }),
  })
}

function observed(spec: ImpactCurveSpec, law: Depth, units: number, floor: number): Depth {
  const origin = { units: 0, price: law.price(0) }
  const edge = { units, price: law.price(units) }
  return extended(law, edge, tailFrom(spec.beyond, origin, edge, `venues.${spec.name}`, floor))
}

function edgeAt(law: Curve, units: number): Edge {
  return { edgePrice: (outside) => law.price(outside, units), edgeUnits: () => units }
}

function lawOf(spec: ImpactCurveSpec): Depth {
  switch (spec.shape) {
    case 'none':
      return par
    case 'linear':
      return straight(spec.coefficient)
    case 'exponential':
      return decaying(spec.coefficient)
    case 'squareRoot':
      return rooted(spec.coefficient, spec.crossover)
  }
}

/** Any quantity at the outside price. */
const par: Depth = {
  price: () => 1,
  units: (price) => (price <= 1 ? Number.POSITIVE_INFINITY : 0),
  proceeds: (_, units) => units,
}

/** Changes of the price, not prices: -c Q. */
function straight(coefficient: number): Depth {
  const units = (change: number): number => -change / coefficient
  const price = (at: number): number => -coefficient * at
  return {
    price,
    units,
    proceeds: (at, sold) => -coefficient * sold * (at + sold / 2),
  }
}

function decaying(coefficient: number): Depth {
  const units = (price: number): number => -log(price) / coefficient
  const price = (at: number): number => exp(-coefficient * at)
  return {
    price,
    units,
    proceeds: (at, sold) => price(at) * sold * meanDecay(coefficient * sold),
  }
}

/**
 * (1 - e^-z) / z: the mean of e^-x over x from 0 to z. Near 0 the difference would cancel, so a
 * series answers.
 */
function meanDecay(z: number): number {
  if (Math.abs(z) > 0.01) return (1 - exp(-z)) / z
  return 1 - (z / 2) * (1 - (z / 3) * (1 - (z / 4) * (1 - (z / 5) * (1 - z / 6))))
}

function rooted(coefficient: number, crossover: number): Depth {
  const kink = coefficient * Math.sqrt(crossover)
  const slope = kink / crossover
  const empty = 1 / (coefficient * coefficient)
  const drop = (at: number): number => {
    const size = Math.abs(at)
    const straight = size <= crossover
    const fall = straight
      ? Math.min(kink, slope * size)
      : Math.max(kink, coefficient * Math.sqrt(size))
    return Math.sign(at) * fall
  }
  const price = (at: number): number => Math.max(0, 1 - drop(at))
  const units = (price: number): number => {
    const fall = 1 - price
    if (Math.abs(fall) <= kink) return Math.sign(fall) * Math.min(crossover, Math.abs(fall) / slope)
    const root = fall / coefficient
    return Math.sign(fall) * Math.max(crossover, root * root)
  }
  /**
   * The integral of the drop over the part of [from, to] between the two bounds, from a mean of the
   * drop there.
   */
  const part = (from: number, to: number, mean: (a: number, b: number) => number): number =>
    to > from ? (to - from) * mean(from, to) : 0
  const root = (a: number, b: number): number =>
    coefficient * meanRoot(Math.sqrt(Math.abs(a)), Math.sqrt(Math.abs(b)))
  const lost = (from: number, to: number): number =>
    part(Math.max(from, crossover), to, root) -
    part(from, Math.min(to, -crossover), root) +
    part(Math.max(from, -crossover), Math.min(to, crossover), (a, b) => slope * ((a + b) / 2))
  return {
    price,
    units,
    proceeds(at, sold) {
      if (sold < 0) return -proceedsBetween(at + sold, at)
      return proceedsBetween(at, at + sold)
    },
  }

  function proceedsBetween(from: number, to: number): number {
    const end = Math.min(to, empty)
    return end > from ? end - from - lost(from, end) : 0
  }
}

function checkShape(spec: ImpactCurveSpec): void {
  const place = `venues.${spec.name}`
  if (spec.shape !== 'none') {
    checkPositive(spec.coefficient, `${place}.coefficient`, 'FB2113', 'an impact coefficient')
  }
  if (spec.observedUnits !== null) {
    checkPositive(spec.observedUnits, `${place}.observedUnits`, 'FB2113', 'an observed depth')
  }
  if (spec.shape !== 'squareRoot') return
  checkPositive(spec.crossover, `${place}.crossover`, 'FB2113', 'a cross-over')
  if (spec.coefficient * Math.sqrt(spec.crossover) < 1) return
  throw new InputError({
    code: 'FB2117',
    place: `${place}.crossover`,
    rule: 'the straight part of a square root must end above a price of 0',
    came: `a drop of ${spec.coefficient * Math.sqrt(spec.crossover)} at the cross-over`,
    remedy: 'Use a smaller cross-over: it is where small sales stop being proportional',
  })
}
