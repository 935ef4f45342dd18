/** The price that a perpetual exchange values positions at: an index, and what its book says. */

import { InputError } from '../errors.ts'
import { exp } from '../math/exponential.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkDelay, checkDuration, checkOpening } from './terms.ts'

/**
 * The mark price of an exchange of perpetuals.
 *
 * | native word                             | here                                          |
 * | --------------------------------------- | --------------------------------------------- |
 * | index price, oracle price               | index                                         |
 * | mid, last price                         | market                                        |
 * | last funding rate, funding basis        | `funding.rate`, basis                         |
 * | time until funding, funding interval    | from `funding.dueSeconds`, `intervalSeconds`  |
 * | moving average, ema of mid - oracle     | mean, of `timeSeconds`                        |
 *
 * Rule:       index = outside + ownWeight x (market - outside). basis = rate x (time to the next
 *             funding) / interval, 0 without funding.
 *             mean = num / den, at every block num = num e^(-t/T) + (market - index) t and
 *             den = den e^(-t/T) + t, t the seconds of the block, T `timeSeconds`.
 *             component index:  mark = index x (1 + basis).
 *             component book:   mark = index + mean, at least 0.
 *             component median: mark = the middle of index x (1 + basis), index + mean, market.
 *             The market of a block counts in the mark of that block.
 * Units:      `rate` as a fraction for one interval, positive where longs pay; `ownWeight` from 0,
 *             an index of other exchanges, to 1, an exchange that is its own index.
 * Source:     index: BitMEX, fair price marking. median: Binance, mark price in USD-margined
 *             futures, whose price 1, price 2 and last price these are. Hyperliquid,
 *             hyperliquid.gitbook.io trading/robust-price-indices: T 150 s, no funding, the outside
 *             price for the mids of other exchanges.
 * Simplifies: the outside price is what the world without the forced sales of this run would pay,
 *             so they reach the mark by the book and by `ownWeight` alone, not by arbitrage with
 *             the exchanges of the index. One rate holds for the run. Best bid, best ask and last
 *             trade are one price, the mid. Binance averages one sample a second over 30 s with
 *             equal weights; T of half the window sees prices of the same mean age.
 * Assumes:    before the opening market and index were equal for long: num 0, den T.
 * Throws:     InputError FB2401, FB2405 to FB2409
 */
export function mark(spec: SpecOf<'mark'>, opening: OracleOpening): Oracle {
  checkSpec(spec, opening)
  const state = new Float64Array(5)
  state[INDEX] = opening.price
  state[MARKET] = opening.price
  state[DEN] = spec.timeSeconds ?? 1
  return withState(spec, state)
}

const INDEX = 0
const MARKET = 1
const NUM = 2
const DEN = 3
const AT_SECONDS = 4

function withState(spec: SpecOf<'mark'>, state: Float64Array): Feed<Float64Array> {
  const { component, timeSeconds, ownWeight } = spec
  return {
    kind: 'mark',
    follows: component === 'index' ? ownWeight : 1,
    state,
    observe(at, market, outside) {
      const index = outside + ownWeight * (market - outside)
      state[INDEX] = index
      state[MARKET] = market
      state[AT_SECONDS] = at.atSeconds
      if (timeSeconds === null) return
      const kept = exp(-at.seconds / timeSeconds)
      state[NUM] = state[NUM] * kept + (market - index) * at.seconds
      state[DEN] = state[DEN] * kept + at.seconds
    },
    price() {
      const index = state[INDEX]
      if (component === 'index') return index * (1 + basisOf(spec, state[AT_SECONDS]))
      const booked = index + state[NUM] / state[DEN]
      if (component === 'book') return Math.max(0, booked)
      return middle(index * (1 + basisOf(spec, state[AT_SECONDS])), booked, state[MARKET])
    },
    confidence: () => 0,
    valid: () => true,
    seenAt: () => state[AT_SECONDS],
    copy: () => withState(spec, state.slice()),
    reset(from) {
      state.set(stateOf<Float64Array>(from, 'mark'))
    },
  }
}

/** The share of the rate that is still to come, at a time since the opening. */
function basisOf({ funding }: SpecOf<'mark'>, atSeconds: number): number {
  if (funding === null) return 0
  const { rate, intervalSeconds, dueSeconds } = funding
  const past = atSeconds - dueSeconds
  const left = past < 0 ? -past : intervalSeconds - (past % intervalSeconds)
  return (rate * left) / intervalSeconds
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

function checkSpec(spec: SpecOf<'mark'>, opening: OracleOpening): void {
  checkOpening(opening)
  checkWeight(spec.ownWeight)
  checkMean(spec)
  if (spec.funding !== null) checkFunding(spec.funding)
}

function checkMean({ component, timeSeconds }: SpecOf<'mark'>): void {
  if (timeSeconds !== null) checkDuration(timeSeconds, 'oracle.timeSeconds')
  if ((timeSeconds === null) === (component === 'index')) return
  throw new InputError({
    code: 'FB2408',
    place: 'oracle.timeSeconds',
    rule: 'the components book and median have a time of their mean, the index has none',
    came: `${timeSeconds} for ${component}`,
    remedy: 'Write 150 for book and median, null for index',
  })
}

function checkWeight(weight: number): void {
  if (weight >= 0 && weight <= 1) return
  throw new InputError({
    code: 'FB2407',
    place: 'oracle.ownWeight',
    rule: 'the weight of the own market in the index must be from 0 to 1',
    came: String(weight),
    remedy: 'Write 0 where the index is made of other exchanges, 1 where it is the own market',
  })
}

function checkFunding(funding: NonNullable<SpecOf<'mark'>['funding']>): void {
  const { rate, intervalSeconds, dueSeconds } = funding
  checkDuration(intervalSeconds, 'oracle.funding.intervalSeconds')
  checkDelay(dueSeconds, 'oracle.funding.dueSeconds')
  if (!(Math.abs(rate) < 1)) {
    throw new InputError({
      code: 'FB2406',
      place: 'oracle.funding.rate',
      rule: 'a funding rate must be above -1 and below 1',
      came: String(rate),
      remedy: 'Write 0.01 % for one interval as 0.0001',
    })
  }
  if (dueSeconds <= intervalSeconds) return
  throw new InputError({
    code: 'FB2409',
    place: 'oracle.funding.dueSeconds',
    rule: 'the next funding must be due within one interval',
    came: `${dueSeconds} s of ${intervalSeconds} s`,
    remedy: 'Write the time from the opening to the next funding',
  })
}
