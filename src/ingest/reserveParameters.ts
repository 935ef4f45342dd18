/** Terms of assets from a file of reserve parameters, where a scenario does not write them out. */

import { type Field, type Fields, keyOf, type Limits, type Shape } from '../parameters.ts'
import type { RulesFactory } from '../rules.ts'
import { indexOf } from './assets.ts'
import { type Context, checkAge } from './context.ts'
import { rowsWhere } from './depth.ts'
import { amount, type Reading, rate } from './quantity.ts'
import type { ReserveKeys } from './reserveParametersSchema.ts'
import { columnOf, failAt, numberAt, readTable, type Table, TableError, textAt } from './table.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/** Terms by name of an asset, as the keys under `assets:` have them. */
type Assets = Record<string, Record<string, number>>

/**
 * Reads the terms of all assets of a scenario that a file has and `written` lacks.
 *
 * Rule:   a row counts for the asset that it names, after `rename`; assets that the scenario does
 *         not have are left out. A threshold of 0 means that the asset is only borrowed.
 * Units:  as the factory has them; the file's ratios are in `unit`, other numbers as they stand.
 * Throws: ScenarioKeyError for a key that is not a term of the rules, or a missing one; TableError
 *         for the file: FB4022 no row, FB4025 a value out of range, FB4026 an asset twice
 */
export async function reservesFrom(
  keys: ReserveKeys,
  { parameters }: RulesFactory,
  written: Readonly<Record<string, unknown>>,
  context: Context,
  path: readonly Step[],
): Promise<Assets> {
  checkAge(keys, context, path)
  const { shape } = parameters.assets as { shape: Extract<Shape, { type: 'byAsset' }> }
  const table = await readTable(keys, context.path, context.source)
  const always = constantsOf(keys, shape.fields, context, path)
  const terms = termsOf(keys, shape.fields, table, context, path)
  checkWhole(shape.together, terms, always, context, path)
  const found: Assets = {}
  const names = namesOf(keys, table, context, path)
  for (const [row, name] of names) {
    if (!context.assets.names.includes(name) || Object.hasOwn(written, name)) continue
    const at = columnOf(table, keys.asset)
    if (Object.hasOwn(found, name))
      failAt(table, row, at, 'FB4026', 'an asset has one row', name, 'Narrow the rows with where:')
    found[name] = valuesAt(table, row, terms, always, shape.together)
  }
  const { name, sha256, rows } = table
  context.data.push({
    name,
    role: 'parameters',
    sha256,
    rows: rows.length,
    as_of: keys.asOf ?? null,
  })
  return found
}

/** One term and the column that holds it. */
interface Term {
  readonly key: string
  readonly field: Field<unknown>
  readonly column: number
  readonly unit: ReserveKeys['unit']
  readonly less: number
}

/** Name of the scenario's asset by row; every renamed one is there. */
function namesOf(
  keys: ReserveKeys,
  table: Table,
  context: Context,
  path: readonly Step[],
): Map<number, string> {
  const rename = keys.rename ?? {}
  const at = columnOf(table, keys.asset)
  const rows = rowsWhere(table, keys.where)
  const texts = new Map(rows.map((row) => [row, textAt(table, row, at)]))
  for (const [from, to] of Object.entries(rename)) {
    indexOf(context.assets.names, to, context.tree, [...path, 'rename', from])
    if ([...texts.values()].includes(from)) continue
    throw new TableError({
      code: 'FB4022',
      rule: `no row that where: leaves has ${keys.asset} ${from}`,
      place: table.name,
      remedy: 'Correct rename: or where: in the scenario',
    })
  }
  const own = new Map([...texts].map(([row, text]) => [row, rename[text] ?? text]))
  if ([...own.values()].some((name) => context.assets.names.includes(name))) return own
  throw new TableError({
    code: 'FB4022',
    rule: `no row names an asset of the scenario in ${keys.asset}`,
    place: table.name,
    came: [...texts.values()].slice(0, 5).join(', '),
    remedy: 'Map the names with rename: { WETH: ETH }',
  })
}

function termsOf(
  keys: ReserveKeys,
  fields: Fields,
  table: Table,
  context: Context,
  path: readonly Step[],
): Term[] {
  return Object.entries(keys.columns).map(([key, given]) => {
    const field = fieldOf(fields, key, context, [...path, 'columns', key])
    const {
      column,
      unit = keys.unit,
      less = 0,
    } = typeof given === 'string' ? { column: given } : given
    return { key, field, column: columnOf(table, column), unit, less }
  })
}

