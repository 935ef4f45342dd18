import { describe, expect, it } from 'vitest'
import { codeOf, opening, walk } from './moments.suite.ts'
import { spot } from './spot.ts'

describe('spot', () => {
  it('behaviour: publishes the market of the same block', () => {
    const path = walk(spot({ kind: 'spot' }, opening(2000)), 12)
    expect(path.blocks(1, 1500)).toBe(1500)
    expect(path.oracle.seenAt()).toBe(12)
    expect(path.blocks(3, 1600)).toBe(1600)
    expect(path.oracle.seenAt()).toBe(48)
  })

  it('error: FB2405 without an opening price', () => {
    for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => spot({ kind: 'spot' }, opening(price)))).toBe('FB2405')
  })
})
