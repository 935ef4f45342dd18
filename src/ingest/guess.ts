/** What the columns of a file that nobody has described are likely to be. */

import { sideOf } from './positions.ts'
import { type Table, TableError, textAt } from './table.ts'

/** What a table may serve as. */
export type TableRole = 'positions' | 'orderBook' | 'quoteLadder'

/** Our columns, each with the name that the file has for it; null where none seems to fit. */
export type ColumnGuess = Readonly<Record<string, string | null>>

/** The columns that each role cannot do without. */
export const neededColumns: Readonly<Record<TableRole, readonly string[]>> = {
  positions: ['account', 'asset', 'side', 'amount'],
  orderBook: ['price', 'size'],
  quoteLadder: ['amountIn', 'amountOut'],
}

/** Columns that a page may take opening values from; a run reads none of them. */
export const valueColumns = ['price', 'threshold'] as const

/** Words that files have for our columns, the likeliest first; only letters and digits count. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  account: ['account', 'user', 'borrower', 'owner', 'wallet', 'address', 'trader', 'holder'],
  asset: ['asset', 'symbol', 'token', 'coin', 'underlying', 'currency', 'reserve'],
  side: ['side', 'type', 'kind', 'positiontype', 'legtype', 'direction', 'role'],
  amount: ['amount', 'balance', 'quantity', 'qty', 'units', 'tokens', 'size'],
  price: ['price', 'priceusd', 'usdprice', 'oracleprice', 'level', 'px', 'rate'],
  threshold: ['threshold', 'lt', 'ltratio', 'liquidationthreshold', 'lltv', 'collateralfactor'],
  size: ['size', 'amount', 'quantity', 'qty', 'volume', 'units'],
  amountIn: ['amountin', 'in', 'sold', 'sell', 'input', 'sellamount', 'fromamount'],
  amountOut: ['amountout', 'out', 'bought', 'received', 'output', 'buyamount', 'toamount'],
}

/**
 * Guesses which column is which, by name and by what stands in the first rows.
 *
 * Rule: a column serves once; numbers must be numbers, and sides words for sides.
 */
export function guessedColumns(names: readonly string[], table: Table): ColumnGuess {
  const taken = new Set<number>()
  const guess: Record<string, string | null> = {}
  for (const name of names) {
    const words = synonyms[name] ?? [name.toLowerCase()]
    const plain = table.columns.map((column) => column.toLowerCase().replace(/[^a-z0-9]/g, ''))
    const at = words
      .map((one) => plain.findIndex((column, k) => column === one && !taken.has(k)))
      .find((k) => k >= 0 && fits(name, table, k))
    guess[name] = at === undefined ? null : table.columns[at]
    if (at !== undefined) taken.add(at)
  }
  return guess
}

/** What a table seems to serve as: the role with all of its columns found; null where none has. */
export function guessedRole(table: Table): TableRole | null {
  const roles = Object.keys(neededColumns) as TableRole[]
  const whole = roles.find((role) =>
    Object.values(guessedColumns(neededColumns[role], table)).every((name) => name !== null),
  )
  return whole ?? null
}

function fits(name: string, table: Table, column: number): boolean {
  const cells = table.rows.slice(0, LOOKED_AT).map((_, row) => textAt(table, row, column))
  const given = cells.filter((cell) => cell !== '')
  if (given.length === 0) return false
  if (name === 'side') return given.every((cell) => sideOf(cell) !== null)
  if (name === 'account' || name === 'asset') return true
  return given.every((cell) => Number.isFinite(Number(cell)))
}

const LOOKED_AT = 100

/** One asset as positions have it. */
export interface FoundAsset {
  readonly name: string
  /** Units that are owned and owed. */
  readonly collateral: number
  readonly debt: number
  /** Of the first row that has one; null where the file has no such column. */
  readonly price: number | null
  readonly threshold: number | null
}

/**
 * All assets of a table of positions, the largest count of rows first.
 *
 * Throws: TableError where the column of assets holds too many names to be one
 */
export function assetsIn(table: Table, columns: ColumnGuess): readonly FoundAsset[] {
  const at = (name: string) => table.columns.indexOf(columns[name] ?? '')
  const [asset, side, amount] = ['asset', 'side', 'amount'].map(at)
  const [price, threshold] = valueColumns.map(at)
  if (asset < 0) return []
  const found = new Map<string, { -readonly [K in keyof FoundAsset]: FoundAsset[K] }>()
  for (let row = 0; row < table.rows.length; row++) {
    const name = textAt(table, row, asset)
    let own = found.get(name)
    if (own === undefined) {
      own = { name, collateral: 0, debt: 0, price: null, threshold: null }
      found.set(name, own)
      if (found.size > ASSETS_MAX) throw new ManyAssetsError(table, columns.asset ?? '')
    }
    const units = valueAt(table, row, amount) ?? 0
    const way = side < 0 ? null : sideOf(textAt(table, row, side))
    if (way === 1) own.collateral += units
    if (way === -1) own.debt += units
    own.price ??= valueAt(table, row, price)
    if (way === 1) own.threshold ??= valueAt(table, row, threshold)
  }
  return [...found.values()]
}

function valueAt(table: Table, row: number, column: number): number | null {
  const text = column < 0 ? '' : textAt(table, row, column)
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value > 0 ? value : null
}

const ASSETS_MAX = 200

/** A column that cannot be that of assets. */
class ManyAssetsError extends TableError {
  constructor({ name }: Table, column: string) {
    super({
      code: 'FB4008',
      rule: `a book has at most ${ASSETS_MAX} assets`,
      place: `${name}, column ${column}`,
      remedy: 'Choose the column that names the asset, such as ETH',
    })
  }
}

/** Holds files to what a page can take. Throws: LargeFileError */
export function checkSize(name: string, bytes: number): void {
  const came = `${(bytes / 1e6).toFixed(0)} MB`
  if (bytes > BYTES_MAX) throw new LargeFileError(name, `up to ${BYTES_MAX / 1e6} MB`, came)
}

/** A page holds a table whole, several times over; the command line has more memory. */
const BYTES_MAX = 64_000_000
const ROWS_MAX = 2_000_000

/** A file that is too large for a page. */
class LargeFileError extends TableError {
  constructor(name: string, most: string, came: string) {
    super({
      code: 'FB4009',
      rule: `a page takes files of ${most}, for it holds them whole in its memory`,
      place: name,
      came,
      remedy: 'Run it on the command line, which has more: firebreak init writes a scenario for it',
    })
  }
}

/** Holds a table to what a market needs and a page can hold. Throws: TableError */
export function checkUsable({ name, columns, rows }: Table): void {
  if (rows.length > ROWS_MAX)
    throw new LargeFileError(name, `up to ${ROWS_MAX / 1e6} million rows`, `${rows.length} rows`)
  if (columns.length < 2) throw new NoColumnsError(name, columns)
}

/** A table that can be neither positions nor depth. */
class NoColumnsError extends TableError {
  constructor(name: string, columns: readonly string[]) {
    super({
      code: 'FB4005',
      rule: 'positions have the columns account, asset, side and amount, depth has price and size',
      place: name,
      came: `one column, ${columns[0].slice(0, 40)}`,
      remedy: 'Write one row per position, with commas between the columns',
    })
  }
}
