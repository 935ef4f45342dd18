/** The keys of the shell itself. Draws nothing. */

import { useEffect } from 'react'
import { listenToKeys, useShortcut } from '../state/shortcuts.ts'
import { goTo, openDrawer, screens, undo } from '../state/store.ts'

export function ShellKeys() {
  useEffect(() => listenToKeys(window), [])
  useShortcut(
    screens.map((_, i) => String(i + 1)),
    'Go to a screen',
    'Everywhere',
    (key) => goTo(screens[Number(key) - 1]),
  )
  useShortcut('z', 'Undo the last change', 'Everywhere', () => void undo())
  useShortcut('s', 'Share', 'Everywhere', () => openDrawer('share'))
  useShortcut('e', 'Export', 'Everywhere', () => openDrawer('export'))
  return null
}
