/** Where a run turned: the few moments that a person should look at, in order. */

import { buysBack } from '../block/count.ts'
import { KINDS } from '../block/done.ts'
import type { Recorder } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { count, counted, money, percent, price, signedPercent } from '../format.ts'
import { columnOf, type Table } from '../table.ts'
import type { Turn } from '../timedReport.ts'

/** Finds the turns of a run that is over; each kind at most once per protocol or taker. */
export function turnsOf(stage: Stage, { frames, events }: Recorder): Turn[] {
  const at = (kind: Turn['kind'], block: number, text: string): Turn[] =>
    block > 0 ? [{ kind, block, at_seconds: block * stage.time.chain.blockSeconds, text }] : []
  return [
    ...firstOwnSales(stage, events, at),
    ...firstLiquidation(stage, events, at),
    ...firstFeedback(stage, events, at),
    ...oracleGaps(stage, at),
    ...notValid(stage, at),
    ...gasPeak(frames, at),
    ...pricedOut(frames, at),
    ...wonForNothing(events, at),
    ...badDebt(frames, at),
    ...leavers(stage, at),
    ...lowest(stage, at),
  ].sort((a, b) => a.block - b.block)
}

type At = (kind: Turn['kind'], block: number, text: string) => Turn[]

const KIND_WON = KINDS.indexOf('won')
const KIND_SALE = KINDS.indexOf('sale')
const KINDS_FORCED = (['liquidation', 'auction', 'takeover', 'offset'] as const).map((kind) =>
  KINDS.indexOf(kind),
)
/** A lot that brought less than this share of its worth was won for nothing. */
const NOTHING = 0.1
/** Gas above this multiple of its opening price is a peak worth naming. */
const PEAK = 2
/** Bad debt below either of these, in USD or of what was repaid, turned nothing. */
const TRIFLE_USD = 1000
const TRIFLE = 1e-3
/** A gap below this is how feeds are. */
const GAP_NAMED = 0.02

function firstOwnSales({ posts, tally }: Stage, events: Table, at: At): Turn[] {
  const kind = columnOf(events, 'kind')
  const whose = columnOf(events, 'protocol')
  const sells = columnOf(events, 'collateral')
  const pays = columnOf(events, 'debt')
  return posts.flatMap(({ protocol }, j) => {
    const { slots } = protocol.rules
    const row = kind.findIndex(
      (of, k) => of === KIND_SALE && whose[k] === j && !buysBack(slots, sells[k], pays[k]),
    )
    if (row < 0) return []
    const all = `${counted(tally.sales[j], 'sale')} of ${money(tally.salesUsd[j])} by the end`
    const text = `${protocol.name} itself sells collateral for the first time: ${all}.`
    return at('first own sale', columnOf(events, 'block')[row], text)
  })
}

function firstLiquidation({ market }: Stage, events: Table, at: At): Turn[] {
  const row = firstForced(events, 0)
  if (row < 0) return []
  const asset = market.assets[columnOf(events, 'collateral')[row]]
  const read = price(columnOf(events, 'oracle_price')[row])
  const traded = price(columnOf(events, 'price_before')[row])
  const prices =
    read === traded
      ? `published and trades at ${read}`
      : `published at ${read}, trades at ${traded}`
  const text = `The first liquidation, when ${asset} is ${prices}.`
  return at('first liquidation', columnOf(events, 'block')[row], text)
}

/**
 * The first account that lost something, in this generation or a later one; -1: none. The rules
 * may have sold before, and a call for an auction takes nothing yet.
 */
function firstForced(events: Table, generation: number): number {
  const kind = columnOf(events, 'kind')
  const of = columnOf(events, 'generation')
  const units = columnOf(events, 'units')
  const repaid = columnOf(events, 'repaid')
  return kind.findIndex(
    (one, k) =>
      KINDS_FORCED.includes(one) && of[k] >= generation && (units[k] !== 0 || repaid[k] !== 0),
  )
}

