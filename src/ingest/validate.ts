/**
 * Checks a scenario against its schema, and turns the first thing wrong into one error with a
 * place.
 */

import type { z } from 'zod'
import { type ErrorFacts, InputError } from '../errors.ts'
import { type ScenarioKeys, scenarioSchema } from './schema.ts'
import { didYouMean } from './suggest.ts'
import { nearest, plain, type Step, short, type Tree, written } from './tree.ts'

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
  const remedy = later.has(key)
    ? 'It belongs to runs in time; this version runs instant cascades. Remove it'
    : didYouMean(key, knownKeys(path, tree))
  const rule = `${written([...path, key])}: the scenario has no such key`
  return { code: 'FB2050', rule, place: keyPlace, came: short(key), remedy }
}

/** Keys of the finished format that only mean something once time passes. */
const later = new Set(['blocks', 'chain', 'oracle', 'defences', 'refill', 'path', 'horizon'])

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
  const inner = issue.errors.flat().find((one) => one.code === 'custom' || one.path.length > 0)
  if (inner !== undefined) {
    return factsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, tree)
  }
  const { key, ...rest } = base
  return { ...rest, ...expected(key, 'a number, or text such as 83% or 12M') }
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
  const schema = schemaAt(path, tree)
  return schema?.def.type === 'object' ? Object.keys((schema as z.ZodObject).shape) : []
}

/** Kinds that the schema knows at a path; none where it does not ask for one. */
function kindsAt(path: readonly Step[], tree: Tree): string[] {
  const schema = schemaAt(path, tree, true)
  if (schema?.def.type !== 'union' || !('discriminator' in schema.def)) return []
  return options(schema).map((option) => String(kindOf(option)))
}

/** Walks the schema along a path, taking in each union the kind that the tree names. */
function schemaAt(path: readonly Step[], tree: Tree, keepUnion = false): z.ZodType | undefined {
  let schema: z.ZodType | undefined = scenarioSchema
  for (let n = 0; n <= path.length; n++) {
    schema = unwrapped(schema)
    const isLast = n === path.length
    if (schema?.def.type === 'union' && !(isLast && keepUnion)) {
      const kind = plain(nearest(tree, [...path.slice(0, n), 'kind']))
      schema = options(schema).find((option) => kindOf(option) === kind)
    }
    if (isLast || schema === undefined) return schema
    schema = childOf(schema, path[n])
  }
  return schema
}

function childOf(schema: z.ZodType, step: Step): z.ZodType | undefined {
  const { type } = schema.def
  if (type === 'object') return (schema as z.ZodObject).shape[step] as z.ZodType | undefined
  if (type === 'record') return (schema as z.ZodRecord).valueType as z.ZodType
  return type === 'array' ? ((schema as z.ZodArray).element as z.ZodType) : undefined
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema
  while (inner?.def.type === 'optional' || inner?.def.type === 'default') {
    inner = (inner as z.ZodOptional).unwrap() as z.ZodType
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
