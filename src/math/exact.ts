/** Error-free steps: what a rounded product or sum left out, as a double of its own. */

// 2^27 + 1 cuts a double into two halves of 26 bits.
const SPLITTER = 134217729

/**
 * Returns a * b - product exactly, where `product` is a * b as computed.
 *
 * Rule:   the factors are cut into halves whose products are exact.
 * Shape:  exact while |a|, |b| < 2^996 and the product is 0 or at least 2^-969.
 * Source: T. J. Dekker, A floating-point technique for extending the available precision,
 *         Numerische Mathematik 18, 1971.
 */
export function productError(a: number, b: number, product: number): number {
  const aHigh = SPLITTER * a - (SPLITTER * a - a)
  const aLow = a - aHigh
  const bHigh = SPLITTER * b - (SPLITTER * b - b)
  const bLow = b - bHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/**
 * Returns a + b - sum exactly, where `sum` is a + b as computed.
 *
 * Source: D. E. Knuth, The Art of Computer Programming, volume 2, 4.2.2, theorem B.
 */
export function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a
  return a - (sum - bPart) + (b - bPart)
}
