/** Compare: its arms, how many pairs, and what came of them. */

import { create } from 'zustand'
import { LostWorker, Superseded } from '../engine/client.ts'
import type { CompareAsk, Compared, Course, DefenceFacts } from '../engine/compareTypes.ts'
import type { Draft, Fault } from '../engine/protocol.ts'
import {
  armsText,
  askOf,
  type Choice,
  type Choices,
  choicesIn,
  type Side,
  sides,
  sidesOf,
} from './arms.ts'
import { engine, faultOf, useLab } from './store.ts'
import { keepView } from './views.ts'

/** A comparison that is there, of all its pairs or of those so far. */
export interface Shown {
  readonly ask: CompareAsk
  readonly compared: Compared
  readonly isWhole: boolean
}

interface Progress {
  readonly done: number
  readonly all: number
  readonly secondsLeft: number | null
}

/** A pair over time; `arms` says of which comparison. */
export interface Courses {
  readonly arms: string
  readonly pair: number
  readonly of: readonly Course[]
}

interface CompareState {
  readonly choices: Choices
  readonly pairs: number
  /** The last good comparison: it stays while another is on its way. */
  readonly shown: Shown | null
  /** Null where nothing runs. */
  readonly progress: Progress | null
  readonly fault: Fault | null
  /** What was asked last, and whether it was stopped. */
  readonly asked: string
  readonly isStopped: boolean
  /** Which arm stands against A. */
  readonly against: Side
  /** The measure whose differences are drawn. */
  readonly measure: string
  /** The pair that is drawn; null: the one in the middle. */
  readonly pair: number | null
  readonly courses: Courses | null
  readonly defences: readonly DefenceFacts[]
}

export const useCompare = create<CompareState>()(() => ({
  choices: { a: { kind: 'none' }, b: { kind: 'defence', defence: 'speedLimit', values: {} } },
  pairs: 40,
  shown: null,
  progress: null,
  fault: null,
  asked: '',
  isStopped: false,
  against: 'b',
  measure: 'forced_sale_usd',
  pair: null,
  courses: null,
  defences: [],
}))

const { setState: set, getState: get } = useCompare

keepView('compare', {
  read() {
    const { choices, pairs } = get()
    return { value: { choices, pairs }, words: `${armsText(choices)}, ${pairs} pairs` }
  },
  open(value) {
    const { choices, pairs } = (value ?? {}) as { choices?: unknown; pairs?: unknown }
    const read = choicesIn(choices)
    if (read !== null) set({ choices: read, against: 'b' })
    if (Number.isInteger(pairs) && (pairs as number) >= 2) set({ pairs: pairs as number })
  },
})

/** Keeps a scenario as it stands in the Lab as an arm of the next comparison. */
export function setArm(side: Side, draft: Draft): void {
  choose(side, { kind: 'draft', draft })
}

/** Changes an arm, or begins a further one. */
export function choose(side: Side, choice: Choice): void {
  set(({ choices }) => ({ choices: { ...choices, [side]: choice } }))
}

/** Takes away C or D; later arms move up. */
export function removeArm(side: Side): void {
  set(({ choices }) => {
    const kept = sidesOf(choices).flatMap((one) => (one === side ? [] : [choices[one]!]))
    return {
      choices: Object.fromEntries(kept.map((choice, arm) => [sides[arm], choice])),
      against: 'b',
    }
  })
}

/** A becomes B, and B becomes A. */
export function swap(): void {
  set(({ choices }) => ({ choices: { ...choices, a: choices.b!, b: choices.a! } }))
}

export function setPairs(pairs: number): void {
  set({ pairs })
}

/** Shows another arm against A, another measure or another pair. */
export function show(view: Partial<Pick<CompareState, 'against' | 'measure' | 'pair'>>): void {
  set(view)
}

/** What the arms on screen ask for; null with a fault where they cannot be run. */
export function asking(draft: Draft | null, choices: Choices, pairs: number): CompareAsk | null {
  if (draft === null) return null
  try {
    return askOf(draft, choices, pairs)
  } catch {
    return null
  }
}

/** Runs what is on screen, unless it was run or is running. `again`: even where it was stopped. */
export async function compareNow(again = false): Promise<void> {
  const { choices, pairs, asked, isStopped } = get()
  const { draft } = useLab.getState()
  if (draft === null) return
  let ask: CompareAsk
  try {
    ask = askOf(draft, choices, pairs)
  } catch (error) {
    stopComparing()
    return set({ fault: faultOf(error), asked: '', progress: null })
  }
  const key = JSON.stringify(ask)
  if (key === asked && !(again && isStopped)) return
  engine.stop('search')
  set({
    ...{ asked: key, isStopped: false, fault: null, pair: null },
    progress: { done: 0, all: pairs, secondsLeft: null },
  })
  try {
    const compared = await engine.ask('search', 'compare', ask, ({ so, ...progress }) => {
      if (get().asked !== key) return
      set({ progress })
      if (so !== null) set({ shown: { ask, compared: so, isWhole: false } })
    })
    set({ shown: { ask, compared, isWhole: true }, progress: null })
  } catch (error) {
    if (get().asked !== key) return
    if (error instanceof Superseded) return set({ progress: null, isStopped: true })
    const isLost = error instanceof LostWorker
    set({ fault: faultOf(error), progress: null, isStopped: isLost })
  }
}

/** Ends a comparison; what is there of it stays. */
export function stopComparing(): void {
  if (get().progress !== null) engine.stop('search')
}

/** Names the arms of a comparison, whatever its pairs. */
export function armsOf({ draft, arms }: CompareAsk): string {
  return JSON.stringify([draft, arms])
}

/** Draws a pair over time, all arms of the comparison that is there. */
export async function drawPair(ask: CompareAsk, pair: number): Promise<void> {
  try {
    const of = await engine.ask('preview', 'pair', { ...ask, pair })
    set({ courses: { arms: armsOf(ask), pair, of } })
  } catch (error) {
    if (error instanceof Superseded) return
    set({ fault: faultOf(error) })
  }
}

/** What there is to choose from. */
export async function listDefences(): Promise<void> {
  if (get().defences.length > 0) return
  try {
    set({ defences: await engine.ask('help', 'defences', null) })
  } catch (error) {
    if (!(error instanceof Superseded)) set({ fault: faultOf(error) })
  }
}
