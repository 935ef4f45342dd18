/** Buy a collateral, pump its published price, borrow everything against it, and leave. */

import {
  blocksAxis,
  type Family,
  idle,
  outsideAxis,
  outsideOf,
  type Setting,
  venuesOf,
  withdrawalAxis,
} from './plan.ts'

/** Rises as factors less 1, and shares of the cash that buy collateral beforehand. */
const RISES = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 9, 19]
const DEPOSITS = [0, 0.1, 0.2, 0.4, 0.8]

/**
 * Plans that borrow against a price which the borrower made itself.
 *
 * Rule:    some collateral is bought beforehand, at the opening price; the rest by the push. All
 *          of it is posted in one account that borrows, once the price is published, up to the
 *          lender's limit and to what there is to lend. Nobody comes back for it. What the
 *          liquidators then cannot recover is bad debt.
 * Source:  the shape of Venus in May 2021 (XVS) and of Mango in October 2022, there with a
 *          perpetual in place of the token.
 * Assumes: what is bought beforehand is bought quietly: it moves no price.
 */
export function collateralPump(setting: Setting): Family[] {
  const { world, spec } = setting
  return spec.loans.flatMap(({ protocol, asset: debt }, loan) => {
    const { slots } = world.protocols[protocol].rules
    return world.market.hop.flatMap((hop, asset) => {
      const isTaken = slots.asset.some((of, s) => of === asset && slots.side[s] === 1)
      if (!isTaken || hop.length === 0 || asset === debt) return []
      return venuesOf(setting, asset, true).map((venue) => family(setting, asset, venue, loan))
    })
  })
}

function family(setting: Setting, asset: number, venue: number, loan: number): Family {
  return {
    kind: 'collateralPump',
    axes: [
      { name: 'move', values: RISES, isChoice: false },
      blocksAxis(setting),
      { name: 'deposit', values: DEPOSITS, isChoice: false },
      outsideAxis(setting, asset),
      withdrawalAxis(setting),
    ],
    plan: ([move, blocks, deposit, outside, withdraws]) => ({
      ...idle,
      ...{ kind: 'collateralPump', asset, venue, to: 1 + move, blocks, loan },
      depositUsd: deposit * setting.spec.cashUsd,
      outsideUsd: outsideOf(setting, asset, outside),
      withdraws: withdraws === 1,
    }),
  }
}
