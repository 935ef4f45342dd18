/** What a perpetual exchange may be told. */

import {
  asset,
  byAsset,
  choice,
  fields,
  flag,
  fromZero,
  type Given,
  list,
  money,
  number,
  ofTime,
  optional,
  or,
  rate,
  ratio,
  seconds,
} from '../../parameters.ts'

const share = { from: 0, to: 1, open: 'lower' } as const
const many = { from: 0, to: 1000 } as const

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
  liquidationFee: or(
    ratio(
      'Fee on the notional closed, into the fund; the most of it where the fund settles fills.',
    ),
    0,
  ),
  fundSettles: ofTime(
    optional(
      choice(
        'The fund pays once an account is flat and owes; or of each fill it takes what is better ' +
          'than the bankruptcy price, and pays what is worse.',
        ['account', 'fill'],
      ),
    ),
  ),
  leftover: or(
    choice('Who keeps what is left once all is closed.', ['account', 'fund']),
    'account',
  ),
  portion: ofTime(optional(ratio('Part closed at first of a large account.', share))),
  portionAboveUsd: ofTime(optional(money('Notional above which an account is large.', fromZero))),
  portionMinUsd: ofTime(optional(money('Notional of a position that a part closes at least.'))),
  portionRepeats: ofTime(optional(flag('Parts follow the first, instead of the whole rest.'))),
  cooldownSeconds: ofTime(optional(seconds('Pause after a part.', fromZero))),
  oneByOne: ofTime(
    optional(flag('One position of an account a block, from a start that the block draws.')),
  ),
  perBlock: ofTime(
    optional(
      fields('Limits of one block.', {
        accounts: optional(number('Accounts that are looked at, from a start that it draws.')),
        accountNotionalUsd: optional(money('Notional of one account that is closed.')),
        accountLossUsd: optional(
          money('What one account may cost a fund that settles fills.', fromZero),
        ),
      }),
    ),
  ),
  fillable: ofTime(
    optional(
      fields('Orders have a limit, the further from the mark the less equity there is.', {
        adjustment: ratio('How fast the limit moves as equity falls below maintenance.', many),
        spreadToMaintenance: ratio('Its distance at the end, as a share of maintenance.', many),
      }),
    ),
  ),
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
        walk: optional(
          fields('Each loser alone, against whoever holds the other side; with policy dydx.', {
            attempts: optional(number('Orders without a fill that a block looks at.')),
            counterparties: optional(number('Accounts that a loser is offered to.')),
          }),
        ),
      }),
    ),
  ),
}

/** What the factory gets. */
export type PerpetualSpec = Given<typeof perpetualParameters>
