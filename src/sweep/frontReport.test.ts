import { describe, expect, it } from 'vitest'
import { UNKNOWN } from '../statistics/interval.ts'
import { type FrontTerms, frontReport, ratingOf, type SearchReport } from './frontReport.ts'
import { sweepReport } from './report.suite.ts'

const { report } = sweepReport({ keys: { 'shock.drop': 4, 'depth.haircut': 3 }, runs: 40 })
const debt = { measure: 'bad_debt_usd', stat: 'mean', better: 'lower', unit: 'usd' } as const
const numbers = Object.fromEntries(
  report.variations[0].values.map((value) => [value, Number.parseFloat(value) / 100]),
)
const side = { stat: 'mean', better: 'higher', unit: 'ratio' } as const
const drop = { measure: 'shock.drop', ...side, numbers }
const search: SearchReport = {
  ...{ method: 'grid', budget: 12, combinations: 12, within_limits: 12 },
  ...{ rounds: [12], unread: [] },
}
const free: FrontTerms = { aims: [debt, drop], keys: [], bounds: [] }
const most15 = {
  key: 'shock.drop',
  text: 'drop: most 15%',
  holds: (value: string) => Number.parseFloat(value) <= 15,
}
const mean = (cell: number) => report.cells[cell].metrics.bad_debt_usd.mean.value!

describe('frontReport', () => {
  it('law: every cell stands in one place', () => {
    const bound = {
      ...({ measure: 'bad_debt_usd', stat: 'mean', text: 'bad_debt_usd < x' } as const),
      holds: (value: number) => value < mean(7),
    }
    const front = frontReport(report, { ...free, keys: [most15], bounds: [bound] }, search)
    const cells = [
      ...front.points.map(({ cell }) => cell),
      ...front.dominated.map(({ cell }) => cell),
      ...front.refused.map(({ cell }) => cell),
      ...front.unknown,
    ]
    expect(cells.sort((a, b) => a - b)).toEqual(Array.from(report.cells.keys()))
    expect(front.refused.filter(({ by }) => by.includes(most15.text)).length).toBe(3)
    for (const { cell, by } of front.refused)
      expect(by.includes(bound.text)).toBe(mean(cell) >= mean(7))
    for (const { by } of front.dominated) expect(front.points.map(({ cell }) => cell)).toContain(by)
  })

  it('behaviour: a key may be an aim, and its value is sure', () => {
    const { points } = frontReport(report, free, search)
    // The least bad debt of each drop, as far as a larger drop does not have less.
    expect(points.length).toBeGreaterThan(1)
    const byDrop = points.map(({ aims }) => aims[1].value!)
    expect([...byDrop].sort((a, b) => a - b)).toEqual(byDrop)
    expect(points[0].aims[1]).toEqual({ value: byDrop[0], low: byDrop[0], high: byDrop[0] })
  })

  it('behaviour: a limit binds where it refuses a neighbour', () => {
    const { points } = frontReport(report, { ...free, keys: [most15] }, search)
    for (const { cell, binds } of points)
      expect(binds).toEqual(report.cells[cell].values[0] === '15%' ? [most15.text] : [])
    expect(points.some(({ binds }) => binds.length > 0)).toBe(true)
  })

  it('behaviour: without a value a bound does not hold, and a cell is not on the front', () => {
    const [cell, ...rest] = report.cells
    const metrics = {
      ...cell.metrics,
      bad_debt_usd: { ...cell.metrics.bad_debt_usd, mean: UNKNOWN },
    }
    const holed = { ...report, cells: [{ ...cell, metrics }, ...rest] }
    expect(frontReport(holed, free, search).unknown).toEqual([0])
    const bound = { ...debt, text: 'any', holds: () => true }
    const bounds = { ...free, bounds: [bound] }
    expect(frontReport(holed, bounds, search).refused).toEqual([{ cell: 0, by: ['any'] }])
    expect(ratingOf(holed, holed.cells[0], bounds)).toBeNull()
    expect(ratingOf(holed, holed.cells[1], bounds)).toEqual([mean(1), -0.05])
  })
})
