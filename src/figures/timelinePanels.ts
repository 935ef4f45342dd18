/** The upper panels of a timeline: price with its liquidations, and what was sold. */

import { duration, price } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { around, type Box } from './box.ts'
import { draw, line } from './canvas.ts'
import { moneyAxis, upTo } from './chart.ts'
import { place, type Side } from './place.ts'
import { decimalsOf, linear, niceStep, niceTicks, type Scale } from './scale.ts'
import { drawSwatch, type KeyEntry, keepClear, type Sheet } from './sheet.ts'
import type { Attributes } from './svg.ts'
import {
  clock,
  columnOf,
  fateOf,
  headlineAsset,
  isWithin,
  secondsOf,
  type Values,
} from './timedFacts.ts'
import { openPanel, type TimeAxis } from './timelineAxis.ts'
import { drawFate, type FateLook, fateLooks, type Panel } from './timelineMarks.ts'
import {
  baseline,
  dotIn,
  drawAll,
  level,
  present,
  type Series,
  seen,
  strokes,
} from './timelineSeries.ts'

/** Price of the headline asset outside, on the market and as published, and who was liquidated. */
export function pricePanel(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { report, narrow } = sheet
  const asset = headlineAsset(report)
  const series = seen(sheet, axis, priceSeries(sheet, asset?.name ?? ''))
  if (asset === undefined || series.length === 0) return
  const looks = fatesShown(sheet, axis)
  const entries = [...strokes(sheet, series), ...looks.map((look) => fateEntry(sheet, look))]
  const title = `Price of ${asset.name}${looks.length > 0 ? ' and its largest liquidations' : ''}`
  const box = openPanel(sheet, axis, title, entries, narrow ? 180 : 220)
  const isLow = isWithin(axis.stretch, asset.lowest_at_seconds)
  const isOpening = axis.stretch.from === 0
  const named = [isLow ? asset.lowest : null, isOpening ? asset.opening : null]
  const all = [...series.flatMap(({ values }) => values), ...named]
  const known = all.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const spare = 0.06 * (high - low || high)
  const y = linear([low - spare, high + spare], [box.y + box.height, box.y])
  priceAxis(sheet, box, y)
  const panel = { box, x: axis.x, y }
  drawAll(sheet, panel, series)
  drawEvents(sheet, axis, panel, looks)
  if (isLow) {
    const text = `low ${price(asset.lowest)} at ${clock(asset.lowest_at_seconds, axis.span)}`
    const low = { seconds: asset.lowest_at_seconds, usd: asset.lowest, text }
    namePrice(sheet, panel, low, ['left', 'below left', 'right', 'above left', 'above right'])
  }
  if (isOpening) {
    const opening = { seconds: 0, usd: asset.opening, text: `opening ${price(asset.opening)}` }
    namePrice(sheet, panel, opening, ['right', 'above right', 'below right'])
  }
}

/** Debt repaid by liquidations in bins of equal length, what feedback added on top. */
export function salesPanel(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { report, theme, narrow } = sheet
  const liquidated = columnOf(report, 'liquidated_usd')
  if (liquidated === null) return
  const bins = binned(sheet, axis, liquidated)
  if (bins.length === 0) return
  const later = bins.some(({ feedback }) => feedback > 0)
  const swatches = [
    { word: 'outside move alone', look: { fill: theme.first } },
    { word: 'through feedback', look: { fill: theme.total } },
  ]
  const entries = (later ? swatches : []).map(({ word, look }) => swatch(sheet, word, look))
  const middle = bins[Math.floor(bins.length / 2)]
  const per = duration(middle.to - middle.from)
  const box = openPanel(
    sheet,
    axis,
    `Liquidated per ${per}, debt repaid`,
    entries,
    narrow ? 80 : 96,
  )
  const y = upTo(Math.max(...bins.map(({ usd }) => usd)), box)
  moneyAxis(sheet, box, y, niceTicks(y.domain, 2))
  for (const { from, to, usd, feedback } of bins) {
    const [x, end] = [axis.x(from), axis.x(to)]
    const width = Math.max(1, end - x - (end - x > 3 ? 0.75 : 0))
    const bar = (least: number, most: number, fill: string) => {
      if (!(most > least)) return
      const area = { x, y: Math.min(y(most), y(least) - 0.75), width }
      draw(sheet.canvas, 'rect', { ...area, height: y(least) - area.y, fill })
    }
    bar(0, usd - feedback, theme.first)
    bar(usd - feedback, usd, theme.total)
  }
  baseline(sheet, box)
}

