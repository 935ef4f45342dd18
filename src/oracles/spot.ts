/** The market itself as a feed. */

import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkOpening } from './terms.ts'

/**
 * A feed that publishes the market price at once.
 *
 * Rule:    price = market of this block.
 * Source:  the instant cascade of design.md: oracle = venue price. On chain: protocols that read
 *          the spot price of a pool, as in UniswapV2Pair.sol getReserves().
 * Assumes: nobody delays it. It is the feed with the least lag and the least protection: whoever
 *          moves the market for one block moves the protocol.
 * Throws:  InputError FB2405
 */
export function spot(_spec: SpecOf<'spot'>, opening: OracleOpening): Oracle {
  checkOpening(opening)
  return withState(Float64Array.of(opening.price, 0))
}

const PRICE = 0
const SEEN_AT = 1

function withState(state: Float64Array): Feed<Float64Array> {
  return {
    kind: 'spot',
    follows: 1,
    state,
    observe(at, market) {
      state[PRICE] = market
      state[SEEN_AT] = at.atSeconds
    },
    price: () => state[PRICE],
    confidence: () => 0,
    valid: () => true,
    seenAt: () => state[SEEN_AT],
    copy: () => withState(state.slice()),
    reset(from) {
      state.set(stateOf<Float64Array>(from, 'spot'))
    },
  }
}
