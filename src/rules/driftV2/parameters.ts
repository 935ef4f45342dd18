/** What a Drift v2 deployment may be told. */

import {
  asset,
  byAsset,
  flag,
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
  seconds,
} from '../../parameters.ts'
import { rates } from '../terms.ts'

const share = { from: 0, to: 1, open: 'upper' } as const
const part = { from: 0, to: 1, open: 'both' } as const
const imf = or(ratio('What it grows by with the root of units.', fromZero), 0)
const fundFee = or(
  ratio('Most that goes into the insurance fund, of what is taken over.', share),
  0,
)
const paused = or(flag('Nothing of this market is liquidated.'), false)

/** Parameters of `driftV2`. */
export const driftParameters = {
  settlement: asset('What profits and losses are paid in.'),
  perps: groups('Perpetual markets, by the name that positions give as their group.', {
    asset: asset('What the contract is on.'),
    maintenance: ratio('Maintenance margin, of notional.', part),
    imf,
    liquidationFee: or(ratio('How far from the oracle price a liquidator takes over.', share), 0),
    fundFee,
    maxClaimUsd: optional(money('Most that the insurance fund pays for this market.', fromZero)),
    feePoolUsd: or(money('Fees of the market that pay after the fund.', fromZero), 0),
    outsideUnits: or(number('Open base of accounts that are not in the book.', fromZero), 0),
    fundingRate: ofTime(
      optional(rate('What longs pay shorts per year, of notional.', { from: -1000, to: 1000 })),
    ),
    paused,
  }),
  spot: or(
    byAsset('Assets that may be deposited or borrowed; the settlement asset counts whole.', {
      assetWeight: or(
        ratio('Share of a deposit that counts. Left out: it is never collateral.', {
          from: 0,
          to: 1,
          open: 'lower',
        }),
        null,
      ),
      liabilityWeight: or(
        ratio('What a borrow counts. Left out: nobody borrows it.', { from: 1, to: 1000 }),
        null,
      ),
      imf,
      liquidationFee: or(ratio('Premium of a deposit, discount of a borrow.', share), 0),
      fundFee,
      fundUnits: or(number('Insurance fund of the asset.', fromZero), 0),
      outsideUnits: or(number('Deposits of accounts that are not in the book.', fromZero), 0),
      ...rates,
      paused,
    }),
    [],
  ),
  buffer: ratio('What is added to every ratio and weight until a liquidation ends.', part),
  initialShare: ofTime(optional(ratio('Share of a shortage that may be closed at once.'))),
  durationSeconds: ofTime(optional(seconds('Time until all of a shortage may be closed.'))),
  blockedAbove: ofTime(
    optional(
      ratio('Distance of a price from its 5-minute average that stops liquidations.', {
        from: 0,
        to: 1000,
        open: 'lower',
      }),
    ),
  ),
}

/** What the factory gets. */
export type DriftSpec = Given<typeof driftParameters>
