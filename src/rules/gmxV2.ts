/** GMX v2: positions against a pool of liquidity providers, closed at the oracle's price. */

import type { Deleveraged } from '../adl/metrics.ts'
import type { Book } from '../book.ts'
import { page } from '../codes.ts'
import type { Gauge } from '../house.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { Protocol, Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { closeAtOnce, listHedge } from './gmxV2/atOnce.ts'
import { emptyBooks, type GmxBooks } from './gmxV2/books.ts'
import { engineOf } from './gmxV2/engine.ts'
import { fill, send } from './gmxV2/keepers.ts'
import {
  type Layout,
  LONG,
  LONG_SIZE,
  LONG_TOKEN,
  layoutOf,
  REQUIREMENT,
  SHORT,
  SHORT_SIZE,
  SHORT_TOKEN,
  SLOTS,
} from './gmxV2/markets.ts'
import { type GmxSpec, gmxParameters } from './gmxV2/parameters.ts'
import { pnlUsd, priceMax, priceMin, worthUsd } from './gmxV2/pool.ts'
import { layOut } from './gmxV2/positions.ts'

/**
 * Rules of GMX v2 (synthetics): markets with a pool of a long and a short token, whose liquidity
 * providers are the other side of every position.
 *
 * | native word                       | here                                                 |
 * | --------------------------------- | ---------------------------------------------------- |
 * | market: index, long, short token  | a group; `index`, `long`, `short`                    |
 * | position                          | an account: its tokens, its size, its collateral     |
 * | size in tokens, size in USD       | two legs; column `entry` of positions is their ratio |
 * | collateral amount                 | a leg in the long or the short token                 |
 * | pool amount                       | `pool` at the opening; collateral is not in it       |
 * | price min, max                    | published price less, plus the oracle's confidence   |
 * | minCollateralFactorForLiquidation | `minCollateralFactor`                                |
 * | MIN_COLLATERAL_USD                | `minCollateralUsd`                                   |
 * | positionFeeFactor                 | `positionFee`                                        |
 * | liquidationFeeFactor              | `liquidationFee`                                     |
 * | fee receiver factors              | `feeReceiver`, one for all fees                      |
 * | borrowing factor                  | `borrowingRateLong`, `borrowingRateShort`            |
 * | funding factor                    | `fundingRate`                                        |
 * | positionImpactFactor              | `impact`: `factorPositive`, `factorNegative`         |
 * | positionImpactExponentFactor      | `impact.exponent`                                    |
 * | maxPositionImpactFactor           | `maxPositive`, `maxNegative`, `maxForLiquidations`   |
 * | position impact pool              | `impact.poolUnits`                                   |
 * | maxPnlFactorForTraders            | `maxPnlForTraders`                                   |
 * | maxPnlFactorForAdl                | `adl.maxPnl`                                         |
 * | minPnlFactorAfterAdl              | `adl.minPnlAfter`                                    |
 * | keepers                           | act in the block in which prices make it possible    |
 * | insolvent close                   | bad debt, which liquidity providers bear             |
 *
 * Rule:       A position of q tokens and size S has won q x price - S as a long, S - q x price as
 *             a short. It may be liquidated iff collateral x price + what it has won - the cost of
 *             impact - (positionFee + borrowing + funding so far) x S < max(minCollateralUsd,
 *             minCollateralFactor x S). Tokens of a long, and collateral, count at the lowest
 *             price, those of a short at the highest. It closes whole. What is won is paid in the
 *             long token to longs and in the short token to shorts, and cut where the side has won
 *             more than `maxPnlForTraders` of that token of the pool. Then are paid, as far as
 *             there is anything: funding, the loss to the pool, fees (`liquidationFee` too), the
 *             cost of impact; and the rest is the trader's. A loss that collateral does not pay
 *             is the pool's: there is no fund. With d the difference of long and short sizes,
 *             impact is factor x (d^e before - d^e after), and its cost goes into a pool of index
 *             tokens that gains are paid from. With `adl`, while a side has won more than
 *             `maxPnl` of its token of the pool, its winners close at the price, each whole or down
 *             to `minPnlAfter`.
 *             The pool sells nothing when a position closes: its exposure grows by the tokens of a
 *             long, and falls by those of a short. `hedge` of them is sold or bought in the market
 *             a block later, as a net order, and again where the market did not take it.
 * Units:      sizes in USD, whatever the short token is worth; pools, tokens and collateral in
 *             whole tokens.
 * Shape:      four legs a position. Its tokens and its size are claims on the pool, not tokens that
 *             anybody has; the requirement is no claim at all. POOL stands at what it is owed.
 *             ITEMS are funding that is owed to traders, and the books of whoever hedges.
 * Source:     gmx-io/gmx-synthetics, contracts/position/PositionUtils.sol isPositionLiquidatable()
 *             and what it calls; DecreasePositionCollateralUtils.sol processCollateral(),
 *             payForCost(); pricing/PositionPricingUtils.sol, pricing/PricingUtils.sol;
 *             market/MarketUtils.sol getCappedPnl(), getPnlToPoolFactor(); adl/AdlUtils.sol;
 *             exchange/AdlHandler.sol executeAdl(); commit a5c0c883, as the rule sheet states it.
 *             Copies of other commits were read beside it.
 * Simplifies: no rounding. Both sides of a market have the same limits. Borrowing and funding are
 *             fixed rates; funding that is received is claimed apart and counts for no position,
 *             as there, but is paid here only when the payer closes. One position fee, whether the
 *             balance improves or not. No impact is stored from the opening, no virtual inventory,
 *             and what `maxNegative` cuts is not charged, while there it is charged and may be
 *             claimed back. Profit is paid out in its own token, without the swap into that of the
 *             collateral. Health counts profit whole and `maxForLiquidations` as if it were always
 *             charged: who closes is decided by both as they are. Liquidity providers neither come
 *             nor leave, and nobody opens, closes or adds collateral by choice. Which keeper acts,
 *             and what it earns, is left out.
 *             Without time a liquidation is an offer of the hedge at the published price; with
 *             `hedge` 0 there are none, and nobody is deleveraged.
 * Assumes:    `hedge` has no source: nobody knows how much of the pool's change of exposure its
 *             providers, and arbitrageurs, trade elsewhere, or how soon. At 1 a liquidation sells
 *             as on an exchange with an order book; at 0 the pool is a sink: no liquidation moves
 *             any price, nothing feeds back, and losses are the pool's alone. Keepers close at
 *             once all they may, winners by `adl.pick`: which they pick in truth is their own.
 * Throws:     ParameterError FB2232 to FB2235
 */
