/** Lines of text that fit a width. */

import { toAscii, width } from './paint.ts'

/** Text filled up with spaces on the left: numbers. Colour codes take no room. */
export function right(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - width(text))) + text
}

/** Text filled up with spaces on the right: words. */
export function left(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/**
 * Breaks words into lines of at most `columns`; lines after the first start with `indent` spaces.
 * A word longer than a line is cut, never lost.
 */
export function wrap(text: string, columns: number, indent = 0): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => pieces(word, columns - indent))) {
    const next = line === '' ? word : `${line} ${word}`
    const room = lines.length === 0 ? columns : columns - indent
    if (width(next) <= room || line === '') {
      line = next
    } else {
      lines.push(line)
      line = word
    }
  }
  if (line !== '') lines.push(line)
  return lines.map((line, i) => (i === 0 ? line : ' '.repeat(indent) + line))
}

/** Joins items with a gap into lines of at most `columns`; an item is never broken. */
export function flow(items: readonly string[], columns: number, gap: string): string[] {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last !== undefined && width(last) + width(gap) + width(item) <= columns) {
      lines[lines.length - 1] = last + gap + item
    } else {
      lines.push(item)
    }
  }
  return lines
}

/** Puts a label before the first line and as many spaces before the others. */
export function labelled(label: string, columns: number, lines: readonly string[]): string[] {
  return lines.map((line, i) => (i === 0 ? left(label, columns) : ' '.repeat(columns)) + line)
}

function pieces(word: string, columns: number): string[] {
  if (width(word) <= columns) return [word]
  const letters = [...word]
  const parts: string[] = []
  for (let i = 0; i < letters.length; i += columns) {
    parts.push(letters.slice(i, i + columns).join(''))
  }
  return parts
}

/** Sections as one page, a blank line between them; those without lines are left out. */
export function pageOf(unicode: boolean, sections: readonly (readonly string[])[]): string {
  const page = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => ` ${line}`.trimEnd()).join('\n'))
    .join('\n\n')
  return `\n${unicode ? page : toAscii(page)}\n\n`
}
