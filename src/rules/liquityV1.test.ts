import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { health } from '../book.ts'
import { InputError } from '../errors.ts'
import { ACCOUNTS, BIDDER, BORROWERS, offerList, POOL, RESERVE, settlement } from '../rules.ts'
import {
  bidOf,
  DEBT,
  diceOf,
  ETH,
  errorsOf,
  liquidated,
  movedOf,
  type PlainTrove,
  positionsOf,
  protocolOfTroves,
  troveOf,
  trovesIn,
} from './liquity.suite.ts'
import { liquityV1 } from './liquityV1.ts'
import {
  emptyPool,
  icrOf,
  liquidate,
  liquityTwin,
  offset,
  openTrove,
  provide,
  WAD,
} from './liquityV1.twin.suite.ts'
import { offersOf } from './vectors.suite.ts'

const deployed = {
  collateral: ETH,
  debt: DEBT,
  poolUnits: 2000,
  poolSells: null,
  mcr: 1.1,
  ccr: 1.5,
  gasReserveUnits: 200,
}
const source = 'liquity/dev 8cd27505'
/** Enough behind a trove that recovery mode is far. */
const rich: PlainTrove = { coll: 1000, debt: 20_000 }

describe('worked numbers', () => {
  const errors = errorsOf(1e-14)
  it('default: a pool of 2000 pays for a part, the rest is taken over', () => {
    const protocol = protocolOfTroves(liquityV1(deployed), 1900, [{ coll: 2, debt: 3500 }, rich])
    const moved = liquidated(protocol, 0)
    expect(moved.reason).toBe(0)
    errors.compare(moved.seized, WAD / 100n)
    expect(moved.offers.amount[0]).toBe(moved.seized)
    expect(moved.offers.cost[0]).toBe(-200)
    errors.compare(movedOf(moved, ETH, ACCOUNTS, POOL), 1_137_142_857_142_857_142n)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(2000)
    expect(movedOf(moved, DEBT, RESERVE, BIDDER)).toBe(200)
    const other = troveOf(protocol, 1)
    errors.compare(other.coll, 1_000_852_857_142_857_142_858n)
    errors.compare(other.debt, 21_500n * WAD)
    expect(troveOf(protocol, 0)).toEqual({ coll: 0, debt: 0 })
    expect(trovesIn(protocol).pool[0]).toBe(0)
  })

  it('default: recovery mode takes 1.1 of the debt, the surplus is the owner’s', () => {
    const rules = liquityV1({ ...deployed, poolUnits: 4000 })
    const troves = [
      { coll: 3, debt: 4000 },
      { coll: 100, debt: 130_000 },
    ]
    const protocol = protocolOfTroves(rules, 1900, troves)
    const moved = liquidated(protocol, 0)
    expect(moved.reason).toBe(0)
    const capped = 2_315_789_473_684_210_526n
    errors.compare(moved.seized, capped / 200n)
    errors.compare(movedOf(moved, ETH, ACCOUNTS, POOL), capped - capped / 200n)
    errors.compare(movedOf(moved, ETH, ACCOUNTS, BORROWERS), 684_210_526_315_789_474n)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(4000)
    expect(troveOf(protocol, 1)).toEqual({ coll: 100, debt: 130_000 })
  })

  it('default: the exact twin has them too', () => {
    const twin = liquityTwin()
    openTrove(twin, 'risky', 2n * WAD, 3500n * WAD)
    openTrove(twin, 'rich', 1000n * WAD, 20_000n * WAD)
    provide(twin.pool, 'depositor', 2000n * WAD)
    expect(icrOf(twin, 'risky', 1900n * WAD)).toBe(1_085_714_285_714_285_714n)
    expect(liquidate(twin, 'risky', 1900n * WAD)).toEqual({
      gas: WAD / 100n,
      toPool: 1_137_142_857_142_857_142n,
      offset: 2000n * WAD,
      collToRedistribute: 852_857_142_857_142_858n,
      debtToRedistribute: 1500n * WAD,
      surplus: 0n,
    })
    const capped = liquityTwin()
    openTrove(capped, 'risky', 3n * WAD, 4000n * WAD)
    openTrove(capped, 'other', 100n * WAD, 130_000n * WAD)
    provide(capped.pool, 'depositor', 4000n * WAD)
    const division = liquidate(capped, 'risky', 1900n * WAD)!
    expect(division.gas + division.toPool).toBe(2_315_789_473_684_210_526n)
    expect(division.surplus).toBe(684_210_526_315_789_474n)
  })

  it('default: the product of the pool after a fifth of it was paid', () => {
    const pool = emptyPool()
    provide(pool, 'depositor', 10_000n * WAD)
    offset(pool, 2000n * WAD, WAD)
    expect(pool.P).toBe(799_999_999_999_999_999n)
    recordComparison({
      ...{ protocol: 'liquityV1', version: '', source, against: 'vectors' },
      ...{ cases: errors.cases, largestError: errors.largest },
    })
  })
})

