/** Books that cells share, so that they are in memory once, whatever the cells and threads. */

import type { Positions, Scenario } from '../scenario.ts'

/** Makes equal books one book. */
export type Sharing = (scenario: Scenario) => Scenario

/**
 * Puts the columns of books into memory that threads share, each book once.
 *
 * Rule: two books are one where all their columns and names are equal. A book that nobody holds any
 *       more is let go.
 */
export function sharingBooks(): Sharing {
  let books: WeakRef<Positions>[] = []
  const share = (positions: Positions): Positions => {
    for (const book of books) {
      const known = book.deref()
      if (known !== undefined && isSame(known, positions)) return known
    }
    const shared = sharedBook(positions)
    books = [...books.filter((book) => book.deref() !== undefined), new WeakRef(shared)]
    return shared
  }
  return (scenario) => ({
    ...scenario,
    protocols: scenario.protocols.map((protocol) => ({
      ...protocol,
      positions: share(protocol.positions),
    })),
  })
}

type Columned = Uint32Array | Uint16Array | Int8Array | Float64Array

function sharedBook(positions: Positions): Positions {
  const { account, asset, side, group, amount, own } = positions
  const columns = Object.entries(own ?? {}).map(([name, values]) => [name, shared(values)])
  return {
    ...positions,
    account: shared(account),
    asset: shared(asset),
    side: shared(side),
    group: shared(group),
    amount: shared(amount),
    ...(own === undefined ? {} : { own: Object.fromEntries(columns) }),
  }
}

function shared<T extends Columned>(column: T): T {
  const make = column.constructor as new (memory: ArrayBufferLike) => T
  const copy = new make(new Memory(column.byteLength))
  copy.set(column)
  return copy
}

/** A page that is not isolated has no memory that threads share, and runs all cells on one. */
const Memory = globalThis.SharedArrayBuffer ?? ArrayBuffer

function isSame(one: Positions, other: Positions): boolean {
  return (
    one.asOf === other.asOf &&
    one.synthetic === other.synthetic &&
    one.accounts.length === other.accounts.length &&
    columnsOf(one).length === columnsOf(other).length &&
    // Most books differ in their first amounts, and names take longest.
    columnsOf(one).every((column, c) => areEqual(column, columnsOf(other)[c])) &&
    one.accounts.every((name, i) => name === other.accounts[i]) &&
    JSON.stringify(one.cohorts) === JSON.stringify(other.cohorts)
  )
}

function columnsOf({ account, asset, side, group, amount, own }: Positions): Columned[] {
  return [amount, account, asset, side, group, ...Object.values(own ?? {})]
}

function areEqual(one: Columned, other: Columned): boolean {
  if (one.length !== other.length) return false
  for (let k = 0; k < one.length; k++) if (!Object.is(one[k], other[k])) return false
  return true
}
