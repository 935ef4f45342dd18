import { describe, expect, it } from 'vitest'
import { money, percent, shortPercent, signedPercent } from '../format.ts'
import { type Box, overlap } from './box.ts'
import { caption, metricValue } from './caption.ts'
import { cobweb } from './cobweb.ts'
import { healthHistogram } from './healthHistogram.ts'
import { levels } from './levels.ts'
import { response } from './response.ts'
import { sampleReport } from './sample.suite.ts'
import type { Figure } from './sheet.ts'
import { slippage } from './slippage.ts'

const figures = { cobweb, levels, response, slippage, healthHistogram }
const drops = [0.05, 0.14, 0.15, 0.25]
const reports = new Map([0, ...drops].map((drop) => [drop, sampleReport(drop)]))
const widths = [390, 800, 1024, 1440, 1920]
const themes = ['light', 'dark'] as const

const cases = Object.entries(figures).flatMap(([name, figure]) =>
  drops.flatMap((drop) =>
    widths.flatMap((width) =>
      themes.map((theme) => ({
        name: `${name} at ${drop}, ${width} wide, ${theme}`,
        figure: () => figure(reports.get(drop)!, { width, theme }),
      })),
    ),
  ),
)

describe('every figure', () => {
  it.each(cases)('law: no label hides a mark or another label: $name', ({ figure }) => {
    expect(hidden(figure())).toEqual([])
  })

  it.each(Object.entries(figures))('default: %s says what it shows in words', (_, figure) => {
    const { svg, title, description } = figure(reports.get(0.15)!, { width: 800, theme: 'light' })
    const [titleId, descId] = svg.match(/aria-labelledby="([^"]+)"/)![1].split(' ')
    expect(svg).toContain('role="img"')
    expect(svg).toContain(`<title id="${titleId}">${title}</title>`)
    expect(svg).toContain(`<desc id="${descId}">${description}</desc>`)
    expect(description.length).toBeGreaterThan(title.length)
  })

  it.each(Object.entries(figures))('default: %s carries run, seed and command', (_, figure) => {
    const options = { width: 1440, theme: 'light', stamp: 'book 48 s old' } as const
    const { labels, csv } = figure(reports.get(0.15)!, options)
    const words = labels.map((label) => label.text)
    expect(words).toContain('firebreak run eth-lending --drop 15%')
    expect(words.some((text) => /^run \w{4}…a90f · seed 42 · book 48 s old$/.test(text))).toBe(true)
    expect(csv.split('\n')[0].startsWith('run_id,seed,')).toBe(true)
    expect(csv).not.toMatch(/NaN|Infinity|undefined|−/)
  })

  it.each(Object.entries(figures))(
    'law: %s is the same bytes twice, self-contained',
    (_, figure) => {
      const draw = () => figure(sampleReport(0.14), { width: 800, theme: 'dark' }).svg
      expect(draw()).toBe(draw())
      expect(draw()).not.toMatch(/NaN|Infinity|undefined|href|@import|<image|<script/)
    },
  )

  it.each(Object.entries(figures))('law: %s has no type below 11 pixels', (_, figure) => {
    for (const width of widths) {
      const { svg } = figure(reports.get(0.15)!, { width, theme: 'light' })
      const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map((match) => Number(match[1]))
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
    }
  })

  it.each(Object.entries(figures))(
    'default: %s draws a report with nothing for sale',
    (_, figure) => {
      const drawn = figure(reports.get(0)!, { width: 390, theme: 'light' })
      expect(hidden(drawn)).toEqual([])
      expect(drawn.svg).not.toMatch(/NaN/)
    },
  )

  it.each(Object.entries(figures))('default: %s draws an empty report', (_, figure) => {
    const empty = {
      ...reports.get(0)!,
      levels: [],
      health: [],
      depth: [],
      metrics: {},
      map: { ...reports.get(0)!.map, before: [], after: [], fixed: [], whole: false },
      curve: { ...reports.get(0)!.curve, drop: [], first_usd: [], total_usd: [], avalanches: [] },
    }
    expect(figure(empty, { width: 800, theme: 'light' }).svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe('caption', () => {
  it.each(drops)('law: its numbers are the metrics at a drop of %s', (drop) => {
    const report = reports.get(drop)!
    const { price_before, price_after } = report.rounds[0]
    expect(caption(report)).toBe(
      `A ${shortPercent(drop)} drop sells ${money(metricValue(report, 'first_round_usd'))}; ` +
        `those sales push the price ${percent(1 - price_after / price_before)} further; the staircase ` +
        `closes at ${signedPercent(-metricValue(report, 'final_drop')!)} after ` +
        `${metricValue(report, 'rounds')} rounds.`,
    )
    expect(cobweb(report, { width: 800, theme: 'light' }).title).toBe(caption(report))
  })

  it('behaviour: nothing for sale names the nearest level', () => {
    expect(caption(sampleReport(0.0004), 'plain')).toMatch(
      /^A 0\.04% drop sells nothing: the nearest level is \$2,39\d\.$/,
    )
  })

  it('behaviour: a cascade that did not settle does not close', () => {
    const checks = [{ name: 'settled', ok: false, detail: '10,000 rounds' }]
    const text = caption(sampleReport(0.15, { checks }), 'plain')
    expect(text).toMatch(/the staircase had not closed after \d+ rounds\.$/)
  })

  it('behaviour: a book without bids below its edge runs out', () => {
    const text = caption(sampleReport(0.15, { beyond: 'wall' }), 'plain')
    expect(text).toMatch(/the staircase left the observed book at \$1,836 after \d+ rounds\.$/)
  })

  it('behaviour: with feedback off the sales push nothing', () => {
    const text = caption({ ...sampleReport(0.15), feedback: false }, 'plain')
    expect(text).toContain('with feedback off they do not move the price')
  })
})

describe('cobweb', () => {
  const words = (drop: number, width: number) =>
    cobweb(reports.get(drop)!, { width, theme: 'light' }).labels.map((label) => label.text)

  it.each(widths)('law: the diagonal rises at 45 degrees, %s wide', (width) => {
    const { svg } = cobweb(reports.get(0.15)!, { width, theme: 'light' })
    const diagonal = /<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" stroke="#8A94A1"/.exec(svg)!
    const [x1, y1, x2, y2] = diagonal.slice(1).map(Number)
    expect(x2 - x1).toBeCloseTo(y1 - y2, 1)
  })

  it.each(widths)('default: the five facts have their words, %s wide', (width) => {
    const text = words(0.15, width).join('\n')
    for (const part of ['now $2,400', '−15.0', 'first round', 'settles at $1,767', 'next edge']) {
      expect(text).toContain(part)
    }
    expect(text).toContain('extrapolated')
  })

  it('behaviour: the lens opens past the edge, before it, and on a small staircase', () => {
    const before = cobweb(sampleReport(0.146), { width: 800, theme: 'dark' })
    expect(before.labels.map((label) => label.text)).toEqual(
      expect.arrayContaining(['the throat, ×2', 'shut: $62 from', 'stop to edge', 'stops', 'edge']),
    )
    expect(hidden(before)).toEqual([])
    expect(words(0.15, 800).join('\n')).toMatch(/the throat, ×\d+\n\$0\.66 wide\n\d+ rounds inside/)
    expect(words(0.05, 800).join('\n')).toMatch(/the staircase, ×\d/)
    expect(words(0.25, 800).join('\n')).not.toContain('×')
  })
})

describe('the next edge', () => {
  it('law: an edge just below the stop is named, however close', () => {
    const { description } = cobweb(sampleReport(0.149), { width: 800, theme: 'light' })
    expect(description).toMatch(/closes at −21\.1\u202f% .*; the next edge is at \$1,8\d\d/)
  })
})

describe('the other charts', () => {
  it('default: levels name the tallest wall on the path', () => {
    const { title } = levels(reports.get(0.15)!, { width: 800, theme: 'light' })
    expect(title).toBe('Between $1,825 and $1,850 the wall is 1.58× the book')
  })

  it('default: response names the cliffs and how far they are', () => {
    const { title, labels } = response(reports.get(0.14)!, { width: 800, theme: 'light' })
    expect(title).toBe('The cliff is 1.0 points away: $38.9M → $72.5M')
    expect(labels.some(({ text }) => text.startsWith('ignition at'))).toBe(true)
  })

  it('default: slippage names the size at which the bonus is eaten, and the age', () => {
    const { title, labels } = slippage(reports.get(0.15)!, { width: 800, theme: 'light' })
    expect(title).toBe('Above $49.5M a sale of WETH costs more than the 5.0\u202f% bonus')
    expect(labels.some(({ text }) => text.includes('depth 48 s old'))).toBe(true)
  })
})

/** Labels on another label, on a mark or outside the sheet. */
function hidden({ labels, marks, width, height }: Figure): string[] {
  const sheet = { x: 0, y: 0, width, height }
  return labels.flatMap((label, i) => {
    const others: readonly Box[] = [...labels.slice(i + 1), ...marks]
    const inside =
      label.x >= sheet.x && label.x + label.width <= width && label.y + label.height <= height
    return others.some((other) => overlap(label, other)) || !inside ? [label.text] : []
  })
}
