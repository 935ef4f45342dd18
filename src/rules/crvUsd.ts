/** crvUSD: loans whose collateral an AMM sells and buys back, band by band, before liquidation. */

import { bookFrom, health, type Leg } from '../book.ts'
import { page } from '../codes.ts'
import { exp } from '../math/exponential.ts'
import { YEAR_SECONDS } from '../moment.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Rules,
  type Settlement,
} from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { listArbitrage, oracleOf, SWAP, settleArbitrage } from './crvUsd/arbitrage.ts'
import { topOf } from './crvUsd/bands.ts'
import { downWorthPerShare, type Holding, repaidPart, takeShares } from './crvUsd/loans.ts'
import { type CrvUsdItems, loansOf, marketOf } from './crvUsd/market.ts'
import {
  aboveSlot,
  bandSlots,
  type CrvUsdSpec,
  checkCrvUsd,
  collateralSlot,
  crvUsdColumns,
  crvUsdParameters,
  DEBT,
  stableSlot,
} from './crvUsd/parameters.ts'
import type { Limited } from './crvUsd/swap.ts'

/**
 * Rules of one crvUSD market: LLAMMA's soft liquidation by arbitrage, and hard liquidation.
 *
 * | native word                   | here                                                        |
 * | ----------------------------- | ----------------------------------------------------------- |
 * | A, base_price, amm_fee        | `amplification`, `basePrice` at the opening, `fee`          |
 * | band n, p_oracle_up(n)        | a price range 1 / A wide; its upper price                   |
 * | bands_x, bands_y              | crvUSD and collateral of a band; index of its slots x shares |
 * | user shares, N, n1            | collateral legs; columns `bands`, `n1` of positions         |
 * | x_down                        | sum of the legs' values before the discount                 |
 * | loan, liquidation_discount    | `loanDiscount`, `liquidationDiscount`                       |
 * | rate_mul                      | index of the debt slot; it moves the bands too              |
 * | pump, dump                    | offers of nobody's account: collateral, or crvUSD, for sale |
 * | liquidate(frac)               | offer of an account: its bands for its debt                 |
 *
 * Rule:       Band n lies from p_up(n) = base ((A - 1) / A)^n down to p_up(n + 1), base growing
 *             with the debts. Within a band (f + x) (g + y) stays, so that the AMM's price moves
 *             three times as fast as the published price p: below it somebody buys collateral for
 *             crvUSD, above it sells. Each block offers the swap that goes as far as it pays at p,
 *             the fee (the largest of `fee`, a quarter of the band's distance from p, and that for
 *             a jump of p since a swap in the last 120 s) counted in; it stays in the bands. A loan
 *             may be liquidated when x_down (1 - liquidation discount), with (p - p_up(n1)) C while
 *             all its bands lie above the active one, is below its debt. Whoever does pays the debt
 *             less the crvUSD in its bands and gets the rest of them; of a part f of the bands, the
 *             part r of the debt, f = ((1 + h / 2) (1 - r) / (1 + h) + r) r.
 * Units:      p is the published USD price, limited to a factor of 1.25 within 120 s of a swap; a
 *             crvUSD counts as 1 USD of debt whatever it trades at. Health in crvUSD at par.
 * Shape:      A loan has, by band, its shares as a collateral leg (value: x_down of a share, index:
 *             collateral of a share) and again as a leg of crvUSD (value 0); one leg for what full
 *             health adds (index 0); one of debt. So health is their sum, and a swap moves indices
 *             and values, no account. `Offers.own` of a swap is its way, 1 or -1.
 * Source:     curvefi/curve-stablecoin, curve_stablecoin/AMM.vy get_xy_up(), calc_swap_out(),
 *             limit_p_o(); controller.vy _health(), liquidate(), commit cf1d05fb
 * Simplifies: no rounding; a swap ends at the published price, even if the market is beyond it;
 *             `borrowRate`, e^((1 - crvUSD) / sigma) with `sigma`, stands for the monetary policy,
 *             and the debts of peg keepers do not move it (their pools are venues). Nobody opens,
 *             mends or closes a loan. A loan in soft liquidation opens with its collateral in equal
 *             parts from the active band on, its crvUSD by price in the bands before that. Without
 *             collateral, crvUSD below the debt stays where it is: nobody writes the rest off.
 *             Instant (taker -1): nobody trades with the bands, so collateral stays unconverted,
 *             and only hard liquidations sell. Loop gain counts those alone too.
 * Assumes:    one market with its own loans; markets that share crvUSD are protocols side by side.
 * Throws:     ParameterError on parameters outside their range, and on a loan that does not fit the
 *             bands.
 */
