/** Euler v2: all of a debt at once, at a discount that equals the violation. */

import { page } from '../codes.ts'
import {
  asset,
  byAsset,
  type Given,
  groups,
  ofTime,
  optional,
  ratio,
  seconds,
} from '../parameters.ts'
import type { Items, Protocol, Rules, Settlement } from '../rules.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { check, floorToBps, rates, scaledAssets, type Terms } from './terms.ts'

const parameters = {
  vaults: groups('Vaults that lend, by name; a position names the one that its account owes to.', {
    debt: asset('Asset that the vault lends.'),
    maxDiscount: ratio('Largest discount at which collateral is seized.', {
      from: 0,
      to: 1,
      open: 'upper',
    }),
    borrowRate: rates.borrowRate,
    ltvs: byAsset('Collateral that the vault accepts.', {
      threshold: ratio('Liquidation LTV at the opening.', { from: 0, to: 1, open: 'both' }),
      rampTo: ofTime(
        optional(ratio('Liquidation LTV that a ramp ends at.', { from: 0, to: 1, open: 'both' })),
      ),
      rampSeconds: ofTime(optional(seconds('How long the ramp still takes from the opening.'))),
      supplyRate: rates.supplyRate,
    }),
  }),
}

type Spec = Given<typeof parameters>
/** A vault with its largest discount as a bonus. */
type Vault = Omit<Spec['vaults'][number], 'maxDiscount'> & { readonly bonus: number }

/**
 * Rules of Euler v2 (the Euler Vault Kit).
 *
 * | native word                  | here                                                        |
 * | ---------------------------- | ----------------------------------------------------------- |
 * | controller, liability vault  | group: the vault that the account owes to                   |
 * | liquidation LTV (bps)        | `threshold` of a collateral in that vault, as a fraction    |
 * | initial, target LTV, ramp    | `threshold`, `rampTo`, `rampSeconds`                        |
 * | maxLiquidationDiscount (bps) | `maxDiscount`; as a bonus, 1 / (1 - maxDiscount) - 1        |
 * | collateralValue, liability   | collateral x LTV, debt in USD                               |
 * | healthy: value > liability   | breached at health <= 0                                     |
 * | discountFactor               | health factor, at least 1 - maxDiscount                     |
 * | debt socialisation           | bad debt, of the vault's lenders                            |
 *
 * Rule:       Breached iff collateral x LTV <= debt. Discount d = 1 - max(collateral x LTV / debt,
 *             1 - maxDiscount). Repayable is all of the debt, seized = repaid / (1 - d) in value;
 *             where the collateral is less, all of it, and repaid = its value x (1 - d). Any part
 *             may be taken at the same discount. No close factor, no dust. Once the last collateral
 *             is gone, the rest of the debt is the lenders' loss. A ramp takes an LTV from
 *             threshold to rampTo over rampSeconds, in whole basis points (floorTo).
 * Units:      ratios as fractions. Collateral and debt of an account are positions of the same
 *             group; group 0 has none.
 * Source:     euler-xyz/euler-vault-kit, src/EVault/modules/Liquidation.sol,
 *             calculateMaxLiquidation(), executeLiquidation(),
 *             src/EVault/shared/types/LTVConfig.sol, getLTV(), commit 5b98b42
 * Simplifies: the liquidator takes the debt over and must stay healthy: here it repays it at once;
 *             no rounding; a liability below 1e6 units of account is socialised too, and so is one
 *             of a vault that switched socialisation off, where it would stay on the account as the
 *             same loss unbooked; no cool-off after a status check; worthless collateral is not
 *             handed over for nothing; borrowing LTVs are not asked. `terms` gives the bonus of the
 *             largest discount and the LTV at the opening.
 * Assumes:    an account owes to one vault, as the connector demands. Debts to two would be judged
 *             together.
 * Throws:     ParameterError on an LTV outside (0, 1), an asset twice, a discount outside [0, 1),
 *             or a ramp that rises or lacks one of its ends.
 */
export function eulerV2({ vaults }: Spec): Rules {
  checkVaults(vaults)
  return vaultRules(
    vaults.map(({ maxDiscount, ...vault }) => ({ ...vault, bonus: 1 / (1 - maxDiscount) - 1 })),
  )
}

eulerV2.parameters = parameters
eulerV2.codes = {
  FB2285: page(
    'The largest discount of a vault is outside [0, 1).',
    'Give maxDiscount as a share, such as 15%.',
  ),
  FB2286: page(
    'A collateral of a vault has no LTV between 0 and 1, or two of them.',
    'List each collateral once, with its liquidation LTV.',
  ),
  FB2287: page(
    'A ramp of an LTV rises, or lacks its end or its time.',
    'Give rampTo at or below threshold, and ramp, both or neither.',
  ),
}

