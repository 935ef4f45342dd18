/** How wide a text will be, before any browser has seen it. */

/** System fonts only; nothing is shipped. */
export const sansStack =
  '-apple-system, "Segoe UI", Roboto, Ubuntu, "Helvetica Neue", Arial, sans-serif'
export const monoStack =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "Roboto Mono", "DejaVu Sans Mono", monospace'

/** Parts of the font size above and below the baseline that the widest of these fonts need. */
export const ascent = 0.93
export const descent = 0.25

export interface TextStyle {
  readonly size: number
  readonly bold?: boolean
  readonly mono?: boolean
}

/**
 * Returns an upper estimate of a text's width in pixels.
 *
 * Rule:       sum of a width per character times the font size.
 * Simplifies: one table for all fonts of the stack, as wide as the widest common fallback
 *             (DejaVu Sans, bold 14 % wider); most systems draw up to a fifth narrower.
 */
export function textWidth(text: string, style: TextStyle): number {
  const ems = style.mono
    ? 0.61 * [...text].length
    : [...text].reduce((sum, character) => sum + characterWidth(character), 0)
  return ems * style.size * (style.bold && !style.mono ? 1.14 : 1)
}

/** Cuts a text into words that keep their following space; a wrapped line trims its own end. */
export function words(text: string): string[] {
  return text.match(/[^ ]+ ?/g) ?? []
}

/** Returns the lines of a text that stay within a width; a word wider than that is cut. */
export function wrapped(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words(text).flatMap((word) => pieces(word, width, style))) {
    if (line !== '' && textWidth((line + word).trimEnd(), style) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += word
  }
  return line === '' ? lines : [...lines, line.trimEnd()]
}

const widths = new Map<string, number>(
  Object.entries({
    0.2: '\u202f',
    0.3: "iljIJ'|",
    0.33: ' .,:;·!',
    0.42: 'ft()[]r-"/',
    0.555: 'csz–_?',
    0.62: 'kvxyeaoTFLY',
    0.645: 'bdghnpqu0123456789$EPSZABKRXV*+=<>~',
    0.72: 'C',
    0.8: 'DGHNOQU',
    0.85: 'w−×→↑↓±',
    1: 'mM%W…@&',
  }).flatMap(([width, characters]) =>
    [...characters].map((character): [string, number] => [character, Number(width)]),
  ),
)

function characterWidth(character: string): number {
  // Anything unlisted may be an ideograph: a whole em.
  return widths.get(character) ?? 1
}

function pieces(word: string, width: number, style: TextStyle): string[] {
  if (textWidth(word.trimEnd(), style) <= width) return [word]
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    if (part !== '' && textWidth(part + character, style) > width) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return part === '' ? parts : [...parts, part]
}
