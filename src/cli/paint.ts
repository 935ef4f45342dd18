/**
 * Colours by what they mean, the same on every screen: blue is the first round, vermillion
 * feedback.
 */

import pc from 'picocolors'
import type { Colours } from './host.ts'

type Brush = (text: string) => string

/** One brush per meaning. Without colours every brush returns its text. */
export interface Paint {
  readonly first: Brush
  readonly total: Brush
  readonly ok: Brush
  readonly warn: Brush
  readonly quiet: Brush
  readonly strong: Brush
  /** First round in front, feedback behind: for the cell where the two meet. */
  readonly meet: Brush
  readonly coloured: boolean
}

/** Brushes for a terminal with this many colours. */
export function paintFor(colours: Colours): Paint {
  const basic = pc.createColors(colours !== 'none')
  const shared = { strong: basic.bold, coloured: colours !== 'none' }
  if (colours === 'none' || colours === 'basic') {
    return {
      ...shared,
      first: basic.blue,
      total: basic.red,
      ok: basic.green,
      warn: basic.yellow,
      quiet: basic.gray,
      meet: (text) => basic.bgRed(basic.blue(text)),
    }
  }
  const ink = (name: keyof typeof inks) => `38;${code(colours, name)}`
  const brush = (codes: string) => (text: string) => (text ? `\x1b[${codes}m${text}\x1b[0m` : '')
  return {
    ...shared,
    first: brush(ink('first')),
    total: brush(ink('total')),
    ok: brush(ink('ok')),
    warn: brush(ink('warn')),
    quiet: brush(ink('quiet')),
    meet: brush(`${ink('first')};48;${code(colours, 'total')}`),
  }
}

/** Length of a line as it appears: colour codes take no room. */
export function width(text: string): number {
  return [...text.replace(escapes, '')].length
}

/** The text in characters that every terminal has, one for one. */
export function toAscii(text: string): string {
  return [...text].map((letter) => plain[letter] ?? letter).join('')
}

// Dark-theme tokens, and their nearest neighbours among 256 colours.
const inks = {
  first: { rgb: '86;180;233', near: 74 },
  total: { rgb: '240;138;72', near: 208 },
  ok: { rgb: '45;190;148', near: 36 },
  warn: { rgb: '242;188;75', near: 179 },
  quiet: { rgb: '139;148;158', near: 245 },
}

function code(colours: '256' | 'true', name: keyof typeof inks): string {
  return colours === 'true' ? `2;${inks[name].rgb}` : `5;${inks[name].near}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
const escapes = /\x1b\[[0-9;]*m/g

const plain: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '·': '-',
  '…': '~',
  '▲': '^',
  '✓': '+',
  '✗': 'x',
  '■': '#',
  '▒': ':',
  '│': '|',
  '█': '#',
  '▉': '#',
  '▊': '#',
  '▋': '#',
  '▌': '#',
  '▍': '#',
  '▎': '|',
  '▏': '|',
  '▁': '.',
  '▂': '.',
  '▃': '.',
  '▄': '#',
  '▅': '#',
  '▆': '#',
  '▇': '#',
}
