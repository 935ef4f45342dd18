/** Builds and starts the references; says plainly what is missing. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { companion } from './measure.js'

const here = import.meta.dirname
export const cache = join(here, '..', '.cache', 'bench')

/**
 * Starts the references over a set of columns.
 *
 * Shape:   `columns` maps a file name (`slot.u16`, `amount.f64`) to a typed array, handed over as raw bytes.
 * Returns: `c` and `numpy`, each `{ ask, close }`, or `{ missing: why and what to install }`; and `close` for all.
 */
export function references(columns) {
  const folder = join(cache, `data-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  for (const [name, column] of Object.entries(columns))
    writeFileSync(
      join(folder, name),
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    )
  const c = start(
    () => buildC(join(folder, 'reference')),
    (binary) => companion(binary, [folder]),
  )
  const numpy = start(findNumpy, (python) =>
    companion(python, [join(here, 'reference.py'), folder]),
  )
  function close() {
    for (const reference of [c, numpy]) reference.close?.()
    rmSync(folder, { recursive: true, force: true })
  }
  return { c, numpy, close }
}

function start(find, open) {
  const { command, missing } = find()
  return missing === undefined ? open(command) : { missing }
}

function buildC(binary) {
  const source = join(here, 'reference.c')
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-o', binary, source, '-lm'], { stdio: 'pipe' })
    return { command: binary }
  } catch (error) {
    if (error.code === 'ENOENT') return { missing: 'gcc is missing: apt-get install gcc libc6-dev' }
    return { missing: `gcc failed: ${String(error.stderr).trim().split('\n')[0]}` }
  }
}

/** Debian's interpreter by path: another python3 on the PATH need not have numpy. */
function findNumpy() {
  const command = '/usr/bin/python3'
  try {
    execFileSync(command, ['-c', 'import numpy'], { stdio: 'pipe' })
    return { command }
  } catch {
    return { missing: `numpy is missing for ${command}: apt-get install python3-numpy` }
  }
}
