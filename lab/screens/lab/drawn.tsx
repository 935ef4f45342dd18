/** A figure on the page without its heading, and what a hand does on it. */

import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Figure, FigureOptions } from '../../../src/figures/sheet.ts'
import { useFigures } from '../../export/figures.ts'
import { usePreview } from '../../state/preview.ts'
import { useTheme } from '../../state/theme.ts'
import { type Pieces, patch, piecesOf } from './patch.ts'

/**
 * Draws a figure as wide as its place, and as high where `fills` says so.
 *
 * Rule: `draw` is called again only when it, the place or the theme changes. What `over` returns
 *       lies on top, in the pixels of the figure.
 */
export function Drawn({
  name,
  draw,
  fills = false,
  tallest,
  over,
}: {
  /** What its files are called when it is exported. A preview is not. */
  readonly name: string
  draw(options: FigureOptions): Figure
  readonly fills?: boolean
  /** As high as it may become where its width asks for more. */
  readonly tallest?: number | undefined
  over?(figure: Figure): ReactNode
}) {
  const isPreview = usePreview(({ report }) => report !== null)
  useFigures(isPreview ? null : name, draw)
  const theme = useTheme(({ name }) => name)
  const [box, size] = useSize(fills)
  const figure = useMemo(() => {
    if (size.width === 0) return null
    const most = fills ? size.height : tallest
    const height = most === undefined ? {} : { height: most }
    return draw({ width: size.width, theme, bare: true, ...height })
  }, [draw, size, theme, fills, tallest])
  return (
    <div ref={box} className={fills ? 'drawn drawn-fills' : 'drawn'}>
      <div ref={usePatched(figure)} className="picture" />
      {figure === null ? null : over?.(figure)}
    </div>
  )
}

/** A place whose picture follows the figure: what stays the same in it is not made again. */
function usePatched(figure: Figure | null) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<Pieces | null>(null)
  useLayoutEffect(() => {
    const now = piecesOf(figure?.svg ?? '')
    patch(place.current!, shown.current, now)
    shown.current = now
  }, [figure])
  return place
}

/** Width and height of a place in whole pixels; 0 before they are known. */
function useSize(fills: boolean) {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const place = box.current!
    const look = () => {
      const { clientWidth: width, clientHeight } = place
      const height = fills ? clientHeight : 0
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(place)
    return () => observer.disconnect()
  }, [fills])
  return [box, size] as const
}
