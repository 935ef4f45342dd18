/** What is derived from the columns of a run, once: sums up to a frame, and where to look. */

import type { EventKind, ReplayColumns } from '../../engine/replayColumns.ts'

/** A place to jump to. `names` has several where they fall on one frame. */
export interface Mark {
  readonly frame: number
  readonly names: readonly string[]
  readonly tone: 'first' | 'total' | 'absorb'
}

/** Sums and places. Columns have an entry a frame. */
export interface ReplayFacts {
  readonly last: number
  /** Debt repaid up to the end of a frame, and of it what earlier forced sales made possible. */
  readonly repaidUsd: Float64Array
  readonly feedbackUsd: Float64Array
  /** Accounts liquidated at least once up to the end of a frame. */
  readonly accounts: Uint32Array
  /** Events of frame f are those from `firstEvent[f]` up to, but without, `firstEvent[f + 1]`. */
  readonly firstEvent: Uint32Array
  /** The first frame with sales; null where nothing is sold. */
  readonly opened: number | null
  /** The first frame whose gain is above 1, of those that matter; null where it never is. */
  readonly turning: number | null
  /** The frame with the highest gain, of those that matter; null where none has a gain. */
  readonly peak: number | null
  /** In the order of their frames. */
  readonly marks: readonly Mark[]
}

/** By kind: whether an account's debt is repaid with it, and counted. */
const liquidates: ReadonlySet<EventKind> = new Set(['liquidation', 'auction', 'takeover', 'offset'])

/** Whether an event liquidates an account: a lot won or a sale of a vault does not. */
export function isLiquidation({ kinds, events }: ReplayColumns, event: number): boolean {
  return events.account[event] >= 0 && liquidates.has(kinds[events.kind[event]])
}

/** Everything that is derived from the columns as a whole. */
export function factsOf(columns: ReplayColumns): ReplayFacts {
  const { frames, events } = columns
  const last = frames.price.length - 1
  const firstEvent = firstEvents(events.frame, last)
  const sums = sumsOf(columns, last)
  const opened = firstWhere(frames.repaidUsd, (usd) => usd > 0)
  const gain = gainThatMatters(columns, sums.repaidUsd[last])
  const turning = firstWhere(gain, (one) => one > 1)
  const facts = { last, firstEvent, ...sums, opened, turning, peak: highest(gain) }
  return { ...facts, marks: marksOf(columns, facts) }
}

/**
 * Gains by frame, without those that turn nothing.
 *
 * Rule: a round that sells less than 1 % of all may sell more than the round before by the size of
 *       one account: such a gain is not counted. Gains of a run in time are of its state and all
 *       count.
 */
function gainThatMatters({ frames, kind }: ReplayColumns, allUsd: number): Float64Array {
  if (kind === 'timed') return frames.gain
  return frames.gain.map((gain, f) =>
    frames.repaidUsd[f] < SMALL_PART * allUsd ? Number.NaN : gain,
  )
}

const SMALL_PART = 0.01

function highest(values: Float64Array): number | null {
  let at = -1
  for (let n = 0; n < values.length; n++)
    if (!Number.isNaN(values[n]) && !(values[n] <= values[at])) at = n
  return at < 0 ? null : at
}

function firstEvents(frame: Uint32Array, last: number): Uint32Array {
  const first = new Uint32Array(last + 2)
  for (const f of frame) first[f + 1]++
  for (let f = 1; f < first.length; f++) first[f] += first[f - 1]
  return first
}

function sumsOf(columns: ReplayColumns, last: number) {
  const { frames, events } = columns
  const repaidUsd = frames.repaidUsd.slice()
  const feedbackUsd = new Float64Array(last + 1)
  const accounts = new Uint32Array(last + 1)
  const seen = new Set<number>()
  for (let n = 0; n < events.frame.length; n++) {
    if (!isLiquidation(columns, n)) continue
    const frame = events.frame[n]
    if (isForced(columns, n)) feedbackUsd[frame] += events.repaidUsd[n]
    if (seen.has(events.account[n])) continue
    seen.add(events.account[n])
    accounts[frame]++
  }
  for (let f = 1; f <= last; f++) {
    repaidUsd[f] += repaidUsd[f - 1]
    feedbackUsd[f] += feedbackUsd[f - 1]
    accounts[f] += accounts[f - 1]
  }
  return { repaidUsd, feedbackUsd, accounts }
}

