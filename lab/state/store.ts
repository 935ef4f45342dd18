/** The one state of the page: the scenario, what came of it, and where the user is. */

import { create } from 'zustand'
import type { Override } from '../../src/ingest/compose.ts'
import { type Engine, EngineError, engineOf, Superseded } from '../engine/client.ts'
import { openWorker } from '../engine/open.ts'
import type { Draft, Fault, Questions } from '../engine/protocol.ts'
import { hashOf, linkedIn } from './link.ts'
import { servedScenario } from './opened.ts'

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
  /** Whether `ran` is of an earlier draft than the one on screen. */
  readonly isStale: boolean
  readonly fault: Fault | null
  /** The start of the run id that the sender of a link saw; null where no link was opened. */
  readonly promised: string | null
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
  isStale: false,
  fault: null,
  promised: null,
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
export async function open(draft: Draft, promised: string | null = null): Promise<void> {
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
  set({ isStale: true })
  try {
    const ran = await engine.ask('run', 'run', draft)
    set({ ran, isStale: false, fault: null })
    await writeAddress()
  } catch (error) {
    if (error instanceof Superseded) return
    set({ fault: faultOf(error) })
  }
}

/** What any error says to a person. */
export function faultOf(error: unknown): Fault {
  if (error instanceof EngineError) return error.fault
  const message = error instanceof Error ? error.message : String(error)
  return { code: null, message, rule: message, place: null, came: null, remedy: null }
}

let written = ''
/** Whether this page's server gave files: they are not in the link. */
let isServed = false

/** Puts the state into the address, so that it can be copied; adds nothing to the history. */
async function writeAddress(): Promise<void> {
  const { screen, draft, ran } = get()
  if (draft === null) return
  written = `#${await hashOf(screen, draft, ran?.runId ?? null, isServed)}`
  window.history.replaceState(null, '', written)
}

/** Opens what the address names. A broken link leaves what is there, and says so. */
export async function openAddress(): Promise<void> {
  if (window.location.hash === written && written !== '') return
  try {
    const linked = await linkedIn(window.location.hash)
    const known = screens.find((one) => one === linked.screen)
    if (known !== undefined) set({ screen: known })
    const served = linked.isServed ? await servedScenario() : null
    if (served !== null) engine.give(served.files)
    isServed = served !== null
    const draft = linked.draft ?? served?.draft ?? null
    if (draft !== null) await open(draft, linked.run)
  } catch (error) {
    set({ fault: faultOf(error) })
  }
}
