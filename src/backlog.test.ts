import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Backlog, backlogFrom } from './backlog.ts'

const ACCOUNTS = 12

/** Takes out everybody who is awake, in order. */
function drained(backlog: Backlog): number[] {
  const taken: number[] = []
  for (let next = backlog.next(); next >= 0; next = backlog.next()) taken.push(next)
  return taken
}

/** Ratio of the largest to the least move, of what moved and of what did not. */
function spreadOf(before: Float64Array, after: Float64Array): number {
  const moves = Array.from(after, (to, k) => (to === before[k] ? 1 : to / before[k]))
  return Math.max(1, ...moves) / Math.min(1, ...moves)
}

/** A backlog of one account that fell asleep with this gap when the numbers were 100 and 1. */
function sleeping(gap: number): Backlog {
  const backlog = backlogFrom(1, 2)
  backlog.wake(Float64Array.of(100, 1))
  backlog.arrive(0, -5)
  backlog.next()
  backlog.sleep(0, -5, gap)
  return backlog
}

describe('next', () => {
  it('default: the largest margin first, the first account of equal ones, then -1', () => {
    const backlog = backlogFrom(5, 1)
    ;[3, 7, 7, -2, 7].forEach((margin, account) => {
      backlog.arrive(account, margin)
    })
    expect(drained(backlog)).toEqual([1, 2, 4, 0, 3])
    expect(backlog.next()).toBe(-1)
  })

  it('law: the order does not depend on the order of arrival', () => {
    const margins = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 })
    const law = fc.property(margins, fc.infiniteStream(fc.nat()), (margin, keys) => {
      const order = margin.map((_, k) => k)
      const shuffled = order
        .map((k) => [keys.next().value as number, k])
        .sort(([a, i], [b, k]) => a - b || i - k)
        .map(([, k]) => k)
      const backlog = backlogFrom(margin.length, 1)
      for (const k of shuffled) backlog.arrive(k, margin[k])
      expect(drained(backlog)).toEqual(order.sort((i, k) => margin[k] - margin[i] || i - k))
    })
    fc.assert(law, { seed: 1, numRuns: 200 })
  })

  it('behaviour: -Infinity, what offers nothing, comes last and is not lost', () => {
    const backlog = backlogFrom(2, 1)
    backlog.arrive(0, Number.NEGATIVE_INFINITY)
    backlog.arrive(1, -1e300)
    expect(drained(backlog)).toEqual([1, 0])
  })
})

describe('arrive', () => {
  it('behaviour: who is inside already is not there twice, awake or asleep', () => {
    const backlog = backlogFrom(2, 1)
    backlog.wake(Float64Array.of(1))
    backlog.arrive(0, 1)
    backlog.arrive(0, 9)
    backlog.arrive(1, 5)
    expect(drained(backlog)).toEqual([1, 0])
    backlog.sleep(0, 1, 0.1)
    backlog.arrive(0, 9)
    expect([backlog.has(0), backlog.has(1)]).toEqual([true, false])
    expect(drained(backlog)).toEqual([])
    backlog.arrive(1, 5)
    expect(drained(backlog)).toEqual([1])
  })
})

