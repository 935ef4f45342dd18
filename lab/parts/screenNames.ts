/** What screens are called. */

import type { ScreenName } from '../state/store.ts'

export const screenNames: Readonly<Record<ScreenName, string>> = {
  lab: 'Lab',
  replay: 'Replay',
  walls: 'Walls',
  phase: 'Phase',
  compare: 'Compare',
  live: 'Live',
  report: 'Report',
}
