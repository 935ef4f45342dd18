/** Reads YAML and JSON into a tree whose values know their line and column. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { InputError } from '../errors.ts'
import { textOf, textRules } from './bytes.ts'
import type { Scalar, Tree } from './tree.ts'

/**
 * Reads a scenario file.
 *
 * Rule:   UTF-8; one document; keys are unique; JSON is YAML too. Places are `file:line:column`,
 *         both from 1.
 * Throws: ScenarioTextError
 */
export function treeOf(bytes: Uint8Array, file: string): Tree {
  if (bytes.length > bytesMax) {
    throw new ScenarioTextError('FB2043', file, `a scenario has at most ${bytesMax} bytes`)
  }
  const decoded = textOf(bytes)
  if ('fault' in decoded) {
    const code = decoded.fault === 'empty' ? 'FB2041' : 'FB2042'
    throw new ScenarioTextError(code, file, textRules[decoded.fault])
  }
  return parsed(decoded.text, file)
}

/** Reads the value of an override, `15%` or `[1%, 2%]`; every place is that of the flag. */
export function overrideTree(text: string, flag: string): Tree {
  return placed(parsed(text === '' ? '""' : text, flag), flag)
}

function placed(tree: Tree, place: string): Tree {
  const { value } = tree
  if (Array.isArray(value))
    return { place, keyPlace: place, value: value.map((v) => placed(v, place)) }
  if (!(value instanceof Map)) return { place, keyPlace: place, value: value as Scalar }
  const children = [...value].map(([key, child]) => [key, placed(child, place)] as const)
  return { place, keyPlace: place, value: new Map(children) }
}

function parsed(text: string, file: string): Tree {
  const lines = new LineCounter()
  const document = parsedDocument(text, file, lines)
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }
    const code = error.code === 'DUPLICATE_KEY' ? 'FB2044' : 'FB2043'
    const rule = code === 'FB2044' ? 'a key stands once in its map' : firstLine(error.message)
    throw new ScenarioTextError(code, `${file}:${line}:${col}`, rule)
  }
  let nodes = 0
  let aliases = 0
  const placeOf = (node: Node): string => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0)
    return `${file}:${line}:${col}`
  }
  const grow = (node: Node | null, key: Node | null, depth: number): Tree => {
    const keyPlace = key === null ? `${file}:1:1` : placeOf(key)
    if (node === null) return { place: keyPlace, keyPlace, value: null }
    const place = placeOf(node)
    // Aliases unfold: without these limits ten lines could become a billion values.
    if (++nodes > nodesMax || depth > depthMax) {
      const rule = `a scenario has at most ${nodesMax} values, ${depthMax} deep`
      throw new ScenarioTextError('FB2043', place, rule)
    }
    if (isAlias(node)) {
      if (++aliases > aliasesMax) {
        throw new ScenarioTextError('FB2043', place, `a scenario has at most ${aliasesMax} aliases`)
      }
      return grow((node.resolve(document) ?? null) as Node | null, key, depth + 1)
    }
    if (isSeq(node)) {
      const value = node.items.map((item) => grow(item as Node, item as Node, depth + 1))
      return { place, keyPlace, value }
    }
    if (!isMap(node)) return { place, keyPlace, value: scalarOf(node, place) }
    const pairs = node.items.map(({ key, value }) => {
      if (!isScalar(key)) throw new ScenarioTextError('FB2043', place, 'keys must be plain names')
      return [String(key.value), grow(value as Node | null, key, depth + 1)] as const
    })
    return { place, keyPlace, value: new Map(pairs) }
  }
  return grow(document.contents, null, 0)
}

function parsedDocument(text: string, file: string, lines: LineCounter) {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: true, logLevel: 'silent' })
  } catch (cause) {
    // Thousands of open brackets overflow the parser's stack.
    throw new ScenarioTextError('FB2043', file, 'the file nests too deep to be read', cause)
  }
}

function scalarOf(node: Node, place: string): Scalar {
  const value = isScalar(node) ? node.value : undefined
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (!isPlain)
    throw new ScenarioTextError('FB2043', place, 'values must be text, numbers or lists')
  return value as Scalar
}

/** The parser's message without its own position and drawing. */
function firstLine(message: string): string {
  return message.split('\n')[0].replace(/( at line \d+, column \d+)?:?$/, '')
}

const bytesMax = 4_000_000
const nodesMax = 200_000
const depthMax = 64
const aliasesMax = 1000

/** A scenario file that cannot be read as YAML or JSON. */
export class ScenarioTextError extends InputError {
  constructor(code: string, place: string, rule: string, cause?: unknown) {
    const remedy =
      code === 'FB2042'
        ? 'Save the file as UTF-8'
        : 'Compare with an example: firebreak init writes one'
    super({ code, rule, place, remedy, cause })
  }
}
