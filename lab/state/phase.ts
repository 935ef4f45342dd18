/** The phase map: its axes, what is known of it, and the cell that is looked at. */

import { create } from 'zustand'
import { Superseded } from '../engine/client.ts'
import {
  DROP_KEY,
  measureNames,
  type PhaseMeasure,
  type PhasePart,
  runsAlongX,
} from '../engine/phaseMap.ts'
import type { Draft, Fault } from '../engine/protocol.ts'
import {
  type Axis,
  type AxisValues,
  axisFor,
  HAIRCUT_KEY,
  type Input,
  indexOf,
  valuesOf,
} from '../screens/phase/axis.ts'
import { engine, faultOf } from './store.ts'

/** A map as far as it is known; every line that comes makes a new one. */
export interface PhaseMap {
  /** Equal ids, equal maps. */
  readonly id: string
  readonly x: AxisValues
  readonly y: AxisValues
  readonly values: Readonly<Record<PhaseMeasure, Float64Array>>
  /** By cell, row-major: whether it was computed. */
  readonly known: Uint8Array
  /** Whether lines run along x. */
  readonly isAcross: boolean
  /** By line: the drop that ignites it, where lines run along the drop. */
  readonly edges: readonly (number | null)[]
  /** Why cells have no value. */
  readonly refusals: readonly string[]
}

export interface Cell {
  readonly column: number
  readonly row: number
}

export interface PhaseState {
  /** Null before any was chosen. */
  readonly axes: { readonly x: Axis; readonly y: Axis } | null
  readonly measure: PhaseMeasure
  readonly map: PhaseMap | null
  /** The last map that was complete, dimmed below the one that is being filled. */
  readonly before: PhaseMap | null
  readonly progress: { readonly done: number; readonly all: number } | null
  readonly seconds: number | null
  readonly isStopped: boolean
  readonly fault: Fault | null
  readonly cursor: Cell | null
}

export const usePhase = create<PhaseState>()(() => ({
  axes: null,
  measure: 'amplification',
  map: null,
  before: null,
  progress: null,
  seconds: null,
  isStopped: false,
  fault: null,
  cursor: null,
}))

const { setState: set, getState: get } = usePhase

export function setAxes(axes: PhaseState['axes']): void {
  set({ axes })
}

/**
 * Varies another input, over a range of its own; a map without the drop has fewer cells, since each
 * has a world of its own.
 */
export function pick(which: 'x' | 'y', input: Input, other: Input): void {
  const hasDrop = input.key === DROP_KEY || other.key === DROP_KEY
  const cells = (key: string) => (hasDrop ? (key === DROP_KEY ? 60 : LINES) : 13)
  const [own, rest] = [axisFor(input, cells(input.key)), axisFor(other, cells(other.key))]
  set({ axes: which === 'x' ? { x: own, y: rest } : { x: rest, y: own } })
}

export function setMeasure(measure: PhaseMeasure): void {
  set({ measure })
}

export function look(cursor: Cell | null): void {
  set({ cursor })
}

/** The axes in use where a scenario has their keys, else the drop and the depth of the book. */
export function axesIn(
  inputs: readonly Input[],
  axes: PhaseState['axes'],
): { readonly x: Axis; readonly y: Axis } {
  const has = (key: string) => inputs.some((input) => input.key === key)
  if (axes !== null && has(axes.x.key) && has(axes.y.key)) return axes
  const of = (key: string) => inputs.find((input) => input.key === key)!
  const depth = inputs.find(({ isLog }) => isLog) ?? of(HAIRCUT_KEY)
  return { x: axisFor(of(DROP_KEY), 60), y: axisFor(depth, LINES) }
}

/** Lines of a map, each with a world of its own; odd, so that a middle is one of them. */
export const LINES = 33

/** Computes the map of a draft, unless it is there or on its way. */
export async function compute(
  draft: Draft,
  inputs: readonly Input[],
  axes: { readonly x: Axis; readonly y: Axis },
): Promise<void> {
  const { map: shown, progress, before } = get()
  try {
    const map = emptyMap(draft, axes, inputs)
    if (map.id === shown?.id && (progress !== null || isWhole(shown))) return
    const start = performance.now()
    const all = map.known.length
    const kept = shown !== null && isWhole(shown) ? shown : before
    set({ map, before: kept, progress: { done: 0, all }, fault: null, isStopped: false })
    set({ cursor: null, seconds: null })
    const isCurrent = () => get().map?.id === map.id
    const take = (part: PhasePart) =>
      set(({ map: last }) => {
        if (last?.id !== map.id) return {}
        const next = withPart(last, part)
        return { map: next, progress: { done: countKnown(next), all } }
      })
    const { key: line } = map.isAcross ? axes.y : axes.x
    const own = inputs.find(({ key }) => key === line)
    const first = own === undefined ? -1 : indexOf(map.isAcross ? map.y : map.x, own.value)
    const { x, y } = map
    await engine.ask('search', 'phase', { draft, x: plain(x), y: plain(y), first }, take)
    if (isCurrent()) set({ progress: null, seconds: (performance.now() - start) / 1000 })
  } catch (error) {
    if (!(error instanceof Superseded)) set({ progress: null, fault: faultOf(error) })
  }
}

function plain({ key, values }: AxisValues) {
  return { key, values }
}

/** Ends the computation; what is known stays. */
export function stop(): void {
  if (get().progress === null) return
  engine.stop('search')
  set({ progress: null, isStopped: true })
}

/** The place of a cell in the columns. */
export function cell({ x }: PhaseMap, { column, row }: Cell): number {
  return row * x.values.length + column
}

/** Cells that were computed, with a value or without. */
export function countKnown({ known }: PhaseMap): number {
  return known.reduce((sum, one) => sum + one, 0)
}

/** Whether every cell was computed. */
export function isWhole(map: PhaseMap): boolean {
  return countKnown(map) === map.known.length
}

/** A map of which nothing is known. */
export function emptyMap(
  draft: Draft,
  axes: { readonly x: Axis; readonly y: Axis },
  inputs: readonly Input[],
): PhaseMap {
  const own = (key: string) => inputs.find((input) => input.key === key)!
  const [x, y] = [axes.x, axes.y].map((axis) => valuesOf(axis, own(axis.key)))
  const cells = x.values.length * y.values.length
  const columns = measureNames.map((name) => [name, new Float64Array(cells).fill(Number.NaN)])
  const isAcross = runsAlongX({ x, y })
  const rest = draft.overrides.filter(([key]) => key !== x.key && key !== y.key)
  return {
    id: JSON.stringify([draft.entry, draft.text, rest, x.values, x.key, y.values, y.key]),
    ...{ x, y, isAcross },
    values: Object.fromEntries(columns),
    known: new Uint8Array(cells),
    edges: Array((isAcross ? y : x).values.length).fill(null),
    refusals: [],
  }
}

/** A map with one more line. */
function withPart(map: PhaseMap, { from, step, values, edge, refused }: PhasePart): PhaseMap {
  const known = map.known.slice()
  values.feedback.forEach((_, k) => {
    known[from + k * step] = 1
  })
  const columns = measureNames.map((name) => {
    const column = map.values[name].slice()
    values[name].forEach((value, k) => {
      column[from + k * step] = value
    })
    return [name, column]
  })
  const line = map.isAcross ? from / map.x.values.length : from
  const isNew = refused !== null && !map.refusals.includes(refused)
  return {
    ...{ ...map, known, values: Object.fromEntries(columns), edges: map.edges.with(line, edge) },
    refusals: isNew ? [...map.refusals, refused] : map.refusals,
  }
}
