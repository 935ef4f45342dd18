/** A bonus that grows with the violation. */

import { healthFactor } from '../book.ts'
import type { Defence, Reading, Sight } from '../defence.ts'
import { type Given, or, ratio } from '../parameters.ts'
import { makeDearer, takenUsd } from './surcharge.ts'

const parameters = {
  least: or(ratio('Share of the bonus that is paid at a health factor of 1.'), 0),
  fullAt: or(
    ratio('Health factor from which on all of it is paid.', { from: 0, to: 1, open: 'both' }),
    0.95,
  ),
}

/**
 * The bonus of the rules is paid whole only where the violation is large.
 *
 * | native word             | here                                         |
 * | ----------------------- | -------------------------------------------- |
 * | liquidationBonusFactor  | `least`: share of the bonus at health 1      |
 * | healthFactorForMaxBonus | `fullAt`                                     |
 * | preLIF1, preLIF2        | `least` x bonus, and bonus: straight between |
 *
 * Rule:       share = least + (1 - least) x min(1, (1 - h) / (1 - fullAt)), h the health factor at
 *             published prices. Of what the rules leave the taker at published prices that share
 *             stays; the rest is paid on top: the borrower's, after what lenders would lack.
 * Units:      shares and health factors as fractions.
 * Source:     aave/aave-v4, LiquidationLogic.sol calculateLiquidationBonus(), fork at 5f0e7cb;
 *             morpho-org/pre-liquidation, src/PreLiquidation.sol preLiquidate(), commit 9e8b7f4;
 *             ajna-finance/ajna-core, PoolHelper.sol _bpf(), commit 0f59e78, is of the same kind.
 *             Here it is laid over any rules.
 * Simplifies: sleepers are asked again once a published price has moved by a tenth of a per cent.
 * Assumes:    takers wait until it pays: the first ones need gas / bonus of size. Where prices fall
 *             on, an account that nobody takes early is taken later, at the bonus of the rules and
 *             with more debt per collateral.
 */
export function violationBonus(of: Given<typeof parameters>): Defence {
  const moved = movesOfPrices()
  const left: number[] = []
  let stamp = 0
  let repaidUsd = 0
  let leftUsd = 0
  return {
    name: 'violationBonus',
    readings,
    get stamp() {
      return stamp
    },
    react(sight) {
      if (moved(sight)) stamp++
    },
    shape(sight, offers, from) {
      const { protocol } = sight
      const account = offers.account[from]
      const violation = 1 - healthFactor(protocol.book, protocol.values, account)
      const part = Math.min(1, Math.max(0, violation) / (1 - of.fullAt))
      const share = of.least + (1 - of.least) * part
      left[account] = share
      for (let n = from; n < offers.count; n++) {
        const price = protocol.prices[offers.pays[n]]
        const gain = takenUsd(protocol, offers, n) / price - offers.cost[n]
        if (gain * (1 - share) > 0) makeDearer(sight, offers, n, gain * (1 - share))
      }
      return false
    },
    settled(_, done) {
      repaidUsd += done.repaidUsd
      leftUsd += done.repaidUsd * left[done.account]
    },
    read(out) {
      out[0] = repaidUsd > 0 ? leftUsd / repaidUsd : 0
    },
  }
}

violationBonus.parameters = parameters

/** Whether any published price has moved by a tenth of a per cent since it was last said so. */
function movesOfPrices(): (sight: Sight) => boolean {
  let seen: Float64Array | null = null
  return ({ protocol: { prices } }) => {
    const isFirst = seen === null
    seen ??= prices.slice()
    const last = seen
    const isMoved = prices.some((price, a) => Math.abs(price / last[a] - 1) > MOVE)
    if (isMoved) last.set(prices)
    return isFirst || isMoved
  }
}

const MOVE = 1e-3

const readings: readonly Reading[] = [
  {
    name: 'share_of_bonus',
    unit: 'ratio',
    definition: 'Share of the bonus of the rules that was paid, by debt repaid.',
  },
]
