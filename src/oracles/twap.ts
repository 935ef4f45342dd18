/** A feed that answers with the mean price of a window: time-weighted average price. */

import { exp, log } from '../math/exponential.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import { History } from './history.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkDuration, checkOpening, LEAST_PRICE } from './terms.ts'

/**
 * A feed that publishes the mean of the market over the last `windowSeconds`.
 *
 * Rule:       c += f(market) x seconds at every block: the price at a block's opening holds for the
 *             seconds since the block before. mean = (c(now) - c(now - window)) / window, c
 *             straight between blocks. Arithmetic: f = price; geometric: f = log price, answer
 *             e^mean.
 *             Before the window is full it reaches back before the opening, at the opening price.
 * Units:      window in seconds, whole blocks or not.
 * Shape:      O(1) a block, amortised; the cumulative of each block in the window is kept.
 * Source:     geometric: Uniswap/v3-core UniswapV3Pool.sol observe(), libraries/Oracle.sol
 *             transform(), getSurroundingObservations(); arithmetic: Uniswap/v2-core
 *             UniswapV2Pair.sol _update(), Uniswap/v2-periphery
 *             examples/ExampleSlidingWindowOracle.sol.
 * Simplifies: the mean tick is rounded down to a whole tick (1 bp) on chain, not here. A geometric
 *             mean takes a price to be at least that of the lowest tick. Cumulatives are float64,
 *             relative to the opening price: 11 digits remain after most of a day at a 2000th of
 *             it, about 6 in an arithmetic mean after a block at 1e12 times it. `seenAt` is the
 *             newest price of the mean; the mean as a whole lags by half of the window.
 * Assumes:    the pool is at the market at every block's opening; who moves it inside a block and
 *             back moves nothing. To move a geometric mean by m over n blocks, holding k of them,
 *             takes a spot price m^(n / k) times the old one.
 * Throws:     InputError FB2401, FB2405
 */
export function twap(spec: SpecOf<'twap'>, opening: OracleOpening): Oracle {
  checkOpening(opening)
  checkDuration(spec.windowSeconds, 'oracle.windowSeconds')
  const now = Float64Array.of(opening.price, 0, 0)
  return withState(spec, opening.price, { now, cumulated: new History(0, 0) })
}

interface State {
  readonly now: Float64Array
  /** The cumulative at each block of the window, and at one block before it. */
  readonly cumulated: History
}

const PRICE = 0
const SEEN_AT = 1
const CUMULATIVE = 2

function withState(spec: SpecOf<'twap'>, unit: number, state: State): Feed<State> {
  const { now, cumulated } = state
  const geometric = spec.mean === 'geometric'
  return {
    kind: 'twap',
    follows: 1,
    state,
    observe(at, market) {
      now[SEEN_AT] = at.atSeconds
      now[CUMULATIVE] += at.seconds * (geometric ? logOf(market, unit) : market / unit - 1)
      const start = at.atSeconds - spec.windowSeconds
      cumulated.push(at.atSeconds, now[CUMULATIVE])
      cumulated.forget(start)
      const mean = (now[CUMULATIVE] - cumulated.lineAt(start)) / spec.windowSeconds
      now[PRICE] = unit * (geometric ? exp(mean) : 1 + mean)
    },
    price: () => now[PRICE],
    confidence: () => 0,
    valid: () => true,
    seenAt: () => now[SEEN_AT],
    copy: () => withState(spec, unit, { now: now.slice(), cumulated: cumulated.copy() }),
    reset(from) {
      const other = stateOf<State>(from, 'twap')
      now.set(other.now)
      cumulated.reset(other.cumulated)
    },
  }
}

function logOf(market: number, unit: number): number {
  return log(Math.max(market, LEAST_PRICE) / unit)
}
