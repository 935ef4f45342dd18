/** The text of a scenario: to be read, to be written into, and to be asked about. */

import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { composed, type Override } from '../../src/ingest/compose.ts'
import { plain } from '../../src/ingest/tree.ts'
import { aboutKey } from '../../src/ingest/validate.ts'
import { treeOf } from '../../src/ingest/yaml.ts'
import { sourceOf } from './bundle.ts'
import type { Draft, DroppedFile, Questions } from './protocol.ts'
import { put, rewritten } from './putText.ts'

/** A draft's own text, of an example too. Throws: as `readScenario` */
export async function textOfDraft(
  draft: Draft,
  files: readonly DroppedFile[],
): Promise<Questions['text']['answer']> {
  if (draft.text !== null) return draft.text
  const source = sourceOf(draft, files)
  const { files: read } = composed(draft.entry, source, [])
  return new TextDecoder().decode(source.read(read[0].path))
}

/** The remark at the head of a text, without the line that is for editors. */
export function remarkOf(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^#\s?/, ''))
    .filter((line) => !line.startsWith('yaml-language-server'))
    .join(' ')
    .trim()
}

/**
 * A draft's text with its overrides written into it. Remarks stay, and lines that nothing changed.
 *
 * Rule:   an override that the text cannot say alone, as for an entry of a list that stands in what
 *         the text extends, stays one.
 * Throws: as `readScenario`
 */
export async function amendedText(
  draft: Draft,
  files: readonly DroppedFile[],
): Promise<Questions['amend']['answer']> {
  let text = await textOfDraft(draft, files)
  const left: Override[] = []
  for (const override of draft.overrides) {
    const before = { ...draft, text }
    const next = waysToSay(text, override).find((way) => sameTree(before, override, way, files))
    if (next === undefined) left.push(override)
    else text = next
  }
  return { text, left }
}

/** Texts that may say an override, the one that changes least first. */
function waysToSay(text: string, [path, value]: Override): string[] {
  const steps = path.split('.')
  const isGone = /^(null|~)?$/.test(value.trim())
  const ways = isGone
    ? [() => rewritten(text, steps, null), () => put(text, steps, 'null')]
    : [() => put(text, steps, value), () => rewritten(text, steps, value)]
  return ways.flatMap((way) => {
    try {
      return way() ?? []
    } catch {
      return []
    }
  })
}

function sameTree(
  draft: Draft,
  override: Override,
  text: string,
  files: readonly DroppedFile[],
): boolean {
  try {
    const one = composed(draft.entry, sourceOf(draft, files), [override])
    const other = composed(draft.entry, sourceOf({ ...draft, text }, files), [])
    return JSON.stringify(sorted(plain(one.tree))) === JSON.stringify(sorted(plain(other.tree)))
  } catch {
    return false
  }
}

/** With the keys of maps in one order: where a new key stands in a text means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const rows = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(rows.map(([key, inner]) => [key, sorted(inner)]))
}

/** What the key at a place of a text means; null where nothing is known of it. */
export async function hintAt({
  text,
  offset,
}: Questions['hint']['ask']): Promise<Questions['hint']['answer']> {
  const path = pathAt(parseDocument(text).contents, offset)
  if (path.length === 0) return null
  try {
    const about = aboutKey(treeOf(new TextEncoder().encode(text), 'scenario'), path)
    return about === null ? null : { path: path.join('.'), about }
  } catch {
    return null
  }
}

/** The keys that lead to the value at an offset, or to the key itself there. */
function pathAt(node: unknown, offset: number): (string | number)[] {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const from = (key as Node).range?.[0] ?? 0
      const to = (value as Node | null)?.range?.[2] ?? (key as Node).range?.[2] ?? 0
      if (offset >= from && offset < to && isScalar(key))
        return [String(key.value), ...pathAt(value, offset)]
    }
  }
  if (isSeq(node)) {
    const at = node.items.findIndex((item) => {
      const [from, , to] = (item as Node).range ?? [0, 0, 0]
      return offset >= from && offset < to
    })
    if (at >= 0) return [at, ...pathAt(node.items[at], offset)]
  }
  return []
}
