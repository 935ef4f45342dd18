import { describe, expect, it } from 'vitest'
import { scaledAssets, termsFrom } from './terms.ts'

const assets = [
  { asset: 4, threshold: 0.8, bonus: 0.05 },
  { asset: 9, threshold: null, bonus: 0 },
]
const mode = { group: 7, assets: [{ asset: 4, threshold: 0.93, bonus: 0.01 }] }

describe('slots', () => {
  it('default: collateral and debt of each asset in each group', () => {
    const { slots, factor, bonus } = termsFrom(assets, [mode])
    expect([...slots.asset]).toEqual([4, 4, 9, 4, 4, 9])
    expect([...slots.side]).toEqual([1, -1, -1, 1, -1, -1])
    expect([...slots.group]).toEqual([0, 0, 0, 7, 7, 7])
    expect([...factor]).toEqual([0.8, 1, 1, 0.93, 1, 1])
    expect([...bonus]).toEqual([0.05, 0, 0, 0.01, 0, 0])
  })

  it('behaviour: what the rules do not know has no slot', () => {
    const { slotOf, of } = termsFrom(assets, [mode])
    expect(slotOf(9, 1, 0)).toBe(-1)
    expect(slotOf(5, -1, 0)).toBe(-1)
    expect(slotOf(4, 1, 1)).toBe(-1)
    expect(of(9, 7)).toBeNull()
  })

  it('error: says the place, what came and the remedy', () => {
    expect(() => termsFrom([{ asset: 0, threshold: 8500, bonus: 0.05 }])).toThrow(
      /FB2202 assets\[0\]\.threshold: .*, got 8500\. Correct/,
    )
  })
})

describe('scaledAssets', () => {
  it('default: one parameter, and thresholds stay below 1', () => {
    expect(scaledAssets(assets, 'bonus', 2).map(({ bonus }) => bonus)).toEqual([0.1, 0])
    const [high, none] = scaledAssets(assets, 'threshold', 3)
    expect(high.threshold).toBeLessThan(1)
    expect(none.threshold).toBeNull()
  })
})