function vaultRules(vaults: readonly Vault[]): Rules {
  const terms = termsOf(vaults)
  const rules = pairRules({
    name: 'eulerV2',
    terms,
    edge: 'atOrBelow',
    sale: 'repeated',
    size(pair: Pair, wanted: number, out: Settlement) {
      const violation = Math.max(0, 1 / pair.healthFactor - 1)
      pair.bonus = Math.min(violation, pair.bonus)
      sellAtBonus(pair, pair.owed, wanted, out)
      return 0
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      return vaultRules(vaults.map((vault) => scaledVault(vault, parameter, by)))
    },
  })
  return vaults.some(({ ltvs }) => ltvs.some(isRamped)) ? ramped(rules, terms, vaults) : rules
}

function scaledVault(vault: Vault, parameter: 'threshold' | 'bonus', by: number): Vault {
  if (parameter === 'bonus') return { ...vault, bonus: vault.bonus * by }
  const bare = vault.ltvs.map((ltv) => ({ ...ltv, bonus: 0 }))
  return {
    ...vault,
    ltvs: scaledAssets(bare, parameter, by).map((ltv) =>
      ltv.rampTo === undefined ? ltv : { ...ltv, rampTo: Math.min(ltv.rampTo * by, ltv.threshold) },
    ),
  }
}

type Ltv = Vault['ltvs'][number]

function isRamped({ rampTo }: Ltv): boolean {
  return rampTo !== undefined
}

/** Seconds since the opening. */
interface Clock extends Items {
  seconds: number
}

/** The same rules with liquidation LTVs that fall with time. */
function ramped(rules: Rules, terms: Terms, vaults: readonly Vault[]): Rules {
  const { count } = terms.slots
  const from = terms.factor
  const to = from.slice()
  const over = new Float64Array(count).fill(1)
  for (const { group, ltvs } of vaults) {
    for (const { asset, rampTo, rampSeconds } of ltvs) {
      if (rampTo === undefined) continue
      const slot = terms.slotOf(asset, 1, group)
      to[slot] = rampTo
      over[slot] = rampSeconds!
    }
  }
  return {
    ...rules,
    items: () => clockAt(0),
    accrue(protocol, seconds) {
      rules.accrue?.(protocol, seconds)
      const clock = protocol.items as Clock
      clock.seconds += seconds
    },
    value(protocol: Protocol) {
      rules.value(protocol)
      const { seconds } = protocol.items as Clock
      for (let s = 0; s < count; s++) {
        const left = Math.max(0, 1 - seconds / over[s])
        protocol.values[s] *= (to[s] + floorToBps((from[s] - to[s]) * left)) / from[s]
      }
    },
  }
}

function clockAt(seconds: number): Clock {
  const clock: Clock = {
    seconds,
    copy: () => clockAt(clock.seconds),
    reset(from) {
      clock.seconds = (from as Clock).seconds
    },
  }
  return clock
}

/** Slots of each vault: its collaterals, then its debt. */
function termsOf(vaults: readonly Vault[]): Terms {
  const rows = vaults.flatMap(({ group, debt, bonus, borrowRate, ltvs }) => [
    ...ltvs.map(({ asset, threshold, supplyRate = 0 }) => {
      return { asset, side: 1, group, factor: threshold, bonus, rate: supplyRate }
    }),
    { asset: debt, side: -1, group, factor: 1, bonus: 0, rate: borrowRate ?? 0 },
  ])
  const slotOf = (asset: number, side: 1 | -1, group: number): number =>
    rows.findIndex((row) => row.asset === asset && row.side === side && row.group === group)
  return {
    slots: {
      count: rows.length,
      asset: Uint16Array.from(rows, ({ asset }) => asset),
      side: Int8Array.from(rows, ({ side }) => side),
      group: Uint16Array.from(rows, ({ group }) => group),
    },
    factor: Float64Array.from(rows, ({ factor }) => factor),
    bonus: Float64Array.from(rows, ({ bonus }) => bonus),
    rate: Float64Array.from(rows, ({ rate }) => rate),
    slotOf,
    of(asset, group) {
      const slot = slotOf(asset, 1, group)
      return slot < 0 ? null : { threshold: rows[slot].factor, bonus: rows[slot].bonus }
    },
  }
}

function checkVaults(vaults: Spec['vaults']): void {
  vaults.forEach(({ maxDiscount, ltvs }, v) => {
    const part = maxDiscount >= 0 && maxDiscount < 1
    const at = `vaults[${v}]`
    check(part, 'FB2285', `${at}.maxDiscount`, 'a discount is a share below 1', maxDiscount)
    const seen = new Set<number>()
    ltvs.forEach(({ asset, threshold, rampTo, rampSeconds }, i) => {
      const place = `${at}.ltvs[${i}]`
      const isNew = !seen.has(asset)
      seen.add(asset)
      const inside = isNew && threshold > 0 && threshold < 1
      const one = 'a collateral has one LTV, between 0 and 1'
      check(inside, 'FB2286', `${place}.threshold`, one, threshold)
      const both = (rampTo === undefined) === (rampSeconds === undefined)
      const falls = rampTo === undefined || (rampTo > 0 && rampTo <= threshold && rampSeconds! > 0)
      const ramp = 'a ramp falls to rampTo, at or below threshold, over rampSeconds'
      check(both && falls, 'FB2287', `${place}.rampTo`, ramp, rampTo)
    })
  })
}
