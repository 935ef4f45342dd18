/** A feed that everybody sees an hour before it counts: Maker's oracle security module. */

import { InputError } from '../errors.ts'
import type { Moment } from '../moment.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import { History } from './history.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkDelay, checkDuration, checkOpening, checkPositive } from './terms.ts'

/** A feed whose next price is known. */
export interface SecurityModule extends Oracle {
  /** The price that counts from the next poke on, USD per unit. */
  next(): number
  copy(): SecurityModule
}

/**
 * A security module over the median of feeds.
 *
 * | native word | here                                              |
 * | ----------- | ------------------------------------------------- |
 * | cur, nxt    | `price()`, `next()`                               |
 * | zzz, hop    | full hop of the last poke, `hopSeconds`           |
 * | src, bar    | median of the feeds, as many as there are delays  |
 *
 * Rule:       poke when now >= zzz + hop and gwei <= pokeMaxGwei: cur = nxt, nxt = source, zzz =
 *             now rounded down to a multiple of hop. source = the value in the middle of the
 *             sorted feeds; of an even number the upper one, so it is always a feed's own value.
 *             Feed i shows the market of feedDelaysSeconds[i] ago, held from block to block.
 * Units:      seconds; prices in USD per unit. An hourly hop gives prices one to two hours old.
 * Source:     makerdao/osm src/osm.sol poke(), commit e36c874b; makerdao/median src/median.sol
 *             poke(): val = val_[val_.length >> 1].
 * Simplifies: cur = nxt = the opening price and zzz = 0 at the opening, so the run opens on a full
 *             hop. `seenAt` is when the feed in the middle saw its price; where the middle passes
 *             to a slower feed it stands still instead of falling back. stop and void are not here.
 * Assumes:    somebody pokes in the first block that allows it and is cheap enough.
 * Throws:     InputError FB2401, FB2403, FB2405
 */
export function securityModule(
  spec: SpecOf<'securityModule'>,
  opening: OracleOpening,
): SecurityModule {
  checkSpec(spec, opening)
  const { price } = opening
  return withState(spec, {
    now: Float64Array.of(price, 0, price, 0, 0),
    seen: new History(0, price),
  })
}

interface State {
  readonly now: Float64Array
  /** The market, back to the slowest feed. */
  readonly seen: History
}

interface ModuleFeed extends Feed<State>, SecurityModule {
  copy(): ModuleFeed
}

const PRICE = 0
const SEEN_AT = 1
const NEXT = 2
const NEXT_SEEN_AT = 3
const POKED_HOP = 4

function withState(spec: SpecOf<'securityModule'>, state: State): ModuleFeed {
  const { now, seen } = state
  const slowest = Math.max(...spec.feedDelaysSeconds)
  const poke = poker(spec, state)
  return {
    kind: 'securityModule',
    follows: 1,
    state,
    observe(at, market) {
      seen.push(at.atSeconds, market)
      seen.forget(at.atSeconds - slowest)
      poke(at)
    },
    price: () => now[PRICE],
    next: () => now[NEXT],
    confidence: () => 0,
    valid: () => true,
    seenAt: () => now[SEEN_AT],
    copy: () => withState(spec, { now: now.slice(), seen: seen.copy() }),
    reset(from) {
      const other = stateOf<State>(from, 'securityModule')
      now.set(other.now)
      seen.reset(other.seen)
    },
  }
}

function poker(spec: SpecOf<'securityModule'>, { now, seen }: State): (at: Moment) => void {
  const delays = Float64Array.from(spec.feedDelaysSeconds)
  const most = spec.pokeMaxGwei ?? Number.POSITIVE_INFINITY
  const sorted = new Int32Array(delays.length)

  /** The sample, by its number in `seen`, that stands in the middle of all feeds. */
  function middle(atSeconds: number): number {
    for (let i = 0; i < delays.length; i++) {
      const sample = seen.heldAt(atSeconds - delays[i])
      let at = i
      for (; at > 0 && seen.value(sorted[at - 1]) > seen.value(sample); at--) {
        sorted[at] = sorted[at - 1]
      }
      sorted[at] = sample
    }
    return sorted[delays.length >> 1]
  }

  return (at) => {
    if (at.atSeconds < now[POKED_HOP] + spec.hopSeconds || at.gwei > most) return
    now[PRICE] = now[NEXT]
    now[SEEN_AT] = now[NEXT_SEEN_AT]
    const sample = middle(at.atSeconds)
    now[NEXT] = seen.value(sample)
    now[NEXT_SEEN_AT] = Math.max(now[NEXT_SEEN_AT], seen.time(sample))
    now[POKED_HOP] = at.atSeconds - (at.atSeconds % spec.hopSeconds)
  }
}

function checkSpec(spec: SpecOf<'securityModule'>, opening: OracleOpening): void {
  checkOpening(opening)
  checkDuration(spec.hopSeconds, 'oracle.hopSeconds')
  if (spec.pokeMaxGwei !== null) {
    checkPositive(spec.pokeMaxGwei, 'oracle.pokeMaxGwei', 'the highest gas price of a poke')
  }
  spec.feedDelaysSeconds.forEach((seconds, i) => {
    checkDelay(seconds, `oracle.feedDelaysSeconds[${i}]`)
  })
  if (spec.feedDelaysSeconds.length > 0) return
  throw new InputError({
    code: 'FB2403',
    place: 'oracle.feedDelaysSeconds',
    rule: 'a median needs at least one feed',
    came: 'none',
    remedy: 'Write [0] for one feed without delay',
  })
}
