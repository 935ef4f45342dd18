/** The palette of heat maps: rises in lightness alone, for every kind of eye. */

/**
 * The colour of a share of 0 to 1.
 *
 * Rule:   straight between eleven stops, in red, green and blue.
 * Source: J. R. Nunez, C. R. Anderton, R. S. Renslow, Optimizing colormaps with consideration for
 *         color vision deficiency, PLOS ONE 13, 2018; stops as matplotlib has them.
 */
export function cividis(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1)
  const below = Math.min(Math.floor(at), STOPS.length - 2)
  const mixed = STOPS[below].map((from, c) =>
    Math.round(from + (at - below) * (STOPS[below + 1][c] - from)),
  )
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** Black or white: which of them reads at 4.5 to 1 on the colour of a share. */
export function inkOn(share: number): string {
  return share < 0.465 ? '#FFFFFF' : '#000000'
}

const STOPS: readonly (readonly number[])[] = [
  [0, 34, 78],
  [8, 51, 112],
  [53, 69, 108],
  [79, 87, 108],
  [102, 105, 112],
  [125, 124, 120],
  [148, 142, 119],
  [174, 163, 113],
  [200, 184, 102],
  [229, 207, 82],
  [254, 232, 56],
]
