/** Inputs of a scenario that a map may vary, and the values that an axis takes. */

import { variationOf } from '../../../src/farm/variations.ts'
import { niceStep } from '../../../src/figures/scale.ts'
import { shortKey, shown } from '../../../src/figures/sweepFacts.ts'
import type { Override } from '../../../src/ingest/compose.ts'
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
  /** Whether equal steps are equal ratios. */
  readonly isLog: boolean
  /** What the scenario is told to have another value. */
  write(value: number): Override
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
 * Rule: the drop first, then the bids of the book and the haircut, then the rest as they stand;
 *       numbers that only name or date things, and points of lists of lists, are left out. A
 *       scenario without a shock has a drop of 0.
 */
export function inputsOf(resolved: Resolved, asset: string): Input[] {
  const found = numbersIn(resolved, [])
  const first = [DROP_KEY, HAIRCUT_KEY]
  const own = (key: string) => found.find((one) => one.key === key)?.value ?? 0
  const ratioOf = (key: string, name: string) => plainInput(key, name, 'ratio', own(key))
  return [
    ratioOf(DROP_KEY, `outside drop of ${asset}`),
    ...bidsOf(resolved, asset),
    ratioOf(HAIRCUT_KEY, 'haircut of the book'),
    ...found.filter(({ key }) => !first.includes(key)),
  ]
}

export const HAIRCUT_KEY = 'depth.haircut'

function plainInput(key: string, name: string, unit: Unit, value: number): Input {
  return { key, name, unit, value, isLog: false, write: (to) => [key, textOf(to, unit)] }
}

/** The bids of an order book, all bands in one proportion: what stands within 2 % names them. */
function bidsOf({ market }: Resolved, asset: string): Input[] {
  const { venues = {} } = (market ?? {}) as { readonly venues?: Readonly<Record<string, Resolved>> }
  return Object.entries(venues).flatMap(([venue, { asset: sold, bands }]): Input[] => {
    if (sold !== asset || !isBands(bands)) return []
    const value = bands.find(([band]) => band === BAND)?.[1]
    if (value === undefined || value <= 0) return []
    const key = `market.venues.${venue}.bands`
    const scaled = (to: number) =>
      `[${bands.map(([band, usd]) => `[${band}, ${(usd * to) / value}]`).join(', ')}]`
    const name = `bids within 2\u202f%`
    return [{ key, name, unit: 'usd', value, isLog: true, write: (to) => [key, scaled(to)] }]
  })
}

const BAND = 0.02

function isBands(given: unknown): given is readonly (readonly [number, number])[] {
  return (
    Array.isArray(given) &&
    given.every((one) => Array.isArray(one) && one.every((part) => typeof part === 'number'))
  )
}

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
  return [plainInput(key, nameOf(path), unitOf(path.at(-1)!, value, number), number)]
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
export function axisFor({ key, unit, value, isLog }: Input, cells: number): Axis {
  if (isLog) {
    const by = 9 ** (1 / (cells - 1))
    return { key, from: textOf(value / 3, unit), to: textOf(value * 3, unit), step: `×${by}` }
  }
  const [low, high] = rangeFor(key, unit, value)
  const rough = key === HAIRCUT_KEY ? 0.025 : niceStep(high - low, cells)
  const step = unit === 'count' ? Math.max(1, Math.round(rough)) : rough
  // No cell stands at a drop of 0: nothing is amplified there.
  const from = key === DROP_KEY ? step : Math.ceil(low / step - 1e-9) * step
  const to = Math.floor(high / step + 1e-9) * step
  return { key, from: textOf(from, unit), to: textOf(to, unit), step: textOf(step, unit) }
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
 * Rule:   steps as `--vary` has them, or ratios where the step is written ×1.1.
 * Throws: VariationError, as `--vary` does; RangeError where they are too many or too few
 */
export function valuesOf(axis: Axis, input: Input): AxisValues {
  const typed = axis.step.startsWith('×') ? ratiosOf(axis) : stepsOf(axis)
  // What is typed in few digits still means the scenario's own value.
  const numbers = typed.map((one) => (isNear(one, input.value) ? input.value : one))
  const isInside = input.value > Math.min(...numbers) && input.value < Math.max(...numbers)
  if (isInside && !numbers.includes(input.value)) numbers.push(input.value)
  numbers.sort((a, b) => a - b)
  return { key: axis.key, numbers, values: numbers.map((number) => input.write(number)[1]) }
}

function stepsOf({ key, from, to, step }: Axis): number[] {
  const { values } = variationOf(`${key}=${from}..${to}:${step}`)
  checkLength(values.length)
  return values.map((text) => numberOf(text) ?? Number.NaN)
}

function ratiosOf({ from, to, step }: Axis): number[] {
  const [first, last, by] = [numberOf(from), numberOf(to), numberOf(step.slice(1))]
  if (first === null || last === null || by === null || !(first > 0 && last > first && by > 1))
    throw new RangeError('Ratios lead from one amount above 0 up to another, by more than ×1')
  const length = 1 + Math.floor(Math.log(last / first) / Math.log(by) + NEAR)
  checkLength(length)
  return Array.from({ length }, (_, k) => Number((first * by ** k).toPrecision(9)))
}

function checkLength(length: number): void {
  if (length < 2 || length > VALUES_MOST)
    throw new RangeError(`An axis has 2 to ${VALUES_MOST} values, these are ${length}`)
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= NEAR * Math.max(Math.abs(one), Math.abs(other))
}

const NEAR = 1e-6

/** The place of a value on an axis; -1 where it is none of its values. */
export function indexOf({ numbers }: AxisValues, value: number): number {
  return numbers.indexOf(value)
}

/** Values of an axis: more than a screen has room for. */
export const VALUES_MOST = 200

/** What is typed to compute the same map in a terminal; null where an axis is no range of a key. */
export function sweepCommand(entry: string, axes: readonly Axis[], set: string): string | null {
  if (axes.some(({ step }) => step.startsWith('×'))) return null
  const vary = axes.map(({ key, from, to, step }) => {
    const name = key === DROP_KEY ? 'drop' : key
    return ` --vary ${name}=${from}..${to}:${step}`
  })
  return `firebreak sweep ${entry}${set}${vary.join('')} --runs 1`
}
