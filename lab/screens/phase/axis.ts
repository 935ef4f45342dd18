/** Inputs of a scenario that a map may vary, and the values that an axis takes. */

import { variationOf } from '../../../src/farm/variations.ts'
import { niceStep } from '../../../src/figures/scale.ts'
import { shortKey, shown } from '../../../src/figures/sweepFacts.ts'
import { amount, ratio, span } from '../../../src/ingest/quantity.ts'
import type { Variation } from '../../../src/sweep/plan.ts'
import { DROP_KEY } from '../../engine/phaseMap.ts'
import type { Resolved } from '../../engine/protocol.ts'

/** How a value is written. */
export type Unit = 'ratio' | 'usd' | 'seconds' | 'count' | 'number'

/** A number of the scenario. */
export interface Input {
  readonly key: string
  /** In words: `haircut of the book`, or the end of its key. */
  readonly name: string
  readonly unit: Unit
  readonly value: number
}

/** An axis as the user has it: a key and FROM..TO:STEP, as `--vary` takes it. */
export interface Axis {
  readonly key: string
  readonly from: string
  readonly to: string
  readonly step: string
}

/** An axis with its values, rising. */
export interface AxisValues extends Variation {
  readonly numbers: readonly number[]
}

/**
 * Every number of a resolved scenario.
 *
 * Rule: the drop first, then the haircut, then the rest as they stand; numbers that only name or
 *       date things, and points of lists of lists, are left out. A scenario without a shock has a
 *       drop of 0.
 */
export function inputsOf(resolved: Resolved, asset: string): Input[] {
  const found = numbersIn(resolved, [])
  const first = [DROP_KEY, HAIRCUT_KEY]
  const known = found.filter(({ key }) => !first.includes(key))
  const own = (key: string) => found.find((one) => one.key === key)?.value ?? 0
  return [
    { key: DROP_KEY, name: `outside drop of ${asset}`, unit: 'ratio', value: own(DROP_KEY) },
    { key: HAIRCUT_KEY, name: 'haircut of the book', unit: 'ratio', value: own(HAIRCUT_KEY) },
    ...known,
  ]
}

export const HAIRCUT_KEY = 'depth.haircut'

function numbersIn(value: unknown, path: readonly string[]): Input[] {
  if (Array.isArray(value) && value.some((part) => typeof part !== 'object' || Array.isArray(part)))
    return []
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inside]) =>
      STAY.has(key) ? [] : numbersIn(inside, [...path, key]),
    )
  if (typeof value !== 'number' && typeof value !== 'string') return []
  const number = numberOf(String(value))
  if (number === null) return []
  const key = path.join('.')
  return [{ key, name: nameOf(path), unit: unitOf(path.at(-1)!, value, number), value: number }]
}

/** Keys whose numbers say which run it is, or how it is looked at. */
const STAY = new Set(['version', 'seed', 'path', 'gates', 'gain', 'routes', 'asOf', 'generations'])

function nameOf(path: readonly string[]): string {
  return shortKey(path.join('.')).replaceAll('.', ' ')
}

const MONEY = /price|debt|usd|dust|fund|capital|profit|fee$/i
const COUNTS = /^(accounts|blocks|count|rounds)$/

function unitOf(last: string, value: number | string, number: number): Unit {
  if (typeof value === 'string') return /%|bps/.test(value) ? 'ratio' : 'seconds'
  if (COUNTS.test(last)) return 'count'
  if (Math.abs(number) <= 1) return 'ratio'
  return MONEY.test(last) ? 'usd' : 'number'
}

/** The number of a value as typed, in its own unit; null where it is none. */
export function numberOf(text: string): number | null {
  const any = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  const read = /(%|bps)\s*$/.test(text) ? ratio : /\d\s*(s|min|h|d)$/.test(text) ? span : null
  const reading = read === null ? amount(text, any, true) : read(text, any)
  return 'value' in reading ? reading.value : null
}

/** A value as `--set` takes it: `15%`, `600s`, `2000`. */
export function textOf(value: number, unit: Unit): string {
  const plain = (number: number) => String(Number(number.toPrecision(9)))
  if (unit === 'ratio') return `${plain(100 * value)}%`
  return unit === 'seconds' ? `${plain(value)}s` : plain(value)
}

/** A value as a person reads it. */
export function shownIn(value: number, unit: Unit): string {
  const text = shown(value, unit === 'number' ? 'factor' : unit)
  return unit === 'ratio' ? text.replace(/\.0(?=\u202f)/, '') : text
}

/** A range worth looking at, in about `cells` steps. */
export function axisFor({ key, unit, value }: Input, cells: number): Axis {
  const range = rangeFor(key, unit, value)
  const [low, high] = range
  const isDrop = key === DROP_KEY
  const rough = niceStep(high - low, cells)
  const step = unit === 'count' ? Math.max(1, Math.round(rough)) : rough
  // No cell stands at a drop of 0: nothing is amplified there.
  const from = isDrop ? step : Math.ceil(low / step - 1e-9) * step
  return {
    key,
    from: textOf(from, unit),
    to: textOf(Math.floor(high / step + 1e-9) * step, unit),
    step: textOf(step, unit),
  }
}

function rangeFor(key: string, unit: Unit, value: number): readonly [number, number] {
  if (key === DROP_KEY)
    return [0, Math.min(0.95, Math.max(0.3, Math.ceil((value + 0.1) * 20) / 20))]
  if (key === HAIRCUT_KEY) return [0, 0.8]
  if (unit === 'ratio' && value > 0.5 && value < 1)
    return [value - 0.2, Math.min(0.95, value + 0.1)]
  if (value === 0) return [0, unit === 'ratio' ? 0.5 : 1]
  return [0.5 * value, 2 * value]
}

/**
 * The values of an axis, rising, with the scenario's own among them where it lies inside.
 *
 * Throws: VariationError, as `--vary` does; RangeError where they are too many
 */
export function valuesOf({ key, from, to, step }: Axis, own: Input | undefined): AxisValues {
  const { values } = variationOf(`${key}=${from}..${to}:${step}`)
  if (values.length < 2 || values.length > VALUES_MOST)
    throw new RangeError(`An axis has 2 to ${VALUES_MOST} values, these are ${values.length}`)
  const all = values.map((text) => ({ text, number: numberOf(text) ?? Number.NaN }))
  if (own !== undefined) {
    const numbers = all.map(({ number }) => number)
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
    const isInside = own.value > least && own.value < most
    if (isInside && !numbers.some((one) => isAt(one, own.value)))
      all.push({ text: textOf(own.value, own.unit), number: own.value })
  }
  all.sort((a, b) => a.number - b.number)
  return { key, values: all.map(({ text }) => text), numbers: all.map(({ number }) => number) }
}

/** The place of a value on an axis; -1 where it is none of its values. */
export function indexOf({ numbers }: AxisValues, value: number): number {
  return numbers.findIndex((one) => isAt(one, value))
}

function isAt(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))
}

/** Values of an axis: more than a screen has room for. */
export const VALUES_MOST = 200

/** What is typed to compute the same map in a terminal, in files. */
export function sweepCommand(entry: string, axes: readonly Axis[], set: string): string {
  const vary = axes.map(({ key, from, to, step }) => {
    const name = key === DROP_KEY ? 'drop' : key
    return ` --vary ${name}=${from}..${to}:${step}`
  })
  return `firebreak sweep ${entry}${set}${vary.join('')} --runs 1`
}
