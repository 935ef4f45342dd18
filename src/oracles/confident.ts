/** A feed that says how sure it is: a price with a confidence interval, as Pyth publishes. */

import { exp, log } from '../math/exponential.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import { History } from './history.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import {
  checkBounds,
  checkDelay,
  checkDuration,
  checkOpening,
  checkRatio,
  LEAST_PRICE,
} from './terms.ts'

/**
 * A feed with a confidence interval that widens with volatility, and is refused when too wide.
 *
 * Rule:       price = market of `delaySeconds` ago, held from block to block. confidence = price x
 *             w, w = width + volatilityWidth x sqrt(v x halfLifeSeconds): `width` at rest, plus a
 *             multiple of the move of one standard deviation over one half-life. v, the variance
 *             per second of the published price, is an average with that half-life: at every block
 *             v = v b + (1 - b) r^2 / seconds, b = 2^(-seconds / halfLifeSeconds), r the log return
 *             since the block before. Valid while w <= widthMax.
 * Units:      width, widthMax as fractions of the price; volatilityWidth a plain factor.
 * Source:     docs.pyth.network, price feeds, best practices: confidence intervals (value
 *             collateral at price - confidence, debt at price + confidence; refuse a wide one);
 *             EWMA: J. P. Morgan, RiskMetrics technical document, 1996. Limit: drift-labs/
 *             protocol-v2, oracle guard rails, confidence interval max size.
 * Simplifies: publishers disagree more when prices move; here their disagreement is a function of
 *             realised volatility, no more. At the opening v = 0.
 * Assumes:    whoever updates it sends the newest price; a choice among signed prices of the last
 *             seconds, which a pull oracle leaves to the caller, is not modelled.
 * Throws:     InputError FB2401, FB2402, FB2404, FB2405
 */
export function confident(spec: SpecOf<'confident'>, opening: OracleOpening): Oracle {
  checkSpec(spec, opening)
  const now = Float64Array.of(opening.price, 0, 0, opening.price)
  return withState(spec, { now, seen: new History(0, opening.price) })
}

interface State {
  readonly now: Float64Array
  /** The market, back to what is published. */
  readonly seen: History
}

const PRICE = 0
const SEEN_AT = 1
const VARIANCE = 2
/** The published price at the end of the last return. */
const MEASURED = 3

function withState(spec: SpecOf<'confident'>, state: State): Feed<State> {
  const { now, seen } = state
  const width = (): number =>
    spec.width + spec.volatilityWidth * Math.sqrt(now[VARIANCE] * spec.halfLifeSeconds)
  return {
    kind: 'confident',
    follows: 1,
    state,
    observe(at, market) {
      seen.push(at.atSeconds, market)
      seen.forget(at.atSeconds - spec.delaySeconds)
      now[PRICE] = seen.value(0)
      now[SEEN_AT] = seen.time(0)
      if (at.seconds > 0) measure(now, at.seconds, spec.halfLifeSeconds)
    },
    price: () => now[PRICE],
    confidence: () => now[PRICE] * width(),
    valid: () => width() <= spec.widthMax,
    seenAt: () => now[SEEN_AT],
    copy: () => withState(spec, { now: now.slice(), seen: seen.copy() }),
    reset(from) {
      const other = stateOf<State>(from, 'confident')
      now.set(other.now)
      seen.reset(other.seen)
    },
  }
}

function measure(now: Float64Array, seconds: number, halfLifeSeconds: number): void {
  const kept = exp((-Math.LN2 * seconds) / halfLifeSeconds)
  const change = log(Math.max(now[PRICE], LEAST_PRICE) / Math.max(now[MEASURED], LEAST_PRICE))
  now[VARIANCE] = now[VARIANCE] * kept + ((1 - kept) * (change * change)) / seconds
  now[MEASURED] = now[PRICE]
}

function checkSpec(spec: SpecOf<'confident'>, opening: OracleOpening): void {
  checkOpening(opening)
  checkRatio(spec.width, 'oracle.width')
  checkRatio(spec.volatilityWidth, 'oracle.volatilityWidth')
  checkDuration(spec.halfLifeSeconds, 'oracle.halfLifeSeconds')
  checkRatio(spec.widthMax, 'oracle.widthMax')
  checkDelay(spec.delaySeconds, 'oracle.delaySeconds')
  const rule = 'the width at rest must be at most widthMax, or the feed is never valid'
  checkBounds(spec.width, spec.widthMax, 'oracle.widthMax', rule)
}
