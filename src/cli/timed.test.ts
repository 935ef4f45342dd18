import { describe, expect, it } from 'vitest'
import { timedReport } from '../document/timed.suite.ts'
import { timedFiles, timedReportFiles } from '../document/timedFiles.ts'
import { clock, timedCaption } from '../figures/timedFacts.ts'
import { count, money, percent } from '../format.ts'
import { paintFor, width } from './paint.ts'
import { renderTimedRun } from './terminal/timed.ts'
import type { View } from './terminal.ts'

const view: View = {
  columns: 100,
  paint: paintFor('none'),
  unicode: true,
  program: 'firebreak',
  entry: 'black-thursday',
  gates: [],
  saved: null,
  milliseconds: null,
}
const day = timedReport()
const days = {
  day,
  calm: timedReport({ calm: true }),
  'without feedback': timedReport({ feedback: false }),
  bare: timedReport({ columns: [] }),
  'one point': timedReport({ points: 2 }),
  long: timedReport({ points: 2000 }),
  crowded: {
    ...day,
    turns: Array.from({ length: 60 }, (_, i) => ({ ...day.turns[i % 9], block: i })),
    liquidators: day.liquidators.map((row) => ({ ...row, name: row.name.repeat(9) })),
    protocols: day.protocols.map((row) => ({ ...row, name: row.name.repeat(9) })),
    generations: Array.from({ length: 40 }, () => day.generations[1]),
  },
}

describe('renderTimedRun', () => {
  it.each(Object.entries(days))('law: is never wider than the terminal: %s', (_, report) => {
    for (const columns of [60, 72, 80, 100, 140]) {
      for (const colours of ['none', 'basic', '256', 'true'] as const) {
        const page = renderTimedRun(report, { ...view, columns, paint: paintFor(colours) })
        const widest = page.split('\n').reduce((a, b) => (width(a) >= width(b) ? a : b))
        expect(width(widest), widest).toBeLessThanOrEqual(columns)
        expect(page).not.toMatch(/NaN|Infinity|undefined|null/)
      }
    }
  })

  it.each([60, 80, 100])('default: says every number that matters at %d columns', (columns) => {
    const page = renderTimedRun(day, { ...view, columns }).replace(/\s+/g, ' ')
    const usd = (value: number) => money(value, 'plain').replace('-', '−')
    const facts = [
      timedCaption(day, 'plain'),
      ...day.turns.map((turn) => `${clock(turn.at_seconds, 86_400)} ${turn.text}`),
      ...Object.values(day.fates!).map((fate) => `${usd(fate.repaid_usd)} ${fate.accounts}`),
      ...day.liquidators.map(
        (row) => `${row.name} ${row.won} ${row.failed} ${usd(row.profit_usd)}`,
      ),
      ...day.protocols.flatMap((row) => [
        usd(row.bad_debt_usd),
        percent(row.oracle_gap, 1, 'plain'),
      ]),
      ...day.generations.map((row) => usd(row.repaid_usd)),
      ...['$9.3M $14.6M', '212 303', '$700k $5.4M', 'left before the end: keeper-b'],
      `${count(day.blocks)} blocks of 13 s`,
      day.warnings[0].text,
    ]
    for (const fact of facts) expect(page).toContain(fact)
  })

  it('behaviour: sentence, numbers, day, turns, fates, who acted and checks, in this order', () => {
    const page = renderTimedRun(day, view)
    const heads = ['ETH fell', 'no feedback', 'TIME', 'TURNS', 'FATES', 'GENERATION', 'PROTOCOLS']
    const found = [...heads, 'LIQUIDATORS', 'CHECKS', 'next'].map((text) => page.indexOf(text))
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(Math.min(...found)).toBeGreaterThan(0)
  })

  it('behaviour: the tallest column of sales stands at the hour of the largest sales', () => {
    const lines = renderTimedRun(day, view).split('\n')
    const at = lines.findIndex((line) => line.startsWith('   liquidated') && !line.includes('$'))
    const hours = lines.find((line) => line.startsWith(' TIME'))!
    const peak = lines[at - 1].indexOf('█')
    expect(lines[at][peak]).toBe('█')
    // The largest sales are at 10:18, between two of the hours.
    expect(peak).toBeGreaterThan(hours.indexOf('8:00'))
    expect(peak).toBeLessThan(hours.indexOf('12:00'))
  })

  it('behaviour: turns that would meet are moved aside and stay in order', () => {
    const page = renderTimedRun(day, view)
    expect(page).toMatch(/\n {3}turns +12345678 +9\n/)
    const crowded = renderTimedRun(days.crowded, view)
    expect(crowded).toMatch(/\n {3}turns +1 2 3 4 5 /)
  })

  it('behaviour: the hours that mattered are shown again, larger', () => {
    const columns = day.timeline.columns.map((one) =>
      one.name === 'liquidated_usd'
        ? { ...one, values: one.values.map((value, i) => (i < 150 ? value : 0)) }
        : one,
    )
    const page = renderTimedRun({ ...day, timeline: { columns } }, view)
    expect(page).toMatch(/\n CLOSE-UP +9:30 .* 11:00/)
    expect(page).toMatch(/CLOSE-UP[\s\S]*\n {3}turns +1 +2 +3 +4 *5 *6 *7 *8\n\n TURNS/)
    expect(renderTimedRun(day, view)).not.toContain('CLOSE-UP')
  })

  it('behaviour: dollars of the fates are an identity with its signs', () => {
    const page = renderTimedRun(day, view)
    expect(page).toMatch(/\n {3}primary .*\n \+ hastened .*\n \+ feedback only .*\n \+ delayed /)
    expect(page).toMatch(/\n = liquidated +\$14\.6M +303\n {3}averted +\$300k +3 /)
  })

  it('behaviour: a calm day claims no turns, fates or generations', () => {
    const page = renderTimedRun(days.calm, view)
    expect(page).toContain('nobody was liquidated')
    expect(page).not.toMatch(/TURNS|FATES|GENERATION/)
  })

  it('behaviour: what protocols sold themselves is said with count and dollars', () => {
    for (const columns of [60, 80, 120]) {
      const page = renderTimedRun(day, { ...view, columns })
      expect(page).toMatch(/\n {3}own sales +\$2\.4M/)
      if (columns < 80) continue
      expect(page).toContain('14 sales by protocols')
      expect(page).toMatch(/PROTOCOLS .* own sales .*\n {3}lending .* \$2\.4M /)
    }
    expect(renderTimedRun(days.calm, view)).not.toContain('own sales')
  })

  it('behaviour: every protocol has its liquidations beside what was repaid and sold', () => {
    const page = renderTimedRun(day, { ...view, columns: 80 })
    expect(page).toMatch(/PROTOCOLS +repaid +liquidations +.*own sales +sales +bad debt/)
    expect(page).toMatch(/\n {3}lending +\$10\.4M +221 +.*\$2\.4M +14 +\$200k/)
  })

  it('behaviour: a house has its fund, and what it closed in each way that it used', () => {
    for (const columns of [60, 80, 120]) {
      const page = renderTimedRun(day, { ...view, columns })
      expect(page).toMatch(/HOUSE OF VAULTS.*\n {3}fund .*\$120k .*\$340k\n/)
      expect(page).toMatch(/\n {3}taken over by the vault +1 +\$70k\n/)
      expect(page).toMatch(/\n {3}closed for others +3 +\$230k\n/)
      expect(page).not.toContain('closed by the vault')
    }
    const values = day.timeline.columns[0].values.map((_, i) => (i < 100 ? 5e6 : 120_000))
    const fund = { name: 'fund_vaults', unit: 'usd', definition: '', values }
    const timeline = { columns: [...day.timeline.columns, fund] }
    const strip = / {3}fund +█{24}[▇-█]?▁+ low \$120k\n/
    expect(renderTimedRun({ ...day, timeline }, view)).toMatch(strip)
    expect(renderTimedRun(day, view)).not.toMatch(strip)
  })

  it('behaviour: where only houses act, liquidators who did nothing are left out', () => {
    const { gauges } = day.protocols[1]
    const houses = day.protocols.map((row) => ({ ...row, gauges }))
    const idle = days.calm.liquidators
    const page = (report: typeof day) => renderTimedRun(report, view)
    expect(page({ ...day, protocols: houses, liquidators: idle })).not.toContain('LIQUIDATORS')
    expect(page({ ...day, protocols: houses })).toContain('LIQUIDATORS')
    expect(page({ ...day, liquidators: idle })).toContain('LIQUIDATORS')
  })

  it('behaviour: a plain terminal gets plain characters', () => {
    for (const report of Object.values(days)) {
      expect(renderTimedRun(report, { ...view, unicode: false })).toMatch(/^[\n -~]+$/)
    }
  })
})

