/** Pictures of sweeps, drawn at every width. */

import { describe, expect, it } from 'vitest'
import { sweepReport } from '../sweep/report.suite.ts'
import { overlap } from './box.ts'
import { cividis } from './cividis.ts'
import { phase } from './phase.ts'
import type { Figure, FigureOptions } from './sheet.ts'
import { shortKey, swings } from './sweepFacts.ts'
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
const focus = { measure: 'bad_debt_usd', stat: 'q95' } as const
const first = { measure: 'bad_debt_usd', stat: 'mean' } as const

const figures: [string, (options: FigureOptions) => Figure][] = [
  ['phase', (options) => phase(map.report, focus, { ...options, line: 1e6 })],
  ['a wide phase', (options) => phase(wide.report, first, options)],
  ['tornado', (options) => tornado(alone.report, first, options)],
  ['tail of many cells', (options) => tail(map.report, focus, map.columns, options)],
  ['tail of one cell', (options) => tail(one.report, focus, one.columns, options)],
]

describe.each(figures)('%s', (_, figure) => {
  it.each([360, 390, 720, 1100])('law: no word hides another, at %d', (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const { labels, height, svg } = figure({ width, theme })
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      labels.forEach((label, i) => {
        expect(labels.slice(i + 1).filter((other) => overlap(label, other))).toEqual([])
        expect(label.x).toBeGreaterThanOrEqual(0)
        expect(label.x + label.width).toBeLessThanOrEqual(width)
        expect(label.y + label.height).toBeLessThanOrEqual(height)
      })
    }
  })

  it('behaviour: says in words what it shows, and has the numbers as a table', () => {
    const { title, description, csv } = figure({ width: 720, theme: 'light' })
    expect(title).toMatch(/\$/)
    expect(description.startsWith(title)).toBe(true)
    expect(csv.trim().split('\n').length).toBeGreaterThan(3)
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
