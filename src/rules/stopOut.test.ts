import { describe, expect, it } from 'vitest'
import { stopOut } from './stopOut.ts'
import { cascade, offersOf, type PlainLeg, protocolOf, take } from './vectors.suite.ts'

const cash = { asset: 0, threshold: null, bonus: 0 }
const eth = { asset: 1, threshold: 0.8, bonus: 0.1 }
const btc = { asset: 2, threshold: 0.7, bonus: 0.05 }

describe('one collateral', () => {
  it.each([
    [6, 'batch', 61, 1621.8181818],
    [6, 'worst first', 61, 1621.8181818],
    [8, 'batch', 59, 0],
    [8, 'worst first', 59, 1803.6363636],
  ] as const)('default: fixed units on a linear venue, drop %d, %s', (drop, order, price, bad) => {
    const protocol = protocolOf(
      stopOut({ assets: [cash, eth] }),
      [1, 100],
      [
        [0, 1, 1000],
        [0, 0, -76000],
        [1, 1, 100],
        [1, 0, -7440],
      ],
    )
    const rest = cascade(protocol, (units) => 100 - drop - 0.03 * units, order)
    expect(rest.price).toBeCloseTo(price, 9)
    expect(rest.badDebt).toBeCloseTo(bad, 6)
    expect(rest.units).toBe(1100)
  })

  it('behaviour: the surplus leaves the book with the sale', () => {
    const protocol = protocolOf(
      stopOut({ assets: [cash, eth] }),
      [1, 100],
      [
        [0, 1, 10],
        [0, 0, -810],
      ],
    )
    expect(take(protocol, offersOf(protocol, 0), 0)).toMatchObject({ seized: 10, repaid: 810 })
    expect([...protocol.book.amount]).toEqual([0, 0])
  })

  it('behaviour: a smaller bid pays its part', () => {
    const protocol = protocolOf(
      stopOut({ assets: [cash, eth] }),
      [1, 100],
      [
        [0, 1, 10],
        [0, 0, -810],
      ],
    )
    const moved = take(protocol, offersOf(protocol, 0), 0, 5)
    expect(moved).toMatchObject({ reason: 0, seized: 5, repaid: 405 })
    expect(take(protocol, offersOf(protocol, 0), 0).seized).toBe(5)
  })

  it('behaviour: at a price of 0 the position goes for nothing', () => {
    const protocol = protocolOf(
      stopOut({ assets: [cash, eth] }),
      [1, 0],
      [
        [0, 1, 10],
        [0, 0, -810],
      ],
    )
    expect(take(protocol, offersOf(protocol, 0), 0)).toMatchObject({ seized: 10, repaid: 0 })
    expect(protocol.badDebt[0]).toBe(810)
  })
})

describe('several legs', () => {
  const legs = (debt: number): PlainLeg[] => [
    [0, 1, 10],
    [0, 2, 1],
    [0, 0, -debt],
  ]
  const rules = stopOut({ assets: [cash, eth, btc] })

  // Two collaterals of 1000, weighted 1500, pay at most 1000 / 1.1 + 1000 / 1.05 = 1861.47.
  it.each([1501, 1700, 1861, 1900, 3000])('law: %d owed, sold whole in any order', (debt) => {
    for (const first of [0, 1]) {
      const protocol = protocolOf(rules, [1, 100, 1000], legs(debt))
      const opening = offersOf(protocol, 0)
      expect(opening.amount.slice(0, opening.count)).toEqual([10, 1])
      take(protocol, opening, first)
      take(protocol, offersOf(protocol, 0), 0)
      expect([...protocol.book.amount]).toEqual([0, 0, 0])
      const lost = Math.max(0, debt - 1000 / 1.1 - 1000 / 1.05)
      expect(protocol.badDebt[0]).toBeCloseTo(lost, 6)
    }
  })

  it('behaviour: both offers of one listing can be taken, the second decided again', () => {
    const protocol = protocolOf(rules, [1, 100, 1000], legs(1600))
    const offers = offersOf(protocol, 0)
    const paid = take(protocol, offers, 0).repaid + take(protocol, offers, 1).repaid
    expect(paid).toBeCloseTo(1600, 9)
  })

  it('law: a hair below the trigger, rounding leaves no leg unsold', () => {
    for (let n = 1; n <= 200; n++) {
      const ethPrice = 100 + n / 7
      const trigger = 8 * ethPrice + 700
      const debt = trigger * (1 + 2 * Number.EPSILON)
      const protocol = protocolOf(rules, [1, ethPrice, 1000], legs(debt))
      take(protocol, offersOf(protocol, 0), n % 2)
      expect(offersOf(protocol, 0).count).toBe(1)
    }
  })

  it('behaviour: a leg is sold in parts to several debts', () => {
    const protocol = protocolOf(
      stopOut({ assets: [cash, eth, { ...cash, asset: 2 }] }),
      [1, 100, 2],
      [
        [0, 1, 10],
        [0, 0, -410],
        [0, 2, -205],
      ],
    )
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBeCloseTo(5, 9)
    expect(take(protocol, offers, 0).repaid).toBe(410)
    expect(take(protocol, offers, 1).repaid).toBe(205)
    expect([...protocol.book.amount]).toEqual([0, 0, 0])
  })
})

describe('parameters', () => {
  it('error: terms outside their range', () => {
    expect(() => stopOut({ assets: [{ ...eth, threshold: 1.2 }] })).toThrow('FB2202')
  })

  it('behaviour: has no close factor to scale', () => {
    expect(stopOut({ assets: [eth] }).scaled('closeFactor', 2)).toBeNull()
  })
})