describe('files of a run in time', () => {
  it('default: both pictures in both themes, the timeline and the largest liquidations', () => {
    const files = timedFiles(day, 'firebreak run black-thursday')
    expect(files.map(({ name }) => name)).toEqual([
      'timeline.svg',
      'timeline-dark.svg',
      'generations.svg',
      'generations-dark.svg',
      'timeline.csv',
      'largest_liquidations.csv',
    ])
    const csv = files
      .find(({ name }) => name === 'timeline.csv')!
      .text.trimEnd()
      .split('\n')
    expect(csv).toHaveLength(241)
    expect(csv[0].startsWith('seconds,outside_ETH,mid_ETH,')).toBe(true)
    // No gain was sampled in the second row: empty, not 0.
    expect(csv[2].endsWith(',')).toBe(true)
  })

  it('default: every format has its files, each once', () => {
    const names = timedReportFiles(day, ['html', 'md', 'svg', 'csv', 'json'], 'firebreak report x')
    const list = names.map(({ name }) => name)
    for (const name of ['report.html', 'report.md', 'timeline.svg', 'turns.csv', 'result.json']) {
      expect(list.filter((one) => one === name)).toHaveLength(1)
    }
    const { text } = names.find(({ name }) => name === 'result.json')!
    expect(JSON.parse(text)).toEqual(day)
  })

  it('behaviour: a picture of the post is a file beside it', () => {
    const files = timedReportFiles(day, ['md'], 'firebreak report x')
    const post = files.find(({ name }) => name === 'report.md')!.text
    for (const [, path] of post.matchAll(/\]\((\S+\.svg)\)/g)) {
      expect(files.map(({ name }) => name)).toContain(path)
    }
    expect(post.match(/\.svg\)/g)).toHaveLength(2)
  })
})
