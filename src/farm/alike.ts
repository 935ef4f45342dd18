/** Plain data that mostly repeats other plain data, held without what repeats. */

/**
 * The same data, with every part that `like` has in the same place taken from there.
 *
 * Rule: parts are one where they are equal and have their keys in the same order; what holds a
 *       column is one thing, and is left as it is.
 */
export function alike<T>(one: T, like: unknown): T {
  if (Object.is(one, like) || !isPlain(one) || !isPlain(like)) return one
  if (Array.isArray(one) !== Array.isArray(like)) return one
  const keys = Object.keys(one)
  const others = Object.keys(like)
  const parts = keys.map((key): [string, unknown] => [key, alike(one[key], like[key])])
  const isSame =
    keys.length === others.length &&
    parts.every(([key, part], k) => key === others[k] && Object.is(part, like[key]))
  if (isSame) return like as T
  return (Array.isArray(one) ? parts.map(([, part]) => part) : Object.fromEntries(parts)) as T
}

/** An object or an array without columns. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return Array.isArray(value) || !Object.values(value).some((part) => ArrayBuffer.isView(part))
}
