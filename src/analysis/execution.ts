/** Closed forms for selling a large amount: over time, into a book that refills, in two steps. */

import { assert } from '../errors.ts'
import { exp } from '../math/exponential.ts'
import { asinh, unsoldShare } from '../takers/schedule.ts'
import { repayToTarget } from './position.ts'

/**
 * A sale to be spread over `horizon` in `steps` equal intervals.
 *
 * Units: `halfSpread` in money per unit; `permanent` is the fall of the price per unit sold;
 *        `temporary` what an interval pays less per unit, for each unit per time sold in it;
 *        `volatility` in money per square root of time; `riskAversion` per money.
 */
export interface SaleTerms {
  readonly units: number
  readonly horizon: number
  readonly steps: number
  readonly volatility: number
  readonly halfSpread: number
  readonly permanent: number
  readonly temporary: number
  readonly riskAversion: number
}

/** The sale that balances expected cost against its variance. */
export interface SaleSchedule {
  /** Units sold in each interval. */
  readonly sales: readonly number[]
  /** kappa, per time: 1 / kappa is the time in which the holding falls to 1 / e. 0: evenly. */
  readonly urgency: number
  /** Money lost against the opening price: expected, and its standard deviation. */
  readonly cost: number
  readonly deviation: number
}

/**
 * Returns the sales that make expected cost + risk aversion x variance least.
 *
 * Rule:    with tau = horizon / steps, eta~ = temporary - permanent tau / 2: cosh(kappa tau) = 1 +
 *          riskAversion volatility^2 tau^2 / (2 eta~), holdings units x sinh(kappa (T - t)) /
 *          sinh(kappa T). Cost = permanent units^2 / 2 + halfSpread units + eta~ / tau x sum of
 *          sales^2; variance = volatility^2 tau x sum of holdings^2 after each interval.
 * Source:  R. Almgren, N. Chriss, Optimal execution of portfolio transactions, Journal of Risk 3,
 *          2000.
 * Assumes: impact is linear, and the price has no drift.
 * Throws:  AssertionError unless there are intervals and eta~ is above 0.
 */
export function almgrenChriss(terms: SaleTerms): SaleSchedule {
  const { units, horizon, steps, volatility, halfSpread, permanent, riskAversion } = terms
  assert(horizon > 0 && steps >= 1, 'a sale over time needs a horizon and intervals')
  const tau = horizon / steps
  const temporary = terms.temporary - (permanent * tau) / 2
  assert(temporary > 0, 'temporary impact must outweigh half an interval of permanent impact')
  const risk = (riskAversion * volatility * volatility * tau * tau) / (2 * temporary)
  // cosh(x) = 1 + y is 2 sinh(x / 2)^2 = y, which loses nothing where y is small.
  const urgency = (2 * asinh(Math.sqrt(risk / 2))) / tau
  const sales: number[] = []
  let held = units
  let squaredSales = 0
  let squaredHoldings = 0
  for (let k = 1; k <= steps; k++) {
    const left = k === steps ? 0 : units * unsoldShare(k * tau, horizon, urgency)
    const sale = held - left
    sales.push(sale)
    squaredSales += sale * sale
    squaredHoldings += left * left
    held = left
  }
  const cost =
    (permanent * units * units) / 2 +
    halfSpread * Math.abs(units) +
    (temporary / tau) * squaredSales
  return { sales, urgency, cost, deviation: volatility * Math.sqrt(tau * squaredHoldings) }
}

/**
 * A sale into a book that refills.
 *
 * Units: `depth` is units per money of price, `recovery` per time: e^(-recovery t) of a sale's
 *        displacement is left after t.
 */
export interface RefillTerms {
  readonly units: number
  readonly horizon: number
  readonly recovery: number
  readonly depth: number
}

/** The cheapest way to sell into a book that refills. */
export interface RefillSale {
  /** Units sold at once, at the start and again at the end. */
  readonly ends: number
  /** Money lost against the opening price. */
  readonly cost: number
}

