/** The frame of a drawer that is read beside the screen: the screen stays usable. */

import './drawers.css'
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react'
import { Icon } from '../parts/icons.tsx'
import { openDrawer } from '../state/store.ts'

const titles = { scenario: 'Scenario', data: 'Data', method: 'Method' } as const
type Name = keyof typeof titles

/**
 * A column at the right, or the whole width of a phone.
 *
 * Rule: Escape closes it; focus goes to its heading, and back to where it came from.
 */
export function SideDrawer({
  name,
  onClose,
  children,
}: {
  readonly name: Name
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useRoomBeside()
  useEffect(() => {
    const opener = openerOf(document.activeElement)
    heading.current?.focus()
    return () => {
      if (opener?.isConnected) opener.focus()
    }
  }, [])
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      const isElsewhere = document.querySelector('dialog[open]') !== null
      if (event.key === 'Escape' && !event.defaultPrevented && !isElsewhere) onClose()
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [onClose])
  return (
    <aside className="side-drawer" aria-labelledby={id}>
      <header className="side-head">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {titles[name]}
        </h2>
        <nav className="segmented" aria-label="Drawers">
          {(Object.keys(titles) as Name[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === name}
              onClick={() => openDrawer(one)}
            >
              {titles[one]}
            </button>
          ))}
        </nav>
        <button type="button" className="quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  )
}

/** Tells the page to make room. `:has` would ask at every change of the screen beside it. */
function useRoomBeside(): void {
  useLayoutEffect(() => {
    document.body.classList.add('beside-drawer')
    return () => document.body.classList.remove('beside-drawer')
  }, [])
}

/** Where focus goes back to: from one of these drawers, to where the first was opened. */
let first: HTMLElement | null = null

function openerOf(active: Element | null): HTMLElement | null {
  if (active instanceof HTMLElement && active !== document.body) first = active
  return first
}