export function gmxV2(of: GmxSpec): Rules {
  const layout = layoutOf(of)
  const engine = engineOf(of)
  // The last book: its pools are asked for next.
  const laid = new WeakMap<Positions, Book>()
  const lay = (positions: Positions, prices: ArrayLike<number>): Book => {
    const fresh = layOut(layout, of.minCollateralUsd, positions, prices)
    laid.set(positions, fresh)
    return fresh
  }
  const { slots, slotOf, terms } = layout
  return {
    name: 'gmxV2',
    ...{ slots, slotOf, terms },
    edge: 'below',
    sale: 'repeated',
    value: (protocol) => value(layout, protocol),
    accrue: (protocol, seconds) => accrue(layout, protocol, seconds),
    book: lay,
    items: (positions, prices) =>
      open(layout, positions === null ? null : (laid.get(positions) ?? lay(positions, prices))),
    offers: (protocol, account, out) => listHedge(engine, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      return closeAtOnce(engine, protocol, offers.account[offer], bid, out)
    },
    house: {
      gauges: GAUGES,
      send: (protocol, breached, _, __, out) => send(engine, protocol, breached, out),
      fill: (protocol, _, filled, out) => fill(engine, protocol, filled, out),
      gauge: (protocol, out) => gauge(layout, protocol, out),
      deleveraged: ({ items }) =>
        of.markets.some(({ adl }) => adl !== undefined) ? costOf(items as GmxBooks) : null,
    },
    scaled: (parameter, by) => (parameter === 'threshold' ? gmxV2(scaledBy(of, by)) : null),
  }
}

gmxV2.parameters = gmxParameters

gmxV2.codes = {
  FB2232: page('An asset has two parts in a market.', 'Name another short token.'),
  FB2233: page(
    'An account holds more than one position, or collateral of another market.',
    'Give each position an account of its own, such as trader:market:side.',
  ),
  FB2234: page(
    'The collateral of a position is owed, or is two tokens.',
    'State what the position has now, in the long or in the short token.',
  ),
  FB2235: page('ADL would end above where it begins.', 'Write minPnlAfter below maxPnl.'),
}

gmxV2.columns = [
  {
    name: 'entry',
    about:
      'Size of a position in USD per index token, on its row alone. Left out or 0: the price now, ' +
      'and a row of the short token in the group of the market is what is left after the cost.',
    otherwise: 0,
  },
]

const GAUGES: readonly Gauge[] = [
  {
    name: 'pool',
    unit: 'usd',
    definition: 'What liquidity providers have: tokens less what traders have won, and impact.',
  },
  { name: 'long_interest', unit: 'usd', definition: 'Sizes of all longs.' },
  { name: 'short_interest', unit: 'usd', definition: 'Sizes of all shorts.' },
  { name: 'won', unit: 'usd', definition: 'What open positions have won; below 0 lost.' },
  { name: 'impact_pool', unit: 'usd', definition: 'Pool that gains from price impact come from.' },
  { name: 'unhedged', unit: 'usd', definition: 'Closed positions that are still to be traded.' },
  { name: 'deleveraged', unit: 'usd', definition: 'Sizes that winners had to close, so far.' },
  { name: 'haircut', unit: 'usd', definition: 'Profit that the cap took from them, so far.' },
]

