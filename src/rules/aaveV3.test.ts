import { describe, expect, it } from 'vitest'
import { stepsMax } from '../analysis/position.ts'
import { healthFactor } from '../book.ts'
import { aaveV3 } from './aaveV3.ts'
import { rulesConformance } from './conformance.suite.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

const usdc = { asset: 0, threshold: 0.78, bonus: 0.05, protocolFee: 0.1 }
const weth = { asset: 1, threshold: 0.825, bonus: 0.05, protocolFee: 0.1 }
const wsteth = { asset: 2, threshold: 0.8, bonus: 0.06, protocolFee: 0.2 }
const gho = { asset: 3, threshold: null, bonus: 0, protocolFee: 0 }
const correlated = {
  group: 1,
  assets: [
    { asset: 1, threshold: 0.95, bonus: 0.01 },
    { asset: 2, threshold: 0.94, bonus: 0.01 },
  ],
}
const rules = aaveV3({ assets: [usdc, weth, wsteth, gho], eModes: [correlated] })

const open = (wethPrice: number, legs: PlainLeg[]) =>
  protocolOf(rules, [1, wethPrice, 2300, 1], legs)

/** A position of WETH against USDC whose health factor is given. */
const wethAgainst = (debt: number, factor: number): PlainLeg[] => [
  [0, 1, (factor * debt) / (0.825 * 2000)],
  [0, 0, -debt],
]

describe('liquidationCall of v3.6, against the numbers of its bytecode', () => {
  const protocol = open(1900, [
    [0, 1, 10],
    [0, 0, -16000],
  ])

  it('default: half at a health factor of 0.9796875, a tenth of the bonus to the protocol', () => {
    expect(healthFactor(protocol.book, protocol.values, 0)).toBeCloseTo(0.9796875, 12)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBeCloseTo(8000, 9)
    expect(moved.seized - moved.fee).toBeCloseTo(4.4, 9)
    expect(moved.fee).toBeCloseTo(0.021052631578947368, 12)
    expect(protocol.book.amount[0]).toBeCloseTo(5.578947368421053, 9)
  })

  it('default: then everything at 1300, and the rest is deficit', () => {
    publish(protocol, 1, 1300)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBeCloseTo(6907.26817, 5)
    expect(moved.seized - moved.fee).toBeCloseTo(5.552380952380953, 9)
    expect(moved.fee).toBeCloseTo(0.02656641604010025, 12)
    expect(protocol.badDebt[0]).toBeCloseTo(1092.73183, 5)
    expect([...protocol.book.amount]).toEqual([0, 0])
  })
})

describe('close factor', () => {
  const cost = (debt: number, factor: number) =>
    offersOf(open(2000, wethAgainst(debt, factor)), 0).cost[0]

  it.each([
    ['half above 0.95', 10000, 0.951, 5000],
    ['whole at 0.94', 10000, 0.94, 10000],
    ['whole below 2000 USD of debt', 1999, 0.99, 1999],
    ['half from 4000 USD of debt', 4000, 0.99, 2000],
  ])('default: %s', (_, debt, factor, expected) => {
    expect(cost(debt, factor)).toBeCloseTo(expected, 9)
  })

  it('behaviour: whole when the collateral is below 2000 USD', () => {
    const protocol = open(2000, [
      [0, 1, 0.9],
      [0, 2, 10],
      [0, 0, -20000],
    ])
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBe(0.9)
    expect(offers.cost[1]).toBeCloseTo(10000, 9)
  })

  it('behaviour: half is of the whole debt, so the smaller of two debts is closed whole', () => {
    const protocol = open(2000, [
      [0, 1, 10],
      [0, 0, -12000],
      [0, 3, -5000],
    ])
    const offers = offersOf(protocol, 0)
    expect(offers.cost[0]).toBeCloseTo(8500, 9)
    expect(offers.cost[1]).toBe(5000)
  })
})

