import { describe, expect, it } from 'vitest'
import { confident } from './confident.ts'
import { codeOf, opening, walk } from './moments.suite.ts'
import type { SpecOf } from './opening.ts'

const SPEC: SpecOf<'confident'> = {
  kind: 'confident',
  width: 0.001,
  volatilityWidth: 0.5,
  halfLifeSeconds: 60,
  widthMax: 0.02,
  delaySeconds: 0,
}

describe('confident', () => {
  it('default: at rest the half-width is `width` of the price', () => {
    const oracle = confident(SPEC, opening(2000))
    expect(oracle.confidence()).toBe(2)
    walk(oracle, 12).blocks(10, 2000)
    expect(oracle.confidence()).toBe(2)
  })

  it('behaviour: after one half-life of moves r a second, half of r^2 is in the variance', () => {
    const path = walk(confident(SPEC, opening(2000)), 1)
    for (let i = 0; i < 30; i++) {
      path.blocks(1, 2000 * Math.exp(0.001))
      path.blocks(1, 2000)
    }
    const width = 0.001 + 0.5 * Math.sqrt(0.5 * 0.001 * 0.001 * 60)
    expect(path.oracle.confidence() / 2000).toBeCloseTo(width, 12)
  })

  it('law: the same volatility in longer blocks gives the same width', () => {
    const width = (seconds: number): number => {
      const path = walk(confident(SPEC, opening(2000)), seconds)
      const step = Math.exp(0.0005 * Math.sqrt(seconds))
      for (let time = 0; time < 6000; time += 2 * seconds) {
        path.blocks(1, 2000 * step)
        path.blocks(1, 2000)
      }
      return path.oracle.confidence() / 2000
    }
    expect(width(12)).toBeCloseTo(width(1), 12)
    expect(width(1)).toBeCloseTo(0.001 + 0.5 * 0.0005 * Math.sqrt(60), 12)
  })

  it('behaviour: a jump makes it invalid, and calm makes it valid again', () => {
    const path = walk(confident(SPEC, opening(2000)), 12)
    path.blocks(1, 1600)
    // One return r over 12 s: v = (1 - 2^-0.2) r^2 / 12.
    const v = ((1 - 2 ** -0.2) * Math.log(0.8) ** 2) / 12
    expect(path.oracle.confidence() / 1600).toBeCloseTo(0.001 + 0.5 * Math.sqrt(60 * v), 12)
    expect(path.oracle.valid()).toBe(false)
    // The root falls by half in two half-lives, from 0.0908 to 0.019: 4.52 half-lives, 23 blocks.
    path.blocks(22, 1600)
    expect(path.oracle.valid()).toBe(false)
    path.blocks(1, 1600)
    expect(path.oracle.valid()).toBe(true)
  })

  it('behaviour: the price is late, and its volatility with it', () => {
    const path = walk(confident({ ...SPEC, delaySeconds: 30 }, opening(2000)), 12)
    expect(path.blocks(3, 1600)).toBe(2000)
    expect(path.oracle.confidence()).toBe(2)
    expect(path.blocks(1, 1500)).toBe(1600)
    expect(path.oracle.seenAt()).toBe(12)
    expect(path.oracle.valid()).toBe(false)
    expect(path.blocks(2, 1500)).toBe(1600)
    expect(path.blocks(1, 1500)).toBe(1500)
  })

  it('error: FB2401, FB2402, FB2404, FB2405 by kind of fault', () => {
    const code = (part: Partial<SpecOf<'confident'>>, price = 100): string =>
      codeOf(() => confident({ ...SPEC, ...part }, opening(price)))
    expect(code({})).toBe('none')
    expect(code({ halfLifeSeconds: 0 })).toBe('FB2401')
    expect(code({ delaySeconds: Number.POSITIVE_INFINITY })).toBe('FB2401')
    expect(code({ width: -0.1 })).toBe('FB2402')
    expect(code({ volatilityWidth: Number.NaN })).toBe('FB2402')
    expect(code({ widthMax: 0.0009 })).toBe('FB2404')
    expect(code({}, 0)).toBe('FB2405')
  })
})
