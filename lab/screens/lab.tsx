/** Lab, the home screen. */

import './lab.css'
import { useState } from 'react'
import type { Report } from '../../src/report.ts'
import { Headlines } from '../parts/headlines.tsx'
import type { Control, Controls } from '../state/controls.ts'
import { previewDrop, settle, usePreview } from '../state/preview.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { useLab } from '../state/store.ts'
import { CobwebCard } from './lab/cobwebCard.tsx'
import { numbersOf } from './lab/facts.ts'
import { LevelsCard } from './lab/levelsCard.tsx'
import { DropSlider, Rail, useControls } from './lab/rail.tsx'
import { ResponseCard } from './lab/responseCard.tsx'
import { RoundsCard } from './lab/rounds.tsx'
import { Timed } from './lab/timed.tsx'

export function LabScreen() {
  const report = useLab(({ ran }) => ran?.report)
  const controls = useControls()
  useDepthKeys(controls?.book.find(({ id }) => id === 'bids'))
  if (report === undefined || controls === null) return null
  return (
    <div className="lab">
      <h1 className="unseen">Lab: {report.scenario}</h1>
      <Rail controls={controls} />
      {report.schema === 'firebreak.result/1' ? (
        <Instant report={report} controls={controls} />
      ) : (
        <Timed report={report} />
      )}
    </div>
  )
}

function Instant({ report, controls }: { readonly report: Report; readonly controls: Controls }) {
  const preview = usePreview((state) => state.report)
  const isBehind = usePreview((state) => state.isBehind)
  const announcement = usePreview((state) => state.announcement)
  const isStale = useLab((state) => state.isStale)
  const shown = preview ?? report
  const { drop } = controls
  const [tab, setTab] = useState<Tab>('cobweb')
  useBrackets(drop, shown.shock.drop)
  const hasFault = useLab(({ fault }) => fault !== null)
  const isHeld = preview !== null || (isBehind && !hasFault)
  const badge = isHeld ? 'preview' : isStale ? 'running' : undefined
  return (
    <div className={isBehind ? 'lab-main lab-behind' : 'lab-main'} data-tab={tab}>
      <Headlines numbers={numbersOf(shown, Date.now())} badge={badge} />
      <p className="unseen" role="status">
        {announcement}
      </p>
      {drop === null ? null : (
        <>
          <div className="lab-cards">
            <div className="lab-left">
              <CobwebCard report={shown} drop={drop} />
            </div>
            <div className="lab-right">
              <LevelsCard report={shown} />
              <ResponseCard report={shown} drop={drop} />
            </div>
          </div>
          <RoundsCard report={shown} />
          <Tabs tab={tab} onPick={setTab} />
          <Thumb drop={drop} asset={shown.shock.asset} value={shown.shock.drop} />
        </>
      )}
    </div>
  )
}

type Tab = 'cobweb' | 'levels' | 'curve' | 'rounds'

const tabs: readonly (readonly [Tab, string])[] = [
  ['cobweb', 'Cobweb'],
  ['levels', 'Levels'],
  ['curve', 'Curve'],
  ['rounds', 'Rounds'],
]

/** Which chart a phone shows. */
function Tabs({ tab, onPick }: { readonly tab: Tab; onPick(tab: Tab): void }) {
  return (
    <fieldset className="charts">
      <legend className="unseen">Chart</legend>
      {tabs.map(([name, label]) => (
        <label key={name} className={name === tab ? 'chart-shown' : undefined}>
          <input type="radio" name="chart" checked={name === tab} onChange={() => onPick(name)} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

/** The one slider that matters, at the thumb of a phone. */
function Thumb({
  drop,
  asset,
  value,
}: {
  readonly drop: Control
  readonly asset: string
  readonly value: number
}) {
  const by = (points: number) => settleAt(drop, value + points / 100)
  return (
    <div className="thumb">
      <DropSlider control={drop} label={`Outside drop, ${asset}`} />
      <button type="button" aria-label="One point less" onClick={() => by(-1)}>
        −
      </button>
      <button type="button" aria-label="One point more" onClick={() => by(1)}>
        +
      </button>
    </div>
  )
}

/** `[` and `]` move the drop by a point, with shift by ten. */
function useBrackets(drop: Control | null, value: number): void {
  const by = (points: number) => {
    if (drop !== null) settleAt(drop, value + points / 100)
  }
  useShortcut('[', 'One point less of outside drop', GROUP, () => by(-1))
  useShortcut(']', 'One point more of outside drop', GROUP, () => by(1))
  useShortcut('{', 'Ten points less of outside drop', GROUP, () => by(-10))
  useShortcut('}', 'Ten points more of outside drop', GROUP, () => by(10))
}

/** `-` and `=` move the bids of the book by a step of their slider. */
function useDepthKeys(bids: Control | undefined): void {
  const by = (steps: number) => {
    if (bids === undefined) return
    const at = Math.min(Math.max(bids.value + steps * bids.step, bids.least), bids.most)
    settle(bids.write(at))
  }
  useShortcut('-', 'A step less depth of the book', GROUP, () => by(-1))
  useShortcut('=', 'A step more depth of the book', GROUP, () => by(1))
}

const GROUP = 'Lab'

/** Previews a drop and asks for its exact run. */
function settleAt(drop: Control, value: number): void {
  const at = Number(Math.min(Math.max(value, drop.least), drop.most).toFixed(6))
  previewDrop(at)
  settle(drop.write(at))
}
