/** What the Lab draws: the last exact report, or a preview while a hand is on a control. */

import { create } from 'zustand'
import type { Override } from '../../src/ingest/compose.ts'
import type { Metric, Report } from '../../src/report.ts'
import { Superseded } from '../engine/client.ts'
import type { Sketch } from '../engine/protocol.ts'
import { atDrop, withNumbers } from './atDrop.ts'
import { change, engine, type LabState, useLab, withOverrides } from './store.ts'

/** The view of the Lab beside the state of the page. */
export interface PreviewState {
  /** Drawn in place of the exact report; null where that one is drawn. */
  readonly report: Report | null
  /** Whether what is drawn is older than the sliders: it is dimmed. */
  readonly isBehind: boolean
  /** Read out once, after an exact run that a hand asked for. */
  readonly announcement: string
}

export const usePreview = create<PreviewState>()(() => ({
  report: null,
  isBehind: false,
  announcement: '',
}))

const { setState: set, getState: get } = usePreview

/** Whether a hand waits for an exact run: it is announced. */
let isAwaited = false

/** Counts questions: an answer to any but the last is stale. */
let asked = 0

/** What previews of other drops are read from: the last report whose curve fits the sliders. */
let base: Report | null = null

/** Shows another outside drop at once; where several prices move the engine sketches the map. */
export function previewDrop(drop: number): void {
  const from = base ?? exact()
  if (from === null) return
  asked++
  set({ report: atDrop(from, drop), isBehind: false })
  if (!from.map.whole) void sketch([['shock.drop', String(drop)]])
}

/** Shows another value of any other key as soon as the engine has sketched it. */
export function previewChange(override: Override): void {
  set({ isBehind: true })
  void sketch([override])
}

/** Asks for the exact run. The preview stays until it is there. */
export function settle(...overrides: readonly Override[]): void {
  isAwaited = true
  asked++
  if (isSlow) void sketch(overrides)
  void change(...overrides)
}

async function sketch(overrides: readonly Override[]): Promise<void> {
  const { draft } = useLab.getState()
  const before = exact()
  if (draft === null || before === null) return
  const mine = ++asked
  const changed = { ...draft, overrides: withOverrides(draft.overrides, overrides) }
  const show = (found: Sketch) => {
    if (mine !== asked) return
    const report = sketched(get().report ?? before, found)
    // Until the exact report of these keys is there, other drops are read from this curve.
    if (found.curve !== undefined && overrides.some(([key]) => key !== 'shock.drop')) base = report
    set({ report, isBehind: found.curve === undefined })
  }
  try {
    const found = await engine.ask('preview', 'sketch', changed, show)
    if (found !== null) show(found)
  } catch (error) {
    // A setting that cannot be run says so when the hand lets go.
    if (!(error instanceof Superseded)) set({ isBehind: true })
  }
}

/** A report with what a sketch knows better. */
export function sketched(report: Report, found: Sketch): Report {
  const { drop, numbers, rounds, map, levels } = found
  const before = report.metrics.ignition_drop
  const ignition =
    found.ignition === undefined ? before : { ...(before as Metric), value: found.ignition }
  return {
    ...withNumbers(report, numbers, ignition),
    ...{ rounds, map, levels },
    shock: { ...report.shock, drop },
    curve: found.curve ?? report.curve,
  }
}

function exact(): Report | null {
  const report = useLab.getState().ran?.report
  return report?.schema === 'firebreak.result/1' ? report : null
}

/** Whether exact runs take so long that a sketch is worth its time. */
let isSlow = false
let begunAt = 0

useLab.subscribe((now: LabState, before: LabState) => {
  if (now.isStale && !before.isStale) begunAt = performance.now()
  if (now.ran === before.ran && now.fault === before.fault) return
  if (now.ran !== before.ran) isSlow = performance.now() - begunAt > SLOW_MS
  base = null
  asked++
  const report = exact()
  const announcement =
    isAwaited && now.ran !== before.ran && report !== null ? announcementOf(report) : ''
  if (now.ran !== before.ran) isAwaited = false
  set({ report: null, isBehind: now.fault !== null, announcement })
})

/** The result in one breath: what was liquidated, and how much of it by feedback. */
export function announcementOf({ metrics }: Pick<Report, 'metrics'>): string {
  const value = (name: string) => (metrics[name] as Metric | undefined)?.value ?? 0
  const [first, total] = [value('first_round_usd'), value('total_liquidated_usd')]
  if (total === 0) return 'nothing is liquidated'
  const more = total - first
  const rest =
    Math.abs(more) < 0.5
      ? 'all in the first round'
      : `${more > 0 ? 'up' : 'down'} ${spoken(Math.abs(more))} from the first round`
  return `total liquidated ${spoken(total)}, ${rest}`
}

function spoken(usd: number): string {
  if (usd >= 999.95e6) return `${(usd / 1e9).toFixed(2)} billion`
  if (usd >= 999.5e3) return `${(usd / 1e6).toFixed(1)} million`
  return `${Math.round(usd).toLocaleString('en')} dollars`
}

const SLOW_MS = 600
