/** A plain text editor: a native text area with numbers of its lines, and a mark at an error. */

import { type KeyboardEvent, type Ref, useState } from 'react'

/** As the style sheet has it. */
const LINE_PX = 18
const PADDING_PX = 8

export function Editor({
  text,
  label,
  wrong,
  describedBy,
  area,
  onEdit,
  onRun,
  onPlace,
}: {
  readonly text: string
  readonly label: string
  /** The line of an error, from 1. */
  readonly wrong: number | null
  readonly describedBy: string
  readonly area: Ref<HTMLTextAreaElement>
  readonly onEdit: (text: string) => void
  /** Ctrl or Cmd with Enter. */
  readonly onRun: () => void
  /** The cursor has moved. */
  readonly onPlace: (offset: number) => void
}) {
  const [top, setTop] = useState(0)
  const lines = text.split('\n').length
  const numbers = Array.from({ length: lines }, (_, i) => i + 1).join('\n')
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onRun()
  }
  return (
    <div className="editor">
      <div className="editor-gutter" aria-hidden="true">
        <pre style={{ transform: `translateY(${-top}px)` }}>{numbers}</pre>
      </div>
      <div className="editor-field">
        {wrong === null ? null : (
          <span
            className="editor-wrong"
            style={{ top: `${PADDING_PX + (wrong - 1) * LINE_PX - top}px` }}
          />
        )}
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={wrong !== null}
          aria-describedby={describedBy}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={(event) => onEdit(event.target.value)}
          onKeyDown={keys}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onSelect={(event) => onPlace(event.currentTarget.selectionStart)}
        />
      </div>
    </div>
  )
}

/** Puts the cursor at a place, from 1, and shows it. */
export function goToPlace(area: HTMLTextAreaElement, line: number, column: number): void {
  const before = area.value.split('\n').slice(0, line - 1)
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1
  area.focus()
  area.setSelectionRange(at, at)
  area.scrollTop = Math.max(0, (line - 6) * LINE_PX)
}
