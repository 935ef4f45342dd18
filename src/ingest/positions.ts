/** Turns a table of positions into columns, refusing every row that cannot be judged. */

import type { OwnColumn } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { lacking } from './lacking.ts'
import type { Groups } from './parameterValues.ts'
import { didYouMean } from './suggest.ts'
import { columnOf, failAt, numberAt, type Table, textAt } from './table.ts'

/** What positions may refer to. */
export interface Known {
  readonly assets: readonly string[]
  /** Below 0 where the rules know no such position. */
  readonly slotOf: Rules['slotOf']
  readonly groups: Groups
  /** Columns that the rules read beside. */
  readonly own: readonly OwnColumn[]
}

/** What the file calls our columns. */
export type ColumnNames = Readonly<Record<string, string | undefined>>

/**
 * Reads positions.
 *
 * Rule:   one row is one leg; rows of amount 0 are counted and left out. An account with debt and
 *         no collateral is kept: it is bad debt already there.
 * Units:  amounts in whole tokens. `side` is collateral, supply or + / debt, borrow or -, in any
 *         case.
 * Throws: TableError for a negative, missing or non-numeric amount, an unknown asset, side or
 *         group, an asset without terms, a position that stands twice
 */
export function positionsFrom(
  table: Table,
  names: ColumnNames,
  known: Known,
  asOf: string | null,
): { readonly positions: Positions; readonly empty: number } {
  const at = columnsAt(table, names)
  const accounts = new Map<string, number>()
  const seen = new Set<number>()
  const legs: Legs = { account: [], asset: [], side: [], group: [], amount: [] }
  const own = ownColumns(table, names, known.own)
  let empty = 0
  for (let row = 0; row < table.rows.length; row++) {
    const name = textAt(table, row, at.account)
    if (name === '') failAt(table, row, at.account, 'FB4013', 'an account is missing', null)
    const asset = assetAt(table, row, at.asset, known)
    const side = sideAt(table, row, at.side)
    const group = at.group === null ? 0 : groupAt(table, row, at.group, known)
    const amount = amountAt(table, row, at.amount)
    checkTerms(table, row, at.asset, known, asset, side, group)
    const account = accounts.get(name) ?? accounts.size
    accounts.set(name, account)
    const key = ((account * 65536 + asset) * 2 + (side > 0 ? 1 : 0)) * 1024 + group
    if (seen.has(key)) failTwice(table, row, at.account)
    seen.add(key)
    if (amount === 0) {
      empty++
      continue
    }
    legs.account.push(account)
    legs.asset.push(asset)
    legs.side.push(side)
    legs.group.push(group)
    legs.amount.push(amount)
    for (const column of own) column.values.push(column.at(row))
  }
  const columns = Object.fromEntries(
    own.map(({ name, values }) => [name, Float64Array.from(values)]),
  )
  const positions = { ...sealed(legs, [...accounts.keys()]), synthetic: false, asOf }
  return { positions: own.length === 0 ? positions : { ...positions, own: columns }, empty }
}

/** Legs while they are gathered, one entry each. */
export type Legs = Record<'account' | 'asset' | 'side' | 'group' | 'amount', number[]>

/** Typed columns of legs. */
function sealed(legs: Legs, accounts: string[]) {
  return {
    accounts,
    account: Uint32Array.from(legs.account),
    asset: Uint16Array.from(legs.asset),
    side: Int8Array.from(legs.side),
    group: Uint16Array.from(legs.group),
    amount: Float64Array.from(legs.amount),
  }
}

/** Columns of the rules while they are gathered. */
function ownColumns(table: Table, names: ColumnNames, own: readonly OwnColumn[]) {
  return own.map(({ name, otherwise, isWhole }) => {
    const isNeeded = otherwise === undefined
    const column = isNeeded ? columnOf(table, names[name] ?? name) : mayHave(table, names, name)
    const at = (row: number): number => {
      if (column < 0 || (otherwise !== undefined && textAt(table, row, column) === ''))
        return otherwise!
      const value = numberAt(table, row, column)
      if (!isWhole || Number.isInteger(value)) return value
      return failAt(table, row, column, 'FB4011', `${name} must be a whole number`, String(value))
    }
    return { name, at, values: [] as number[] }
  })
}

