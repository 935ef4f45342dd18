import { beforeAll, describe, expect, it } from 'vitest'
import { diskSource } from '../../../src/ingest/files.ts'
import { readScenario } from '../../../src/ingest/read.ts'
import { instantRun } from '../../../src/instant.ts'
import type { Report } from '../../../src/report.ts'
import { evidenceOf } from './evidence.ts'

let report: Report
beforeAll(async () => {
  const { scenario, ...stamp } = await readScenario('eth-lending', diskSource('.'), [])
  report = instantRun(scenario, stamp)
})

const missing = (of: Report, compared: number | null = null) =>
  evidenceOf(of, compared)
    .filter(({ isThere }) => !isThere)
    .map(({ id }) => id)

describe('what a reader will miss', () => {
  it('default: a synthetic book without dates or a comparison says so, with a remedy each', () => {
    expect(missing(report)).toEqual(['depth-age', 'book', 'comparison', 'digests'])
    for (const { isThere, remedy } of evidenceOf(report, null))
      expect(remedy === null).toBe(isThere)
  })

  it('default: what is there is not missed', () => {
    expect(missing(report, 40)).not.toContain('comparison')
    const own: Report = { ...report, book: { ...report.book, synthetic: false } }
    expect(missing(own)).not.toContain('book')
  })

  it('default: sales past the observed depth, no sensitivity and a failed check are missed', () => {
    const warning = { code: 'FB4108', text: '', effect: '' }
    const bad: Report = {
      ...report,
      warnings: [...report.warnings, warning],
      sensitivity: [],
      checks: report.checks.map((check, i) => ({ ...check, ok: i > 0 })),
    }
    expect(missing(bad)).toEqual(expect.arrayContaining(['extrapolated', 'sensitivity', 'checks']))
  })
})
