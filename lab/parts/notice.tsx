/** What came of a link: whether the same run came out here, and what it asked for in vain. */

import { shortId } from '../../src/format.ts'
import { verdictOn } from '../state/link.ts'
import { dismiss, useLab } from '../state/store.ts'
import { screenNames } from './bar.tsx'
import { Icon } from './icons.tsx'

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

function Recomputed() {
  const promised = useLab((state) => state.promised)
  const ran = useLab((state) => state.ran)
  const isStale = useLab((state) => state.isStale)
  if (promised === null || ran === null || isStale) return null
  const verdict = verdictOn(promised, ran)
  if (verdict.isSame)
    return (
      <p className="notice" role="status">
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
