/** A run in time on one screen: sentence, numbers, strips, turns, who did what, checks. */

import { lengthOf, priceWords } from '../../document/timed.ts'
import { fateRows, fatesTotal } from '../../document/timedTables.ts'
import { metricValue } from '../../figures/caption.ts'
import {
  accountsLiquidated,
  badDebtUsd,
  clock,
  deepened,
  headlineAsset,
  isFelt,
  isWithoutLiquidators,
  liquidatedUsd,
  liquidationCount,
  ownSales,
  priceAlone,
  spanOf,
  timedCaption,
} from '../../figures/timedFacts.ts'
import { numberedTurns } from '../../figures/timelineAxis.ts'
import { count, counted, duration, money, percent, points, price, shortId } from '../../format.ts'
import type { TimedReport } from '../../timedReport.ts'
import { flow, labelled, left, pageOf, right, wrap } from '../layout.ts'
import { width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { bar } from './bars.ts'
import { checkLines, lastLines } from './checks.ts'
import { type Column, grid, minus } from './grid.ts'
import { fall, gateLines } from './head.ts'
import { fundLines, houseLines } from './houses.ts'
import { stripLines } from './timedStrip.ts'

/**
 * Returns the page, ending in a newline.
 *
 * Rule: nothing is wider than `columns`; without colours the words and columns tell the same.
 */
export function renderTimedRun(report: TimedReport, view: View): string {
  return pageOf(view.unicode, [
    headLines(report, view),
    gateLines(view),
    wrap(minus(timedCaption(report, 'plain')), view.columns - 2).map(view.paint.strong),
    numberLines(report, view),
    stripLines(report, view),
    turnLines(report, view),
    fateLines(report, view),
    generationLines(report, view),
    protocolLines(report, view),
    houseLines(report, view),
    fundLines(report, view),
    liquidatorLines(report, view),
    checkLines(report, view),
    lastLines(view),
  ])
}

function headLines(report: TimedReport, view: View): string[] {
  const { strong, quiet } = view.paint
  const { book, path } = report
  const run = [
    report.scenario,
    `seed ${report.seed}`,
    ...(path === 0 ? [] : [`path ${path}`]),
    `run ${shortId(report.run_id)}`,
    ...(report.feedback ? [] : ['feedback off']),
  ]
  const kind = book.synthetic ? 'synthetic' : (report.as_of?.slice(0, 10) ?? 'undated')
  const positions = [
    counted(book.accounts, 'account'),
    `debt ${money(book.debt_usd, 'plain')}`,
    `collateral ${money(book.collateral_usd, 'plain')}`,
    kind,
  ]
  const time = [
    lengthOf(report),
    `${counted(report.blocks, 'block')} of ${report.block_seconds} s`,
    report.service,
    `prices: ${report.prices_are}`,
  ]
  const line = (name: string, facts: readonly string[]) =>
    labelled(quiet(name), 13, flow(facts, view.columns - 15, ' · '))
  const title = strong(`Firebreak ${report.engine_version}`)
  return [
    ...flow([title, ...flow(run, view.columns - 2, ' · ').map(quiet)], view.columns - 2, '   '),
    ...line('positions', positions),
    ...line('time', time),
    ...(report.prices_are === 'outside'
      ? []
      : wrap(priceWords[report.prices_are], view.columns - 15).map(
          (text) => ' '.repeat(13) + quiet(text),
        )),
  ]
}

type Row = readonly [name: string, first: string, total: string, note: string]

/** The day without feedback beside the day with it. */
function numberLines(report: TimedReport, view: View): string[] {
  const { quiet, strong } = view.paint
  const asset = headlineAsset(report)
  const drop = asset === undefined ? '' : ` ${fall(1 - asset.lowest / asset.opening)}`
  const alone = report.feedback ? 'recorded prices' : 'feedback off'
  const heads = isFelt(report) ? ['no feedback', 'with feedback'] : ['', alone]
  const narrow = view.columns < 90
  const [one, two] = narrow ? [13, 15] : [20, 18]
  return [
    left(strong(`${report.headline}${drop}`), 16) +
      quiet(right(heads[0], one) + right(heads[1], two)),
    ...rows(report, view).map(([name, first, total, note]) => {
      const line = left(`  ${name}`, 16) + right(first, one) + right(total, two)
      const fits = width(line) + 3 + width(note) <= view.columns - 2
      return note === '' || !fits ? line : `${line}   ${quiet(note)}`
    }),
  ]
}

function rows(report: TimedReport, view: View): Row[] {
  const { first, total, ok } = view.paint
  const asset = headlineAsset(report)
  const alone = (name: string, print: (value: number | null) => string) => {
    const value = metricValue(report, name)
    return isFelt(report) ? first(print(value)) : ''
  }
  const usd = (value: number | null) => money(value, 'plain')
  const bad = badDebtUsd(report)
  const own = ownSales(report)
  const by = deepened(report)
  const low = asset === undefined ? '' : `at ${clock(asset.lowest_at_seconds, spanOf(report))}`
  const worse = by === null || by === 0 ? [] : [`${points(by, 'plain')} lower`]
  const outside = isFelt(report) ? first(price(priceAlone(report))) : ''
  const undisturbed = isFelt(report) ? first(price(asset?.undisturbed ?? null)) : ''
  const shortfall = metricValue(report, 'shortfall_usd')
  return [
    ['liquidated', alone('first_round_usd', usd), total(usd(liquidatedUsd(report))), times(report)],
    [
      'accounts',
      alone('first_round_accounts', count),
      total(count(accountsLiquidated(report))),
      counted(liquidationCount(report), 'liquidation'),
    ],
    ...(own === null
      ? []
      : [
          [
            'own sales',
            '',
            total(usd(own.usd)),
            `${counted(own.sales, 'sale')} by protocols`,
          ] as const,
        ]),
    ['price at low', outside, total(price(asset?.lowest ?? null)), [low, ...worse].join(', ')],
    [
      'final price',
      undisturbed,
      total(price(asset?.final ?? null)),
      asset === undefined ? '' : `from ${price(asset.opening)}`,
    ],
    [
      'bad debt',
      alone('first_round_bad_debt_usd', usd),
      (bad === 0 ? ok : total)(usd(bad)),
      shortfall === null ? '' : `and ${usd(shortfall)} of shortfall`,
    ],
  ]
}

function times(report: TimedReport): string {
  const first = metricValue(report, 'first_round_usd')
  if (first === null || first === 0 || !isFelt(report)) return ''
  const ratio = liquidatedUsd(report) / first
  return `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}x`
}

function turnLines(report: TimedReport, view: View): string[] {
  const { strong, warn } = view.paint
  const sorted = numberedTurns(report)
  const clocks = sorted.map((turn) => clock(turn.at_seconds, spanOf(report)))
  const wide = Math.max(0, ...clocks.map((text) => text.length))
  const lines = sorted.flatMap((turn, i) => {
    const head = `${warn(right(String(i + 1), 4))}  ${right(clocks[i], wide)}  `
    return labelled(head, wide + 8, wrap(turn.text, view.columns - 2 - wide - 8))
  })
  return lines.length === 0 ? [] : [strong('TURNS'), ...lines]
}

/** Dollars that add up to what was liquidated; what was averted stands apart. */
function fateLines(report: TimedReport, view: View): string[] {
  const { fates } = report
  const sum = fatesTotal(report)
  if (fates === null || (sum.accounts === 0 && fates.averted.accounts === 0)) return []
  const { quiet, strong, first, total } = view.paint
  const all = fateRows.map(([key, name, meaning]) => ({
    name,
    meaning,
    ...fates[key],
    late: key !== 'primary',
  }))
  const most = Math.max(1, ...all.map((one) => one.repaid_usd))
  const room = view.columns - 2 - 41
  const line = (sign: string, name: string, usd: number, number: number, note: string) => {
    const start =
      left(`${sign} ${name}`, 17) + right(money(usd, 'plain'), 9) + right(count(number), 10)
    return width(note) <= room ? `${start}     ${note}` : start
  }
  const head = left(strong('FATES'), 17) + quiet(right('repaid', 9) + right('accounts', 10))
  const bars = Math.max(4, Math.min(16, room - 34))
  return [
    head,
    ...all.map(({ name, meaning, repaid_usd: usd, accounts: number, late }, i) => {
      const filled = (late ? total : first)(bar(usd / most, bars))
      const note = room >= 40 ? `${left(filled, bars)}  ${quiet(meaning)}` : quiet(meaning)
      return line(i === 0 ? ' ' : '+', name, usd, number, note)
    }),
    line('=', strong('liquidated'), sum.repaid_usd, sum.accounts, ''),
    quiet(
      line(
        ' ',
        'averted',
        fates.averted.repaid_usd,
        fates.averted.accounts,
        'sold only without feedback',
      ),
    ),
  ]
}

function generationLines(report: TimedReport, view: View): string[] {
  const all = report.generations
  if (all.length < 2) return []
  const { first, total, quiet, strong } = view.paint
  const most = Math.max(1, ...all.map(({ repaid_usd: usd }) => usd))
  const bars = Math.max(6, Math.min(24, view.columns - 56))
  const head =
    left(strong('GENERATION'), 12) +
    quiet(left('liquidated', bars + 10) + right('liquidations', 13) + right('drop caused', 14))
  const shown = all.slice(0, all.length > 10 ? 8 : 10)
  const growing = all.findIndex((row, i) => i > 0 && row.repaid_usd > all[i - 1].repaid_usd)
  const rest = all.length - shown.length
  const more = `  … ${rest} more with ${money(sumOf(all.slice(shown.length)), 'plain')}`
  return [
    head,
    ...shown.map(({ generation, and_later, liquidations, repaid_usd: usd, drop }, i) => {
      const grows = i > 0 && usd > all[i - 1].repaid_usd
      const filled = (generation === 0 ? first : total)(bar(usd / most, bars))
      return (
        right(and_later ? `${generation}+` : String(generation), 10) +
        `  ${left(filled, bars)}` +
        right(money(usd, 'plain'), 10) +
        quiet(right(count(liquidations), 13)) +
        right(points(drop, 'plain'), 14) +
        (grows
          ? total(i === growing && bars + 71 <= view.columns ? ' ▲ more than before' : ' ▲')
          : '')
      )
    }),
    ...(rest > 0 ? [quiet(more)] : []),
  ]
}

function sumOf(rows: TimedReport['generations']): number {
  return rows.reduce((sum, row) => sum + row.repaid_usd, 0)
}

function protocolLines(report: TimedReport, view: View): string[] {
  const { protocols } = report
  if (protocols.length === 0) return []
  const { total } = view.paint
  const span = spanOf(report)
  const of = (print: (row: TimedReport['protocols'][number]) => string) => protocols.map(print)
  const columns: Column[] = [
    { title: 'repaid', cells: of((row) => money(row.repaid_usd, 'plain')), rank: 0 },
    { title: 'liquidations', cells: of((row) => count(row.liquidations)), rank: 1 },
    { title: 'accounts', cells: of((row) => count(row.accounts)), rank: 2 },
    ...(protocols.some(({ sales }) => sales > 0)
      ? [
          { title: 'own sales', cells: of((row) => money(row.sales_usd, 'plain')), rank: 0 },
          { title: 'sales', cells: of((row) => count(row.sales)), rank: 1 },
        ]
      : []),
    {
      title: 'bad debt',
      cells: of(({ bad_debt_usd: usd }) => (usd > 0 ? total : plain)(money(usd, 'plain'))),
      rank: 0,
    },
    { title: 'shortfall', cells: of((row) => money(row.shortfall_usd, 'plain')), rank: 3 },
    { title: 'waiting', cells: of((row) => count(row.waiting)), rank: 3 },
    { title: 'oracle age', cells: of((row) => duration(row.oracle_age_seconds)), rank: 2 },
    { title: 'gap', cells: of((row) => percent(row.oracle_gap, 1, 'plain')), rank: 0 },
    { title: 'at', cells: of((row) => clock(row.gap_at_seconds, span)), rank: 3 },
  ]
  return grid(
    'PROTOCOLS',
    of(({ name }) => name),
    columns,
    view,
  )
}

function liquidatorLines(report: TimedReport, view: View): string[] {
  const { liquidators } = report
  if (liquidators.length === 0 || isWithoutLiquidators(report)) return []
  const { total, ok, warn } = view.paint
  const of = (print: (row: TimedReport['liquidators'][number]) => string) => liquidators.map(print)
  const tone = (usd: number) => (usd < 0 ? total : usd > 0 ? ok : plain)
  const columns: Column[] = [
    { title: 'won', cells: of((row) => count(row.won)), rank: 0 },
    { title: 'failed', cells: of((row) => count(row.failed)), rank: 0 },
    {
      title: 'profit',
      cells: of(({ profit_usd: usd }) => tone(usd)(minus(money(usd, 'plain')))),
      rank: 0,
    },
    { title: 'priced out', cells: of((row) => count(row.priced_out)), rank: 0 },
    { title: 'no funds', cells: of((row) => count(row.out_of_capital)), rank: 0 },
    { title: 'gas+tips', cells: of((row) => money(row.gas_usd + row.tips_usd, 'plain')), rank: 3 },
    {
      title: 'capital',
      cells: of(({ capital_usd: usd }) => (usd === null ? 'no limit' : money(usd, 'plain'))),
      rank: 2,
    },
  ]
  const names = of(({ name }) => name)
  const gone = liquidators.flatMap(({ name, left }) => (left ? [name] : []))
  const note = wrap(`left before the end: ${gone.join(', ')}`, view.columns - 4).map(warn)
  return [
    ...grid('LIQUIDATORS', names, columns, view),
    ...(gone.length > 0 ? note.map((line) => `  ${line}`) : []),
  ]
}

function plain(text: string): string {
  return text
}