/**
 * Returns the cheapest sale in `intervals` + 1 trades at equal distances.
 *
 * Rule:       with a = e^(-recovery horizon / intervals): ends = units / ((intervals - 1)(1 - a) +
 *             2), each inner trade = ends (1 - a), cost = units x ends (1 + a) / (2 depth).
 * Source:     A. Obizhaeva, J. Wang, Optimal trading strategy and supply/demand dynamics, Journal
 *             of Financial Markets 16, 2013; the cost of its trades is summed here.
 * Simplifies: no permanent impact and no spread: both cost the same however the sale is cut.
 * Throws:     AssertionError unless horizon, recovery and depth are above 0, intervals at least 1.
 */
export function obizhaevaWang(
  terms: RefillTerms,
  intervals: number,
): RefillSale & { readonly inner: number } {
  checkRefill(terms)
  assert(intervals >= 1, 'a sale needs two trades at least')
  const { units, horizon, recovery, depth } = terms
  const kept = exp((-recovery * horizon) / intervals)
  const ends = units / ((intervals - 1) * (1 - kept) + 2)
  return { ends, inner: ends * (1 - kept), cost: (units * ends * (1 + kept)) / (2 * depth) }
}

/**
 * Returns the cheapest sale when trading never stops: a block at each end and a steady rate
 * between.
 *
 * Rule:   ends = units / (recovery horizon + 2), rate = recovery x ends, cost = units x ends /
 *         depth.
 * Units:  `rate` in units per time.
 * Source: A. Obizhaeva, J. Wang, Journal of Financial Markets 16, 2013.
 * Throws: AssertionError unless horizon, recovery and depth are above 0.
 */
export function obizhaevaWangContinuous(
  terms: RefillTerms,
): RefillSale & { readonly rate: number } {
  checkRefill(terms)
  const { units, horizon, recovery, depth } = terms
  const ends = units / (recovery * horizon + 2)
  return { ends, rate: recovery * ends, cost: (units * ends) / depth }
}

/** What the sale of everything at once costs in such a book: units^2 / (2 depth). */
export function blockCost(units: number, depth: number): number {
  return (units * units) / (2 * depth)
}

/** Debt that a liquidator repays in two steps, and what it earns. */
export interface TwoSteps {
  readonly first: number
  readonly second: number
  readonly profit: number
  /** What one step of the whole close factor earns. */
  readonly plainProfit: number
}

/**
 * Returns the two repayments under a fixed bonus and a close factor that earn the most.
 *
 * Rule:       first the most that leaves the position liquidatable, (D - LT C) / (1 - LT (1 + b)),
 *             then the close factor of what is left. The first is at most the close factor of the
 *             debt, and both together at most what the collateral pays. Where several assets are
 *             owed, the close factor is of the one that is repaid: `leg`.
 * Units:      collateral, debt and leg in USD, ratios as fractions. A healthy position: nothing.
 * Source:     K. Qin et al., An empirical study of DeFi liquidations: incentives, risks, and
 *             instabilities, IMC 2021, arXiv 2106.06389.
 * Simplifies: one price for both steps, no gas, no impact. After the first step the health factor
 *             is exactly 1; a real one stays a hair below.
 */
export function twoStepLiquidation(
  collateral: number,
  debt: number,
  threshold: number,
  bonus: number,
  closeFactor: number,
  leg = debt,
): TwoSteps {
  const covered = collateral / (1 + bonus)
  const heals = repayToTarget(collateral, debt, threshold, bonus, 1)
  const first = Math.min(heals, closeFactor * leg, covered)
  if (first === 0) return { first: 0, second: 0, profit: 0, plainProfit: 0 }
  const second = Math.min(closeFactor * (leg - first), covered - first)
  const plain = Math.min(closeFactor * leg, covered)
  return { first, second, profit: bonus * (first + second), plainProfit: bonus * plain }
}

function checkRefill({ horizon, recovery, depth }: RefillTerms): void {
  assert(horizon > 0 && recovery > 0 && depth > 0, 'a sale needs time, recovery and depth above 0')
}
