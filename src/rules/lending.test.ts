import { describe, expect, it } from 'vitest'
import { repayToTarget, toxicSpiral } from '../analysis/position.ts'
import { health, healthFactor } from '../book.ts'
import { exp } from '../math/exponential.ts'
import { lending } from './lending.ts'
import { cascade, offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

const cash = { asset: 0, threshold: null, bonus: 0 }
const whole = { closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null }
const half = { closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 100, target: null }

const withTerms = (threshold: number, bonus: number) => [cash, { asset: 1, threshold, bonus }]

/** Units and trigger price to legs. */
const triggered = (threshold: number, accounts: readonly (readonly [number, number])[]) =>
  accounts.flatMap(([units, trigger], i): PlainLeg[] => [
    [i, 1, units],
    [i, 0, -threshold * units * trigger],
  ])

const linear = (drop: number, impact: number) => (units: number) =>
  Math.max(0, 100 - drop - impact * units)

describe('whole debts (K3)', () => {
  const open = () =>
    protocolOf(
      lending({ assets: withTerms(0.8, 0.1), ...whole }),
      [1, 100],
      [
        ...triggered(0.8, [
          [1000, 95],
          [1000, 93],
        ]),
      ],
    )

  it.each([
    [6, 'batch', 37.319148936, 1889.3617021, 13200.773694],
    [6, 'worst first', 37.319148936, 1889.3617021, 13200.773694],
    [8, 'batch', 38.052173913, 1798.2608696, 0],
    [8, 'worst first', 34.739130435, 1908.6956522, 15546.245059],
  ] as const)(
    'default: two twins on a linear venue, drop %d, %s',
    (drop, order, price, units, bad) => {
      const rest = cascade(open(), linear(drop, 0.03), order)
      expect(rest.price).toBeCloseTo(price, 8)
      expect(rest.units).toBeCloseTo(units, 6)
      expect(rest.badDebt).toBeCloseTo(bad, 5)
    },
  )

  it.each([
    [5, 'batch', 64.54045902, 579.87688924, null, 4],
    [5, 'worst first', 64.54045902, 579.87688924, 166.90612706, 4],
    [8, 'batch', 62.288141689, 585.02626716, null, 3],
    [8, 'worst first', 61.726993007, null, 299.12561628, 4],
    [12, 'batch', 58.742224069, 606.26703972, null, 2],
    [12, 'worst first', 58.375924147, null, 1191.7004837, 4],
  ] as const)('default: four terms on an exponential venue, drop %d, %s', (...row) => {
    const [drop, order, price, units, bad, rounds] = row
    const rest = cascade(fourTerms(), (sold) => (100 - drop) * exp(-sold / 1500), order)
    expect(rest.price).toBeCloseTo(price, 8)
    expect(rest.rounds).toBe(rounds)
    if (units !== null) expect(rest.units).toBeCloseTo(units, 7)
    if (bad !== null) expect(rest.badDebt).toBeCloseTo(bad, 6)
  })

  it('default: cash raised in a constant-product pool (K2)', () => {
    const k = 1e10
    for (const [drop, price, sold] of [
      [5, 93.508790629, 1],
      [6, 88.272784171, 2],
      [12, 74.3049434, 4],
    ]) {
      const protocol = protocolOf(
        lending({ assets: withTerms(0.8, 0.1), ...whole }),
        [1, 100],
        [
          ...triggered(0.8, [
            [100, 96],
            [300, 93],
            [200, 88],
            [500, 80],
          ]),
        ],
      )
      const root = Math.sqrt(k * (100 - drop))
      const rest = cascade(
        protocol,
        (_, raised) => ((root - raised) * (root - raised)) / k,
        'worst first',
      )
      expect(rest.price).toBeCloseTo(price, 8)
      expect(rest.steps).toBe(sold)
    }
  })

  // One book, four terms: each account holds an asset of its own at the price of asset 1.
  function fourTerms() {
    const terms = [
      [120, 96, 0.8, 0.05],
      [60, 92, 0.75, 0.1],
      [400, 88, 0.85, 0.08],
      [50, 80, 0.8, 0.1],
    ]
    const assets = terms.map(([, , threshold, bonus], i) => ({ asset: i + 1, threshold, bonus }))
    const rules = lending({ assets: [cash, ...assets], ...whole })
    const legs = terms.flatMap(([units, trigger, threshold], i): PlainLeg[] => [
      [i, i + 1, units],
      [i, 0, -threshold * units * trigger],
    ])
    const value = (protocol: Parameters<typeof rules.value>[0]) => {
      protocol.prices.fill(protocol.prices[1], 2)
      rules.value(protocol)
    }
    return protocolOf({ ...rules, value }, [1, 100, 100, 100, 100], legs)
  }
})

describe('close factor (K4)', () => {
  it.each([
    [6, 55.202379434, 1293.2540189, 5],
    [7, 56.624145348, 1212.5284884, 2],
  ])('default: half, whole when deep or small, drop %d', (drop, price, units, steps) => {
    const rules = lending({ assets: withTerms(0.8, 0.1), ...half })
    const protocol = protocolOf(
      rules,
      [1, 100],
      [
        ...triggered(0.8, [
          [400, 98],
          [900, 87],
        ]),
      ],
    )
    const rest = cascade(protocol, linear(drop, 0.03), 'worst first')
    expect(rest.price).toBeCloseTo(price, 8)
    expect(rest.units).toBeCloseTo(units, 6)
    expect(rest.steps).toBe(steps)
  })

  it('default: a toxic position is gone in 5 steps and leaves 4.0909090909', () => {
    const rules = lending({ assets: withTerms(0.5, 0.1), ...half, wholeBelow: 0, dustUsd: 1e-6 })
    const rest = cascade(
      protocolOf(
        rules,
        [1, 100],
        [
          [0, 1, 1],
          [0, 0, -95],
        ],
      ),
      () => 100,
      'batch',
    )
    expect(rest.steps).toBe(5)
    expect(rest.badDebt).toBeCloseTo(4.0909090909, 9)
  })

  it.each([90, 96, 97])('law: the spiral of %d against 100 is that of the closed form', (debt) => {
    const rules = lending({ assets: withTerms(0.5, 0.05), ...half, wholeBelow: 0, dustUsd: 1e-6 })
    const protocol = protocolOf(
      rules,
      [1, 1],
      [
        [0, 1, 100],
        [0, 0, -debt],
      ],
    )
    const spiral = toxicSpiral(100, debt, 0.05, 0.5, 64)
    const ltv = () => 0.5 / healthFactor(protocol.book, protocol.values, 0)
    for (const expected of spiral.ltv) {
      if (expected < 0.5) break
      expect(ltv()).toBeCloseTo(expected, 9)
      take(protocol, offersOf(protocol, 0), 0)
    }
    expect(protocol.badDebt[0]).toBeCloseTo(spiral.badDebt, 9)
  })

  it('behaviour: with several debts each leg has its own close factor and its own dust', () => {
    const assets = [cash, { asset: 1, threshold: 0.8, bonus: 0.1 }, { ...cash, asset: 2 }]
    const rules = lending({ assets, ...half, wholeBelow: 0 })
    const protocol = protocolOf(
      rules,
      [1, 100, 2],
      [
        [0, 1, 10],
        [0, 0, -790],
        [0, 2, -40],
      ],
    )
    const offers = offersOf(protocol, 0)
    expect(offers.pays.slice(0, offers.count)).toEqual([0, 2])
    expect(offers.cost.slice(0, offers.count)).toEqual([395, 40])
  })
})

describe('target health factor (K5)', () => {
  it.each([1, 1.05])('default: 1000 against 850 is lifted to %d', (target) => {
    const rules = lending({ assets: withTerms(0.825, 0.05), ...whole, target })
    const protocol = protocolOf(
      rules,
      [1, 100],
      [
        [0, 1, 10],
        [0, 0, -850],
      ],
    )
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBeCloseTo(repayToTarget(1000, 850, 0.825, 0.05, target), 6)
    expect(healthFactor(protocol.book, protocol.values, 0)).toBeCloseTo(target, 9)
    expect(health(protocol.book, protocol.values, 0)).toBeGreaterThanOrEqual(0)
    expect(rules.sale).toBe('repeated')
  })

  it('behaviour: a target that no repayment reaches closes the position whole', () => {
    const rules = lending({ assets: withTerms(0.97, 0.1), ...whole, target: 1.05 })
    const protocol = protocolOf(
      rules,
      [1, 100],
      [
        [0, 1, 10],
        [0, 0, -980],
      ],
    )
    take(protocol, offersOf(protocol, 0), 0)
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(protocol.badDebt[0]).toBeCloseTo(980 - 1000 / 1.1, 9)
  })
})

describe('settlement', () => {
  const open = () =>
    protocolOf(
      lending({ assets: withTerms(0.8, 0.1), ...half }),
      [1, 100],
      [
        [0, 1, 100],
        [0, 0, -8200],
      ],
    )

  it('behaviour: a health of exactly 0 is not breached', () => {
    const protocol = open()
    publish(protocol, 1, 102.5)
    expect(health(protocol.book, protocol.values, 0)).toBe(0)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('behaviour: a bid for less than the offer scales it down', () => {
    const protocol = open()
    const moved = take(protocol, offersOf(protocol, 0), 0, 11)
    expect(moved).toMatchObject({ reason: 0, seized: 11, fee: 0 })
    expect(moved.repaid).toBeCloseTo(1000, 9)
  })

  it('behaviour: a stale offer is decided again from the present state', () => {
    const protocol = open()
    const offers = offersOf(protocol, 0)
    expect(take(protocol, offers, 0).repaid).toBe(4100)
    publish(protocol, 1, 95)
    expect(take(protocol, offers, 0).reason).toBe('healthy')
    publish(protocol, 1, 70)
    expect(take(protocol, offers, 0).repaid).toBeCloseTo((54.9 * 70) / 1.1, 9)
    expect(take(protocol, offers, 0).reason).toBe('stale')
    expect(take(protocol, offers, 0, 0).reason).toBe('nothing')
  })

  it('behaviour: an account seized to the last unit keeps no phantom collateral', () => {
    const rules = lending({ assets: withTerms(0.8, 0.1), ...whole })
    const units = 1 / 3
    const price = 100 - 1e-11
    const protocol = protocolOf(
      rules,
      [1, price],
      [
        [0, 1, units],
        [0, 0, -(units * price * (1 - 1e-14)) / 1.1],
      ],
    )
    expect(take(protocol, offersOf(protocol, 0), 0).seized).toBe(units)
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(protocol.badDebt[0]).toBe(0)
  })

  it('behaviour: worthless collateral is given away and the debt written off', () => {
    const protocol = open()
    publish(protocol, 1, 0)
    expect(take(protocol, offersOf(protocol, 0), 0)).toMatchObject({ seized: 100, repaid: 0 })
    expect(protocol.badDebt[0]).toBe(8200)
  })

  it('behaviour: an account without collateral has nothing to sell', () => {
    const protocol = protocolOf(
      lending({ assets: withTerms(0.8, 0.1), ...half }),
      [1, 100],
      [[0, 0, -5]],
    )
    expect(offersOf(protocol, 0).count).toBe(0)
  })
})

describe('parameters', () => {
  const assets = withTerms(0.8, 0.1)

  it.each([
    ['FB2201', { ...whole, assets: [cash, cash] }],
    ['FB2202', { ...whole, assets: withTerms(1, 0.1) }],
    ['FB2202', { ...whole, assets: withTerms(0, 0.1) }],
    ['FB2202', { ...whole, assets: withTerms(Number.NaN, 0.1) }],
    ['FB2203', { ...whole, assets: withTerms(0.8, -0.01) }],
    ['FB2210', { ...whole, assets, closeFactor: 0 }],
    ['FB2210', { ...whole, assets, closeFactor: 1.01 }],
    ['FB2211', { ...whole, assets, wholeBelow: -1 }],
    ['FB2212', { ...whole, assets, dustUsd: -1 }],
    ['FB2213', { ...half, assets, dustUsd: 0 }],
    ['FB2214', { ...whole, assets, target: 0.99 }],
  ])('error: %s, with place and what came', (code, parameters) => {
    expect(() => lending(parameters)).toThrow(code)
  })

  it('behaviour: a whole close factor without dust has no sensitivity to it', () => {
    const rules = lending({ ...whole, assets, dustUsd: 0 })
    expect(rules.scaled('closeFactor', 0.99)).toBeNull()
    expect(rules.scaled('threshold', 0.99)).not.toBeNull()
  })

  it('behaviour: toxic terms are allowed', () => {
    expect(lending({ assets: withTerms(0.97, 0.1), ...whole }).terms(1, 0)).toEqual({
      threshold: 0.97,
      bonus: 0.1,
    })
  })

  it('behaviour: an asset without threshold has no collateral slot', () => {
    const rules = lending({ assets, ...whole })
    expect(rules.slotOf(0, 1, 0)).toBe(-1)
    expect(rules.terms(0, 0)).toBeNull()
    expect(rules.slotOf(0, -1, 0)).toBeGreaterThanOrEqual(0)
    expect(rules.slotOf(1, 1, 7)).toBe(-1)
  })

  it('behaviour: the close factor scales up to 1, and not under a target', () => {
    expect(lending({ ...half, assets }).scaled('closeFactor', 3)?.sale).toBe('value')
    expect(lending({ ...whole, assets, target: 1.05 }).scaled('closeFactor', 2)).toBeNull()
  })
})
