/** A button that copies a text and says that it did. */

import { useState } from 'react'
import { Icon } from './icons.tsx'

export function CopyButton({
  text,
  name,
  isFirst = false,
}: {
  readonly text: string
  readonly name: string
  /** Whether it is what a dialog is opened for. */
  readonly isFirst?: boolean
}) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('The browser refused: select it and copy')
    }
  }
  return (
    <span className="copy">
      <button
        type="button"
        data-first={isFirst || undefined}
        aria-label={name}
        onClick={() => void copy()}
      >
        <Icon name={said === 'Copied' ? 'check' : 'copy'} />
        Copy
      </button>
      <span role="status" className="note">
        {said}
      </span>
    </span>
  )
}
