/** Stable sorting of a column of numbers, returned as an order. */

import { assert } from '../errors.ts'

/** Below this many values a comparison sort beats the fixed cost of the radix counters. */
const COMPARE_MAX = 200

// A double is two 32-bit words; six digits of at most 11 bits cover both, lowest digit first.
const DIGITS = [
  { word: 0, shift: 0 },
  { word: 0, shift: 11 },
  { word: 0, shift: 22 },
  { word: 1, shift: 0 },
  { word: 1, shift: 11 },
  { word: 1, shift: 22 },
]
const BUCKETS = 2048

/**
 * The order that sorts a column: `order[0]` is the index of the first value.
 *
 * Rule:       stable both ways, so equal values keep the order they came in; -0 equals 0.
 * Shape:      the result has one entry per value; `values` is not changed.
 * Source:     radix sort on the bits of the double, least significant digit first (Knuth, TAOCP
 *             volume 3, 5.2.5): the cost does not depend on how the values lie.
 * Throws:     AssertionError on NaN.
 */
export function argsort(values: Float64Array, direction: 'rising' | 'falling'): Uint32Array {
  for (let i = 0; i < values.length; i++) assert(!Number.isNaN(values[i]), 'argsort met NaN')
  return values.length <= COMPARE_MAX
    ? compareSort(values, direction === 'rising' ? 1 : -1)
    : radixSort(sortableBits(values, direction))
}

interface Columns {
  readonly words: Uint32Array
  readonly order: Uint32Array
}

function compareSort(values: Float64Array, sign: number): Uint32Array {
  const order = risingIndices(values.length)
  return order.sort((i, j) => {
    const a = values[i]
    const b = values[j]
    return a === b ? i - j : a < b ? -sign : sign
  })
}

// Unsigned order of the result is the order of the doubles: negative numbers have all bits turned,
// the others the sign bit. Turning everything once more gives the falling order, still stable.
function sortableBits(values: Float64Array, direction: 'rising' | 'falling'): Uint32Array {
  const n = values.length
  const own = new Float64Array(n)
  for (let i = 0; i < n; i++) own[i] = values[i] + 0 // -0 + 0 is 0
  const words = new Uint32Array(own.buffer)
  const turn = direction === 'rising' ? 0 : -1
  for (let k = 0; k < words.length; k += 2) {
    const negative = (words[k + 1] | 0) >> 31
    words[k] ^= negative ^ turn
    words[k + 1] ^= (negative | 0x80000000) ^ turn
  }
  return words
}

function radixSort(words: Uint32Array): Uint32Array {
  const n = words.length / 2
  let from: Columns = { words, order: risingIndices(n) }
  let to: Columns = { words: new Uint32Array(2 * n), order: new Uint32Array(n) }
  for (const { word, shift } of DIGITS) {
    const place = firstPlaces(from.words, word, shift)
    if (place === undefined) continue
    scatter(from, to, word, shift, place)
    const spare = from
    from = to
    to = spare
  }
  return from.order
}

// Where each digit's values begin in the output; undefined if all share one digit.
function firstPlaces(words: Uint32Array, word: number, shift: number): Uint32Array | undefined {
  const place = new Uint32Array(BUCKETS)
  for (let k = word; k < words.length; k += 2) place[(words[k] >>> shift) & (BUCKETS - 1)]++
  if (2 * place[(words[word] >>> shift) & (BUCKETS - 1)] === words.length) return undefined
  let sum = 0
  for (let d = 0; d < BUCKETS; d++) {
    const count = place[d]
    place[d] = sum
    sum += count
  }
  return place
}

function scatter(
  from: Columns,
  to: Columns,
  word: number,
  shift: number,
  place: Uint32Array,
): void {
  const { words, order } = from
  const toWords = to.words
  const toOrder = to.order
  for (let i = 0; i < order.length; i++) {
    const at = place[(words[2 * i + word] >>> shift) & (BUCKETS - 1)]++
    toWords[2 * at] = words[2 * i]
    toWords[2 * at + 1] = words[2 * i + 1]
    toOrder[at] = order[i]
  }
}

function risingIndices(n: number): Uint32Array {
  const indices = new Uint32Array(n)
  for (let i = 0; i < n; i++) indices[i] = i
  return indices
}
