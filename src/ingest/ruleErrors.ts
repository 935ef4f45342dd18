/** Errors of rules, said at the keys that a scenario file has for their parameters. */

import { InputError } from '../errors.ts'
import { type Fields, inKeys, keyOf, type Shape } from '../parameters.ts'
import type { Context } from './context.ts'
import { isMap, nearest, type Step, type Tree } from './tree.ts'
import { keyError } from './validate.ts'

type Keys = Readonly<Record<string, unknown>>

/**
 * Runs a check of a rules factory. What it refuses is said at the key that was written, in words of
 * the scenario: `rules.assets.ETH.threshold` for `assets[0].threshold`, `tau` for `tauSeconds`, and
 * assets and groups by their names.
 *
 * Throws: ScenarioKeyError in place of an InputError
 */
export function ruled<T>(
  fields: Fields,
  keys: Keys,
  context: Context,
  path: readonly Step[],
  check: () => T,
): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { steps, names } = keysAt(fields, keys, error.place ?? '')
    const at = [...path, ...steps]
    const came = cameOf(error.came, names, at, context)
    const { code, remedy } = error
    throw keyError(context.tree, at, {
      code,
      rule: inKeys(fields, error.rule),
      ...(came === undefined ? {} : { came }),
      ...(remedy === undefined ? {} : { remedy: inKeys(fields, remedy).replace(/\.$/, '') }),
      cause: error,
    })
  }
}

/** Where a place leads, and what the error names there by its number. */
interface Keyed {
  readonly steps: readonly Step[]
  readonly names: 'asset' | 'group' | null
}

/** The way through a file that a place such as `markets[0].ltvs[1].asset` means. */
function keysAt(fields: Fields, keys: Keys, place: string): Keyed {
  const steps: Step[] = []
  let shape: Shape = { type: 'fields', fields }
  let here: unknown = keys
  for (const word of place.match(/[^.[\]]+/g) ?? []) {
    if (shape.type === 'groups' || shape.type === 'byAsset' || shape.type === 'list') {
      // A group holds its terms by asset under no key of their own.
      if (shape.type === 'byAsset' && word === 'assets') continue
      const entry = Object.entries((here ?? {}) as Keys)[Number(word)]
      if (entry === undefined) break
      steps.push(shape.type === 'list' ? Number(word) : entry[0])
      here = entry[1]
      shape = shape.type === 'groups' ? shape.each : { type: 'fields', fields: shape.fields }
      continue
    }
    const inside: Fields = shape.type === 'fields' ? shape.fields : {}
    if (!Object.hasOwn(inside, word))
      return { steps, names: word === 'asset' || word === 'group' ? word : null }
    shape = inside[word].shape
    const key = keyOf(word, shape)
    steps.push(key)
    here = ((here ?? {}) as Keys)[key]
  }
  return { steps, names: shape.type === 'asset' ? 'asset' : null }
}

/** What came as the file has it: names in place of numbers, quantities as they are written. */
function cameOf(
  came: string | undefined,
  names: Keyed['names'],
  at: readonly Step[],
  { tree, assets }: Context,
): string | undefined {
  if (came === undefined || came === 'undefined' || came === 'null') return undefined
  if (names === 'group') return String(at.at(-1))
  if (names === 'asset') return assets.names[Number(came)] ?? came
  const { value }: Tree = nearest(tree, at.slice(0, -1))
  const written = isMap(value) ? value.get(String(at.at(-1)))?.value : undefined
  const isQuantity = typeof written === 'string' || typeof written === 'number'
  return isQuantity ? String(written) : came
}