export function crvUsd(of: CrvUsdSpec): Rules {
  checkCrvUsd(of)
  const slots = bandSlots(of)
  const rows = of.lastBand - of.firstBand + 1
  const slotOf = (asset: number, side: 1 | -1, group: number): number => {
    if (group === 0) return plainSlot(of, rows, asset, side)
    const isIt = slots.asset[group] === asset && slots.side[group] === side
    return group > 0 && group < slots.count && isIt ? group : -1
  }
  const threshold = 1 - of.liquidationDiscount
  return {
    name: 'crvUsd',
    slots,
    edge: 'below',
    sale: 'repeated',
    slotOf,
    terms(asset, group) {
      if (slotOf(asset, 1, group) < 0) return null
      return { threshold, bonus: asset === of.collateral ? 1 / threshold - 1 : 0 }
    },
    value: (protocol) => value(of, rows, protocol),
    accrue: (protocol, seconds) => accrue(of, protocol, seconds),
    book: (positions) => bookFrom(positions.accounts.length, legsOf(of, rows, positions)),
    items: (positions) => marketOf(of, positions),
    standing: (protocol, _, out) => listArbitrage(of, protocol, out),
    offers: (protocol, account, out) => listLiquidation(of, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      const account = offers.account[offer]
      if (offers.other[offer] !== SWAP)
        return liquidate(of, rows, protocol, account, offers.sells[offer], bid, out)
      const reason = settleArbitrage(of, protocol, offers.own[offer] as 1 | -1, bid, out)
      if (reason === 0) value(of, rows, protocol)
      return reason
    },
    scaled(parameter, by) {
      if (parameter !== 'threshold') return null
      const discount = Math.max(1 - threshold * by, LEAST_DISCOUNT)
      const loanDiscount = Math.max(of.loanDiscount, discount * (1 + LEAST_DISCOUNT))
      return crvUsd({ ...of, liquidationDiscount: discount, loanDiscount })
    },
  }
}

crvUsd.parameters = crvUsdParameters
crvUsd.codes = {
  FB2280: page(
    'A parameter of the AMM is outside its range.',
    'Give A from 2 on, a base price above 0 and a fee between 0 and 1.',
  ),
  FB2281: page(
    'The discounts are not in order.',
    'Give a liquidation discount above 0 and below the loan discount.',
  ),
  FB2282: page(
    'The range of bands or the active band does not fit.',
    'Use whole bands, at most 1260 of them, and name activeBand where loans hold crvUSD.',
  ),
  FB2283: page(
    'A loan lies outside the bands, in part of one, or its rows name different ones.',
    'Give a whole n1 and 4 to 50 bands within firstBand and lastBand, or widen the range.',
  ),
  FB2284: page(
    'What a loan holds does not fit the active band.',
    'Collateral lies from the active band on, crvUSD up to it: correct activeBand or the position.',
  ),
}
crvUsd.columns = crvUsdColumns

/** A scaled discount stays above 0, and below that of new loans. */
const LEAST_DISCOUNT = 1e-9
/** `Offers.other` of a liquidation. */
const LIQUIDATION = 0

function plainSlot(of: CrvUsdSpec, rows: number, asset: number, side: 1 | -1): number {
  if (asset === of.borrowed) return side < 0 ? DEBT : stableSlot(rows, 0)
  return asset === of.collateral && side > 0 ? collateralSlot(0) : -1
}

/** Legs of loans; the bands and the legs of one loan have the same number of shares each. */
function legsOf(of: CrvUsdSpec, rows: number, positions: Positions): Leg[] {
  const legs: Leg[] = []
  for (const { account, band, count, share, debt } of loansOf(of, positions)) {
    const first = band - of.firstBand
    for (let k = 0; k < count; k++)
      legs.push({ account, slot: collateralSlot(first + k), amount: share })
    for (let k = 0; k < count; k++)
      legs.push({ account, slot: stableSlot(rows, first + k), amount: share })
    if (count > 0) legs.push({ account, slot: aboveSlot(rows, first, count), amount: share })
    if (debt > 0) legs.push({ account, slot: DEBT, amount: -debt })
  }
  return legs
}

/** Values of the slots in use, and the indices of the bands: what a share holds. */
function value(of: CrvUsdSpec, rows: number, protocol: Protocol): void {
  const { values, index, items } = protocol
  const market = items as CrvUsdItems
  const { bands } = market
  oracleOf(of, protocol, oracle)
  values[DEBT] = index[DEBT]
  for (let k = 0; k < market.rows.length; k++) {
    const row = market.rows[k]
    const shares = bands.shares[row]
    values[collateralSlot(row)] =
      downWorthPerShare(bands, oracle.price, row) * (1 - of.liquidationDiscount)
    values[stableSlot(rows, row)] = 0
    if (!(shares > 0)) continue
    index[collateralSlot(row)] = bands.collateral[row] / shares
    index[stableSlot(rows, row)] = bands.stable[row] / shares
  }
  for (let k = 0; k < market.firstRow.length; k++) {
    const row = market.firstRow[k]
    const slot = aboveSlot(rows, row, market.count[k])
    index[slot] = 0
    values[slot] = aboveWorth(market, index, row, market.count[k])
  }
}