/**
 * A column that may be absent, then below 0. One that `columns:` names, or that differs in the case
 * of its letters alone, is meant and must not be passed over: it has to be there by its name.
 */
function mayHave(table: Table, names: ColumnNames, name: string): number {
  const called = names[name] ?? name
  const isMeant = table.columns.some((one) => one.toLowerCase() === called.toLowerCase())
  return isMeant || names[name] !== undefined ? columnOf(table, called) : -1
}

function columnsAt(table: Table, names: ColumnNames) {
  const group = mayHave(table, names, 'group')
  return {
    account: columnOf(table, names.account ?? 'account'),
    asset: columnOf(table, names.asset ?? 'asset'),
    side: columnOf(table, names.side ?? 'side'),
    amount: columnOf(table, names.amount ?? 'amount'),
    group: group < 0 ? null : group,
  }
}

function assetAt(table: Table, row: number, column: number, known: Known): number {
  const name = textAt(table, row, column)
  const asset = known.assets.indexOf(name)
  if (asset >= 0) return asset
  const remedy = `Add it to the assets of the scenario. ${didYouMean(name, known.assets)}`
  return failAt(table, row, column, 'FB4014', 'the scenario has no such asset', name, remedy)
}

const sides: Readonly<Record<string, 1 | -1>> = {
  collateral: 1,
  supply: 1,
  '+': 1,
  '1': 1,
  debt: -1,
  borrow: -1,
  '-': -1,
  '-1': -1,
}

/** Which side a word stands for; null for any other word. */
export function sideOf(name: string): 1 | -1 | null {
  const key = name.toLowerCase()
  return Object.hasOwn(sides, key) ? sides[key] : null
}

function sideAt(table: Table, row: number, column: number): 1 | -1 {
  const name = textAt(table, row, column)
  const side = sideOf(name)
  if (side !== null) return side
  const remedy =
    'Write collateral, supply or + for what is owned, debt, borrow or - for what is owed'
  return failAt(table, row, column, 'FB4015', 'a position is collateral or debt', name, remedy)
}

function groupAt(table: Table, row: number, column: number, known: Known): number {
  const name = textAt(table, row, column)
  if (name === '' || name === '0') return 0
  const { key, names } = known.groups
  const group = names.indexOf(name) + 1
  if (group > 0) return group
  const remedy = `Groups are those that the rules name under ${key}. ${didYouMean(name, names)}`
  return failAt(table, row, column, 'FB4018', 'the rules have no such group', name, remedy)
}

function amountAt(table: Table, row: number, column: number): number {
  const amount = numberAt(table, row, column)
  if (amount >= 0) return amount
  const remedy = 'Write amounts positive; the side column says which are debts'
  const cell = table.rows[row][column]
  return failAt(table, row, column, 'FB4012', 'an amount must not be negative', cell, remedy)
}

function checkTerms(
  table: Table,
  row: number,
  column: number,
  known: Known,
  asset: number,
  side: 1 | -1,
  group: number,
): void {
  const name = known.assets[asset]
  if (known.slotOf(asset, side, group) >= 0) return
  const grouped = lacking(known.slotOf, known.groups, asset, side, group)
  if (grouped !== null) failAt(table, row, column, 'FB4017', grouped.rule, name, grouped.remedy)
  const isKnown = known.slotOf(asset, side > 0 ? -1 : 1, group) >= 0
  const rule = !isKnown
    ? 'the protocol has no terms for this asset'
    : side > 0
      ? 'collateral needs a liquidation threshold'
      : 'the protocol does not lend this asset'
  const remedy = `Add ${name} with its threshold to the assets of the rules, or drop these rows`
  failAt(table, row, column, 'FB4017', rule, name, remedy)
}

function failTwice(table: Table, row: number, column: number): never {
  const rule = 'a position stands once for each account, asset, side and group'
  const remedy = 'Add the rows up, or remove one'
  return failAt(table, row, column, 'FB4016', rule, table.rows[row][column], remedy)
}
