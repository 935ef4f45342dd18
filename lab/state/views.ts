/** What of a screen goes into a link beside the scenario: its arms, its frame. */

import type { ScreenName } from './store.ts'

/** How a screen keeps its view in a link. */
export interface View {
  /** Plain data and what it is called; null where the link needs none. */
  read(): { readonly value: unknown; readonly words: string } | null
  /** Takes what another page has read; what does not fit is left. */
  open(value: unknown): void
}

const views = new Map<ScreenName, View>()
let waiting: { readonly screen: ScreenName; readonly value: unknown } | null = null

/** Screens come when they are asked for: a view that is already there is opened at once. */
export function keepView(screen: ScreenName, view: View): void {
  views.set(screen, view)
  if (waiting?.screen === screen) openView(screen, waiting.value)
}

/** Opens what a link brought for a screen, now or once the screen is there. */
export function openView(screen: ScreenName, value: unknown): void {
  const view = views.get(screen)
  waiting = view === undefined ? { screen, value } : null
  view?.open(value)
}

/** The view of a screen as it stands; null where a link needs none. */
export function viewOf(screen: ScreenName): ReturnType<View['read']> {
  return views.get(screen)?.read() ?? null
}
