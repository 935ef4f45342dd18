/** Accounts of the walls, as a table that is filtered, sorted and paged; pure. */

import type { Reach, WallAccounts } from '../../engine/wallsTable.ts'

/** What the table can be sorted by. */
export type Column = keyof WallAccounts

/** What is asked of the table. `low` and `high`: trigger prices, USD; null: all. */
export interface Wanted {
  readonly prices: { readonly low: number; readonly high: number } | null
  readonly search: string
  readonly least: number
  readonly sort: { readonly by: Column; readonly isFalling: boolean }
}

/**
 * Indices of the accounts that are wanted, in order.
 *
 * Rule: a trigger on the upper edge of the prices is in, one on the lower is in the next range;
 *       equal values stay in the order of the book.
 */
export function rowsOf(accounts: WallAccounts, { prices, search, least, sort }: Wanted): number[] {
  const words = search.trim().toLowerCase()
  const isWanted = (k: number) =>
    accounts.debt[k] >= least &&
    (prices === null || (accounts.trigger[k] > prices.low && accounts.trigger[k] <= prices.high)) &&
    (words === '' ||
      accounts.account[k].toLowerCase().includes(words) ||
      accounts.protocol[k].toLowerCase().includes(words))
  const rows = accounts.account.map((_, k) => k).filter(isWanted)
  const column = accounts[sort.by]
  const way = sort.isFalling ? -1 : 1
  return rows.sort((a, b) => way * compared(column[a], column[b]) || a - b)
}

function compared(one: string | number, other: string | number): number {
  if (typeof one === 'number') return one - (other as number)
  return one < other ? -1 : one > other ? 1 : 0
}

/** Sums of some accounts, USD. */
export function sumsOf(
  { debt, collateral }: WallAccounts,
  rows: readonly number[],
): { readonly debt: number; readonly collateral: number } {
  const sum = (column: Float64Array) => rows.reduce((all, k) => all + column[k], 0)
  return { debt: sum(debt), collateral: sum(collateral) }
}

/** What must be sold until the price stands at an edge of the levels. */
export interface Needed {
  readonly price: number
  /** Null: no amount leads there. */
  readonly units: number | null
  readonly usd: number | null
  readonly extrapolated: boolean
}

/** The sale down to an edge; edges are counted from the lowest price up. */
export function neededAt({ price, units, usd, extrapolated }: Reach, edge: number): Needed {
  const k = price.length - 1 - edge
  const isReached = !Number.isNaN(units[k])
  return {
    ...{ price: price[k], extrapolated: extrapolated[k] },
    ...{ units: isReached ? units[k] : null, usd: isReached ? usd[k] : null },
  }
}

/** Some pages of a table, and which of its rows are on one. */
export function pageOf<T>(rows: readonly T[], page: number, size: number) {
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const at = Math.min(page, pages - 1)
  return { rows: rows.slice(at * size, (at + 1) * size), page: at, pages }
}
