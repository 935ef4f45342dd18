/** Drift protocol v2: liquidators take positions, borrows and losses over, a part at a time. */

import { page } from '../codes.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { Protocol, Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { layOut } from './driftV2/accounts.ts'
import { type DriftBooks, openBooks } from './driftV2/books.ts'
import { averaged, isDivergent } from './driftV2/formulas.ts'
import {
  CASH,
  DEPOSIT,
  type Layout,
  layoutOf,
  MARGIN,
  PERP,
  positionsOf,
} from './driftV2/layout.ts'
import { type DriftSpec, driftParameters } from './driftV2/parameters.ts'
import { engineOf } from './driftV2/sizes.ts'
import { listAccount, settleAccount } from './driftV2/takeOver.ts'

/**
 * Rules of Drift protocol v2: cross margin over perpetual and spot markets.
 *
 * | native word                      | here                                                     |
 * | -------------------------------- | -------------------------------------------------------- |
 * | perp market, base_asset_amount   | a group; a position of its asset                         |
 * | quote_asset_amount, USDC deposit | position of the settlement asset: cash                   |
 * | margin_ratio_maintenance         | `maintenance`                                            |
 * | imf_factor                       | `imf`                                                    |
 * | maintenance_asset_weight         | `assetWeight`                                            |
 * | maintenance_liability_weight     | `liabilityWeight`                                        |
 * | liquidator_fee                   | `liquidationFee`                                         |
 * | if_liquidation_fee               | `fundFee`                                                |
 * | liquidation_margin_buffer_ratio  | `buffer`                                                 |
 * | initial_pct_to_liquidate         | `initialShare`                                           |
 * | liquidation_duration [slots]     | `durationSeconds`                                        |
 * | oracle_twap_5min_percent_divergence | `blockedAbove`                                     |
 * | quote_max_insurance              | `maxClaimUsd`                                            |
 * | fee_pool                         | `feePoolUsd`                                             |
 * | insurance fund vault             | `fundUnits` of a spot asset                              |
 * | liquidate_perp                   | an offer: a position at the oracle price less the fee    |
 * | liquidate_spot                   | an offer: a deposit for a borrow                         |
 * | liquidate_perp_pnl_for_deposit   | an offer: a deposit for a loss in cash                   |
 * | liquidate_borrow_for_perp_pnl    | an offer: cash for a borrow                              |
 * | total_social_loss                | borne by all open base, per unit                         |
 *
 * Rule:       Breached iff deposits x price x weight + cash + positions at the oracle price are
 *             below the requirement: notional x ratio, borrow x weight. Once something was taken
 *             over, an account stays in liquidation until it has the requirement + buffer x
 *             (notional + borrows), or owes nothing. The shortage is what it lacks to that. Of a
 *             position shortage / (price x (ratio + buffer - fee - fund's fee)) covers it; all of
 *             it where ratio + buffer <= fee. The liquidator gets a long at price x (1 - fee), a
 *             short with price x (1 + fee); the fund gets min(`fundFee`, 0.95 x (ratio + buffer -
 *             fee - the position's part of the shortage / notional)) from the account. With A = 1 +
 *             fee of the deposit and L = 1 - fee of the borrow, a borrow is taken for a deposit of
 *             A / L times its worth, up to shortage / (price x (weight + buffer - asset weight x A
 *             / L - fund's fee x (weight + buffer))). Now may go ((shortage + freed) x min(1,
 *             `initialShare` + time / `durationSeconds`) - freed) / shortage of that; all below a
 *             shortage of $50, of a position up to $50, of a borrow up to $10. The fee of a
 *             position rises by 0.01 bp a slot from 1500 slots on, to three times itself or
 *             `maintenance`. Nothing goes while a price is `blockedAbove` from its 5-minute
 *             average. Who owes and has nothing left is bankrupt: a loss is paid by the insurance
 *             fund up to the market's claim, then by the market's fees; the rest by all open base,
 *             rest / (longs + shorts) a unit, when it closes. A borrow is paid by the fund of its
 *             asset, the rest cuts the index of its deposits.
 *             Ratios and weights grow with size: max(base, 0.8 base + `imf` x root of units);
 *             deposits count min(weight, 1.1 / (1 + imf x root)).
 * Units:      ratios, weights and fees as fractions; money in USD; a slot is 0.4 s.
 * Shape:      a long and a short slot a market, a slot for deposits and one for borrows of an
 *             asset, one for cash. Behind a leg that needs margin stands a leg of its requirement,
 *             with the buffer while in liquidation; its index is 0, for it is not money.
 *             `Offers.own` is a leg, `other` -1 or the leg that is owed.
 * Source:     drift-labs/protocol-v2, programs/drift/src: math/liquidation.rs, all of it;
 *             controller/liquidation.rs, liquidate_perp(), liquidate_spot(),
 *             liquidate_perp_pnl_for_deposit(), resolve_perp_bankruptcy(),
 *             resolve_spot_bankruptcy(); state/margin_calculation.rs; math/margin.rs. Rule sheet
 *             of commit 0ae3e3b1, which could not be read again; the files were at 0fd8f61c,
 *             006ba85c and 1c28629c
 * Simplifies: ratios, weights, fees and shares are cut as on the chain, amounts are not; no order
 *             step. A ratio by size is that of the opening or of the last settlement: it changes
 *             with nothing else, but for interest on borrows and deposits. Cash is one sum: profit
 *             and loss of all contracts and the deposit in the settlement asset, without interest;
 *             below 0 it is a loss, of the market closed last or else the first of the account,
 *             and a borrow only where an account has no contract. It is part of a pair once all
 *             contracts are closed. Profits count whole. A contract is paid at its price in USD
 *             over that of the settlement asset. The fund gets its fee at once. Bankruptcies
 *             resolve with the last take-over. Where prices alone heal an account in liquidation,
 *             it keeps the buffer, as on the chain until somebody calls. No open orders, no
 *             isolated positions, no high leverage. A deposit of which less than $1 would be left
 *             is not rounded up. A borrow below a cent pays no fee to the fund. Funding is a fixed
 *             rate. Confidence of an oracle stops nobody. A shared loss is bad debt when it is
 *             first shared; what accounts of the book bear of it goes to ITEMS, as they close or
 *             their deposits are cut, and comes first where they cannot. Cash is not cut. Where
 *             a run in time looks at an instant, only the share that goes at once is closed.
 * Assumes:    liquidators meet their own initial margin; they sell or buy what they take over, and
 *             look at a fee that rose once a minute where prices stand still.
 * Throws:     ParameterError FB2204, FB2330 to FB2332
 */
