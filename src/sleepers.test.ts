import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alike, drained, GAS, spreadOf } from './backlog.suite.ts'
import type { Backlog } from './backlog.ts'

/** One sleeper of whom it is known at which gas it pays; it wakes at the first occasion. */
function hoping(pays: number, swing: number, step = Number.POSITIVE_INFINITY) {
  const numbers = Float64Array.of(100, 1)
  const backlog = alike(1, numbers)
  backlog.sleep(0, -5, { gap: 0, fall: 0, pays, swing, step })
  return { backlog, numbers, isAsleep: () => isAsleep(backlog) }
}

/** Whether account 0 sleeps; who is awake is put to rest for good. */
function isAsleep(backlog: Backlog): boolean {
  return backlog.has(0) && drained(backlog).length === 0
}

describe('what is known of a sleeper', () => {
  it('behaviour: it sleeps on while it cannot pay, and that is counted', () => {
    const { backlog, isAsleep } = hoping(GAS / 2, GAS)
    expect(backlog.wake(GAS * 0.99)).toBe(0)
    expect(backlog.wake(GAS * 0.85)).toBe(1)
    expect(isAsleep()).toBe(true)
    expect(backlog.wake(GAS * 0.49)).toBe(0)
    expect(isAsleep()).toBe(false)
  })

  it('behaviour: a move of numbers, either way, may bring it to where it pays', () => {
    for (const factor of [1.11, 0.9]) {
      const { backlog, numbers, isAsleep } = hoping(GAS * 0.9, GAS)
      numbers[0] *= 1.05
      expect(backlog.wake(GAS)).toBe(1)
      expect(isAsleep()).toBe(true)
      numbers[0] = 100 * factor
      backlog.wake(GAS)
      expect(isAsleep()).toBe(false)
    }
  })

  it('behaviour: past its step nothing is known any more', () => {
    const { backlog, numbers, isAsleep } = hoping(0, 0, 0.04)
    numbers[0] *= 1.02
    expect(backlog.wake(GAS)).toBe(1)
    numbers[0] = 104
    backlog.wake(GAS)
    expect(isAsleep()).toBe(false)
  })

  it('behaviour: nothing is known of who was written to, and when offers have changed', () => {
    const { backlog, isAsleep } = hoping(0, 0)
    backlog.doubt(0)
    expect(isAsleep()).toBe(true)
    expect(backlog.wake(GAS * 0.5)).toBe(0)
    expect(isAsleep()).toBe(false)
    const other = hoping(0, 0)
    other.backlog.wake(GAS, true)
    expect(other.isAsleep()).toBe(false)
  })

  it('law: who sleeps could not pay, were numbers two widths nearer and gas a fall dearer', () => {
    const move = fc.double({ min: 0.97, max: 1.03, noNaN: true })
    const turn = fc.record({
      numbers: fc.tuple(move, move),
      gas: fc.double({ min: 0.8, max: 1.25 }),
    })
    const turns = fc.array(turn, { minLength: 10, maxLength: 40 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    let again = 0
    const law = fc.property(turns, share, share, share, (all, pays, swing, step) => {
      const { backlog, numbers, isAsleep } = hoping(pays * GAS, (swing * GAS) / 4, 0.01 + step / 2)
      const opening = numbers.slice()
      let gas = GAS
      for (const turn of all) {
        turn.numbers.forEach((factor, k) => {
          numbers[k] *= factor
        })
        gas *= turn.gas
        again += backlog.wake(gas)
        if (!isAsleep()) return
        const spread = spreadOf(opening, numbers) / 1.01
        expect(pays * GAS + ((swing * GAS) / 4) * (spread - 1)).toBeLessThan(gas / 0.96)
        expect(spread).toBeLessThan(1.01 + step / 2)
      }
    })
    fc.assert(law, { seed: 5, numRuns: 2000 })
    expect(again).toBeGreaterThan(300)
  })

  it('law: who wakes could pay, whichever way numbers went, or has passed its step', () => {
    const move = fc.double({ min: 0.99, max: 1.01, noNaN: true })
    const law = fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const { backlog, numbers, isAsleep } = hoping(GAS / 2, GAS, 0.5)
      let way = 1
      for (const factor of moves) {
        numbers[0] *= factor
        way *= Math.max(factor, 1 / factor)
        backlog.wake(GAS)
        if (isAsleep()) continue
        expect(GAS / 2 + GAS * (way - 1) * (1 + 1e-4)).toBeGreaterThanOrEqual(GAS)
        return
      }
    })
    fc.assert(law, { seed: 6, numRuns: 500 })
  })
})
