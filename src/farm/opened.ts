/** A scenario of this machine as a page gets it: its text, what was changed, and its files. */

import { dirname, relative } from 'node:path'
import type { Override } from '../ingest/compose.ts'
import { readScenario } from '../ingest/read.ts'
import { askedAs, type Bundle } from './bundle.ts'

/** A file that a scenario names. */
export interface OpenedFile {
  /** Its path as seen from the scenario's folder. */
  readonly name: string
  /** How the scenario and its files ask for it; see `askedAs`. */
  readonly asked: readonly string[]
  readonly sha256: string
}

/** What a page opens. Plain data; bytes go by digest. */
export interface Opened {
  readonly entry: string
  /** The scenario's own text. */
  readonly text: string
  readonly overrides: readonly Override[]
  readonly files: readonly OpenedFile[]
}

/**
 * Reads a scenario with all that it names, and says what a page needs of it.
 *
 * Rule:   files keep the places they have towards the scenario, so that the page computes the same
 *         run id; the folder above it is not told.
 * Throws: as `readScenario`
 */
export async function openedOf(
  entry: string,
  bundle: Bundle,
  overrides: readonly Override[],
): Promise<Opened> {
  await readScenario(entry, bundle, overrides)
  const { paths, digests } = bundle.listing()
  const main = paths[askedAs('', entry, 'scenario')]
  const nameOf = (path: string) => relative(dirname(main), path).replaceAll('\\', '/')
  const files = Object.entries(digests).map(([path, sha256]): OpenedFile => {
    const keys = Object.keys(paths).filter((key) => paths[key] === path)
    const asked = keys.map((key) => {
      const [from, name, role] = key.split('\n')
      return askedAs(from === '' ? '' : nameOf(from), from === '' ? nameOf(path) : name, role)
    })
    return { name: nameOf(path), asked, sha256 }
  })
  const text = new TextDecoder().decode(bundle.blobs.get(digests[main]))
  return { entry: nameOf(main), text, overrides, files }
}
