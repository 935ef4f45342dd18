/**
 * A scenario as written: values that know where they stand, whatever file or flag they came from.
 */

/** One value with its place, and the place of the key that holds it. */
export interface Tree {
  readonly place: string
  readonly keyPlace: string
  readonly value: Scalar | readonly Tree[] | ReadonlyMap<string, Tree>
}

export type Scalar = string | number | boolean | null

/** A step into a tree: a key, or an index into a list. */
export type Step = string | number

export function isMap(value: Tree['value']): value is ReadonlyMap<string, Tree> {
  return value instanceof Map
}

/** The tree as plain JSON. */
export function plain(tree: Tree): unknown {
  const { value } = tree
  if (Array.isArray(value)) return value.map(plain)
  if (!isMap(value)) return value
  // fromEntries defines own properties, so that a key `__proto__` is a key like any other.
  return Object.fromEntries([...value].map(([key, child]) => [key, plain(child)]))
}

/** The subtree at a path, or as much of the way as exists. */
export function nearest(tree: Tree, path: readonly Step[]): Tree {
  let at = tree
  for (const step of path) {
    const next = childOf(at, step)
    if (next === undefined) break
    at = next
  }
  return at
}

/** Lays one tree over another: maps merge, null removes a key, everything else replaces. */
export function merged(base: Tree, over: Tree): Tree {
  if (!isMap(base.value) || !isMap(over.value)) return over
  const value = new Map(base.value)
  for (const [key, child] of over.value) {
    const below = value.get(key)
    if (below !== undefined && child.value === null) value.delete(key)
    else value.set(key, below === undefined ? child : merged(below, child))
  }
  return { ...over, value }
}

/**
 * The tree with one subtree put at a path; maps that the path needs are made. Null removes the key
 * of a map that is there.
 *
 * Returns null where the path leads through a single value, or past the end of a list.
 */
export function planted(tree: Tree, path: readonly string[], scion: Tree): Tree | null {
  if (path.length === 0) return scion
  const [step, ...rest] = path
  const empty: Tree = { place: scion.place, keyPlace: scion.keyPlace, value: new Map() }
  if (Array.isArray(tree.value)) {
    const index = /^\d+$/.test(step) ? Number(step) : -1
    const child = index < 0 || index >= tree.value.length ? null : tree.value[index]
    const grown = child === null ? null : planted(child, rest, scion)
    return grown === null ? null : { ...tree, value: tree.value.with(index, grown) }
  }
  if (!isMap(tree.value) && tree.value !== null) return null
  const value = new Map(isMap(tree.value) ? tree.value : [])
  if (rest.length === 0 && scion.value === null && value.delete(step)) return { ...tree, value }
  const grown = planted(value.get(step) ?? empty, rest, scion)
  return grown === null ? null : { ...tree, value: value.set(step, grown) }
}

/** A path as people write it: `market.venues.eth.bands[0]`. */
export function written(path: readonly Step[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : (i === 0 ? '' : '.') + short(step)))
    .join('')
}

/** Text on one line, cut where it would fill the screen. */
export function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}

function childOf(tree: Tree, step: Step): Tree | undefined {
  if (isMap(tree.value)) return tree.value.get(String(step))
  return Array.isArray(tree.value) ? tree.value[Number(step)] : undefined
}
