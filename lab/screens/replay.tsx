/** Replay: a run frame by frame, from what was sold to whom it woke. */

import './replay.css'
import { useEffect } from 'react'
import { percent } from '../../src/format.ts'
import type { Report } from '../../src/report.ts'
import { type Loaded, record, stopRecording, useReplay } from '../state/replay.ts'
import { useLab } from '../state/store.ts'
import { Blocks } from './replay/blocks.tsx'
import { Chain } from './replay/chain.tsx'
import { useKeys } from './replay/keys.ts'
import { Log } from './replay/log.tsx'
import { Moment } from './replay/moment.tsx'
import { Player } from './replay/player.tsx'
import { Rounds } from './replay/rounds.tsx'
import { Stairs } from './replay/stairs.tsx'
import { Strip } from './replay/strip.tsx'

export function ReplayScreen() {
  const draft = useLab((state) => state.draft)
  const isStale = useLab((state) => state.isStale)
  const ran = useLab((state) => state.ran)
  const loaded = useReplay((state) => state.loaded)
  useEffect(() => {
    if (draft !== null && ran !== null && !isStale) void record(draft, ran.runId)
  }, [draft, ran, isStale])
  useKeys()
  const isOld = loaded !== null && loaded.columns.runId !== ran?.runId
  const report = ran?.report.schema === 'firebreak.result/1' ? ran.report : null
  return (
    <>
      <h1 className="unseen">Replay</h1>
      <Recording />
      {loaded === null || isOld ? null : <Played loaded={loaded} report={report} />}
    </>
  )
}

/** How far the run is recorded, or why it is not. */
function Recording() {
  const wanted = useReplay((state) => state.wanted)
  const done = useReplay((state) => state.done)
  const fault = useReplay((state) => state.fault)
  if (fault !== null) {
    return (
      <p className="card fault" role="alert">
        {fault.message}
      </p>
    )
  }
  if (wanted === null) return null
  return (
    <div className="card replay-recording" role="status">
      <p>The run is being recorded, frame by frame: {percent(done, 0)} so far.</p>
      <progress aria-label="Recorded" value={done} max={1} />
      <button type="button" onClick={stopRecording}>
        Stop
      </button>
    </div>
  )
}

function Played({ loaded, report }: { readonly loaded: Loaded; readonly report: Report | null }) {
  return (
    <div className={`replay replay-${loaded.columns.kind}`}>
      <Strip loaded={loaded} />
      <div className="replay-left">
        {report === null ? <Blocks loaded={loaded} /> : <Rounds loaded={loaded} />}
        <Chain loaded={loaded} />
      </div>
      <div className="replay-right">
        {report === null ? <Moment loaded={loaded} /> : <Stairs loaded={loaded} report={report} />}
        <Log loaded={loaded} />
      </div>
      <Player loaded={loaded} />
    </div>
  )
}
