/** The text in the Scenario drawer: what is typed, whether it reads, how it becomes the draft. */

import { create } from 'zustand'
import { Superseded } from '../engine/client.ts'
import type { Draft, Fault } from '../engine/protocol.ts'
import { engine, faultOf, open, useLab } from './store.ts'

/** What stands in the editor. */
interface EditorState {
  readonly text: string
  /** The draft's own text, to which the editor can go back. */
  readonly saved: string
  /** The name of the text in messages, and what it extends is sought beside. */
  readonly entry: string
  /** What is wrong with the text or an override; null while nothing is. */
  readonly fault: Fault | null
  /** Whether `fault` is of the text as it stands. */
  readonly isJudged: boolean
  readonly hint: { readonly path: string; readonly about: string } | null
}

export const useEditor = create<EditorState>()(() => ({
  text: '',
  saved: '',
  entry: '',
  fault: null,
  isJudged: true,
  hint: null,
}))

const { setState: set, getState: get } = useEditor

/** Takes the text of the draft, unless another text is being typed. */
export async function load(draft: Draft): Promise<void> {
  const { text, saved, entry } = get()
  const isTyped = text !== saved && entry === named(draft.entry)
  try {
    const own = await engine.ask('text', 'text', draft)
    if (isTyped) set({ saved: own })
    else set({ text: own, saved: own, entry: named(draft.entry), fault: null, isJudged: true })
  } catch (error) {
    if (!(error instanceof Superseded)) set({ fault: faultOf(error) })
  }
}

/** A name as a file has it: an example is a file, too. */
function named(entry: string): string {
  return /\.(ya?ml|json)$/i.test(entry) ? entry : `${entry}.yaml`
}

let waiting: ReturnType<typeof setTimeout> | undefined

/** Takes what was typed; it is read once the typing pauses. */
export function edit(text: string): void {
  set({ text, isJudged: false })
  clearTimeout(waiting)
  waiting = setTimeout(() => void judge(), PAUSE_MS)
}

const PAUSE_MS = 150

function drafted(): Draft {
  const { entry, text } = get()
  return { entry, text, overrides: useLab.getState().draft?.overrides ?? [] }
}

/** Reads the text with the overrides; true where it reads. */
async function judge(): Promise<boolean> {
  clearTimeout(waiting)
  const draft = drafted()
  const isStill = () => get().text === draft.text
  try {
    await engine.ask('preview', 'read', draft)
    if (isStill()) set({ fault: null, isJudged: true })
    return isStill()
  } catch (error) {
    if (!(error instanceof Superseded) && isStill()) set({ fault: faultOf(error), isJudged: true })
    return false
  }
}

/** Makes the text the draft. One that does not read changes nothing. */
export async function runText(): Promise<void> {
  if (!(await judge())) return
  const draft = drafted()
  set({ saved: draft.text ?? '' })
  await open(draft)
}

/** Writes the overrides into the text, where it can say them, and takes it as the draft. */
export async function writeOverrides(): Promise<void> {
  try {
    const draft = drafted()
    const { text, left } = await engine.ask('text', 'amend', draft)
    set({ text, saved: text, fault: null, isJudged: true })
    await open({ ...draft, text, overrides: left })
  } catch (error) {
    if (!(error instanceof Superseded)) set({ fault: faultOf(error), isJudged: true })
  }
}

/** Takes one override away. */
export async function dropOverride(key: string): Promise<void> {
  const { draft } = useLab.getState()
  if (draft === null) return
  await open({ ...draft, overrides: draft.overrides.filter(([other]) => other !== key) })
}

/** Goes back to the draft's own text. */
export function revert(): void {
  set({ text: get().saved, fault: null, isJudged: true })
}

/** Asks what the key at an offset of the text means. */
export async function askHint(offset: number): Promise<void> {
  try {
    set({ hint: await engine.ask('text', 'hint', { text: get().text, offset }) })
  } catch {
    // A hint that cannot be given is none.
  }
}

/** Where in this text a fault stands, from 1; null where it stands elsewhere. */
export function placeIn(entry: string, place: string | null) {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place ?? '') ?? []
  if (file === undefined || file !== entry.replace(/^.*[\\/]/, '')) return null
  return { line: Number(line), column: Number(column) }
}
