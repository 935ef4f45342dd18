/** Pictures of comparisons, drawn at every width. */

import { describe, expect, it } from 'vitest'
import { effects, madeUp } from '../sweep/compare.suite.ts'
import { overlap } from './box.ts'
import { compareFigure } from './compare.ts'

const all = madeUp(Object.keys(effects))
const two = madeUp(['none', 'speed-limit', 'breaker'])
const long = madeUp(
  ['none', 'protocols.a-market-of-a-long-name.speed-limit', 'depth.haircut=50%'],
  5,
)
const reports = { all, two, long, still: madeUp(['none', 'price-band']) }

describe.each(Object.entries(reports))('%s', (_, report) => {
  it.each([320, 360, 390, 560, 680, 720, 900, 1100])(
    'law: no word hides another, at %d',
    (width) => {
      for (const theme of ['light', 'dark'] as const) {
        const { labels, marks, height, svg } = compareFigure(report, { width, theme })
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
    },
  )
})

describe('compareFigure', () => {
  const draw = (report = two) => compareFigure(report, { width: 1100, theme: 'light' })
  /** Middles of the marks of one sign: better is round, worse square. */
  const rounds = (svg: string, fill: string) =>
    [...svg.matchAll(new RegExp(`<circle cx="([\\d.]+)" [^>]*fill="${fill}"`, 'g'))].map(first)
  const squares = (svg: string) =>
    [...svg.matchAll(/<rect x="([\d.]+)" [^>]*width="9" height="9" fill="#D55E00"/g)].map(first)
  const zeroOf = (report = two) => draw(report).labels.find(({ text }) => text === '0')!

  it('law: better stands left of 0 and worse right, whichever sign it has', () => {
    const report = madeUp(['none', 'speed-limit', 'breaker', 'dynamic-threshold'])
    const { svg } = draw(report)
    const zero = zeroOf(report)
    const middle = zero.x + zero.width / 2
    const better = rounds(svg, '#009E73')
    const worse = squares(svg)
    expect(better.length).toBeGreaterThan(3)
    // Borrowing power falls, and that is worse.
    expect(worse.length).toBeGreaterThan(3)
    for (const x of better) expect(x).toBeLessThan(middle)
    for (const x of worse) expect(x + 4.5).toBeGreaterThan(middle)
  })

  it('behaviour: the title is what came out, and all changes stand in the description', () => {
    const { title, description } = draw()
    expect(title).toMatch(/^Over 60 pairs of made-up, speed-limit sells \$\S+ less/)
    expect(description.startsWith(title)).toBe(true)
    expect(description).toMatch(/breaker: forced sale \+\$\S+ \(\+\$\S+ to \+\$\S+\), worse\./)
  })

  it('behaviour: what no arm changes is named, not drawn', () => {
    const words = draw().labels.map(({ text }) => text)
    expect(words).not.toContain('borrowing power')
    expect(words.join(' ')).toContain('The same in every arm: borrowing power')
    expect(words.join(' ')).not.toContain('kept by protocols')
  })

  it('behaviour: an arm whose interval holds 0 is hollow', () => {
    expect(rounds(draw(long).svg, '#FFFFFF')).toEqual([])
    const few = madeUp(['none', 'speed-limit'], 3)
    expect(rounds(draw(few).svg, '#FFFFFF').length).toBeGreaterThan(0)
  })

  it('default: its numbers are a table with a row for each measure and arm', () => {
    const rows = draw().csv.trim().split('\n')
    expect(rows[0]).toBe(
      'run_id,seed,measure,unit,better,arm,mean,mean_low,mean_high,q95,' +
        'difference,low,high,lower,equal,higher,unpaired,reading',
    )
    expect(rows).toHaveLength(1 + 3 * two.measures.length)
    expect(
      rows.filter((row) => /,forced_sale_usd,usd,lower,breaker,.*,worse$/.test(row)),
    ).toHaveLength(1)
  })
})

function first([, text]: RegExpMatchArray): number {
  return Number(text)
}
