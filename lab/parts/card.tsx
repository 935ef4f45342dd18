/** A card: what it found as its title, one line under it, and what it shows. */

import type { ReactNode } from 'react'

export function Card({
  title,
  note,
  tools,
  isLead = false,
  children,
}: {
  readonly title?: ReactNode
  readonly note?: ReactNode
  readonly tools?: ReactNode
  /** Whether its title is the sentence of the whole screen. */
  readonly isLead?: boolean
  readonly children: ReactNode
}) {
  return (
    <section className="card">
      {title === undefined ? null : (
        <header className="card-head">
          <div>
            <h2 className={isLead ? 'caption' : undefined}>{title}</h2>
            {note === undefined ? null : <p className="note">{note}</p>}
          </div>
          {tools}
        </header>
      )}
      {children}
    </section>
  )
}
