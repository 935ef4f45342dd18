/** Native dialogs: in the middle, or as a drawer at the right. Escape and a click beside close. */

import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './icons.tsx'

/**
 * Shows a dialog as long as it is mounted.
 *
 * Rule: focus goes to what is marked `data-first`, if anything is, and back to where it came from
 *       when the dialog closes.
 */
export function Dialog({
  title,
  kind = 'dialog',
  onClose,
  children,
}: {
  readonly title: ReactNode
  /** Class names: `dialog`, `drawer`, with `wide` for one that holds a table or a text. */
  readonly kind?: 'dialog' | 'dialog wide' | 'drawer' | 'drawer wide'
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const box = useRef<HTMLDialogElement>(null)
  const name = useId()
  useEffect(() => {
    const before = document.activeElement
    const dialog = box.current!
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  const closeBeside = ({ target }: MouseEvent) => {
    if (target === box.current) onClose()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside does
    <dialog
      ref={box}
      className={kind}
      aria-labelledby={name}
      onClick={closeBeside}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="dialog-head">
        <h2 id={name}>{title}</h2>
        <button type="button" className="quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  )
}
