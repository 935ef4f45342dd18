/** A price that rests on leveraged holders: their losses and their margins push it further. */

import { assert } from '../errors.ts'
import { bisect } from '../math/bisect.ts'

/** One asset that customers sell and speculators hold on margin. Prices in USD. */
export interface MarginMarket {
  /** What the asset is worth, and the price at which speculators bought before. */
  readonly value: number
  readonly opening: number
  /** USD by which customers mark the price down for each unit that half of them must keep. */
  readonly riskUsd: number
  /** Units that customers want to be rid of. */
  readonly sold: number
  /** Units that speculators hold from before. */
  readonly held: number
  /** Wealth of speculators at the opening price, USD. */
  readonly wealthUsd: number
  /** Margin per unit at the value, and what it rises by for each dollar that the price is below. */
  readonly marginUsd: number
  readonly marginRise: number
}

/** Where such a market comes to rest. */
export interface MarginSpiral {
  readonly price: number
  /** Units that speculators hold then. */
  readonly held: number
  /** Whether wealth is what keeps them from more: else the price is the value. */
  readonly isBound: boolean
  /** How far a dollar of wealth moves the price, USD; 0 where it does not bind. */
  readonly perUsd: number
  /** The same with margins that stay and nothing held from before. */
  readonly perUsdWithoutSpiral: number
}

/**
 * Returns the highest price at which speculators can pay the margin of all that customers sell.
 *
 * Rule:       customers keep 2 (v - p) / risk of Z units, so that x1 = Z - 2 (v - p) / risk is left
 *             to speculators, who are bound by m(p) x1 <= W + x0 (p - p0). On that bound
 *             dp / dW = 1 / ((2 / risk) m + m' x1 - x0): x0 > 0 is the spiral of losses, m' < 0 the
 *             spiral of margins, and 1 / ((2 / risk) m) is left without them.
 * Units:      USD, units of the asset; m(p) = marginUsd + marginRise (v - p), so m' = -marginRise.
 *             risk is risk aversion x variance.
 * Source:     M. K. Brunnermeier, L. H. Pedersen, Market liquidity and funding liquidity, Review of
 *             Financial Studies 22, 2009.
 * Simplifies: one asset, one period, all speculators alike, margins a line in the price. Where
 *             wealth is gone they hold nothing.
 * Assumes:    of several prices at which it could rest it is the highest. A dearer margin is a loss
 *             of wealth of x1 times its rise; where the denominator is below 0 at the value, the
 *             price jumps once wealth falls short.
 * Throws:     AssertionError if sizes, risk or margins are not above 0.
 */
export function marginSpiral(of: MarginMarket): MarginSpiral {
  const { value, riskUsd, sold, held, marginUsd, marginRise } = of
  assert(riskUsd > 0 && sold > 0 && marginUsd > 0, 'risk, sales and margins are above 0')
  assert(marginRise >= 0 && held >= 0, 'margins rise as prices fall, and nobody is short')
  const units = (price: number): number => Math.max(0, sold - (2 / riskUsd) * (value - price))
  const margin = (price: number): number => marginUsd + marginRise * (value - price)
  const wealth = (price: number): number => of.wealthUsd + held * (price - of.opening)
  const isPaid = (price: number): boolean => margin(price) * units(price) <= wealth(price)
  const least = value - (riskUsd / 2) * sold
  if (!(wealth(least) > 0) && !isPaid(value))
    return { price: least, held: 0, isBound: true, perUsd: 0, perUsdWithoutSpiral: 0 }
  const price = isPaid(value) ? value : bisect(isPaid, least, value)
  const isBound = price < value
  const alone = (2 / riskUsd) * margin(price)
  const spiral = alone - marginRise * units(price) - held
  return {
    price,
    held: units(price),
    isBound,
    perUsd: isBound ? 1 / spiral : 0,
    perUsdWithoutSpiral: isBound ? 1 / alone : 0,
  }
}
