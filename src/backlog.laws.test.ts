import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNTS, backlogOf, drained, GAS, restOf, spreadOf } from './backlog.suite.ts'
import type { Backlog } from './backlog.ts'

/** One who was put back: how, at which numbers of its kind, and at which gas. */
interface Sleeper {
  readonly gap: number
  readonly fall: number
  readonly since: Float64Array
  readonly gas: number
  /** Whether since then its numbers have moved at all, or gas has fallen in some block. */
  isStirred: boolean
}

/** What the laws alone say: who is surely awake, and who may be. */
interface Model {
  readonly margin: Map<number, number>
  readonly awake: Set<number>
  readonly asleep: Map<number, Sleeper>
  /** By kind. */
  readonly numbers: readonly Float64Array[]
  gas: number
}

type Step =
  | { readonly act: 'arrive'; readonly account: number; readonly margin: number }
  | {
      readonly act: 'take'
      readonly gap: number
      readonly fall: number
      readonly margin: number
      readonly back: boolean
    }
  | {
      readonly act: 'wake'
      readonly factor: readonly (readonly number[])[]
      readonly gasFactor: number
    }
  | { readonly act: 'clear' }

const LEAST_WIDTH = 0.0101
const LEAST_FALL = 0.04
/** By kind, how many numbers it has. */
const NUMBERS = [2, 1, 3]
const RUNS = 1500

const kindOf = (account: number): number => account % NUMBERS.length

function emptyModel(): Model {
  const numbers = NUMBERS.map((count) => new Float64Array(count).fill(1))
  return { margin: new Map(), awake: new Set(), asleep: new Map(), numbers, gas: GAS }
}

/** Checks one account that came out against everybody who was surely awake; -1 is nobody. */
function judge({ awake, asleep, margin }: Model, taken: number): void {
  if (taken < 0) expect([...awake]).toEqual([])
  else if (!awake.has(taken)) {
    expect(asleep.get(taken)?.gap).toBeLessThan(Number.POSITIVE_INFINITY)
    expect(asleep.get(taken)?.isStirred).toBe(true)
  }
  for (const other of awake) {
    const [own, rival] = [margin.get(taken)!, margin.get(other)!]
    if (rival > own || (rival === own && other < taken)) expect(other).toBe(taken)
  }
  awake.delete(taken)
  asleep.delete(taken)
  margin.delete(taken)
}

/** Whether the laws say that it must be awake. */
function isDue({ gap, fall, since, gas }: Sleeper, now: Float64Array, gasNow: number): boolean {
  if (gap === Number.POSITIVE_INFINITY) return false
  const least = Math.max(1 + gap, 1 + LEAST_WIDTH) * (1 + 1e-12)
  if (spreadOf(since, now) > least) return true
  return fall < 1 && gasNow < gas * (1 - Math.max(fall, LEAST_FALL)) * (1 - 1e-12)
}

function move(model: Model, { factor, gasFactor }: Step & { act: 'wake' }): void {
  const { numbers, asleep, awake } = model
  numbers.forEach((own, kind) => {
    own.forEach((number, k) => {
      own[k] = number * factor[kind][k]
    })
  })
  model.gas *= gasFactor
  for (const [account, sleeper] of asleep) {
    const kind = kindOf(account)
    sleeper.isStirred ||= factor[kind].some((f) => f !== 1) || (gasFactor < 1 && sleeper.fall < 1)
    if (isDue(sleeper, numbers[kind], model.gas) && asleep.delete(account)) awake.add(account)
  }
}

function perform(backlog: Backlog, model: Model, step: Step): void {
  const { awake, asleep, margin, numbers, gas } = model
  if (step.act === 'arrive') {
    backlog.arrive(step.account, step.margin)
    if (margin.has(step.account)) return
    awake.add(step.account)
    margin.set(step.account, step.margin)
  } else if (step.act === 'take') {
    const taken = backlog.next()
    judge(model, taken)
    if (taken < 0 || !step.back) return
    backlog.sleep(taken, step.margin, restOf(step.gap, step.fall))
    const since = numbers[kindOf(taken)].slice()
    asleep.set(taken, { gap: step.gap, fall: step.fall, since, gas, isStirred: false })
    margin.set(taken, step.margin)
  } else if (step.act === 'wake') {
    move(model, step)
    backlog.wake(model.gas)
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
  const fall = fc.oneof(
    fc.double({ min: 0, max: 0.05, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constant(1),
  )
  const factor = fc.oneof(
    { weight: 2, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.double({ min: 0.99, max: 1.01, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: 0.3, max: 3, noNaN: true }) },
  )
  const wake = fc.record({
    act: fc.constant('wake' as const),
    factor: fc.tuple(
      ...NUMBERS.map((count) => fc.array(factor, { minLength: count, maxLength: count })),
    ),
    gasFactor: factor,
  })
  const account = fc.nat(ACCOUNTS - 1)
  const back = fc.boolean()
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ act: fc.constant('arrive' as const), account, margin }) },
    {
      weight: 8,
      arbitrary: fc.record({ act: fc.constant('take' as const), gap, fall, margin, back }),
    },
    { weight: 6, arbitrary: wake },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('clear' as const) }) },
  )

  it('law: nobody is lost, nobody comes twice, sleepers wake in time, in order of margins', () => {
    let woken = 0
    const law = fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const model = emptyModel()
      const backlog = backlogOf(
        Array.from({ length: ACCOUNTS }, (_, account) => kindOf(account)),
        ...model.numbers,
      )
      for (const each of steps) perform(backlog, model, each)
      const forGood = [...model.asleep].filter(([, { gap }]) => gap === Number.POSITIVE_INFINITY)
      const inside = [...model.margin.keys()]
      woken += model.asleep.size - forGood.length
      for (const own of model.numbers) own[0] *= 1e6
      backlog.wake(model.gas)
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
