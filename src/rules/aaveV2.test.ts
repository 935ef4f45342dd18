import { describe, expect, it } from 'vitest'
import { aaveV2 } from './aaveV2.ts'
import { offersOf, protocolOf, take } from './vectors.suite.ts'

const usdc = { asset: 0, threshold: 0.85, bonus: 0.05 }
const weth = { asset: 1, threshold: 0.825, bonus: 0.05 }
const wbtc = { asset: 2, threshold: 0.75, bonus: 0.1 }
const rules = aaveV2({ assets: [usdc, weth, wbtc], dustUsd: 50 })

/** Repays until nothing is listed, always the first offer. */
function exhaust(protocol: ReturnType<typeof protocolOf>): number {
  for (let steps = 0; steps < 64; steps++) {
    const offers = offersOf(protocol, 0)
    if (offers.count === 0) return steps
    take(protocol, offers, 0)
  }
  throw new Error('halves must end')
}

describe('liquidationCall', () => {
  it('default: half of the debt reserve for 5 % more collateral', () => {
    const protocol = protocolOf(
      rules,
      [1, 1900, 30000],
      [
        [0, 1, 10],
        [0, 0, -16000],
      ],
    )
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBe(8000)
    expect(moved.seized).toBeCloseTo((8000 * 1.05) / 1900, 12)
    expect(moved.fee).toBe(0)
  })

  it('behaviour: half even when the position is deep under water', () => {
    const protocol = protocolOf(
      rules,
      [1, 1500, 30000],
      [
        [0, 1, 100],
        [0, 0, -142000],
      ],
    )
    expect(offersOf(protocol, 0).cost[0]).toBe(71000)
  })

  it('behaviour: every pair is listed, and the taker picks the better bonus', () => {
    const protocol = protocolOf(
      rules,
      [1, 1900, 30000],
      [
        [0, 1, 10],
        [0, 2, 1],
        [0, 0, -42000],
      ],
    )
    const offers = offersOf(protocol, 0)
    expect(offers.sells.slice(0, offers.count)).toEqual([1, 2])
    const gain = [0, 1].map((o) => {
      const value = offers.amount[o] * protocol.prices[offers.sells[o]]
      return value / offers.cost[o] - 1
    })
    expect(gain[0]).toBeCloseTo(0.05, 12)
    expect(gain[1]).toBeCloseTo(0.1, 12)
  })

  it('behaviour: a pair with too little collateral gives all of it for less debt', () => {
    const protocol = protocolOf(
      rules,
      [1, 1900, 30000],
      [
        [0, 1, 1],
        [0, 2, 1],
        [0, 0, -30000],
      ],
    )
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.seized).toBe(1)
    expect(moved.repaid).toBeCloseTo(1900 / 1.05, 9)
    expect(protocol.badDebt[0]).toBe(0)
  })
})

describe('ends', () => {
  it('behaviour: a solvent position is halved until it is healthy', () => {
    const protocol = protocolOf(
      rules,
      [1, 1900, 30000],
      [
        [0, 1, 10],
        [0, 0, -16000],
      ],
    )
    expect(exhaust(protocol)).toBe(1)
    expect(protocol.book.amount[1]).toBe(-8000)
  })

  it('behaviour: a toxic position loses all collateral, and its debt is bad debt', () => {
    const protocol = protocolOf(
      rules,
      [1, 1600, 30000],
      [
        [0, 1, 10],
        [0, 0, -16000],
      ],
    )
    exhaust(protocol)
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(protocol.badDebt[0]).toBeCloseTo(16000 - 16000 / 1.05, 9)
  })

  it('behaviour: what is not worth a transaction stays as it is', () => {
    const protocol = protocolOf(
      rules,
      [1, 1900, 30000],
      [
        [0, 1, 0.05],
        [0, 0, -99],
      ],
    )
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(protocol.badDebt[0]).toBe(0)
  })
})

describe('parameters', () => {
  it.each([0, -1, Number.NaN])('error: a dust limit of %d never ends', (dustUsd) => {
    expect(() => aaveV2({ assets: [weth], dustUsd })).toThrow('FB2220')
  })

  it('behaviour: the close factor is the protocol, not a parameter', () => {
    expect(rules.scaled('closeFactor', 0.9)).toBeNull()
    expect(rules.scaled('bonus', 2)?.terms(1, 0)?.bonus).toBe(0.1)
  })
})
