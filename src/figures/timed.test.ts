import { describe, expect, it } from 'vitest'
import { timedReport } from '../document/timed.suite.ts'
import { money, price } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { overlap } from './box.ts'
import { generations } from './generations.ts'
import type { Figure } from './sheet.ts'
import { busiest, clock, deepened, priceAlone, shareWithin, timedCaption } from './timedFacts.ts'
import { closeup, timeline } from './timeline.ts'

const figures = { timeline, generations }
const plunge = plunging()
const widths = [320, 380, 720, 900, 1440]
const themes = ['light', 'dark'] as const
const days = {
  day: timedReport(),
  calm: timedReport({ calm: true }),
  'without feedback': timedReport({ feedback: false }),
  bare: timedReport({ columns: [] }),
  'only a price': timedReport({ columns: ['outside_ETH'] }),
  'one point': timedReport({ points: 2 }),
  long: timedReport({ points: 2000 }),
  'a house': withHouse(),
}

const cases = Object.entries(figures).flatMap(([name, figure]) =>
  Object.entries(days).flatMap(([day, report]) =>
    widths.map((width) => ({
      name: `${name}, ${day}, ${width} wide`,
      draw: (theme: 'light' | 'dark') => figure(report, { width, theme }),
    })),
  ),
)

describe('every figure of a run in time', () => {
  it.each(cases)('law: words stay on the sheet and off each other and the key: $name', (one) => {
    for (const theme of themes) expect(faults(one.draw(theme))).toEqual([])
  })

  it.each(cases)('law: the same bytes twice, and no number that is none: $name', (one) => {
    const { svg, csv } = one.draw('dark')
    expect(one.draw('dark').svg).toBe(svg)
    expect(svg).not.toMatch(/NaN|Infinity|undefined|href|@import|<image|<script/)
    expect(csv).not.toMatch(/NaN|Infinity|undefined|−/)
  })

  it.each(cases)('law: no type below 11 pixels: $name', (one) => {
    const { svg } = one.draw('light')
    const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map((match) => Number(match[1]))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
  })

  it.each(Object.entries(figures))('default: %s says what it shows in words', (_, figure) => {
    const { svg, title, description } = figure(days.day, { width: 900, theme: 'light' })
    expect(svg).toContain('role="img"')
    expect(svg).toContain(`>${title}</title>`)
    expect(svg).toContain(`>${description}</desc>`)
    expect(description.length).toBeGreaterThan(title.length)
  })
})

