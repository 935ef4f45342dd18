/** A queue that gives the least key first. */

import { assert } from '../errors.ts'

/** Items by rising key; equal keys by rising item, so the order never depends on the pushes. */
export interface Heap {
  readonly size: number
  /** `key` is any number but NaN, `item` a whole number below 2^32. */
  push(key: number, item: number): void
  /** Takes the first item out. */
  popItem(): number
  peekKey(): number
  peekItem(): number
  clear(): void
}

/**
 * A binary heap over two columns, which double when full.
 *
 * Shape:  `capacity` items fit before the first growth; no operation allocates otherwise.
 * Source: J. W. J. Williams, Algorithm 232, Heapsort, Communications of the ACM 7, 1964.
 * Throws: AssertionError on NaN keys, and on taking or peeking from an empty heap.
 */
export function heap(capacity: number): Heap {
  let keys = new Float64Array(Math.max(capacity, 1))
  let items = new Uint32Array(keys.length)
  let size = 0

  function push(key: number, item: number): void {
    assert(!Number.isNaN(key), 'a heap cannot order NaN')
    if (size === keys.length) {
      keys = copyInto(new Float64Array(2 * size), keys)
      items = copyInto(new Uint32Array(2 * size), items)
    }
    rise(key, item, size++)
  }

  // The gap goes down to a leaf first, and what stood last rises from there: it mostly belongs
  // near the leaves, so it is compared less often than on the way down.
  function popItem(): number {
    const taken = first(items)
    size--
    let at = 0
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(keys[child + 1], items[child + 1], child)) child++
      move(child, at)
      at = child
    }
    rise(keys[size], items[size], at)
    return taken
  }

  /** Puts an item where the gap is, or above. */
  function rise(key: number, item: number, gap: number): void {
    let at = gap
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(key, item, parent)) break
      move(parent, at)
      at = parent
    }
    keys[at] = key
    items[at] = item
  }

  function before(key: number, item: number, at: number): boolean {
    return key < keys[at] || (key === keys[at] && item < items[at])
  }

  function move(from: number, to: number): void {
    keys[to] = keys[from]
    items[to] = items[from]
  }

  function first(of: Float64Array | Uint32Array): number {
    assert(size > 0, 'an empty heap has no first item')
    return of[0]
  }

  return {
    get size() {
      return size
    },
    push,
    popItem,
    peekKey: () => first(keys),
    peekItem: () => first(items),
    clear: () => {
      size = 0
    },
  }
}

function copyInto<T extends Float64Array | Uint32Array>(larger: T, from: T): T {
  larger.set(from)
  return larger
}
