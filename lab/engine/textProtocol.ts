/** What the drawers and the dialog of files ask the engine, and what it answers. */

import type { Definition } from '../../src/definition.ts'
import type { Override } from '../../src/ingest/compose.ts'
import type { ColumnGuess, FoundAsset, TableRole } from '../../src/ingest/guess.ts'
import type { PlainRules } from '../../src/ingest/starter.ts'
import type { DepthTable } from '../../src/report.ts'
import type { Draft } from './protocol.ts'

/** By kind of question: what is asked, what comes back, and what comes before that. */
export interface TextQuestions {
  /** A draft's own text, of an example too. */
  text: { ask: Draft; answer: string; part: never }
  /** The text with the overrides written into it, and those that it cannot say. */
  amend: {
    ask: Draft
    answer: { readonly text: string; readonly left: readonly Override[] }
    part: never
  }
  /** What the key at an offset of a text means. */
  hint: {
    ask: { readonly text: string; readonly offset: number }
    answer: { readonly path: string; readonly about: string } | null
    part: never
  }
  /** What a run's numbers and warnings mean, and one account worked out. */
  explain: {
    ask: {
      readonly draft: Draft
      readonly metrics: readonly string[]
      /** Null where nobody was liquidated. */
      readonly account: {
        readonly protocol: string
        readonly account: string
        /** How far to look down, by asset; that of the shocked asset counts. */
        readonly drops: Readonly<Record<string, number>>
      } | null
    }
    answer: Explained
    part: never
  }
  /** A file that was dropped: its columns, what they may be, and the assets in it. */
  look: {
    ask: {
      readonly name: string
      readonly file: Blob
      /** Null: to be guessed. */
      readonly role: TableRole | null
      readonly columns: ColumnGuess | null
    }
    answer: LookedAt
    part: { readonly read: number; readonly of: number }
  }
  /** The text of a scenario made of files. */
  market: { ask: MarketChoice; answer: string; part: never }
}

/** Words about a run. */
export interface Explained {
  /** What the scenario says of itself in its first lines. */
  readonly remark: string
  readonly metrics: readonly (Definition & { readonly name: string })[]
  readonly rules: readonly {
    readonly protocol: string
    readonly kind: string
    readonly keys: readonly { readonly key: string; readonly about: string }[]
  }[]
  readonly account: WorkedAccount | null
  /** Venues of each asset at the opening, with how far they were observed. */
  readonly depth: readonly Pick<DepthTable, 'asset' | 'venues' | 'bands'>[]
}

/** An account at the opening and after a drop, and what the rules then put up for sale. */
export interface WorkedAccount {
  readonly protocol: string
  readonly account: string
  readonly edge: 'below' | 'atOrBelow'
  readonly shocked: { readonly asset: string; readonly drop: number }
  readonly states: readonly [WorkedState, WorkedState]
  readonly offers: readonly {
    readonly sells: string
    readonly units: number
    readonly worthUsd: number
    readonly pays: string
    readonly cost: number
    readonly costUsd: number
  }[]
}

/** The sums that a health factor is made of. */
export interface WorkedState {
  readonly legs: readonly {
    readonly asset: string
    readonly isDebt: boolean
    readonly units: number
    readonly price: number
    /** What counts of its worth: the threshold of collateral. */
    readonly weight: number
    /** units x price x weight. */
    readonly usd: number
  }[]
  readonly weightedUsd: number
  readonly debtUsd: number
  /** Null without debt. */
  readonly factor: number | null
  readonly isBreached: boolean
}

/** What is in a file. */
export interface LookedAt {
  readonly name: string
  /** Null where it seems to be neither. */
  readonly role: TableRole | null
  readonly rows: number
  readonly columns: readonly string[]
  /** The first rows, as text. */
  readonly sample: readonly (readonly string[])[]
  readonly chosen: ColumnGuess
  readonly assets: readonly FoundAsset[]
  readonly rules: readonly PlainRules[]
}

/** All that a scenario of files is made from. Quantities as a person writes them. */
export interface MarketChoice {
  readonly name: string
  /** How it was made, for its first line. */
  readonly made: string
  readonly book: {
    readonly file: string
    readonly columns: Readonly<Record<string, string>>
  }
  readonly assets: readonly {
    readonly name: string
    readonly price: string
    readonly terms: Readonly<Record<string, string>>
  }[]
  readonly rules: { readonly kind: string; readonly keys: Readonly<Record<string, string>> }
  readonly venues: readonly {
    readonly name: string
    readonly asset: string
    readonly depth:
      | { readonly kind: 'orderBook'; readonly file: null; readonly within10: string }
      | {
          readonly kind: 'orderBook' | 'quoteLadder'
          readonly file: string
          readonly columns: Readonly<Record<string, string>>
        }
  }[]
  readonly shock: string
}
