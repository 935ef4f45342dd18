/** Liquidation terms of assets, laid out as slots of (asset, side, group). */

import type { Slots } from '../book.ts'
import { assert, InputError } from '../errors.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { type Field, ofTime, optional, or, rate, ratio } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import type { LendingAsset } from '../scenario.ts'

/** A threshold as a parameter; null where it is left out. */
export const threshold: Field<number | null> = or(
  ratio('Liquidation threshold. Left out: the asset is never collateral.', {
    from: 0,
    to: 1,
    open: 'both',
  }),
  null,
)

/** A bonus as a parameter; 0 where it is left out. */
export const bonus: Field<number> = or(
  ratio('What a liquidator receives above the debt repaid, as a fraction of it.'),
  0,
)

/** Fixed rates of interest as parameters. */
export const rates = {
  borrowRate: ofTime(optional(rate('Interest on debt, per year.'))),
  supplyRate: ofTime(optional(rate('Interest on collateral, per year.'))),
}

/** Assets whose terms differ for the accounts of one group (an e-mode). */
export interface Mode {
  readonly group: number
  readonly assets: readonly LendingAsset[]
}

/**
 * Terms as columns over slots.
 *
 * Shape: `factor` and `bonus` have one entry per slot.
 * Units: `factor` is the threshold of a collateral slot and 1 for a debt slot; `bonus` is 0 for a
 *        debt slot.
 */
export interface Terms {
  readonly slots: Slots
  readonly factor: Float64Array
  readonly bonus: Float64Array
  /** Interest per year: earned on a collateral slot, owed on a debt slot. */
  readonly rate: Float64Array
  readonly slotOf: Rules['slotOf']
  readonly of: Rules['terms']
}

/**
 * Lays out slots: per group (0 first, then each mode) a collateral slot for every asset that may be
 * one, and a debt slot.
 *
 * Rule:   A mode's terms count where it lists the asset, the asset's own elsewhere.
 * Throws: ParameterError if a threshold is outside (0, 1), a bonus negative, an asset or group
 *         twice, or a mode's asset not listed.
 */
export function termsFrom(assets: readonly LendingAsset[], modes: readonly Mode[] = []): Terms {
  checkAssets(assets, 'assets')
  const row = new Map(assets.map(({ asset }, i) => [asset, i]))
  const rank = new Map([[0, 0]])
  modes.forEach((mode, m) => {
    checkMode(mode, m, row, rank)
    rank.set(mode.group, m + 1)
  })
  const columns = layOut(assets, modes)
  const { at, factor, bonus, rate } = columns
  const slotOf = (asset: number, side: 1 | -1, group: number): number => {
    const i = row.get(asset)
    const g = rank.get(group)
    return i === undefined || g === undefined ? -1 : at[g][2 * i + (side === 1 ? 0 : 1)]
  }
  return {
    slots: columns.slots,
    factor,
    bonus,
    rate,
    slotOf,
    of(asset, group) {
      const slot = slotOf(asset, 1, group)
      return slot < 0 ? null : { threshold: factor[slot], bonus: bonus[slot] }
    },
  }
}

/** Interest that compounds the indices at the yearly rates of their slots; none where all are 0. */
export function interestAt(rate: Float64Array): Pick<Rules, 'accrue'> {
  if (rate.every((yearly) => yearly === 0)) return {}
  return {
    accrue({ index }, seconds) {
      for (let s = 0; s < rate.length; s++) index[s] *= 1 + (rate[s] * seconds) / YEAR_SECONDS
    },
  }
}

/** The same assets with thresholds (kept below 1) or bonuses multiplied. */
export function scaledAssets<A extends LendingAsset>(
  assets: readonly A[],
  parameter: 'threshold' | 'bonus',
  by: number,
): A[] {
  assert(by > 0, 'a parameter is scaled by a positive factor')
  return assets.map((asset) =>
    parameter === 'bonus'
      ? { ...asset, bonus: asset.bonus * by }
      : {
          ...asset,
          threshold:
            asset.threshold === null ? null : Math.min(asset.threshold * by, LARGEST_BELOW_ONE),
        },
  )
}

