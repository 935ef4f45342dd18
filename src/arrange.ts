/** How accounts lie in memory in a run in time: who breaches together lies together. */

import { SHELVES, shelfOf } from './bands.ts'
import type { Book } from './book.ts'
import { distanceOf } from './edges.ts'
import { type Kind, kindsOf } from './kinds.ts'
import { type Protocol, protocolFrom } from './rules.ts'
import { type World, worldFrom } from './world.ts'

/** The world as a run in time reads it fastest. Pledges name accounts by places: these stay. */
export function arrangedWorld(world: World): World {
  const { market, protocols, pledges } = world
  if (pledges.holdings.length > 0) return world
  return worldFrom(
    market,
    protocols.map((one) => (one.rules.anyOrder === true ? arranged(one) : one)),
  )
}

/**
 * The protocol with its accounts in the order in which a move turns them.
 *
 * Rule:  kinds one after another; of one, whoever is nearest to the edge first, on shelves, and on
 *        one as they were. Who fares how does not change: `row` keeps the place in the list for all
 *        that goes by it.
 * Why:   a run reads few accounts at a time, and these lie side by side in memory then. Measured: a
 *        day of 100,000 accounts takes 0.9 times as long, an exchange of 300,000 0.65 times.
 */
function arranged(protocol: Protocol): Protocol {
  const { name, rules, book, prices, accounts, values, items } = protocol
  const row = orderOfFall(book, values)
  const from = legsFrom(book, row)
  return protocolFrom({
    name,
    rules,
    prices,
    row,
    book: inOrder(book, row, from),
    accounts: namesOf(accounts, row),
    items: items?.arranged?.(from) ?? items,
  })
}

/** Names in this order. `Array.from` of a column takes several times as long. */
function namesOf(accounts: readonly string[], row: Uint32Array): string[] {
  const names = accounts.slice()
  for (let i = 0; i < row.length; i++) names[i] = accounts[row[i]]
  return names
}

/** Indices of accounts in the order in which moves turn them. */
function orderOfFall(book: Book, values: Float64Array): Uint32Array {
  const { kinds, of } = kindsOf(book)
  const order = new Uint32Array(of.length)
  let from = 0
  for (const kind of kinds) {
    sortKind(book, values, kind, order.subarray(from, from + kind.members.length))
    from += kind.members.length
  }
  return order
}

function sortKind(book: Book, values: Float64Array, kind: Kind, out: Uint32Array): void {
  const { members } = kind
  const shelf = new Uint16Array(members.length)
  const next = new Uint32Array(SHELVES + 1)
  for (let k = 0; k < members.length; k++) {
    shelf[k] = shelfOf(distanceOf(book, values, members[k], 0))
    next[shelf[k] + 1]++
  }
  for (let s = 0; s < SHELVES; s++) next[s + 1] += next[s]
  for (let k = 0; k < members.length; k++) out[next[shelf[k]]++] = members[k]
}

/** Where the legs of accounts in this order stood. */
function legsFrom({ start, slot }: Book, row: Uint32Array): Uint32Array {
  const from = new Uint32Array(slot.length)
  let n = 0
  for (let i = 0; i < row.length; i++)
    for (let k = start[row[i]]; k < start[row[i] + 1]; k++) from[n++] = k
  return from
}

function inOrder({ start, slot, amount }: Book, row: Uint32Array, from: Uint32Array): Book {
  const starts = new Uint32Array(start.length)
  for (let i = 0; i < row.length; i++) starts[i + 1] = starts[i] + start[row[i] + 1] - start[row[i]]
  const slots = new Uint16Array(slot.length)
  const amounts = new Float64Array(amount.length)
  for (let k = 0; k < from.length; k++) {
    slots[k] = slot[from[k]]
    amounts[k] = amount[from[k]]
  }
  return { start: starts, slot: slots, amount: amounts, version: new Uint32Array(row.length) }
}
