import { describe, expect, it } from 'vitest'
import { backstopFor, mitigatedGain, withdrawalCritical, withdrawalDrop } from './mitigation.ts'

describe('mitigatedGain', () => {
  it('default: half positions and a backstop of 30 % leave 35 % of the gain', () => {
    expect(mitigatedGain(1.6, 0.5, 0.3)).toBeCloseTo(0.56, 14)
    expect(mitigatedGain(1.6, 1, 0)).toBe(1.6)
  })

  it('law: the backstop that was asked for reaches the target', () => {
    for (const [gain, target] of [
      [1.6, 1],
      [3, 0.5],
      [0.8, 0.79],
    ]) {
      expect(mitigatedGain(gain, 1, backstopFor(gain, target))).toBeCloseTo(target, 14)
    }
    expect(backstopFor(0.6, 1)).toBe(0)
  })

  it('error: a share above 1 is our own fault', () => {
    expect(() => mitigatedGain(1, 1, 1.2)).toThrow('fraction')
  })
})

describe('withdrawalCritical', () => {
  it('default: gain .36 with twice the depth lost per drop runs away at 8 %', () => {
    const { shock, drop } = withdrawalCritical(0.36, 2)
    expect(shock).toBeCloseTo(0.08, 14)
    expect(drop).toBeCloseTo(0.2, 14)
    expect(withdrawalDrop(0.36, 2, 0.05)).toBeCloseTo(0.0889531364, 9)
    expect(withdrawalDrop(0.36, 2, 0.0801)).toBeNull()
  })

  it('behaviour: a loop with a gain of 1 runs away at once', () => {
    expect(withdrawalCritical(1, 2)).toEqual({ shock: 0, drop: 0 })
    expect(withdrawalDrop(1.2, 2, 0.001)).toBeNull()
    expect(withdrawalDrop(1.2, 0, 0.001)).toBeNull()
  })

  it('law: depth that stays gives the linear loop, s / (1 - g)', () => {
    expect(withdrawalDrop(0.6, 0, 0.04)).toBeCloseTo(0.1, 14)
    expect(withdrawalDrop(0.6, 0, 0)).toBe(0)
  })

  it('law: the drop solves D = s + g D / (1 - omega D) and grows with the shock', () => {
    let before = 0
    for (const shock of [0.01, 0.03, 0.05, 0.07, 0.0799]) {
      const drop = withdrawalDrop(0.36, 2, shock)!
      expect(shock + (0.36 * drop) / (1 - 2 * drop)).toBeCloseTo(drop, 12)
      expect(drop).toBeGreaterThan(before)
      before = drop
    }
  })
})
