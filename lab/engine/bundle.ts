/** The bundled examples and the files that were dropped, as a source of scenarios. */

import { askedAs } from '../../src/farm/bundle.ts'
import type { FileSource } from '../../src/ingest/bytes.ts'
import type { Draft, DroppedFile } from './protocol.ts'

// The recorded book is left out: it names files that a page does not have.
const texts = import.meta.glob<string>(
  ['../../examples/**/*.yaml', '!../../examples/aave-v2-steth-2023-06-19.yaml'],
  { query: '?raw', import: 'default', eager: true },
)

/** The text of each example by its path in `examples/`. */
export const examples: ReadonlyMap<string, string> = new Map(
  Object.entries(texts).map(([path, text]) => [path.slice('../../examples/'.length), text]),
)

/** What `draft` is read from. Rule: its own text first, then dropped files, then examples. */
export function sourceOf({ entry, text }: Draft, dropped: readonly DroppedFile[]): FileSource {
  const files = new Map<string, Uint8Array>()
  const encoder = new TextEncoder()
  for (const [name, example] of examples) files.set(name, encoder.encode(example))
  for (const { name, bytes } of dropped) files.set(name, bytes)
  if (text !== null) files.set(entry, encoder.encode(text))
  return {
    read(path) {
      const bytes = files.get(path)
      if (bytes === undefined) throw new Error(`no file ${path} in this page`)
      return bytes
    },
    resolve(from, name, role) {
      const key = askedAs(from, name, role)
      const asked = dropped.find((file) => file.asked?.includes(key))
      if (asked !== undefined) return asked.name
      const beside = from.includes('/') ? `${from.slice(0, from.lastIndexOf('/'))}/${name}` : name
      const places = [beside, name, `${name}.yaml`]
      return places.find((place) => files.has(place)) ?? name
    },
  }
}
