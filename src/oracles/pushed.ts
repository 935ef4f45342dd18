/** A feed that others push on chain when the price has moved enough: Chainlink and its kin. */

import { exp, pow } from '../math/exponential.ts'
import { normalQuantile } from '../math/normal.ts'
import type { Moment } from '../moment.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import {
  checkBounds,
  checkDelay,
  checkDuration,
  checkOpening,
  checkPositive,
  checkRatio,
} from './terms.ts'

/** Rounds that may be on their way at once. */
export const ROUNDS_MAX = 64

/**
 * A feed of rounds: decided off chain, visible when their transaction is included.
 *
 * | parameter            | means                                                          |
 * | -------------------- | -------------------------------------------------------------- |
 * | deviation            | move since the last decided round that starts a new one        |
 * | heartbeatSeconds     | time after which a round is decided anyway; Infinity: never    |
 * | delaySeconds         | median delay from decision to inclusion on a calm chain        |
 * | delaySpread          | standard deviation of the logarithm of the delay; 0: no spread |
 * | calmGwei             | gas price up to which the chain is calm                        |
 * | congestionPower      | how the delay grows with gas above it; 0: not at all           |
 * | answerMin, answerMax | bounds on what the feed can say; null: none                    |
 *
 * Rule:       A round is decided when |market - last| / last >= deviation, last the market of the
 *             round decided before (shown or not), or when the heartbeat has elapsed since. It is
 *             visible in the first block at or after decision + delaySeconds x max(1, gwei /
 *             calmGwei)^congestionPower x e^(delaySpread x z), z the normal of this block's draw,
 *             gwei of the block of decision. A round that arrives no later than an earlier one
 *             replaces it: the earlier is never shown. With delay 0 a round shows in its block.
 * Units:      deviation, spread and power are plain numbers (0.5 % = 0.005), bounds USD per unit.
 * Shape:      at most `ROUNDS_MAX` rounds are on their way. While all are, none is decided: the
 *             next one, with the price of its own block, follows as soon as one has arrived.
 * Source:     docs.chain.link, data feeds: deviation threshold and heartbeat; smartcontractkit/
 *             libocr OffchainAggregator.sol transmit(): minAnswer <= median <= maxAnswer.
 * Simplifies: one median for all nodes; the opening counts as a round decided at 0. An answer
 *             outside the bounds is shown as the bound; the contract refuses it, and the price
 *             before it would stay.
 * Assumes:    the delay grows with gas only at the decision: a spike after it delays no round that
 *             is on its way. Nodes keep sending, whatever gas costs.
 * Throws:     InputError FB2401, FB2402, FB2404 (also where the opening price is out of bounds),
 *             FB2405
 */
export function pushed(spec: SpecOf<'pushed'>, opening: OracleOpening): Oracle {
  checkSpec(spec, opening)
  const state = new Float64Array(QUEUE + FIELDS * ROUNDS_MAX)
  state[PRICE] = opening.price
  state[DECIDED] = opening.price
  return withState(spec, opening, state)
}

function withState(
  spec: SpecOf<'pushed'>,
  opening: OracleOpening,
  state: Float64Array,
): Feed<Float64Array> {
  const least = spec.answerMin ?? 0
  const most = spec.answerMax ?? Number.POSITIVE_INFINITY
  return {
    kind: 'pushed',
    follows: 1,
    state,
    observe(at, market) {
      arrive(state, at.atSeconds)
      if (!isDue(spec, state, at.atSeconds, market) || state[COUNT] === ROUNDS_MAX) return
      decide(state, at.atSeconds, market, at.atSeconds + delay(spec, opening, at))
      arrive(state, at.atSeconds)
    },
    price: () => Math.max(least, Math.min(most, state[PRICE])),
    confidence: () => 0,
    valid: () => true,
    seenAt: () => state[SEEN_AT],
    copy: () => withState(spec, opening, state.slice()),
    reset(from) {
      state.set(stateOf<Float64Array>(from, 'pushed'))
    },
  }
}

// The round that shows, the round decided last, and the rounds on their way, in a ring.
const PRICE = 0
const SEEN_AT = 1
const DECIDED = 2
const DECIDED_AT = 3
const FIRST = 4
const COUNT = 5
const QUEUE = 6

// One round on its way: when it arrives, its price, when it was decided.
const FIELDS = 3

function isDue(spec: SpecOf<'pushed'>, state: Float64Array, now: number, market: number): boolean {
  const last = state[DECIDED]
  if (Math.abs(market - last) / last >= spec.deviation) return true
  return now - state[DECIDED_AT] >= spec.heartbeatSeconds
}

function delay(spec: SpecOf<'pushed'>, opening: OracleOpening, at: Moment): number {
  const congested = pow(Math.max(1, at.gwei / spec.calmGwei), spec.congestionPower)
  if (spec.delaySpread === 0) return spec.delaySeconds * congested
  const deviate = normalQuantile(opening.draw(at.block))
  return spec.delaySeconds * congested * exp(spec.delaySpread * deviate)
}

/** Queues a round, in place of those that it overtakes: so arrivals in the queue rise. */
function decide(state: Float64Array, now: number, market: number, arrivesAt: number): void {
  state[DECIDED] = market
  state[DECIDED_AT] = now
  while (state[COUNT] > 0 && state[slot(state, state[COUNT] - 1)] >= arrivesAt) state[COUNT]--
  const at = slot(state, state[COUNT])
  state[at] = arrivesAt
  state[at + 1] = market
  state[at + 2] = now
  state[COUNT]++
}

function arrive(state: Float64Array, now: number): void {
  while (state[COUNT] > 0) {
    const at = slot(state, 0)
    if (state[at] > now) return
    state[PRICE] = state[at + 1]
    state[SEEN_AT] = state[at + 2]
    state[FIRST] = (state[FIRST] + 1) % ROUNDS_MAX
    state[COUNT]--
  }
}

function slot(state: Float64Array, i: number): number {
  return QUEUE + FIELDS * ((state[FIRST] + i) % ROUNDS_MAX)
}

function checkSpec(spec: SpecOf<'pushed'>, opening: OracleOpening): void {
  const { price } = opening
  checkOpening(opening)
  checkRatio(spec.deviation, 'oracle.deviation')
  if (spec.heartbeatSeconds !== Number.POSITIVE_INFINITY) {
    checkDuration(spec.heartbeatSeconds, 'oracle.heartbeatSeconds')
  }
  checkDelay(spec.delaySeconds, 'oracle.delaySeconds')
  checkRatio(spec.delaySpread, 'oracle.delaySpread')
  checkPositive(spec.calmGwei, 'oracle.calmGwei', 'a calm gas price')
  checkRatio(spec.congestionPower, 'oracle.congestionPower')
  if (spec.answerMin !== null) {
    checkPositive(spec.answerMin, 'oracle.answerMin', 'the least answer')
    checkBounds(spec.answerMin, price, 'oracle.answerMin', 'a feed opens at or above answerMin')
  }
  if (spec.answerMax !== null) {
    checkPositive(spec.answerMax, 'oracle.answerMax', 'the largest answer')
    checkBounds(price, spec.answerMax, 'oracle.answerMax', 'a feed opens at or below answerMax')
  }
}
