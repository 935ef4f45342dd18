/** Replay's own state: the run as columns, the frame under the cursor, and the player. */

import { create } from 'zustand'
import { Superseded } from '../engine/client.ts'
import type { Draft, Fault } from '../engine/protocol.ts'
import type { ReplayColumns } from '../engine/replayColumns.ts'
import { factsOf, type ReplayFacts } from '../screens/replay/facts.ts'
import { frameName } from '../screens/replay/words.ts'
import { engine, faultOf, goTo } from './store.ts'
import { keepView } from './views.ts'

/** A run that can be played. */
export interface Loaded {
  readonly columns: ReplayColumns
  readonly facts: ReplayFacts
}

export interface ReplayState {
  /** The last run that was recorded; it stays while another is on its way. */
  readonly loaded: Loaded | null
  /** The run that is being recorded, and how far that is, 0 to 1. */
  readonly wanted: string | null
  readonly done: number
  readonly fault: Fault | null
  readonly at: number
  readonly isPlaying: boolean
  readonly speed: Speed
  /** The account that is followed, by its place in the columns; -1 for none. */
  readonly followed: number
  /** Pages that the log was turned back from the cursor. */
  readonly pages: number
}

export const speeds = [0.5, 1, 2, 4, 8] as const
export type Speed = (typeof speeds)[number]

export const useReplay = create<ReplayState>()(() => ({
  ...{ loaded: null, wanted: null, done: 0, fault: null },
  ...{ at: 0, isPlaying: false, speed: 1, followed: -1, pages: 0 },
}))

const { setState: set, getState: get } = useReplay

/** Where the next run that is recorded is opened, instead of its turning point. */
let opensAt: number | null = null

keepView('replay', {
  read() {
    const { loaded, at } = get()
    if (loaded === null) return null
    return { value: { at }, words: frameName(loaded.columns, at) }
  },
  open(value) {
    const { at } = (value ?? {}) as { at?: unknown }
    if (Number.isInteger(at) && (at as number) >= 0) opensAt = at as number
  },
})

/** Goes to Replay at a round or block of the run on screen. */
export function replayAt(frame: number): void {
  if (get().loaded === null) opensAt = frame
  else seek(frame)
  goTo('replay')
}

/** Records the run of a draft, unless it is there or on its way. */
export async function record(draft: Draft, runId: string): Promise<void> {
  const { loaded, wanted } = get()
  if (wanted === runId) return
  if (wanted === null && loaded?.columns.runId === runId) return openAt()
  set({ wanted: runId, done: 0, fault: null })
  try {
    const columns = await engine.ask('replay', 'replay', draft, ({ done }) => {
      if (get().wanted === runId) set({ done })
    })
    if (get().wanted === runId) show(columns)
  } catch (error) {
    if (error instanceof Superseded || get().wanted !== runId) return
    set({ wanted: null, fault: faultOf(error) })
  }
}

/** Goes where the run that is there already was asked to be opened. */
function openAt(): void {
  if (opensAt !== null) seek(opensAt)
  opensAt = null
}

/** Stops what is being recorded. */
export function stopRecording(): void {
  engine.stop('replay')
  set({ wanted: null })
}

function show(columns: ReplayColumns): void {
  const facts = factsOf(columns)
  const at = opensAt ?? facts.turning ?? facts.peak ?? facts.opened ?? 0
  opensAt = null
  const fresh = { isPlaying: false, followed: -1, pages: 0 }
  set({ loaded: { columns, facts }, wanted: null, at: Math.min(at, facts.last), ...fresh })
}

/** Puts the cursor on a frame, as near as the run has it. */
export function seek(frame: number): void {
  const { loaded } = get()
  if (loaded === null) return
  set({ at: Math.max(0, Math.min(loaded.facts.last, Math.round(frame))), pages: 0 })
}

/** Steps by frames, and stops playing. */
export function step(by: number): void {
  pause()
  seek(get().at + by)
}

export function follow(account: number): void {
  set(({ followed }) => ({ followed: followed === account ? -1 : account }))
}

export function turnLog(by: number): void {
  set(({ pages }) => ({ pages: Math.max(0, pages + by) }))
}

export function setSpeed(speed: Speed): void {
  set({ speed })
}

/** Plays on from the cursor; from the beginning where it stands at the end. */
export function play(): void {
  const { loaded, at, isPlaying } = get()
  if (loaded === null || isPlaying) return
  if (at === loaded.facts.last) seek(0)
  set({ isPlaying: true })
  const turn = ++turns
  requestAnimationFrame((now) => tick(turn, now, now, get().at))
}

/** How often it was played: what still waits from an earlier time does nothing. */
let turns = 0

export function pause(): void {
  set({ isPlaying: false })
}

/**
 * One frame of the screen: `exact` is where the cursor would be between two frames of the run.
 *
 * Rule: with reduced motion the cursor moves in steps, twice a second.
 */
function tick(turn: number, now: number, before: number, exact: number): void {
  const { loaded, isPlaying, speed, at } = get()
  if (!isPlaying || loaded === null || turn !== turns) return
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  const waits = isStill && now - before < STILL_MS
  // A jump while it plays is where it goes on from.
  const from = Math.floor(exact) === at ? exact : at
  const to = waits ? from : from + ((now - before) / 1000) * speed * perSecond(loaded)
  const shown = Math.min(loaded.facts.last, Math.floor(to))
  if (shown !== at) seek(shown)
  if (shown === loaded.facts.last) pause()
  else requestAnimationFrame((next) => tick(turn, next, waits ? before : now, to))
}

/** Frames a second at speed 1: one round, or a whole run in time in a minute. */
export function perSecond({ columns, facts }: Loaded): number {
  return columns.kind === 'instant' ? 1 : Math.max(4, facts.last / TIMED_SECONDS)
}

const TIMED_SECONDS = 60
const STILL_MS = 500
