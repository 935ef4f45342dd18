/**
 * What a rules factory may be told, as plain data beside the factory. The scenario reader, the JSON
 * Schema and `firebreak help` are made from it.
 */

/** Bounds of a number; `open` excludes an end. */
export interface Limits {
  readonly from: number
  readonly to: number
  readonly open?: 'lower' | 'upper' | 'both'
}

/** Above 0, and finite. */
export const positive: Limits = { from: 0, to: Number.POSITIVE_INFINITY, open: 'lower' }
/** 0 or more, and finite. */
export const fromZero: Limits = { from: 0, to: Number.POSITIVE_INFINITY }

/** What a key of a scenario file holds. */
export type Shape =
  /** A fraction that needs a unit or a point: 5%, 500bps, 0.05. */
  | { readonly type: 'ratio'; readonly limits: Limits }
  /** A fraction per year, or another that may well be above 1. */
  | { readonly type: 'rate'; readonly limits: Limits }
  /** USD: $1.2m. */
  | { readonly type: 'money'; readonly limits: Limits }
  /** A plain number: units of a coin, gas, a count. */
  | { readonly type: 'number'; readonly limits: Limits }
  /** A span of time, in seconds: 10m, 6h. */
  | { readonly type: 'seconds'; readonly limits: Limits }
  | { readonly type: 'flag' }
  | { readonly type: 'choice'; readonly of: readonly string[] }
  /** A name of an asset; its index. */
  | { readonly type: 'asset' }
  | { readonly type: 'fields'; readonly fields: Fields }
  /** A map by asset. All of `together` are given, or none of them. */
  | { readonly type: 'byAsset'; readonly fields: Fields; readonly together: readonly string[] }
  /** A map by names that positions name as their group; the n-th, from 1, is group n. */
  | { readonly type: 'groups'; readonly each: Shape }
  | { readonly type: 'list'; readonly fields: Fields }

/**
 * One parameter.
 *
 * Units: in the factory a parameter carries its unit last (`dustUsd`, `ttlSeconds`, `lotUnits`); in
 *        a scenario file the quantity carries it, so the key has none (`dust`, `ttl`, `lot`).
 */
export interface Field<Value> {
  readonly shape: Shape
  readonly about: string
  /** Value where the file says nothing; without it the key is needed. */
  readonly otherwise?: Value
  /** May be left out, and is then not there. */
  readonly isOptional?: true
  /** Means something only in a run in time: a scenario without blocks is refused with it. */
  readonly isOfTime?: true
  /** Only for its type: what the factory gets. */
  readonly value?: Value
}

// biome-ignore lint/suspicious/noExplicitAny: a field of any value
export type Fields = Readonly<Record<string, Field<any>>>

type ValueOf<F> = F extends Field<infer Value> ? Value : never
type Optional<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly isOptional: true } ? K : never
}[keyof F]

/** What a factory with these parameters gets. */
export type Given<F extends Fields> = {
  readonly [K in Exclude<keyof F, Optional<F>>]: ValueOf<F[K]>
} & { readonly [K in Optional<F>]?: ValueOf<F[K]> }

/** A column that positions may have for one model alone: numbers, one per position. */
export interface OwnColumn {
  readonly name: string
  readonly about: string
  /** Value where a file has no such column or an empty cell; without it both are errors. */
  readonly otherwise?: number
  /** Whole numbers alone. */
  readonly isWhole?: true
  /** What the rules take for an account that has no value in any row: a warning says it. */
  readonly guess?: string
}

/** A fraction such as a threshold or a bonus; from 0 to 1 unless told otherwise. */
export function ratio(about: string, limits: Limits = { from: 0, to: 1 }): Field<number> {
  return { shape: { type: 'ratio', limits }, about }
}

/** A fraction per year, or one that may be above 1. */
export function rate(about: string, limits: Limits = { from: 0, to: 1000 }): Field<number> {
  return { shape: { type: 'rate', limits }, about }
}

/** USD; above 0 unless told otherwise. */
export function money(about: string, limits: Limits = positive): Field<number> {
  return { shape: { type: 'money', limits }, about }
}

