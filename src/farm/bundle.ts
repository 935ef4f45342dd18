/** All that a scenario is read from, by digest: what other machines fetch. */

import { digestOf, type FileSource } from '../ingest/bytes.ts'

/** Names of files, and the digests of their bytes. Plain data. */
export interface Listing {
  /** `from`, `name` and `role`, each as the reader asked, joined by a line end -> path. */
  readonly paths: Readonly<Record<string, string>>
  readonly digests: Readonly<Record<string, string>>
}

/** A source that remembers what was read from it: every file once, whoever asks. */
export interface Bundle extends FileSource {
  listing(): Listing
  /** Bytes by digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/** Wraps a source. A file that is read again is what it was at first, whatever a disk says now. */
export function bundleOf(source: FileSource): Bundle {
  const paths: Record<string, string> = {}
  const digests: Record<string, string> = {}
  const blobs = new Map<string, Uint8Array>()
  return {
    blobs,
    listing: () => ({ paths: { ...paths }, digests: { ...digests } }),
    read(path) {
      if (digests[path] === undefined) {
        const bytes = source.read(path)
        digests[path] = digestOf(bytes)
        blobs.set(digests[path], bytes)
      }
      return blobs.get(digests[path])!
    },
    resolve(from, name, role) {
      const path = source.resolve(from, name, role)
      paths[askedAs(from, name, role)] = path
      return path
    },
  }
}

/** The files of a listing; `fetch` gives the bytes of a digest. Knows nothing else. */
export function sourceOf(
  { paths, digests }: Listing,
  fetch: (digest: string) => Uint8Array,
): FileSource {
  return {
    read(path) {
      if (digests[path] === undefined) throw new Error(`${path} is not in the bundle`)
      return fetch(digests[path])
    },
    resolve(from, name, role) {
      const path = paths[askedAs(from, name, role)]
      if (path === undefined) throw new Error(`${name} is not in the bundle`)
      return path
    },
  }
}

/** The question for one file as one word. */
export function askedAs(from: string, name: string, role: string): string {
  return `${from}\n${name}\n${role}`
}
