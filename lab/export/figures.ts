/** The figures on screen: what the export dialog offers. */

import { useEffect } from 'react'
import { create } from 'zustand'
import type { Figure, FigureOptions } from '../../src/figures/sheet.ts'

/** A figure that can be drawn at any width. `name` is what its files are called. */
export interface Drawing {
  readonly name: string
  readonly draw: (options: FigureOptions) => Figure
}

/** Those that are mounted, in the order in which they came. */
export const useDrawings = create<{ readonly all: readonly Drawing[] }>()(() => ({ all: [] }))

/** Offers a figure for export as long as the component is there; null offers none. */
export function useFigures(name: string | null, draw: (options: FigureOptions) => Figure): void {
  useEffect(() => {
    if (name === null) return
    const drawing = { name, draw }
    useDrawings.setState(({ all }) => ({ all: [...all, drawing] }))
    return () => useDrawings.setState(({ all }) => ({ all: all.filter((one) => one !== drawing) }))
  }, [name, draw])
}
