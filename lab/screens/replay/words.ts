/** What Replay says of the frame under the cursor. */

import type { Segment } from '../../../src/figures/caption.ts'
import { clock } from '../../../src/figures/timedFacts.ts'
import {
  count,
  counted,
  factor,
  money,
  percent,
  price,
  signedPercent,
} from '../../../src/format.ts'
import type { ReplayColumns } from '../../engine/replayColumns.ts'
import type { ReplayFacts } from './facts.ts'

/** A number that may be missing, as the formats take it. */
export function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

/** A long address by its ends. */
export function shortAccount(name: string): string {
  return name.length <= 14 ? name : `${name.slice(0, 6)}…${name.slice(-4)}`
}

/** What a frame is called: `round 10`, `block 460`. */
export function frameName({ kind }: Pick<ReplayColumns, 'kind'>, frame: number): string {
  return `${kind === 'instant' ? 'round' : 'block'} ${count(frame)}`
}

/** Time since the opening at the end of a block. */
export function timeOf({ blockSeconds, frames }: ReplayColumns, frame: number): string {
  const span = (blockSeconds ?? 1) * (frames.price.length - 1)
  return clock((blockSeconds ?? 1) * frame, span)
}

/**
 * The sentence over the numbers.
 *
 * Rule:  a round: what the round before sold, where that took the price, whom it woke and what they
 *        sell, against what came in. A block: price, what is liquidated so far, of it what earlier
 *        forced sales made possible, and where the turning point is.
 * Units: dollars are debt repaid.
 */
export function sentenceOf(columns: ReplayColumns, facts: ReplayFacts, at: number): Segment[] {
  return columns.kind === 'instant' ? ofRound(columns, facts, at) : ofBlock(columns, facts, at)
}

function ofRound(columns: ReplayColumns, facts: ReplayFacts, at: number): Segment[] {
  const { asset, opening, frames } = columns
  if (at === 0) {
    const drop = percent(1 - frames.price[0] / opening)
    const next = facts.last === 0 ? 'nothing is sold' : 'nothing has been sold yet'
    return [
      plain(`The outside move takes ${asset} ${drop} down to ${price(frames.price[0])}; ${next}.`),
    ]
  }
  const usd = money(frames.repaidUsd[at])
  const accounts = counted(accountsIn(columns, facts, at), 'account')
  if (at === 1) {
    const move = `, and take the price from ${price(frames.price[0])} to ${price(frames.price[1])}.`
    return [
      plain('Round 1 is what the outside move alone forces: '),
      { text: `${accounts} sell ${usd}`, tone: 'first' },
      plain(move + ending(columns, facts, at)),
    ]
  }
  const name = at === facts.turning ? `Round ${at} is the turning point` : `Round ${at}`
  const came = `the ${money(frames.repaidUsd[at - 1])} sold in round ${at - 1}`
  const gain = known(frames.gain[at])
  const than = gain === null ? '' : gain > 1 ? ', more than came in' : ', less than came in'
  return [
    plain(
      `${name}: ${came} took the price to ${price(frames.price[at - 1])} and woke ${accounts} that `,
    ),
    { text: `sell ${usd}${than}`, tone: gain !== null && gain > 1 ? 'total' : 'plain' },
    plain(`.${tail(columns, facts, at)}${ending(columns, facts, at)}`),
  ]
}

function tail({ frames }: ReplayColumns, { last }: ReplayFacts, at: number): string {
  if (!(frames.gain[at] > 1)) return ''
  let upTo = at
  while (upTo < last && frames.gain[upTo + 1] > 1) upTo++
  if (upTo > at) return ` From here to round ${upTo} each sale forces a larger one.`
  return at === last ? '' : ' The round after it sells less again.'
}

function ending({ frames, isSettled }: ReplayColumns, { last }: ReplayFacts, at: number): string {
  if (at !== last) return ''
  return isSettled
    ? ` The cascade closes at ${price(frames.price[last])}.`
    : ' It had not closed here.'
}

/** Accounts that sell in a frame, each once. */
export function accountsIn(
  { events }: ReplayColumns,
  { firstEvent }: ReplayFacts,
  at: number,
): number {
  return new Set(events.account.subarray(firstEvent[at], firstEvent[at + 1])).size
}

function ofBlock(columns: ReplayColumns, facts: ReplayFacts, at: number): Segment[] {
  const { asset, opening, frames } = columns
  const now = frames.price[at]
  const where = `${asset} is at ${price(now)}, ${signedPercent(now / opening - 1)} from the opening`
  if (at === facts.turning) {
    return [
      plain(`Block ${count(at)} is the turning point: `),
      { text: `the loop gain passes 1`, tone: 'total' },
      plain(`, so that a fall forces sales that make a larger one. ${where}.`),
    ]
  }
  const usd = facts.repaidUsd[at]
  const begun = `At ${timeOf(columns, at)}, ${where}; `
  if (usd === 0) return [plain(`${begun}nobody has been liquidated yet.`)]
  const forced = facts.feedbackUsd[at]
  return [
    plain(begun),
    { text: `${money(usd)} is liquidated so far`, tone: 'total' },
    plain(forced > 0 ? `, ${money(forced)} of it made possible by earlier forced sales` : ''),
    plain(`. ${turningWords(facts, at)}`),
  ]
}

function turningWords({ turning }: ReplayFacts, at: number): string {
  if (turning === null) return 'The loop gain never passes 1.'
  return at < turning ? 'No turning point yet.' : `The turning point was block ${count(turning)}.`
}

/** One number of the strip. */
export interface StripNumber {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly tone: 'plain' | 'first' | 'total'
}

/** Gain, price, sold so far and accounts under the cursor. */
export function stripOf(columns: ReplayColumns, facts: ReplayFacts, at: number): StripNumber[] {
  const { frames, opening, kind } = columns
  const { last, repaidUsd, accounts } = facts
  const gain = known(frames.gain[at])
  const now = frames.price[at]
  return [
    {
      label: kind === 'instant' ? `Gain, round ${at}` : 'Loop gain',
      value: factor(gain),
      note: gainNote(columns, facts, at),
      tone: gain !== null && gain > 1 ? 'total' : 'plain',
    },
    {
      label: 'Price',
      value: price(now),
      note: `${signedPercent(now / opening - 1)} from ${price(opening)}`,
      tone: 'plain',
    },
    {
      label: 'Sold so far',
      value: money(repaidUsd[at]),
      note: `of ${money(repaidUsd[last])} in the end`,
      tone: 'plain',
    },
    {
      label: 'Accounts',
      value: count(accounts[at]),
      note: `of ${count(accounts[last])} in the end`,
      tone: 'plain',
    },
  ]
}

function gainNote({ frames, kind }: ReplayColumns, facts: ReplayFacts, at: number): string {
  const { turning, peak } = facts
  const gain = frames.gain[at]
  if (Number.isNaN(gain)) {
    if (kind === 'timed') return 'not sampled yet'
    return at < 2 ? 'no round before it' : 'too little is sold'
  }
  if (at === turning) return 'below 1 until now'
  if (turning !== null && at > turning) return `passed 1 at ${count(turning)}`
  if (gain > 1) return 'of small sales only'
  return turning === null && at === peak ? 'its highest' : 'below 1 until now'
}

function plain(text: string): Segment {
  return { text, tone: 'plain' }
}
