/** Liquity v1: troves closed whole against a stability pool, the rest spread over all others. */

import { page } from '../codes.ts'
import { asset, fromZero, type Given, number, or, ratio } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import { divideByDebt, scaledRatio, troveRules } from './liquity/rules.ts'
import { checkBranch } from './liquity/troves.ts'
import { check } from './terms.ts'

const ratios = { from: 1, to: 10, open: 'lower' } as const

const parameters = {
  collateral: asset('What troves hold.'),
  debt: asset('What troves owe, counted at 1 USD.'),
  poolUnits: number('Debt asset in the stability pool at the opening.', fromZero),
  poolSells: or(
    ratio('Discount at which the pool sells what it received. Left out: it keeps it.'),
    null,
  ),
  mcr: or(ratio('Collateral ratio below which a trove may always be liquidated.', ratios), 1.1),
  ccr: or(ratio('Collateral ratio of all troves below which recovery mode holds.', ratios), 1.5),
  gasReserveUnits: or(number('Debt asset that the caller gets for a trove.', fromZero), 200),
}

/** PERCENT_DIVISOR: the caller gets a 200th of the collateral. */
const REWARD_DIVISOR = 200
/** Ratios this close to that of all troves are not below it: they may be the same number. */
const BAND = 1e-12

/**
 * Rules of Liquity v1 (LUSD), as deployed in April 2021.
 *
 * | native word                 | here                                                          |
 * | --------------------------- | ------------------------------------------------------------- |
 * | trove                       | account of one collateral and one debt position               |
 * | ICR, TCR                    | collateral ratio of a trove, and of all troves together       |
 * | MCR, CCR                    | `mcr`, `ccr`; the liquidation threshold is 1 / MCR            |
 * | LUSD_GAS_COMPENSATION       | `gasReserveUnits`, part of each trove's debt                  |
 * | PERCENT_DIVISOR             | reward of 1 / 200 of the collateral                           |
 * | stability pool              | `poolUnits`, the holder POOL                                  |
 * | L_ETH + 1, L_LUSDDebt       | index of the stake, index of the debt taken over              |
 * | offset, redistribution      | debt paid by the pool; debt and collateral taken over         |
 * | CollSurplusPool             | the holder BORROWERS                                          |
 *
 * Rule:       ICR = collateral x price / debt. Recovery mode holds while TCR < CCR. A trove with
 *             ICR < MCR is closed: the caller gets 1 / 200 of the collateral and the gas reserve;
 *             the pool pays min(debt, pool) for the same share of the other collateral; what is
 *             left of both goes to all other troves in proportion to their stakes. In recovery mode
 *             a trove with ICR <= 1 goes to the other troves whole; one with MCR <= ICR < TCR is
 *             closed if the pool can pay all its debt: of its collateral debt x MCR / price is
 *             taken (1 / 200 of that for the caller), the rest is its owner's. The last trove is
 *             never closed.
 * Units:      amounts in units; ICR and TCR as fractions. An offer's `amount` is the reward, and
 *             its `cost` below 0: the gas reserve, which the caller gets. The reward is `seized`;
 *             all else stands in `moves`: the debt POOL -> ACCOUNTS, its collateral ACCOUNTS ->
 *             POOL, surplus ACCOUNTS -> BORROWERS, gas reserve RESERVE -> BIDDER. Redistribution
 *             moves two indices and nothing between holders.
 * Shape:      three slots: stake, own debt, debt taken over. A trove is a leg in each: collateral
 *             at the opening, -debt, -collateral at the opening. `Offers.own` is the first leg.
 *             What the pool sells is an offer of account -1.
 * Source:     liquity/dev, packages/contracts/contracts/TroveManager.sol liquidate(),
 *             StabilityPool.sol offset(), commit 8cd27505
 * Simplifies: each trove is liquidated in a call of its own, after which mode and indices are read
 *             again; no batches. Stakes are the collateral at the opening, which is what Liquity's
 *             corrected stakes amount to. The pool is one holder: deposits, their shares and
 *             withdrawals are not told apart. A trove within 1e-12 of TCR is not below it. No
 *             redemptions and no borrowing. A pool with `poolSells` offers its collateral at the
 *             published price less the discount, and pays debts with what it gets.
 *             Instant (taker -1): pool and redistribution act at once. `seized` is then all that
 *             leaves the trove, `repaid` what the pool paid, and `fee` what is not sold: of the
 *             surplus and the pool's part only the latter is, at its discount, where `poolSells`
 *             is given. Recovery mode that begins within an instant cascade is seen only by the
 *             accounts it looks at anyway: those below MCR, or below TCR at the opening.
 * Assumes:    debt includes the gas reserve. Nobody deposits into the pool, or leaves it, in time.
 * Throws:     ParameterError on a parameter outside its range, or an account with positions in
 *             other assets.
 */
export function liquityV1(of: Given<typeof parameters>): Rules {
  checkParameters(of)
  const { debt, mcr, ccr } = of
  return troveRules({
    name: 'liquityV1',
    debt,
    branches: [{ ...of, group: 0 }],
    poolKeeps: 0,
    deposit: { asset: debt, units: of.gasReserveUnits },
    bonus: () => mcr * (1 - 1 / REWARD_DIVISOR) - 1,
    needed: (_, total) => (total < ccr ? Math.max(mcr, total * (1 - BAND)) : mcr),
    divide(_, trove, out) {
      const isRecovery = trove.total < ccr
      if (!isRecovery || trove.ratio < mcr) {
        const pool = isRecovery && trove.ratio <= 1 ? 0 : trove.pool
        divideByDebt(trove, trove.coll / REWARD_DIVISOR, pool, out)
        return 0
      }
      if (trove.debt > trove.pool) return 'nothing'
      const coll = Math.min(trove.coll, (trove.debt * mcr) / trove.price)
      const surplus = trove.coll - coll
      trove.coll = coll
      divideByDebt(trove, coll / REWARD_DIVISOR, trove.pool, out)
      out.surplus = surplus
      return 0
    },
    scaled(parameter, by) {
      if (parameter !== 'threshold') return null
      const scaled = scaledRatio(mcr, by)
      return liquityV1({ ...of, mcr: scaled, ccr: Math.max(ccr, scaled) })
    },
  })
}

liquityV1.parameters = parameters
liquityV1.codes = {
  FB2270: page('A Liquity trove owes what it holds.', 'Name two different assets.'),
  FB2271: page('A minimum collateral ratio is not above 1.', 'Write it like 110%.'),
  FB2272: page(
    'A stability pool, its discount or the gas reserve is out of range.',
    'Give units of 0 or more, and a discount like 5%.',
  ),
  FB2273: page(
    'Recovery mode begins below the ratio of a single trove.',
    'Give a ccr of at least mcr.',
  ),
  FB2274: page(
    'A trove has positions of another asset or of two branches.',
    'Give each trove an account of its own, in one branch.',
  ),
}

function checkParameters(of: Given<typeof parameters>): void {
  const { mcr, ccr, gasReserveUnits } = of
  checkBranch({ ...of, group: 0 }, of.debt, '', { asset: 'FB2270', mcr: 'FB2271', pool: 'FB2272' })
  const isAbove = ccr >= mcr && ccr < Number.POSITIVE_INFINITY
  check(isAbove, 'FB2273', 'ccr', 'recovery mode begins at the ratio of a trove, or above it', ccr)
  const isPaid = gasReserveUnits >= 0 && gasReserveUnits < Number.POSITIVE_INFINITY
  check(isPaid, 'FB2272', 'gasReserveUnits', 'a gas reserve is 0 units or more', gasReserveUnits)
}
