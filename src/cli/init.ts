/** `firebreak init`: a small market that runs at once, to be replaced piece by piece. */

import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OutFile } from '../document/files.ts'
import { InputError } from '../errors.ts'
import { type KeyLine, marketText } from '../ingest/starter.ts'
import { exit } from './failure.ts'
import type { Act } from './main.ts'
import { saveFolder } from './save.ts'

/** Writes the files, never over others, and says what to run. */
export const init: Act = async ([given = '.'], _flags, host) => {
  const folder = resolve(host.folder, given)
  const files = starter(folder)
  const taken = files.find(({ name }) => existsSync(join(folder, name)))
  if (taken !== undefined) throw new ExistingFileError(join(given, taken.name))
  saveFolder(folder, files)
  const run = `${host.program} run ${join(given, 'scenario.yaml')}`
  host.stdout.write(`${files.map(({ name }) => join(given, name)).join('\n')}\n\nnext   ${run}\n`)
  return exit.ok
}

const schema = fileURLToPath(new URL('../../schema/scenario.v1.json', import.meta.url))

function starter(folder: string): OutFile[] {
  const path = relative(folder, schema).replaceAll('\\', '/')
  return [
    {
      name: 'scenario.yaml',
      text: scenario(basename(folder).replace(/[^\w-]+/g, '-') || 'my-market', path),
    },
    { name: 'positions.csv', text: positions() },
    { name: 'depth.csv', text: depth() },
    { name: 'firebreak-ci.yml', text: ci(basename(folder)) },
  ]
}

function scenario(name: string, schemaPath: string): string {
  return marketText({
    opening: [
      `yaml-language-server: $schema=${schemaPath}`,
      '',
      'A lending market of your own. It runs as it stands: firebreak run scenario.yaml',
      'Then put in your positions (positions.csv), your depth (depth.csv) and your terms (below).',
      'Ratios need a unit or a point: 83%, 8300bps or 0.83. Money may be written $1.2m or 12M.',
    ],
    name,
    assets: [
      {
        name: 'ETH',
        price: '$2000',
        terms: [
          { key: 'threshold', value: '83%' },
          { key: 'bonus', value: '5%' },
        ],
      },
      { name: 'USDC', price: '$1', terms: [] },
    ],
    rules: {
      remark:
        'Rules of a protocol of its own? firebreak help lists them all. These three keys belong ' +
        'to lending.',
      kind: 'lending',
      keys: [
        {
          key: 'closeFactor',
          value: '50%',
          note: 'largest share of a debt that one liquidation may repay',
        },
        { key: 'wholeBelow', value: '0.95', note: 'health factor below which all of it may be' },
        { key: 'dust', value: '$100', note: 'a debt this small is closed whole' },
      ],
    },
    book: {
      remark: 'CSV or Parquet. Other column names? Add columns: { account: user, amount: balance }',
      keys: [{ key: 'file', value: 'positions.csv' }],
    },
    venues: [{ name: 'bids', keys: bids }],
    shock: 'ETH',
  })
}

const bids: readonly KeyLine[] = [
  { key: 'kind', value: 'orderBook' },
  { key: 'asset', value: 'ETH' },
  { key: 'quote', value: 'USD' },
  { key: 'file', value: 'depth.csv', note: 'price, size in ETH' },
  {
    key: 'levels',
    value: 'relative',
    note: 'bids move with the outside price; absolute: they stay where they are',
  },
  {
    key: 'beyond',
    value: 'linear',
    note: 'past the last bid: linear, sqrt or wall. It is never assumed.',
  },
  {
    key: '# asOf',
    value: '2024-01-31',
    note: 'when the depth was recorded, so that its age is stated',
  },
]

// Two dozen borrowers: the health factor falls as the size grows, as it does in real books.
const borrowers: readonly (readonly [units: number, health: number])[] = [
  [900, 1.09],
  [350, 1.11],
  [700, 1.13],
  [1200, 1.15],
  [250, 1.16],
  [800, 1.18],
  [400, 1.19],
  [1500, 1.2],
  [300, 1.22],
  [650, 1.24],
  [1100, 1.26],
  [200, 1.29],
  [950, 1.32],
  [450, 1.36],
  [1300, 1.41],
  [500, 1.47],
  [750, 1.55],
  [150, 1.64],
  [600, 1.76],
  [850, 1.9],
  [120, 2.1],
  [400, 2.4],
  [90, 2.9],
  [60, 3.6],
]

function positions(): string {
  const rows = borrowers.flatMap(([units, health], i) => {
    const account = `borrower-${String(i + 1).padStart(2, '0')}`
    const debt = Math.round((units * 2000 * 0.83) / health)
    return [`${account},ETH,collateral,${units}`, `${account},USDC,debt,${debt}`]
  })
  return `account,asset,side,amount\n${rows.join('\n')}\n`
}

function depth(): string {
  const rows = Array.from({ length: 40 }, (_, i) => `${1998 - 5 * i},${120 + 4 * i}`)
  return `price,size\n${rows.join('\n')}\n`
}

function ci(folder: string): string {
  return `# For GitHub Actions: copy to .github/workflows/firebreak.yml and correct the paths.
# Exit code 3 says that a gate was breached, 4 that data is missing, 6 that it did not settle.
name: firebreak
on: [push, pull_request]
jobs:
  stress:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      - run: npm ci
      - run: >-
          npx --no-install firebreak run '${folder}/scenario.yaml' --drop 15%
          --gate 'bad_debt_usd < 100k' --out firebreak-run
      - run: npx --no-install firebreak report firebreak-run --out firebreak-report
        if: always()
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: firebreak, path: firebreak-report }
`
}

/** A file that is there already. */
export class ExistingFileError extends InputError {
  constructor(path: string) {
    super({
      code: 'FB2032',
      rule: 'init never writes over a file',
      place: path,
      remedy: 'Nothing was written. Name a new folder, or move the file away',
    })
  }
}
