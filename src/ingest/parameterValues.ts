/** What a factory gets, from the checked keys of a scenario file. */

import { type Fields, keyOf, type Shape } from '../parameters.ts'
import { indexOf } from './assets.ts'
import type { Context } from './context.ts'
import { Written } from './fields.ts'
import type { Step } from './tree.ts'

type Keys = Readonly<Record<string, unknown>>

/**
 * Parameters in numbers: assets and groups by index, spans in seconds, and what was left out.
 *
 * Throws: ScenarioKeyError for an asset that the scenario does not have
 */
export function valuesOf(
  fields: Fields,
  keys: Keys,
  context: Context,
  path: readonly Step[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, { shape, otherwise, isOptional }] of Object.entries(fields)) {
    const key = keyOf(name, shape)
    const given = keys[key]
    if (given !== undefined && given !== null)
      values[name] = inNumbers(shape, given, context, [...path, key])
    else if (!isOptional) values[name] = otherwise
  }
  return values
}

function inNumbers(shape: Shape, given: unknown, context: Context, path: readonly Step[]): unknown {
  switch (shape.type) {
    case 'asset':
      return indexOf(context.assets.names, given as string, context.tree, path)
    case 'fields':
      return valuesOf(shape.fields, given as Keys, context, path)
    case 'list':
      return (given as Keys[]).map((one, i) => valuesOf(shape.fields, one, context, [...path, i]))
    case 'byAsset':
      return Object.entries(given as Keys).map(([name, terms]) => ({
        asset: indexOf(context.assets.names, name, context.tree, [...path, name]),
        ...valuesOf(shape.fields, terms as Keys, context, [...path, name]),
      }))
    case 'groups':
      return Object.entries(given as Keys).map(([name, one], i) => {
        const inside = inNumbers(shape.each, one, context, [...path, name])
        return {
          group: i + 1,
          ...(Array.isArray(inside) ? { assets: inside } : (inside as object)),
        }
      })
    default:
      return given instanceof Written ? given.value : given
  }
}

/** A key that was given, and where. */
export interface Place {
  readonly path: readonly Step[]
  readonly value: unknown
}

/** Every given key that means something only in a run in time. */
export function placesOfTime(fields: Fields, keys: Keys, path: readonly Step[]): Place[] {
  return Object.entries(fields).flatMap(([name, { shape, isOfTime }]) => {
    const key = keyOf(name, shape)
    const value = keys[key]
    if (value === undefined || value === null) return []
    const own = isOfTime ? [{ path: [...path, key], value }] : []
    return [...own, ...placesIn(shape, value, [...path, key])]
  })
}

function placesIn(shape: Shape, value: unknown, path: readonly Step[]): Place[] {
  const inEach = (each: (one: unknown, path: readonly Step[]) => Place[]) =>
    Object.entries(value as Keys).flatMap(([name, one]) => each(one, [...path, name]))
  if (shape.type === 'groups') return inEach((one, at) => placesIn(shape.each, one, at))
  if (shape.type === 'fields') return placesOfTime(shape.fields, value as Keys, path)
  if (shape.type !== 'byAsset' && shape.type !== 'list') return []
  return inEach((one, at) => placesOfTime(shape.fields, one as Keys, at))
}

/** Groups that positions may be in; group n is the n-th, counted from 1. */
export interface Groups {
  /** The key of the rules that has them: markets, vaults, eModes. */
  readonly key: string
  readonly names: readonly string[]
}

/** The groups that rules name, in their order. */
export function groupsOf(fields: Fields, keys: Keys): Groups {
  const [entry] = Object.entries(fields).filter(([, { shape }]) => shape.type === 'groups')
  if (entry === undefined) return { key: 'groups', names: [] }
  const key = keyOf(entry[0], entry[1].shape)
  return { key, names: Object.keys((keys[key] ?? {}) as Keys) }
}
