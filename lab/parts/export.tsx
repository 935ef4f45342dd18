/** What the screen shows as files: pictures, tables, the run, a document. */

import { useState } from 'react'
import { shortId } from '../../src/format.ts'
import type { Draft } from '../engine/protocol.ts'
import { type Drawing, useDrawings } from '../export/figures.ts'
import { documentOf, jsonOf, pngOf, save, textFile } from '../export/save.ts'
import { fileName, rerunOf, stamped } from '../export/stamp.ts'
import { faultOf, type Ran, useLab } from '../state/store.ts'
import { type ThemeName, useTheme } from '../state/theme.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icons.tsx'

export function Export({ onClose }: { readonly onClose: () => void }) {
  const ran = useLab((state) => state.ran)
  const draft = useLab(({ ranDraft }) => ranDraft)
  const [said, setSaid] = useState('')
  const told: Tell = async (name, make) => {
    try {
      save(name, await make())
      setSaid(`Saved ${name}`)
    } catch (error) {
      setSaid(`Not saved: ${faultOf(error).rule}`)
    }
  }
  return (
    <Dialog title="Export" onClose={onClose}>
      {ran === null || draft === null ? (
        <p>There is no run to export yet. Open an example or a file first.</p>
      ) : (
        <>
          <Figures {...{ ran, draft, told }} />
          <Whole {...{ ran, draft, told }} />
          <p className="note">
            Every file says run <code>{shortId(ran.runId)}</code>, seed {ran.report.seed}, the time
            of the data and the command that makes it again.
          </p>
        </>
      )}
      <p role="status" className="note">
        {said}
      </p>
    </Dialog>
  )
}

/** Makes a file and saves it. */
type Tell = (name: string, make: () => Blob | Promise<Blob>) => Promise<void>

interface Run {
  readonly ran: Ran
  readonly draft: Draft
  readonly told: Tell
}

function Figures(run: Run) {
  const drawings = useDrawings(({ all }) => all)
  const page = useTheme(({ name }) => name)
  const [theme, setTheme] = useState<ThemeName>(page)
  return (
    <section className="stack">
      <header className="card-head">
        <h3>Pictures of this screen</h3>
        <label className="inline">
          Dark
          <input
            type="checkbox"
            className="switch"
            checked={theme === 'dark'}
            onChange={({ target }) => setTheme(target.checked ? 'dark' : 'light')}
          />
        </label>
      </header>
      {drawings.length === 0 ? <p className="note">This screen has none.</p> : null}
      <ul className="files">
        {drawings.map((drawing) => (
          <FigureFiles key={drawing.name} {...{ ...run, drawing, theme }} />
        ))}
      </ul>
    </section>
  )
}

function FigureFiles({
  ran,
  draft,
  told,
  drawing: { name, draw },
  theme,
}: Run & { readonly drawing: Drawing; readonly theme: ThemeName }) {
  const file = fileName(ran, name)
  const command = rerunOf(draft)
  const figure = () => draw({ width: WIDTH, theme, command })
  const png = () => pngOf(figure())
  const svg = () => textFile(figure().svg, 'image/svg+xml')
  const csv = () => textFile(stamped(figure().csv, ran.report.as_of, command), 'text/csv')
  return (
    <li>
      <strong>{titled(name)}</strong>
      <FileButton what="PNG 2x" of={name} onClick={() => void told(`${file}.png`, png)} />
      <FileButton what="SVG" of={name} onClick={() => void told(`${file}.svg`, svg)} />
      <FileButton what="CSV" of={name} onClick={() => void told(`${file}.csv`, csv)} />
    </li>
  )
}

/** Of an exported picture, before it is doubled. */
const WIDTH = 800

function Whole({ ran, draft, told }: Run) {
  const json = () => textFile(jsonOf(ran), 'application/json')
  const html = async () => textFile(await documentOf(ran, rerunOf(draft)), 'text/html')
  const yaml = () => textFile(draft.text!, 'text/yaml')
  return (
    <section className="stack">
      <h3>The whole run</h3>
      <ul className="files">
        <li>
          <strong>Result</strong>
          <FileButton
            what="JSON"
            of="the run"
            onClick={() => void told(`${fileName(ran, '')}.json`, json)}
          />
        </li>
        <li>
          <strong>Document in one file</strong>
          <FileButton
            what="HTML"
            of="the run"
            onClick={() => void told(`${fileName(ran, 'report')}.html`, html)}
          />
        </li>
        {draft.text === null ? null : (
          <li>
            <strong>Scenario</strong>
            <FileButton
              what="YAML"
              of="the scenario"
              onClick={() => void told(`${fileName(ran, 'scenario')}.yaml`, yaml)}
            />
          </li>
        )}
      </ul>
    </section>
  )
}

function FileButton({
  what,
  of,
  onClick,
}: {
  readonly what: string
  readonly of: string
  readonly onClick: () => void
}) {
  return (
    <button type="button" aria-label={`${what} of ${of}`} onClick={onClick}>
      <Icon name="export" />
      {what}
    </button>
  )
}

/** `healthHistogram` as `Health histogram`. */
function titled(name: string): string {
  const words = name.replaceAll('-', ' ').replace(/[A-Z]/g, (sign) => ` ${sign.toLowerCase()}`)
  return words[0].toUpperCase() + words.slice(1)
}
