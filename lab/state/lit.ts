/** The round under the pointer or the focus: it is lit wherever it is drawn. */

import { create } from 'zustand'

/** Null where no round is looked at. */
export const useLit = create<{ readonly round: number | null }>()(() => ({ round: null }))

export function light(round: number | null): void {
  if (useLit.getState().round !== round) useLit.setState({ round })
}
