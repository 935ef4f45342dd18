/** What the pictures and pages of a comparison say in the same words. */

import { count, counted, points, signedPercent } from '../format.ts'
import { type CompareReport, IGNITED, LENDERS_LOSS, type MeasureRow } from '../sweep/compare.ts'
import { type Subject, table } from './sheet.ts'
import { shown } from './sweepFacts.ts'

/** `plain` for a terminal, else as on a screen. */
export type Style = 'plain' | undefined

/**
 * How an arm reads beside the first. `less` and `more`: shown, where it depends on who asks whether
 * that is better.
 */
export type Reading = 'better' | 'worse' | 'less' | 'more' | 'not shown' | 'same'

/** A comparison as the subject of a sheet. */
export function subjectOf({ run_id, scenario, seed }: CompareReport): Subject {
  return { run_id, scenario, seed, as_of: null, book: { synthetic: false } }
}

/** Measures that pages show, in their order; what no arm has any of is left out. */
export function rowsShown({ measures }: CompareReport): MeasureRow[] {
  return Object.keys(WORDS).flatMap((name) => {
    const row = measures.find((one) => one.name === name)
    const isLeftOut = QUIET.has(name) && row?.arms.every(({ mean }) => !mean.value)
    return row === undefined || isLeftOut ? [] : [row]
  })
}

const KEPT = 'kept_by_protocols_usd'
const PAID = 'paid_by_funds_usd'
/** Rows that say nothing where all of them are 0. */
const QUIET = new Set<string>([KEPT, PAID])

const WORDS: Readonly<Record<string, string>> = {
  forced_sale_usd: 'forced sale',
  total_liquidated_usd: 'liquidated',
  [LENDERS_LOSS]: "lenders' loss",
  borrower_loss_usd: "borrowers' loss",
  lowest_drop: 'deepest drop',
  [IGNITED]: 'ignited share',
  borrowing_power: 'borrowing power',
  [PAID]: 'paid by funds',
  [KEPT]: 'kept by protocols',
  liquidator_profit_usd: 'liquidator profit',
  settle_seconds: 'time to settle',
}

/** A measure in words: `borrowers' loss`. */
export function rowWords({ name }: MeasureRow): string {
  return WORDS[name] ?? name
}

/** A mean of an arm. */
export function meanText(row: MeasureRow, arm: number, style: Style): string {
  return valueText(row, row.arms[arm].mean.value, style)
}

/** What an arm changes: `+$13.6M`, `−2.8 pts`; a dash where it is not known. */
export function changeText(row: MeasureRow, arm: number, style: Style): string {
  return change(row, row.arms[arm].difference?.mean.value ?? null, style)
}

/** The interval of what an arm changes; empty where there is none, or nothing ever changes. */
export function intervalText(row: MeasureRow, arm: number, style: Style): string {
  const { low, high } = row.arms[arm].difference?.mean ?? { low: null, high: null }
  if (low === null || high === null || (low === 0 && high === 0)) return ''
  const [from, to] = [low, high].map((end) => change(row, end, style))
  // A unit that both ends have is said once.
  const unit = / \w+$/.exec(to)?.[0] ?? ''
  return `${unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`
}

function valueText(row: MeasureRow, value: number | null, style: Style): string {
  if (value === null || row.unit !== 'seconds') return shown(value, row.unit, style)
  const most = Math.max(...row.arms.map(({ mean }) => Math.abs(mean.value ?? 0)))
  const { name, seconds } = TIMES.find((unit) => most >= 2 * unit.seconds) ?? TIMES[2]
  const size = Math.abs(value) / seconds
  const text = size === 0 ? '0' : size < 0.1 ? '<0.1' : size < 10 ? size.toFixed(1) : count(size)
  return `${value < 0 ? '−' : ''}${text} ${name}`
}

/** A row has one of these. */
const TIMES = [
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
]

function change(row: MeasureRow, value: number | null, style: Style): string {
  const isShare = row.unit === 'ratio' && value !== null
  const text = isShare ? pts(points(value, style), style) : valueText(row, value, style)
  // Too small to print is a bound, which has no sign.
  return value !== null && value > 0 && !text.startsWith('<') ? `+${text}` : text
}

function pts(text: string, style: Style): string {
  const short = text.replace(' points', ' pts')
  return style === 'plain' ? short.replace(/-(?=\d)/, '−') : short
}

/** How an arm reads in a measure. */
export function readingOf(row: MeasureRow, arm: number): Reading {
  const difference = row.arms[arm].difference
  if (difference === null) return 'same'
  const { verdict, mean } = difference
  if (verdict === 'none') return 'same'
  if (verdict !== 'not shown' || row.better !== null) return verdict
  const { low, high } = mean
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'not shown'
  return low > 0 ? 'more' : 'less'
}

/** The readings as sentences say them. */
export const readingWords: Readonly<Record<Reading, string>> = {
  better: 'better',
  worse: 'worse',
  less: 'less',
  more: 'more',
  'not shown': 'no difference shown',
  same: 'the same in every pair',
}

