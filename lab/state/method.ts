/** Which metric the Method drawer shows first. */

import { create } from 'zustand'
import { openDrawer } from './store.ts'

export const useMethod = create<{ readonly metric: string | null }>()(() => ({ metric: null }))

/** Opens the Method drawer at a metric, by its name in `--json`. */
export function explainMetric(metric: string): void {
  useMethod.setState({ metric })
  openDrawer('method')
}
