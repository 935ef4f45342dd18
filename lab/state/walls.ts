/** The walls: what is filtered, which levels are looked at, and how the table stands. */

import { create } from 'zustand'
import { Superseded } from '../engine/client.ts'
import type { Draft } from '../engine/protocol.ts'
import type { Walls } from '../engine/wallsTable.ts'
import type { Column } from '../screens/walls/rows.ts'
import { engine, faultOf, useLab } from './store.ts'

/** Edges of levels as they lie on the screen: 0 is the lowest price, and the range is not empty. */
export type Span = readonly [low: number, high: number]

export interface WallsState {
  readonly protocol: string | null
  readonly venue: string | null
  readonly walls: Walls | null
  /** Whether `walls` is of an earlier question. */
  readonly isStale: boolean
  /** Null: all levels. */
  readonly span: Span | null
  readonly search: string
  /** USD of debt that an account has at least. */
  readonly least: number
  readonly sort: { readonly by: Column; readonly isFalling: boolean }
  readonly page: number
}

export const useWalls = create<WallsState>()(() => ({
  protocol: null,
  venue: null,
  walls: null,
  isStale: false,
  span: null,
  search: '',
  least: 0,
  sort: { by: 'debt', isFalling: true },
  page: 0,
}))

const { setState: set } = useWalls

/** Changes what is shown; the table begins at its first page again. */
export function show(
  change: Partial<Pick<WallsState, 'protocol' | 'venue' | 'span' | 'search' | 'least' | 'sort'>>,
): void {
  set({ page: 0, ...change })
}

export function turnTo(page: number): void {
  set({ page })
}

/** Sorts by a column; by the same one again the other way round. */
export function sortBy(by: Column): void {
  set(({ sort }) => ({ page: 0, sort: { by, isFalling: sort.by === by ? !sort.isFalling : true } }))
}

/** Asks for the walls of a draft; the last ones stay meanwhile. */
export async function ask(
  draft: Draft,
  protocol: string | null,
  venue: string | null,
): Promise<void> {
  set({ isStale: true })
  try {
    const walls = await engine.ask('search', 'walls', { draft, protocol, venue })
    set({ walls, isStale: false })
  } catch (error) {
    if (!(error instanceof Superseded)) useLab.setState({ fault: faultOf(error) })
  }
}
