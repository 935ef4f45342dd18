/** What can be taken along: the command that makes the same comparison, and a table to paste. */

import { useState } from 'react'
import { compareCsv, compareDocument } from '../../../src/document/compare.ts'
import { compareFigure } from '../../../src/figures/compare.ts'
import { counted } from '../../../src/format.ts'
import { saveText } from '../../export/save.ts'
import { compareCommand, pairCommand } from '../../state/arms.ts'
import type { Shown } from '../../state/compare.ts'

export function Take({ shown }: { readonly shown: Shown }) {
  const { ask, compared } = shown
  const { report } = compared
  // A comparison that was stopped has the pairs that it has.
  const command = compareCommand({ ...ask, pairs: report.pairs + report.failed })
  const page = () =>
    compareDocument(report, { all: command, one: pairCommand(ask, report.added, 1) })
  const figure = () => {
    const stamp = counted(report.pairs, 'pair')
    return compareFigure(report, { width: 1100, theme: 'light', command, stamp }).svg
  }
  return (
    <section className="card cmp-take" aria-label="Take it along">
      <h2>The same in a terminal</h2>
      <pre>{command}</pre>
      {ask.draft.text === null ? null : (
        <p className="note">
          Save the scenario as <code>{ask.draft.entry}</code> first: Report has it.
        </p>
      )}
      <div className="cmp-take-tools">
        <Copy label="Copy command" text={() => command} />
        <Copy label="Copy Markdown table" text={page} />
        <button type="button" onClick={() => saveText('compare.md', page())}>
          Markdown
        </button>
        <button type="button" onClick={() => saveText('compare.svg', figure())}>
          SVG
        </button>
        <button type="button" onClick={() => saveText('compare.csv', compareCsv(report))}>
          CSV
        </button>
        <button
          type="button"
          onClick={() => saveText('compare.json', `${JSON.stringify(report)}\n`)}
        >
          JSON
        </button>
      </div>
    </section>
  )
}

function Copy({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [said, setSaid] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text()).then(
      () => setSaid('copied'),
      () => setSaid('the browser refuses: save the file'),
    )
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {label}
      </button>
      <span className="note" role="status">
        {said}
      </span>
    </>
  )
}
