/** Files that a sweep wrote beside its store, so that they can be taken away with it. */

import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

/** Table of names and what the files held when they were written. */
export const outputsTable = 'CREATE TABLE IF NOT EXISTS outputs(name VARCHAR, digest VARCHAR)'

/** Notes files of a folder as written by the sweep. */
export async function noteOutputs(
  connection: DuckDBConnection,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const digest = await digestAt(join(folder, name))
    await connection.run('DELETE FROM outputs WHERE name = $1', [name])
    await connection.run('INSERT INTO outputs VALUES ($1, $2)', [name, digest])
  }
}

/** Takes away the files that were noted and are as they were written. */
export async function removeOutputs(connection: DuckDBConnection, folder: string): Promise<void> {
  const noted = await connection.runAndReadAll('SELECT name, digest FROM outputs')
  for (const [name, digest] of noted.getRows()) {
    const path = join(folder, basename(String(name)))
    if (existsSync(path) && (await digestAt(path)) === digest) rmSync(path)
  }
}

/** SHA-256 of a file, which may be far longer than memory. */
async function digestAt(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
