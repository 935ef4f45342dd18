import fc from 'fast-check'
import { expect, it } from 'vitest'
import { productError, sumError } from './exact.ts'

const TWO_300 = 2.037035976334486e90
const TINY = 1 / 1073741824

// A double times 2^600 as a whole number, so that BigInt arithmetic is the judge.
function scaled(x: number): bigint {
  return BigInt(x * TWO_300) << 300n
}

const moderate = fc.double({ min: -1e30, max: 1e30, noNaN: true }).map((x) => Math.fround(x) + x)
const wide = moderate.filter((x) => x === 0 || Math.abs(x) > 1e-30)

it('default: gives the part of a product and of a sum that rounding dropped', () => {
  expect(productError(1 + TINY, 1 + TINY, 1 + 2 * TINY)).toBe(TINY * TINY)
  expect(sumError(1, TINY * TINY, 1)).toBe(TINY * TINY)
})

it('law: product and error add up to the true product', () => {
  fc.assert(
    fc.property(wide, wide, (a, b) => {
      const product = a * b
      const whole = (scaled(a) * scaled(b)) >> 600n
      expect(scaled(product) + scaled(productError(a, b, product))).toBe(whole)
    }),
    { seed: 2 },
  )
})

it('law: sum and error add up to the true sum', () => {
  fc.assert(
    fc.property(wide, wide, (a, b) => {
      expect(scaled(a + b) + scaled(sumError(a, b, a + b))).toBe(scaled(a) + scaled(b))
    }),
    { seed: 3 },
  )
})