const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2

function layOut(assets: readonly LendingAsset[], modes: readonly Mode[]) {
  const asset: number[] = []
  const side: number[] = []
  const group: number[] = []
  const factor: number[] = []
  const bonus: number[] = []
  const rate: number[] = []
  const add = (terms: LendingAsset, of: number, sign: 1 | -1): number => {
    if (sign === 1 && terms.threshold === null) return -1
    asset.push(terms.asset)
    side.push(sign)
    group.push(of)
    factor.push(sign === 1 ? terms.threshold! : 1)
    rate.push((sign === 1 ? terms.supplyRate : terms.borrowRate) ?? 0)
    return bonus.push(sign === 1 ? terms.bonus : 0) - 1
  }
  const at = [{ group: 0, assets: [] }, ...modes].map((mode: Mode) =>
    assets.flatMap((own) => {
      const listed = mode.assets.find(({ asset }) => asset === own.asset)
      const terms = listed === undefined ? own : { ...own, ...listed }
      return [add(terms, mode.group, 1), add(terms, mode.group, -1)]
    }),
  )
  const slots: Slots = {
    count: asset.length,
    asset: Uint16Array.from(asset),
    side: Int8Array.from(side),
    group: Uint16Array.from(group),
  }
  const column = (of: number[]) => Float64Array.from(of)
  return { slots, at, factor: column(factor), bonus: column(bonus), rate: column(rate) }
}

function checkAssets(assets: readonly LendingAsset[], place: string): void {
  const seen = new Set<number>()
  assets.forEach(({ asset, threshold, bonus }, i) => {
    check(!seen.has(asset), 'FB2201', `${place}[${i}].asset`, 'an asset is listed once', asset)
    seen.add(asset)
    check(
      threshold === null || (threshold > 0 && threshold < 1),
      'FB2202',
      `${place}[${i}].threshold`,
      'a liquidation threshold lies between 0 and 1, both excluded',
      threshold,
    )
    check(
      bonus >= 0 && bonus < Number.POSITIVE_INFINITY,
      'FB2203',
      `${place}[${i}].bonus`,
      'a bonus is a fraction of the debt repaid, 0 or more',
      bonus,
    )
  })
}

function checkMode(mode: Mode, m: number, row: Map<number, number>, rank: Map<number, number>) {
  const place = `eModes[${m}]`
  check(
    !rank.has(mode.group),
    'FB2204',
    `${place}.group`,
    'a group is listed once, and not 0',
    mode.group,
  )
  checkAssets(mode.assets, `${place}.assets`)
  mode.assets.forEach(({ asset, threshold }, i) => {
    const known = row.has(asset) && threshold !== null
    check(
      known,
      'FB2205',
      `${place}.assets[${i}].asset`,
      'a mode gives a listed asset a threshold',
      asset,
    )
  })
}

/** Throws a ParameterError where another asset than the only one that is owed has a rate for it. */
export function checkOnlyDebt(
  assets: readonly { readonly asset: number; readonly borrowRate?: number }[],
  debt: number,
  code: string,
): void {
  assets.forEach(({ asset, borrowRate }, i) => {
    const counts = (borrowRate ?? 0) === 0 || asset === debt
    const rule = 'only the asset of all debts has interest on debt'
    check(counts, code, `assets[${i}].borrowRate`, rule, borrowRate)
  })
}

/** floorTo whole basis points; what rounding puts just below one is that one. */
export function floorToBps(share: number): number {
  return Math.floor(share * 10_000 * (1 + 1e-12)) / 10_000
}

/** Throws a ParameterError unless the rule holds. */
export function check(
  holds: boolean,
  code: string,
  place: string,
  rule: string,
  came: unknown,
): void {
  if (!holds) throw new ParameterError(code, place, rule, String(came))
}

/** A parameter of a rules factory is outside what the rule is defined for. */
export class ParameterError extends InputError {
  constructor(code: string, place: string, rule: string, came: string) {
    super({ code, place, rule, came, remedy: 'Correct this parameter of the protocol rules' })
  }
}
