/**
 * Files on disk, and the bundled examples, as a source of scenarios. The only part of the reader
 * that knows Node.
 */

import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileSource } from './bytes.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))

/**
 * Files of this machine.
 *
 * Rule:   a scenario named on the command line resolves against `folder`, one named by `extends`
 *         against the file that names it; where nothing is there, a bare name or rules/NAME is a
 *         bundled example. Data resolves against `data`, by default the folder of the scenario.
 */
export function diskSource(folder: string, data: string | null = null): FileSource {
  return {
    read: (path) => new Uint8Array(readFileSync(path)),
    resolve(from, name, role) {
      const beside = from === '' ? folder : dirname(from)
      if (role === 'data') return resolve(data === null ? beside : resolve(folder, data), name)
      const path = resolve(beside, name)
      const bundled = join(examples, `${name}.yaml`)
      const isBare = /^(rules\/)?[\w-]+$/.test(name)
      return isBare && !isFile(path) && isFile(bundled) ? bundled : path
    },
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
