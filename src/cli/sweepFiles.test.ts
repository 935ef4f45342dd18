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
    expect(text).toMatch(/\| cell \| mean \| nonzero \| q50 \| q95 \| q99 \| es97\.5 \|/)
    expect(text).toMatch(/\| drop 15% \| \$\d\S* \(\$\d\S* to \$\d\S*\) \|/)
    expect(text).toContain('      firebreak run x')
    expect(text).toContain(command)
  })
})
