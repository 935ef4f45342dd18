import { expect, it } from 'vitest'
import { reportJson } from './json.ts'
import { sweepReport } from './report.suite.ts'

it('law: the pieces of a report are its JSON, and none of them is long', () => {
  const { report } = sweepReport({ keys: { 'shock.drop': 30, 'depth.haircut': 20 }, runs: 2 })
  const one = { cell: 0, run: 0, code: 'FB2302', text: '"cells":[]', rerun: 'x' }
  for (const some of [report, { ...report, cells: [], failed: [one, one] }]) {
    const pieces = [...reportJson(some)]
    expect(pieces.join('')).toBe(`${JSON.stringify(some)}\n`)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000)
    // A piece is no single word either: each is written by a call of its own.
    expect(pieces.length).toBeLessThan(2 + pieces.join('').length / 50_000)
  }
})
