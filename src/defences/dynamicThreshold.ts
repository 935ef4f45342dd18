/** Dynamic thresholds: liquidation thresholds fall as prices become volatile. */

import type { Defence, Reading } from '../defence.ts'
import { exp, log, pow } from '../math/exponential.ts'
import { YEAR_SECONDS } from '../moment.ts'
import {
  asset,
  fromZero,
  type Given,
  number,
  optional,
  or,
  positive,
  rate,
  ratio,
  seconds,
} from '../parameters.ts'
import { rowOf } from '../rules.ts'
import { watchedAssets } from './watched.ts'

const parameters = {
  asset: optional(asset('What is watched; by default every collateral.')),
  calm: or(rate('Volatility per year up to which thresholds stay as they are.'), 0.8),
  sensitivity: or(number('How strongly thresholds answer to what is above it.', fromZero), 1),
  horizonSeconds: or(seconds('Time over which the volatility is to be borne.'), 86_400),
  halfLifeSeconds: or(seconds('Half-life of the realised variance.'), 3600),
  floor: or(ratio('Least factor on thresholds.', { from: 0, to: 1, open: 'lower' }), 0.8),
  everySeconds: or(seconds('Time between decisions.'), 600),
  perDay: or(ratio('Most that the factor moves in a day.', { ...positive, to: 1000 }), 0.5),
  rampSeconds: or(seconds('Time over which a lower factor is reached.', fromZero), 600),
  grandfathered: or(ratio('Share of the present accounts that keep their terms.'), 0),
}

/**
 * Liquidation thresholds that follow realised volatility. A counterfactual: no lending protocol
 * does this live today.
 *
 * | native word                         | here                                               |
 * | ----------------------------------- | -------------------------------------------------- |
 * | c of SmartLTV, risk level           | `sensitivity`                                      |
 * | minDelay, max change of a steward   | `every`, `perDay`                                  |
 * | rampDuration of a liquidation LTV   | `ramp`: lowering is gradual, raising at once       |
 * | config key of a position            | `grandfathered`: accounts that keep their terms    |
 *
 * Rule:       sigma^2 is the exponentially weighted mean of (log return of the published price)^2 /
 *             seconds, per year, calm at the opening; of several collaterals the largest counts.
 *             Wanted is e^(-sensitivity (sigma - calm) sqrt(horizon)), at least `floor`, at most 1.
 *             At each decision the factor that thresholds go to moves towards it, by perDay x every
 *             / 1 day at most. What lies below the present factor is reached in a straight line
 *             over `ramp`, what lies above at once.
 *             Every liquidation threshold is multiplied by the factor. Of the accounts, evenly over
 *             the book, a share `grandfathered` is liquidated by the terms of the opening. All of
 *             them, 100%: nothing of the book is touched, and only what can be borrowed anew falls.
 * Units:      calm per year of 365 days; floor, perDay and grandfathered are fractions, times in
 *             seconds.
 * Source:     B.Protocol and RiskDAO's SmartLTV for the exponential (it ranks markets and
 *             liquidates nobody), Aave's risk stewards for delay and largest change, Euler's vault
 *             kit for the ramp, Aave v4's keys for grandfathering (docs/defences.md).
 * Simplifies: nobody borrows in a run, so that borrowing power is counted and has no effect. In
 *             reports, who keeps its terms counts as liquidatable where the moved thresholds say
 *             so. Closings of a house know one threshold for all.
 * Assumes:    a falling threshold makes nobody repay or add collateral in time. So the cut is a
 *             shock of its own: it breaches who a fall of all prices by as much would breach.
 * Throws:     InputError FB2308 where the rules have no threshold that can be scaled
 */
export function dynamicThreshold(of: Given<typeof parameters>): Defence {
  const volatility = largestVolatility(of)
  const path = limitedPath(of)
  let highest = 0
  let lowest = 1
  let factor = 1
  return {
    name: 'dynamicThreshold',
    readings,
    react({ at: { atSeconds, seconds }, protocol: { prices, rules } }, stance) {
      const sigma = volatility(prices, () => watchedAssets(of.asset, rules.slots), seconds)
      const years = of.horizonSeconds / YEAR_SECONDS
      const wanted = exp(-of.sensitivity * Math.max(0, sigma - of.calm) * Math.sqrt(years))
      factor = path(atSeconds, Math.max(of.floor, wanted))
      highest = Math.max(highest, sigma)
      lowest = Math.min(lowest, factor)
      if (of.grandfathered < 1) stance.threshold *= factor
      else stance.borrowing *= factor
    },
    keeps: ({ protocol }, account) =>
      ((rowOf(protocol, account) + 1) * GOLDEN) % 1 < of.grandfathered,
    read(out) {
      out[0] = highest
      out[1] = lowest
      out[2] = factor
    },
  }
}

dynamicThreshold.parameters = parameters

type Spec = Given<typeof parameters>

/** Multiples of it, less whole numbers, are spread evenly over every part of a book. */
const GOLDEN = 0.6180339887498949

/** The largest realised volatility per year of some assets, told their prices block by block. */
function largestVolatility({ calm, halfLifeSeconds }: Spec) {
  let assets: readonly number[] | null = null
  let variance = new Float64Array(0)
  let last = new Float64Array(0)
  return (prices: Float64Array, watched: () => readonly number[], seconds: number): number => {
    if (assets === null) {
      assets = watched()
      variance = new Float64Array(assets.length).fill(calm * calm)
      last = Float64Array.from(assets, (one) => prices[one])
    }
    const kept = pow(2, -seconds / halfLifeSeconds)
    let most = 0
    for (let k = 0; k < assets.length; k++) {
      const price = prices[assets[k]]
      const move = price > 0 && last[k] > 0 ? log(price / last[k]) : 0
      last[k] = price
      variance[k] = kept * variance[k] + (1 - kept) * ((move * move) / seconds) * YEAR_SECONDS
      most = Math.max(most, variance[k])
    }
    return Math.sqrt(most)
  }
}

/** A factor that follows a wanted one as far as decisions, their limit and the ramp let it. */
function limitedPath({ everySeconds, perDay, rampSeconds }: Spec) {
  const step = (perDay * everySeconds) / DAY_SECONDS
  let [from, to, since, next] = [1, 1, 0, 0]
  const at = (seconds: number): number => {
    const left = rampSeconds > 0 ? Math.max(0, 1 - (seconds - since) / rampSeconds) : 0
    return to + (from - to) * left
  }
  return (seconds: number, wanted: number): number => {
    if (seconds < next) return at(seconds)
    next = seconds + everySeconds
    const goal = Math.min(to + step, Math.max(to - step, wanted))
    if (goal === to) return at(seconds)
    from = Math.max(at(seconds), goal)
    to = goal
    since = seconds
    return at(seconds)
  }
}

const DAY_SECONDS = 86_400

const readings: readonly Reading[] = [
  {
    name: 'highest_volatility',
    unit: 'ratio',
    definition: 'Highest realised volatility per year that was seen.',
  },
  {
    name: 'lowest_factor',
    unit: 'ratio',
    definition: 'Lowest factor on thresholds: what new borrowing power fell to.',
  },
  { name: 'final_factor', unit: 'ratio', definition: 'Factor on thresholds at the end.' },
]
