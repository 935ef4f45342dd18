/** Pictures of sweeps, drawn at every width. */

import { describe, expect, it } from 'vitest'
import { sweepReport } from '../sweep/report.suite.ts'
import { overlap } from './box.ts'
import { cividis, inkOn } from './cividis.ts'
import { phase } from './phase.ts'
import type { Figure, FigureOptions } from './sheet.ts'
import { rangeWords, shortKey, shown, swings, unitOf } from './sweepFacts.ts'
import { tail } from './tail.ts'
import { tornado } from './tornado.ts'

const map = sweepReport({ keys: { 'shock.drop': 8, 'depth.haircut': 4 }, runs: 40 })
const wide = sweepReport({ keys: { 'shock.drop': 40, 'depth.haircut': 30 }, runs: 1 })
const alone = sweepReport({
  keys: { 'shock.drop': 2, 'protocols.a.rules.bonus': 3 },
  runs: 1,
  alone: true,
})
const one = sweepReport({ keys: {}, runs: 400 })
const tiny = sweepReport({ keys: { 'shock.drop': 2, 'depth.haircut': 2 }, runs: 1 })
const sure = sweepReport({ keys: { 'shock.drop': 2, 'a.b.c': 20 }, runs: 60, alone: true })
const few = sweepReport({ keys: { 'shock.drop': 6 }, runs: 8 })
const many = sweepReport({ keys: { 'shock.drop': 6 }, runs: 3000 })
const focus = { measure: 'bad_debt_usd', stat: 'q95' } as const
const first = { measure: 'bad_debt_usd', stat: 'mean' } as const

const figures: [string, (options: FigureOptions) => Figure][] = [
  ['phase', (options) => phase(map.report, focus, { ...options, line: 1e6 })],
  ['a wide phase', (options) => phase(wide.report, first, options)],
  ['a small phase', (options) => phase(tiny.report, first, options)],
  ['tornado with intervals', (options) => tornado(sure.report, first, options)],
  ['tail of few runs', (options) => tail(few.report, focus, few.columns, options)],
  ['tail of many runs', (options) => tail(many.report, focus, many.columns, options)],
  ['tornado', (options) => tornado(alone.report, first, options)],
  ['tail of many cells', (options) => tail(map.report, focus, map.columns, options)],
  ['tail of one cell', (options) => tail(one.report, focus, one.columns, options)],
]

describe.each(figures)('%s', (_, figure) => {
  it.each([360, 390, 720, 1100])('law: no word hides another, at %d', (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const { labels, marks, height, svg } = figure({ width, theme })
      const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => Number(size))
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
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
    const { title, description, csv } = figure({ width: 720, theme: 'light' })
    expect(title).toMatch(/\$|In none of the runs/)
    expect(description.startsWith(title)).toBe(true)
    expect(csv.trim().split('\n').length).toBeGreaterThan(1)
  })
})

