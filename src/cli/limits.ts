/** A steward's limits as a data file: how far keys may go, and what measures may come to. */

import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { FirebreakError, InputError } from '../errors.ts'
import { keyOf } from '../farm/variations.ts'
import { shortKey } from '../figures/sweepFacts.ts'
import { amount, duration, ratio } from '../ingest/quantity.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { isMap, type Tree } from '../ingest/tree.ts'
import { treeOf } from '../ingest/yaml.ts'
import type { Bound, KeyLimit } from '../sweep/frontReport.ts'
import type { Variation } from '../sweep/plan.ts'
import { parseGate } from './gate.ts'
import { statOfGate } from './sweepPage.ts'

/** A limits file as read, before the scenario is known. */
export interface LimitsFile {
  readonly keys: readonly KeyTerms[]
  readonly bounds: readonly (Bound & { readonly place: string })[]
}

/** What a file says of one key; null where it says nothing. */
interface KeyTerms {
  readonly key: string
  readonly place: string
  readonly least: string | null
  readonly most: string | null
  /** The largest change from the scenario's own value. */
  readonly step: string | null
  /** The same as a share of that value. */
  readonly relative: string | null
}

export const NO_LIMITS: LimitsFile = { keys: [], bounds: [] }

/**
 * Reads a limits file.
 *
 * Rule:   a map with `keys`, by key `least`, `most` and `step`, and with `measures`, a list of
 *         conditions in the form of a gate: `bad_debt_usd(q95) < 1M`. A step is a change in the
 *         unit of the key (5% of a ratio are five points), or `{ relative: 100% }` of its value.
 * Throws: LimitsFileError with the place, GateSyntaxError
 */
export function limitsOf(path: string, folder: string): LimitsFile {
  const file = relative(folder, resolve(folder, path)) || path
  const tree = treeIn(resolve(folder, path), file)
  const top = mapOf(tree, ['keys', 'measures'], 'keys: and measures:')
  const keys = top.get('keys')
  const measures = top.get('measures')
  return {
    keys: keys === undefined ? [] : [...mapOf(keys, null, 'keys')].map(keyTerms),
    bounds: measures === undefined ? [] : listOf(measures).map(boundOf),
  }
}

function treeIn(path: string, file: string): Tree {
  try {
    return treeOf(new Uint8Array(readFileSync(path)), file)
  } catch (error) {
    if (error instanceof FirebreakError)
      throw new LimitsFileError(error.place ?? file, error.rule, null, error)
    throw new LimitsFileError(file, 'the limits file cannot be read', null, error)
  }
}

function keyTerms([name, tree]: readonly [string, Tree]): KeyTerms {
  const terms = mapOf(tree, ['least', 'most', 'step'], 'least, most or step')
  if (terms.size === 0) throw new LimitsFileError(tree.place, 'a key needs a limit', name)
  const step = terms.get('step')
  const inner = step !== undefined && isMap(step.value) ? mapOf(step, ['relative'], '') : null
  return {
    key: keyOf(name),
    place: tree.keyPlace,
    least: textOf(terms.get('least')),
    most: textOf(terms.get('most')),
    step: inner === null ? textOf(step) : null,
    relative: textOf(inner?.get('relative')),
  }
}

function boundOf(tree: Tree): LimitsFile['bounds'][number] {
  const gate = parseGate(String(tree.value), tree.place)
  const { metric, text, holds, place } = gate
  return { measure: metric, stat: statOfGate(gate), text, holds, place }
}

function mapOf(
  tree: Tree,
  words: readonly string[] | null,
  wanted: string,
): ReadonlyMap<string, Tree> {
  if (!isMap(tree.value))
    throw new LimitsFileError(tree.place, `here must stand a map of ${wanted}`, null)
  for (const [key, { keyPlace }] of tree.value)
    if (words?.includes(key) === false)
      throw new LimitsFileError(keyPlace, `${key} is no word of a limits file`, null, undefined, {
        remedy: didYouMean(key, words),
      })
  return tree.value
}

function listOf({ value, place }: Tree): readonly Tree[] {
  if (Array.isArray(value)) return value
  throw new LimitsFileError(place, 'measures must be a list of conditions', null)
}