function fieldOf(
  fields: Fields,
  key: string,
  context: Context,
  path: readonly Step[],
): Field<unknown> {
  const known = Object.entries(fields).filter(([, { shape }]) => limitsOf(shape) !== null)
  const keys = known.map(([name, { shape }]) => keyOf(name, shape))
  const [, field] = known[indexOf(keys, key, context.tree, path, 'term of an asset')]
  if (!field.isOfTime || context.time !== null) return field
  throw keyError(context.tree, path, {
    code: 'FB2070',
    rule: 'this term belongs to a run in time, and the scenario has no blocks',
    remedy: `Add blocks: 7200, or remove ${key}`,
  })
}

/** Terms that are the same for all assets of the file. */
function constantsOf(
  keys: ReserveKeys,
  fields: Fields,
  context: Context,
  path: readonly Step[],
): Record<string, number> {
  const read = Object.entries(keys.always ?? {}).map(([key, given]) => {
    const place = [...path, 'always', key]
    const { shape } = fieldOf(fields, key, context, place)
    const reading = isRatio(shape)
      ? rate(given, limitsOf(shape)!)
      : amount(given, limitsOf(shape)!, shape.type === 'money')
    if ('fault' in reading)
      throw keyError(context.tree, place, { ...reading.fault, came: String(given) })
    return [key, reading.value]
  })
  return Object.fromEntries(read)
}

/** Collateral needs all of its terms: each is a column, or the same for all. */
function checkWhole(
  together: readonly string[],
  terms: readonly Term[],
  always: Readonly<Record<string, number>>,
  context: Context,
  path: readonly Step[],
): void {
  const has = (key: string) => terms.some((term) => term.key === key) || Object.hasOwn(always, key)
  const missing = together.filter((key) => !has(key))
  if (missing.length === 0) return
  throw keyError(context.tree, [...path, 'columns'], {
    code: 'FB2051',
    rule: `collateral needs ${together.join(', ')}; ${missing.join(', ')} is missing`,
    remedy: `Name its column, or write always: { ${missing[0]}: 10% }`,
  })
}

/** Terms of one row; without those that collateral needs where its threshold is 0. */
function valuesAt(
  table: Table,
  row: number,
  terms: readonly Term[],
  always: Readonly<Record<string, number>>,
  together: readonly string[],
): Record<string, number> {
  const values: Record<string, number> = { ...always }
  let isCollateral = true
  // What may be left out altogether says whether the rest means anything.
  const sorted = [...terms].sort(
    (a, b) => +(b.field.otherwise === null) - +(a.field.otherwise === null),
  )
  for (const term of sorted) {
    const { key, field, column, less } = term
    const raw = numberAt(table, row, column)
    if (field.otherwise === null && raw === 0) isCollateral = false
    if (!isCollateral && together.includes(key)) continue
    const reading = read(raw, term)
    if ('value' in reading) {
      values[key] = reading.value
      continue
    }
    const rule = less === 0 ? reading.fault.rule : `${reading.fault.rule}, once ${less} is off`
    failAt(table, row, column, 'FB4025', rule, table.rows[row][column], REMEDY)
  }
  if (!isCollateral) for (const key of together) delete values[key]
  return values
}

const REMEDY = 'Check unit: and less: of the column, or correct this row'

function read(value: number, { field: { shape }, unit, less }: Term): Reading {
  const limits = limitsOf(shape)!
  if (!isRatio(shape)) return amount(value, limits, false)
  const fraction = shifted(String(value), -POWERS[unit])
  // Differences of decimals: 1.05 less 1 is 0.05.
  const left = less === 0 ? fraction : Number((fraction - less).toFixed(12))
  return rate(`${shifted(String(left), 2)}%`, limits)
}

const POWERS = { fraction: 0, percent: 2, bps: 4 }

/** Digits times a power of ten, rounded once. */
function shifted(digits: string, power: number): number {
  const [mantissa, exponent = '0'] = digits.split('e')
  return Number(`${mantissa}e${Number(exponent) + power}`)
}

function isRatio({ type }: Shape): boolean {
  return type === 'ratio' || type === 'rate'
}

/** Limits of what a column may hold; null for what is no number. */
function limitsOf(shape: Shape): Limits | null {
  return 'limits' in shape && shape.type !== 'seconds' ? shape.limits : null
}
