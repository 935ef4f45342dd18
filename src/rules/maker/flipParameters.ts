/** Parameters of Maker's Flip auctions. */

import {
  asset,
  byAsset,
  fields,
  fromZero,
  type Given,
  money,
  number,
  optional,
  ratio,
  seconds,
} from '../../parameters.ts'
import { check, checkOnlyDebt, rates, threshold } from '../terms.ts'

export const flipParameters = {
  assets: byAsset('threshold is 1 / liquidation ratio; borrowRate of dai is the stability fee.', {
    threshold,
    borrowRate: rates.borrowRate,
  }),
  dai: asset('Asset of all debts.'),
  penalty: ratio('What an auction asks above the debt (chop - 1), as a fraction of it.'),
  lotUnits: optional(
    number('Most coins in one auction (lump): 1.0. Exactly one of lot and dunk is needed.'),
  ),
  dunkUsd: optional(
    money('Most DAI that one auction asks for (dunk): 1.2. Exactly one of lot and dunk is needed.'),
  ),
  boxUsd: optional(
    money('Most DAI that all auctions ask for together (box), with dunk alone. Else: no limit.'),
  ),
  dustUsd: optional(
    money(
      'Least room under the box for a lot to be put up (dust), with box alone. Else: any.',
      fromZero,
    ),
  ),
  beg: ratio('Least step of a bid above the one before (beg - 1).'),
  ttlSeconds: seconds('How long a bid must stand to win.'),
  tauSeconds: seconds('How long an auction takes bids.'),
  gas: fields('Gas of starting an auction, of a bid, and of closing it.', {
    bite: number('Gas of putting a lot up.'),
    tend: number('Gas of a bid.'),
    deal: number('Gas of closing an auction.'),
  }),
}

/**
 * Parameters of `makerFlip`.
 *
 * Units: `threshold` is 1 / mat and `borrowRate` of the `dai` entry the yearly stability fee, as
 *        fractions; `lotUnits` in units of any collateral; `dunkUsd`, `boxUsd` and `dustUsd` in DAI
 *        at par; gas in units of gas.
 */
export type MakerFlipSpec = Given<typeof flipParameters>

/** Throws a ParameterError on a parameter outside its range. */
export function checkFlip(of: MakerFlipSpec): void {
  const debt = of.assets.find(({ asset }) => asset === of.dai)
  const isDebt = debt !== undefined && debt.threshold === null
  check(isDebt, 'FB2240', 'dai', 'DAI is listed, and not as collateral', of.dai)
  checkOnlyDebt(of.assets, of.dai, 'FB2240')
  const fraction = of.penalty >= 0 && Number.isFinite(of.penalty)
  check(fraction, 'FB2241', 'penalty', 'a penalty is a fraction, 0 or more', of.penalty)
  checkLot(of)
  const rises = of.beg > 0 && Number.isFinite(of.beg)
  check(rises, 'FB2243', 'beg', 'the step of a bid is above 0', of.beg)
  for (const name of ['ttlSeconds', 'tauSeconds'] as const) {
    const lasts = of[name] > 0 && Number.isFinite(of[name])
    check(lasts, 'FB2244', name, 'a bid and an auction last longer than 0 seconds', of[name])
  }
  for (const name of ['bite', 'tend', 'deal'] as const) {
    const burns = of.gas[name] >= 0 && Number.isFinite(of.gas[name])
    check(burns, 'FB2245', `gas.${name}`, 'gas is 0 units or more', of.gas[name])
  }
}

/** One auction is limited by its lot (1.0) or by its debt (1.2), all of them by the box (1.2). */
function checkLot({ lotUnits, dunkUsd, boxUsd, dustUsd }: MakerFlipSpec): void {
  const isOne = (lotUnits === undefined) !== (dunkUsd === undefined)
  check(isOne, 'FB2247', 'lotUnits', 'either lotUnits or dunkUsd limits an auction', lotUnits)
  const holds = lotUnits === undefined || (lotUnits > 0 && Number.isFinite(lotUnits))
  check(holds, 'FB2242', 'lotUnits', 'a lot holds more than 0 units', lotUnits)
  const asks = dunkUsd === undefined || (dunkUsd > 0 && Number.isFinite(dunkUsd))
  check(asks, 'FB2248', 'dunkUsd', 'an auction asks for more than 0 DAI', dunkUsd)
  const isBoxed = boxUsd === undefined || (dunkUsd !== undefined && boxUsd > 0)
  check(isBoxed, 'FB2249', 'boxUsd', 'a box of more than 0 DAI goes with dunkUsd', boxUsd)
  const isDusty = dustUsd === undefined || (boxUsd !== undefined && dustUsd >= 0)
  check(isDusty, 'FB2249', 'dustUsd', 'dust is 0 DAI or more, and goes with boxUsd', dustUsd)
}