describe('wake', () => {
  it('law: a lone sleeper wakes before a move by its gap, up or down, of any one number', () => {
    for (const gap of [0.005, 0.0099, 0.01, 0.03, 0.1, 0.5, 1, 2.5])
      for (const k of [0, 1])
        for (const factor of [(1 + gap) * (1 + 1e-12), 1 - gap, 1 / (1 + gap) / (1 + 1e-12)]) {
          if (factor <= 0) continue
          const numbers = Float64Array.of(100, 1)
          const backlog = sleeping(gap)
          numbers[k] *= factor
          backlog.wake(numbers)
          expect(backlog.next(), `gap ${gap}, factor ${factor}`).toBe(0)
        }
  })

  it('law: it wakes before two numbers have moved apart by its gap', () => {
    for (const gap of [0.005, 0.02, 0.3]) {
      const backlog = sleeping(gap)
      const half = Math.sqrt(1 + gap) * (1 + 1e-12)
      backlog.wake(Float64Array.of(100 * half, 1 / half))
      expect(backlog.next()).toBe(0)
    }
  })

  it('law: a lone sleeper does not wake on half its gap', () => {
    for (const gap of [0.005, 0.0099, 0.01, 0.03, 0.1, 0.5, 1, 2.5])
      for (const factor of [1 + gap / 2, 1 / (1 + gap / 2)]) {
        const backlog = sleeping(gap)
        backlog.wake(Float64Array.of(100, factor * (1 + Math.sign(1 - factor) * 1e-12)))
        expect(backlog.next(), `gap ${gap}, factor ${factor}`).toBe(-1)
        expect(backlog.has(0)).toBe(true)
      }
  })

  it('behaviour: many small moves that add up to the gap wake it too', () => {
    const backlog = sleeping(0.1)
    const numbers = Float64Array.of(100, 1)
    let moves = 0
    while (backlog.next() < 0) {
      numbers[0] *= 0.999
      backlog.wake(numbers)
      expect(++moves).toBeLessThan(100)
    }
    expect(1 - numbers[0] / 100).toBeGreaterThan(0.05)
    expect(1 - numbers[0] / 100).toBeLessThan(0.1)
  })

  it('law: those who fall asleep later do not keep those before them asleep', () => {
    const backlog = backlogFrom(20, 1)
    const gap = 0.0199
    let price = 1
    backlog.wake(Float64Array.of(price))
    const awake: number[] = []
    for (let account = 0; price <= 1 + gap; account++) {
      backlog.arrive(account, -1)
      for (const taken of drained(backlog)) {
        if (taken < account) awake.push(taken)
        else backlog.sleep(taken, -1, gap)
      }
      price *= 1.004
      backlog.wake(Float64Array.of(price))
    }
    expect([...awake, ...drained(backlog)]).toContain(0)
  })

  it('behaviour: below the least width, 0.5 %, gaps make no difference', () => {
    for (const gap of [0, 1e-9, 0.0049]) {
      const backlog = sleeping(gap)
      backlog.wake(Float64Array.of(100.49, 1))
      expect(backlog.next()).toBe(-1)
      backlog.wake(Float64Array.of(100.51, 1))
      expect(backlog.next()).toBe(0)
    }
  })

  it('behaviour: a number that comes to 0 or leaves it wakes everybody but who sleeps for good', () => {
    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ]) {
      const backlog = backlogFrom(2, 1)
      backlog.wake(Float64Array.of(from))
      backlog.sleep(0, 0, 1e9)
      backlog.sleep(1, 0, Number.POSITIVE_INFINITY)
      backlog.wake(Float64Array.of(from))
      expect(backlog.next()).toBe(-1)
      backlog.wake(Float64Array.of(to))
      expect(drained(backlog)).toEqual([0])
      expect(backlog.has(1)).toBe(true)
    }
  })

  it('behaviour: those of one layer wake together, wider gaps sleep on', () => {
    const backlog = backlogFrom(3, 1)
    backlog.wake(Float64Array.of(1))
    backlog.sleep(0, -3, 0.011)
    backlog.sleep(1, -2, 0.019)
    backlog.sleep(2, -1, 0.9)
    backlog.wake(Float64Array.of(1.0101))
    expect(drained(backlog)).toEqual([1, 0])
    backlog.wake(Float64Array.of(1.9))
    expect(drained(backlog)).toEqual([2])
  })
})

describe('clear', () => {
  it('behaviour: nobody is inside, and everybody may arrive anew', () => {
    const backlog = backlogFrom(3, 1)
    backlog.wake(Float64Array.of(1))
    backlog.arrive(0, 1)
    backlog.sleep(1, 1, 0.02)
    backlog.sleep(2, 1, Number.POSITIVE_INFINITY)
    backlog.clear()
    expect([0, 1, 2].some(backlog.has)).toBe(false)
    backlog.wake(Float64Array.of(9))
    expect(backlog.next()).toBe(-1)
    for (const account of [2, 1, 0]) backlog.arrive(account, 1)
    expect(drained(backlog)).toEqual([0, 1, 2])
  })
})

/** What the laws alone say: who is surely awake, and who may be. */
interface Model {
  readonly margin: Map<number, number>
  readonly awake: Set<number>
  readonly asleep: Map<number, { readonly gap: number; readonly since: Float64Array }>
}

type Step =
  | { readonly act: 'arrive'; readonly account: number; readonly margin: number }
  | { readonly act: 'take'; readonly gap: number; readonly margin: number; readonly back: boolean }
  | { readonly act: 'wake'; readonly factor: readonly number[] }
  | { readonly act: 'clear' }

