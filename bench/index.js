/** The bench: what the engine costs, beside references that it builds and runs itself. `node bench/index.js --help`. */

import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { profiled } from './profile.js'
import { table } from './table.js'

const HELP = `npm run bench                        every row, as a table; appends to bench/history.jsonl
npm run --silent bench -- ROW --json one row as one JSON document

  --list       names of the rows
  --json       one JSON document per row, a line each
  --size N     accounts instead of the row's own (the budgets stay: they are for its own)
  --profile    where the time goes, on stderr

Each figure is the fastest of 5 turns or more, taken in rotation with the references. A row is ok when its answers equal the
references' digit for digit and its budgets hold. A budget on a part called "against" something bounds the ratio, every
other one the value. Times depend on the machine and on who shares it: compare ratios.

  sweep-1m, cascade-1m, memory-1m      1,000,000 accounts at one moment
  run-100k      100,000 accounts through 7,200 blocks: bare, then what each settlement adds, then twice the book
  worst-book    100,000 accounts that stay breached, in a market of a twentieth of its depth
  perps-300k    300,000 perpetual positions in a fall of 26 %, with a fund and deleveraging
  paths-1000    100,000 accounts on many day-long paths: threads, memory, and a queue
  record        the frames and events of a day, and their files
  compare-200   five defences against none, 200 pairs
  start         the command line
  lab-page      the web lab from a disk, in a Chromium
  lab-100k      100,000 accounts in the Lab, in Chromium: a move of the drop slider to the redrawn pictures
  lab-replay    a played frame of a long run, in a headless browser`

/** Each is loaded only when it is run. The names are those of the budget table. */
const rows = {
  'sweep-1m': async () => (await import('./rows/sweep.js')).sweep,
  'cascade-1m': async () => (await import('./rows/cascade.js')).cascade,
  'memory-1m': async () => (await import('./rows/memory.js')).memory,
  'run-100k': async () => (await import('./rows/run.js')).run,
  'worst-book': async () => (await import('./rows/worst.js')).worstBook,
  record: async () => (await import('./rows/record.js')).record,
  'perps-300k': async () => (await import('./rows/perps.js')).perps,
  'paths-1000': async () => (await import('./rows/paths.js')).paths,
  'compare-200': async () => (await import('./rows/compare.js')).compare,
  start: async () => (await import('./rows/start.js')).start,
  'lab-page': async () => (await import('./rows/labPage.js')).labPage,
  'lab-100k': async () => (await import('./rows/lab.js')).lab,
  'lab-replay': async () => (await import('./rows/labReplay.js')).labReplay,
}

/** Accounts of a row, where it has not a million. */
const sizes = {
  'run-100k': 100_000,
  'worst-book': 100_000,
  record: 100_000,
  'perps-300k': 300_000,
  'paths-1000': 100_000,
  'lab-100k': 100_000,
}
const sizeOf = (name, given) => given ?? sizes[name] ?? 1_000_000
const here = import.meta.dirname

await main()

async function main() {
  const { values: flags, positionals } = wordsOrExit()
  if (flags.help) return say(HELP)
  if (flags.list) return say(Object.keys(rows).join('\n'))
  if (!existsSync(join(here, '..', 'dist', 'book.js')))
    return refuse('dist/ is missing: npm run build')
  const size = flags.size === undefined ? null : Number(flags.size)
  if (size !== null && (!Number.isInteger(size) || size < 2))
    return refuse(`--size takes a whole number from 2, came ${flags.size}`)
  const unknown = positionals.find((name) => !Object.hasOwn(rows, name))
  if (unknown !== undefined)
    return refuse(`no row ${unknown}; there are ${Object.keys(rows).join(', ')}`)
  if (positionals.length === 1)
    return print(await measured(positionals[0], sizeOf(positionals[0], size), flags), flags)
  const names = positionals.length === 0 ? Object.keys(rows) : positionals
  for (const name of names) {
    const result = inItsOwnProcess(name, sizeOf(name, size), flags)
    print(result, flags)
    if (positionals.length === 0 && size === null) await remember(result)
  }
}

function wordsOrExit() {
  const options = {
    help: { type: 'boolean', short: 'h' },
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    profile: { type: 'boolean' },
    size: { type: 'string' },
  }
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    refuse(error.message)
    return process.exit()
  }
}

async function measured(name, size, flags) {
  const row = await rows[name]()
  const parts = flags.profile
    ? await profiled(name, (node) => row(size, { node }))
    : await row(size, { node: [] })
  return { row: name, ...parts[0], ok: parts.every(({ ok }) => ok), parts }
}

/** So that no row inherits compiled code or memory from the one before. */
function inItsOwnProcess(name, size, flags) {
  const args = [process.argv[1], name, '--json', '--size', String(size)]
  if (flags.profile) args.push('--profile')
  const stdio = ['ignore', 'pipe', 'inherit']
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio }))
}

function print(result, flags) {
  say(flags.json ? JSON.stringify(result) : table(result))
}

async function remember({ row, ok, parts }) {
  const { engineVersion } = await import('../dist/ingest/version.js')
  const { seed } = await import('./data.js')
  const machine = { cpu: cpus()[0].model.trim(), cores: cpus().length, node: process.version }
  const line = {
    date: new Date().toISOString(),
    engine: engineVersion,
    ...machine,
    seed,
    row,
    ok,
    parts,
  }
  appendFileSync(join(here, 'history.jsonl'), `${JSON.stringify(line)}\n`)
}

function say(text) {
  process.stdout.write(`${text}\n`)
}

function refuse(text) {
  process.stderr.write(`bench: ${text}\n`)
  process.exitCode = 2
}