/**
 * What came out, to be pasted: what the best arm saves and costs, then what does harm, then what
 * does neither.
 *
 * Rule: the best is nowhere worse in what arms are judged by and somewhere better; of several the
 *       one that dominates most, then the one that sells least.
 */
export function sentencesOf(report: CompareReport, style: Style): string[] {
  const arms = report.arms.map((_, arm) => arm).slice(1)
  const has = (arm: number, reading: Reading) =>
    judgedOf(report).some((row) => readingOf(row, arm) === reading)
  const best = bestOf(report)
  const others = arms.filter((arm) => arm !== best)
  const quiet = others.filter((arm) => !has(arm, 'better') && !has(arm, 'worse'))
  const about = (arm: number) => {
    const { name } = report.arms[arm]
    const words = judgedWords(report, arm, style)
    if (!has(arm, 'better')) return `${name} does harm: ${words}.`
    const costs = costWords(report, arm, style)
    const price = costs.length > 0 ? `; it ${joined(costs)}` : ''
    return `${name} ${has(arm, 'worse') ? 'helps and harms' : 'helps too'}: ${words}${price}.`
  }
  const rank = (arm: number) => +has(arm, 'worse') * 2 + +!has(arm, 'better')
  const told = others.filter((arm) => !quiet.includes(arm)).sort((a, b) => rank(b) - rank(a))
  const named = (arms: readonly number[]) => arms.map((arm) => report.arms[arm].name).join(', ')
  const unclear = quiet.filter((arm) => has(arm, 'not shown'))
  const idle = quiet.filter((arm) => !has(arm, 'not shown'))
  const isAlone = best === null && told.length === 0
  return [
    best === null ? nothingWords(report, isAlone) : bestWords(report, best, style),
    ...told.map(about),
    ...(unclear.length > 0 && !isAlone ? [`${named(unclear)}: no difference shown.`] : []),
    ...(idle.length > 0 ? [`${named(idle)}: nothing differs in any pair.`] : []),
  ]
}

function nothingWords(report: CompareReport, isAlone: boolean): string {
  const over = overWords(report)
  const { name } = report.arms[0]
  if (!isAlone) return `${over} no arm is shown to be better than ${name}.`
  return `${over} no difference from ${name} is shown.`
}

/** The arm to speak of first; null where none is shown to be better. */
export function bestOf(report: CompareReport): number | null {
  const readings = (arm: number) => judgedOf(report).map((row) => readingOf(row, arm))
  const arms = report.arms
    .map((_, arm) => arm)
    .filter((arm) => readings(arm).includes('better') && !readings(arm).includes('worse'))
  const sold = judgedOf(report)[0]
  const sells = (arm: number) => sold.arms[arm].mean.value ?? 0
  const wins = (arm: number) => report.dominates[arm].length
  return arms.sort((a, b) => wins(b) - wins(a) || sells(a) - sells(b))[0] ?? null
}

function judgedOf({ judged, measures }: CompareReport): MeasureRow[] {
  return judged.flatMap((name) => measures.find((one) => one.name === name) ?? [])
}

function overWords({ pairs, scenario, arms: [first] }: CompareReport): string {
  const beside = first.set.length === 0 ? '' : ` and next to ${first.name}`
  return `Over ${counted(pairs, 'pair')} of ${scenario}${beside},`
}

/** What changes are measured from: `none, the scenario as it is`. */
export function firstWords({ arms: [{ name, set }] }: CompareReport): string {
  return set.length === 0 ? `${name}, the scenario as it is` : name
}

function bestWords(report: CompareReport, arm: number, style: Style): string {
  const rows = judgedOf(report)
  const better = rows.filter((row) => readingOf(row, arm) === 'better')
  const open = rows.filter((row) => readingOf(row, arm) === 'not shown')
  const gains = better.map((row) => gainWords(row, arm, style))
  const { name } = report.arms[arm]
  const subject = better[0] === rows[0] ? name : `with ${name}`
  const costs = costWords(report, arm, style)
  const may = open.map((row) => {
    const isMore = (row.arms[arm].difference!.mean.value ?? 0) > 0
    return `${PARTIES[row.name]?.may ?? rowWords(row)} ${isMore ? 'more' : 'less'}`
  })
  return [
    `${overWords(report)} ${subject} ${joined(gains)}`,
    ...(costs.length > 0 ? [`it ${joined(costs)}`] : []),
    ...(may.length > 0 ? [`${joined(may)}: not shown`] : []),
  ]
    .join('; ')
    .concat('.')
}

/** Who gains or loses by a measure, as the subject of a sentence. */
const PARTIES: Readonly<Record<string, { readonly does: string; readonly may: string }>> = {
  forced_sale_usd: { does: 'sells', may: 'it may sell' },
  [LENDERS_LOSS]: { does: 'lenders lose', may: 'lenders may lose' },
  borrower_loss_usd: { does: 'borrowers lose', may: 'borrowers may lose' },
}

