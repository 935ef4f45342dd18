/** Files that nobody has described: what is in them, and the scenario that they make. */

import {
  assetsIn,
  checkSize,
  checkUsable,
  guessedColumns,
  guessedRole,
  neededColumns,
  valueColumns,
} from '../../src/ingest/guess.ts'
import { inBraces, type KeyLine, marketText, plainRules, word } from '../../src/ingest/starter.ts'
import { readTable, type Table } from '../../src/ingest/table.ts'
import type { DroppedFile, Questions } from './protocol.ts'
import type { MarketChoice } from './textProtocol.ts'

/** The last tables that were looked at: choosing another column reads no file again. */
const known = new Map<string, Table>()

export async function lookAt(
  { name, file, role, columns }: Questions['look']['ask'],
  _files: readonly DroppedFile[],
  part: (part: Questions['look']['part']) => void,
): Promise<Questions['look']['answer']> {
  checkSize(name, file.size)
  const table = await tableOf(name, file, part)
  checkUsable(table)
  const serves = role ?? guessedRole(table)
  const wanted =
    serves === null
      ? []
      : [...neededColumns[serves], ...(serves === 'positions' ? valueColumns : [])]
  const chosen = columns ?? guessedColumns(wanted, table)
  return {
    ...{ name, role: serves, rows: table.rows.length, columns: table.columns, chosen },
    sample: table.rows.slice(0, SAMPLE).map((row) => row.map((cell) => String(cell ?? ''))),
    assets: serves === 'positions' ? assetsIn(table, chosen) : [],
    rules: plainRules(),
  }
}

const SAMPLE = 3

async function tableOf(
  name: string,
  file: Blob,
  part: (part: Questions['look']['part']) => void,
): Promise<Table> {
  const key = `${name}\n${file.size}`
  const before = known.get(key)
  if (before !== undefined) return before
  const bytes = await bytesOf(file, part)
  part({ read: file.size, of: file.size })
  const source = { read: () => bytes, resolve: () => name }
  const table = await readTable({ file: name }, '', source)
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(key, table)
  return table
}

const KNOWN_MAX = 4

async function bytesOf(
  file: Blob,
  part: (part: Questions['look']['part']) => void,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.size)
  const reader = file.stream().getReader()
  let read = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes.set(next.value, read)
    read += next.value.length
    part({ read, of: file.size })
  }
  return bytes
}

/** The text of a scenario of files, with every choice in it. */
export async function marketOf(choice: MarketChoice): Promise<string> {
  known.clear()
  const { name, book, assets, rules, venues, shock, made } = choice
  const keysOf = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]): KeyLine => ({ key, value }))
  return marketText({
    opening: [
      made,
      'Ratios need a unit or a point: 83%, 8300bps or 0.83. Money may be written $1.2m or 12M.',
    ],
    name,
    assets: assets.map(({ name, price, terms }) => ({ name, price, terms: keysOf(terms) })),
    rules: { remark: null, kind: rules.kind, keys: keysOf(rules.keys) },
    book: { remark: null, keys: fileKeys(book.file, book.columns) },
    venues: venues.map((venue) => ({
      name: venue.name,
      keys: [
        { key: 'kind', value: venue.depth.kind },
        { key: 'asset', value: word(venue.asset) },
        { key: 'quote', value: 'USD' },
        ...depthKeys(venue.depth),
        {
          key: 'beyond',
          value: 'linear',
          note: 'past the last bid: linear, sqrt or wall. It is never assumed.',
        },
      ],
    })),
    shock,
  })
}

function fileKeys(file: string, columns: Readonly<Record<string, string>>): KeyLine[] {
  const called = Object.entries(columns).filter(([ours, theirs]) => ours !== theirs)
  const names = called.map(([key, theirs]): KeyLine => ({ key, value: word(theirs) }))
  return [
    { key: 'file', value: word(file) },
    ...(names.length === 0 ? [] : [{ key: 'columns', value: inBraces(names) }]),
  ]
}

function depthKeys(depth: MarketChoice['venues'][number]['depth']): KeyLine[] {
  if (depth.file === null)
    return [
      { key: 'bands', value: `[[10%, ${depth.within10}]]`, note: 'assumed: no depth was given' },
    ]
  const levels: KeyLine = {
    key: 'levels',
    value: 'relative',
    note: 'bids move with the outside price; absolute: they stay where they are',
  }
  return [...fileKeys(depth.file, depth.columns), ...(depth.kind === 'orderBook' ? [levels] : [])]
}
