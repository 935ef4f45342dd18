/** What a perpetual exchange may be told. */

import {
  asset,
  byAsset,
  choice,
  fields,
  fromZero,
  type Given,
  list,
  money,
  ofTime,
  optional,
  or,
  rate,
  ratio,
  seconds,
} from '../../parameters.ts'

const share = { from: 0, to: 1, open: 'lower' } as const

/** Parameters of `perpetual`. */
export const perpetualParameters = {
  settlement: asset('What profits and losses are paid in.'),
  markets: byAsset('Markets, by the asset that is their contract.', {
    tiers: list('Tiers of maintenance margin, by notional.', {
      upToUsd: optional(money('Where the tier ends; the last has no end.')),
      rate: ratio('Maintenance margin, as a fraction of notional.', {
        from: 0,
        to: 1,
        open: 'upper',
      }),
    }),
    fundingRate: ofTime(
      optional(rate('What longs pay shorts per year, on the mark.', { from: -1000, to: 1000 })),
    ),
  }),
  collateral: or(
    byAsset('Assets beside the settlement asset that count as margin.', {
      haircut: or(ratio('What is taken off the price.', { from: 0, to: 1, open: 'upper' }), 0),
    }),
    [],
  ),
  liquidationFee: or(ratio('Fee on the notional closed, into the fund.'), 0),
  leftover: or(
    choice('Who keeps what is left once all is closed.', ['account', 'fund']),
    'account',
  ),
  portion: ofTime(optional(ratio('Part closed at first of a large account.', share))),
  portionAboveUsd: ofTime(optional(money('Notional above which an account is large.', fromZero))),
  cooldownSeconds: ofTime(optional(seconds('Pause after the first part.', fromZero))),
  fundUsd: or(money('The insurance fund at the opening.', fromZero), 0),
  backstop: optional(
    fields('A vault that takes positions over.', {
      below: ratio('Equity, as a share of maintenance, below which it takes over.', share),
      capitalUsd: or(money('What the vault has at the opening.', fromZero), 0),
      unwindSeconds: seconds('It sells a share block time / this of what it has in each block.'),
    }),
  ),
  adl: ofTime(
    optional(
      fields('Auto-deleveraging: winners bear what neither market nor fund can.', {
        policy: choice('Who gives up how much.', [
          'queue',
          'hyperliquid',
          'dydx',
          'proRata',
          'cappedProRata',
          'riskAware',
        ]),
        basis: or(
          choice('Winners close positions at the bankruptcy price, or pay from their profit.', [
            'notional',
            'profit',
          ]),
          'notional',
        ),
        maxShare: optional(ratio('Largest share of a winner, for policies with a limit.', share)),
      }),
    ),
  ),
}

/** What the factory gets. */
export type PerpetualSpec = Given<typeof perpetualParameters>