export function driftV2(of: DriftSpec): Rules {
  const layout = layoutOf(of)
  const engine = engineOf(layout, of)
  return {
    name: 'driftV2',
    slots: layout.slots,
    edge: 'below',
    sale: 'repeated',
    ...positionsOf(layout),
    value: (protocol) => value(layout, protocol),
    accrue: (protocol, seconds) => accrue(layout, of, protocol, seconds),
    book: (positions) => layOut(layout, positions),
    items: (positions, prices) => open(layout, of, positions, prices),
    offers: (protocol, account, out) => listAccount(engine, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      const before = protocol.items!.stamp
      const reason = settleAccount(engine, protocol, offers, offer, bid, out)
      if (protocol.items!.stamp !== before) value(layout, protocol)
      return reason
    },
    scaled: (parameter, by) =>
      parameter === 'closeFactor' ? null : driftV2(scaledBy(of, parameter, by)),
  }
}

driftV2.parameters = driftParameters
driftV2.codes = {
  FB2330: page(
    'The settlement asset has a weight below 1, or bears interest.',
    'Leave assetWeight, supplyRate and borrowRate of it out.',
  ),
  FB2331: page('A contract is on its settlement asset.', 'Name another asset of the market.'),
  FB2332: page(
    'A position is of no market.',
    'Name its perpetual market as group, or give its asset terms under spot.',
  ),
}

function value(
  { slots, kind, market, follows, settlement, spots }: Layout,
  { values, prices, index, items }: Protocol,
): void {
  const { funding, loss } = items as DriftBooks
  for (let s = 0; s < slots.count; s++) {
    const price = prices[slots.asset[s]]
    if (kind[s] === CASH) values[s] = price
    else if (kind[s] === PERP)
      values[s] =
        price - prices[settlement] * (funding[market[s]] + slots.side[s] * loss[market[s]])
    else {
      const weight = kind[s] === DEPOSIT ? spots[market[s]].assetWeight : 1
      values[s] = price * weight * index[follows[s]]
    }
    if (kind[s] === MARGIN) index[s] = 0
  }
}

