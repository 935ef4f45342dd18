/** What lets one feed take over the state of another. */

import { assert } from '../errors.ts'
import type { Oracle } from '../oracle.ts'

/** A feed that shows its state to its own copies. */
export interface Feed<State> extends Oracle {
  readonly state: State
}

/**
 * The state of the feed that another is reset from.
 *
 * Throws: AssertionError on a feed of another model.
 */
export function stateOf<State>(from: Oracle, kind: string): State {
  assert(from.kind === kind && 'state' in from, `${kind} resets from its own copies`)
  return (from as Feed<State>).state
}
