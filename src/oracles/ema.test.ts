import { describe, expect, it } from 'vitest'
import { ema } from './ema.ts'
import { codeOf, opening, walk } from './moments.suite.ts'

const SPEC = { kind: 'ema', timeSeconds: 600 } as const

describe('ema', () => {
  // Source: curvefi/stableswap-ng CurveStableSwapNG.vy _calc_moving_average().
  it('behaviour: ema = last (1 - a) + ema a with the price of the block before', () => {
    const path = walk(ema(SPEC, opening(100)), 12)
    const a = Math.exp(-12 / 600)
    expect(path.blocks(1, 200)).toBe(100)
    expect(path.oracle.seenAt()).toBe(0)
    expect(path.blocks(1, 50)).toBeCloseTo(200 * (1 - a) + 100 * a, 11)
    expect(path.oracle.seenAt()).toBe(12)
    const before = path.oracle.price()
    expect(path.blocks(1, 999)).toBeCloseTo(50 * (1 - a) + before * a, 11)
  })

  it('behaviour: after a step it closes 1 - 1/e of the gap in one time constant', () => {
    const path = walk(ema(SPEC, opening(100)), 12)
    path.blocks(1, 200)
    expect(path.blocks(50, 200)).toBeCloseTo(200 - 100 * Math.exp(-1), 10)
  })

  it('law: the same time in longer blocks gives the same mean of a constant price', () => {
    const long = walk(ema(SPEC, opening(100)), 60)
    const short = walk(ema(SPEC, opening(100)), 5)
    long.blocks(1, 200)
    short.blocks(1, 200)
    expect(short.blocks(120, 200)).toBeCloseTo(long.blocks(10, 200), 10)
  })

  it('behaviour: a price that comes and goes inside a block is never read', () => {
    const oracle = ema(SPEC, opening(100))
    const at = { block: 1, seconds: 0, atSeconds: 0, gwei: 1 }
    oracle.observe(at, 1e6, 1e6)
    oracle.observe(at, 100, 100)
    oracle.observe({ ...at, block: 2, seconds: 12, atSeconds: 12 }, 100, 100)
    expect(oracle.price()).toBe(100)
  })

  it('error: FB2401, FB2405 by kind of fault', () => {
    expect(codeOf(() => ema({ ...SPEC, timeSeconds: 0 }, opening(1)))).toBe('FB2401')
    expect(codeOf(() => ema(SPEC, opening(-1)))).toBe('FB2405')
  })
})
