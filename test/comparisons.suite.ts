/** What comparisons with an independent reference found, kept for the table in the docs. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One row of the table. */
export interface Comparison {
  /** Name of the rules factory or the venue. */
  readonly protocol: string
  /** As the protocol counts them: 3.6, Liquidations 1.2; '' where there is one. */
  readonly version: string
  /** Repository and commit, or package and version, that the reference follows. */
  readonly source: string
  readonly against: 'bytecode' | 'twin' | 'vectors' | 'recording'
  readonly cases: number
  /** Largest relative error of any amount compared. */
  readonly largestError: number
}

/** Where a test run leaves its rows; not committed. */
export const comparisonsFolder = join(import.meta.dirname, '..', '.cache', 'comparisons')

/** Keeps one row; a later one of the same protocol, version and reference replaces it. */
export function recordComparison(row: Comparison): void {
  mkdirSync(comparisonsFolder, { recursive: true })
  const name = `${row.protocol} ${row.version} ${row.against}`.trim().replace(/[^\w.]+/g, '-')
  writeFileSync(join(comparisonsFolder, `${name}.json`), `${JSON.stringify(row)}\n`)
}