/** A number as written; null where there is none. */
function textOf(tree: Tree | undefined): string | null {
  if (tree === undefined) return null
  const text = String(tree.value)
  if (numberOf(text, false) === null)
    throw new LimitsFileError(tree.place, 'a limit must be a number', text)
  return text
}

/**
 * Limits on the keys of a sweep.
 *
 * Units:  values and limits are read alike; a span where the scenario has one, for 10m is ten
 *         minutes or ten millions.
 * Throws: UnvariedLimitError, LimitsFileError where a step has no value to start from
 */
export function keyLimits(
  { keys }: LimitsFile,
  variations: readonly Variation[],
  resolved: unknown,
): KeyLimit[] {
  const varied = variations.map(({ key }) => key)
  return keys.flatMap((terms) => {
    const { key, place } = terms
    if (!varied.includes(key)) throw new UnvariedLimitError(place, key, varied)
    const own = valueAt(resolved, key)
    const read = (text: string) => numberOf(text, /^\d[\d.]*s$/.test(String(own)))
    return limitsOn(terms, own === undefined ? null : read(String(own)), String(own), read)
  })
}

function limitsOn(
  { key, place, least, most, step, relative: share }: KeyTerms,
  own: number | null,
  ownText: string,
  read: (text: string) => number | null,
): KeyLimit[] {
  const name = shortKey(key)
  const isShare = [least, most, step].some((text) => text?.endsWith('%'))
  const from = isShare && own !== null ? `${Number((100 * own).toPrecision(12))}%` : ownText
  const limit = (words: string, isHeld: (value: number) => boolean): KeyLimit => ({
    key,
    text: `${name}: ${words}`,
    holds: (text) => {
      const value = read(text)
      return value !== null && isHeld(value)
    },
  })
  if ((step !== null || share !== null) && own === null)
    throw new LimitsFileError(place, 'a step needs a number of the scenario to start from', key)
  const within = (far: number) => (value: number) =>
    Math.abs(value - own!) <= far + ROUNDING * Math.max(Math.abs(value), Math.abs(own!))
  return [
    ...(least === null ? [] : [limit(`least ${least}`, (value) => value >= read(least)!)]),
    ...(most === null ? [] : [limit(`most ${most}`, (value) => value <= read(most)!)]),
    ...(step === null ? [] : [limit(`step ${step} from ${from}`, within(read(step)!))]),
    ...(share === null
      ? []
      : [limit(`step of ${share} of ${from}`, within(read(share)! * Math.abs(own!)))]),
  ]
}

/** The value of a key in a resolved scenario. */
function valueAt(resolved: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null) return undefined
    return Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined
  }, resolved)
}

/** `70%`, `$1.2M`, `10min`; null when it is none. */
export function numberOf(text: string, isSpan: boolean): number | null {
  const any = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  const number = /(%|bps)$/i.test(text) ? ratio(text, any) : amount(text, any, true)
  const readings = isSpan ? [duration(text), number] : [number, duration(text)]
  const reading = readings.find((one) => 'value' in one)
  return reading !== undefined && 'value' in reading ? reading.value : null
}

/** 85 % less 80 % is a hair more than 5 % in floats. */
const ROUNDING = 1e-12

/** A limits file that cannot be read. */
export class LimitsFileError extends InputError {
  constructor(
    place: string,
    rule: string,
    came: string | null,
    cause?: unknown,
    { remedy }: { readonly remedy?: string } = {},
  ) {
    super({
      ...{ code: 'FB2028', rule, place, cause },
      ...(came === null ? {} : { came }),
      remedy: remedy ?? 'Write keys: { KEY: { least: 70%, most: 85%, step: 5% } }, measures: [...]',
    })
  }
}

/** A limit on a key that the sweep does not vary: it would say nothing. */
export class UnvariedLimitError extends InputError {
  constructor(place: string, key: string, varied: readonly string[]) {
    super({
      code: 'FB2029',
      rule: 'a limit must be on a key that is varied',
      place,
      came: key,
      remedy: `Vary it with --vary, or take the limit out. ${didYouMean(key, varied)}`,
    })
  }
}
