/** A perpetual exchange that liquidates by its own orders: tiers, a fund, a backstop. */

import { policies } from '../adl/index.ts'
import type { Deleveraged } from '../adl/metrics.ts'
import { page } from '../codes.ts'
import type { Gauge } from '../house.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { Protocol, Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { AdlTerms } from './perpetual/adl.ts'
import { closeAtMark, listPositions } from './perpetual/atOnce.ts'
import { openBooks, type PerpetualBooks } from './perpetual/books.ts'
import { engineOf } from './perpetual/engine.ts'
import { fill } from './perpetual/fill.ts'
import { type Laid, layOut } from './perpetual/layOut.ts'
import { type Layout, layoutOf } from './perpetual/markets.ts'
import { type PerpetualSpec, perpetualParameters } from './perpetual/parameters.ts'
import { send } from './perpetual/send.ts'
import { check } from './terms.ts'

/**
 * Rules of a perpetual exchange: linear contracts, isolated or cross margin, tiered maintenance,
 * partial liquidation, orders with a limit, an insurance fund and a backstop vault.
 *
 * | native word            | here                                                               |
 * | ---------------------- | ------------------------------------------------------------------ |
 * | mark, oracle price     | the price that the protocol's oracle publishes for a market        |
 * | position, entry        | a leg of q units (a short: -q); column `entry` of positions        |
 * | margin, wallet, quote  | position of the settlement asset; -q x entry is added to it        |
 * | cross, subaccount      | all positions of one account; isolated margin: one of its own      |
 * | multi-asset mode       | `collateral`, each counted at 1 - `haircut` of its price           |
 * | equity, net collateral | cash and positions at the mark, and collateral                     |
 * | maintenance, MMR, cum  | notional x `rate` of its tier, less what keeps it continuous       |
 * | clearance fee          | `liquidationFee` on the notional closed, into the fund             |
 * | max liquidation fee    | `liquidationFee` where `fundSettles` is fill                       |
 * | partial liquidation    | `portion` first above `portionAboveUsd`, `cooldownSeconds`, rest   |
 * | position block limits  | `portion`, `portionMinUsd`, with `portionRepeats` and `oneByOne`   |
 * | subaccount limits      | `perBlock.accountNotionalUsd`, `perBlock.accountLossUsd`           |
 * | liquidation attempts   | `perBlock.accounts`                                                |
 * | fillable price, BA     | `fillable`, its `adjustment`                                       |
 * | SMMR                   | `fillable.spreadToMaintenance`                                     |
 * | bankruptcy price       | where equity is 0: what a fill is worse by, the fund pays          |
 * | insurance fund         | `fundUsd` at the opening                                           |
 * | ADL, deleveraging      | `adl`: a policy, and what it shares out                            |
 * | offsetting subaccounts | `adl.walk`, its `attempts` and `counterparties`                    |
 * | backstop, HLP          | `backstop`: a vault that takes over below a share of maintenance   |
 * | funding                | `fundingRate` a year on the mark, longs to shorts                  |
 *
 * Rule:       Breached iff equity < maintenance at the mark; equity = cash + sum q (mark - funding)
 *             + sum collateral x price x (1 - haircut). The engine closes what is breached by one
 *             net order an asset and block; all of it gets the average price of that order, and
 *             what was bought and sold meets without the market. A fee follows as far as there is
 *             equity. An account without positions that owes cash sells collateral, as much as it
 *             owes; without collateral its loss is the fund's, and past the fund's end the
 *             winners'. Below `backstop.below` of maintenance an account whose margin is cash alone
 *             is taken over by the vault, positions and cash, at the mark; the vault sells a share
 *             seconds / `unwindSeconds` of what it has in each block, and its own loss, once it is
 *             flat, is the fund's. With `adl`, on the basis of notional: who would be left with a
 *             loss that the fund cannot pay, at the price that the whole order would get, is taken
 *             out of it and closed against winners of the other side, each loser at its bankruptcy
 *             price, all winners at the average of these; no winner closes more than its profit
 *             bears, and where winners are too few the rest goes to the market a block later. On
 *             the basis of profit: all close in the market, and winners pay what is missing.
 *             Of a position a part is max(`portionMinUsd`, `portion` x notional), at most what the
 *             block's limit leaves of its account; with `fillable` it is sold down to mark - rating
 *             x `spreadToMaintenance` x maintenance of the position / q, rating = `adjustment` x (1
 *             - equity / maintenance) within 0 and 1, so a short pays up to as much more. Whose
 *             limit lies nearest to the mark goes last and may wait. With `fundSettles` fill each
 *             fill is held to its bankruptcy price, units x mark - equity x its share of
 *             maintenance: the fund gets what it brings above, at most the fee, and pays what it
 *             lacks; where it may or can not, there is no fill. An order without a fill is
 *             deleveraged, whole, if equity is below 0, with `adl.walk` from account to account.
 * Units:      positions in units of the market's asset, money in the settlement asset, USD through
 *             its price.
 * Shape:      a position stands in the slot of its tier, in group k from 0; offers are for a run
 *             without time.
 * Source:     Binance and BitMEX margin documentation (tiers, fund, bankruptcy price), Hyperliquid
 *             documentation, trading/liquidations and margin-tiers (portion, cool-down, backstop).
 *             dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations.go, GetFillablePrice(),
 *             GetBankruptcyPriceInQuoteQuantums(), GetLiquidatablePositionSizeDelta(),
 *             GetLiquidationInsuranceFundDelta(), commit 014223b6; deleveraging.go,
 *             OffsetSubaccountPerpetualPosition(), commit 002f3fa4; random.go, GetPseudoRand()
 * Simplifies: Edge is below for all exchanges. The tier in the slot is that of the notional where
 *             the account meets its maintenance when marks move in proportion: exact for one market
 *             against cash; with several, other moves may be noticed late, never early. An account
 *             with other collateral is neither taken over nor deleveraged. Without `portionRepeats`
 *             an account that breaches again after its first part is closed whole. Orders with a
 *             limit are cut where the book would stop them, but all get the average price; limits
 *             of positions of one account do not know of each other. Lists start at the fraction of
 *             block x golden ratio, on the node at a draw seeded by the time of the last block.
 *             Initial margin, and its growth with open interest, bind nobody here. Withdrawals
 *             are none, so none are gated. Funding is a fixed rate. Without time an account closes
 *             whole at the published price, slippage is the taker's, and what the fund cannot pay
 *             is lost.
 * Assumes:    venues that also sell, where shorts must buy.
 * Throws:     ParameterError FB2221 to FB2224
 */
