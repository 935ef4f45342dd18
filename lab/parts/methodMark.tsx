/** A small question mark beside the label of a number: it opens what the number means. */

import './methodMark.css'
import { explainMetric } from '../state/method.ts'

export function MethodMark({
  metric,
  label,
}: {
  /** Its name in `--json`. */
  readonly metric: string
  readonly label: string
}) {
  return (
    <button type="button" className="method-mark" onClick={() => explainMetric(metric)}>
      <span aria-hidden="true">?</span>
      <span className="unseen">What {label} means</span>
    </button>
  )
}
