import { describe, expect, it } from 'vitest'
import { generations } from '../figures/generations.ts'
import { timeline } from '../figures/timeline.ts'
import { money } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { html } from './html.ts'
import { markdown, postMax } from './markdown.ts'
import type { FigureSet } from './outline.ts'
import { display } from './table.ts'
import { timedReport } from './timed.suite.ts'
import { timedHeadlines, timedOutline } from './timed.ts'
import { fatesTable, fatesTotal, timedTables } from './timedTables.ts'

const command = 'firebreak run black-thursday'
const day = timedReport()
const calm = timedReport({ calm: true })

describe('outline of a run in time', () => {
  const blocks = timedOutline(day, figuresOf(day), command)

  it('behaviour: sentence and five numbers come before every picture', () => {
    expect(blocks.slice(0, 4).map(({ kind }) => kind)).toEqual([
      'title',
      'sentence',
      'numbers',
      'figure',
    ])
    expect(timedHeadlines(day).map(({ label, value }) => `${label} ${value}`)).toEqual([
      'Liquidated $14.6M',
      'Lowest ETH $109.94',
      'Bad debt $5.4M',
      'Liquidations 303',
      'Data synthetic',
    ])
  })

  it('default: a post has every turn, liquidator, protocol, fate and generation', () => {
    const text = markdown(blocks)
    expect(text.length).toBeLessThan(postMax)
    const facts = [
      ...day.turns.map((turn) => turn.text),
      ...day.liquidators.flatMap((row) => [row.name, money(row.profit_usd), money(row.gas_usd)]),
      ...day.protocols.flatMap((row) => [row.name, money(row.bad_debt_usd), `${row.waiting}`]),
      ...Object.values(day.fates!).map((fate) => money(fate.repaid_usd)),
      ...day.generations.map((row) => money(row.repaid_usd)),
      ...day.warnings.map((warning) => warning.text),
      day.service,
      day.run_id,
      command,
    ]
    for (const fact of facts) expect(text).toContain(fact)
  })

  it('default: the page has both pictures in both themes and ids of their own', () => {
    const page = html(blocks, 'black-thursday')
    expect(page.match(/<figure>/g)).toHaveLength(2)
    expect(page.match(/class="(light|dark) (wide|narrow)"/g)).toHaveLength(8)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(page).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each([
    ['outside', 'are an outside move'],
    ['given', 'a record that real sales had moved'],
    ['inferred', 'inferred from a record'],
  ] as const)('behaviour: prices that are %s are said to be', (kind, words) => {
    const text = markdown(timedOutline({ ...day, prices_are: kind }, [], command))
    expect(text).toContain(words)
  })

  it('behaviour: a calm day has no empty tables', () => {
    const text = markdown(timedOutline(calm, figuresOf(calm), command))
    expect(text).toContain('nobody was liquidated')
    expect(text).not.toContain('Where the day turned')
    expect(text).not.toContain('### Largest liquidations')
  })

  it('behaviour: what protocols sold themselves stands beside what was liquidated', () => {
    const text = markdown(blocks)
    expect(text).toContain('303 accounts; protocols sold $2.4M themselves, in 14 sales')
    expect(text).toContain('| own sales | sold by itself |')
    const sold = { sales: 1, sales_usd: 40_000 }
    const protocols = calm.protocols.map((row, j) => (j === 0 ? { ...row, ...sold } : row))
    const quiet = markdown(timedOutline({ ...calm, protocols }, [], command))
    expect(quiet).toContain('nobody was liquidated, but lending itself sold $40k of collateral.')
    expect(quiet).toContain('0 accounts; protocols sold $40k themselves, in 1 sale')
    const both = calm.protocols.map((row) => ({ ...row, ...sold }))
    const all = markdown(timedOutline({ ...calm, protocols: both }, [], command))
    expect(all).toContain('but protocols themselves sold $80k of collateral.')
  })

  it('behaviour: a house has its fund, and what it closed in each way', () => {
    const text = markdown(blocks)
    expect(text).toContain('| vaults | fund | $5.0M | $120k | $5.0M | $340k | Insurance fund. |')
    expect(text).toContain('| vaults | taken over by the vault | 1 | $70k |')
    expect(text).toContain('| vaults | closed for others | 3 | $230k |')
  })

  it('behaviour: where only houses act, there are no liquidators and no gas', () => {
    const { gauges } = day.protocols[1]
    const events = day.events.map((event) => ({ ...event, liquidator: '', gwei: null }))
    const protocols = day.protocols.map((row) => ({ ...row, gauges }))
    const house = { ...day, protocols, events, liquidators: calm.liquidators }
    const text = markdown(timedOutline(house, figuresOf(house), command))
    expect(text).not.toContain('Liquidators')
    expect(text).toMatch(/\| the protocol \| ETH \| .* \| – \| primary \|/)
    expect(text).not.toMatch(/NaN|null/)
    expect(markdown(timedOutline({ ...house, protocols: day.protocols }, [], command))).toContain(
      '### Liquidators',
    )
  })

  it('behaviour: without feedback there is nothing to compare with', () => {
    const alone = timedReport({ feedback: false })
    expect(fatesTable(alone).rows).toEqual([])
    expect(timedHeadlines(alone)[0].note).toBe('feedback is off')
  })
})

describe('tables of a run in time', () => {
  it.each([day, calm, timedReport({ columns: [] }), timedReport({ feedback: false })])(
    'law: every row is as long as the head, and no two tables share a name',
    (report: TimedReport) => {
      const tables = timedTables(report)
      for (const { name, columns, rows } of tables) {
        for (const row of rows) expect(row, name).toHaveLength(columns.length)
      }
      expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length)
    },
  )

  it('law: the four fates add up to the total, and the averted stand apart', () => {
    const { primary, hastened, feedback_only, delayed } = day.fates!
    const four = [primary, hastened, feedback_only, delayed]
    const sum = four.reduce((total, fate) => total + fate.repaid_usd, 0)
    expect(fatesTotal(day).repaid_usd).toBe(sum)
    const rows = fatesTable(day).rows.map(([name, , , usd]) => `${name} ${display(usd, 'usd')}`)
    expect(rows.slice(4)).toEqual(['total $14.6M', 'averted $300k'])
  })
})

function figuresOf(report: TimedReport): FigureSet[] {
  return Object.entries({ timeline, generations }).map(([name, figure]) => {
    const both = (width: number) => ({
      light: figure(report, { width, theme: 'light', command }),
      dark: figure(report, { width, theme: 'dark', command }),
    })
    return { name, wide: both(720), narrow: both(360) }
  })
}
