/** A Dutch auction: takers are asked more at first, and less as time passes. */

import type { Defence, Reading, Sight } from '../defence.ts'
import { log, pow } from '../math/exponential.ts'
import { type Given, number, or, ratio, seconds } from '../parameters.ts'
import { makeDearer, takenUsd } from './surcharge.ts'
import { secondsSince, wakesAt } from './wakes.ts'

const parameters = {
  buffer: or(
    number('First price asked, as a factor on the published one.', { from: 1, to: 10 }),
    1.2,
  ),
  cut: or(ratio('What a step leaves of the price asked.', { from: 0, to: 1, open: 'both' }), 0.99),
  stepSeconds: or(seconds('Time between two steps.'), 90),
}

/**
 * An auction instead of a sale at a fixed bonus: who waits pays less, who waits too long loses it.
 *
 * | native word      | here                                                     |
 * | ---------------- | -------------------------------------------------------- |
 * | buf              | `buffer`: first price asked over the published one       |
 * | top              | buffer x the price published when it became liquidatable |
 * | cut, step        | `cut`, `step`: what a step leaves, and its time          |
 * | tail, cusp, redo | none: it never needs to be started anew                  |
 *
 * Rule:       a unit of collateral is asked top x cut^n for, n the whole steps since the account
 *             became liquidatable, and never less than the rules themselves ask. What that is more
 *             than theirs is the borrower's, after what lenders would lack. An account that
 *             recovers and falls again starts anew.
 * Units:      prices in USD at what the protocol publishes.
 * Source:     makerdao/dss, src/abaci.sol StairstepExponentialDecrease.price(), src/clip.sol
 *             kick() (top = price x buf) and take(), commit fa4f663.
 * Simplifies: the collateral stays in the account and counts while it is offered, and as much of
 *             it is for sale at once as the rules allow. There is nothing to restart: at the bottom
 *             stand the rules' own terms.
 * Assumes:    somebody watches every step. Where the market falls faster than cut per step, the
 *             price asked stays above it, and who waits for it falls further under water.
 */
export function dutchAuction(of: Given<typeof parameters>): Defence {
  const steps = (elapsed: number): number => Math.floor(elapsed / of.stepSeconds)
  const wakes = wakesAt(steps, Math.ceil(log(LOWEST / of.buffer) / log(of.cut)))
  const top = openings()
  let stamp = 0
  let sold = 0
  let waited = 0
  return {
    name: 'dutchAuction',
    readings,
    get stamp() {
      return stamp
    },
    react({ at }) {
      stamp = wakes.count(at)
    },
    shape(sight, offers, from) {
      const { prices } = sight.protocol
      const left = of.buffer * pow(of.cut, steps(secondsSince(sight, offers.account[from])))
      let isHeld = false
      for (let n = from; n < offers.count; n++) {
        const asked = left * top(sight, offers.account[n], offers.sells[n])
        const usd = (takenUsd(sight.protocol, offers, n) * asked) / prices[offers.sells[n]]
        const more = usd / prices[offers.pays[n]] - offers.cost[n]
        if (!(more > 0)) continue
        isHeld = true
        makeDearer(sight, offers, n, more)
      }
      if (isHeld) wakes.note(sight.since(offers.account[from]))
      return isHeld
    },
    settled(sight, { account }) {
      sold++
      waited += secondsSince(sight, account)
    },
    read(out) {
      out[0] = sold
      out[1] = sold > 0 ? waited / sold : 0
    },
  }
}

dutchAuction.parameters = parameters

/** Price of an asset when an account became liquidatable. */
function openings(): (sight: Sight, account: number, asset: number) => number {
  const since: number[] = []
  const price: Float64Array[] = []
  return ({ protocol, since: sinceOf }, account, asset) => {
    const block = sinceOf(account)
    if (since[account] !== block) {
      since[account] = block
      price[account] ??= new Float64Array(protocol.prices.length)
      price[account].set(protocol.prices)
    }
    return price[account][asset]
  }
}

/** Below this part of the first published price nobody waits for a further step. */
const LOWEST = 0.25

const readings: readonly Reading[] = [
  { name: 'auctions_sold', unit: 'count', definition: 'Liquidations, at whatever step.' },
  {
    name: 'mean_wait_seconds',
    unit: 'seconds',
    definition: 'Mean time from when an account became liquidatable to its liquidations.',
  },
]
