/** Puts a scenario together: the file, what it extends, and the overrides of the command line. */

import { InputError } from '../errors.ts'
import type { Override } from '../scenario.ts'
import { digestOf, type FileSource } from './bytes.ts'
import { isMap, merged, planted, short, type Tree } from './tree.ts'
import { overrideTree, treeOf } from './yaml.ts'

/** One scenario file that was read. */
export interface ScenarioFile {
  readonly path: string
  /** As named on the command line or by `extends`, without its folders. */
  readonly name: string
  readonly sha256: string
  readonly lines: number
}

/** A scenario as one tree, and the files it was made of, the named one first. */
export interface Composed {
  readonly tree: Tree
  readonly files: readonly ScenarioFile[]
}

export type { Override } from '../scenario.ts'

/**
 * Reads a scenario with everything it extends and lays the overrides on top.
 *
 * Rule:   over what it extends, a scenario's maps merge, null removes a key that is there, and
 *         everything else replaces; overrides come after it, and null removes likewise.
 * Throws: CompositionError; ScenarioTextError where a file is no YAML
 */
export function composed(
  entry: string,
  source: FileSource,
  overrides: readonly Override[],
): Composed {
  const files: ScenarioFile[] = []
  const trees: Tree[] = []
  let next: { name: string; from: string; place: string } | null = {
    name: entry,
    from: '',
    place: entry,
  }
  while (next !== null) {
    const { path, tree, file } = readOne(next.name, next.from, next.place, source)
    const chain = [...files, file].map(({ name }) => name)
    const { place } = next
    if (files.some((other) => other.path === path)) throw new CyclicExtendsError(place, chain)
    if (files.length === extendsMax) throw new DeepExtendsError(place, chain)
    files.push(file)
    trees.push(withoutExtends(tree))
    next = extendedBy(tree, path)
  }
  const whole = trees.reduceRight((base, over) => merged(base, over))
  return { tree: overrides.reduce(overridden, whole), files }
}

const extendsMax = 16

function readOne(name: string, from: string, place: string, source: FileSource) {
  const path = source.resolve(from, name, 'scenario')
  const bytes = readBytes(path, name, place, source)
  const short = path.replace(/^.*[\\/]/, '')
  const tree = treeOf(bytes, short)
  if (!isMap(tree.value)) throw new NotAMapError(tree.place)
  const lines = bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0)
  return { path, tree, file: { path, name: short, sha256: digestOf(bytes), lines } }
}

function readBytes(path: string, name: string, place: string, source: FileSource): Uint8Array {
  try {
    return source.read(path)
  } catch (cause) {
    throw new UnreadableScenarioError(name, place, cause)
  }
}

function extendedBy(tree: Tree, from: string) {
  const base = isMap(tree.value) ? tree.value.get('extends') : undefined
  if (base === undefined) return null
  if (typeof base.value === 'string') return { name: base.value, from, place: base.place }
  throw new CompositionError({
    code: 'FB2052',
    rule: 'extends: must be the path of one scenario',
    place: base.place,
    remedy: 'Write extends: base.yaml',
  })
}

function withoutExtends(tree: Tree): Tree {
  const value = new Map(isMap(tree.value) ? tree.value : [])
  value.delete('extends')
  return { ...tree, value }
}

/** Flags that stand for one key; every other override came by `--set`. */
const flags: Readonly<Record<string, string>> = {
  'shock.drop': '--drop',
  order: '--order',
  feedback: '--no-feedback',
}

function overridden(tree: Tree, [path, value]: Override): Tree {
  const flag = Object.hasOwn(flags, path) ? flags[path] : `--set ${short(path)}`
  const steps = path.split('.')
  const scion = overrideTree(value, flag)
  const grown = steps.some((step) => step === '') ? null : planted(tree, steps, scion)
  if (grown === null) throw new OverridePathError(flag, path)
  return grown
}

/** A scenario that cannot be put together. */
export class CompositionError extends InputError {}

/** A scenario file that is missing or cannot be read. */
export class UnreadableScenarioError extends CompositionError {
  constructor(name: string, place: string, cause: unknown) {
    super({
      code: 'FB2040',
      rule: `no scenario can be read at ${name}`,
      place,
      remedy: 'Give the path of a scenario file, or the name of a bundled example: eth-lending',
      cause,
    })
  }
}

/** A file that is YAML but no map of keys. */
export class NotAMapError extends CompositionError {
  constructor(place: string) {
    super({
      code: 'FB2041',
      rule: 'a scenario is a map of keys',
      place,
      remedy: 'Begin with version: 1. firebreak init writes a scenario to start from',
    })
  }
}

/** A scenario that extends itself. */
export class CyclicExtendsError extends CompositionError {
  constructor(place: string, chain: readonly string[]) {
    super({
      code: 'FB2045',
      rule: 'a scenario must not extend itself',
      place,
      came: chain.join(' -> '),
      remedy: 'Remove one of these extends',
    })
  }
}

/** A chain of scenarios that is too long. */
export class DeepExtendsError extends CompositionError {
  constructor(place: string, chain: readonly string[]) {
    super({
      code: 'FB2046',
      rule: `a chain of extends has at most ${extendsMax} scenarios`,
      place,
      came: `${chain.slice(0, 3).join(' -> ')} -> ...`,
      remedy: 'Merge some of them',
    })
  }
}

/** An override whose path leads nowhere. */
export class OverridePathError extends CompositionError {
  constructor(flag: string, path: string) {
    super({
      code: 'FB2047',
      rule: 'the path of an override leads through maps and existing list entries',
      place: flag,
      came: short(path),
      remedy: 'Write it like --set depth.haircut=50%',
    })
  }
}
