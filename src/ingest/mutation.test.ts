import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { allPages } from '../cli/pages.ts'
import { FirebreakError } from '../errors.ts'
import { setup } from '../setup.ts'
import { depthText, type Files, positionsText, readSmall, scenarioText } from './memory.suite.ts'
import { readTimed, timedFiles } from './time.suite.ts'

/** What files suffer: each turns text into other text, or bytes into other bytes. */
const textMutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat().map((n) => (text: string) => text.slice(0, n % (text.length + 1))),
  fc
    .nat()
    .map((n) => (text: string) => withLines(text, (lines) => lines.toSpliced(n % lines.length, 1))),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => (text: string) => {
    return withLines(text, (lines) =>
      lines.toSpliced(to % lines.length, 0, lines[from % lines.length]),
    )
  }),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([a, b]) =>
      (text: string) =>
        swapped(text, a, b),
  ),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom('NaN', '-1', '1e400', '9'.repeat(400), '', 'ETH', '-0', '{}', '[', '~'),
    )
    .map(
      ([n, word]) =>
        (text: string) =>
          nthWord(text, n, word),
    ),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom('colour: red', '__proto__: 1', '? x', '- a', '&a *a', '\t', '"', '\u0000'),
    )
    .map(([n, line]) => (text: string) => {
      return withLines(text, (lines) => lines.toSpliced(n % lines.length, 0, `  ${line}`))
    }),
  fc.tuple(fc.nat(), fc.string({ maxLength: 5 })).map(([n, junk]) => (text: string) => {
    const at = n % (text.length + 1)
    return text.slice(0, at) + junk + text.slice(at)
  }),
)

const byteMutation: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc.nat().map((n) => (bytes: Uint8Array) => bytes.slice(0, n % (bytes.length + 1))),
  fc
    .array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 })
    .map((flips) => (bytes: Uint8Array) => {
      const copy = bytes.slice()
      for (const [n, mask] of flips) copy[n % copy.length] ^= mask
      return copy
    }),
)

function withLines(text: string, change: (lines: string[]) => string[]): string {
  return change(text.split('\n')).join('\n')
}

function swapped(text: string, a: number, b: number): string {
  return withLines(text, (lines) =>
    lines.map((line) => {
      const cells = line.split(',')
      const [i, j] = [a % cells.length, b % cells.length]
      return cells.with(i, cells[j]).with(j, cells[i]).join(',')
    }),
  )
}

function nthWord(text: string, n: number, word: string): string {
  const words = [...text.matchAll(/[^\s,:{}]+/g)]
  if (words.length === 0) return word
  const { index, 0: old } = words[n % words.length]
  return text.slice(0, index) + word + text.slice(index + old.length)
}

/** Either a scenario that can be set up, or one of our errors with a known code and a place. */
async function judged(
  files: Files,
  overrides: [string, string][] = [],
  read: typeof readSmall = readSmall,
): Promise<void> {
  try {
    const { scenario } = await read(files, overrides)
    setup(scenario)
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error
    expect(allPages).toHaveProperty(error.code)
    expect(error.place, error.message).toMatch(/\S/)
    expect(error.remedy, error.message).toMatch(/\S/)
    expect(error.message.length, error.message).toBeLessThan(700)
  }
}

const options = { seed: 20230619, numRuns: 400 }
const several = fc.array(textMutation, { minLength: 1, maxLength: 3 })
const apply = (text: string, changes: readonly ((text: string) => string)[]) =>
  changes.reduce((changed, change) => change(changed), text)

describe('mutated files', () => {
  for (const [name, text] of [
    ['small.yaml', scenarioText],
    ['positions.csv', positionsText],
    ['depth.csv', depthText],
  ]) {
    it(`law: ${name} reads or fails with code, place and remedy`, async () => {
      const property = fc.asyncProperty(several, (changes) =>
        judged({ [name]: apply(text, changes) }),
      )
      await fc.assert(property, options)
    })

    it(`law: bytes of ${name} read or fail with code, place and remedy`, async () => {
      const bytes = new TextEncoder().encode(text)
      const property = fc.asyncProperty(byteMutation, (change) => judged({ [name]: change(bytes) }))
      await fc.assert(property, options)
    })
  }

  for (const name of ['timed.yaml', 'prices.csv', 'usdc.csv']) {
    it(`law: ${name} of a run in time reads or fails with code, place and remedy`, async () => {
      const text = String(timedFiles[name])
      const property = fc.asyncProperty(several, (changes) =>
        judged({ [name]: apply(text, changes) }, [], readTimed),
      )
      await fc.assert(property, options)
    })
  }

  it('law: bytes of a Parquet file read or fail with code, place and remedy', async () => {
    const rows = positionsText
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    const columnData = ['user', 'asset', 'side', 'amount', 'group'].map((name, at) => ({
      name,
      data: rows.map((row) => row[at]),
    }))
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }))
    const property = fc.asyncProperty(byteMutation, (change) =>
      judged({ 'p.parquet': change(bytes) }, [['protocols.market.book.file', 'p.parquet']]),
    )
    await fc.assert(property, options)
  })

  it('law: overrides read or fail with code, place and remedy', async () => {
    const key = fc.constantFrom(
      'shock.drop',
      'gain.drops',
      'assets.ETH',
      'market.venues.bids.mid',
      '',
    )
    const value = fc.oneof(fc.string(), fc.constantFrom('[1%]', '{a: 1}', '~', '*a', 'NaN', '-1'))
    const pair = fc.tuple(fc.oneof(key, fc.string()), value)
    await fc.assert(
      fc.asyncProperty(pair, (override) => judged({}, [override])),
      options,
    )
  })
})
