/** What the engine says about the run on screen: definitions, codes, the rules, one account. */

import { useEffect, useState } from 'react'
import type { Explained } from '../engine/textProtocol.ts'
import { largestAccount } from '../state/largest.ts'
import { engine, type Ran, useLab } from '../state/store.ts'

export type Said = Explained

/** Asks once for each run; null before the answer. */
export function useExplained(): Explained | null {
  const ran = useLab((state) => state.ran)
  const [said, setSaid] = useState<{ readonly of: Ran; readonly explained: Explained } | null>(null)
  useEffect(() => {
    const { draft } = useLab.getState()
    if (ran === null || draft === null) return
    let isOver = false
    const { metrics } = ran.report
    const ask = {
      draft,
      metrics: Object.keys(metrics),
      account: largestAccount(ran.report),
    }
    engine.ask('text', 'explain', ask).then(
      (explained) => isOver || setSaid({ of: ran, explained }),
      // A newer question came, or the draft does not read: then the run has not changed either.
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [ran])
  return said?.explained ?? null
}