describe('sweep figures', () => {
  it('behaviour: a cell without a value is hatched, and values are written where all fit', () => {
    const [cell, ...rest] = map.report.cells
    const holed = { ...map.report, cells: [{ ...cell, metrics: {} }, ...rest] }
    const { svg } = phase(holed, focus, { width: 1100, theme: 'light' })
    expect(svg).toMatch(/url\(#phase-.*-none\)/)
    expect(svg.match(/text-anchor="middle" fill="#/g)!.length).toBeGreaterThan(30)
    expect(phase(wide.report, first, { width: 360, theme: 'light' }).svg).not.toContain(
      'text-anchor="middle" fill="#FFFFFF"',
    )
  })

  it('behaviour: what changes most comes first, with its sign', () => {
    const rows = swings(alone.report, first)
    const most = rows.reduce((a, b) => (Math.abs(b.change!) > Math.abs(a.change!) ? b : a))
    expect(rows[0].key).toBe(most.key)
    expect(tornado(alone.report, first, { width: 720, theme: 'light' }).svg).toMatch(/>[+−]\$/)
  })

  it.each([360, 720, 1100])('behaviour: columns are named at even steps, at %d', (width) => {
    const { labels } = phase(wide.report, first, { width, theme: 'light' })
    const { values } = wide.report.variations[1]
    const top = labels.find(({ text, x }) => text === values[0] && x > 30)!.y
    const named = labels.filter(({ y }) => y === top).map(({ text }) => values.indexOf(text))
    expect(named.length).toBeGreaterThan(4)
    named.forEach((at, k) => {
      expect(at).toBe(k * named[1])
    })
  })

  it('behaviour: a contour parts the cells at the line from those below it', () => {
    const at = (line: number) => phase(map.report, focus, { width: 720, theme: 'light', line })
    const values = map.report.cells.map((cell) => cell.metrics.bad_debt_usd.quantiles.q95.value!)
    const above = values.filter((value) => value >= 1e6).length
    expect(at(1e6).title).toBe(`Bad debt, 95 % quantile: $1.0M or more in ${above} of 32 cells`)
    // Of the key alone, where no cell reaches it; a single cell at a corner has two edges more.
    const count = (line: number) => {
      const all = [...at(line).svg.matchAll(/<path d="([^"]*)"[^>]* stroke="#D55E00"/g)]
      return all.reduce((sum, [, d]) => sum + d.split('M').length - 1, 0)
    }
    expect(count(1e12)).toBe(1)
    expect(count(Math.max(...values))).toBe(3)
  })

  it('law: a value reads on its cell at 4.5 to 1', () => {
    for (let k = 0; k <= 200; k++) {
      const ground = luminance(cividis(k / 200))
      const ink = luminance(inkOn(k / 200))
      const [light, dark] = [Math.max(ground, ink), Math.min(ground, ink)]
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('law: a curve is the share of runs above each value, of few runs and of many', () => {
    for (const { report, columns } of [few, many]) {
      const { csv } = tail(report, focus, columns, { width: 720, theme: 'light' })
      const rows = csv.trim().split('\n').slice(1)
      expect(rows.length).toBeGreaterThan(10)
      for (const row of rows) {
        const [, , cell, value, above] = row.split(',').map(Number)
        const column = columns[cell]
        const more = column.filter((other) => other > value).length
        expect(above).toBeCloseTo(more / column.length, 12)
      }
    }
  })

  it('behaviour: quantiles are marked only where a run lies beyond them', () => {
    const dots = ({ svg }: Figure) => svg.match(/<circle/g)?.length ?? 0
    const draw = (runs: number) => {
      const { report, columns } = sweepReport({ keys: { 'shock.drop': 6 }, runs })
      return tail(report, focus, columns, { width: 720, theme: 'light' })
    }
    expect([8, 30, 200].map((runs) => dots(draw(runs)))).toEqual([0, 6, 12])
    expect(draw(8).title).toMatch(/^The worst of 8 runs comes to \$/)
    expect(draw(30).description).not.toContain('q99')
  })

  it('behaviour: the runs at 0 are said in words', () => {
    const { description } = tail(few.report, focus, few.columns, { width: 720, theme: 'light' })
    const zeros = few.columns.map((column) => column.filter((value) => value === 0).length / 8)
    expect(zeros).toContain(1)
    expect(description).toContain('0 in all of 8 runs')
    const some = zeros.find((share) => share > 0 && share < 1)!
    expect(description).toContain(`0 in ${(100 * some).toFixed(1)}\u202f% of 8 runs`)
  })

  it('behaviour: cells without runs have no curve, and none at all is said', () => {
    const empty = few.columns.map((column, k) => (k < 5 ? column.slice(0, 0) : column))
    const { csv } = tail(few.report, focus, empty, { width: 360, theme: 'light' })
    expect(
      new Set(
        csv
          .trim()
          .split('\n')
          .slice(1)
          .map((row) => row.split(',')[2]),
      ),
    ).toEqual(new Set(['5']))
    const none = few.columns.map((column) => column.slice(0, 0))
    const drawn = tail(few.report, focus, none, { width: 360, theme: 'light' })
    expect(drawn.title).toBe('No run has a value of bad debt')
    expect(drawn.svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('behaviour: an interval may be open, and a ratio may be times', () => {
    expect(rangeWords({ value: 2, low: 1, high: null }, 'usd')).toBe('$1 or more')
    expect(rangeWords({ value: 2, low: null, high: null }, 'usd')).toBe('')
    expect(shown(-1234.5, 'seconds', 'plain')).toBe('−1,235 s')
    const amplified = { measure: 'amplification', stat: 'mean' } as const
    expect(shown(1.77, unitOf(map.report, amplified))).toBe('1.77')
  })

  it('behaviour: a key is named by its last steps', () => {
    expect(shortKey('shock.drop')).toBe('drop')
    expect(shortKey('protocols.a.rules.bonus')).toBe('rules.bonus')
    expect(shortKey('paths.prices.ETH.0.volatility')).toBe('ETH.0.volatility')
  })

  it('law: the palette gets lighter all the way', () => {
    const light = (share: number) => {
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(cividis(share).slice(at, at + 2), 16))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    for (let k = 1; k <= 100; k++) expect(light(k / 100)).toBeGreaterThan(light((k - 1) / 100))
    expect([cividis(0), cividis(1)]).toEqual(['#00224e', '#fee838'])
  })
})

/** WCAG 2.2 relative luminance of #RRGGBB. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
