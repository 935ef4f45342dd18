/** A feed that answers with an exponential moving average: the oracle of Curve's pools. */

import { exp } from '../math/exponential.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkDuration, checkOpening } from './terms.ts'

/**
 * A feed that publishes an exponential moving average of the market.
 *
 * Rule:       once a block: ema = last (1 - a) + ema a, a = e^(-seconds / timeSeconds), `last` the
 *             market price of the block before. This block's price enters at the next block, so a
 *             move inside one block cannot be read in it.
 * Units:      `timeSeconds` is the time constant; the half-life is 0.693 of it.
 * Source:     curvefi/stableswap-ng contracts/main/CurveStableSwapNG.vy, commit 2abe778f,
 *             _calc_moving_average(), upkeep_oracles(): the spot price stored by the last action.
 * Simplifies: `last` is the market before anything is settled in a block, not the pool after its
 *             last trade; `seenAt` is when `last` was in the market, the newest price of the mean.
 * Throws:     InputError FB2401, FB2405
 */
export function ema(spec: SpecOf<'ema'>, opening: OracleOpening): Oracle {
  checkOpening(opening)
  checkDuration(spec.timeSeconds, 'oracle.timeSeconds')
  return withState(spec, Float64Array.of(opening.price, 0, opening.price, 0))
}

const PRICE = 0
const SEEN_AT = 1
const LAST = 2
const LAST_AT = 3

function withState(spec: SpecOf<'ema'>, state: Float64Array): Feed<Float64Array> {
  return {
    kind: 'ema',
    follows: 1,
    state,
    observe(at, market) {
      // Written as a step towards `last`, which a mean that has arrived does not leave.
      state[PRICE] += (state[LAST] - state[PRICE]) * (1 - exp(-at.seconds / spec.timeSeconds))
      state[SEEN_AT] = state[LAST_AT]
      state[LAST] = market
      state[LAST_AT] = at.atSeconds
    },
    price: () => state[PRICE],
    confidence: () => 0,
    valid: () => true,
    seenAt: () => state[SEEN_AT],
    copy: () => withState(spec, state.slice()),
    reset(from) {
      state.set(stateOf<Float64Array>(from, 'ema'))
    },
  }
}
