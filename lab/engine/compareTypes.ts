/** What the page asks of a comparison, and what it is told. */

import type { Override } from '../../src/ingest/compose.ts'
import type { CompareReport } from '../../src/sweep/compare.ts'
import type { Draft } from './protocol.ts'

/** A defence by the name of its factory. */
export interface DefenceFacts {
  readonly kind: string
  readonly parameters: readonly DefenceParameter[]
}

/** What a defence may be told, as keys of a scenario file. */
export interface DefenceParameter {
  readonly key: string
  readonly about: string
  /** As typed; null where it must be given, or may be left out. */
  readonly otherwise: string | null
  readonly isNeeded: boolean
  /** The words that it may be; null for anything else. */
  readonly choices: readonly string[] | null
}

/** Arms over a scenario; the first is the one that the others are measured from. */
export interface CompareAsk {
  readonly draft: Draft
  readonly arms: readonly { readonly name: string; readonly set: readonly Override[] }[]
  readonly pairs: number
}

/** What came of the pairs. */
export interface Compared {
  /** The first arm against the others. */
  readonly report: CompareReport
  /** The scenario as it is against all arms; null where the first arm is that. */
  readonly beside: CompareReport | null
  /** Numbers of the pairs that count, and what each arm came to in them, by measure. */
  readonly pairs: readonly number[]
  readonly columns: readonly Readonly<Record<string, readonly number[]>>[]
}

/** How far a comparison is. */
export interface ComparePart {
  readonly done: number
  readonly all: number
  readonly secondsLeft: number | null
  /** Null while there are too few pairs to say anything. */
  readonly so: Compared | null
}

/** An arm over time. Columns of equal length; USD. */
export interface Course {
  readonly runId: string
  readonly asset: string
  readonly opening: number
  readonly seconds: readonly number[]
  readonly price: readonly number[]
  /** Debt that was liquidated so far. */
  readonly liquidated: readonly number[]
}