/** Interest and funding of some seconds; the clock, averages, and what time alone lets grow. */
function accrue(
  { rate, perps, settlement }: Layout,
  { blockedAbove }: DriftSpec,
  { index, prices, items }: Protocol,
  seconds: number,
): void {
  const books = items as DriftBooks
  for (let s = 0; s < rate.length; s++)
    if (rate[s] !== 0) index[s] *= 1 + (rate[s] * seconds) / YEAR_SECONDS
  for (let m = 0; m < perps.length; m++) {
    const { asset, fundingRate } = perps[m]
    if (fundingRate === 0) continue
    books.funding[m] += (fundingRate * prices[asset] * seconds) / YEAR_SECONDS / prices[settlement]
  }
  const isMinute = Math.floor((books.clock + seconds) / 60) > Math.floor(books.clock / 60)
  if (books.clock < books.growsUntil || (isMinute && books.clock < books.risesUntil)) books.stamp++
  books.clock += seconds
  if (blockedAbove === undefined) return
  const { average } = books
  for (let a = 0; a < average.length; a++) {
    const was = isDivergent(prices[a], average[a], blockedAbove)
    average[a] = averaged(average[a], prices[a], seconds)
    if (was && !isDivergent(prices[a], average[a], blockedAbove)) books.stamp++
  }
}

/** Books at the opening; claims and fees at the opening price of the settlement asset. */
function open(
  layout: Layout,
  { perps, spot }: DriftSpec,
  positions: Positions | null,
  prices: ArrayLike<number>,
): DriftBooks {
  const coin = prices[layout.settlement]
  const accounts = positions?.accounts.length ?? 0
  const byAsset = () => new Float64Array(layout.assets)
  const books = openBooks({
    fund: byAsset(),
    pot: byAsset(),
    claim: Float64Array.from(perps, ({ maxClaimUsd = Infinity }) => maxClaimUsd / coin),
    feePool: Float64Array.from(perps, ({ feePoolUsd }) => feePoolUsd / coin),
    funding: new Float64Array(perps.length),
    loss: new Float64Array(perps.length),
    borne: new Float64Array(perps.length),
    open: new Float64Array(2 * perps.length),
    deposits: byAsset(),
    openCounted: new Float64Array(2 * perps.length),
    depositsCounted: byAsset(),
    average: byAsset().map((_, asset) => prices[asset]),
    since: new Float64Array(accounts).fill(-1),
    freedUsd: new Float64Array(accounts),
  })
  for (const { asset, fundUnits } of spot) books.fund[asset] = fundUnits
  const { kind, slots, market } = layout
  const book = positions === null ? null : layOut(layout, positions)
  book?.slot.forEach((slot, k) => {
    const amount = book.amount[k]
    if (kind[slot] === DEPOSIT) books.deposits[slots.asset[slot]] += amount
    if (kind[slot] === PERP) books.open[2 * market[slot] + (amount > 0 ? 0 : 1)] += Math.abs(amount)
  })
  books.openCounted.set(books.open)
  books.depositsCounted.set(books.deposits)
  return books
}

/** The same deployment where everything counts less, or liquidators get more. */
function scaledBy(of: DriftSpec, parameter: 'threshold' | 'bonus', by: number): DriftSpec {
  const isBonus = parameter === 'bonus'
  const fee = (own: number) => (isBonus ? Math.min(own * by, LARGEST_BELOW_ONE) : own)
  const counts = (own: number) => (isBonus ? own : Math.min(own * by, 1))
  return {
    ...of,
    perps: of.perps.map((perp) => ({
      ...perp,
      maintenance: isBonus ? perp.maintenance : 1 - counts(1 - perp.maintenance),
      liquidationFee: fee(perp.liquidationFee),
    })),
    spot: of.spot.map((each) => ({
      ...each,
      assetWeight:
        each.assetWeight === null || each.asset === of.settlement
          ? each.assetWeight
          : counts(each.assetWeight),
      liquidationFee: fee(each.liquidationFee),
    })),
  }
}

const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2
