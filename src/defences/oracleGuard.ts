/** An oracle guard: nobody is liquidated by a price that stands alone, or that jumped. */

import type { Defence, Reading, Sight } from '../defence.ts'
import { History } from '../oracles/history.ts'
import { asset, type Given, optional, or, positive, ratio, seconds } from '../parameters.ts'
import { watchedAssets } from './watched.ts'

const deviation = { ...positive, to: 1000 }
const parameters = {
  asset: optional(asset('What is watched; by default every collateral.')),
  fromMarket: or(ratio('Distance to the mid of the market that is borne.', deviation), 0.1),
  fromMean: or(ratio('Distance to its own mean that is borne.', deviation), 0.1),
  windowSeconds: or(seconds('How far back that mean reaches.'), 1800),
  perBlock: optional(
    ratio('Most that the price used moves in a block.', { from: 0, to: 1, open: 'both' }),
  ),
  aboveMean: optional(ratio('Most that the price used is above its mean.', deviation)),
}

/**
 * A guard between what is published and what is acted upon.
 *
 * | native word                              | here                                             |
 * | ---------------------------------------- | ------------------------------------------------ |
 * | reference price check, deviation circuit | pause while `fromMarket` is passed               |
 * | TWAP divergence                          | pause while `fromMean` over `window` is passed   |
 * | oracle change limit                      | `perBlock`: the price used follows step by step  |
 * | price cap                                | `aboveMean`: the price used is cut there         |
 *
 * Rule:       nothing is liquidated while what is published for a watched asset is further from the
 *             mid of the market than fromMarket, or from its own mean than fromMean, as a share of
 *             these. The mean weighs by time what was published over the window, the opening price
 *             before it. The price used is what is published, within perBlock of the one used in
 *             the block before, and at most (1 + aboveMean) x the mean.
 * Units:      distances are fractions, the window is in seconds.
 * Source:     Drift stops where oracle and mean diverge, GMX checks against a reference price,
 *             crvUSD limits what its oracle moves in two minutes (docs/defences.md).
 * Simplifies: the mean is of what is published, not of what is used. Twins that tell generations
 *             apart read what is published.
 * Assumes:    a price far from the others is wrong. In a true crash it is right, and the pause
 *             holds up sales that will be made lower, or not at all.
 */
export function oracleGuard(of: Given<typeof parameters>): Defence {
  let watched: readonly Watched[] | null = null
  let paused = 0
  let limited = 0
  return {
    name: 'oracleGuard',
    readings,
    react(sight, stance) {
      watched ??= watchedOf(of, sight)
      const { at, protocol, mids } = sight
      let isFar = false
      let isLimited = false
      for (const one of watched) {
        const published = protocol.prices[one.asset]
        const mean = one.note(at.atSeconds, at.seconds, published)
        if (isBeyond(published, mids[one.asset], of.fromMarket)) isFar = true
        if (isBeyond(published, mean, of.fromMean)) isFar = true
        one.used = usedOf(of, published, one.used, mean)
        if (one.used !== published) isLimited = true
        protocol.prices[one.asset] = one.used
      }
      if (isLimited) limited++
      if (!isFar) return
      stance.isPaused = true
      paused += at.seconds
    },
    read(out) {
      out[0] = paused
      out[1] = limited
    },
  }
}

oracleGuard.parameters = parameters

type Spec = Given<typeof parameters>

function isBeyond(price: number, reference: number, most: number): boolean {
  return Math.abs(price - reference) > most * reference
}

function usedOf({ perBlock, aboveMean }: Spec, published: number, last: number, mean: number) {
  let used = published
  if (perBlock !== undefined)
    used = Math.max(last * (1 - perBlock), Math.min(last * (1 + perBlock), used))
  return aboveMean === undefined ? used : Math.min(used, mean * (1 + aboveMean))
}

interface Watched {
  readonly asset: number
  /** The price that was used last. */
  used: number
  /** Adds what was published for so many seconds; returns the mean of the window. */
  note(atSeconds: number, seconds: number, price: number): number
}

function watchedOf({ asset, windowSeconds }: Spec, { protocol, opening }: Sight): Watched[] {
  return watchedAssets(asset, protocol.rules.slots).map((one) => {
    // Of the price as a share of the opening one, less 1: so a price that stands has a mean of 0.
    const sums = new History(0, 0)
    let sum = 0
    return {
      asset: one,
      used: opening[one],
      note(atSeconds, seconds, price) {
        sum += seconds * (price / opening[one] - 1)
        const start = atSeconds - windowSeconds
        sums.push(atSeconds, sum)
        sums.forget(start)
        return opening[one] * (1 + (sum - sums.lineAt(start)) / windowSeconds)
      },
    }
  })
}

const readings: readonly Reading[] = [
  { name: 'paused_seconds', unit: 'seconds', definition: 'Time in which nothing was liquidated.' },
  {
    name: 'limited_blocks',
    unit: 'count',
    definition: 'Blocks in which another price was used than was published.',
  },
]
