/** The report of the state that a scenario opens with: what walls and edges are read from. */

import { useEffect } from 'react'
import { create } from 'zustand'
import type { Report } from '../../src/report.ts'
import { Superseded } from '../engine/client.ts'
import { engine, faultOf, useLab } from './store.ts'

interface Opening {
  readonly runId: string | null
  readonly report: Report | null
}

const useStored = create<Opening>()(() => ({ runId: null, report: null }))

/**
 * The instant report of what is on screen; null before it is known.
 *
 * Rule: an instant run is its own; of a run in time the opening state is run without its time. The
 *       last one stays while a newer one is on its way.
 */
export function useOpening(): { readonly report: Report | null; readonly isTimed: boolean } {
  const ran = useLab((state) => state.ran)
  const isTimed = ran?.isTimed ?? false
  const stored = useStored((state) => state.report)
  useEffect(() => {
    if (isTimed) void openingOf()
  }, [isTimed])
  useEffect(
    () =>
      useLab.subscribe((now, was) => {
        if (now.ran !== was.ran && now.ran?.isTimed) void openingOf()
      }),
    [],
  )
  if (ran?.report.schema === 'firebreak.result/1') return { report: ran.report, isTimed: false }
  return { report: stored, isTimed }
}

async function openingOf(): Promise<void> {
  const { ran, ranDraft: draft } = useLab.getState()
  if (ran === null || draft === null || useStored.getState().runId === ran.runId) return
  useStored.setState({ runId: ran.runId })
  try {
    const report = await engine.ask('preview', 'opening', draft)
    useStored.setState({ runId: ran.runId, report })
  } catch (error) {
    useStored.setState({ runId: null })
    if (!(error instanceof Superseded)) useLab.setState({ fault: faultOf(error) })
  }
}
