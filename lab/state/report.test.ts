import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/document/outline.ts'
import { arranged, moved, piecesOf } from './report.ts'

const section = (text: string): Block => ({ kind: 'section', text })
const list: Block = { kind: 'list', items: ['one'] }
const blocks: readonly Block[] = [
  { kind: 'title', text: 'title', note: '' },
  { kind: 'sentence', segments: [] },
  { kind: 'numbers', numbers: [] },
  section('The book'),
  list,
  { kind: 'code', text: '' },
  section('Data'),
  list,
  section('Reproduce'),
  { kind: 'code', text: 'command' },
]
const pieces = piecesOf(blocks)
const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id)

describe('pieces of a document', () => {
  it('law: no block is lost, and none stands twice', () => {
    expect(pieces.flatMap((piece) => piece.blocks)).toEqual(blocks)
  })

  it('default: a section keeps what stands under it; what says the run is fixed', () => {
    expect(ids(pieces)).toEqual([
      ...['title-and-run', 'finding', 'five-numbers', 'the-book', 'data', 'reproduce'],
    ])
    expect(ids(pieces.filter(({ isFixed }) => isFixed))).toEqual(['title-and-run', 'reproduce'])
    expect(pieces[3].blocks).toHaveLength(3)
  })

  it('law: an order moves free pieces and keeps all of them', () => {
    const order = moved(pieces, 'data', -1)
    expect(ids(arranged(pieces, order))).toEqual([
      ...['title-and-run', 'finding', 'five-numbers', 'data', 'the-book', 'reproduce'],
    ])
    expect(ids(arranged(pieces, ['data']))).toEqual([
      ...['title-and-run', 'data', 'finding', 'five-numbers', 'the-book', 'reproduce'],
    ])
  })

  it('behaviour: the first does not go up, and the last free one does not go down', () => {
    const order = ['finding', 'five-numbers', 'the-book', 'data']
    expect(moved(pieces, 'finding', -1)).toEqual(order)
    expect(moved(pieces, 'data', 1)).toEqual(order)
    expect(moved(pieces, 'reproduce', -1)).toEqual(order)
  })
})