describe('recovery mode', () => {
  const others: PlainTrove = { coll: 100, debt: 145_000 }
  const open = (troves: readonly PlainTrove[], poolUnits: number) =>
    protocolOfTroves(liquityV1({ ...deployed, poolUnits }), 2000, troves)

  it('behaviour: ICR of at most 1 goes to the others, whatever the pool has', () => {
    const protocol = open([{ coll: 1, debt: 2000 }, others], 5000)
    const moved = liquidated(protocol, 0)
    expect(moved.reason).toBe(0)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(0)
    expect(troveOf(protocol, 1).coll).toBeCloseTo(100.995, 12)
    expect(troveOf(protocol, 1).debt).toBeCloseTo(147_000, 9)
  })

  it('behaviour: below MCR it is as in normal mode', () => {
    const protocol = open([{ coll: 1, debt: 1900 }, others], 950)
    const moved = liquidated(protocol, 0)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(950)
    expect(movedOf(moved, ETH, ACCOUNTS, POOL)).toBeCloseTo(0.4975, 12)
  })

  it('behaviour: above MCR only what the pool can pay whole, and only below TCR', () => {
    const trove = { coll: 1, debt: 1600 }
    expect(liquidated(open([trove, others], 1599.99), 0).reason).toBe('nothing')
    expect(liquidated(open([trove, others], 1600), 0).reason).toBe(0)
    expect(liquidated(open([trove, others], 1600), 1).reason).toBe('healthy')
    const safe = { coll: 1000, debt: 145_000 }
    expect(liquidated(open([trove, safe], 1600), 0).reason).toBe('healthy')
  })

  it('behaviour: troves alike are not below themselves all together', () => {
    for (let path = 0; path < 100; path++) {
      const dice = diceOf(5, path)
      const trove = { coll: dice.between(1, 9), debt: dice.between(1000, 9000) }
      const alike = Array.from({ length: 7 }, () => trove)
      const price = (dice.between(1.15, 1.45) * trove.debt) / trove.coll
      const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits: 1e6 }), price, alike)
      for (let i = 0; i < 7; i++) expect(liquidated(protocol, i).reason).toBe('healthy')
    }
  })

  it('behaviour: mode is judged anew after every liquidation', () => {
    const troves = [
      { coll: 1, debt: 1818 },
      { coll: 1, debt: 1430 },
      { coll: 20, debt: 26_500 },
    ]
    const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits: 1e4 }), 2000, troves)
    const second = offersOf(protocol, 1)
    expect(second.count).toBe(1)
    expect(liquidated(protocol, 0).reason).toBe(0)
    const moved = settlement()
    expect(protocol.rules.settle(protocol, second, 0, bidOf(0), moved)).toBe('healthy')
  })
})

describe('rounding', () => {
  it('behaviour: at MCR in normal mode who is breached is closed, whatever the pool has', () => {
    let onEdge = 0
    for (let path = 0; path < 3000; path++) {
      const dice = diceOf(6, path)
      const [coll, price] = [dice.between(1, 9), dice.between(1000, 3000)]
      const trove = { coll, debt: ((coll * price) / 1.1) * (1 + dice.between(0, 4e-16)) }
      const protocol = protocolOfTroves(liquityV1(deployed), price, [trove, rich])
      const isBreached = health(protocol.book, protocol.values, 0) < 0
      if (isBreached && (coll * price) / trove.debt >= 1.1) onEdge++
      expect(liquidated(protocol, 0).reason).toBe(isBreached ? 0 : 'healthy')
    }
    expect(onEdge).toBeGreaterThan(0)
  })

  it('behaviour: what the pool pays whole leaves the other troves as they are, to the bit', () => {
    for (let path = 0; path < 200; path++) {
      const dice = diceOf(9, path)
      const coll = dice.between(1, 9)
      const small = { coll: 0.001, debt: 1 }
      const troves = [{ coll, debt: (coll * 2000) / dice.between(1.01, 1.09) }, small]
      const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits: 1e6 }), 2000, troves)
      expect(liquidated(protocol, 0).reason).toBe(0)
      expect(troveOf(protocol, 1)).toEqual(small)
      expect([...protocol.book.version]).toEqual([1, 0])
    }
  })

  it('behaviour: sums do not keep the rounding of a trove a trillion times as large', () => {
    const troves = [
      { coll: 1e12 / 3, debt: 1.9e15 / 3 },
      { coll: 0.1, debt: 90 },
      { coll: 0.7, debt: 600 },
    ]
    const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits: 1e18 }), 2000, troves)
    expect(liquidated(protocol, 0).reason).toBe(0)
    expect(trovesIn(protocol).stakes[0]).toBe(0.1 + 0.7)
    expect(trovesIn(protocol).debts[0]).toBe(690)
  })
})

it('behaviour: collateral counts at the lower end of a confidence interval', () => {
  const protocol = protocolOfTroves(liquityV1(deployed), 1940, [{ coll: 2, debt: 3500 }, rich])
  expect(liquidated(protocol, 0).reason).toBe('healthy')
  protocol.confidence[ETH] = 40
  protocol.rules.value(protocol)
  expect(liquidated(protocol, 0).reason).toBe(0)
})

