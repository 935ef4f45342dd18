import { describe, expect, it } from 'vitest'
import { capped } from './capped.ts'
import { confident } from './confident.ts'
import { codeOf, opening, walk } from './moments.suite.ts'
import type { SpecOf } from './opening.ts'
import { spot } from './spot.ts'

const SPOT = { kind: 'spot' } as const
const SPEC: SpecOf<'capped'> = {
  kind: 'capped',
  growthPerYear: 0.0968,
  snapshotRatio: 1.2,
  snapshotAgeSeconds: 0,
  under: SPOT,
}
const DAY = 86_400

function over(spec: SpecOf<'capped'>, price: number) {
  return capped(spec, opening(price), spot(SPOT, opening(price)))
}

describe('capped', () => {
  // Source: bgd-labs/aave-capo PriceCapAdapterBase.sol, in whole numbers: ratio 1.2, 9.68 % a year,
  // cap after 30 days 1.209547397260273971.
  it('behaviour: the cap grows in a line from its snapshot', () => {
    const path = walk(over(SPEC, 1.2), DAY)
    expect(path.blocks(30, 5)).toBeCloseTo(1.209547397260274, 15)
    const older = walk(over({ ...SPEC, snapshotAgeSeconds: 20 * DAY }, 1.2), DAY)
    expect(older.blocks(10, 5)).toBeCloseTo(1.209547397260274, 15)
    const year = walk(over(SPEC, 1.2), 365 * DAY)
    expect(year.blocks(2, 5)).toBeCloseTo(1.2 * (1 + 2 * 0.0968), 14)
  })

  it('behaviour: it caps upward only, and lets a de-peg through', () => {
    const path = walk(over(SPEC, 1.2), 12)
    expect(path.blocks(1, 1.2)).toBe(1.2)
    expect(path.blocks(1, 0.6)).toBe(0.6)
    expect(path.blocks(1, 1.19)).toBe(1.19)
    expect(path.blocks(1, 1.21)).toBeLessThan(1.2001)
  })

  // Source: PriceCapAdapterStable.sol: min(price, cap).
  it('behaviour: without growth it is the fixed cap of a stable coin', () => {
    const stable = { ...SPEC, growthPerYear: 0, snapshotRatio: 1.04 }
    const path = walk(over(stable, 1), DAY)
    expect(path.blocks(100, 1.5)).toBe(1.04)
    expect(path.blocks(1, 1.01)).toBe(1.01)
  })

  // Source: 10 March 2026, Aave: a stale snapshot valued wstETH at 1.1939 instead of 1.2285.
  it('behaviour: a cap below the market holds from the opening on', () => {
    const wrong = { ...SPEC, growthPerYear: 0, snapshotRatio: 1.1939 }
    expect(over(wrong, 1.2285).price()).toBe(1.1939)
  })

  it('behaviour: all else is what the feed beneath says', () => {
    const inner = {
      kind: 'confident',
      width: 0.001,
      volatilityWidth: 1,
      halfLifeSeconds: 60,
      widthMax: 0.002,
      delaySeconds: 12,
    } as const
    const oracle = capped(SPEC, opening(1.2), confident(inner, opening(1.2)))
    const path = walk(oracle, 12)
    path.blocks(2, 1.1)
    expect([oracle.price(), oracle.seenAt(), oracle.valid()]).toEqual([1.1, 12, false])
    expect(oracle.confidence()).toBeGreaterThan(0.0022)
  })

  it('error: FB2401, FB2402, FB2405 by kind of fault', () => {
    const code = (part: Partial<SpecOf<'capped'>>): string =>
      codeOf(() => over({ ...SPEC, ...part }, 1.2))
    expect(code({})).toBe('none')
    expect(code({ snapshotAgeSeconds: -1 })).toBe('FB2401')
    expect(code({ growthPerYear: -0.1 })).toBe('FB2402')
    expect(code({ snapshotRatio: 0 })).toBe('FB2405')
  })
})
