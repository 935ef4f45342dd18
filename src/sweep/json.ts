/** A report as JSON, piece by piece: of very many cells one string would be too long. */

import type { SweepReport } from './report.ts'

/** The document as `JSON.stringify` has it, with a line end; a piece is some 64 kB. */
export function* reportJson(report: SweepReport): Generator<string, void> {
  let piece = ''
  for (const part of partsOf(report)) {
    piece += part
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield `${piece}\n`
}

function* partsOf(report: SweepReport): Generator<string, void> {
  let before = '{'
  for (const [key, value] of Object.entries(report)) {
    yield `${before}${JSON.stringify(key)}:`
    if (Array.isArray(value)) yield* itemsOf(value)
    else yield JSON.stringify(value)
    before = ','
  }
  yield '}'
}

function* itemsOf(items: readonly unknown[]): Generator<string, void> {
  yield '['
  for (let i = 0; i < items.length; i++) yield `${i > 0 ? ',' : ''}${JSON.stringify(items[i])}`
  yield ']'
}

const PIECE = 65_536
