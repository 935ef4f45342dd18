/** The one state of the page: the scenario, what came of it, and where the user is. */

import { create } from 'zustand'
import type { Override } from '../../src/ingest/compose.ts'
import { type Engine, EngineError, engineOf, LostWorker, Superseded } from '../engine/client.ts'
import { openWorker } from '../engine/open.ts'
import type { Draft, Fault, Questions, RunProgress } from '../engine/protocol.ts'
import { BrokenLinkError, hashOf, linkedIn, type Promised, promiseOf } from './link.ts'
import { servedScenario } from './opened.ts'
import { openView, viewOf } from './views.ts'

export const screens = ['lab', 'replay', 'walls', 'phase', 'compare', 'live', 'report'] as const
export type ScreenName = (typeof screens)[number]

export type Ran = Questions['run']['answer']

/** The engine of this page. */
export const engine: Engine = engineOf(openWorker)

/** What a person sees. `ran` is the last good run: it stays while a newer one is on its way. */
export interface LabState {
  readonly screen: ScreenName
  /** Null before anything was opened. */
  readonly draft: Draft | null
  /** Drafts to go back to, the latest last. */
  readonly past: readonly Draft[]
  readonly ran: Ran | null
  /** What `ran` is the run of. */
  readonly ranDraft: Draft | null
  /** Whether `ran` is of an earlier draft than the one on screen. */
  readonly isStale: boolean
  readonly isRunning: boolean
  /** How far a run is; null before it has begun. */
  readonly progress: RunProgress | null
  readonly fault: Fault | null
  /** Whether the engine died, so that the same may be tried again. */
  readonly isLost: boolean
  /** What the sender of a link saw; null where no link was opened. */
  readonly promised: Promised | null
  /** A screen that a link asks for and that there is not. */
  readonly unknownScreen: string | null
  readonly drawer: DrawerName | null
}

export type DrawerName =
  | 'scenario'
  | 'data'
  | 'method'
  | 'share'
  | 'export'
  | 'help'
  | 'menu'
  | 'palette'

export const useLab = create<LabState>()(() => ({
  screen: 'lab',
  draft: null,
  past: [],
  ran: null,
  ranDraft: null,
  isStale: false,
  isRunning: false,
  progress: null,
  fault: null,
  isLost: false,
  promised: null,
  unknownScreen: null,
  drawer: null,
}))

const { setState: set, getState: get } = useLab

/** Goes to a screen. */
export function goTo(screen: ScreenName): void {
  set({ screen })
  void writeAddress()
}

export function openDrawer(drawer: DrawerName | null): void {
  set({ drawer })
}

/** Opens a scenario in place of the one that is there, and runs it. */
export async function open(draft: Draft, promised: Promised | null = null): Promise<void> {
  const { draft: before, past } = get()
  set({ draft, past: before === null ? past : [...past, before], promised })
  await rerun()
}

/** Changes keys of the scenario, and runs it; an override of the same key is replaced. */
export async function change(...overrides: readonly Override[]): Promise<void> {
  const { draft } = get()
  if (draft === null) return
  await open({ ...draft, overrides: withOverrides(draft.overrides, overrides) })
}

/** The overrides of a draft after a change: one for each key, the last wins. */
export function withOverrides(
  before: readonly Override[],
  changes: readonly Override[],
): readonly Override[] {
  const keys = new Set(changes.map(([key]) => key))
  return [...before.filter(([key]) => !keys.has(key)), ...changes]
}

/** Goes back to the draft before. */
export async function undo(): Promise<void> {
  const { past } = get()
  const draft = past.at(-1)
  if (draft === undefined) return
  set({ draft, past: past.slice(0, -1), promised: null })
  await rerun()
}

/** Runs the draft; the last good result stays meanwhile, and where it fails. */
export async function rerun(): Promise<void> {
  const { draft } = get()
  if (draft === null) return
  set({ isStale: true, isRunning: true, progress: null, isLost: false })
  try {
    const ran = await engine.ask('run', 'run', draft, (progress) => set({ progress }))
    set({ ran, ranDraft: draft, isStale: false, isRunning: false, fault: null })
    await writeAddress()
  } catch (error) {
    if (error instanceof Superseded) return
    set({ fault: faultOf(error), isRunning: false, isLost: error instanceof LostWorker })
  }
}

/** Stops the run, and goes back to what was there before it; to nothing where nothing was. */
export function cancel(): void {
  engine.stop('run')
  const { ranDraft, past } = get()
  const at = ranDraft === null ? 0 : past.lastIndexOf(ranDraft)
  set({ draft: ranDraft, past: past.slice(0, at < 0 ? past.length : at) })
  set({ isStale: false, isRunning: false, fault: null, isLost: false })
}

/** Takes a message away; what is on screen stays as it is. */
export function dismiss(): void {
  set({ fault: null, isLost: false, unknownScreen: null })
}

/** What any error says to a person. */
export function faultOf(error: unknown): Fault {
  if (error instanceof EngineError) return error.fault
  const message = error instanceof Error ? error.message : String(error)
  const remedy = error instanceof BrokenLinkError ? BrokenLinkError.remedy : null
  return { code: null, message, rule: message, place: null, came: null, remedy }
}

let written = ''
/** Whether this page's server gave files: they are not in the link. */
let isServed = false

/** A link to the last good run, on the screen that is shown; the bare page before there is one. */
export async function linkOf(): Promise<string> {
  const { screen, ranDraft, ran } = get()
  const page = window.location.href.split('#')[0]
  if (ranDraft === null || ran === null) return page
  const view = viewOf(screen)?.value ?? null
  return `${page}#${await hashOf(screen, ranDraft, promiseOf(ran), isServed, view)}`
}

/** Puts the state into the address, so that it can be copied; adds nothing to the history. */
async function writeAddress(): Promise<void> {
  if (get().ran === null) return
  const link = await linkOf()
  written = new URL(link).hash
  window.history.replaceState(null, '', link)
}

/** Opens what the address names. A broken link leaves what is there, and says so. */
export async function openAddress(): Promise<void> {
  if (window.location.hash === written && written !== '') return
  try {
    const linked = await linkedIn(window.location.hash)
    const known = screens.find((one) => one === linked.screen)
    const isUnknown = known === undefined && linked.screen !== ''
    set({ screen: known ?? get().screen, unknownScreen: isUnknown ? linked.screen : null })
    const served = linked.isServed ? await servedScenario() : null
    if (served !== null) engine.give(served.files)
    isServed = served !== null
    if (known !== undefined && linked.view !== null) openView(known, linked.view)
    const draft = linked.draft ?? served?.draft ?? null
    if (draft !== null) await open(draft, linked.promised)
  } catch (error) {
    set({ fault: faultOf(error) })
  }
}
