import { describe, expect, it } from 'vitest'
import { bookFrom } from '../book.ts'
import { aaveV3 } from '../rules/aaveV3.ts'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import { protocolFrom } from '../rules.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { worldFrom } from '../world.ts'
import { prepare } from './triggers.ts'
import { collateralOf, debtOf, worldColumns, worldLadder } from './worldLadder.ts'
import { COIN, GOLD, goldTerms, goldVenue, goldWorld, USD } from './worlds.suite.ts'

const venue = () =>
  impactCurve({
    ...goldVenue,
    shape: 'linear',
    coefficient: 0.01,
    crossover: 0,
    observedUnits: null,
  })
const accounts = [
  { units: 10, debt: 720 },
  { units: 20, debt: 1520 },
  { units: 5, debt: 0 },
]

describe('worldLadder', () => {
  it('default: whole positions in order of falling trigger, with who they are and what they owe', () => {
    const world = goldWorld(stopOut({ assets: goldTerms(0.8, 0.05) }), venue(), accounts)
    const found = worldLadder(world, prepare(world, GOLD, false), 'all')
    expect([...found.ladder.trigger]).toEqual([95, 90])
    expect([...found.ladder.units]).toEqual([20, 10])
    expect([...found.row]).toEqual([1, 0])
    expect([...found.debtUsd]).toEqual([1520, 720])
    expect(world.protocols[0].prices[GOLD]).toBe(100)
    expect([...world.protocols[0].book.amount.subarray(0, 4)]).toEqual([10, -720, 20, -1520])
  })

  it('behaviour: a position that pays several debts is sold whole, in parts', () => {
    const assets = [...goldTerms(0.8, 0.05), { asset: USD, threshold: null, bonus: 0 }]
    const rules = stopOut({ assets })
    const base = goldWorld(rules, venue(), accounts)
    const legs = [
      { account: 0, slot: rules.slotOf(GOLD, 1, 0), amount: 10 },
      { account: 0, slot: rules.slotOf(COIN, -1, 0), amount: -500 },
      { account: 0, slot: rules.slotOf(USD, -1, 0), amount: -220 },
    ]
    const prices = Float64Array.of(1, 1, 100)
    const book = bookFrom(1, legs)
    const protocol = protocolFrom({ name: 'bank', rules, book, prices, accounts: ['a'] })
    const world = worldFrom(base.market, [protocol])
    const { ladder } = worldLadder(world, prepare(world, GOLD, false), 'all')
    expect(ladder.units[0]).toBeCloseTo(10, 9)
  })

  it('behaviour: what is kept as a bonus or a fee is not sold', () => {
    const terms = goldTerms(0.8, 0.05)
    const rules = aaveV3({
      assets: terms.map((asset) => ({ ...asset, protocolFee: 0.1 })),
      eModes: [],
    })
    const world = goldWorld(rules, venue(), [{ units: 10, debt: 720 }])
    const prepared = prepare(world, GOLD, false)
    const units = (disposal: 'all' | 'cost') =>
      worldLadder(world, prepared, disposal).ladder.units[0]
    expect(units('cost')).toBeCloseTo(720 / 90, 6)
    expect(units('all')).toBeCloseTo((720 / 90) * (1 + 0.9 * 0.05), 6)
  })
})

describe('worldColumns', () => {
  it('default: collateral, debt and what a liquidator takes for it', () => {
    const whole = { closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null }
    const rules = lending({ assets: goldTerms(0.8, 0.1), ...whole })
    const world = goldWorld(rules, venue(), accounts)
    const columns = worldColumns(world, prepare(world, GOLD, false))!
    expect([...columns.trigger]).toEqual([95, 90])
    expect([...columns.collateral]).toEqual([20, 10])
    expect([...columns.cash]).toEqual([1520 * 1.1, 720 * 1.1])
    expect(debtOf(world.protocols[0], 1, Float64Array.of(1, 2, 100))).toBe(3040)
    expect(collateralOf(world.protocols[0], 1, Float64Array.of(1, 2, 100))).toBe(2000)
  })

  it('behaviour: null for rules that come back', () => {
    const rules = { closeFactor: 0.5, wholeBelow: 0, dustUsd: 1, target: null }
    const world = goldWorld(lending({ assets: goldTerms(0.8, 0.1), ...rules }), venue(), accounts)
    expect(worldColumns(world, prepare(world, GOLD, false))).toBeNull()
  })
})
