/** Which runs are kept: a number for each cell, and few more for runs that are ahead. */

/** A set of runs that grows. */
export interface Kept {
  readonly count: number
  has(cell: number, run: number): boolean
  /** Adds a run that is not there. */
  add(cell: number, run: number): void
}

/**
 * An empty set over so many cells.
 *
 * Rule:  of each cell the runs below a number are all there, and those above are listed: runs come
 *        in nearly in their order, so that the lists stay as short as what is under way.
 * Shape: cell below `cells`, run from 0.
 */
export function keptRuns(cells: number): Kept {
  const below = new Uint32Array(cells)
  const ahead = new Map<number, Set<number>>()
  let count = 0
  return {
    get count() {
      return count
    },
    has: (cell, run) => run < below[cell] || ahead.get(cell)?.has(run) === true,
    add(cell, run) {
      count++
      if (run !== below[cell]) {
        const list = ahead.get(cell) ?? new Set()
        ahead.set(cell, list.add(run))
        return
      }
      below[cell]++
      const list = ahead.get(cell)
      if (list === undefined) return
      while (list.delete(below[cell])) below[cell]++
      if (list.size === 0) ahead.delete(cell)
    },
  }
}