describe('timeline', () => {
  const words = (report = days.day, width = 900) =>
    timeline(report, { width, theme: 'light' }).labels.map((label) => label.text)

  it.each(widths)(
    'default: every turn has its number on the axis and in the list, %s wide',
    (width) => {
      const all = words(days.day, width)
      const text = all.join(' ').replace(/\s+/g, ' ')
      days.day.turns.forEach((turn, i) => {
        // The axis of gas prices has a 1 of its own.
        const alike = all.filter((word) => word === String(i + 1))
        expect(alike).toHaveLength(i === 0 ? 3 : 2)
        expect(all).toContain(clock(turn.at_seconds, 86_400))
        expect(text).toContain(turn.text)
      })
    },
  )

  it('default: lines, fates and losses are named', () => {
    const text = words().join('\n')
    const [asset] = days.day.assets
    for (const part of [
      'outside',
      'market',
      'oracle of lending',
      'oracle of vaults',
      'primary',
      'hastened',
      'feedback only',
      'delayed',
      'base fee',
      'bids within 2 %, $4.2M at first',
      `low ${price(asset.lowest)} at 21:48`,
      `opening ${price(asset.opening)}`,
      'left at the end: vaults $5.2M, lending $200k',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('behaviour: the low lies where its price and its time are on the axes', () => {
    const { svg } = timeline(days.day, { width: 900, theme: 'light' })
    const [, cx] = /<circle cx="([\d.]+)" cy="[\d.]+" r="3.5"/.exec(svg)!
    const left = 32 + 56
    const wide = 900 - 32 - left - 12
    const share = days.day.assets[0].lowest_at_seconds / (6646 * 13)
    expect(Number(cx)).toBeCloseTo(left + share * wide, 1)
  })

  it('behaviour: areas of the signs stand for dollars', () => {
    const { svg } = timeline(days.day, { width: 900, theme: 'light' })
    const radii = [...svg.matchAll(/r="([\d.]+)" fill="#0072B2"/g)].map(([, r]) => Number(r))
    const primary = days.day.events.filter(({ fate }) => fate === 'primary')
    const most = Math.max(...days.day.events.map((event) => event.repaid_usd))
    for (const { repaid_usd: usd } of primary) {
      const expected = 2 + 6 * Math.sqrt(usd / most)
      expect(radii.some((radius) => Math.abs(radius - expected) < 0.01)).toBe(true)
    }
  })

  it.each([380, 720, 1440])('law: bars are to scale, in bins of whole rows, %s wide', (width) => {
    const sum = (name: string) =>
      days.day.timeline.columns
        .find((column) => column.name === name)!
        .values.reduce<number>((total, value) => total + (value ?? 0), 0)
    const drawn = timeline(days.day, { width, theme: 'light' })
    const [first, total] = ['#0072B2', '#D55E00'].map((fill) => heightOf(drawn, fill))
    expect(total / (first + total)).toBeCloseTo(sum('feedback_usd') / sum('liquidated_usd'), 2)
    const minutes = { 380: 24, 720: 12, 1440: 6 }[width]
    const title = `Liquidated per ${minutes} min, debt repaid`
    expect(drawn.labels.map(({ text }) => text)).toContain(title)
  })

  it('behaviour: protocols with one oracle share its line', () => {
    const { columns } = days.day.timeline
    const [lending] = columns.filter(({ name }) => name === 'oracle_lending_ETH')
    const shared = columns.map((one) =>
      one.name === 'oracle_vaults_ETH' ? { ...lending, name: one.name } : one,
    )
    const text = words({ ...days.day, timeline: { columns: shared } })
    expect(text).toContain('oracle of lending, vaults')
  })

  it('behaviour: a spike between two pixels is drawn', () => {
    const { columns } = days.long.timeline
    const spiked = columns.map((one) =>
      one.name === 'mid_ETH'
        ? { ...one, values: one.values.map((value, i) => (i === 501 ? 20 : value)) }
        : one,
    )
    const report = { ...days.long, timeline: { columns: spiked } }
    const { labels } = timeline(report, { width: 380, theme: 'light' })
    const { labels: calm } = timeline(days.long, { width: 380, theme: 'light' })
    expect(labels.some(({ text }) => text === '$50')).toBe(true)
    expect(calm.some(({ text }) => text === '$50')).toBe(false)
  })
})

describe('panel of a house', () => {
  it('behaviour: what it had at the opening has a line with its range; what grew from 0 none', () => {
    const text = timeline(days['a house'], { width: 900, theme: 'light' })
      .labels.map((label) => label.text)
      .join('\n')
    expect(text).toContain('House of vaults, share of the highest')
    expect(text).toContain('fund, $120k to $5.0M')
    expect(text).toContain('backstop, −$40k to $2.0M')
    expect(text).not.toContain('deleveraged')
    expect(timeline(days.day, { width: 900, theme: 'light' }).svg).not.toContain('House of')
  })
})

describe('panel of the book', () => {
  it('behaviour: has no cash of liquidators where only houses act', () => {
    const { gauges } = days['a house'].protocols[1]
    const protocols = days.day.protocols.map((row) => ({ ...row, gauges }))
    const idle = { ...days.day, protocols, liquidators: days.calm.liquidators }
    const words = (report: TimedReport) =>
      timeline(report, { width: 900, theme: 'light' }).labels.map(({ text }) => text)
    expect(words(idle)).toContain('Book, share of the start')
    expect(words({ ...idle, liquidators: days.day.liquidators })).toContain(
      'Book and capital, share of the start',
    )
  })
})

describe('closeup', () => {
  it.each(widths)(
    'law: words stay off each other and numbers are those of the day, %s wide',
    (width) => {
      for (const theme of themes) {
        const drawn = closeup(plunge, { width, theme })!
        expect(faults(drawn)).toEqual([])
        expect(drawn.svg).not.toMatch(/NaN|Infinity|undefined/)
        const words = drawn.labels.map(({ text }) => text)
        for (const number of ['2', '3', '8']) {
          expect(words.filter((word) => word === number)).toHaveLength(2)
        }
        expect(words).not.toContain('9')
      }
    },
  )

  it('behaviour: shows nine tenths of the dollars, and nothing outside its hours', () => {
    const stretch = busiest(plunge)!
    expect(shareWithin(plunge, stretch)).toBeGreaterThanOrEqual(0.9)
    const { csv, title } = closeup(plunge, { width: 900, theme: 'light' })!
    const rows = csv.trimEnd().split('\n').slice(1)
    for (const row of rows) {
      const seconds = Number(row.split(',')[2])
      expect(seconds).toBeGreaterThanOrEqual(stretch.from)
      expect(seconds).toBeLessThanOrEqual(stretch.to)
    }
    expect(rows.length).toBeGreaterThan(10)
    expect(title).toMatch(
      /^(Nearly all|\$[\d.]+M) of \$14\.6M was liquidated between 9:18 and 11:06$/,
    )
  })

  it('law: no shorter stretch holds nine tenths of the dollars', () => {
    const { from, to } = busiest(plunge)!
    const inner = (to - from) / 1.5
    const rows = plunge.timeline.columns[0].values as number[]
    for (const end of rows) {
      const shorter = { from: end - inner + 361, to: end }
      expect(shareWithin(plunge, shorter)).toBeLessThan(0.9)
    }
  })

  it('behaviour: a day with sales at both ends, or with none, has none', () => {
    expect(closeup(days.day, { width: 900, theme: 'light' })).toBeNull()
    expect(closeup(days.calm, { width: 900, theme: 'light' })).toBeNull()
    expect(closeup(days.bare, { width: 900, theme: 'light' })).toBeNull()
  })
})

describe('generations', () => {
  it('default: every generation has its dollars and the drop it caused', () => {
    const { labels } = generations(days.day, { width: 380, theme: 'dark' })
    const words = labels.map(({ text }) => text).join('\n')
    for (const row of days.day.generations) {
      expect(words).toContain(`${money(row.repaid_usd)} · ${row.liquidations}`)
      expect(words).toContain(`${(100 * (row.drop ?? 0)).toFixed(1)} points`)
    }
  })

  it('behaviour: one that repays more than the one before it is named', () => {
    const { labels } = generations(days.day, { width: 900, theme: 'light' })
    const named = labels.filter(({ text }) => text.includes('more than before'))
    expect(named.map(({ text }) => text)).toEqual([expect.stringContaining('$3.2M')])
  })

  it('behaviour: late generations share a row that keeps their sum', () => {
    const rows = Array.from({ length: 30 }, (_, generation) => ({
      generation,
      and_later: false,
      liquidations: 1,
      repaid_usd: 1e6,
      drop: 0.001,
    }))
    const drawn = generations({ ...days.day, generations: rows }, { width: 380, theme: 'light' })
    const words = drawn.labels.map(({ text }) => text)
    expect(words).toContain('11+')
    expect(words).toContain('$19.0M · 19')
    expect(faults(drawn)).toEqual([])
  })
})

describe('timed caption', () => {
  it('law: its numbers are those of the report', () => {
    const by = deepened(days.day)!
    expect(priceAlone(days.day)).toBeCloseTo(194.2 * (1 - 0.41), 9)
    expect(by).toBeCloseTo(1 - 109.94 / 194.2 - 0.41, 9)
    expect(timedCaption(days.day, 'plain')).toBe(
      `ETH fell 43.4% to $109.94 by 21:48; forced sales made that ${(100 * by).toFixed(1)} points ` +
        'worse: $14.6M liquidated, against $9.3M without feedback; $5.4M of bad debt is left, ' +
        'most of it in vaults.',
    )
  })

  it('behaviour: a calm day and a day without feedback say so', () => {
    expect(timedCaption(days.calm, 'plain')).toMatch(/; nobody was liquidated\.$/)
    expect(timedCaption(days['without feedback'], 'plain')).toContain(
      'sales did not move the price',
    )
    expect(deepened(days['without feedback'])).toBeNull()
    const given = { ...days.day, prices_are: 'given' as const }
    expect(timedCaption(given, 'plain')).toContain('liquidated at recorded prices, which')
    expect(deepened(given)).toBeNull()
  })

  it('behaviour: what is not recorded is left out, not zero', () => {
    expect(timedCaption({ ...days.bare, metrics: {} }, 'plain')).toBe(
      'ETH fell 43.4% to $109.94 by 21:48; $14.6M liquidated; $5.4M of bad debt is left, ' +
        'most of it in vaults.',
    )
  })

  it('default: a clock counts hours on and shows seconds in a short run', () => {
    expect(clock(34_860, 86_400)).toBe('9:41')
    expect(clock(180_000, 200_000)).toBe('50:00')
    expect(clock(65, 600)).toBe('0:01:05')
  })
})

/** The same day with the paths of a fund, of a vault that ends in debt and of what was closed. */
function withHouse(): TimedReport {
  const day = timedReport()
  const unit = 'usd' as const
  const gauge = (name: string, opening: number, final: number) => ({
    ...{ name, unit, definition: '', opening, final },
    lowest: Math.min(opening, final),
    highest: Math.max(opening, final),
  })
  const gauges = [gauge('fund', 5e6, 120e3), gauge('backstop', 2e6, -40e3)]
  const all = [...gauges, gauge('deleveraged', 0, 1e6)]
  const rows = day.timeline.columns[0].values.length
  const paths = all.map(({ name, opening, final }) => ({
    ...{ name: `${name}_vaults`, unit, definition: '' },
    values: Array.from({ length: rows }, (_, i) => (i < rows / 2 ? opening : final)),
  }))
  const protocols = day.protocols.map((row, j) => (j === 1 ? { ...row, gauges: all } : row))
  return { ...day, protocols, timeline: { columns: [...day.timeline.columns, ...paths] } }
}

/** The same day without its second fall in the evening. */
function plunging(): TimedReport {
  const day = timedReport()
  const columns = day.timeline.columns.map((one) =>
    one.name === 'liquidated_usd' || one.name === 'feedback_usd'
      ? { ...one, values: one.values.map((value, i) => (i < 150 ? value : 0)) }
      : one,
  )
  return { ...day, timeline: { columns } }
}

/** Heights of all bars of one colour, pixels; fields of the key have round corners. */
function heightOf({ svg }: Figure, fill: string): number {
  const bars = svg.matchAll(new RegExp(`<rect [^>]*height="([\\d.]+)" fill="${fill}"`, 'g'))
  return [...bars].reduce((sum, [, height]) => sum + Number(height), 0)
}

/** Labels on another label or outside the sheet, and words that hide a mark. */
function faults({ labels, marks, width, height }: Figure): string[] {
  return labels.flatMap((label, i) => {
    const inside =
      label.x >= 0 &&
      label.y >= 0 &&
      label.x + label.width <= width &&
      label.y + label.height <= height
    const met = [...labels.slice(i + 1), ...marks].find((other) => overlap(label, other))
    return !inside || met !== undefined ? [`${label.text} ${inside ? 'meets' : 'leaves'}`] : []
  })
}