function gainWords(row: MeasureRow, arm: number, style: Style): string {
  const value = row.arms[arm].difference!.mean.value!
  const base = row.arms[0].mean.value
  const size = shown(Math.abs(value), row.unit, style)
  const share = base ? ` (${minus(signedPercent(value / base, 0, style ?? 'screen'))})` : ''
  return `${PARTIES[row.name]?.does ?? rowWords(row)} ${size} ${value < 0 ? 'less' : 'more'}${share}`
}

/** What an arm costs beside the first, of what arms are not judged by. */
export function costText(report: CompareReport, arm: number, style: Style = undefined): string {
  const words = costWords(report, arm, style)
  return words.length === 0 ? 'nothing shown' : joined(words)
}

function costWords({ measures }: CompareReport, arm: number, style: Style): string[] {
  const of = (name: string, reading: Reading) =>
    measures.find((row) => row.name === name && readingOf(row, arm) === reading)
  const size = (row: MeasureRow) => changeText(row, arm, style).replace(/^[+−]/, '')
  const power = of('borrowing_power', 'worse')
  const deeper = of('lowest_drop', 'worse')
  const longer = of('settle_seconds', 'more')
  return [
    ...(power ? [`takes ${size(power)} of borrowing power`] : []),
    ...(deeper ? [`lets the price fall ${size(deeper)} deeper`] : []),
    ...(longer ? [`takes ${size(longer)} longer to settle`] : []),
  ]
}

/** Differences that are shown: `forced sale +$13.6M, borrowers' loss +$116k`. */
function judgedWords(report: CompareReport, arm: number, style: Style): string {
  return judgedOf(report)
    .filter((row) => ['better', 'worse'].includes(readingOf(row, arm)))
    .map((row) => `${rowWords(row)} ${changeText(row, arm, style)}`)
    .join(', ')
}

/** Which arms dominate which: `speed-limit dominates none, breaker`. */
export function dominanceWords({ arms, dominates }: CompareReport): string[] {
  return arms.flatMap(({ name }, arm) =>
    dominates[arm].length === 0 ? [] : [`${name} dominates ${dominates[arm].join(', ')}`],
  )
}

/** What dominance is of: `forced sale, lenders' loss and borrowers' loss`. */
export function judgedNames(report: CompareReport): string {
  return joined(judgedOf(report).map(rowWords))
}

/** What differs from pair to pair. */
export function sampleWords({ pairs, seed, sample, failed }: CompareReport, style: Style): string {
  const space = style === 'plain' ? '%' : '\u202f%'
  const differ = sample.map((word) => word.replace(/ %/g, space)).join(', ')
  const left = failed > 0 ? `; ${counted(failed, 'pair')} failed and left out` : ''
  const all = `${counted(pairs, 'pair')}, seed ${seed}`
  return `${all}: ${differ} differ from pair to pair, and are the same for every arm${left}`
}

/** How intervals are made, and what they would be of two samples apart. */
export function pairingWords(report: CompareReport, style: Style): string {
  const sold = judgedOf(report)[0]
  const times = sold.arms.flatMap(({ difference }) => difference?.unpaired ?? [])
  const wide = [Math.min(...times), Math.max(...times)].map((one) => one.toFixed(1))
  const range = wide[0] === wide[1] ? wide[0] : `${wide[0]} to ${wide[1]}`
  const apart =
    times.length === 0
      ? ''
      : `; two samples apart would make them ${range} times as wide (forced sale)`
  return `${levelText(report, style)}, ${report.interval}${apart}`
}

/** The probability of intervals: `95 %`. */
export function levelText({ level }: CompareReport, style: Style): string {
  return `${Number((100 * level).toFixed(2))}${style === 'plain' ? '' : '\u202f'}%`
}

/** Every measure of every arm as CSV, with the run it came from in every row. */
export function compareCsv(report: CompareReport): string {
  const rows = report.measures.flatMap((row) =>
    row.arms.map(({ mean, q95, difference }, arm) => [
      ...[row.name, row.unit, row.better, report.arms[arm].name],
      ...[mean.value, mean.low, mean.high, q95.value],
      ...(difference === null
        ? new Array<null>(8).fill(null)
        : [
            ...[difference.mean.value, difference.mean.low, difference.mean.high],
            ...[difference.lower, difference.equal, difference.higher, difference.unpaired],
            readingOf(row, arm),
          ]),
    ]),
  )
  return table(subjectOf(report), CSV, rows)
}

const CSV = [
  ...['measure', 'unit', 'better', 'arm', 'mean', 'mean_low', 'mean_high', 'q95'],
  ...['difference', 'low', 'high', 'lower', 'equal', 'higher', 'unpaired', 'reading'],
]

function joined(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`
}

function minus(text: string): string {
  return text.replace(/-(?=\d)/, '−')
}