/** What full health adds for a share in each band: nothing in soft liquidation. */
function aboveWorth({ bands }: CrvUsdItems, index: Float64Array, row: number, count: number) {
  const band = bands.first + row
  const over = oracle.price - topOf(bands, band)
  if (band <= bands.active || !(over > 0)) return 0
  let units = 0
  for (let k = 0; k < count; k++) units += index[collateralSlot(row + k)]
  return over * units
}

function accrue(of: CrvUsdSpec, protocol: Protocol, seconds: number): void {
  const { index, prices, items } = protocol
  const market = items as CrvUsdItems
  const rate =
    of.sigma === undefined
      ? of.borrowRate
      : of.borrowRate * exp((1 - prices[of.borrowed]) / of.sigma)
  market.seconds += seconds
  index[DEBT] *= 1 + (rate * seconds) / YEAR_SECONDS
  market.bands.base = of.basePrice * index[DEBT]
}

function listLiquidation(of: CrvUsdSpec, protocol: Protocol, account: number, out: Offers): void {
  const { book, values } = protocol
  if (!(health(book, values, account) < 0)) return
  hold(of, protocol, account)
  const first = book.start[account]
  const now = book.version[account]
  const gas = of.liquidationGas
  const { collateral, borrowed } = of
  const cost = Math.max(0, owned.debt - owned.stable)
  const over = Math.max(0, owned.stable - owned.debt)
  if (owned.collateral > 0)
    pushOffer(out, account, collateral, owned.collateral, borrowed, cost, now, first, 0, gas)
  else if (over > 0)
    pushOffer(out, account, borrowed, over, borrowed, 0, now, first, LIQUIDATION, gas)
}

/** Repays a loan, or a part of it, out of its crvUSD first, and hands over what is in its bands. */
function liquidate(
  of: CrvUsdSpec,
  rows: number,
  protocol: Protocol,
  account: number,
  sells: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { book, values } = protocol
  if (!(bid.amount > 0)) return 'nothing'
  hold(of, protocol, account)
  const over = Math.max(0, owned.stable - owned.debt)
  const offered = sells === of.collateral ? owned.collateral : over
  if (!(offered > 0)) return 'stale'
  if (!(health(book, values, account) < 0)) return 'healthy'
  const isWhole = bid.amount >= offered * (1 - REMAINDER)
  const part = isWhole ? 1 : bid.amount / offered
  const repaid = isWhole ? 1 : repaidPart(part, of.liquidationDiscount)
  const paid = repaid * owned.debt - part * owned.stable
  out.repaid = Math.max(0, paid)
  if (sells === of.collateral) {
    out.seized = part * owned.collateral
    if (paid < 0) pushMove(out.moves, of.borrowed, ACCOUNTS, BIDDER, -paid)
  } else out.seized = Math.max(0, -paid)
  takeOut(rows, protocol, account, part, repaid)
  book.version[account]++
  return 0
}

/** Takes a part of a loan's shares out of book and bands, and a part of its debt off. */
function takeOut(
  rows: number,
  { book, items }: Protocol,
  account: number,
  part: number,
  repaid: number,
): void {
  const { bands } = items as CrvUsdItems
  const { slot, amount } = book
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const taken = part === 1 ? amount[k] : part * amount[k]
    if (slot[k] === DEBT) amount[k] = repaid === 1 ? 0 : amount[k] * (1 - repaid)
    else {
      if (slot[k] <= rows) takeShares(bands, slot[k] - collateralSlot(0), taken, withdrawn)
      amount[k] -= taken
    }
  }
}

/** Leaves in `owned` what an account has in its bands, and owes. */
function hold(of: CrvUsdSpec, { book, index, rules }: Protocol, account: number): void {
  owned.collateral = owned.stable = owned.debt = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const units = book.amount[k] * index[slot]
    if (slot === DEBT) owned.debt -= units
    else if (rules.slots.asset[slot] === of.collateral) owned.collateral += units
    else owned.stable += units
  }
}

/** Below this share of what is offered a remainder is rounding. */
const REMAINDER = 1e-12

/** Reused between calls. */
const oracle: Limited = { price: 0.5, fee: 0.5 }
const owned = { collateral: 0.5, stable: 0.5, debt: 0.5 }
const withdrawn: Holding = { stable: 0.5, collateral: 0.5 }
