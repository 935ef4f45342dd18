/** Report: the document of the run, its pieces on and off, what it lacks, and its files. */

import './report.css'
import { type ReactNode, useMemo, useState } from 'react'
import { type Format, partsOf } from '../../src/document/files.ts'
import { markdown, postMax } from '../../src/document/markdown.ts'
import { timedPartsOf } from '../../src/document/timedFiles.ts'
import { count, counted } from '../../src/format.ts'
import type { Draft } from '../engine/protocol.ts'
import { saveText } from '../export/save.ts'
import { rerunOf } from '../export/stamp.ts'
import { Icon } from '../parts/icons.tsx'
import { compareCommand } from '../state/arms.ts'
import { asking, type Shown, useCompare } from '../state/compare.ts'
import {
  arranged,
  moved,
  type Piece,
  piecesOf,
  reorder,
  resetReport,
  toggle,
  useReport,
} from '../state/report.ts'
import { goTo, type Ran, useLab } from '../state/store.ts'
import { comparedBlocks } from './report/compared.ts'
import { evidenceOf } from './report/evidence.ts'
import { reportFiles } from './report/files.ts'
import { Preview } from './report/preview.tsx'

export function ReportScreen() {
  const ran = useLab((state) => state.ran)
  const draft = useLab((state) => state.ranDraft)
  if (ran === null || draft === null) return null
  return <Document ran={ran} draft={draft} />
}

function Document({ ran, draft }: { readonly ran: Ran; readonly draft: Draft }) {
  const { report } = ran
  const command = rerunOf(draft)
  const parts = useMemo(
    () =>
      report.schema === 'firebreak.result/1'
        ? partsOf(report, command)
        : timedPartsOf(report, command),
    [report, command],
  )
  const compared = useCompared(draft)
  const { off, order } = useReport()
  const pieces = useMemo(() => {
    const own = piecesOf(parts.blocks)
    if (compared === null) return arranged(own, order)
    const blocks = comparedBlocks(compared.compared.report, compareCommand(compared.ask))
    const at = own.findIndex(({ name }) => name === 'Checks and warnings')
    const piece = { id: 'comparison', name: 'Comparison', isFixed: false, blocks }
    return arranged(own.toSpliced(at < 0 ? -1 : at, 0, piece), order)
  }, [parts, compared, order])
  const kept = pieces.filter(({ id, isFixed }) => isFixed || !off.includes(id))
  const [look, setLook] = useState<'page' | 'post'>('page')
  return (
    <div className="rep">
      <aside className="rep-rail">
        <Files
          files={(format) => reportFiles(report, parts, kept, command, format)}
          isOwn={draft.text === null ? null : draft}
        />
        <Missing ran={ran} pairs={compared?.compared.report.pairs ?? null} />
        <Pieces pieces={pieces} off={off} />
      </aside>
      <div className="rep-column">
        <div className="segmented">
          {(['page', 'post'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={look === one}
              onClick={() => setLook(one)}
            >
              {one === 'page' ? 'Document' : 'Forum post'}
            </button>
          ))}
        </div>
        {look === 'page' ? <Preview pieces={kept} /> : <Post pieces={kept} />}
      </div>
    </div>
  )
}

/** The comparison of the scenario as it ran; null where there is none, or not all of it. */
function useCompared(draft: Draft): Shown | null {
  const { shown, choices, pairs } = useCompare()
  if (shown?.isWhole !== true) return null
  const ask = asking(draft, choices, pairs)
  return JSON.stringify(ask) === JSON.stringify(shown.ask) ? shown : null
}

function Post({ pieces }: { readonly pieces: readonly Piece[] }) {
  const text = markdown(pieces.flatMap(({ blocks }) => blocks))
  return (
    <section className="card rep-post" aria-label="The post as Markdown">
      <h1 className="unseen">Forum post</h1>
      <p className="note">
        {count(text.length)} of {count(postMax)} characters that a forum takes; pictures go beside
        it, as files.
      </p>
      <textarea readOnly rows={30} value={text} aria-label="Markdown" />
    </section>
  )
}

const formats: readonly {
  readonly format: Format
  readonly name: string
  readonly about: string
}[] = [
  { format: 'html', name: 'HTML', about: 'one file, nothing loaded from anywhere' },
  { format: 'md', name: 'Markdown', about: 'for a forum' },
  { format: 'svg', name: 'Pictures', about: 'SVG, a file each' },
  { format: 'csv', name: 'Tables', about: 'CSV, a file each' },
  { format: 'json', name: 'Result', about: 'JSON' },
]

