/**
 * Checks a scenario against its schema, and turns the first thing wrong into one error with a
 * place.
 */

import type { z } from 'zod'
import { type ErrorFacts, InputError } from '../errors.ts'
import { type ScenarioKeys, scenarioSchema } from './schema.ts'
import { didYouMean } from './suggest.ts'
import { isMap, nearest, plain, type Step, short, type Tree, written } from './tree.ts'

/**
 * Reads every key of a scenario: quantities become numbers, defaults are filled in.
 *
 * Throws: ScenarioKeyError at the first fault; unknown keys come first, for they explain missing
 *         ones.
 */
export function validated(tree: Tree): ScenarioKeys {
  const result = scenarioSchema.safeParse(plain(tree), { reportInput: true })
  if (result.success) return result.data
  const issues = result.error.issues
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  throw new ScenarioKeyError(factsOf(unknown ?? issues[0], tree))
}

/** An error about one key of the scenario, by its path. */
export function keyError(
  tree: Tree,
  path: readonly Step[],
  facts: Omit<ErrorFacts, 'place'>,
): InputError {
  const rule = path.length === 0 ? facts.rule : `${written(path)}: ${facts.rule}`
  return new ScenarioKeyError({ ...facts, rule, place: nearest(tree, path).place })
}

type Issue = z.core.$ZodIssue

function factsOf(issue: Issue, tree: Tree): ErrorFacts {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const key = path.length === 0 ? 'the scenario' : written(path)
  const { place } = nearest(tree, path)
  const base = { place, ...cameOf(issue.input) }
  switch (issue.code) {
    case 'custom': {
      const { code, rule, remedy } = issue.params as Record<'code' | 'rule' | 'remedy', string>
      return { ...base, code, rule: `${key}: ${rule}`, remedy }
    }
    case 'unrecognized_keys':
      return unknownKey(issue, path, tree)
    case 'invalid_key':
      return { ...base, code: 'FB2052', rule: `${key}: ${issue.issues[0].message}`, remedy: RENAME }
    case 'invalid_value':
      return wrongWord({ ...base, key }, issue.values.map(String), issue.input)
    case 'invalid_union':
      return union(issue, path, tree, { ...base, key })
    case 'invalid_type':
      if (isMissing(issue.input)) return missing(path, place)
      return { ...base, ...expected(key, names[issue.expected] ?? issue.expected) }
    default:
      return { ...base, code: 'FB2052', rule: `${key}: ${said(issue.message)}`, remedy: RENAME }
  }
}

type Base = Pick<ErrorFacts, 'place' | 'came'> & { readonly key: string }

function unknownKey(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  path: readonly Step[],
  tree: Tree,
): ErrorFacts {
  const [key] = issue.keys
  const { keyPlace } = nearest(tree, [...path, key])
  const remedy = Object.hasOwn(elsewhere, key)
    ? elsewhere[key]
    : didYouMean(key, knownKeys(path, tree))
  const rule = `${written([...path, key])}: the scenario has no such key`
  return { code: 'FB2050', rule, place: keyPlace, came: short(key), remedy }
}

/** Keys that people look for, and where the format has what they mean. */
const elsewhere: Readonly<Record<string, string>> = {
  refill: 'Depth comes back in runs in time: write blocks, and depth.recovery',
  horizon: 'The length of runs in time is blocks, of chain.block each',
  defences: 'This version has no defences. Remove it',
}

function union(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly Step[],
  tree: Tree,
  base: Base,
): ErrorFacts {
  if (isMissing(issue.input)) return missing(path, base.place)
  // A kind that no option has is reported at the kind itself.
  const kinds = path.at(-1) === 'kind' ? kindsAt(path.slice(0, -1), tree) : []
  if (kinds.length > 0) {
    const came = plain(nearest(tree, path))
    return wrongWord({ ...base, ...cameOf(came) }, kinds, isWord(came) ? came : undefined)
  }
  const inner = meant(issue, path, tree)
  if (inner !== undefined) {
    return factsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, tree)
  }
  const { key, ...rest } = base
  const isOurs = issue.message !== 'Invalid input'
  return {
    ...rest,
    ...expected(key, isOurs ? issue.message : 'a number, or text such as 83% or 12M'),
  }
}

/** What is wrong with the option that was probably meant: the one of the shape that came. */
function meant(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly Step[],
  tree: Tree,
): Issue | undefined {
  const schema = schemaAt(path, tree, 'union')
  const option = schema?.def.type === 'union' ? optionAt(schema, nearest(tree, path)) : -1
  const own = option < 0 ? issue.errors.flat() : (issue.errors[option] ?? [])
  return (
    own.find((one) => one.code === 'unrecognized_keys') ??
    own.find((one) => one.code === 'custom' || one.path.length > 0)
  )
}

function wrongWord(base: Base, words: readonly string[], came: unknown): ErrorFacts {
  const { key, ...rest } = base
  if (isMissing(came))
    return { ...rest, ...absent(key), remedy: `Write one of ${words.join(', ')}` }
  const rule = `${key}: must be ${words.length === 1 ? words[0] : `one of ${words.join(', ')}`}`
  const remedy = words.length === 1 ? `Write ${words[0]}` : didYouMean(String(came), words)
  return { ...rest, code: 'FB2053', rule, remedy }
}

