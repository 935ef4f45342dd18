/** Whoever takes right after a price was published pays the protocol a share of what it earns. */

import { type Defence, keepForProtocol, type Reading } from '../defence.ts'
import { type Given, or, ratio, seconds } from '../parameters.ts'
import { secondsSince, wakesAt } from './wakes.ts'

const parameters = {
  share: or(ratio('Share of what a taker would earn that is paid to the protocol.'), 0.5),
  windowSeconds: or(seconds('How long the price is auctioned; later nothing is paid.'), 60),
}

/**
 * The right to act on a price is auctioned, and what is bid for it goes to the protocol.
 *
 * | native word              | here                                              |
 * | ------------------------ | ------------------------------------------------- |
 * | SVR, OEV, recapture      | `share` of the taker's gain, kept by the protocol |
 * | auction window, fallback | `window`: after it everybody acts without paying  |
 *
 * Rule:       for `window` after an account became liquidatable its taker pays share x (worth of
 *             what it gets - cost) at the mids of the block, if that is above 0, on top of the
 *             cost.
 * Units:      share as a fraction.
 * Source:     Chainlink SVR as Aave has it (Aave governance 20378, 21247): the update is auctioned
 *             with the right to act on it, and the bid is divided; Pyth Express Relay and API3
 *             OEV alike (docs/defences.md).
 * Simplifies: the bid is a given share and not found by bidding; the part that the auction house
 *             keeps is no part of it. The update itself is not delayed: give the feed a delay for
 *             that.
 * Assumes:    takers bid before they know their gas: it comes out of what is left to them. So what
 *             barely pays for its gas waits for the end of the window, at the prices of then.
 */
export function oracleAuction(of: Given<typeof parameters>): Defence {
  const isOver = (elapsed: number): number => +(elapsed >= of.windowSeconds)
  const wakes = wakesAt(isOver, 1)
  let stamp = 0
  let inside = 0
  let later = 0
  return {
    name: 'oracleAuction',
    readings,
    get stamp() {
      return stamp
    },
    react({ at }) {
      stamp = wakes.count(at)
    },
    shape(sight, offers, from) {
      if (isOver(secondsSince(sight, offers.account[from])) === 1) return false
      const { mids, protocol } = sight
      for (let n = from; n < offers.count; n++) {
        const passedUsd = offers.passed[n] * protocol.prices[offers.sells[n]]
        const price = mids[offers.pays[n]]
        const worth = offers.amount[n] * mids[offers.sells[n]] - passedUsd
        const gain = worth / price - offers.cost[n]
        if (gain * of.share > 0) keepForProtocol(offers, n, gain * of.share)
      }
      wakes.note(sight.since(offers.account[from]))
      return true
    },
    settled(sight, { account }) {
      if (isOver(secondsSince(sight, account)) === 1) later++
      else inside++
    },
    read(out) {
      out[0] = inside
      out[1] = later
    },
  }
}

oracleAuction.parameters = parameters

const readings: readonly Reading[] = [
  {
    name: 'auctioned',
    unit: 'count',
    definition: 'Liquidations within the window, which paid the protocol a share.',
  },
  { name: 'late', unit: 'count', definition: 'Liquidations after the window, which paid nothing.' },
]
