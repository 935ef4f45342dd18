/** A circuit breaker: liquidations pause while prices fall too fast. */

import type { Slots } from '../book.ts'
import type { Defence, Reading } from '../defence.ts'
import { asset, fromZero, type Given, optional, or, ratio, seconds } from '../parameters.ts'
import { watchedAssets } from './watched.ts'
import { type Highest, highestWithin } from './window.ts'

const parameters = {
  asset: optional(asset('What is watched; by default every collateral.')),
  drop: or(ratio('Fall within the window that trips it.', { from: 0, to: 1, open: 'both' }), 0.1),
  windowSeconds: or(seconds('How far back the fall is looked for.'), 3600),
  pauseSeconds: or(seconds('How long liquidations pause.'), 3600),
  graceSeconds: or(seconds('Time after a pause in which it does not trip.', fromZero), 3600),
  fromSeconds: optional(seconds('Trips at this moment whatever prices do: a guardian.', fromZero)),
}

/**
 * A pause of all liquidations of a protocol, tripped by a fall of what it publishes or by hand.
 *
 * | native word                      | here                                                    |
 * | -------------------------------- | ------------------------------------------------------- |
 * | pause, guardian, circuit breaker | `pause` after `drop` within `window`, or at `from`      |
 * | grace period                     | `grace`: borrowers had time, and it does not trip again |
 *
 * Rule:       trips when the published price of a collateral is at most (1 - drop) x the highest
 *             that it published within the window. While it is tripped nothing is liquidated; who
 *             breached waits. Auctions under way pause too, as do closings of a house.
 * Units:      drop is a fraction, times in seconds.
 * Source:     Maker's ClipperMom stops auctions on a drop past a tolerance within one hop of its
 *             security module; Aave's guardian pauses reserves, with a grace period of up to four
 *             hours after it (docs/defences.md).
 * Simplifies: a guardian acts without delay.
 * Assumes:    nobody tops up while it is paused: nothing but the price may heal. So it trades
 *             sales at a low for bad debt where the low stays.
 */
export function breaker(of: Given<typeof parameters>): Defence {
  let upTo = 0
  let nextTrip = 0
  let trips = 0
  let paused = 0
  let watched: readonly Watched[] | null = null
  return {
    name: 'breaker',
    readings,
    react({ at, protocol: { prices, rules } }, stance) {
      watched ??= watchedOf(of.asset, rules.slots, of.windowSeconds)
      let isTripped = of.fromSeconds !== undefined && trips === 0 && at.atSeconds >= of.fromSeconds
      for (const { asset, highest } of watched)
        if (prices[asset] <= (1 - of.drop) * highest.note(at.atSeconds, prices[asset]))
          isTripped = true
      if (isTripped && at.atSeconds >= nextTrip) {
        upTo = at.atSeconds + of.pauseSeconds
        nextTrip = upTo + of.graceSeconds
        trips++
      }
      if (at.atSeconds >= upTo) return
      stance.isPaused = true
      paused += at.seconds
    },
    read(out) {
      out[0] = trips
      out[1] = paused
    },
  }
}

breaker.parameters = parameters

interface Watched {
  readonly asset: number
  readonly highest: Highest
}

function watchedOf(asset: number | undefined, slots: Slots, seconds: number): Watched[] {
  return watchedAssets(asset, slots).map((one) => ({ asset: one, highest: highestWithin(seconds) }))
}

const readings: readonly Reading[] = [
  { name: 'trips', unit: 'count', definition: 'How often the breaker tripped.' },
  { name: 'paused_seconds', unit: 'seconds', definition: 'Time in which nothing was liquidated.' },
]