function value({ markets }: Layout, protocol: Protocol): void {
  const { values } = protocol
  const { borrowing, funding } = protocol.items as GmxBooks
  writeUsd(markets, protocol)
  markets.forEach(({ index, long, short, positionFee, impact }, m) => {
    const first = m * SLOTS
    const fixed = positionFee + (impact?.maxForLiquidations ?? 0)
    values[first + LONG] = priceMin(protocol, index)
    values[first + SHORT] = priceMax(protocol, index)
    values[first + LONG_TOKEN] = priceMin(protocol, long)
    values[first + SHORT_TOKEN] = priceMin(protocol, short)
    values[first + LONG_SIZE] = 1 + fixed + borrowing[2 * m] + funding[2 * m]
    values[first + SHORT_SIZE] = 1 - fixed - borrowing[2 * m + 1] - funding[2 * m + 1]
    values[first + REQUIREMENT] = 1
  })
}

/** Sizes are USD: how many short tokens one of them is follows the price of the token. */
function writeUsd(markets: GmxSpec['markets'], { index, prices }: Protocol): void {
  markets.forEach(({ short }, m) => {
    index[m * SLOTS + LONG_SIZE] = index[m * SLOTS + SHORT_SIZE] = 1 / prices[short]
    index[m * SLOTS + REQUIREMENT] = 0
  })
}

function accrue({ markets }: Layout, protocol: Protocol, seconds: number): void {
  const { borrowing, funding } = protocol.items as GmxBooks
  const years = seconds / YEAR_SECONDS
  writeUsd(markets, protocol)
  markets.forEach(({ borrowingRateLong = 0, borrowingRateShort = 0, fundingRate = 0 }, m) => {
    borrowing[2 * m] += borrowingRateLong * years
    borrowing[2 * m + 1] += borrowingRateShort * years
    funding[fundingRate > 0 ? 2 * m : 2 * m + 1] += Math.abs(fundingRate) * years
  })
}

function open({ markets, assets }: Layout, book: Book | null): GmxBooks {
  const books = emptyBooks(markets.length, assets)
  markets.forEach(({ pool, impact }, m) => {
    books.pool[2 * m] = pool.longUnits
    books.pool[2 * m + 1] = pool.shortUnits
    books.impactPool[m] = impact?.poolUnits ?? 0
  })
  book?.slot.forEach((slot, k) => {
    const m = Math.floor(slot / SLOTS)
    const kind = slot % SLOTS
    const amount = Math.abs(book.amount[k])
    if (kind === LONG || kind === SHORT) books.tokens[2 * m + kind] += amount
    if (kind !== LONG_SIZE && kind !== SHORT_SIZE) return
    books.interestUsd[2 * m + kind - LONG_SIZE] += amount
    books.openInterestUsd += amount
  })
  return books
}

function gauge({ markets }: Layout, protocol: Protocol, out: Float64Array): void {
  const books = protocol.items as GmxBooks
  const { prices } = protocol
  out.fill(0, 0, GAUGES.length)
  markets.forEach((market, m) => {
    const price = prices[market.index]
    out[0] += worthUsd(market, m, protocol)
    out[1] += books.interestUsd[2 * m]
    out[2] += books.interestUsd[2 * m + 1]
    out[3] += pnlUsd(market, m, 0, protocol) + pnlUsd(market, m, 1, protocol)
    out[4] += books.impactPool[m] * price
    out[5] += (books.unhedged[2 * m] + books.unhedged[2 * m + 1]) * price
  })
  out[6] = books.deleveragedUsd
  out[7] = books.haircutUsd
}

/** Winners close at the oracle's price: they lose what the cap takes, and nobody needs it. */
function costOf(books: GmxBooks): Deleveraged {
  return {
    notionalUsd: books.deleveragedUsd,
    openInterestUsd: books.openInterestUsd,
    haircutUsd: books.haircutUsd,
    profitUsd: books.profitUsd,
    neededUsd: 0,
  }
}

/** The same markets where a size needs more (or less) collateral. */
function scaledBy(of: GmxSpec, by: number): GmxSpec {
  const scale = (factor: number) => Math.max(0, 1 - (1 - factor) * by)
  return {
    ...of,
    markets: of.markets.map((market) => ({
      ...market,
      minCollateralFactor: scale(market.minCollateralFactor),
    })),
  }
}
