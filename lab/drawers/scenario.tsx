/** The Scenario drawer: the text of the scenario, and what the sliders have changed of it. */

import { useEffect, useId, useRef } from 'react'
import { ChooseFiles } from '../drop/choose.tsx'
import { FaultText } from '../parts/faultText.tsx'
import {
  askHint,
  dropOverride,
  edit,
  load,
  placeIn,
  revert,
  runText,
  useEditor,
  writeOverrides,
} from '../state/editor.ts'
import { useLab } from '../state/store.ts'
import { Editor, goToPlace } from './editor.tsx'
import { SideDrawer } from './frame.tsx'

export function ScenarioDrawer({ onClose }: { readonly onClose: () => void }) {
  return (
    <SideDrawer name="scenario" onClose={onClose}>
      <Contents />
    </SideDrawer>
  )
}

function Contents() {
  const draft = useLab((state) => state.draft)
  useEffect(() => {
    if (draft !== null) void load(draft)
  }, [draft])
  if (draft === null)
    return (
      <div className="drawer-body">
        <p>No scenario is open. Take an example, or open files of your own.</p>
        <ChooseFiles />
      </div>
    )
  return (
    <div className="drawer-body drawer-fill">
      <Overrides />
      <TextOfScenario />
    </div>
  )
}

/** What the controls have changed, over the text. */
function Overrides() {
  const overrides = useLab(({ draft }) => draft?.overrides)
  if (overrides === undefined || overrides.length === 0)
    return <p className="note">The controls have changed nothing: the text below is the run.</p>
  return (
    <section aria-label="Changes by the controls">
      <p className="note">Changed by the controls, over the text below:</p>
      <ul className="overrides">
        {overrides.map(([key, value]) => (
          <li key={key} className="chip">
            <code>
              {key} = {value}
            </code>
            <button type="button" onClick={() => void dropOverride(key)}>
              <span aria-hidden="true">×</span>
              <span className="unseen">Remove {key}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void writeOverrides()}>
        Write them into the text
      </button>
    </section>
  )
}

function TextOfScenario() {
  const { text, saved, entry, fault: wrong, isJudged, hint } = useEditor()
  const ranInto = useLab((state) => state.fault)
  // A text that was not touched is what ran, or what failed to.
  const fault = wrong ?? (text === saved ? ranInto : null)
  const area = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const asked = useRef<ReturnType<typeof setTimeout>>(undefined)
  const place = placeIn(entry, fault?.place ?? null)
  const hintSoon = (offset: number) => {
    clearTimeout(asked.current)
    asked.current = setTimeout(() => void askHint(offset), HINT_MS)
  }
  return (
    <>
      <Editor
        text={text}
        label={`Text of ${entry}`}
        wrong={place?.line ?? null}
        describedBy={`${id}-said`}
        area={area}
        onEdit={edit}
        onRun={() => void runText()}
        onPlace={hintSoon}
      />
      <div className="editor-said" id={`${id}-said`} role="status">
        {fault === null ? (
          <p className="note">{said(isJudged, text !== saved)}</p>
        ) : (
          <FaultText fault={fault} />
        )}
        {hint === null || fault !== null ? null : (
          <p className="note">
            <code>{hint.path}</code> {hint.about}
          </p>
        )}
      </div>
      <div className="drawer-actions">
        <button
          type="button"
          className="primary"
          title="Ctrl+Enter in the text"
          disabled={fault !== null && isJudged}
          onClick={() => void runText()}
        >
          Run
        </button>
        {place === null ? null : (
          <button type="button" onClick={() => goToPlace(area.current!, place.line, place.column)}>
            Go to line {place.line}
          </button>
        )}
        <button type="button" disabled={text === saved} onClick={revert}>
          Revert
        </button>
        <button type="button" onClick={() => download(entry, text)}>
          Download
        </button>
        <ChooseFiles />
      </div>
    </>
  )
}

const HINT_MS = 120

function said(isJudged: boolean, isEdited: boolean): string {
  if (!isJudged) return 'Reading.'
  return isEdited ? 'It reads. Run it with the button or Ctrl+Enter.' : 'This text is what ran.'
}

function download(entry: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
  link.download = entry.replace(/^.*[\\/]/, '')
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}

const KEPT_MS = 10_000
