/** Parts of the page that come when they are wanted, and what stands there if they do not. */

import { Component, type ComponentType, lazy, type ReactNode } from 'react'

/** A component whose script is loaded the first time it is shown; `Suspense` waits for it. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return lazy(async () => ({ default: await load() }))
}

/** Keeps a fault of one part to itself: the rest of the page goes on. */
export class Guard extends Component<{ readonly children: ReactNode }, { fault: Error | null }> {
  override state = { fault: null as Error | null }

  static getDerivedStateFromError(fault: Error) {
    return { fault }
  }

  override render() {
    const { fault } = this.state
    if (fault === null) return this.props.children
    return (
      <div className="fault card" role="alert">
        <div className="fault-words">
          <p>
            <strong>This part of the page failed.</strong> The run and the other screens are as they
            were.
          </p>
          <p className="note">{fault.message}</p>
        </div>
        <button type="button" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </div>
    )
  }
}
