import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bisect, nextDown, nextUp } from './bisect.ts'
import { lastReaching } from './lastReaching.ts'

const RUNS = { seed: 11, numRuns: 300 }

const FUNCTIONS: readonly (readonly [string, (x: number) => number])[] = [
  ['a hyperbola', (x) => 1 / (1 + x)],
  ['a steep fall', (x) => 1 / (1 + x * x * x * x * x)],
  ['steps', (x) => 1 / (1 + Math.floor(8 * x))],
  ['a slope with a cliff', (x) => (x < 2 ? 1 - x / 100 : 0.5 - x / 100)],
  ['a wall of infinity', (x) => (x < 0.3 ? Number.POSITIVE_INFINITY : -x)],
]

const place = fc.double({ min: 0, max: 10, noNaN: true })
const slope = fc.double({ min: 1e-9, max: 1e9, noNaN: true })

describe.each(FUNCTIONS)('lastReaching on %s', (_, f) => {
  it('law: it finds what bisection finds, wherever it starts', () => {
    fc.assert(
      fc.property(place, place, slope, (wanted, from, slope) => {
        const target = Math.min(1e9, f(wanted))
        const last = bisect((x) => f(x) >= target, 0, 10)
        expect(lastReaching(f, target, { low: 0, high: 10, from, slope })).toBe(last)
        const jump = () => wanted
        expect(lastReaching(f, target, { low: 0, high: 10, from, slope, jump })).toBe(last)
      }),
      RUNS,
    )
  })
})

describe('lastReaching', () => {
  const search = { low: -10, high: 10, from: 3, slope: 1 }

  it('default: the last double at which the target is reached', () => {
    const last = lastReaching((x) => 2 - x * x * x, 1.9, search)
    expect(last).toBeCloseTo(0.464158883361278, 14)
    expect(2 - last ** 3).toBeGreaterThanOrEqual(1.9)
    expect(2 - nextUp(last) ** 3).toBeLessThan(1.9)
  })

  it('behaviour: the high end where the target is reached everywhere', () => {
    expect(lastReaching(() => 1, 1, search)).toBe(10)
  })

  it('behaviour: few calls where the function is smooth, never many', () => {
    let calls = 0
    const counted = (f: (x: number) => number) => (x: number) => {
      calls++
      return f(x)
    }
    lastReaching(
      counted((x) => 1 / (11 + x)),
      0.09,
      { ...search, from: 0.1, slope: 0.008 },
    )
    expect(calls).toBeLessThan(15)
    calls = 0
    lastReaching(
      counted((x) => (x < 0.7 ? 1 : 0)),
      0.999,
      search,
    )
    expect(calls).toBeLessThan(120)
    calls = 0
    for (const jump of [0.7, nextUp(0.7), nextDown(0.7)])
      lastReaching(
        counted((x) => (x < 0.7 ? 1 : 0)),
        0.999,
        { ...search, jump: () => jump },
      )
    expect(calls).toBeLessThan(45)
  })

  it('error: a function that does not reach the target at the low end, or is no number', () => {
    expect(() => lastReaching(() => 1, 2, search)).toThrow(/low end/)
    expect(() => lastReaching(() => Number.NaN, 2, search)).toThrow(/bracket/)
  })
})