describe('dust', () => {
  it('behaviour: half that would leave dust debt is cut to leave 1000 USD', () => {
    const protocol = open(2000, [
      [0, 1, 2.2],
      [0, 0, -2700],
      [0, 3, -1000],
    ])
    expect(offersOf(protocol, 0).cost[0]).toBeCloseTo(1700, 9)
    expect(take(protocol, offersOf(protocol, 0), 0).reason).toBe(0)
  })

  it('behaviour: half that would leave dust collateral is cut to leave 1000 USD', () => {
    const protocol = open(2000, [
      [0, 1, 3.6],
      [0, 2, 4],
      [0, 0, -13400],
    ])
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBeCloseTo(3.1, 9)
    expect(take(protocol, offers, 0).reason).toBe(0)
    expect(protocol.book.amount[0] * 2000).toBeCloseTo(1000, 9)
  })

  it('behaviour: half that takes all of a collateral leaves no dust', () => {
    const protocol = open(2000, [
      [0, 1, 3],
      [0, 2, 4],
      [0, 0, -12400],
    ])
    expect(offersOf(protocol, 0).amount[0]).toBe(3)
  })

  it('behaviour: a bid for more than was cut to leave 1000 USD is taken at its word', () => {
    const protocol = open(2000, [
      [0, 1, 2.2],
      [0, 0, -2700],
      [0, 3, -1000],
    ])
    const offers = offersOf(protocol, 0)
    expect(take(protocol, offers, 0, offers.amount[0] * 1.001).reason).toBe('dust')
    expect(take(protocol, offers, 0, offers.amount[0]).reason).toBe(0)
  })

  it('behaviour: a bid that would leave dust is refused and moves nothing', () => {
    const protocol = open(2000, wethAgainst(1900, 0.99))
    const before = [...protocol.book.amount]
    const bid = offersOf(protocol, 0).amount[0] * 0.9
    expect(take(protocol, offersOf(protocol, 0), 0, bid)).toMatchObject({
      reason: 'dust',
      seized: 0,
    })
    expect([...protocol.book.amount]).toEqual(before)
    expect(protocol.book.version[0]).toBe(0)
  })
})

describe('deficit', () => {
  it('behaviour: all debts are written off with the last collateral', () => {
    const protocol = open(2000, [
      [0, 1, 1],
      [0, 0, -1800],
      [0, 3, -500],
    ])
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBe(1800)
    expect(protocol.badDebt[0]).toBe(0)
    const last = take(protocol, offersOf(protocol, 0), 0)
    expect([...protocol.book.amount]).toEqual([0, 0, 0])
    expect(protocol.badDebt[3]).toBeCloseTo(500 - last.repaid, 9)
  })

  it('behaviour: no deficit while other collateral is left', () => {
    const protocol = open(2000, [
      [0, 1, 0.5],
      [0, 2, 1],
      [0, 0, -3000],
    ])
    take(protocol, offersOf(protocol, 0), 0)
    expect(protocol.book.amount[0]).toBe(0)
    expect(protocol.badDebt[0]).toBe(0)
    expect(protocol.book.amount[2]).toBeLessThan(-2000)
  })
})

describe('e-mode', () => {
  const legs = (group: number): PlainLeg[] => [
    [0, 2, 10, group],
    [0, 1, -9.6, group],
  ]

  it('behaviour: the mode gives its threshold and bonus where it lists the asset', () => {
    expect(rules.terms(2, 1)).toEqual({ threshold: 0.94, bonus: 0.01 })
    expect(rules.terms(0, 1)).toEqual({ threshold: 0.78, bonus: 0.05 })
    expect(rules.terms(2, 0)).toEqual({ threshold: 0.8, bonus: 0.06 })
    expect(rules.terms(2, 9)).toBeNull()
  })

  it('behaviour: the same position is breached outside the mode and healthy in it', () => {
    expect(offersOf(open(2000, legs(0)), 0).count).toBe(1)
    expect(offersOf(open(2000, legs(1)), 0).count).toBe(0)
  })

  it('behaviour: a position in the mode is sold at its bonus, with the fee of the reserve', () => {
    const protocol = open(2300, legs(1))
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.seized / moved.repaid).toBeCloseTo(1.01, 12)
    expect(moved.fee).toBeCloseTo(0.2 * (moved.seized - moved.seized / 1.01), 12)
  })
})

