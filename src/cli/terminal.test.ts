import { describe, expect, it } from 'vitest'
import { caption, metricValue } from '../figures/caption.ts'
import { sampleReport } from '../figures/sample.suite.ts'
import { money } from '../format.ts'
import type { Report } from '../report.ts'
import { paintFor, width } from './paint.ts'
import { renderRun, type View } from './terminal.ts'

const view: View = {
  columns: 100,
  paint: paintFor('none'),
  unicode: true,
  program: 'firebreak',
  entry: 'eth-lending --drop 15%',
  gates: [],
  saved: null,
  milliseconds: null,
}
const drops = [0, 0.02, 0.05, 0.14, 0.15, 0.25]
const colourCode = '\x1b'

describe('renderRun', () => {
  it.each(drops)(
    'behaviour: fits 100 columns at a drop of %d, in every number of colours',
    (drop) => {
      for (const colours of ['none', 'basic', '256', 'true'] as const) {
        const page = renderRun(sampleReport(drop), { ...view, paint: paintFor(colours) })
        expect(Math.max(...page.split('\n').map(width))).toBeLessThanOrEqual(100)
        expect(page.includes(colourCode)).toBe(colours !== 'none')
      }
    },
  )

  it.each(drops)('behaviour: sentence and numbers come from the same report at %d', (drop) => {
    const report = sampleReport(drop)
    const page = renderRun(report, view).replace(/\s+/g, ' ')
    expect(page).toContain(caption(report, 'plain').replace(/-(?=\d)/g, '−'))
    expect(page).toContain(money(metricValue(report, 'first_round_usd'), 'plain'))
    expect(page).toContain(money(metricValue(report, 'total_liquidated_usd'), 'plain'))
  })

  it('behaviour: first round, total, final drop, ignition and data stand in this order', () => {
    const page = renderRun(sampleReport(0.15), view)
    const order = ['A 15% drop', 'first round', 'with feedback', 'final drop', 'ignition', 'data']
    const found = [...order, 'ROUND', 'LIQUIDATED BY DROP', 'CHECKS'].map((text) =>
      page.indexOf(text),
    )
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(Math.min(...found)).toBeGreaterThan(0)
  })

  it('behaviour: without colours the turning point and both fates are still told', () => {
    const page = renderRun(sampleReport(0.15), view)
    expect(page).toMatch(/\d\.\d\d ▲ {2}turning point/)
    expect(page).toContain('█ first round  ▒ added by feedback')
    expect(page).toMatch(/▲ edge −1\d\.\d+%, you are .* points past it/)
  })

  it('behaviour: numbers stand right', () => {
    const page = renderRun(sampleReport(0.15), view)
    const rows = page.split('\n').filter((line) => /^ {3,5}\d+ {3}/.test(line))
    const ends = rows.map(
      (line) => /^ *\d+ +[\d,.]+ +[▏▎▍▌▋▊▉█]+ +[\d.]+[kM]/.exec(line)![0].length,
    )
    expect(new Set(ends).size).toBe(1)
    expect(rows.length).toBeGreaterThan(10)
  })

  it('behaviour: a long list is cut in the middle and the totals of the cut are stated', () => {
    const base = sampleReport(0.15)
    const rounds = Array.from({ length: 60 }, (_, i) => ({
      ...base.rounds[0],
      round: i + 1,
      repaid_usd: 1e6,
      accounts: 2,
      gain: i === 30 ? 1.5 : 0.5,
    }))
    const page = renderRun({ ...base, rounds }, view)
    expect(page).toMatch(/… 21 more rounds +21\.0M +42/)
    expect(page).toMatch(/… 21 more rounds +21\.0M +42/)
    expect(page).toMatch(/ 31 .* ▲ {2}turning point/)
  })

  it('behaviour: warnings say what they do and where to read on; failed checks say why', () => {
    const report: Report = {
      ...sampleReport(0.15),
      checks: [{ name: 'conservation', ok: false, detail: 'largest gap $12.00' }],
      warnings: [{ code: 'FB4107', text: 'the book never refills', effect: 'pessimistic' }],
    }
    const page = renderRun(report, view)
    expect(page).toContain('✗ conservation: largest gap $12.00')
    expect(page).toContain('! the book never refills: pessimistic   firebreak help FB4107')
  })

  it('behaviour: gates come before everything else that was found', () => {
    const gates = [{ text: 'rounds < 3', ok: false, detail: 'got 23' }]
    const page = renderRun(sampleReport(0.15), { ...view, gates })
    expect(page).toContain('GATES   ✗ rounds < 3  got 23')
    expect(page.indexOf('GATES')).toBeLessThan(page.indexOf('A 15% drop'))
  })

  it('behaviour: accounts without collateral are named', () => {
    const base = sampleReport(0.15)
    const already_bad = [{ account: 'borrower-7', debt_usd: 1.2e6 }]
    const page = renderRun({ ...base, book: { ...base.book, already_bad } }, view)
    expect(page).toContain('1 account with $1.2M of debt and no collateral · borrower-7')
  })

  it('behaviour: a plain terminal gets plain characters', () => {
    expect(renderRun(sampleReport(0.15), { ...view, unicode: false })).toMatch(/^[\n -~]+$/)
  })
})