function Files({
  files,
  isOwn,
}: {
  readonly files: (format: Format) => readonly { readonly name: string; readonly text: string }[]
  readonly isOwn: Draft | null
}) {
  const [said, setSaid] = useState('')
  const give = (format: Format) => {
    const all = files(format)
    for (const { name, text } of all) saveText(name, text)
    setSaid(all.length === 1 ? `Saved ${all[0].name}` : `Saved ${counted(all.length, 'file')}`)
  }
  return (
    <section className="card" aria-label="Files">
      <h2>Take it along</h2>
      <p className="note">
        Every file says its run, its seed, the time of its data and the command that makes it again.
      </p>
      <ul className="rep-files">
        {formats.map(({ format, name, about }) => (
          <li key={format}>
            <button type="button" onClick={() => give(format)}>
              {name}
            </button>
            <span className="note">{about}</span>
          </li>
        ))}
        {isOwn === null ? null : (
          <li>
            <button type="button" onClick={() => saveText(isOwn.entry, isOwn.text!)}>
              Scenario
            </button>
            <span className="note">its own text, as the command names it</span>
          </li>
        )}
      </ul>
      <p className="note" role="status">
        {said}
      </p>
    </section>
  )
}

function Missing({ ran, pairs }: { readonly ran: Ran; readonly pairs: number | null }) {
  const all = evidenceOf(ran.report, pairs)
  const missing = all.filter(({ isThere }) => !isThere)
  return (
    <Fold
      title={
        missing.length === 0
          ? 'Nothing that a reader asks for is missing'
          : `A reader will miss ${counted(missing.length, 'thing')}`
      }
    >
      <ul className="rep-evidence">
        {[...missing, ...all.filter(({ isThere }) => isThere)].map(
          ({ id, isThere, text, remedy }) => (
            <li key={id}>
              <span className={isThere ? 'tone-absorb' : 'tone-warning'} aria-hidden="true">
                {isThere ? '✓' : '!'}
              </span>
              <span>
                <span className="unseen">{isThere ? 'there: ' : 'missing: '}</span>
                {text}
                {remedy === null ? null : <span className="note">{remedy}.</span>}
                {id === 'comparison' && !isThere ? (
                  <button type="button" className="link" onClick={() => goTo('compare')}>
                    Open Compare
                  </button>
                ) : null}
              </span>
            </li>
          ),
        )}
      </ul>
    </Fold>
  )
}

/** A card that opens: shut on a phone at first, where the document comes soon. */
function Fold({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const [isWide] = useState(() => window.matchMedia('(min-width: 1101px)').matches)
  return (
    <details className="card rep-fold" open={isWide}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  )
}

function Pieces({
  pieces,
  off,
}: {
  readonly pieces: readonly Piece[]
  readonly off: readonly string[]
}) {
  const free = pieces.filter(({ isFixed }) => !isFixed)
  return (
    <Fold title="Pieces">
      <ol className="rep-pieces">
        {pieces.map(({ id, name, isFixed }) => (
          <li key={id}>
            <label>
              <input
                type="checkbox"
                checked={isFixed || !off.includes(id)}
                disabled={isFixed}
                onChange={() => toggle(id)}
              />
              {name}
            </label>
            {isFixed ? (
              <span className="note">always there</span>
            ) : (
              <>
                <Step {...{ id, name, pieces }} by={-1} isOff={free[0].id === id} />
                <Step {...{ id, name, pieces }} by={1} isOff={free.at(-1)!.id === id} />
              </>
            )}
          </li>
        ))}
      </ol>
      <button type="button" className="link" onClick={resetReport}>
        Reset
      </button>
    </Fold>
  )
}

function Step({
  id,
  name,
  pieces,
  by,
  isOff,
}: {
  readonly id: string
  readonly name: string
  readonly pieces: readonly Piece[]
  readonly by: -1 | 1
  readonly isOff: boolean
}) {
  const word = by < 0 ? 'up' : 'down'
  return (
    <button
      type="button"
      className="quiet icon-only"
      aria-label={`Move ${name} ${word}`}
      disabled={isOff}
      onClick={() => reorder(moved(pieces, id, by))}
    >
      <Icon name={by < 0 ? 'chevronUp' : 'chevronDown'} />
    </button>
  )
}
