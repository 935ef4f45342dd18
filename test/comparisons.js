// Writes the table of docs/rules.md from what the last test run compared, or with --check says where
// the two differ. Rows that the run could not make (no recordings, no packages) are left as they are.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = join(root, '.cache', 'comparisons')
const page = join(root, 'docs', 'rules.md')
const [begin, end] = ['<!-- comparisons -->', '<!-- end -->']
const head = [
  '| rules or venue | version | compared with | cases | largest relative error | follows |',
  '| --- | --- | --- | ---: | ---: | --- |',
]

const text = readFileSync(page, 'utf8')
const [before, after] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
const old = rowsOf(text.slice(before, after))
const fresh = existsSync(folder)
  ? readdirSync(folder).map((name) => written(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
  : []
const merged = new Map([...old, ...fresh].map((row) => [keyOf(row), row]))
const rows = [...merged.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
const table = `\n\n${[...head, ...rows].join('\n')}\n\n`

if (process.argv.includes('--check')) {
  const stale = fresh.filter((row) => !old.includes(row))
  for (const row of stale) console.error(`docs/rules.md does not say: ${row}`)
  if (stale.length > 0) console.error('Run npm run comparisons after the tests')
  process.exit(stale.length === 0 ? 0 : 1)
}
writeFileSync(page, text.slice(0, before) + table + text.slice(after))

function rowsOf(part) {
  return part.split('\n').filter((line) => line.startsWith('| `'))
}

function keyOf(row) {
  return row.split('|').slice(1, 4).join('|')
}

function written({ protocol, version, against, cases, largestError, source }) {
  const error = largestError === 0 ? '0' : largestError.toExponential(0)
  return `| \`${protocol}\` | ${version} | ${against} | ${cases} | ${error} | ${source} |`
}
