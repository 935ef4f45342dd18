/** Phase: one number over two inputs, the edge where a cascade ignites, and how far it is. */

import './phase.css'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { FigureOptions } from '../../src/figures/sheet.ts'
import { measureWords } from '../../src/figures/sweepFacts.ts'
import { tornado } from '../../src/figures/tornado.ts'
import { count, counted } from '../../src/format.ts'
import type { Report } from '../../src/report.ts'
import { DROP_KEY } from '../engine/phaseMap.ts'
import { Card } from '../parts/card.tsx'
import { Picture } from '../parts/picture.tsx'
import { useOpening } from '../state/opening.ts'
import {
  axesIn,
  type Cell,
  cell as cellOf,
  compute,
  countKnown,
  type PhaseMap,
  stop,
  usePhase,
} from '../state/phase.ts'
import { change, goTo, type Ran, useLab } from '../state/store.ts'
import { type Axis, type Input, indexOf, inputsOf, sweepCommand } from './phase/axis.ts'
import { Controls } from './phase/controls.tsx'
import { EdgeCard } from './phase/edges.tsx'
import { axisWords, edgesOf, type Subject, sentenceOf, youIn } from './phase/facts.ts'
import { Files } from './phase/files.tsx'
import { HeatMap } from './phase/heatmap.tsx'
import { Legend } from './phase/legend.tsx'
import { Section } from './phase/section.tsx'
import { sensitivitySweep, tornadoMetrics } from './phase/sensitivity.ts'
import { shownMeasures } from './phase/shade.ts'
import { CellTable } from './phase/table.tsx'

export function PhaseScreen() {
  const ran = useLab((state) => state.ran)
  return ran === null ? null : <Phase ran={ran} />
}

type Tab = 'map' | 'table' | 'tornado'

function Phase({ ran }: { readonly ran: Ran }) {
  const draft = useLab((state) => state.ranDraft)
  const { report, isTimed } = useOpening()
  const asset = assetOf(ran)
  const inputs = useMemo(() => inputsOf(ran.resolved, asset), [ran, asset])
  const stored = usePhase((state) => state.axes)
  const axes = useMemo(() => axesIn(inputs, stored), [inputs, stored])
  useEffect(() => {
    if (draft !== null) void compute(draft, inputs, axes)
  }, [draft, inputs, axes])
  useEffect(() => stop, [])
  const [tab, setTab] = useState<Tab>('map')
  const set = useSet(axes)
  const command = sweepCommand(ran.name, [axes.x, axes.y], set)
  const last = usePhase((state) => state.map)
  // Another scenario may lack what the last map varied.
  const has = (key: string) => inputs.some((input) => input.key === key)
  const map = last !== null && has(last.x.key) && has(last.y.key) ? last : null
  return (
    <div className="phase">
      <section className="card phase-main" aria-label="Phase map">
        {map === null ? null : <Head {...{ map, inputs }} />}
        <Controls {...{ inputs, axes }} />
        <div className="phase-bar">
          <Tabs {...{ tab, setTab }} />
          <Progress />
        </div>
        <Trouble />
        {map === null || tab === 'tornado' ? null : (
          <Body {...{ map, inputs, tab, ran }} command={isTimed ? null : command} />
        )}
        {tab !== 'tornado' ? null : report === null ? (
          <p className="note">The opening state is running.</p>
        ) : (
          <Tornado report={report} />
        )}
      </section>
      <div className="phase-side">
        {map === null ? null : <Sections {...{ map, inputs }} />}
        {report === null ? null : <EdgeCard report={report} />}
      </div>
      <Notes {...{ ran, axes, isTimed, set, command }} />
    </div>
  )
}

interface Axes {
  readonly x: Axis
  readonly y: Axis
}

/** What else the scenario on screen sets, as words of a command. */
function useSet({ x, y }: Axes): string {
  const draft = useLab((state) => state.draft)
  const kept = draft?.overrides.filter(([key]) => key !== x.key && key !== y.key) ?? []
  return kept.map(([key, value]) => ` --set ${key}=${value}`).join('')
}

