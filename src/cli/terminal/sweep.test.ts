import { describe, expect, it } from 'vitest'
import { sweepReport } from '../../sweep/report.suite.ts'
import { paintFor, width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { renderSweep } from './sweep.ts'

const view: View = {
  ...{ columns: 100, paint: paintFor('none'), unicode: true, program: 'firebreak' },
  ...{ entry: '', gates: [], saved: 'out', milliseconds: null },
}
const focus = { measure: 'bad_debt_usd', stat: 'q95' } as const
const first = { measure: 'bad_debt_usd', stat: 'mean' } as const
const pages = {
  map: renderSweep(
    sweepReport({ keys: { 'shock.drop': 8, 'depth.haircut': 4 }, runs: 100 }).report,
    focus,
    view,
  ),
  shades: renderSweep(
    sweepReport({ keys: { 'shock.drop': 30, 'depth.haircut': 30 }, runs: 1 }).report,
    first,
    view,
  ),
  list: renderSweep(sweepReport({ keys: { 'shock.drop': 90 }, runs: 100 }).report, focus, view),
  alone: renderSweep(
    sweepReport({ keys: { 'shock.drop': 2, 'a.b.c': 3 }, runs: 1, alone: true }).report,
    first,
    view,
  ),
  one: renderSweep(sweepReport({ keys: {}, runs: 500 }).report, focus, view),
}

describe('renderSweep', () => {
  it.each(Object.entries(pages))('law: %s is no wider than the terminal', (_, page) => {
    for (const line of page.split('\n')) expect(width(line)).toBeLessThanOrEqual(100)
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    expect(page).toContain('kept in out')
  })

  it('behaviour: two keys make a map, of shades where its values are too wide', () => {
    expect(pages.map).toMatch(/drop +5% +10% +15% +20%\n {3}5% +\$/)
    expect(pages.shades).toMatch(/down shock\.drop; across depth\.haircut, 5% to 150%/)
    expect(pages.shades).toMatch(/\n {3}150% [·░▒▓█]{60,}/)
  })

  it('behaviour: a long map is cut, and one of very many cells is drawn', () => {
    const { report } = sweepReport({ keys: { 'shock.drop': 3, 'depth.haircut': 1 }, runs: 1 })
    for (const wide of [1, 40]) {
      const values = Array.from({ length: 150_000 / wide }, (_, k) => `${k}%`)
      const across = Array.from({ length: wide }, (_, k) => `${k}%`)
      const [down, right] = report.variations
      const cells = new Array(values.length * wide).fill(report.cells[1])
      const variations = [
        { ...down, values },
        { ...right, values: across },
      ]
      const page = renderSweep({ ...report, cells, variations }, first, view)
      expect(page).toContain(`and ${wide === 1 ? '149,900' : '3,650'} rows more`)
      expect(page.split('\n').length).toBeLessThan(120)
    }
  })

  it('behaviour: a long list is cut, and says so', () => {
    expect(pages.list).toMatch(/BAD DEBT +mean +> 0 +q50 +q95 +q99/)
    expect(pages.list).toContain('and 30 cells more')
    expect(pages.list).toMatch(/widest interval of bad debt, 95 % quantile: \$\S+ to \$\S+ at drop/)
  })

  it('behaviour: one cell shows every measure with intervals', () => {
    expect(pages.one).toMatch(/bad debt +\$\S+ +\$\S+ to \$\S+ +\d+\.\d%/)
  })

  it('behaviour: with a control, what it makes of the means and how many runs it saves', () => {
    const { report } = sweepReport({ keys: {}, runs: 100 })
    const mean = { value: 1e6, low: 9e5, high: 1.1e6 }
    const controlled = { bad_debt_usd: { mean, coefficient: 1, explained: 0.9, reduction: 3.2 } }
    const page = renderSweep(
      { ...report, cells: [{ ...report.cells[0], controlled }] },
      focus,
      view,
    )
    expect(page).toContain('bad debt: mean $1.0M ($900k to $1.1M), as 320 runs without it')
  })

  it('behaviour: warnings stand below, with where to read more', () => {
    const { report } = sweepReport({ keys: {}, runs: 100 })
    const warnings = [{ code: 'FB4107', text: 'the book never refills', effect: 'pessimistic' }]
    const page = renderSweep({ ...report, warnings }, focus, view)
    expect(page).toContain('! the book never refills   firebreak help FB4107')
  })

  it('behaviour: failed runs come with what repeats them', () => {
    const { report } = sweepReport({ keys: {}, runs: 100 })
    const one = { cell: 0, run: 3, code: 'FB2302', text: 'FB2302 no', rerun: 'firebreak run x' }
    const page = renderSweep({ ...report, failed: new Array(7).fill(one) }, focus, view)
    expect(page).toContain('7 runs failed and are left out')
    expect(page).toContain('firebreak run x')
    expect(page).toContain('and 2 more')
  })
})
