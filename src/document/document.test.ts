import { describe, expect, it } from 'vitest'
import { cobweb } from '../figures/cobweb.ts'
import { sampleReport } from '../figures/sample.suite.ts'
import { html } from './html.ts'
import { markdown, postMax } from './markdown.ts'
import { type FigureSet, headlines, outline } from './outline.ts'
import { csv, display } from './table.ts'
import { accountsTable, metricsTable, roundsTable, tablesOf } from './tables.ts'

const command = 'firebreak run eth-lending --drop 15%'
const report = sampleReport(0.15)
const both = (width: number) => ({
  light: cobweb(report, { width, theme: 'light', command }),
  dark: cobweb(report, { width, theme: 'dark', command }),
})
const figures: FigureSet[] = [{ name: 'cobweb', wide: both(720), narrow: both(360) }]
const blocks = outline(report, figures, command)

describe('outline', () => {
  it('behaviour: the sentence and five numbers, in this order, come before every picture', () => {
    const kinds = blocks.map(({ kind }) => kind)
    expect(kinds.slice(0, 4)).toEqual(['title', 'sentence', 'numbers', 'figure'])
    expect(headlines(report).map(({ label }) => label)).toEqual([
      'First round',
      'Total',
      'Final drop',
      'Ignition',
      'Data',
    ])
  })

  it('behaviour: checks, warnings and limits are part of it', () => {
    const warned = {
      ...report,
      warnings: [{ code: 'FB4107', text: 'the book never refills', effect: 'pessimistic' }],
    }
    const text = markdown(outline(warned, [], command))
    expect(text).toContain('- ! the book never refills: pessimistic')
    expect(text).toContain('## Assumptions and limits')
    expect(text).toContain(command)
    expect(text).toContain(report.run_id)
  })
})

describe('html', () => {
  const page = html(blocks, 'eth-lending')

  it('default: loads nothing from anywhere and is well formed where it counts', () => {
    expect(page.replace(/href="data:[^"]*"/g, '')).not.toMatch(
      /\b(src|href)=|@import|https?:\/\/(?!www\.w3\.org)/,
    )
    for (const tag of ['table', 'figure', 'details', 'dl', 'svg', 'div']) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length
      expect(opened, tag).toBe(page.match(new RegExp(`</${tag}>`, 'g'))?.length)
    }
  })

  it('behaviour: every figure has words, numbers and both themes', () => {
    expect(page.match(/<figure>/g)).toHaveLength(1)
    expect(page).toContain('In words and numbers')
    expect(page.match(/class="(light|dark) (wide|narrow)"/g)).toHaveLength(4)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('behaviour: names that look like markup stay text', () => {
    const hostile = '<script>alert("x")</script>'
    const odd = { ...report, scenario: hostile, accounts: [] }
    const text = html(outline(odd, [], hostile), hostile)
    expect(text).not.toContain('<script')
    expect(text).toContain('&lt;script&gt;')
  })
})

describe('markdown', () => {
  it('default: fits a forum post, with pictures as files and alternative text', () => {
    const text = markdown(blocks)
    expect(text.length).toBeLessThan(postMax)
    expect(text).toMatch(/!\[[^\]]{20,}\]\(cobweb\.svg\)/)
    expect(text.replace(/```[\s\S]*?```/g, '')).not.toMatch(/<\w+[ >]/)
  })

  it('behaviour: tables are cut to fit, and say where the rest is', () => {
    const [account] = report.accounts
    const accounts = Array.from({ length: 25 }, () => account ?? emptyAccount)
    const rounds = Array.from({ length: 300 }, (_, i) => ({ ...report.rounds[0], round: i + 1 }))
    const long = { ...report, rounds, accounts, scenario: 'x'.repeat(60) }
    const text = markdown(outline(long, [], command))
    expect(text.length).toBeLessThan(postMax)
    expect(text).toContain('280 more rows in `rounds.csv`.')
  })

  it('behaviour: names with pipes and stars stay names', () => {
    const text = markdown(outline({ ...report, scenario: 'a|b*c_d' }, [], command))
    expect(text).toContain('# a\\|b\\*c\\_d: WETH falls')
  })
})

describe('tables', () => {
  it('default: CSV keeps raw numbers, empty for missing, and quotes what needs it', () => {
    const [head, first] = csv(roundsTable(report)).split('\n')
    expect(head).toBe(
      'round,price_before,price_after,repaid_usd,sold_units,proceeds_usd,accounts,settlements,gain',
    )
    expect(first.split(',')[3]).toBe(String(report.rounds[0].repaid_usd))
    expect(first.endsWith(',')).toBe(true)
    const odd = { ...emptyAccount, account: 'a,"b"' }
    expect(csv(accountsTable({ ...report, accounts: [odd] }))).toContain('"a,""b"""')
  })

  it('default: a metric stated at several parameters has a row for each', () => {
    const { rows } = metricsTable(report)
    expect(rows.filter(([name]) => name === 'toxic_ltv').map(([, at]) => at)).toEqual([
      'asset WETH',
    ])
  })

  it('behaviour: missing prints as a dash, never as 0', () => {
    expect(display(null, 'usd')).toBe('–')
    expect(display(0, 'usd')).toBe('$0')
    expect(display(1234.5, 'units')).toBe('1,235')
    expect(display(0.00123456, 'units')).toBe('0.001235')
  })

  it('law: every row is as long as the head', () => {
    for (const { name, columns, rows } of tablesOf(report)) {
      for (const row of rows) expect(row, name).toHaveLength(columns.length)
    }
  })
})

const emptyAccount = {
  protocol: 'market',
  account: 'borrower',
  trigger_drop: 0.1,
  round: 1,
  debt_usd: 10,
  repaid_usd: 5,
  first_round_usd: 5,
  common_usd: 5,
  extra_usd: 0,
  averted_usd: 0,
  bad_debt_usd: 0,
  fate: 'first round' as const,
}