/** Whether earlier forced sales made it possible: a later round, or a later generation. */
function isForced({ events }: ReplayColumns, event: number): boolean {
  return events.generation === null ? events.frame[event] > 1 : events.generation[event] > 0
}

function marksOf(
  columns: ReplayColumns,
  { last, opened, turning, peak }: Pick<ReplayFacts, 'last' | 'opened' | 'turning' | 'peak'>,
): Mark[] {
  const { frames, kind } = columns
  const isInstant = kind === 'instant'
  const lastSale = frames.repaidUsd.findLastIndex((usd) => usd > 0)
  const marks: [string, number | null, Mark['tone']][] = [
    [isInstant ? 'first round' : 'first liquidation', opened, 'first'],
    ['gain > 1', turning, 'total'],
    ['highest gain', peak, 'total'],
    ['first bad debt', firstWhere(frames.badDebtUsd, (usd) => usd > 0), 'total'],
    ['largest account', largestAccount(columns), 'total'],
    ['lowest price', isInstant || opened === null ? null : lowest(frames.price), 'total'],
    [columns.isSettled ? 'settled' : 'not settled', isInstant ? last : lastSale, 'absorb'],
  ]
  const frameNames = new Map<number, Mark>()
  for (const [name, frame, tone] of marks) {
    if (frame === null || opened === null) continue
    const there = frameNames.get(frame)
    frameNames.set(
      frame,
      there ? { ...there, names: [...there.names, name] } : { frame, tone, names: [name] },
    )
  }
  return [...frameNames.values()].sort((a, b) => a.frame - b.frame)
}

/** The frame in which the account that repaid most in all sells first. */
function largestAccount(columns: ReplayColumns): number | null {
  const { events, accounts } = columns
  const usd = new Float64Array(accounts.length)
  for (let n = 0; n < events.frame.length; n++)
    if (isLiquidation(columns, n)) usd[events.account[n]] += events.repaidUsd[n]
  let largest = -1
  for (let i = 0; i < usd.length; i++) if (usd[i] > (usd[largest] ?? 0)) largest = i
  return largest < 0 ? null : events.frame[events.account.indexOf(largest)]
}

/** Index of the lowest value, the first of equals. */
export function lowest(values: Float64Array): number {
  let at = 0
  for (let n = 1; n < values.length; n++) if (values[n] < values[at]) at = n
  return at
}

function firstWhere(values: Float64Array, is: (value: number) => boolean): number | null {
  const at = values.findIndex(is)
  return at < 0 ? null : at
}

/** The next frame in which an account has an event, else its first; null if it has none. */
export function nextFrameOf({ events }: ReplayColumns, account: number, at: number): number | null {
  const from = events.account.findIndex((one, n) => one === account && events.frame[n] > at)
  const found = from < 0 ? events.account.indexOf(account) : from
  return found < 0 ? null : events.frame[found]
}

/** Rows of the log at a frame: all that happened so far, seen through a window on the latest. */
export interface LogWindow {
  readonly from: number
  readonly upTo: number
  readonly all: number
}

/**
 * The rows to show: a few of the frame before lead to those of this frame.
 *
 * Rule: `pages` steps back from there, each of `size` rows.
 */
export function logWindow(
  { firstEvent }: ReplayFacts,
  at: number,
  size: number,
  pages: number,
): LogWindow {
  const all = firstEvent[at + 1]
  const lead = Math.min(firstEvent[at], Math.max(0, all - size) + LEAD) - LEAD
  const first = Math.max(0, Math.min(lead, all - 1))
  const from = Math.max(0, Math.min(first - pages * size, Math.max(0, all - size)))
  return { from, upTo: Math.min(all, from + size), all }
}

const LEAD = 3