function assetOf({ report }: Ran): string {
  return report.schema === 'firebreak.result/1' ? report.shock.asset : report.headline
}

/** A map beside the inputs that it was made of. */
function useSubject(map: PhaseMap, inputs: readonly Input[]): Subject {
  const measure = usePhase((state) => state.measure)
  return useMemo(() => {
    const of = (key: string) => inputs.find((input) => input.key === key)!
    const [x, y] = [of(map.x.key), of(map.y.key)]
    const shown = shownMeasures.find((one) => one.measure === measure)!
    return { map, x, y, shown, you: youIn(map, x, y), row: indexOf(map.y, y.value) }
  }, [map, inputs, measure])
}

interface Parts {
  readonly map: PhaseMap
  readonly inputs: readonly Input[]
}

function Head({ map, inputs }: Parts) {
  const subject = useSubject(map, inputs)
  return (
    <header className="phase-head">
      <h1>{sentenceOf(subject)}</h1>
      <Legend subject={subject} />
    </header>
  )
}

function Tabs({ tab, setTab }: { readonly tab: Tab; readonly setTab: (tab: Tab) => void }) {
  const names = { map: 'Map', table: 'Table', tornado: 'Tornado' } as const
  return (
    <fieldset className="segmented">
      <legend className="hidden">What is shown</legend>
      {(Object.keys(names) as Tab[]).map((name) => (
        <button key={name} type="button" aria-pressed={name === tab} onClick={() => setTab(name)}>
          {names[name]}
        </button>
      ))}
    </fieldset>
  )
}

function Progress() {
  const progress = usePhase((state) => state.progress)
  const seconds = usePhase((state) => state.seconds)
  const isStopped = usePhase((state) => state.isStopped)
  const map = usePhase((state) => state.map)
  if (progress !== null)
    return (
      <span className="phase-progress">
        <progress value={progress.done} max={progress.all} aria-label="Cells computed" />
        {count(progress.done)} of {count(progress.all)} cells
        <button type="button" onClick={stop}>
          Cancel
        </button>
      </span>
    )
  if (map === null) return null
  const known = countKnown(map)
  if (isStopped)
    return (
      <span className="phase-progress chip">
        stopped at {count(known)} of {counted(map.known.length, 'cell')}
      </span>
    )
  if (seconds === null) return null
  return (
    <span className="phase-progress chip">
      {counted(known, 'cell')} in {seconds.toFixed(1)} s
    </span>
  )
}

/** What went wrong: with the ranges, or with some of the cells. */
function Trouble() {
  const fault = usePhase((state) => state.fault)
  const map = usePhase((state) => state.map)
  if (fault !== null)
    return (
      <p className="tone-warning" role="alert">
        {fault.code === null ? null : <code>{fault.code}</code>} {fault.rule}
        {fault.remedy === null ? '' : `. ${fault.remedy}`}
      </p>
    )
  if (map === null || map.refusals.length === 0) return null
  return <p className="note tone-warning">Hatched cells do not read: {map.refusals[0]}.</p>
}

function Body({
  map,
  inputs,
  tab,
  ran,
  command,
}: Parts & { readonly tab: Tab; readonly ran: Ran; readonly command: string | null }) {
  const before = usePhase((state) => state.before)
  const subject = useSubject(map, inputs)
  const canLoad = map.x.key !== DROP_KEY || ran.resolved.shock !== undefined
  const choose = (cell: Cell) => {
    if (!canLoad) return
    const { x, y } = subject
    void change(x.write(map.x.numbers[cell.column]), y.write(map.y.numbers[cell.row]))
    goTo('lab')
  }
  return (
    <>
      {tab === 'map' ? (
        <HeatMap {...{ subject, before, choose }} />
      ) : (
        <CellTable subject={subject} choose={choose} />
      )}
      <Foot {...{ subject, ran, command, canLoad, choose }} />
    </>
  )
}

