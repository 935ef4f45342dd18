/** Report: which pieces of the document are shown, and in which order. */

import { create } from 'zustand'
import type { Block } from '../../src/document/outline.ts'

/** Blocks that stay together: a section with what stands under it, or one block of the head. */
export interface Piece {
  readonly id: string
  readonly name: string
  /** It says where the document comes from: always there, and where it is. */
  readonly isFixed: boolean
  readonly blocks: readonly Block[]
}

interface ReportState {
  readonly off: readonly string[]
  /** Ids in the order in which a person put them; those that are missing keep their places. */
  readonly order: readonly string[]
}

export const useReport = create<ReportState>()(() => ({ off: [], order: [] }))

const { setState: set } = useReport

/** Shows a piece, or leaves it out. */
export function toggle(id: string): void {
  set(({ off }) => ({
    off: off.includes(id) ? off.filter((one) => one !== id) : [...off, id],
  }))
}

/** Puts the pieces into an order. */
export function reorder(order: readonly string[]): void {
  set({ order })
}

/** Every piece shown, in the order of the library. */
export function resetReport(): void {
  set({ off: [], order: [] })
}

/** Cuts an outline into pieces: title, head, each section; the first and the last are fixed. */
export function piecesOf(blocks: readonly Block[]): Piece[] {
  const pieces: { id: string; name: string; isFixed: boolean; blocks: Block[] }[] = []
  let isInSection = false
  for (const block of blocks) {
    if (block.kind === 'section') isInSection = true
    const head = block.kind === 'section' ? block.text : isInSection ? null : HEAD[block.kind]
    const last = pieces.at(-1)
    if (head === null || (head === undefined && last !== undefined)) last!.blocks.push(block)
    else if (last?.name === head) last!.blocks.push(block)
    else
      pieces.push({
        ...{
          id: (head ?? block.kind).toLowerCase().replaceAll(' ', '-'),
          name: head ?? block.kind,
        },
        isFixed: block.kind === 'title' || head === LAST,
        blocks: [block],
      })
  }
  return pieces
}

/** What pieces of the head are called. */
const HEAD: Readonly<Partial<Record<Block['kind'], string>>> = {
  title: 'Title and run',
  sentence: 'Finding',
  numbers: 'Five numbers',
  figure: 'First picture',
  verdicts: 'Checks in short',
}
const LAST = 'Reproduce'

/**
 * The pieces as a person put them.
 *
 * Rule: the first and the last stay where they are; those that the order does not name follow
 *       those that it names, in their own order.
 */
export function arranged(pieces: readonly Piece[], order: readonly string[]): Piece[] {
  const free = pieces.filter(({ isFixed }) => !isFixed)
  const named = order.flatMap((id) => free.find((one) => one.id === id) ?? [])
  const rest = free.filter(({ id }) => !order.includes(id))
  const fixed = pieces.filter(({ isFixed }) => isFixed)
  return [...fixed.slice(0, 1), ...named, ...rest, ...fixed.slice(1)]
}

/** The order after a piece went up or down by one place among those that are free. */
export function moved(pieces: readonly Piece[], id: string, by: -1 | 1): string[] {
  const ids = pieces.filter(({ isFixed }) => !isFixed).map((one) => one.id)
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length) return ids
  return ids.with(at, ids[to]).with(to, id)
}
