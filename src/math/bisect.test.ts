import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { bisect, nextDown, nextUp } from './bisect.ts'

it('default: finds the last double at which the test holds', () => {
  expect(bisect((x) => x * x <= 2, 0, 10)).toBe(nextDown(Math.SQRT2))
  expect(bisect((x) => x < 0.3, 0, 1)).toBe(nextDown(0.3))
})

it('behaviour: a test that always holds gives the high end', () => {
  expect(bisect(() => true, 0, 1)).toBe(1)
  expect(bisect((x) => x <= 1, 1, 1)).toBe(1)
})

it('behaviour: needs at most 66 calls at any scale', () => {
  let calls = 0
  const found = bisect(
    (x) => {
      calls++
      return x <= 1e-310
    },
    -1e300,
    Infinity,
  )
  expect(found).toBe(1e-310)
  expect(calls).toBeLessThanOrEqual(66)
})

it('default: neighbours of doubles', () => {
  expect([nextUp(1), nextDown(1)]).toEqual([1 + Number.EPSILON, 1 - Number.EPSILON / 2])
  expect([nextUp(0), nextDown(-0)]).toEqual([Number.MIN_VALUE, -Number.MIN_VALUE])
  expect(nextUp(-Number.MIN_VALUE)).toBe(0)
  expect([nextUp(Number.MAX_VALUE), nextDown(Infinity)]).toEqual([Infinity, Number.MAX_VALUE])
  expect([nextUp(Infinity), nextDown(-Infinity)]).toEqual([Infinity, -Infinity])
})

it('error: broken promises stop the run', () => {
  expect(() => bisect(() => false, 0, 1)).toThrow(AssertionError)
  expect(() => bisect(() => true, 1, 0)).toThrow(AssertionError)
  expect(() => bisect(() => true, 0, NaN)).toThrow(AssertionError)
  expect(() => nextUp(NaN)).toThrow(AssertionError)
})

it('law: finds any threshold exactly, and nextDown undoes nextUp', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(finite, (threshold) => {
      expect(bisect((x) => x <= threshold, -Infinity, Infinity) + 0).toBe(threshold + 0)
      expect(nextDown(nextUp(threshold)) + 0).toBe(threshold + 0)
      expect(nextUp(threshold)).toBeGreaterThan(threshold)
    }),
    { seed: 8 },
  )
})
