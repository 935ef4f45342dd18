/** Parameters of an Ajna pool. */

import {
  asset,
  choice,
  fields,
  fromZero,
  type Given,
  list,
  number,
  ofTime,
  optional,
  or,
  seconds,
} from '../../parameters.ts'
import { check, rates } from '../terms.ts'

export const ajnaParameters = {
  collateral: asset('The only collateral of the pool.'),
  quote: asset('What the pool lends.'),
  buckets: list('What lenders have in the pool, by the price at which they lend.', {
    price: number('Units of quote for one of collateral.'),
    depositUnits: number('Units of quote in the bucket.', fromZero),
  }),
  npTpRatio: number('Neutral price / (1.04 x threshold price) of a loan, as stamped on it.', {
    from: 1,
    to: Number.POSITIVE_INFINITY,
  }),
  lendersFollow: choice(
    'Whether lenders move their buckets as the published price moves (a ratio kept), or never.',
    ['none', 'published'],
  ),
  followHalfLifeSeconds: optional(
    ofTime(seconds('Time in which lenders make up half of their lag. Left out: at once.')),
  ),
  borrowRate: rates.borrowRate,
  reservesUnits: or(number('Reserves of the pool at the opening, in quote.', fromZero), 0),
  gas: optional(
    ofTime(
      fields('Gas of the three transactions. Left out: as each taker has it.', {
        kick: number('Gas of starting an auction.'),
        take: number('Gas of taking from it.'),
        settle: number('Gas of settling it.'),
      }),
    ),
  ),
}

/**
 * Parameters of `ajna`.
 *
 * Units: prices in quote per collateral; deposits and reserves in units of quote; `npTpRatio` and
 *        `borrowRate` as fractions; gas in units of gas.
 */
export type AjnaSpec = Given<typeof ajnaParameters>

/** Throws a ParameterError on a parameter outside its range. */
export function checkPool(of: AjnaSpec): void {
  const isPair = of.collateral !== of.quote
  check(isPair, 'FB2292', 'quote', 'a pool lends another asset than its collateral', of.quote)
  of.buckets.forEach(({ price, depositUnits }, b) => {
    const place = `buckets[${b}]`
    const isPriced = price > 0 && Number.isFinite(price)
    check(isPriced, 'FB2293', `${place}.price`, 'a bucket has a price above 0', price)
    const isFilled = depositUnits >= 0 && Number.isFinite(depositUnits)
    check(isFilled, 'FB2293', `${place}.depositUnits`, 'a deposit is 0 or more', depositUnits)
  })
  const isFair = of.npTpRatio >= 1 && Number.isFinite(of.npTpRatio)
  check(isFair, 'FB2294', 'npTpRatio', 'a neutral price is not below 1.04 x TP', of.npTpRatio)
  const isRated = (of.borrowRate ?? 0) >= 0 && Number.isFinite(of.borrowRate ?? 0)
  check(isRated, 'FB2294', 'borrowRate', 'interest is 0 or more', of.borrowRate)
  const isHeld = of.reservesUnits >= 0 && Number.isFinite(of.reservesUnits)
  check(isHeld, 'FB2294', 'reservesUnits', 'reserves are 0 or more', of.reservesUnits)
  const lag = of.followHalfLifeSeconds
  const isSlow = lag === undefined || (lag > 0 && Number.isFinite(lag))
  check(isSlow, 'FB2295', 'followHalfLifeSeconds', 'a half-life lasts longer than 0 seconds', lag)
}
