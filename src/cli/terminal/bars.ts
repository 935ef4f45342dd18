/** Bars from eighth blocks. */

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const heights = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇']

/** A bar of up to `columns` cells for a share of 0 to 1; more than nothing always shows. */
export function bar(share: number, columns: number): string {
  const steps = Math.round(share * columns * 8)
  const full = '█'.repeat(Math.floor(steps / 8))
  return full + eighths[steps % 8] || (share > 0 ? eighths[1] : '')
}

/** The cell of one row (0 lowest) of a column that is `height` rows high. */
export function cell(height: number, row: number): string {
  const steps = Math.round(height * 8) - row * 8
  if (steps >= 8) return '█'
  return steps <= 0 ? ' ' : heights[steps]
}