function firstFeedback({ counterfactual }: Stage, events: Table, at: At): Turn[] {
  if (counterfactual === null) return []
  const row = firstForced(events, 1)
  if (row < 0) return []
  const block = columnOf(events, 'block')[row]
  return at('first feedback', block, 'The first liquidation that earlier forced sales caused.')
}

function oracleGaps({ posts, tally, time }: Stage, at: At): Turn[] {
  const { gap, gapAt, age } = tally.extremes
  return posts.flatMap(({ protocol }, j) => {
    if (gap[j] < GAP_NAMED) return []
    const late = age[j] > time.chain.blockSeconds ? `; its oldest price was ${ago(age[j])} old` : ''
    const text = `${protocol.name} reads prices ${percent(gap[j])} off the market${late}.`
    return at('oracle gap', gapAt[j], text)
  })
}

function notValid({ posts, tally }: Stage, at: At): Turn[] {
  return posts.flatMap(({ protocol }, j) =>
    at('feed not valid', tally.closedAt[j], `${protocol.name} does not act: a feed is not valid.`),
  )
}

function gasPeak(frames: Table, at: At): Turn[] {
  const gwei = columnOf(frames, 'gwei')
  let peak = 0
  for (let k = 1; k < gwei.length; k++) if (gwei[k] > gwei[peak]) peak = k
  if (!(gwei[peak] > PEAK * gwei[0])) return []
  const block = columnOf(frames, 'block')[peak]
  return at('gas peak', block, `Gas is dearest: ${count(Math.round(gwei[peak]))} gwei.`)
}

function pricedOut(frames: Table, at: At): Turn[] {
  const out = columnOf(frames, 'priced_out')
  let most = 0
  for (let k = 1; k < out.length; k++) if (out[k] > out[most]) most = k
  if (!(out[most] > 0)) return []
  const block = columnOf(frames, 'block')[most]
  const bids = counted(out[most], 'bid is', 'bids are')
  return at('priced out', block, `${bids} not made, only because of gas.`)
}

function wonForNothing(events: Table, at: At): Turn[] {
  const kind = columnOf(events, 'kind')
  const bid = columnOf(events, 'bid_usd')
  const units = columnOf(events, 'units')
  const before = columnOf(events, 'price_before')
  let first = -1
  let lots = 0
  let worth = 0
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] !== KIND_WON || !(bid[row] < NOTHING * units[row] * before[row])) continue
    if (first < 0) first = row
    lots++
    worth += units[row] * before[row]
  }
  if (first < 0) return []
  const text =
    lots === 1
      ? `A lot worth ${money(worth)} is won for next to nothing.`
      : `The first of ${count(lots)} lots won for next to nothing; together worth ${money(worth)}.`
  return at('won for nothing', columnOf(events, 'block')[first], text)
}

function badDebt(frames: Table, at: At): Turn[] {
  const lost = columnOf(frames, 'bad_debt_usd')
  const all = lost[lost.length - 1]
  const repaid = columnOf(frames, 'liquidated_usd').reduce((sum, usd) => sum + usd, 0)
  if (!(all >= Math.max(TRIFLE_USD, TRIFLE * repaid))) return []
  const half = lost.findIndex((usd) => usd >= all / 2)
  const block = columnOf(frames, 'block')[half]
  return at('bad debt', block, `Half of the bad debt is there: ${money(lost[half])}.`)
}

function leavers({ takers, tally }: Stage, at: At): Turn[] {
  return takers.flatMap(({ name }, t) =>
    at('liquidator left', tally.extremes.leftAt[t], `${name} has lost enough and leaves.`),
  )
}

function lowest({ scenario, tally, opening }: Stage, at: At): Turn[] {
  const { asset } = scenario.shock
  const { lowest, lowestAt } = tally.extremes
  const { name } = scenario.assets[asset]
  const fall = signedPercent(lowest[asset] / opening[asset] - 1)
  return at('lowest price', lowestAt[asset], `${name} is lowest: ${price(lowest[asset])}, ${fall}.`)
}

function ago(seconds: number): string {
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} h`
  return seconds >= 60 ? `${(seconds / 60).toFixed(0)} min` : `${seconds.toFixed(0)} s`
}
