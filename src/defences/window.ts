/** Extremes of a number within a span of time that ends now. */

/** The highest value of the last so many seconds. */
export interface Highest {
  /** Adds a value; times never go back. Returns the highest of the window that ends there. */
  note(atSeconds: number, value: number): number
}

/**
 * A sliding maximum.
 *
 * Rule:   values that a later one exceeds can never be the highest again and are dropped, so what
 *         is left falls: the first of it is the answer.
 * Source: D. Lemire, Streaming maximum-minimum filter, Nordic Journal of Computing 13, 2006.
 */
export function highestWithin(seconds: number): Highest {
  let time: number[] = []
  let kept: number[] = []
  let first = 0
  return {
    note(atSeconds, value) {
      while (kept.length > first && kept[kept.length - 1] <= value) {
        kept.pop()
        time.pop()
      }
      kept.push(value)
      time.push(atSeconds)
      while (time[first] < atSeconds - seconds) first++
      if (first > SPARE_MOST) {
        kept = kept.slice(first)
        time = time.slice(first)
        first = 0
      }
      return kept[first]
    },
  }
}

/** Values that are over, before they are cleared away. */
const SPARE_MOST = 1024
