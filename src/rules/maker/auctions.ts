/** Running auctions as columns: what Maker's rules hold beside their books. */

import type { Items } from '../../rules.ts'

/**
 * Running auctions in no order that means anything: the last takes the place of one that ends.
 *
 * Shape: `place` has one entry per auction ever started, by its id: its row in the other columns,
 *        or -1 once it ended. `id` and the columns of the model have `count` valid rows.
 * Units: `tabs` is the DAI asked for in all running auctions of an asset, by the asset.
 */
export interface Auctions extends Items {
  count: number
  /** Goes up when there is room for more auctions than before. */
  stamp: number
  readonly place: number[]
  readonly id: number[]
  readonly tabs: number[]
}

/** No auction yet, with these columns of a row per auction, and others beside them. */
export function auctionColumns<Name extends string>(
  names: readonly Name[],
): Auctions & Record<Name, number[]> {
  const all = [...OWN, ...names]
  const columns = Object.fromEntries(names.map((name) => [name, []])) as unknown as Columns<Name>
  const state: Auctions = {
    count: 0,
    stamp: 0,
    place: [],
    id: [],
    tabs: [],
    copy() {
      const other = auctionColumns(names)
      other.reset(self)
      return other
    },
    reset(other) {
      const from = other as typeof self
      self.count = from.count
      self.stamp = from.stamp
      for (const name of all) refill(self[name], from[name])
    },
  }
  const self = Object.assign(state, columns)
  return self
}

type Columns<Name extends string> = Record<Name, number[]>

const OWN = ['place', 'id', 'tabs'] as const

/** Opens a row for an auction of an asset that asks for `tab`, and returns it. */
export function openRow(auctions: Auctions, asset: number, tab: number): number {
  const row = auctions.count++
  auctions.id[row] = auctions.place.push(row) - 1
  ask(auctions, asset, tab)
  return row
}

/** Adds to the DAI asked for in auctions of an asset. */
export function ask({ tabs }: Auctions, asset: number, dai: number): void {
  while (tabs.length <= asset) tabs.push(0)
  tabs[asset] += dai
}

/** Takes an auction off the list. */
export function closeRow<Name extends string>(
  auctions: Auctions & Columns<Name>,
  names: readonly Name[],
  row: number,
): void {
  const last = --auctions.count
  auctions.place[auctions.id[row]] = -1
  // Nothing is asked for where nothing runs: sums do not drift.
  if (last === 0) auctions.tabs.fill(0)
  if (row === last) return
  auctions.id[row] = auctions.id[last]
  for (const name of names) auctions[name][row] = auctions[name][last]
  auctions.place[auctions.id[row]] = row
}

/** DAI asked for in all running auctions. */
export function asked({ tabs }: Auctions): number {
  let sum = 0
  for (let asset = 0; asset < tabs.length; asset++) sum += tabs[asset]
  return sum
}

function refill(column: number[], from: readonly number[]): void {
  column.length = from.length
  for (let i = 0; i < from.length; i++) column[i] = from[i]
}