function missing(path: readonly Step[], place: string | undefined): ErrorFacts {
  const key = written(path)
  const remedy = `Add ${key}`
  return { ...absent(key), ...(place === undefined ? {} : { place }), remedy }
}

function absent(key: string) {
  return { code: 'FB2051', rule: `${key}: this key is required and has no default` }
}

function expected(key: string, what: string) {
  return { code: 'FB2052', rule: `${key}: must be ${what}`, remedy: `Write ${what}` }
}

const names: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of names',
  array: 'a list',
  tuple: 'a list of that length',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

const RENAME = 'Correct this value'

/** The library's own sentence, as a clause. */
function said(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1)
}

function isWord(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

function isMissing(input: unknown): boolean {
  return input === undefined || input === null
}

/** What came, on one line and short. */
function cameOf(input: unknown): { came?: string } {
  if (input === undefined || (typeof input === 'object' && input !== null)) return {}
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input)
  return { came: short(text) }
}

/** Keys that the schema knows at a path. */
function knownKeys(path: readonly Step[], tree: Tree): string[] {
  const schema = schemaAt(path, tree, 'option')
  return schema?.def.type === 'object' ? Object.keys((schema as z.ZodObject).shape) : []
}

/** Kinds that the schema knows at a path; none where it does not ask for one. */
function kindsAt(path: readonly Step[], tree: Tree): string[] {
  const schema = schemaAt(path, tree, 'kinds')
  if (schema === undefined || !hasKinds(schema)) return []
  return options(schema).map((option) => String(kindOf(option)))
}

/** What the key at a path means, as editors show it; null for a name or a key without a word. */
export function aboutKey(tree: Tree, path: readonly Step[]): string | null {
  const above = schemaAt(path.slice(0, -1), tree, 'option')
  const own = above === undefined ? undefined : childOf(above, path[path.length - 1])
  return own?.description ?? unwrapped(own)?.description ?? null
}

/**
 * Walks the schema along a path, taking in each union the option that the tree has. At the end it
 * may stop before: at the union itself, or at the kinds to choose from.
 */
function schemaAt(
  path: readonly Step[],
  tree: Tree,
  stop: 'option' | 'kinds' | 'union',
): z.ZodType | undefined {
  let schema: z.ZodType | undefined = scenarioSchema
  for (let n = 0; n < path.length; n++) {
    const option = chosen(schema, nearest(tree, path.slice(0, n)), false)
    schema = option === undefined ? undefined : childOf(option, path[n])
  }
  return stop === 'union'
    ? unwrapped(schema)
    : chosen(schema, nearest(tree, path), stop === 'kinds')
}

function chosen(
  outer: z.ZodType | undefined,
  here: Tree,
  stopsAtKinds: boolean,
): z.ZodType | undefined {
  const schema = unwrapped(outer)
  if (schema?.def.type !== 'union') return schema
  if (!hasKinds(schema)) {
    return chosen(options(schema)[optionAt(schema, here)], here, stopsAtKinds)
  }
  if (stopsAtKinds) return schema
  const kind = plain(nearest(here, ['kind']))
  return options(schema).find((option) => kindOf(option) === kind)
}

/** Which option of a union has the shape of what came; -1 for a single value, which any may be. */
function optionAt(union: z.ZodType, { value }: Tree): number {
  const types = options(union).map((option) => {
    const schema = unwrapped(option)
    return hasKinds(schema) ? 'kinds' : schema?.def.type
  })
  if (Array.isArray(value)) return types.indexOf('array')
  if (!isMap(value)) return -1
  const map = types.findIndex((type) => type === 'object' || type === 'record')
  const kinds = types.indexOf('kinds')
  const hasKind = value.has('kind') || map < 0
  return hasKind && kinds >= 0 ? kinds : map
}

function hasKinds(schema: z.ZodType | undefined): boolean {
  return schema?.def.type === 'union' && 'discriminator' in schema.def
}

function childOf(schema: z.ZodType, step: Step): z.ZodType | undefined {
  const { type } = schema.def
  if (type === 'object') return (schema as z.ZodObject).shape[step] as z.ZodType | undefined
  if (type === 'record') return (schema as z.ZodRecord).valueType as z.ZodType
  return type === 'array' ? ((schema as z.ZodArray).element as z.ZodType) : undefined
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema
  while (inner !== undefined) {
    const { type } = inner.def
    if (type === 'optional' || type === 'default' || type === 'prefault')
      inner = (inner as z.ZodOptional).unwrap() as z.ZodType
    else if (type === 'pipe') inner = (inner as z.ZodPipe).in as z.ZodType
    else break
  }
  return inner
}

function options(union: z.ZodType): z.ZodType[] {
  return (union as z.ZodUnion).options as unknown as z.ZodType[]
}

function kindOf(option: z.ZodType): unknown {
  const kind = option.def.type === 'object' ? (option as z.ZodObject).shape.kind : undefined
  return kind?.def.type === 'literal' ? [...(kind as unknown as z.ZodLiteral).values][0] : undefined
}

/** A key of the scenario that is unknown, missing or has a value it cannot have. */
export class ScenarioKeyError extends InputError {}