/** Oracles that publish the same prices share a line. */
function priceSeries(sheet: Sheet<TimedReport>, asset: string): Series[] {
  const { report, theme } = sheet
  const names = report.timeline.columns.map(({ name }) => name)
  const oracles = new Map<string, { values: Values; protocols: string[] }>()
  for (const name of names.filter(
    (name) => name.startsWith('oracle_') && name.endsWith(`_${asset}`),
  )) {
    const values = columnOf(report, name)
    if (values === null) continue
    const key = values.join()
    const protocol = name.slice('oracle_'.length, -asset.length - 1)
    const same = oracles.get(key)
    if (same === undefined) oracles.set(key, { values, protocols: [protocol] })
    else same.protocols.push(protocol)
  }
  const published = [...oracles.values()].map(({ values, protocols }, i): Series => {
    const look = { stroke: theme.absorb, 'stroke-dasharray': dashes[i % dashes.length] }
    return { word: `oracle of ${protocols.join(', ')}`, values, look, steps: true }
  })
  const given = report.prices_are === 'given' ? 'recorded' : 'outside'
  return [
    ...present(report, [
      {
        name: `outside_${asset}`,
        word: given,
        look: { stroke: theme.ink3, 'stroke-width': 1.75, 'stroke-dasharray': '2 2.5' },
      },
    ]),
    ...published,
    ...present(report, [
      { name: `mid_${asset}`, word: 'market', look: { stroke: theme.ink1, 'stroke-width': 2 } },
    ]),
  ]
}

const dashes = [undefined, '6 2.5', '2 2', '8 2 2 2']

function swatch(sheet: Sheet<TimedReport>, word: string, look: Attributes): KeyEntry {
  return { word, draw: (box) => drawSwatch(sheet, box, look) }
}

function fateEntry(sheet: Sheet<TimedReport>, look: FateLook): KeyEntry {
  return { word: look.fate, draw: dotIn(sheet, look, 5) }
}

/** The looks of the fates that occur; without feedback all liquidations look alike. */
function fatesShown(sheet: Sheet<TimedReport>, axis: TimeAxis): FateLook[] {
  const { report, theme } = sheet
  const events = report.events.filter((event) => isWithin(axis.stretch, event.at_seconds))
  const looks = fateLooks(theme)
  const known = looks.filter(({ fate }) => events.some((event) => fateOf(event) === fate))
  const others = events.some((event) => looks.every(({ fate }) => fate !== fateOf(event)))
  return others ? [...known, { ...looks[0], fate: 'liquidation' }] : known
}

/** The largest behind, so that small ones stay visible; areas stand for dollars. */
function drawEvents(
  sheet: Sheet<TimedReport>,
  axis: TimeAxis,
  panel: Panel,
  looks: readonly FateLook[],
): void {
  const { report, narrow } = sheet
  const sorted = [...report.events].sort((a, b) => b.repaid_usd - a.repaid_usd)
  const most = sorted[0]?.repaid_usd ?? 0
  for (const event of sorted) {
    if (!isWithin(axis.stretch, event.at_seconds)) continue
    const look = looks.find(({ fate }) => fate === fateOf(event)) ?? looks[looks.length - 1]
    const share = most > 0 ? event.repaid_usd / most : 0
    const radius = 2 + (narrow ? 4.5 : 6) * Math.sqrt(Math.max(0, share))
    const { box } = panel
    const y = Math.min(Math.max(panel.y(event.price), box.y), box.y + box.height)
    drawFate(sheet, look, { x: panel.x(event.at_seconds), y }, radius)
  }
}

function namePrice(
  sheet: Sheet<TimedReport>,
  panel: Panel,
  moment: { readonly seconds: number; readonly usd: number; readonly text: string },
  sides: readonly Side[],
): void {
  const { canvas, theme } = sheet
  const at = { x: panel.x(moment.seconds), y: panel.y(moment.usd) }
  const ring = { cx: at.x, cy: at.y, r: 3.5, fill: theme.surface, stroke: theme.ink1 }
  draw(canvas, 'circle', { ...ring, 'stroke-width': 1.75 })
  keepClear(sheet, around(at, 4))
  const lines = [line(moment.text, theme.ink1, { size: 12, bold: true })]
  place(canvas, { lines, at, reach: 4, sides, gap: 5, leader: theme.ink3 }, panel.box)
}

interface Bin {
  readonly from: number
  readonly to: number
  readonly usd: number
  readonly feedback: number
}

/** Whole rows together, so that no bin holds more of them than another; at least 4 pixels wide. */
function binned(sheet: Sheet<TimedReport>, axis: TimeAxis, liquidated: Values): Bin[] {
  const seconds = secondsOf(sheet.report)
  const later = columnOf(sheet.report, 'feedback_usd')
  const seen = seconds.map((_, i) => i).filter((i) => isWithin(axis.stretch, seconds[i]))
  const each = Math.max(1, Math.ceil(seen.length / Math.floor(axis.width / 4)))
  return Array.from({ length: Math.ceil(seen.length / each) }, (_, b) => {
    const rows = seen.slice(b * each, (b + 1) * each)
    const add = (values: Values | null) => rows.reduce((sum, i) => sum + (values?.[i] ?? 0), 0)
    const usd = add(liquidated)
    const step = seconds[1] - seconds[0] || axis.span
    const from = Math.max(axis.stretch.from, seconds[rows[0] - 1] ?? seconds[0] - step)
    const to = seconds[rows[rows.length - 1]]
    return { from, to, usd, feedback: Math.min(usd, add(later)) }
  })
}

function priceAxis(sheet: Sheet<TimedReport>, box: Box, y: Scale): void {
  const wanted = Math.max(3, Math.round(box.height / 32))
  const decimals = decimalsOf(niceStep(y.domain[1] - y.domain[0], wanted))
  for (const tick of niceTicks(y.domain, wanted)) level(sheet, box, y(tick), price(tick, decimals))
}
