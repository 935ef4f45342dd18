/** What the page asks the engine, and what it answers. Plain data: it crosses into the worker. */

import type { Headline } from '../../src/analysis/headline.ts'
import type { CodePage } from '../../src/codePage.ts'
import type { Override } from '../../src/ingest/compose.ts'
import type { Report } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import type { CompareAsk, Compared, ComparePart, Course, DefenceFacts } from './compareTypes.ts'
import type { PhaseAsk, PhaseDone, PhasePart } from './phaseMap.ts'
import type { ReplayColumns } from './replayColumns.ts'
import type { TextQuestions } from './textProtocol.ts'
import type { Walls, WallsAsk } from './wallsTable.ts'

/** A scenario as the page holds it. The whole of what a link carries. */
export interface Draft {
  /** A bundled example, or a name for `text`. */
  readonly entry: string
  /** The scenario's own text; null for a bundled example. */
  readonly text: string | null
  /** What controls have changed, by key path, with values as typed; later ones win. */
  readonly overrides: readonly Override[]
}

/** A file that was dropped on the page, by the name under which a scenario finds it. */
export interface DroppedFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** How scenarios may ask for it besides its name; see `askedAs`. */
  readonly asked?: readonly string[]
}

/** A scenario as it was read. */
export interface ReadFacts {
  readonly name: string
  readonly runId: string
  readonly engineVersion: string
  /** Plain JSON with everything filled in: what controls read their values from. */
  readonly resolved: Resolved
  /** Whether it runs block by block. */
  readonly isTimed: boolean
}

/** What a report shows first, of a run that is not wholly known yet. */
export interface Sketch extends Pick<Report, 'rounds' | 'map' | 'levels'> {
  readonly drop: number
  readonly numbers: Headline
  /** Left out of the first part. */
  readonly curve?: Report['curve']
  readonly ignition?: number | null
}

export type Resolved = Readonly<Record<string, unknown>>

/** By kind of question: what is asked, what comes back, and what comes before that. */
export interface Questions extends TextQuestions {
  /** Reads a scenario, runs nothing. */
  read: { ask: Draft; answer: ReadFacts; part: never }
  /** The exact run, the same bytes as `firebreak run --json`. */
  run: {
    ask: Draft
    answer: ReadFacts & { readonly report: Report | TimedReport }
    part: RunProgress
  }
  /** The run frame by frame; a part says how far it is, from 0 to 1. */
  replay: { ask: Draft; answer: ReplayColumns; part: { readonly done: number } }
  /** A cheap answer while a slider moves: a part without the curve, then the whole of it. */
  sketch: { ask: Draft; answer: Sketch | null; part: Sketch }
  /** The bundled examples. */
  examples: { ask: null; answer: readonly Example[]; part: never }
  /** What a code means, as `firebreak help` says it; null for one that there is not. */
  page: { ask: string; answer: CodePage | null; part: never }
  /** The instant cascade of the state that a scenario opens with: of one in time. */
  opening: { ask: Draft; answer: Report; part: never }
  /** Accounts by trigger price, and what must be sold to get there. */
  walls: { ask: WallsAsk; answer: Walls; part: never }
  /** Instant cascades over two varied keys, a line at a time. */
  phase: { ask: PhaseAsk; answer: PhaseDone; part: PhasePart }
  /** All defences and what they may be told. */
  defences: { ask: null; answer: readonly DefenceFacts[]; part: never }
  /** Paired runs of some arms; parts are the same of the pairs that are there so far. */
  compare: { ask: CompareAsk; answer: Compared; part: ComparePart }
  /** One pair of the same, over time: a course for each arm. */
  pair: { ask: CompareAsk & { readonly pair: number }; answer: readonly Course[]; part: never }
}

/** How far a run is. */
export interface RunProgress {
  readonly accounts: number
  /** Blocks that ran, and will have run, in all phases together; null in an instant cascade. */
  readonly blocks: { readonly passed: number; readonly all: number } | null
}

/** A bundled example: what a draft calls it, and the first sentence of its own text. */
export interface Example {
  readonly entry: string
  readonly about: string
}

export type Kind = keyof Questions

/** What went wrong, as the engine's errors say it. */
export interface Fault {
  /** Null where it is no error of the input but our own. */
  readonly code: string | null
  readonly message: string
  readonly rule: string
  readonly place: string | null
  readonly came: string | null
  readonly remedy: string | null
}

/** From the page. Files come first and stay. */
export type ToWorker =
  | { readonly files: readonly DroppedFile[] }
  | { readonly id: number; readonly kind: Kind; readonly ask: Questions[Kind]['ask'] }

/** To the page: parts, then an answer or a fault. */
export type FromWorker = { readonly id: number } & (
  | { readonly part: unknown }
  | { readonly answer: unknown }
  | { readonly fault: Fault }
)