function Foot({
  subject,
  ran,
  command,
  canLoad,
  choose,
}: {
  readonly subject: Subject
  readonly ran: Ran
  readonly command: string | null
  readonly canLoad: boolean
  readonly choose: (cell: Cell) => void
}) {
  const cursor = usePhase((state) => state.cursor)
  return (
    <footer className="phase-foot">
      <span className="phase-key">
        <svg width="28" height="8" aria-hidden="true">
          <path className="contour-rim" d="M0 4H28" />
          <path className="contour-line" d="M0 4H28" />
        </svg>
        ignition, dashed where it jumps
      </span>
      {canLoad ? (
        <button
          type="button"
          disabled={cursor === null}
          onClick={() => cursor !== null && choose(cursor)}
        >
          Load this cell in Lab
        </button>
      ) : (
        <span className="note">
          The price of this scenario follows a path, so a drop cannot be loaded into it.
        </span>
      )}
      <Files {...{ subject, ran, command }} />
      <span className="note phase-keys">
        <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> read cells, <kbd>Enter</kbd> loads one
      </span>
    </footer>
  )
}

function Sections({ map, inputs }: Parts) {
  const subject = useSubject(map, inputs)
  const { x, y, shown, you, row } = subject
  if (row < 0) return null
  const edges = edgesOf(subject)
  const values = map.values[shown.measure]
  const across = map.x.numbers.map((_, column) => values[cellOf(map, { column, row })])
  return (
    <>
      <Section
        title={`Along the ${y.isLog ? 'book' : y.name} of today, ${axisWords(y, y.value)}`}
        note={`${shown.name} against ${x.name}`}
        {...{ along: x, shown, values: across, you: you?.column ?? null, edge: edges.across }}
        numbers={map.x.numbers}
      />
      {you === null ? null : (
        <Section
          title={`Along your ${x.name}, ${axisWords(x, x.value)}`}
          note={`${shown.name} against ${y.name}`}
          {...{ along: y, shown, you: you.row, edge: edges.down, numbers: map.y.numbers }}
          values={map.y.numbers.map((_, r) => values[cellOf(map, { column: you.column, row: r })])}
        />
      )}
    </>
  )
}

function Tornado({ report }: { readonly report: Report }) {
  const metrics = tornadoMetrics(report)
  const [chosen, setChosen] = useState('total_liquidated_usd')
  const metric = metrics.includes(chosen) ? chosen : metrics[0]
  const draw = useCallback(
    (options: FigureOptions) =>
      tornado(sensitivitySweep(report, metric), { measure: metric, stat: 'mean' }, options),
    [report, metric],
  )
  if (metric === undefined) return <p className="note">No number of this run has sensitivities.</p>
  return (
    <>
      <label>
        number{' '}
        <select value={metric} onChange={(event) => setChosen(event.target.value)}>
          {metrics.map((name) => (
            <option key={name} value={name}>
              {measureWords(name)}
            </option>
          ))}
        </select>
      </label>
      <Picture draw={draw} name="tornado" />
    </>
  )
}

/** How this map differs from a sweep, and the words that compute it as one. */
function Notes({
  ran,
  axes,
  isTimed,
  set,
  command,
}: {
  readonly ran: Ran
  readonly axes: Axes
  readonly isTimed: boolean
  readonly set: string
  readonly command: string | null
}) {
  const across = [axes.x, axes.y].filter(({ step }) => !step.startsWith('×'))
  if (isTimed)
    return (
      <Card title="A run in time, as it opens">
        <p className="note">
          This scenario runs in time. The map is of the state that it opens with, as an instant
          cascade, worst first: blocks, bidders and feeds are not in it, and no sweep draws the
          same. Defences in time are compared on the Compare screen.
        </p>
      </Card>
    )
  return (
    <Card title="The same map in a terminal">
      <p className="note">
        Every cell is one run with the book of seed {ran.report.seed}. A sweep runs the same cells
        on all cores, keeps them in files, and with <code>--runs 200</code> draws 200 books and
        states intervals.
        {command === null ? (
          <>
            {' '}
            Books of another depth are written out whole, as <code>{axes.y.key}</code>; this is the
            command for the row of today.
          </>
        ) : null}
      </p>
      <pre className="command">
        <code>{command ?? sweepCommand(ran.name, across, set)}</code>
      </pre>
    </Card>
  )
}
