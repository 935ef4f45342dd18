import type { SweepReport } from '../sweep/report.ts'
import type { OutFile } from './save.ts'
import type { Focus } from './terminal/sweep.ts'
/** Interim. */
export function sweepFiles(_r: SweepReport, _f: Focus, _x: 'md' | 'svg', _c: string): OutFile[] {
  return []
}
