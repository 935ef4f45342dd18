/** A backstop: a taker with capital of its own, for what others leave. */

import type { Defence } from '../defence.ts'
import { fromZero, type Given, money, number, optional, or, ratio, seconds } from '../parameters.ts'
import type { TakerSpec } from '../scenario.ts'
import { withTaker } from './extended.ts'
import { bestProfitUsd, dearestUsd, ownReadings, ownTaker } from './standing.ts'
import { secondsSince, wakesAt } from './wakes.ts'

const parameters = {
  capitalUsd: or(money('Its capital at the opening.'), 1_000_000),
  minProfitUsd: or(
    money('Least profit at the mid of a liquidation; negative: a loss that it bears.', {
      from: Number.NEGATIVE_INFINITY,
      to: Number.POSITIVE_INFINITY,
      open: 'both',
    }),
    0,
  ),
  afterSeconds: or(seconds('How long others have an account for themselves.', fromZero), 60),
  share: or(ratio('Share of the debt to be repaid that it takes at once.'), 0),
  sellSeconds: optional(seconds('Sells what it took over so long, evenly; else it holds.')),
  gas: or(number('Gas of one liquidation, units.', fromZero), 300_000),
}

/**
 * Whoever has bound himself to buy what nobody wants, with a mandate instead of a margin.
 *
 * | native word               | here                                              |
 * | ------------------------- | ------------------------------------------------- |
 * | liquidator of last resort | `after`, `minProfit`: later than others, for less |
 * | vault of a venue (HLP)    | `share` of all that is forced, at once            |
 * | unwinding                 | `sell`: time in which it sells; else it holds     |
 *
 * Rule:       for `after` an account is the others'; then the backstop bids beside them, if it
 *             earns `minProfit` at the mids after gas. Of the debt that is forced, account by
 *             account, it keeps `share` for itself from the first moment: an account is kept for it
 *             as long as its part with that account stays within the share, its cash pays for it
 *             whole, and it earns `minProfit`. It pays with its own cash alone.
 * Units:      USD; share as a fraction of debt.
 * Source:     theory: a backstop that absorbs a share w of what is forced leaves loop gain x
 *             (1 - w). B.Protocol's backstop for lenders, Hyperliquid's vault (docs/defences.md).
 * Simplifies: parts are whole accounts. What it holds is worth its mid to it.
 * Assumes:    it keeps its word when prices fall. What it sells by its schedule comes to the
 *             market after all: into a market that has refilled, or on top of a fall that goes on.
 */
export function backstop(of: Given<typeof parameters>): Defence {
  const isOpen = (elapsed: number): number => +(elapsed >= of.afterSeconds)
  const wakes = wakesAt(isOpen, 1)
  const own = ownTaker(nameOf, of.gas)
  const earns = (usd: number): boolean => usd >= of.minProfitUsd && (usd > 0 || of.minProfitUsd < 0)
  let stamp = 0
  return {
    name: 'backstop',
    readings: ownReadings,
    extend: (scenario, j) => withTaker(scenario, takerOf(of, scenario.protocols[j].name, j)),
    get stamp() {
      return stamp
    },
    react(sight) {
      own.open(sight)
      stamp = wakes.count(sight.at)
    },
    claim(sight, offers, from) {
      const account = offers.account[from]
      const usd = dearestUsd(sight, offers, from)
      const isDue = own.ownUsd() + usd <= of.share * (own.allUsd() + usd) * ROUNDED_UP
      const pays = of.share > 0 && isDue && usd <= own.freeUsd(sight) * ROUNDED_DOWN
      if (pays && earns(bestProfitUsd(sight, offers, from, usd, of.gas)))
        if (own.keep(sight, offers, from)) return false
      if (isOpen(secondsSince(sight, account)) === 1) return false
      own.leave(sight, offers, from)
      wakes.note(sight.since(account))
      return true
    },
    admits(sight, offers, from) {
      own.admit(sight, offers, from)
      return true
    },
    settled: own.settled,
    read: own.read,
  }
}

backstop.parameters = parameters

function takerOf(of: Given<typeof parameters>, protocol: string, j: number): TakerSpec {
  return {
    name: nameOf(protocol),
    capitalUsd: of.capitalUsd,
    flashFee: null,
    latency: { kind: 'blocks', blocks: 0 },
    minProfitUsd: of.minProfitUsd,
    size: 'whole',
    gas: of.gas,
    bidding: { kind: 'market', times: 1 },
    maxGwei: Number.POSITIVE_INFINITY,
    route: 'public',
    tipShare: 0,
    valuation: 1,
    outbids: 'least',
    disposal:
      of.sellSeconds === undefined
        ? { kind: 'hold' }
        : { kind: 'schedule', seconds: of.sellSeconds, urgency: 0 },
    leavesAfterUsd: Number.POSITIVE_INFINITY,
    only: j,
  }
}

/** Sums of parts may be rounded past what they make together. */
const ROUNDED_UP = 1 + 1e-9
const ROUNDED_DOWN = 1 - 1e-9

function nameOf(protocol: string): string {
  return `backstop of ${protocol}`
}
