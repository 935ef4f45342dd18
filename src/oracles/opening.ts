/** What every feed starts from. */

import type { OracleSpec } from '../scenario.ts'

/** The world at the opening, as one feed sees it. */
export interface OracleOpening {
  /** Market price at the opening, USD per unit; also what the feed publishes there. */
  readonly price: number
  /** A uniform in (0, 1) for this feed, found by block: equal blocks draw equal numbers. */
  draw(block: number): number
}

/** The parameters of one model. */
export type SpecOf<Kind extends OracleSpec['kind']> = Extract<OracleSpec, { readonly kind: Kind }>
