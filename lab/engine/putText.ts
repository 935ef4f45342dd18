/** Writing one value into a YAML text. */

import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml'

/**
 * The text with a value, written as in a file, at a path; every other sign stays.
 *
 * Rule: null where the path leads through a single value or past the end of a list. What comes out
 *       must be read again: a value may not fit where it was put.
 */
export function put(text: string, path: readonly string[], value: string): string | null {
  let node: unknown = parseDocument(text).contents
  for (let n = 0; n < path.length; n++) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === path[n])
      if (pair === undefined) return added(text, node, path.slice(n), value)
      node = pair.value
    } else if (isSeq(node)) node = node.items[Number(path[n])]
    else return null
  }
  const range = (node as Node | null | undefined)?.range
  return range == null ? null : text.slice(0, range[0]) + value + text.slice(range[1])
}

/** The text with a new key at the end of a map; maps below it are made in braces. */
function added(text: string, map: YAMLMap, path: readonly string[], value: string): string | null {
  const [key, ...rest] = path
  const inner = rest.reduceRight((inside, step) => `{ ${step}: ${inside} }`, value)
  const last = map.items.at(-1)
  if (map.flow || last === undefined) {
    const end = map.range![1] - 1
    const before = text.slice(0, end).trimEnd()
    return `${before}${last === undefined ? '' : ','} ${key}: ${inner} ${text.slice(end)}`
  }
  const from = (map.items[0].key as Node).range![0]
  const indent = ' '.repeat(from - (text.lastIndexOf('\n', from - 1) + 1))
  const to = ((last.value ?? last.key) as Node).range![1]
  const line = text.indexOf('\n', Math.max(0, to - 1))
  const end = line < 0 ? text.length : line
  return `${text.slice(0, end)}\n${indent}${key}: ${inner}${text.slice(end)}`
}

/** The text with a value at a path, or without its key for null; spaces may change. */
export function rewritten(text: string, path: readonly string[], value: string | null): string {
  const document = parseDocument(text)
  if (value === null) document.deleteIn(path)
  else document.setIn(path, parseDocument(value === '' ? '""' : value).contents)
  return document.toString({ lineWidth: 0 })
}