/** A plain number; above 0 unless told otherwise. */
export function number(about: string, limits: Limits = positive): Field<number> {
  return { shape: { type: 'number', limits }, about }
}

/** A span of time in seconds; above 0 unless told otherwise. */
export function seconds(about: string, limits: Limits = positive): Field<number> {
  return { shape: { type: 'seconds', limits }, about }
}

/** Yes or no. */
export function flag(about: string): Field<boolean> {
  return { shape: { type: 'flag' }, about }
}

/** One of some words. */
export function choice<const Word extends string>(about: string, of: readonly Word[]): Field<Word> {
  return { shape: { type: 'choice', of }, about }
}

/** An asset of the scenario. */
export function asset(about: string): Field<number> {
  return { shape: { type: 'asset' }, about }
}

/** Parameters that belong together, under one key. */
export function fields<F extends Fields>(about: string, of: F): Field<Given<F>> {
  return { shape: { type: 'fields', fields: of }, about }
}

/** Parameters of each asset that is named. */
export function byAsset<F extends Fields>(
  about: string,
  of: F,
  together: readonly (keyof F & string)[] = [],
): Field<readonly ({ readonly asset: number } & Given<F>)[]> {
  return { shape: { type: 'byAsset', fields: of, together }, about }
}

/** Parameters of each group that is named: markets, vaults, branches. */
export function groups<F extends Fields>(
  about: string,
  of: F,
): Field<readonly ({ readonly group: number } & Given<F>)[]> {
  return { shape: { type: 'groups', each: { type: 'fields', fields: of } }, about }
}

/** Terms by asset of each group that is named: e-modes. */
export function groupTerms<F extends Fields>(
  about: string,
  of: F,
  together: readonly (keyof F & string)[] = [],
): Field<readonly GroupTerms<F>[]> {
  return { shape: { type: 'groups', each: { type: 'byAsset', fields: of, together } }, about }
}

/** What a group says of assets. */
export interface GroupTerms<F extends Fields> {
  readonly group: number
  readonly assets: readonly ({ readonly asset: number } & Given<F>)[]
}

/** Parameters in order, as many times as given. */
export function list<F extends Fields>(about: string, of: F): Field<readonly Given<F>[]> {
  return { shape: { type: 'list', fields: of }, about }
}

/** A parameter that may be left out, and its value then. */
export function or<Value, const Other>(
  field: Field<Value>,
  otherwise: Other,
): Field<Value | (Other extends number ? number : Other extends boolean ? boolean : Other)> {
  return { ...field, otherwise } as never
}

/** A parameter that may be left out, and is then not there. */
export function optional<Value>(field: Field<Value>): Field<Value> & { readonly isOptional: true } {
  return { ...field, isOptional: true }
}

/** A parameter that means something only in a run in time. */
export function ofTime<F extends Field<unknown>>(field: F): F {
  return { ...field, isOfTime: true }
}

/** The key of a scenario file that stands for a parameter: without the unit. */
export function keyOf(parameter: string, { type }: Shape): string {
  if (type === 'money') return parameter.replace(/Usd$/, '')
  if (type === 'seconds') return parameter.replace(/Seconds$/, '')
  return type === 'number' ? parameter.replace(/Units$/, '') : parameter
}

/** Text with the keys of a scenario file where names of parameters stand: ttlSeconds is ttl. */
export function inKeys(fields: Fields, text: string): string {
  const keys = renamed(fields)
  if (keys.size === 0) return text
  const names = new RegExp(`\\b(?:${[...keys.keys()].join('|')})\\b`, 'g')
  return text.replace(names, (name) => keys.get(name)!)
}

/** Keys that differ from the names of their parameters, those within others too. */
function renamed(fields: Fields): Map<string, string> {
  const keys = new Map<string, string>()
  for (const [name, { shape }] of Object.entries(fields)) {
    const key = keyOf(name, shape)
    if (key !== name) keys.set(name, key)
    for (const [inner, its] of renamed(insideOf(shape))) keys.set(inner, its)
  }
  return keys
}

/** The parameters that are given within another; none in a single value. */
export function insideOf(shape: Shape): Fields {
  if (shape.type === 'groups') return insideOf(shape.each)
  return 'fields' in shape ? shape.fields : {}
}
