/** The top of the page: what was run on what, the sentence, and the five numbers. */

import {
  accountCounts,
  amplified,
  beyond,
  depthAge,
  depthWithin,
  edgeNote,
  finalDrop,
  multiple,
} from '../../document/facts.ts'
import { metricsAt } from '../../document/metrics.ts'
import { caption, metricValue } from '../../figures/caption.ts'
import { count, counted, missing, money, percent, price, shortId } from '../../format.ts'
import type { Report } from '../../report.ts'
import { flow, labelled, left, right, wrap } from '../layout.ts'
import type { View } from '../terminal.ts'

/** Name, version, run, positions, book, and the debt that was bad or due before any shock. */
export function headLines(report: Report, view: View): string[] {
  const { strong, quiet, warn } = view.paint
  const run = [report.scenario, `seed ${report.seed}`, `run ${shortId(report.run_id)}`]
  const mode = [report.order.replace('-', ' '), ...(report.feedback ? [] : ['feedback off'])]
  const title = strong(`Firebreak ${report.engine_version}`)
  const lines = flow([title, quiet([...run, ...mode].join(' · '))], view.columns - 2, '   ')
  const line = (name: string, facts: readonly string[]) => {
    lines.push(...labelled(quiet(name), 13, flow(facts, view.columns - 15, ' · ')))
  }
  line('positions', positionFacts(report))
  line('book', bookFacts(report))
  const { already_bad: bad, overhang } = report.book
  if (bad.length > 0) line('already bad', alreadyBad(report).map(warn))
  if (overhang.accounts > 0) {
    line('overhang', [
      `${counted(overhang.accounts, 'account')} liquidatable before any outside move`,
    ])
  }
  return lines
}

/** Gates come first when there are any: they decide the exit code. */
export function gateLines(view: View): string[] {
  const { ok, total, strong } = view.paint
  const lines = view.gates.flatMap((gate) => {
    const mark = gate.ok ? ok('✓') : total('✗')
    return wrap(`${mark} ${gate.text}  ${gate.detail}`, view.columns - 10, 2)
  })
  return labelled(strong('GATES'), 8, lines)
}

/** The sentence, then first round, total, final drop, ignition and data, in this order. */
export function numberLines(report: Report, view: View): string[] {
  const { quiet, strong } = view.paint
  const { asset, drop } = report.shock
  return [
    ...wrap(caption(report, 'plain').replace(/-(?=\d)/g, '−'), view.columns - 2).map(strong),
    '',
    left(strong(`${asset} ${fall(drop)}`), 16) +
      quiet(right('first round', 24) + right('with feedback', 18)),
    ...rows(report, view).map(([name, one, two, note]) => {
      const end = note === '' ? '' : `   ${quiet(note)}`
      return left(`  ${name}`, 16) + right(one, 24) + right(two, 18) + end
    }),
  ]
}

type Row = readonly [name: string, first: string, total: string, note: string]

function rows(report: Report, view: View): Row[] {
  const { first, total, ok, warn } = view.paint
  const { shock, map, rounds, feedback } = report
  const value = (name: string) => metricValue(report, name)
  const usd = (name: string) => money(value(name), 'plain')
  const [one, all] = accountCounts(report)
  const bad = value('bad_debt_usd')
  const ignition = value('ignition_drop')
  const edge = ignition === null ? missing : edgeFall(report, ignition)
  const past = ignition !== null && feedback && shock.drop >= ignition
  return [
    [
      'liquidated',
      first(usd('first_round_usd')),
      total(usd('total_liquidated_usd')),
      multiple(report),
    ],
    ['accounts', first(count(one)), total(count(all)), ''],
    ['final drop', first(fall(shock.drop)), total(fall(finalDrop(report))), amplified(report)],
    ...otherOrders(report),
    ['price', first(price(map.shocked)), total(price(map.final)), `from ${price(map.now)}`],
    ['rounds', first(count(Math.min(1, rounds.length))), total(count(rounds.length)), ''],
    ['bad debt', first(usd('first_round_bad_debt_usd')), (bad === 0 ? ok : total)(money(bad)), ''],
    ['ignition', '', past ? warn(edge) : edge, edgeNote(report)],
    ['data', '', dataKind(report), `depth ${depthAge(report)}`],
  ]
}

/** Where the order of settlement matters: what it could have been. */
function otherOrders(report: Report): Row[] {
  const batch = metricValue(report, 'final_drop_batch')
  const bounds = metricsAt(report, 'final_drop_bracket').flatMap(({ value }) => value ?? [])
  const range = `${fall(Math.min(...bounds))} to ${fall(Math.max(...bounds))}`
  return [
    ...(batch === null ? [] : [['in batches', '', fall(batch), 'one price a round'] as const]),
    ...(bounds.length < 2 ? [] : [['any order', '', range, 'least and most'] as const]),
  ]
}

/** A drop as the terminal writes it: `−15.0%`. */
export function fall(ratio: number, decimals = 1): string {
  return percent(-ratio, decimals, 'plain').replace('-', '−')
}

/** The edge with a second decimal where one would print it as the shock itself. */
export function edgeFall(report: Report, ignition: number): string {
  const { drop } = report.shock
  return fall(ignition, ignition !== drop && fall(ignition) === fall(drop) ? 2 : 1)
}

function positionFacts(report: Report): string[] {
  const { book } = report
  return [
    counted(book.accounts, 'account'),
    `debt ${money(book.debt_usd, 'plain')}`,
    `collateral ${money(book.collateral_usd, 'plain')}`,
    dataKind(report),
  ]
}

function bookFacts(report: Report): string[] {
  const depth = [0.02, 0.1].flatMap((band) => depthWithin(report, band) ?? [])
  return [...depth, depthAge(report), 'refill 0%', `beyond: ${beyond(report)}`]
}

function dataKind(report: Report): string {
  if (report.book.synthetic) return 'synthetic'
  return report.as_of === null ? 'undated' : report.as_of.slice(0, 10)
}

function alreadyBad(report: Report): string[] {
  const bad = report.book.already_bad
  const debt = money(
    bad.reduce((sum, { debt_usd }) => sum + debt_usd, 0),
    'plain',
  )
  const named = bad.slice(0, 3).map(({ account }) => short(account))
  const more = bad.length > 3 ? [`${bad.length - 3} more`] : []
  return [
    `${counted(bad.length, 'account')} with ${debt} of debt and no collateral`,
    ...named,
    ...more,
  ]
}

/** An account name cut to fit a column: `0x171c…4282`. */
export function short(account: string): string {
  return account.length <= 16 ? account : `${account.slice(0, 6)}…${account.slice(-4)}`
}
