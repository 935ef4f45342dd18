/** Lab, the home screen. */

import { useCallback } from 'react'
import { cobweb } from '../../src/figures/cobweb.ts'
import type { FigureOptions } from '../../src/figures/sheet.ts'
import type { Report } from '../../src/report.ts'
import { Card } from '../parts/card.tsx'
import { Picture } from '../parts/picture.tsx'
import { useLab } from '../state/store.ts'

export function LabScreen() {
  const report = useLab(({ ran }) => ran?.report)
  if (report?.schema !== 'firebreak.result/1') return null
  return <Instant report={report} />
}

function Instant({ report }: { readonly report: Report }) {
  const draw = useCallback((options: FigureOptions) => cobweb(report, options), [report])
  return (
    <Card>
      <Picture name="cobweb" draw={draw} />
    </Card>
  )
}
