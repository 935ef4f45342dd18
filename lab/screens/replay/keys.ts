/** Keys of the player: they work wherever the focus is, but where it needs them itself. */

import { useEffect } from 'react'
import { pause, play, step, useReplay } from '../../state/replay.ts'

/** Space plays and pauses, arrows step, with shift by ten; Home and End go to the ends. */
export function useKeys(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      pause()
    }
  }, [])
}

function onKey(event: KeyboardEvent): void {
  const { loaded, isPlaying } = useReplay.getState()
  if (loaded === null || isTaken(event)) return
  const by = event.shiftKey ? 10 : 1
  if (event.key === ' ') (isPlaying ? pause : play)()
  else if (event.key === 'ArrowLeft') step(-by)
  else if (event.key === 'ArrowRight') step(by)
  else if (event.key === 'Home') step(-loaded.facts.last)
  else if (event.key === 'End') step(loaded.facts.last)
  else return
  event.preventDefault()
}

/** Whether the focus is on something that means another thing by this key. */
function isTaken({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || document.querySelector('dialog[open]') !== null) return true
  const place = target instanceof Element ? target : null
  if (place?.matches('input[type="range"].replay-scrub')) return false
  if (place?.matches('input, textarea, select, [contenteditable]')) return true
  return key === ' ' && place?.closest('button, a, summary, [role="button"]') != null
}
