/** A chart that can be dragged along: the scrubber says the same to the keyboard. */

import { type RefObject, useEffect } from 'react'
import { seek } from '../../state/replay.ts'

/** Seeks where the pointer presses or drags; `frameAt` maps pixels to a frame. */
export function usePointer(
  place: RefObject<HTMLElement | null>,
  frameAt: (x: number, width: number) => number,
): void {
  useEffect(() => {
    const layer = place.current
    if (layer === null) return
    const go = ({ clientX, buttons, type }: PointerEvent) => {
      if (type === 'pointermove' && buttons !== 1) return
      const { left, width } = layer.getBoundingClientRect()
      seek(frameAt(clientX - left, width))
    }
    layer.addEventListener('pointerdown', go)
    layer.addEventListener('pointermove', go)
    return () => {
      layer.removeEventListener('pointerdown', go)
      layer.removeEventListener('pointermove', go)
    }
  }, [place, frameAt])
}