export function perpetual(of: PerpetualSpec): Rules {
  const layout = layoutOf(of.markets, of.collateral, of.settlement)
  const engine = engineOf(layout, of, adlOf(of))
  // What the last book was made from: its books of the exchange are asked for next.
  const laid = new WeakMap<Positions, Laid>()
  const lay = (positions: Positions, prices: ArrayLike<number>): Laid => {
    const fresh = layOut(layout, positions, prices)
    laid.set(positions, fresh)
    return fresh
  }
  return {
    name: 'perpetual',
    slots: layout.slots,
    edge: 'below',
    sale: 'repeated',
    anyOrder: of.adl?.policy !== 'dydx' && of.perBlock?.accounts === undefined,
    ...positionsOf(layout, of.settlement),
    value: (protocol) => value(layout, protocol),
    ...fundingOf(layout, of.settlement),
    book: (positions, prices) => lay(positions, prices).book,
    items: (positions, prices) =>
      open(
        layout,
        of,
        positions === null ? null : (laid.get(positions) ?? lay(positions, prices)),
        prices,
      ),
    offers: (protocol, account, out) => listPositions(engine, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      const leg = offers.own[offer]
      return closeAtMark(engine, protocol, offers.account[offer], leg, bid.amount, out)
    },
    house: {
      gauges: GAUGES,
      send: (protocol, breached, at, quote, out) =>
        send(engine, protocol, breached, at, quote, out),
      fill: (protocol, at, filled, out) => fill(engine, protocol, at, filled, out),
      gauge: (protocol, out) => gauge(layout, of.settlement, protocol, out),
      deleveraged: ({ items }) => (of.adl === undefined ? null : costOf(items as PerpetualBooks)),
    },
    scaled: (parameter, by) => (parameter === 'threshold' ? perpetual(scaledBy(of, by)) : null),
  }
}

perpetual.parameters = perpetualParameters

perpetual.codes = {
  FB2221: page('An asset is named twice on an exchange.', 'Give a market an asset of its own.'),
  FB2222: page('The tiers of a market do not end.', 'Write upTo for each tier but the last.'),
  FB2223: page('Tiers of a market do not rise.', 'Sort them by upTo; rates rise with it.'),
  FB2224: page('A walk has another order.', 'Give adl the policy dydx and the basis notional.'),
}

perpetual.columns = [
  {
    name: 'entry',
    about:
      'Price at which a position was opened, in the settlement asset. Left out or 0: the cash of ' +
      'the account is what is left after its cost.',
    otherwise: 0,
  },
]

const GAUGES: readonly Gauge[] = [
  { name: 'fund', unit: 'usd', definition: 'Insurance fund.' },
  { name: 'backstop', unit: 'usd', definition: 'Equity of the vault that takes positions over.' },
  { name: 'open_interest', unit: 'usd', definition: 'Notional of all longs at the mark.' },
  { name: 'deleveraged', unit: 'usd', definition: 'Notional that winners had to close, so far.' },
  { name: 'haircut', unit: 'usd', definition: 'Profit that winners lost by it, so far.' },
  { name: 'needed', unit: 'usd', definition: 'Losses that neither market nor fund could bear.' },
  { name: 'unmet', unit: 'usd', definition: 'Of them, what winners could not bear either.' },
]

