import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, type Opened, openPage, type Site, serve } from './chromium.suite.ts'

const root = join(import.meta.dirname, '../..')
const script = join(root, 'bin/firebreak.js')
const built = existsSync(join(root, 'dist/cli/process.js'))
const examples = join(root, 'examples')
const files = Object.fromEntries(
  readdirSync(examples)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(examples, name), 'utf8')]),
)

let site: Site
let browser: Opened

// The command line is the built package, the worker is bundled from src: build after a change.
describe.skipIf(!built || !hasChromium)('the engine in a browser worker', () => {
  beforeAll(async () => {
    const texts = new Map([
      ['/', readFileSync(join(import.meta.dirname, 'page.html'), 'utf8')],
      ['/worker.js', await bundle()],
    ])
    site = await serve(texts)
    browser = await openPage()
    await browser.page.goto(site.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each([
    { entry: 'eth-lending', drop: '15%' },
    { entry: 'lst-depeg', drop: null },
    { entry: 'uniswap-thin', drop: null },
    { entry: 'slow-oracle', drop: null },
    { entry: 'black-thursday', drop: null },
    { entry: 'may-2021', drop: null },
  ])('law: $entry is the same bytes in the browser and twice in Node', async ({ entry, drop }) => {
    const words = ['run', entry, '--json', ...(drop === null ? [] : ['--drop', drop])]
    const overrides = drop === null ? [] : [['shock.drop', drop]]
    const job = { entry, files, overrides }
    const [first, second, third] = await Promise.all([cli(words), cli(words), inWorker(job)])
    expectSame(second, first)
    expectSame(third, first)
    expectSound(first)
  })

  it('law: the worker loads nothing but itself', () => {
    expect(new Set(site.asked)).toEqual(new Set(['/', '/worker.js']))
  })
})

/** The pure road in one module, as small as a site would ship it. */
async function bundle(): Promise<string> {
  const folder = join(root, '.cache/browser')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: true,
      lib: {
        entry: join(import.meta.dirname, 'worker.js'),
        formats: ['es'],
        fileName: () => 'worker.js',
      },
    },
  })
  return readFileSync(join(folder, 'worker.js'), 'utf8')
}

/** Runs a job in the page's worker. The page's own stack is left there: its places are no files. */
async function inWorker(job: object): Promise<string> {
  try {
    return await browser.page.evaluate<string>(`answerOf(${JSON.stringify(job)})`)
  } catch (error) {
    throw new Error((error as Error).message.split('\n')[0])
  }
}

function cli(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(Buffer.concat(parts).toString('utf8')))
  })
}

/** Names the value that differs, which two long lines of text would not. */
function expectSame(text: string, other: string): void {
  if (text !== other) expect(JSON.parse(text)).toEqual(JSON.parse(other))
  expect(text === other, 'the same values in other bytes').toBe(true)
}

function expectSound(text: string): void {
  const report = JSON.parse(text)
  const isTimed = report.schema === 'firebreak.run/1'
  if (!isTimed) expect(report.schema).toBe('firebreak.result/1')
  expect(report.run_id).toMatch(/^[0-9a-f]{64}$/)
  expect(Object.keys(report.metrics).length).toBeGreaterThan(0)
  expect(report.checks.length).toBeGreaterThan(0)
  expect(text).not.toMatch(/\b(NaN|Infinity|undefined)\b/)
  // A number that is none becomes null in JSON; these may never be missing.
  if (!isTimed) for (const round of report.rounds) expect(round.price_after).toBeTypeOf('number')
  const names = ['first_round_usd', 'total_liquidated_usd', 'final_drop']
  for (const name of isTimed ? [...names, 'lowest_drop'] : [...names, 'rounds']) {
    expect(report.metrics[name].value, name).toBeTypeOf('number')
  }
  if (isTimed) expect(report.checks.every(({ ok }: { ok: boolean }) => ok)).toBe(true)
}
