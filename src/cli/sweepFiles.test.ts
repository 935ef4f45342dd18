import { describe, expect, it } from 'vitest'
import { sweepReport } from '../sweep/report.suite.ts'
import { sweepPage, sweepPictures } from './sweepFiles.ts'

const focus = { measure: 'bad_debt_usd', stat: 'q95' } as const
const command = 'firebreak sweep made-up --runs 40'
const names = (sheets: Parameters<typeof sweepPictures>[0]) =>
  sweepPictures(sheets).map(({ name }) => name)

describe('sweepPictures', () => {
  it('behaviour: a sweep gets the pictures that fit it, light and dark', () => {
    const map = sweepReport({ keys: { 'shock.drop': 3, 'depth.haircut': 2 }, runs: 40 })
    expect(names({ ...map, focus, command })).toEqual([
      'phase.svg',
      'phase-dark.svg',
      'tail.svg',
      'tail-dark.svg',
    ])
    const alone = sweepReport({
      keys: { 'shock.drop': 3, 'depth.haircut': 2 },
      runs: 1,
      alone: true,
    })
    expect(names({ ...alone, focus, command, columns: [] })).toEqual([
      'tornado.svg',
      'tornado-dark.svg',
    ])
    expect(names({ ...sweepReport({ keys: {}, runs: 1 }), focus, command, columns: [] })).toEqual(
      [],
    )
  })
})

describe('sweepPage', () => {
  it('behaviour: the cells with their intervals, and how to get them again', () => {
    const map = sweepReport({ keys: { 'shock.drop': 3 }, runs: 100 })
    const failed = [
      { cell: 0, run: 7, code: 'FB2302', text: 'FB2302 no', rerun: 'firebreak run x' },
    ]
    const { text } = sweepPage({ report: { ...map.report, failed }, focus, command, columns: [] })
    expect(text).toContain('3 cells of 100 runs each, path 0 to 99')
    expect(text).toContain('Varied: `shock.drop` of 5%, 10%, 15%.')
    expect(text).toContain('1 run failed and is left out')
    expect(text).toMatch(/\| cell \| mean \| not 0 \| q50 \| q95 \| q99 \| es97\.5 \|/)
    expect(text).toMatch(/\| drop 15% \| \$\d\S* \(\$\d\S* to \$\d\S*\) \|/)
    expect(text).toContain('      firebreak run x')
    expect(text).toContain('Intervals in brackets hold at 95\u202f%.')
    const watched = { report: { ...map.report, anytime: true }, focus, command, columns: [] }
    expect(sweepPage(watched).text).toContain('hold at 95\u202f% at any time.')
    expect(text).toContain(command)
  })

  it('behaviour: an interval without an upper end, a cell without values, a single run', () => {
    const { report } = sweepReport({ keys: { 'shock.drop': 6, 'a.b.c': 1 }, runs: 30 })
    const [cell, ...rest] = report.cells
    const holed = { ...report, cells: [{ ...cell, metrics: {} }, ...rest] }
    const { text } = sweepPage({ report: holed, focus, command, columns: [] })
    expect(text).toMatch(/\| drop 5%, b\.c 5% \|( – \|){6}\n/)
    expect(text).toMatch(/\| \$\d\S* \(\$\d\S* or more\) \|/)
    expect(text).not.toMatch(/NaN|undefined|null/)
    const one = sweepReport({ keys: {}, runs: 1 }).report
    const single = sweepPage({ report: one, focus, command, columns: [] }).text
    expect(single).toContain('1 run, path 0;')
    expect(single).toMatch(/\| cell \| bad debt \|/)
    expect(single).not.toContain('Intervals')
  })

  it('behaviour: names do not break the table, and many failures are counted', () => {
    const { report } = sweepReport({ keys: { 'shock.drop': 1 }, runs: 2 })
    const one = { cell: 0, run: 0, code: 'FB2302', text: 'a | b', rerun: 'firebreak run x' }
    const variations = [{ key: 'k_1', values: ['a|b'] }]
    const cells = [{ ...report.cells[0], values: ['a|b'] }]
    const odd = { ...report, variations, cells, failed: new Array(25).fill(one) }
    const { text } = sweepPage({ report: odd, focus, command, columns: [] })
    expect(text).toContain('25 runs failed and are left out.')
    const short = [{ ...one, code: 'FB4304' }, ...new Array(4).fill(one)]
    const some = sweepPage({ report: { ...odd, failed: short }, focus, command, columns: [] }).text
    expect(some).toContain('left out, 1 of them for lack of memory: --resume tries again.')
    const all = { ...odd, failed: short.slice(0, 1) }
    expect(sweepPage({ report: all, focus, command, columns: [] }).text).toContain(
      '1 run failed and is left out, for lack of memory: --resume tries again.',
    )
    expect(text).toContain('| k\\_1 a\\|b |')
    expect(text).toContain('- a \\| b')
    expect(text).toContain('and 5 more, in `result.json`.')
  })
})
