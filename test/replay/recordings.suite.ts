/** Reads recordings for the replays. Only aggregates of them are ever kept. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const folder = process.env.FIREBREAK_DATA

/** Whether there is anything to replay. */
export const isRecorded = folder !== undefined && existsSync(folder)
if (!isRecorded) console.log('FIREBREAK_DATA names no recordings: this replay is skipped')

/** A row by the names of its columns; '' is missing. */
export type Row = Readonly<Record<string, string>>

/** The rows of a recording without quoted fields, gzipped or not. */
export function rowsOf(file: string): Row[] {
  const bytes = readFileSync(join(folder!, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [head, ...lines] = text.trimEnd().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((name, c) => [name, fields[c]]))
  })
}

/** Seconds from one recorded time to another. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** Prints rows under a head, each column as wide as its widest cell. */
export function printTable(title: string, head: readonly string[], rows: readonly Cells[]): void {
  const cells = [head, ...rows.map((row) => row.map(String))]
  const width = head.map((_, c) => Math.max(...cells.map((row) => row[c].length)))
  const lines = cells.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(width[c]) : cell.padStart(width[c]))).join('  '),
  )
  console.log([title, ...lines].join('\n'))
}

export type Cells = readonly (string | number)[]

/** A share in percent with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Millions of USD with one decimal. */
export function millions(usd: number): string {
  return `$${(usd / 1e6).toFixed(1)}m`
}
