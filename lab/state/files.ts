/** Files that were dropped on the page or chosen: read, looked at, and made into scenarios. */

import { create } from 'zustand'
import type { ColumnGuess, TableRole } from '../../src/ingest/guess.ts'
import { Superseded } from '../engine/client.ts'
import type { DroppedFile, Fault } from '../engine/protocol.ts'
import type { LookedAt, MarketChoice } from '../engine/textProtocol.ts'
import { change, engine, faultOf, open, openDrawer, useLab } from './store.ts'

/** A table that waits for its columns to be named. */
export interface WaitingTable {
  readonly file: File
  readonly look: LookedAt
}

/** What the dialog of files shows; nothing of it is set while there is none. */
interface FilesState {
  readonly reading: { readonly name: string; readonly read: number; readonly of: number } | null
  readonly tables: readonly WaitingTable[]
  readonly fault: Fault | null
}

const nothing: FilesState = { reading: null, tables: [], fault: null }

export const useFiles = create<FilesState>()(() => nothing)

const { setState: set, getState: get } = useFiles

/**
 * Takes files, whatever they are.
 *
 * Rule: a scenario opens at once, with the other files beside it; a file that the scenario on
 *       screen lacks goes to it; everything else is looked at in the dialog.
 */
export async function takeFiles(files: readonly File[]): Promise<void> {
  set({ fault: null })
  try {
    const scenario = files.find(({ name }) => /\.(ya?ml|json)$/i.test(name))
    if (scenario !== undefined) return await openScenario(scenario, files)
    const lacked = lackedName()
    const lacking = files.filter(({ name }) => name === lacked?.replace(/^.*[\\/]/, ''))
    if (lacking.length > 0) {
      await give(lacking, lacked)
      const { draft } = useLab.getState()
      if (draft !== null) await open(draft)
    }
    for (const file of files) if (!lacking.includes(file)) await look(file, null, null)
  } catch (error) {
    set({ reading: null, ...(error instanceof Superseded ? {} : { fault: faultOf(error) }) })
  }
}

/** The file that the scenario on screen names and that the page does not have. */
function lackedName(): string | null {
  const { fault } = useLab.getState()
  return fault?.code === 'FB4001' ? fault.place : null
}

async function openScenario(scenario: File, files: readonly File[]): Promise<void> {
  await give(files)
  const { name } = scenario
  const text = textOf(new Uint8Array(await scenario.arrayBuffer()))
  // What is no text is refused in the words of the engine.
  const read =
    text ?? (await engine.ask('files', 'text', { entry: name, text: null, overrides: [] }))
  set(nothing)
  await open({ entry: name, text: read, overrides: [] })
  if (useLab.getState().fault !== null) openDrawer('scenario')
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Gives files to the engine beside those that it has, by their names or as they are `called`. */
async function give(files: readonly File[], called: string | null = null): Promise<void> {
  const read = files.map(
    async (file): Promise<DroppedFile> => ({
      name: called ?? file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    }),
  )
  const given = await Promise.all(read)
  const names = new Set(given.map(({ name }) => name))
  engine.give([...engine.given().filter(({ name }) => !names.has(name)), ...given])
}

/** Looks at a table, anew where its role or its columns were chosen. */
export async function look(
  file: File,
  role: TableRole | null,
  columns: ColumnGuess | null,
): Promise<void> {
  const { name } = file
  const isNew = !get().tables.some((table) => table.file === file)
  if (isNew) set({ reading: { name, read: 0, of: file.size } })
  const part = isNew
    ? (reading: { readonly read: number; readonly of: number }) =>
        set({ reading: { name, ...reading } })
    : undefined
  try {
    const seen = await engine.ask('files', 'look', { name, file, role, columns }, part)
    const table: WaitingTable = { file, look: seen }
    const others = get().tables
    const tables = isNew
      ? [...others.filter((one) => one.look.name !== name), table]
      : others.map((one) => (one.file === file ? table : one))
    set({ reading: null, tables, fault: null })
  } catch (error) {
    if (isNew) throw error
    if (!(error instanceof Superseded)) set({ fault: faultOf(error) })
  }
}

/** Leaves a table out. */
export function leaveOut(file: File): void {
  set(({ tables }) => ({ tables: tables.filter((one) => one.file !== file), fault: null }))
}

/** Ends whatever is being read, and closes the dialog. */
export function cancel(): void {
  engine.stop('files')
  set(nothing)
}

/** Makes a scenario of the tables and opens it. One that does not read stays in the dialog. */
export async function makeMarket(choice: MarketChoice): Promise<void> {
  await settle(async () => {
    const text = await engine.ask('files', 'market', choice)
    const draft = { entry: `${choice.name}.yaml`, text, overrides: [] }
    await engine.ask('files', 'read', draft)
    set(nothing)
    await open(draft)
  })
}

/** Puts a table of depth in the place of a venue of the scenario on screen. */
export async function replaceVenue(venue: string, value: string): Promise<void> {
  await settle(async () => {
    const { draft } = useLab.getState()
    if (draft === null) return
    const key = `market.venues.${venue}`
    const overrides = [...draft.overrides.filter(([one]) => one !== key), [key, value] as const]
    await engine.ask('files', 'read', { ...draft, overrides })
    set(nothing)
    await change([key, value])
  })
}

/** Does something with the files of the dialog given to the engine; a fault stays in the dialog. */
async function settle(act: () => Promise<void>): Promise<void> {
  try {
    set({ fault: null })
    await give(get().tables.map(({ file }) => file))
    await act()
  } catch (error) {
    if (!(error instanceof Superseded)) set({ fault: faultOf(error) })
  }
}
