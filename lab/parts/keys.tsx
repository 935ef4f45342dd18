/** The keys of the shell itself. Draws nothing. */

import { useEffect } from 'react'
import { listenToKeys, useShortcut } from '../state/shortcuts.ts'
import { goTo, openDrawer, screens, undo } from '../state/store.ts'
import { PALETTE_KEY } from './palette.tsx'

export function ShellKeys() {
  useEffect(() => listenToKeys(window), [])
  useShortcut('?', 'Show all keys', 'Everywhere', () => openDrawer('help'))
  useShortcut(PALETTE_KEY, 'Go to anything', 'Everywhere', () => openDrawer('palette'))
  useShortcut(screenKeys, 'Go to a screen', 'Everywhere', (key) => goTo(screens[Number(key) - 1]))
  useShortcut('z', 'Undo the last change', 'Everywhere', () => void undo())
  useShortcut('s', 'Share', 'Everywhere', () => openDrawer('share'))
  useShortcut('e', 'Export', 'Everywhere', () => openDrawer('export'))
  useShortcut('/', 'Search in a table', 'Everywhere', findSearch)
  return null
}

const screenKeys = screens.map((_, i) => String(i + 1))

/** Puts the focus into the first field to search in, where the screen has one. */
function findSearch(): void {
  document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus()
}