describe('versions', () => {
  const at = (version: '3.0' | '3.2' | '3.3' | '3.4' | '3.5') =>
    aaveV3({ assets: [usdc, weth, wsteth, gho], eModes: [correlated], version })
  const openAt = (version: '3.0' | '3.2' | '3.3' | '3.4' | '3.5', legs: PlainLeg[]) =>
    protocolOf(at(version), [1, 2000, 2300, 1], legs)

  it.each([
    ['3.2', 6000],
    ['3.3', 8500],
  ] as const)('default: v%s closes half of one debt, or half of all', (version, expected) => {
    const protocol = openAt(version, [
      [0, 1, 10],
      [0, 0, -12000],
      [0, 3, -5000],
    ])
    expect(offersOf(protocol, 0).cost[0]).toBeCloseTo(expected, 9)
  })

  it('behaviour: up to v3.2 a small leg is closed by halves, and dust may be left', () => {
    const protocol = openAt('3.2', wethAgainst(1900, 0.99))
    const offers = offersOf(protocol, 0)
    expect(offers.cost[0]).toBeCloseTo(950, 9)
    expect(take(protocol, offers, 0, offers.amount[0] * 0.9).reason).toBe(0)
  })

  it('behaviour: up to v3.2 a debt without collateral is bad debt here too', () => {
    const protocol = openAt('3.0', [
      [0, 1, 1],
      [0, 0, -2500],
    ])
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(protocol.badDebt[0]).toBeCloseTo(2500 - moved.repaid, 9)
  })

  it('behaviour: up to v3.4 the average threshold is cut to whole basis points', () => {
    // 0.825 and 0.8 in equal worth and a little more: 0.81255 is cut to 0.8125.
    const owned = 4600 + 4620
    const average = (4600 * 0.8 + 4620 * 0.825) / owned
    const debt = owned * (Math.floor(average * 1e4) / 1e4 + 2e-5)
    const legs: PlainLeg[] = [
      [0, 2, 2],
      [0, 1, 2.31],
      [0, 0, -debt],
    ]
    expect(healthFactor(openAt('3.4', legs).book, openAt('3.4', legs).values, 0)).toBeGreaterThan(1)
    expect(offersOf(openAt('3.4', legs), 0).count).toBe(2)
    expect(offersOf(openAt('3.5', legs), 0).count).toBe(0)
    const one: PlainLeg[] = [
      [0, 1, 2.31],
      [0, 0, -4620 * 0.825],
    ]
    expect(offersOf(openAt('3.4', one), 0).count).toBe(0)
  })

  it('error: FB2231', () => {
    const twice = [correlated, { group: 2, assets: [correlated.assets[0]] }]
    const made = (version: '3.0' | '3.2') => () =>
      aaveV3({ assets: [usdc, weth, wsteth], eModes: twice, version })
    expect(made('3.0')).toThrow('FB2231')
    expect(made('3.2')).not.toThrow()
  })

  it('behaviour: scaling keeps the version', () => {
    const scaled = at('3.2').scaled('bonus', 1.1)!
    const protocol = protocolOf(scaled, [1, 2000, 2300, 1], wethAgainst(10_000, 0.99))
    publish(protocol, 3, 1)
    expect(offersOf(protocol, 0).cost[0]).toBeCloseTo(5000, 9)
    expect(
      offersOf(protocolOf(scaled, [1, 2000, 2300, 1], wethAgainst(1900, 0.99)), 0).cost[0],
    ).toBeCloseTo(950, 9)
  })
})

describe('parameters', () => {
  it.each([
    ['FB2230', [{ ...weth, protocolFee: 1.1 }], []],
    ['FB2204', [weth], [{ group: 0, assets: [] }]],
    [
      'FB2204',
      [weth],
      [
        { group: 1, assets: [] },
        { group: 1, assets: [] },
      ],
    ],
    ['FB2205', [weth], [correlated]],
    ['FB2205', [weth, wsteth], [{ group: 1, assets: [{ ...weth, threshold: null }] }]],
    ['FB2202', [weth, wsteth], [{ group: 1, assets: [{ ...weth, threshold: 1 }] }]],
  ])('error: %s', (code, assets, eModes) => {
    expect(() => aaveV3({ assets, eModes })).toThrow(code)
  })

  it('behaviour: scaling reaches the e-modes, and thresholds stay below 1', () => {
    const scaled = rules.scaled('threshold', 1.05)!
    expect(scaled.terms(2, 1)?.threshold).toBeCloseTo(0.987, 12)
    expect(rules.scaled('threshold', 2)?.terms(1, 1)?.threshold).toBeLessThan(1)
    expect(rules.scaled('closeFactor', 2)).toBeNull()
  })
})

const conforming = [
  { asset: 0, threshold: 0.85, bonus: 0.04, protocolFee: 0.1 },
  { asset: 1, threshold: 0.825, bonus: 0.05, protocolFee: 0.1 },
  { asset: 2, threshold: 0.6, bonus: 0.15, protocolFee: 0.2 },
  { asset: 3, threshold: null, bonus: 0, protocolFee: 0 },
]

rulesConformance({
  rules: aaveV3({ assets: conforming, eModes: [correlated], version: '3.0' }),
  groups: [0, 1],
  stepsMax(protocol, account) {
    const { book, values } = protocol
    let sum = 0
    for (let leg = book.start[account]; leg < book.start[account + 1]; leg++) {
      const worth = book.amount[leg] * values[book.slot[leg]]
      sum += worth < 0 ? 1 + stepsMax(0.5, -worth, 0.01) : 1
    }
    return sum
  },
  exceptions: {},
})
