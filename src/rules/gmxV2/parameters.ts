/** What markets with a pool of their own may be told. */

import {
  asset,
  choice,
  fields,
  fromZero,
  type Given,
  groups,
  money,
  number,
  ofTime,
  optional,
  or,
  rate,
  ratio,
} from '../../parameters.ts'

const aboveZero = { from: 0, to: Number.POSITIVE_INFINITY, open: 'lower' } as const
const eitherWay = { from: -1000, to: 1000 } as const

/** Parameters of one market. */
const marketParameters = {
  index: asset('What positions are in.'),
  long: asset('Token that the pool pays the profits of longs in.'),
  short: asset('Token that the pool pays the profits of shorts in: a stablecoin.'),
  pool: fields('What liquidity providers have in the pool at the opening.', {
    longUnits: number('Long tokens.', fromZero),
    shortUnits: number('Short tokens.', fromZero),
  }),
  minCollateralFactor: ratio('Least collateral, as a share of size, for liquidation.', {
    from: 0,
    to: 1,
    open: 'upper',
  }),
  positionFee: or(ratio('Fee on the size closed.'), 0),
  liquidationFee: or(ratio('Fee on the size liquidated, beside it.'), 0),
  feeReceiver: or(ratio('Share of all fees that does not go to the pool.'), 0),
  borrowingRateLong: ofTime(optional(rate('What longs pay the pool per year, on their size.'))),
  borrowingRateShort: ofTime(optional(rate('What shorts pay the pool per year, on their size.'))),
  fundingRate: ofTime(
    optional(rate('What longs pay shorts per year, on their size; below 0 shorts pay.', eitherWay)),
  ),
  maxPnlForTraders: optional(
    ratio('Share of a token of the pool that a side may win. Left out: all of it.', {
      from: 0,
      to: 1,
      open: 'lower',
    }),
  ),
  impact: optional(
    fields('Price impact of closing, on the balance of long and short. Left out: none.', {
      factorPositive: number('Factor where the balance improves.', fromZero),
      factorNegative: number('Factor where it worsens.', fromZero),
      exponent: number('Exponent of the difference in USD.'),
      maxPositive: ratio('Largest gain, as a share of size.'),
      maxNegative: ratio('Largest cost, as a share of size.'),
      maxForLiquidations: or(ratio('Largest cost that counts in the check, likewise.'), 0),
      poolUnits: or(number('Impact pool at the opening, in index tokens.', fromZero), 0),
    }),
  ),
  adl: ofTime(
    optional(
      fields('Auto-deleveraging of a side that has won too much. Left out: none.', {
        maxPnl: ratio('Profit above which it begins, as a share of the pool token.', aboveZero),
        minPnlAfter: ratio('Profit below which it may not end, likewise.', fromZero),
        pick: or(choice('Which winners the keeper closes first.', ['profit', 'size']), 'profit'),
      }),
    ),
  ),
}

/** Parameters of `gmxV2`. */
export const gmxParameters = {
  minCollateralUsd: money('Least collateral of any position.'),
  hedge: ratio(
    'Share of each closed position that liquidity providers and arbitrageurs trade in the market. ' +
      'At 0 liquidations move no price.',
  ),
  markets: groups('Markets; a position names its market as its group.', marketParameters),
}

/** What the factory gets. */
export type GmxSpec = Given<typeof gmxParameters>
/** Terms of one market. */
export type MarketSpec = GmxSpec['markets'][number]
/** Terms of its price impact. */
export type ImpactTerms = NonNullable<MarketSpec['impact']>