describe('the last trove', () => {
  it('behaviour: is never closed', () => {
    const protocol = protocolOfTroves(liquityV1(deployed), 1900, [
      { coll: 2, debt: 3600 },
      { coll: 2, debt: 3500 },
    ])
    expect(liquidated(protocol, 0).reason).toBe(0)
    expect(liquidated(protocol, 1).reason).toBe('nothing')
    expect(health(protocol.book, protocol.values, 1)).toBeLessThan(0)
    expect(liquidated(protocol, 0).reason).toBe('stale')
  })
})

describe('what the pool sells', () => {
  const rules = liquityV1({ ...deployed, poolSells: 0.05, poolUnits: 3500 })
  const open = () => protocolOfTroves(rules, 1900, [{ coll: 2, debt: 3500 }, rich])
  const standing = (protocol: ReturnType<typeof open>) => {
    const offers = offerList()
    rules.standing!(protocol, { block: 1, seconds: 12, atSeconds: 12, gwei: 1 }, offers)
    return offers
  }

  it('default: its collateral, at the published price less the discount', () => {
    const protocol = open()
    expect(standing(protocol).count).toBe(0)
    liquidated(protocol, 0)
    const offers = standing(protocol)
    expect([offers.count, offers.account[0], offers.sells[0], offers.pays[0]]).toEqual([
      1,
      -1,
      ETH,
      DEBT,
    ])
    expect(offers.amount[0]).toBeCloseTo(1.99, 14)
    expect(offers.cost[0]).toBeCloseTo(1.99 * 1900 * 0.95, 9)
    const stamp = trovesIn(protocol).stamp
    const moved = settlement()
    expect(rules.settle(protocol, offers, 0, bidOf(0, 0.5), moved)).toBe(0)
    expect([moved.seized, moved.repaid]).toEqual([0, 0])
    expect(movedOf(moved, ETH, POOL, BIDDER)).toBe(0.5)
    expect(movedOf(moved, DEBT, BIDDER, POOL)).toBeCloseTo(0.5 * 1900 * 0.95, 12)
    expect(trovesIn(protocol).pool[0]).toBeCloseTo(0.5 * 1900 * 0.95, 9)
    expect(trovesIn(protocol).held[0]).toBeCloseTo(1.49, 14)
    expect(trovesIn(protocol).stamp).toBe(stamp + 1)
    expect(rules.settle(protocol, offers, 0, bidOf(-1), moved)).toBe('nothing')
  })

  it('default: without time it is sold at once, and the pool has the money', () => {
    const protocol = open()
    const moved = liquidated(protocol, 0, -1)
    expect(moved).toMatchObject({ reason: 0, seized: 2, fee: 0, repaid: 3500 })
    expect(trovesIn(protocol).pool[0]).toBeCloseTo(1.99 * 1900 * 0.95, 9)
    expect(trovesIn(protocol).held[0]).toBe(0)
  })

  it('behaviour: without time and discount only the reward is sold', () => {
    const none = liquityV1(deployed)
    const protocol = protocolOfTroves(none, 1900, [{ coll: 2, debt: 3500 }, rich])
    const moved = liquidated(protocol, 0, -1)
    expect(moved.seized - moved.fee).toBeCloseTo(0.01, 15)
    expect(moved.repaid).toBe(2000)
    expect(standing(protocol).count).toBe(0)
  })
})

it('law: slots, terms and thresholds agree', () => {
  const rules = liquityV1(deployed)
  expect([rules.slotOf(ETH, 1, 0), rules.slotOf(DEBT, -1, 0)]).toEqual([0, 1])
  for (const [asset, side, group] of [
    [ETH, -1, 0],
    [DEBT, 1, 0],
    [ETH, 1, 1],
  ] as const)
    expect(rules.slotOf(asset, side, group)).toBe(-1)
  expect(rules.terms(ETH, 0)).toEqual({ threshold: 1 / 1.1, bonus: 1.1 * (1 - 1 / 200) - 1 })
  expect(rules.terms(DEBT, 0)).toBeNull()
  expect(rules.scaled('threshold', 0.99)!.terms(ETH, 0)!.threshold).toBeCloseTo(0.9, 15)
  expect(rules.scaled('bonus', 2)).toBeNull()
  expect(rules.scaled('closeFactor', 2)).toBeNull()
})

it.each([
  ['FB2270', { collateral: DEBT }],
  ['FB2271', { mcr: 1 }],
  ['FB2272', { poolUnits: -1 }],
  ['FB2272', { poolSells: 1 }],
  ['FB2272', { gasReserveUnits: Number.NaN }],
  ['FB2273', { ccr: 1.05 }],
])('error: %s', (code, changed) => {
  try {
    liquityV1({ ...deployed, ...changed })
  } catch (error) {
    expect((error as InputError).code).toBe(code)
    return
  }
  throw new Error('accepted')
})

it('error: FB2274, a position in another asset', () => {
  const positions = { ...positionsOf([rich]), asset: Uint16Array.of(DEBT, 3) }
  expect(() => liquityV1(deployed).book!(positions, new Float64Array(0))).toThrow(InputError)
})
