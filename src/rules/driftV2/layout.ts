/** Markets of a Drift v2 deployment, and the slots where their positions stand in a book. */

import type { Slots } from '../../book.ts'
import type { Rules } from '../../rules.ts'
import { check } from '../terms.ts'
import type { DriftSpec } from './parameters.ts'

/** Kinds of slots. A leg of kind MARGIN stands behind the leg whose requirement it holds. */
export const CASH = 0
export const PERP = 1
export const DEPOSIT = 2
export const DEBT = 3
export const MARGIN = 4

/** Slots of requirements: no position names these groups. */
const REQUIREMENT = 65_535
const DISCOUNT = 65_534

/** A perpetual market. */
export interface Perp extends Omit<DriftSpec['perps'][number], 'fundingRate'> {
  readonly fundingRate: number
  readonly long: number
  readonly short: number
  readonly margin: number
}

/** A spot market; -1 for a slot that it has not. `deposit` of the settlement asset is the cash. */
export interface Spot extends Omit<DriftSpec['spot'][number], 'assetWeight' | 'liabilityWeight'> {
  readonly assetWeight: number
  readonly liabilityWeight: number
  readonly deposit: number
  readonly depositMargin: number
  readonly debt: number
  readonly debtMargin: number
}

/**
 * All slots.
 *
 * Shape: columns of slots: kind, market (of perps or spots), slot whose index a requirement
 *        follows (itself elsewhere), interest a year. `spots[0]` is the settlement asset.
 */
export interface Layout {
  readonly slots: Slots
  readonly kind: Uint8Array
  readonly market: Int16Array
  readonly follows: Uint16Array
  readonly rate: Float64Array
  readonly perps: readonly Perp[]
  readonly spots: readonly Spot[]
  readonly cash: number
  readonly settlement: number
  /** One more than the largest asset. */
  readonly assets: number
}

interface Row {
  readonly asset: number
  readonly side: 1 | -1
  readonly group: number
  readonly kind: number
  readonly market: number
  readonly follows?: number
  readonly rate?: number | undefined
}

/**
 * Lays out slots: long, short and requirement for each perpetual market, deposit and borrow with
 * their requirements for each spot market.
 *
 * Throws: ParameterError FB2330, FB2331, FB2204
 */
export function layoutOf({ settlement, perps, spot }: DriftSpec): Layout {
  checkSpec({ settlement, perps, spot })
  const rows: Row[] = []
  const add = (row: Row) => rows.push(row) - 1
  const quote = spot.find(({ asset }) => asset === settlement) ?? { ...NOTHING, asset: settlement }
  const others = spot.filter(({ asset }) => asset !== settlement)
  const spots = [quote, ...others].map((of, n) => spotOf(of, n, add))
  const built = perps.map((perp, market): Perp => {
    const { asset, group, fundingRate = 0 } = perp
    const long = add({ asset, side: 1, group, kind: PERP, market })
    const short = add({ asset, side: -1, group, kind: PERP, market })
    const margin = add({ asset, side: -1, group: REQUIREMENT, kind: MARGIN, market, follows: long })
    return { ...perp, fundingRate, long, short, margin }
  })
  return {
    slots: {
      count: rows.length,
      asset: Uint16Array.from(rows, (row) => row.asset),
      side: Int8Array.from(rows, (row) => row.side),
      group: Uint16Array.from(rows, (row) => row.group),
    },
    kind: Uint8Array.from(rows, (row) => row.kind),
    market: Int16Array.from(rows, (row) => row.market),
    follows: Uint16Array.from(rows, ({ follows }, s) => follows ?? s),
    rate: Float64Array.from(rows, ({ rate = 0 }) => rate),
    perps: built,
    spots,
    cash: spots[0].deposit,
    settlement,
    assets: 1 + Math.max(...rows.map((row) => row.asset)),
  }
}

/** Where positions stand, and their terms. */
export function positionsOf(layout: Layout): Pick<Rules, 'slotOf' | 'terms'> {
  const { perps, spots, cash, settlement } = layout
  const spotAt = (asset: number) => spots.find((each) => each.asset === asset)
  return {
    slotOf(asset, side, group) {
      const perp = perps.find((each) => each.group === group)
      if (group !== 0 && perp === undefined) return -1
      if (asset === settlement) {
        const isOpen = side > 0 || group !== 0 || spots[0].liabilityWeight > 0
        return isOpen ? cash : -1
      }
      if (perp !== undefined) return perp.asset === asset ? (side > 0 ? perp.long : perp.short) : -1
      return (side > 0 ? spotAt(asset)?.deposit : spotAt(asset)?.debt) ?? -1
    },
    terms(asset, group) {
      const perp = perps.find((each) => each.group === group)
      if (group !== 0 && perp === undefined) return null
      if (asset === settlement) return { threshold: 1, bonus: spots[0].liquidationFee }
      if (perp !== undefined)
        return perp.asset === asset
          ? { threshold: 1 - perp.maintenance, bonus: perp.liquidationFee }
          : null
      const spot = spotAt(asset)
      if (spot === undefined || spot.deposit < 0) return null
      return { threshold: spot.assetWeight, bonus: spot.liquidationFee }
    },
  }
}

function spotOf(of: DriftSpec['spot'][number], market: number, add: (row: Row) => number): Spot {
  const { asset, imf } = of
  const isCash = market === 0
  const assetWeight = isCash ? 1 : (of.assetWeight ?? 0)
  const liabilityWeight = of.liabilityWeight ?? 0
  const row = { asset, group: 0, market }
  const behind = { asset, side: -1, kind: MARGIN, market } as const
  const deposit =
    assetWeight > 0
      ? add({ ...row, side: 1, kind: isCash ? CASH : DEPOSIT, rate: of.supplyRate })
      : -1
  const depositMargin =
    deposit >= 0 && imf > 0 && !isCash ? add({ ...behind, group: DISCOUNT, follows: deposit }) : -1
  const owes = liabilityWeight > 0
  const debt = owes && !isCash ? add({ ...row, side: -1, kind: DEBT, rate: of.borrowRate }) : -1
  const debtMargin = owes
    ? add({ ...behind, group: REQUIREMENT, follows: isCash ? deposit : debt })
    : -1
  return { ...of, assetWeight, liabilityWeight, deposit, depositMargin, debt, debtMargin }
}

const NOTHING: Omit<DriftSpec['spot'][number], 'asset'> = {
  assetWeight: null,
  liabilityWeight: null,
  imf: 0,
  liquidationFee: 0,
  fundFee: 0,
  fundUnits: 0,
  outsideUnits: 0,
  paused: false,
}

function checkSpec({ settlement, perps, spot }: Pick<DriftSpec, 'settlement' | 'perps' | 'spot'>) {
  spot.forEach((of, n) => {
    if (of.asset !== settlement) return
    const isWhole = of.assetWeight === null || of.assetWeight === 1
    const place = `spot[${n}]`
    check(isWhole, 'FB2330', `${place}.assetWeight`, 'cash counts whole', of.assetWeight)
    for (const name of ['supplyRate', 'borrowRate'] as const)
      check((of[name] ?? 0) === 0, 'FB2330', `${place}.${name}`, 'cash bears none', of[name])
  })
  perps.forEach(({ asset, group }, m) => {
    const place = `perps[${m}]`
    const rule = 'a contract is on another asset than it is settled in'
    check(asset !== settlement, 'FB2331', `${place}.asset`, rule, asset)
    const isNew = perps.findIndex((each) => each.group === group) === m && group !== 0
    check(isNew, 'FB2204', `${place}.group`, 'a group is listed once, and not 0', group)
  })
}