function adlOf({ adl }: PerpetualSpec): AdlTerms | null {
  if (adl === undefined) return null
  const { basis, maxShare = 1, policy, walk = null } = adl
  const mayWalk = walk === null || (policy === 'dydx' && basis === 'notional')
  const rule = 'a walk goes by the list, on the basis of notional'
  check(mayWalk, 'FB2224', 'adl.walk', rule, `${policy}, ${basis}`)
  return { basis, maxShare, policy: policies[policy](), walk }
}

function positionsOf(
  { markets, counts, cash, collateralSlot }: Layout,
  settlement: number,
): Pick<Rules, 'slotOf' | 'terms'> {
  return {
    slotOf(asset, side, group) {
      if (group !== 0) return -1
      if (asset === settlement) return cash
      const market = markets.find((each) => each.asset === asset)
      if (market !== undefined) return side > 0 ? market.long : market.short
      return side > 0 ? (collateralSlot[asset] ?? -1) : -1
    },
    terms(asset, group) {
      if (group !== 0) return null
      if (asset === settlement) return { threshold: 1, bonus: 0 }
      const market = markets.find((each) => each.asset === asset)
      if (market !== undefined) return { threshold: 1 - market.rate[0], bonus: 0 }
      const slot = collateralSlot[asset] ?? -1
      return slot < 0 ? null : { threshold: counts[slot], bonus: 0 }
    },
  }
}

function value(
  { slots, markets, marketOf, tierOf, counts, cash, allowance }: Layout,
  { values, prices, index, items }: Protocol,
): void {
  const { funding } = items as PerpetualBooks
  const coin = prices[slots.asset[cash]]
  for (let s = 0; s < slots.count; s++) {
    const m = marketOf[s]
    const price = prices[slots.asset[s]]
    values[s] =
      m < 0
        ? price * counts[s]
        : price * (1 - slots.side[s] * markets[m].rate[tierOf[s]]) - funding[m] * coin
  }
  index[allowance] = 0
}

function fundingOf({ markets }: Layout, settlement: number): Pick<Rules, 'accrue'> {
  if (markets.every(({ fundingRate }) => fundingRate === 0)) return {}
  return {
    accrue({ prices, items }, seconds) {
      const { funding } = items as PerpetualBooks
      markets.forEach(({ asset, fundingRate }, m) => {
        const paid = fundingRate * prices[asset] * seconds
        funding[m] += paid / YEAR_SECONDS / prices[settlement]
      })
    },
  }
}

/** Books at the opening; money at the opening price of the settlement asset. */
function open(
  { markets, marketOf }: Layout,
  { settlement, fundUsd, backstop }: PerpetualSpec,
  laid: Laid | null,
  prices: ArrayLike<number>,
): PerpetualBooks {
  const coin = prices[settlement]
  const books = openBooks(fundUsd / coin, markets.length, laid?.entry ?? new Float64Array(0))
  books.vaultCash = (backstop?.capitalUsd ?? 0) / coin
  laid?.book.slot.forEach((slot, k) => {
    const m = marketOf[slot]
    if (m < 0) return
    const amount = laid.book.amount[k]
    books.open[amount > 0 ? 2 * m : 2 * m + 1] += Math.abs(amount)
    if (amount > 0) books.openInterestUsd += amount * prices[markets[m].asset]
  })
  return books
}

function gauge(
  { markets }: Layout,
  settlement: number,
  { prices, items }: Protocol,
  out: Float64Array,
): void {
  const books = items as PerpetualBooks
  const { fund, vault, vaultCash, funding, open: interest } = books
  const coin = prices[settlement]
  out[0] = fund * coin
  out[1] = vaultCash * coin
  out[2] = 0
  markets.forEach(({ asset }, m) => {
    out[1] += vault[m] * (prices[asset] - funding[m] * coin)
    out[2] += Math.max(0, interest[2 * m] * prices[asset])
  })
  out[3] = books.deleveragedUsd
  out[4] = books.haircutUsd
  out[5] = books.neededUsd
  out[6] = books.unmetUsd
}

function costOf(books: PerpetualBooks): Deleveraged {
  return {
    notionalUsd: books.deleveragedUsd,
    openInterestUsd: books.openInterestUsd,
    haircutUsd: books.haircutUsd,
    profitUsd: books.profitUsd,
    neededUsd: books.neededUsd,
  }
}

/** The same exchange where everything counts less (or more) against what is owed. */
function scaledBy(of: PerpetualSpec, by: number): PerpetualSpec {
  const scale = (less: number) => Math.max(0, 1 - (1 - less) * by)
  return {
    ...of,
    collateral: of.collateral.map((each) => ({ ...each, haircut: scale(each.haircut) })),
    markets: of.markets.map((market) => ({
      ...market,
      tiers: market.tiers.map((tier) => ({ ...tier, rate: scale(tier.rate) })),
    })),
  }
}
