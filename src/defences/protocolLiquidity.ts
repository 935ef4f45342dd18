/** Liquidity of the protocol's own: it bids for its collateral in the market, and unwinds later. */

import type { Defence, Reading } from '../defence.ts'
import { log } from '../math/exponential.ts'
import { asset, type Given, money, optional, or, ratio, seconds } from '../parameters.ts'
import type { FormationSpec, Scenario } from '../scenario.ts'
import type { Venue, VenueSpec } from '../venue.ts'
import { inTime, usdOf } from './extended.ts'

const parameters = {
  asset: optional(asset('What it bids for; by default the collateral that is worth most.')),
  reservesUsd: or(money('What its bids are good for at the opening.'), 1_000_000),
  width: or(
    ratio('How far below the mid its last bid stands.', { from: 0, to: 1, open: 'both' }),
    0.1,
  ),
  fee: or(ratio('What it keeps of each sale.', { from: 0, to: 1, open: 'upper' }), 0.003),
  halfLifeSeconds: or(seconds('Half-life at which it sells what it bought.'), 86_400),
}

/**
 * A ladder of bids that the protocol quotes beside the market, with its own reserves.
 *
 * | native word              | here                                            |
 * | ------------------------ | ----------------------------------------------- |
 * | protocol-owned liquidity | `reserves`, spread from the mid down to `width` |
 * | rebalancing, unwinding   | `halfLife`                                      |
 *
 * Rule:       one more venue of the asset: the same units at every per cent of the price, from the
 *             outside price down to (1 - width) of it, and nothing below. Sales are shared among
 *             all venues at one price after fees. What it bought leaves it by its half-life, and
 *             its bids come back as far.
 * Units:      USD at opening prices; U units cost P U width / -ln(1 - width) = reserves / (1 -
 *             fee).
 * Source:     own; the shape of range liquidity below a price, as treasuries post it
 *             (docs/defences.md).
 *             Its books take what it buys in a block at the mean of its mids before and after, and
 *             what it unwinds between blocks at the mid of the opening.
 * Simplifies: what it unwinds meets buyers outside the market. Its bids follow the outside price;
 *             a haircut on depth, and makers who leave, take their part of them too. None of what
 *             it buys moves the outside price for good.
 * Assumes:    its reserves are there when they are needed. They buy at a discount from a price that
 *             may fall on: what it holds is its loss, and the next sale meets an empty ladder.
 */
export function protocolLiquidity(of: Given<typeof parameters>): Defence {
  const books = { units: 0, paidUsd: 0, mostUsd: 0, priceUsd: 0 }
  let venue: Venue | null = null
  /** What it traded since it was last seen, at this price. */
  const trade = (units: number, priceUsd: number, keep: number): void => {
    books.paidUsd += (units - books.units) * priceUsd * keep
    books.units = units
    books.mostUsd = Math.max(books.mostUsd, books.paidUsd)
  }
  return {
    name: 'protocolLiquidity',
    readings,
    extend(scenario, j) {
      const base = of.asset ?? largestCollateral(scenario, j)
      return base < 0 ? scenario : withVenue(scenario, ladder(of, scenario, j, base), of)
    },
    react({ market, protocol }) {
      venue ??= market.venues.find(({ name }) => name === nameOf(protocol.name)) ?? null
      if (venue === null) return
      books.priceUsd = venue.mid() * market.price(venue.quoteAsset)
      trade(venue.forced(), books.priceUsd, 1)
    },
    closed({ market }) {
      if (venue === null) return
      const priceUsd = venue.mid() * market.price(venue.quoteAsset)
      trade(venue.forced(), (books.priceUsd + priceUsd) / 2, 1 - of.fee)
      books.priceUsd = priceUsd
    },
    read(out) {
      out[0] = books.mostUsd
      out[1] = books.units * books.priceUsd
      out[2] = books.units * books.priceUsd - books.paidUsd
    },
  }
}

protocolLiquidity.parameters = parameters

function ladder(
  { reservesUsd, width, fee }: Given<typeof parameters>,
  { assets, venues, hop, cash, protocols }: Scenario,
  j: number,
  base: number,
): VenueSpec {
  const first = hop[base].length > 0 ? venues[hop[base][0]] : null
  const quoteAsset = first?.quoteAsset ?? cash
  const outside = first?.outside ?? usdOf(assets, base)
  const depth = -log(1 - width)
  const quoteUnits = reservesUsd / usdOf(assets, quoteAsset) / (1 - fee)
  const units = (quoteUnits * depth) / (outside * width)
  return {
    name: nameOf(protocols[j].name),
    base,
    quoteAsset,
    outside,
    fee,
    asOf: null,
    beyond: 'wall',
    kind: 'impactCurve',
    shape: 'exponential',
    coefficient: depth / units,
    crossover: 0,
    observedUnits: units,
  }
}

/** The scenario with one more venue, which has its columns in every list by venue. */
function withVenue(
  scenario: Scenario,
  venue: VenueSpec,
  { halfLifeSeconds }: Given<typeof parameters>,
): Scenario {
  const index = scenario.venues.length
  const hop = scenario.hop.map((of, a) => (a === venue.base ? [...of, index] : of))
  const timed = inTime(scenario, ({ formation }) => ({
    formation: { ...formation, ...columnsOf(formation, halfLifeSeconds) },
  }))
  return { ...timed, venues: [...scenario.venues, venue], hop }
}

function columnsOf(of: FormationSpec, halfLifeSeconds: number): Partial<FormationSpec> {
  const refill = of.refillPerSecond
  return {
    halfLifeSeconds: [...of.halfLifeSeconds, halfLifeSeconds],
    permanentShare: [...of.permanentShare, 0],
    ...(refill === undefined ? {} : { refillPerSecond: [...refill, 0] }),
  }
}

/** The collateral of a protocol that is worth most, of what can be sold; -1: none. */
function largestCollateral({ protocols, assets, hop }: Scenario, j: number): number {
  const { side, asset, amount } = protocols[j].positions
  const usd = new Float64Array(assets.length)
  for (let k = 0; k < amount.length; k++)
    if (side[k] > 0) usd[asset[k]] += amount[k] * usdOf(assets, asset[k])
  let best = -1
  for (let a = 0; a < usd.length; a++)
    if (hop[a].length > 0 && usd[a] > (best < 0 ? 0 : usd[best])) best = a
  return best
}

function nameOf(protocol: string): string {
  return `liquidity of ${protocol}`
}

const readings: readonly Reading[] = [
  {
    name: 'most_spent_usd',
    unit: 'usd',
    definition: 'Paid for what it bought less what it got for what it sold, when that was most.',
  },
  {
    name: 'held_usd',
    unit: 'usd',
    definition: 'Worth of what it had bought and not yet sold, at the last price.',
  },
  {
    name: 'profit_usd',
    unit: 'usd',
    definition: 'What it gained, with what it still holds at the last price; below 0 a loss.',
  },
]
