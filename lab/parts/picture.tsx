/** A figure of the reports on the page: as wide as its place, in the page's theme. */

import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Figure, FigureOptions } from '../../src/figures/sheet.ts'
import { useFigures } from '../export/figures.ts'
import { useTheme } from '../state/theme.ts'

/**
 * Draws a figure.
 *
 * Rule: `draw` is called again only when it, the width or the theme changes: make it once per
 *       report. The figure's own title and description are what a screen reader reads.
 */
export function Picture({
  draw,
  name = null,
}: {
  readonly draw: (options: FigureOptions) => Figure
  /** What its files are called when it is exported; null keeps it out of the export dialog. */
  readonly name?: string | null
}) {
  useFigures(name, draw)
  const theme = useTheme(({ name }) => name)
  const [box, width] = useWidth()
  const figure = useMemo(() => (width === 0 ? null : draw({ width, theme })), [draw, width, theme])
  const markup = figure === null ? '' : withoutStyle(figure.svg)
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own SVG, its words escaped
  return <div ref={box} className="picture" dangerouslySetInnerHTML={{ __html: markup }} />
}

/** The page's policy allows no style in attributes; the style sheet says the same. */
export function withoutStyle(svg: string): string {
  return svg.replace(/ style="[^"]*"/g, '')
}

/** The width of a place in whole pixels; 0 before it is known. */
export function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const place = box.current!
    const look = () => setWidth(Math.floor(place.clientWidth))
    look()
    const observer = new ResizeObserver(look)
    observer.observe(place)
    return () => observer.disconnect()
  }, [])
  return [box, width] as const
}
