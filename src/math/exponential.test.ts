import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextDown, nextUp } from './bisect.ts'
import { exp, log, pow } from './exponential.ts'
import { LOG_HIGH, POWER_HIGH, RECIPROCAL } from './exponentialTables.ts'

// Walks `steps` doubles up from just below `x`; the function must never step back.
function expectNoStepBack(f: (x: number) => number, x: number, steps: number): void {
  let at = x
  for (let k = 0; k < steps / 2; k++) at = nextDown(at)
  let last = f(at)
  for (let k = 0; k < steps; k++) {
    at = nextUp(at)
    const next = f(at)
    if (next < last) throw new Error(`steps back at ${at}`)
    last = next
  }
}

it('default: worked values', () => {
  expect(exp(-0.35)).toBe(0.7046880897187134)
  expect(exp(-0.0054)).toBe(0.9946145537913912)
  expect(log(0.7)).toBe(-0.35667494393873245)
  expect(log(1.0000001)).toBe(9.999999505838704e-8)
  expect(pow(0.93, 1.7)).toBe(0.8839363883451634)
  expect([exp(1), log(2), log(10)]).toEqual([Math.E, Math.LN2, Math.LN10])
})

it('behaviour: exp at the ends of its range', () => {
  expect([exp(0), exp(-0), exp(-Infinity), exp(Infinity)]).toEqual([1, 1, 0, Infinity])
  expect(exp(709.782712893384)).toBeLessThan(Infinity)
  expect(exp(709.7827128933841)).toBe(Infinity)
  expect(exp(-745.1332191019411)).toBe(Number.MIN_VALUE)
  expect(exp(-745.1332191019412)).toBe(0)
  expect(exp(NaN)).toBeNaN()
})

it('behaviour: log at the ends of its range', () => {
  expect([log(1), log(0), log(-0), log(Infinity)]).toEqual([0, -Infinity, -Infinity, Infinity])
  expect(log(Number.MIN_VALUE)).toBe(-744.4400719213812)
  expect(log(-1)).toBeNaN()
  expect(log(-Infinity)).toBeNaN()
  expect(log(NaN)).toBeNaN()
})

it.each([
  [NaN, 0, 1],
  [1, NaN, 1],
  [-1, Infinity, 1],
  [0, 2, 0],
  [0, -2, Infinity],
  [-0, 3, -0],
  [-0, -3, -Infinity],
  [Infinity, 0.5, Infinity],
  [Infinity, -0.5, 0],
  [-Infinity, 3, -Infinity],
  [-Infinity, -2, 0],
  [0.5, Infinity, 0],
  [0.5, -Infinity, Infinity],
  [2, 1e300, Infinity],
  [2, -1e300, 0],
  [2, 1e-300, 1],
  [-2, 3, -8],
  [-2, -2, 0.25],
  [-1, 1e22, 1],
  [2, 1024, Infinity],
  [2, -1074, Number.MIN_VALUE],
  [2, -1076, 0],
])('behaviour: pow(%d, %d) is %d', (x, y, power) => {
  expect(pow(x, y)).toBe(power)
})

it('behaviour: pow without an answer is NaN', () => {
  expect(pow(-2, 0.5)).toBeNaN()
  expect(pow(NaN, 1)).toBeNaN()
  expect(pow(2, NaN)).toBeNaN()
})

it('law: exact powers come out exact', () => {
  for (let x = 1; x <= 30; x++) {
    for (let n = 0, power = 1; power < Number.MAX_SAFE_INTEGER; n++, power *= x) {
      if (n > 60) break
      expect(pow(x, n)).toBe(power)
    }
  }
})

it('law: exp never steps back, across the seams of its table', () => {
  for (let k = -3000; k < 3000; k++) expectNoStepBack(exp, (k + 0.5) * (Math.LN2 / 64), 40)
})

it('law: log never steps back, across the seams of its table', () => {
  for (let i = 0; i < 128; i++) {
    const seam = i < 80 ? 0.6875 + i / 256 : 1 + (i - 80) / 128
    for (const scale of [1, 0.5, 1024, 1e-300]) expectNoStepBack(log, seam * scale, 100)
  }
})

it('law: exp and log never step back anywhere', () => {
  const place = fc.double({ min: -745, max: 710, noNaN: true })
  const positive = fc.double({ min: 0, max: 1e308, noNaN: true }).filter((x) => x > 1e-300)
  fc.assert(
    fc.property(place, positive, (x, z) => {
      expectNoStepBack(exp, x, 20)
      expectNoStepBack(log, z, 20)
    }),
    { seed: 4, numRuns: 500 },
  )
})

it('law: log undoes exp', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(2.3e-16 * Math.max(1, Math.abs(x)))
    }),
    { seed: 5 },
  )
})

it('law: the tables agree with exact whole-number arithmetic', () => {
  const scale = 1n << 312n
  POWER_HIGH.forEach((whole, j) => {
    // 2^(j / 64) lies between whole - 1/2 and whole + 1/2, all over 2^52: compare 64th powers.
    const target = 1n << BigInt(64 * 53 + j)
    expect((2n * BigInt(whole) - 1n) ** 64n <= target).toBe(true)
    expect((2n * BigInt(whole) + 1n) ** 64n >= target).toBe(true)
  })
  LOG_HIGH.forEach((whole, i) => {
    const units = logOfRatio(2048n, BigInt(RECIPROCAL[i]), scale)
    const off = (units << 42n) - BigInt(whole) * scale
    expect(2n * (off < 0n ? -off : off) <= scale).toBe(true)
  })
})

// log(a / b) times scale: twice the inverse hyperbolic tangent of (a - b) / (a + b).
function logOfRatio(a: bigint, b: bigint, scale: bigint): bigint {
  let power = ((a - b) * scale) / (a + b)
  const square = ((a - b) * (a - b) * scale) / ((a + b) * (a + b))
  let sum = 0n
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k
    power = (power * square) / scale
  }
  return 2n * sum
}
