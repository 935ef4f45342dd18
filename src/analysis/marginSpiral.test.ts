import { describe, expect, it } from 'vitest'
import { type MarginMarket, marginSpiral } from './marginSpiral.ts'

const paper: MarginMarket = {
  ...{ value: 100, opening: 100, riskUsd: 0.05, sold: 60 },
  ...{ held: 5, wealthUsd: 60, marginUsd: 4, marginRise: 0.3 },
}

/** How a number of the market moves the price, by a difference across it. */
function slope(of: MarginMarket, key: 'wealthUsd' | 'marginUsd', step = 1e-4): number {
  const at = (change: number) => marginSpiral({ ...of, [key]: of[key] + change }).price
  return (at(step) - at(-step)) / (2 * step)
}

describe('marginSpiral', () => {
  it('vector: target 19, the price, what is held, and what a dollar of wealth moves', () => {
    const { price, held, isBound, perUsd, perUsdWithoutSpiral } = marginSpiral(paper)
    expect(price).toBeCloseTo(98.81014, 6)
    expect(held).toBeCloseTo(12.405605, 6)
    expect(perUsd).toBeCloseTo(0.00604023, 8)
    expect(perUsdWithoutSpiral).toBeCloseTo(0.00573795, 8)
    expect(isBound).toBe(true)
  })

  it('law: what a dollar moves is the slope of the price, and margins are paid in full', () => {
    for (const marginRise of [0, 0.1, 0.3, 1])
      for (const held of [0, 5, 20])
        for (const wealthUsd of [40, 60, 120]) {
          const of = { ...paper, marginRise, held, wealthUsd }
          const { price, held: after, perUsd } = marginSpiral(of)
          expect(slope(of, 'wealthUsd')).toBeCloseTo(perUsd, 8)
          const margin = 4 + marginRise * (100 - price)
          expect(margin * after).toBeCloseTo(wealthUsd + held * (price - 100), 8)
        }
  })

  it('law: each spiral alone makes a dollar move more, and both together more than that', () => {
    const by = (marginRise: number, held: number) => {
      const { perUsd, perUsdWithoutSpiral } = marginSpiral({ ...paper, marginRise, held })
      return perUsd / perUsdWithoutSpiral
    }
    expect(by(0, 0)).toBeCloseTo(1, 14)
    expect(by(0.3, 0)).toBeGreaterThan(1)
    expect(by(0, 5)).toBeGreaterThan(1)
    expect(by(0.3, 5)).toBeGreaterThan(Math.max(by(0.3, 0), by(0, 5)))
  })

  it('law: a dearer margin is a shock: a loss of what is held times its rise', () => {
    const { held, perUsd } = marginSpiral(paper)
    expect(slope(paper, 'marginUsd')).toBeCloseTo(-held * perUsd, 7)
  })

  it('behaviour: with wealth for all that is sold the price is the value', () => {
    const rich = marginSpiral({ ...paper, wealthUsd: 240 })
    expect(rich).toMatchObject({ price: 100, held: 60, isBound: false, perUsd: 0 })
  })

  it('behaviour: steep margins make the price jump where wealth falls short', () => {
    const steep = { ...paper, marginRise: 5 }
    const short = marginSpiral({ ...steep, wealthUsd: 240 - 1e-6 })
    expect(marginSpiral({ ...steep, wealthUsd: 240 }).price).toBe(100)
    expect(short.price).toBeLessThan(99.3)
    expect(short.perUsd).toBeGreaterThan(0)
    const mild = marginSpiral({ ...paper, wealthUsd: 240 - 1e-6 })
    expect(mild.price).toBeCloseTo(100, 6)
  })

  it('behaviour: speculators whose wealth is gone hold nothing', () => {
    const { price, held, isBound } = marginSpiral({ ...paper, wealthUsd: 1 })
    expect([price, held, isBound]).toEqual([98.5, 0, true])
  })

  it('error: a margin of nothing is our own fault', () => {
    expect(() => marginSpiral({ ...paper, marginUsd: 0 })).toThrow('above 0')
  })
})
