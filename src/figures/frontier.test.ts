import { describe, expect, it } from 'vitest'
import { type Aim, frontReport, type SearchReport } from '../sweep/frontReport.ts'
import { sweepReport } from '../sweep/report.suite.ts'
import type { SweepReport } from '../sweep/report.ts'
import { overlap } from './box.ts'
import { letterOf, searchWords } from './frontFacts.ts'
import { frontier } from './frontier.ts'

const debt = { measure: 'bad_debt_usd', stat: 'q95', better: 'lower', unit: 'usd' } as const
const rounds = { measure: 'rounds', stat: 'mean', better: 'higher', unit: 'count' } as const
const drop = (report: SweepReport): Aim => ({
  ...{ measure: 'shock.drop', stat: 'mean', better: 'higher', unit: 'ratio' },
  numbers: Object.fromEntries(
    report.variations[0].values.map((value) => [value, Number.parseFloat(value) / 100]),
  ),
})
const grid: SearchReport = {
  ...{ method: 'grid', budget: 32, combinations: 32, within_limits: 32 },
  ...{ rounds: [32], unread: [] },
}
const most = {
  key: 'depth.haircut',
  text: 'haircut: most 10%',
  holds: (value: string) => Number.parseFloat(value) <= 10,
}

function fronted(sizes: Readonly<Record<string, number>>, third: boolean, limited: boolean) {
  const { report } = sweepReport({ keys: sizes, runs: 80 })
  const aims = [debt, drop(report), ...(third ? [rounds] : [])]
  const terms = { aims, keys: limited ? [most] : [], bounds: [] }
  return { ...report, front: frontReport(report, terms, grid) }
}

const sizes = { 'shock.drop': 8, 'depth.haircut': 4 }
const reports: [string, SweepReport][] = [
  ['two aims', fronted(sizes, false, false)],
  ['three aims within limits', fronted(sizes, true, true)],
  ['many cells', fronted({ 'shock.drop': 30, 'depth.haircut': 20 }, true, true)],
  ['one cell', fronted({ 'shock.drop': 1 }, false, false)],
  ['none within limits', withNone(fronted(sizes, false, false))],
]

function withNone(report: SweepReport): SweepReport {
  const none = { key: 'shock.drop', text: 'none', holds: () => false }
  const terms = { aims: report.front!.aims, keys: [none], bounds: [] }
  return { ...report, front: frontReport(report, terms, grid) }
}

describe.each(reports)('frontier of %s', (_, report) => {
  it.each([360, 390, 720, 1100])('law: no word hides another, at %d', (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const { labels, marks, height, svg } = frontier(report, { width, theme })
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      labels.forEach((label, i) => {
        const others = [...labels.slice(i + 1), ...marks]
        expect(others.filter((other) => overlap(label, other))).toEqual([])
        expect(label.x).toBeGreaterThanOrEqual(0)
        expect(label.x + label.width).toBeLessThanOrEqual(width)
        expect(label.y + label.height).toBeLessThanOrEqual(height)
      })
    }
  })

  it('behaviour: says in words what it shows, and has the numbers as a table', () => {
    const { title, description, csv, svg } = frontier(report, { width: 720, theme: 'light' })
    expect(description.startsWith(title)).toBe(true)
    const lines = csv.trim().split('\n')
    expect(lines.length).toBe(report.cells.length + 1)
    const on = lines.filter((line) => line.endsWith(',front')).length
    expect(on).toBe(report.front!.points.length)
    const refused = lines.filter((line) => line.endsWith(',refused')).length
    expect(svg.includes('refused by limits')).toBe(refused > 0)
  })
})

describe('words of a front', () => {
  it('vector: a search with its budget, and letters of limits', () => {
    const [, report] = reports[1]
    const search: SearchReport = {
      ...{ method: 'spread points, then halving boxes', budget: 60, combinations: 2090 },
      ...{ within_limits: 1540, rounds: [30, 10, 19], unread: [{ values: ['1'], text: 'FB2013' }] },
    }
    expect(searchWords({ ...report.front!, search }, 6)).toBe(
      '30 spread points, then 29 in halving boxes around the front in 2 rounds (budget 60) of ' +
        '6 runs, the same for all, from 2,090 combinations, 1,540 within the limits on keys; ' +
        '1 combination did not read',
    )
    const limits = Array.from({ length: 30 }, (_, k) => `limit ${k}`)
    expect(limits.map((text) => letterOf({ limits }, text)).slice(24)).toEqual([
      ...['y', 'z', 'a1', 'b1', 'c1', 'd1'],
    ])
  })
})
