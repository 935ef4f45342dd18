/** What came of a link: whether the same run came out here, and what it asked for in vain. */

import { shortId } from '../../src/format.ts'
import { verdictOn } from '../state/link.ts'
import { dismiss, useLab } from '../state/store.ts'
import { Icon } from './icons.tsx'
import { screenNames } from './screenNames.ts'

export function Notices() {
  return (
    <>
      <UnknownScreen />
      <Recomputed />
    </>
  )
}

function UnknownScreen() {
  const unknown = useLab(({ unknownScreen }) => unknownScreen)
  const shown = useLab(({ screen }) => screenNames[screen])
  if (unknown === null) return null
  return (
    <p className="notice warns" role="status">
      <Icon name="warning" />
      <span>
        The link asks for a screen <code>{unknown}</code>, which there is not. This is {shown}.
      </span>
      <button type="button" className="quiet icon-only" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="close" />
      </button>
    </p>
  )
}

/** What came of a run that a link promised; null where none did, or before it has come. */
function useVerdict() {
  const promised = useLab((state) => state.promised)
  const ran = useLab((state) => state.ran)
  const isStale = useLab((state) => state.isStale)
  if (promised === null || ran === null || isStale) return null
  return { promised, ran, verdict: verdictOn(promised, ran) }
}

/** In the bar, where there is room: that the same run came out here. */
export function MatchChip() {
  const found = useVerdict()
  if (!found?.verdict.isSame) return null
  return (
    <span className="match-chip" role="status">
      <Icon name="check" />
      Recomputed here: matches
    </span>
  )
}

function Recomputed() {
  const found = useVerdict()
  if (found === null) return null
  const { promised, ran, verdict } = found
  if (verdict.isSame)
    return (
      <p className="notice same" role="status">
        <Icon name="check" />
        <span>
          Recomputed here: matches run <code>{shortId(ran.runId)}</code>
        </span>
      </p>
    )
  return (
    <p className="notice warns" role="status">
      <Icon name="warning" />
      <span>
        Recomputed here: this is run <code>{shortId(ran.runId)}</code>, the sender saw{' '}
        <code>{promised.run.slice(0, 4)}…</code>: {verdict.reason}.
      </span>
    </p>
  )
}
