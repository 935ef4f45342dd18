import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const src = join(root, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
const texts = new Map(files.map((name) => [name, readFileSync(join(src, name), 'utf8')]))
const page = join(root, 'lab')
/** The page: shell all through, held to the size of the rest. */
const pageTexts = new Map(
  readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|js|css)$/.test(name))
    .map((name) => [`lab/${name}`, readFileSync(join(page, name), 'utf8')] as const),
)
const isTest = (name: string) => /\.(test|suite)\.ts$/.test(name)
const pure = files.filter((name) => !isTest(name) && !/^(cli|farm|ingest)\//.test(name))

/**
 * Rooms in the order in which they may import: a file may import from its own rank or a lower one.
 */
const ranks: readonly (readonly [RegExp, number])[] = [
  [/^errors\.ts$/, 0],
  [/^math\//, 0],
  [/^(book|moment|parameters)\.ts$/, 1],
  [/^paths\/sampling\.ts$/, 2],
  [
    /^(venue|market|rules|world|house|defence|report|scenario|router|split|definitions?|timedDefinitions|format|codes|codePage|warningCodes)\.ts$/,
    2,
  ],
  [
    /^(oracle|chain|taker|ledger|kinds|shelves|accountList|edges|bands|watchGroup|arrange|watchlist|backlog|sleepers|dormitory|cohorts|formation|table|timedReport|pledges|pledgedBooks)\.ts$/,
    2,
  ],
  [/^adl\//, 2],
  [/^(venues|rules|oracles|paths|takers|defences)\//, 3],
  [/^(analysis|block|statistics)\//, 4],
  [/^(outcome\/|(setup|run|instant|stage|blocks|timed|metrics|warnings)\.ts$)/, 5],
  [/^(sweep|attack)\//, 6],
  [/^figures\//, 6],
  [/^document\//, 7],
  [/^ingest\//, 8],
  [/^farm\//, 9],
  [/^cli\//, 9],
  [/^index\.ts$/, 10],
]

/** What pure code may not call, and what to use instead. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/\bMath\.(exp|expm1|pow|log|log1p|log2|log10)\b/, 'math/exponential.ts'],
  [
    /\bMath\.(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh)\b/,
    'math/trigonometry.ts',
  ],
  [/\bMath\.(hypot|cbrt)\b/, 'Math.sqrt of a sum, or pow of math/exponential.ts'],
  [/\bMath\.random\b/, 'math/random.ts'],
  [/[\w)\]] \*\* [\w(]/, 'pow of math/exponential.ts'],
  [/\bDate\.now\b|new Date\(\)|\bperformance\./, 'a stamp inside the input'],
  [/\bconsole\./, 'a value that the shell prints'],
  [/\bprocess\./, 'an argument from the shell'],
  [/\bfetch\(|from 'node:/, 'ingest/'],
  [/\bsetTimeout\b|\bsetInterval\b/, 'the shell'],
]

function importsOf(name: string): string[] {
  const text = texts.get(name) ?? ''
  return [...text.matchAll(/(?:from |import\()'(\.{1,2}\/[^']+)'/g)].map(([, path]) =>
    relative(src, join(src, name, '..', path)).replaceAll('\\', '/'),
  )
}

function rankOf(name: string): number {
  if (/^(ingest|analysis|sweep|figures|venues|oracles|paths|takers)\/index\.ts$/.test(name))
    return 10
  const rank = ranks.find(([pattern]) => pattern.test(name))
  expect(rank, `${name} stands in no room: add it to the tidy test or move it`).toBeDefined()
  return rank?.[1] ?? 0
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

/** Longest run of lines between a top-level or nested function's head and its closing brace. */
function longFunctions(text: string, most: number): string[] {
  const lines = text.split('\n')
  const found: string[] = []
  lines.forEach((line, from) => {
    const head = /^(\s*)(export )?(async )?function\*? (\w+)/.exec(line)
    if (head === null) return
    const end = lines.findIndex((other, i) => i > from && other === `${head[1]}}`)
    if (end - from + 1 > most) found.push(`${head[4]}: ${end - from + 1} lines`)
  })
  return found
}

describe('tidy', () => {
  it('law: imports run one way', () => {
    for (const name of files.filter((file) => !isTest(file)))
      for (const other of importsOf(name))
        expect(rankOf(other), `${name} imports ${other}`).toBeLessThanOrEqual(rankOf(name))
  })

  it('law: a model does not import its neighbour models', () => {
    const models = new Set(modelFiles())
    for (const name of models)
      for (const other of importsOf(name))
        expect(models.has(other), `${name} imports the model ${other}`).toBe(false)
  })

  it('law: pure code calls nothing that differs between machines or touches the world', () => {
    for (const name of pure) {
      const text = withoutComments(texts.get(name) ?? '')
      for (const [pattern, instead] of banned)
        expect(pattern.exec(text)?.[0], `${name}: use ${instead}`).toBeUndefined()
    }
  })

  it('law: lines, functions and files stay short', () => {
    for (const [name, text] of [...texts, ...pageTexts]) {
      const lines = text.split('\n')
      if (!name.endsWith('.css')) expect(lines.length, `${name} is long`).toBeLessThanOrEqual(401)
      lines.forEach((line, i) => {
        if (/^\s*(\*|\/\*|\/\/)/.test(line))
          expect(line.length, `${name}:${i + 1} is wide`).toBeLessThanOrEqual(LINE_MAX)
      })
      // A component is mostly the layout of its parts.
      const most = name.endsWith('.tsx') ? 90 : 70
      if (!isTest(name)) expect(longFunctions(text, most), name).toEqual([])
    }
  })

  it('law: every model has a test, and every file is imported somewhere', () => {
    for (const name of modelFiles())
      expect(files, `${name} has no test`).toContain(name.replace(/\.ts$/, '.test.ts'))
    const imported = new Set(files.flatMap(importsOf))
    const doors = /(^|\/)(index|process|thread|parquetThread|writeSchema)\.ts$/
    for (const name of files.filter((file) => !/\.test\.ts$/.test(file) && !doors.test(file)))
      expect(imported.has(name), `${name} is imported nowhere`).toBe(true)
  })

  it('law: shared code never asks which protocol it is', () => {
    const names = files
      .filter((name) => /^rules\/\w+\.ts$/.test(name) && modelFiles().includes(name))
      .map((name) => name.slice('rules/'.length, -'.ts'.length))
      .filter((name) => name !== 'lending')
    expect(names.length).toBeGreaterThan(3)
    const named = new RegExp(`\\b(${names.join('|')})\\b`)
    for (const name of pureAndShell()) {
      const text = withoutComments(texts.get(name) ?? '')
      expect(named.exec(text)?.[0], `${name} names a protocol`).toBeUndefined()
    }
  })

  it('law: every kind of rules is held to the laws of all', () => {
    const held = [...texts]
      .filter(([name]) => /^rules\/.*\.test\.ts$/.test(name))
      .flatMap(([, text]) => [...text.matchAll(CONFORMS)].map(([, model]) => model))
    for (const name of modelFiles().filter((file) => file.startsWith('rules/'))) {
      const model = name.slice('rules/'.length, -'.ts'.length)
      expect(held, `${model} is not in rulesConformance()`).toContain(model)
    }
  })

  it('law: no machine path and no unfinished mark', () => {
    for (const [name, text] of [...texts, ...pageTexts]) {
      expect(/(^|[^\w.])\/(work|root|home)\//.test(text), `${name} names a machine path`).toBe(
        false,
      )
      expect(/\b(TODO|FIXME|XXX|HACK)\b|\.only\(/.test(text), `${name} has an open mark`).toBe(
        false,
      )
    }
  })
})

// Everything but the rules themselves, tests, and the file that `init` writes.
function pureAndShell(): string[] {
  return files.filter((name) => !isTest(name) && !/^(rules\/|cli\/init\.ts$)/.test(name))
}

// A model's factory carries the name of its file; other files of these folders are shared parts.
function modelFiles(): string[] {
  return files.filter((name) => {
    const model = /^(venues|rules|oracles|paths|takers|defences)\/(\w+)\.ts$/.exec(name)
    return model !== null && texts.get(name)?.includes(`export function ${model[2]}(`) === true
  })
}

// A call that holds a model to the laws of all.
const CONFORMS = /rulesConformance\(\{\s*rules: (\w+)\(/g

// Comments; the formatter holds code to the same width, but for literals that cannot break.
const LINE_MAX = 100
