/** What a link to this run is, what is in it, and the same in a terminal. */

import { type ReactNode, useEffect, useState } from 'react'
import { count, counted, shortId } from '../../src/format.ts'
import { commandOf } from '../export/stamp.ts'
import { linkOf, type Ran, useLab } from '../state/store.ts'
import { viewOf } from '../state/views.ts'
import { CopyButton } from './copy.tsx'
import { Dialog } from './dialog.tsx'

export function Share({ onClose }: { readonly onClose: () => void }) {
  const ran = useLab((state) => state.ran)
  const draft = useLab(({ ranDraft }) => ranDraft)
  const screen = useLab((state) => state.screen)
  if (ran === null || draft === null)
    return (
      <Dialog title="Share" onClose={onClose}>
        <p>There is no run to share yet. Open an example or a file first.</p>
      </Dialog>
    )
  const command = commandOf(draft)
  const view = viewOf(screen)
  return (
    <Dialog title="Share this run" onClose={onClose}>
      <Link />
      <section className="stack">
        <h3>In the link</h3>
        <ul className="bullets">
          <li>
            {draft.text === null ? (
              <>
                the bundled example <code>{draft.entry}</code>, by its name
              </>
            ) : (
              <>
                the whole scenario <code>{draft.entry}</code>,{' '}
                {counted(draft.text.trimEnd().split('\n').length, 'line')}
              </>
            )}
          </li>
          {draft.overrides.map(([key, value]) => (
            <li key={key}>
              <code>
                {key}={value}
              </code>
            </li>
          ))}
          {view === null ? null : <li>{view.words}</li>}
          <li>
            the screen, and run <code>{shortId(ran.runId)}</code> to compare with: whoever opens it
            computes the run again and is told whether it matches
          </li>
        </ul>
        <Left ran={ran} />
      </section>
      <section className="stack">
        <h3>The same numbers in a terminal</h3>
        {draft.text === null ? null : (
          <p className="note">
            Save the scenario as <code>{draft.entry}</code> first: Export has it.
          </p>
        )}
        <Copied text={command} name="Copy the command">
          <pre className="line">{command}</pre>
        </Copied>
      </section>
    </Dialog>
  )
}

function Link() {
  const [link, setLink] = useState('')
  useEffect(() => {
    let isHere = true
    void linkOf().then((link) => isHere && setLink(link))
    return () => {
      isHere = false
    }
  }, [])
  const isOnDisk = window.location.protocol === 'file:'
  return (
    <section className="stack">
      <Copied text={link} name="Copy the link" isFirst>
        <input className="line" readOnly aria-label="Link" value={link} />
      </Copied>
      <p className="note">
        {count(link.length)} characters, all of the run behind the <code>#</code>: no server gets
        it.
        {link.length > LONG ? ' Some chats cut links as long as this one.' : null}
        {isOnDisk
          ? ' This page is a file on your disk: what is behind the # opens in any copy of the lab.'
          : null}
      </p>
    </section>
  )
}

/** What many programs still take whole. */
const LONG = 2000

function Left({ ran }: { readonly ran: Ran }) {
  const files = ran.report.data.filter(({ role, sha256 }) => role !== 'scenario' && sha256 !== null)
  if (files.length === 0) return null
  return (
    <p className="note">
      Not in it: {files.map(({ name }) => name).join(', ')}. Files go by their digests: whoever
      opens the link drops the same {files.length === 1 ? 'file' : 'files'} on the page.
    </p>
  )
}

function Copied({
  text,
  name,
  isFirst = false,
  children,
}: {
  readonly text: string
  readonly name: string
  readonly isFirst?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className="copied">
      {children}
      <CopyButton {...{ text, name, isFirst }} />
    </div>
  )
}