const LEAST_WIDTH = 0.005
const NUMBERS = 3
const RUNS = 1500

/** Checks one account that came out against everybody who was surely awake; -1 is nobody. */
function judge({ awake, asleep, margin }: Model, taken: number): void {
  if (taken < 0) expect([...awake]).toEqual([])
  else if (!awake.has(taken)) expect(asleep.get(taken)?.gap).toBeLessThan(Number.POSITIVE_INFINITY)
  for (const other of awake) {
    const [own, rival] = [margin.get(taken)!, margin.get(other)!]
    if (rival > own || (rival === own && other < taken)) expect(other).toBe(taken)
  }
  awake.delete(taken)
  asleep.delete(taken)
  margin.delete(taken)
}

function perform(backlog: Backlog, model: Model, step: Step, numbers: Float64Array): void {
  const { awake, asleep, margin } = model
  if (step.act === 'arrive') {
    backlog.arrive(step.account, step.margin)
    if (margin.has(step.account)) return
    awake.add(step.account)
    margin.set(step.account, step.margin)
  } else if (step.act === 'take') {
    const taken = backlog.next()
    judge(model, taken)
    if (taken < 0 || !step.back) return
    backlog.sleep(taken, step.margin, step.gap)
    asleep.set(taken, { gap: step.gap, since: numbers.slice() })
    margin.set(taken, step.margin)
  } else if (step.act === 'wake') {
    step.factor.forEach((factor, k) => {
      numbers[k] *= factor
    })
    backlog.wake(numbers)
    for (const [account, { gap, since }] of asleep) {
      const least = Math.max(1 + gap, 1 + LEAST_WIDTH) * (1 + 1e-12)
      if (spreadOf(since, numbers) > least && asleep.delete(account)) awake.add(account)
    }
  } else {
    backlog.clear()
    for (const all of [awake, asleep, margin]) all.clear()
  }
  for (let i = 0; i < ACCOUNTS; i++) expect(backlog.has(i)).toBe(margin.has(i))
}

describe('any sequence', () => {
  const margin = fc.integer({ min: -4, max: 4 })
  const gap = fc.oneof(
    fc.double({ min: 0, max: 0.05, noNaN: true }),
    fc.double({ min: 0, max: 5, noNaN: true }),
    fc.constant(Number.POSITIVE_INFINITY),
  )
  const move = fc.oneof(
    fc.constant(1),
    fc.double({ min: 0.99, max: 1.01, noNaN: true }),
    fc.double({ min: 0.3, max: 3, noNaN: true }),
  )
  const factor = fc.array(move, { minLength: NUMBERS, maxLength: NUMBERS })
  const account = fc.nat(ACCOUNTS - 1)
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ act: fc.constant('arrive' as const), account, margin }) },
    {
      weight: 8,
      arbitrary: fc.record({ act: fc.constant('take' as const), gap, margin, back: fc.boolean() }),
    },
    { weight: 6, arbitrary: fc.record({ act: fc.constant('wake' as const), factor }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('clear' as const) }) },
  )

  it('law: nobody is lost, nobody comes twice, sleepers wake in time, in order of margins', () => {
    let woken = 0
    const law = fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const backlog = backlogFrom(ACCOUNTS, NUMBERS)
      const model: Model = { margin: new Map(), awake: new Set(), asleep: new Map() }
      const numbers = new Float64Array(NUMBERS).fill(1)
      backlog.wake(numbers)
      for (const each of steps) perform(backlog, model, each, numbers)
      const forGood = [...model.asleep].filter(([, { gap }]) => gap === Number.POSITIVE_INFINITY)
      const inside = [...model.margin.keys()]
      woken += model.asleep.size - forGood.length
      backlog.wake(numbers.map((number, k) => number * (k === 0 ? 1e6 : 1)))
      const out = drained(backlog)
      const wanted = inside.filter((i) => !forGood.some(([account]) => account === i))
      const by = (i: number, k: number) => model.margin.get(k)! - model.margin.get(i)! || i - k
      expect(out).toEqual(wanted.sort(by))
      for (const [i] of forGood) expect(backlog.has(i)).toBe(true)
    })
    fc.assert(law, { seed: 3, numRuns: RUNS })
    expect(woken).toBeGreaterThan(RUNS / 10)
  })
})
