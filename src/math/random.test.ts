import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { randomAt, threefry } from './random.ts'

function hex(key: readonly [number, number], counter: readonly [number, number]): string[] {
  const out = new Uint32Array(2)
  threefry(...key, ...counter, out)
  return [...out].map((word) => word.toString(16).padStart(8, '0'))
}

// Source: known answers of Random123, threefry2x32 with 20 rounds (file kat_vectors).
it('default: Threefry known answers', () => {
  const ones = 0xffffffff
  expect(hex([0, 0], [0, 0])).toEqual(['6b200159', '99ba4efe'])
  expect(hex([ones, ones], [ones, ones])).toEqual(['1cb996fc', 'bb002be7'])
  const pi = hex([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])
  expect(pi).toEqual(['c4923a9c', '483df7a0'])
  expect(hex([3, 4], [1, 2])).toEqual(['1582f228', 'e15e40d1'])
})

it('default: a uniform and a normal of one place', () => {
  const random = randomAt(3, 4)
  expect(random.uniform(1, 0, 2)).toBe(0.0840293300203151)
  expect(random.normal(1, 0, 2)).toBeCloseTo(-1.378468587, 9)
})

it('behaviour: the order of calls does not matter, the place does', () => {
  const [a, b] = [randomAt(7, 0), randomAt(7, 0)]
  const forwards = [a.uniform(0, 0), a.uniform(1, 0), a.uniform(0, 1), a.uniform(0, 0, 1)]
  const backwards = [b.uniform(0, 0, 1), b.uniform(0, 1), b.uniform(1, 0), b.uniform(0, 0)]
  expect(backwards.reverse()).toEqual(forwards)
  const others = [randomAt(7, 1).uniform(0, 0), randomAt(8, 0).uniform(0, 0)]
  expect(new Set([...forwards, ...others]).size).toBe(6)
})

it('error: places outside their range stop the run', () => {
  expect(() => randomAt(-1, 0)).toThrow(AssertionError)
  expect(() => randomAt(0, 4294967296)).toThrow(AssertionError)
  expect(() => randomAt(0, 0).uniform(0.5, 0)).toThrow(AssertionError)
  expect(() => randomAt(0, 0).uniform(0, 65536)).toThrow(AssertionError)
  expect(() => randomAt(0, 0).uniform(0, 0, -1)).toThrow(AssertionError)
})

it('law: uniforms spread evenly and normals have mean 0 and variance 1', () => {
  const n = 40_000
  const random = randomAt(1, 2)
  const counts = new Float64Array(100)
  let sum = 0
  let squares = 0
  for (let block = 0; block < n; block++) {
    counts[Math.floor(100 * random.uniform(block, 0))]++
    const z = random.normal(block, 1)
    sum += z
    squares += z * z
  }
  const expected = n / counts.length
  const chiSquare = counts.reduce((total, c) => total + (c - expected) * (c - expected), 0)
  // 99 degrees of freedom: between 57 and 156 but for 1 case in 2000.
  expect(chiSquare / expected).toBeGreaterThan(57)
  expect(chiSquare / expected).toBeLessThan(156)
  expect(Math.abs(sum / n)).toBeLessThan(0.02)
  expect(Math.abs(squares / n - 1)).toBeLessThan(0.03)
})
