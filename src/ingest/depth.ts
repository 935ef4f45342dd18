/** Turns recorded or stated depth into the columns of a venue. */

import type { VenueSpec } from '../scenario.ts'
import { rangesFromTicks } from '../venues/concentrated.ts'
import { columnOf, failAt, numberAt, type Table, TableError, textAt } from './table.ts'
import type { VenueKeys } from './venueSchema.ts'

type Keys<Kind extends VenueKeys['kind']> = Extract<VenueKeys, { kind: Kind }>
type Own<Kind extends VenueSpec['kind']> = Omit<
  Extract<VenueSpec, { kind: Kind }>,
  'name' | 'base' | 'quoteAsset' | 'outside' | 'fee' | 'asOf' | 'beyond'
>

/**
 * A band is this many equal steps: it stands for bids spread over it, not for one cliff at its end.
 */
export const levelsPerBand = 50

/**
 * Levels of an order book from cumulative bands.
 *
 * Rule:   [drop, quote amount within it]; each band is cut into `levelsPerBand` steps of equal
 *         price and equal quote amount, so that the depth within each stated drop is exact.
 * Units:  prices in quote per unit, sizes in units.
 */
export function levelsFromBands(bands: readonly (readonly [number, number])[], mid: number) {
  const price: number[] = []
  const size: number[] = []
  bands.forEach(([drop, amount], i) => {
    const [from, before] = i === 0 ? [0, 0] : bands[i - 1]
    for (let step = 1; step <= levelsPerBand; step++) {
      const level = mid * (1 - from - ((drop - from) * step) / levelsPerBand)
      price.push(level)
      size.push((amount - before) / levelsPerBand / level)
    }
  })
  return { price, size }
}

/** Index of the first entry that does not rise; -1 when all do. */
export function firstNotRising(values: readonly number[]): number {
  return values.findIndex((value, i) => i > 0 && value <= values[i - 1])
}

/** Order book levels from a table, best first. */
export function orderBookFrom(keys: Keys<'orderBook'>, table: Table): [number, number][] {
  const price = columnOf(table, keys.columns?.price ?? 'price')
  const size = columnOf(table, keys.columns?.size ?? 'size')
  let last = Number.POSITIVE_INFINITY
  return rowsWhere(table, keys.where).map((row) => {
    const level = positiveAt(table, row, price)
    if (level >= last) failOrder(table, row, price, 'bids must fall from the best on')
    last = level
    return [level, positiveAt(table, row, size)]
  })
}

/** Aggregator quotes from a table, in any order. */
export function quotesFrom(keys: Keys<'quoteLadder'>, table: Table): [number, number][] {
  const amountIn = columnOf(table, keys.columns?.amountIn ?? 'amountIn')
  const amountOut = columnOf(table, keys.columns?.amountOut ?? 'amountOut')
  return rowsWhere(table, keys.where).map((row) => [
    positiveAt(table, row, amountIn),
    positiveAt(table, row, amountOut),
  ])
}

/** Price ranges of a concentrated pool from its initialised ticks. */
export function ticksFrom(keys: Keys<'concentrated'>, table: Table): Own<'concentrated'> {
  const tick = columnOf(table, keys.columns?.tick ?? 'tick')
  const net = columnOf(table, keys.columns?.liquidityNet ?? 'liquidityNet')
  let last = Number.NEGATIVE_INFINITY
  const rows = rowsWhere(table, keys.where).map((row) => {
    const at = numberAt(table, row, tick)
    if (at <= last) failOrder(table, row, tick, 'ticks must rise')
    last = at
    return [at, numberAt(table, row, net)] as const
  })
  if (rows.length < 2) failShort(table, 'a pool needs at least two ticks')
  const ranges = rangesFromTicks({
    tick: rows.map(([at]) => at),
    liquidityNet: rows.map(([, liquidity]) => liquidity),
    baseDecimals: keys.baseDecimals!,
    quoteDecimals: keys.quoteDecimals!,
    baseIsToken0: keys.baseIsToken0!,
  })
  return { kind: 'concentrated', ...ranges }
}

/** Price ranges from positions that may overlap or leave gaps: liquidity adds up where they do. */
export function rangesFrom(
  positions: readonly (readonly [number, number, number])[],
): Own<'concentrated'> {
  const ends = positions.flatMap((range) => range.slice(0, 2))
  const bound = [...new Set(ends)].sort((a, b) => a - b)
  const liquidity = bound.slice(1).map((upper, i) => {
    const over = positions.filter(([from, to]) => from <= bound[i] && to >= upper)
    return over.reduce((sum, [, , own]) => sum + own, 0)
  })
  return { kind: 'concentrated', bound, liquidity }
}

/** Rows that have the stated values; at least one. */
export function rowsWhere(table: Table, where: VenueWhere): number[] {
  const wanted = Object.entries(where ?? {}).map(
    ([column, value]) => [columnOf(table, column), String(value)] as const,
  )
  const rows = table.rows.flatMap((_, row) =>
    wanted.every(([column, value]) => textAt(table, row, column) === value) ? [row] : [],
  )
  if (rows.length === 0) {
    const came = Object.entries(where ?? {}).map(([column, value]) => `${column}: ${value}`)
    throw new TableError({
      code: 'FB4022',
      rule: 'no row has the values that where: asks for',
      place: table.name,
      came: came.join(', '),
      remedy: 'Correct where: in the scenario',
    })
  }
  return rows
}

type VenueWhere = Readonly<Record<string, string | number>> | undefined

function positiveAt(table: Table, row: number, column: number): number {
  const value = numberAt(table, row, column)
  if (value > 0) return value
  const cell = table.rows[row][column]
  return failAt(table, row, column, 'FB4023', 'depth must be positive', cell)
}

function failOrder(table: Table, row: number, column: number, rule: string): never {
  const remedy = 'Sort the rows, and add up those of equal price'
  return failAt(table, row, column, 'FB4021', rule, table.rows[row][column], remedy)
}

function failShort(table: Table, rule: string): never {
  throw new TableError({
    code: 'FB4002',
    rule,
    place: table.name,
    remedy: 'Check that the file is complete, and what where: leaves of it',
  })
}
