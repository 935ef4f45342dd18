import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import type { InputError } from '../errors.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, BIDDER, BORROWERS, POOL, RESERVE } from '../rules.ts'
import {
  DEBT,
  ETH,
  errorsOf,
  held,
  LST,
  liquidated,
  movedOf,
  type PlainTrove,
  positionsOf,
  protocolOver,
  troveOf,
  trovesIn,
} from './liquity.suite.ts'
import { liquityV2 } from './liquityV2.ts'
import {
  branchTwin,
  emptyPool,
  liquidate,
  offset,
  openTrove,
  provide,
  split,
  WAD,
} from './liquityV2.twin.suite.ts'
import { publish } from './vectors.suite.ts'

const weth = {
  ...{ group: 1, collateral: ETH, mcr: 1.1, scr: 1.1 },
  ...{ poolPenalty: 0.05, sharedPenalty: 0.1, poolUnits: 2001, poolSells: null },
}
const lst = {
  ...{ group: 2, collateral: LST, mcr: 1.2, scr: 1.2 },
  ...{ poolPenalty: 0.05, sharedPenalty: 0.2, poolUnits: 0, poolSells: null },
}
const gasDeposit = { asset: ETH, units: 0.0375 }
const deployed = { debt: DEBT, branches: [weth, lst], gasDeposit }
const rich: PlainTrove = { coll: 1000, debt: 20_000, group: 1 }

const open = (of: Parameters<typeof liquityV2>[0], troves: readonly PlainTrove[], price = 1900) =>
  protocolOver(liquityV2(of), [1, price, price * 1.1, 1], positionsOf(troves, [ETH, LST]))

describe('worked numbers', () => {
  const errors = errorsOf(1e-14)
  it('default: what the pool pays for, what others take over, what the owner gets back', () => {
    const protocol = open(deployed, [{ coll: 2, debt: 3500, group: 1 }, rich])
    const moved = liquidated(protocol, 0)
    expect(moved.reason).toBe(0)
    errors.compare(moved.seized, 5_714_285_714_285_714n)
    expect(moved.offers.amount[0]).toBe(moved.seized)
    expect(moved.offers.cost[0]).toBeCloseTo(-0.0375 * 1900, 12)
    errors.compare(movedOf(moved, ETH, ACCOUNTS, POOL), 1_105_263_157_894_736_842n)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(2000)
    errors.compare(movedOf(moved, ETH, ACCOUNTS, BORROWERS), 20_601_503_759_398_497n, 2)
    expect(movedOf(moved, ETH, RESERVE, BIDDER)).toBe(0.0375)
    const other = troveOf(protocol, 1)
    errors.compare(other.coll, 1_000_868_421_052_631_578_947n)
    errors.compare(other.debt, 21_500n * WAD)
    expect(trovesIn(protocol).pool[0]).toBe(1)
  })

  it('default: the exact twin has them too', () => {
    const penalties = { penaltySp: WAD / 20n, penaltyRedistribution: WAD / 10n }
    const of = { mcr: (11n * WAD) / 10n, ...penalties }
    const expected = {
      gas: 5_714_285_714_285_714n,
      toPool: 1_105_263_157_894_736_842n,
      offset: 2000n * WAD,
      collToRedistribute: 868_421_052_631_578_947n,
      debtToRedistribute: 1500n * WAD,
      surplus: 20_601_503_759_398_497n,
    }
    expect(split(of, 2n * WAD, 3500n * WAD, 2000n * WAD, 1900n * WAD)).toEqual(expected)
    const twin = branchTwin(of)
    openTrove(twin, 'risky', 2n * WAD, 3500n * WAD)
    openTrove(twin, 'rich', 1000n * WAD, 20_000n * WAD)
    provide(twin.pool, 'depositor', 2001n * WAD)
    expect(liquidate(twin, 'risky', 1900n * WAD)).toEqual(expected)
    expect(liquidate(twin, 'rich', 1n)).toBeNull()
  })

  it('default: the product of the pool after a fifth of it was paid', () => {
    const pool = emptyPool()
    provide(pool, 'depositor', 10_000n * WAD)
    offset(pool, 2000n * WAD, WAD)
    expect(pool.P).toBe(8n * 10n ** 35n)
    recordComparison({
      ...{ protocol: 'liquityV2', version: '', source: 'liquity/bold 405f9122' },
      ...{ against: 'vectors', cases: errors.cases, largestError: errors.largest },
    })
  })
})

describe('branches', () => {
  const troves = [
    { coll: 10, debt: 15_000, group: 1 },
    { coll: 10, debt: 18_000, group: 2 },
    rich,
    { coll: 500, debt: 30_000, group: 2 },
  ]

  it('behaviour: each has its own threshold, pool and penalty', () => {
    const protocol = open(deployed, troves)
    expect(liquidated(protocol, 0).reason).toBe('healthy')
    const moved = liquidated(protocol, 1)
    expect(moved.reason).toBe(0)
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(0)
    expect(troveOf(protocol, 2)).toEqual({ coll: 1000, debt: 20_000 })
    expect(troveOf(protocol, 3).debt).toBeCloseTo(48_000, 9)
    // Worth 20,900, less than 1.2 of the debt: all of it but a wei.
    expect(troveOf(protocol, 3).coll).toBeCloseTo(510, 12)
  })

  it('behaviour: where the pool is empty the deposit is the reward, with one wei', () => {
    const moved = liquidated(open(deployed, troves), 1)
    expect(moved.seized).toBe(1e-18)
    expect(moved.offers.amount[0]).toBe(1e-18)
    const none = liquidated(open({ ...deployed, gasDeposit: { asset: ETH, units: 0 } }, troves), 1)
    expect([none.reason, none.seized, none.offers.amount[0], none.offers.cost[0] + 0]).toEqual([
      0, 0, 0, 0,
    ])
  })

  it('behaviour: that wei is not taken over', () => {
    const dust = [
      { coll: 1e-12, debt: 950, group: 1 },
      { coll: 1e-11, debt: 100, group: 1 },
    ]
    const protocol = open({ ...deployed, branches: [{ ...weth, poolUnits: 0 }, lst] }, dust, 1e15)
    expect(liquidated(protocol, 0).seized).toBe(1e-18)
    expect(held(protocol, ETH) * 1e18).toBeCloseTo(1e7 + 1e6 - 1, 3)
  })

  it('behaviour: the reward is at most 2 units', () => {
    const whale = { coll: 1000, debt: 1_800_000, group: 1 }
    const deep = { ...weth, poolUnits: 1e7 }
    const moved = liquidated(open({ ...deployed, branches: [deep, lst] }, [whale, rich]), 0)
    expect(moved.seized).toBe(2)
    expect(movedOf(moved, ETH, ACCOUNTS, POOL)).toBeCloseTo((1_800_000 * 1.05) / 1900, 9)
    expect(movedOf(moved, ETH, ACCOUNTS, BORROWERS)).toBeCloseTo(998 - 1_890_000 / 1900, 9)
  })

  it('behaviour: the last trove of a branch is never closed', () => {
    const protocol = open(deployed, [troves[1], rich])
    expect(liquidated(protocol, 0).reason).toBe('nothing')
  })

  it('behaviour: the last unit never leaves the pool', () => {
    const thin = { ...weth, poolUnits: 1 }
    const moved = liquidated(
      open({ ...deployed, branches: [thin, lst] }, [{ coll: 2, debt: 3500, group: 1 }, rich]),
      0,
    )
    expect(movedOf(moved, DEBT, POOL, ACCOUNTS)).toBe(0)
  })

  it('default: without time only the reward, and what the pool sells, is the taker’s', () => {
    const trove = { coll: 2, debt: 3500, group: 1 }
    const keeps = liquidated(open(deployed, [trove, rich]), 0, -1)
    expect(keeps.repaid).toBe(2000)
    expect(keeps.seized - keeps.fee).toBeCloseTo(0.005714285714285714, 15)
    const branches = [{ ...weth, poolSells: 0.03 }, lst]
    const protocol = open({ ...deployed, branches }, [trove, rich])
    const sells = liquidated(protocol, 0, -1)
    expect(sells.seized - sells.fee).toBeCloseTo(0.005714285714285714 + 1.1052631578947367, 14)
    expect(trovesIn(protocol).pool[0]).toBeCloseTo(1 + 1.1052631578947367 * 1900 * 0.97, 9)
  })
})

describe('interest', () => {
  const branches = [{ ...weth, borrowRate: 0.1 }, lst]

  it('default: grows own debt and debt taken over, in its branch', () => {
    const protocol = open({ ...deployed, branches }, [
      { coll: 2, debt: 3500, group: 1 },
      rich,
      { coll: 500, debt: 30_000, group: 2 },
    ])
    liquidated(protocol, 0)
    protocol.rules.accrue!(protocol, YEAR_SECONDS / 10)
    protocol.rules.value(protocol)
    expect(troveOf(protocol, 1).debt).toBeCloseTo(21_500 * 1.01, 8)
    expect(troveOf(protocol, 2).debt).toBe(30_000)
    expect(held(protocol, DEBT)).toBeCloseTo(-21_500 * 1.01 - 30_000, 8)
    expect(liquityV2(deployed).accrue).toBeUndefined()
  })

  it('behaviour: a branch below SCR shuts down for good, and bears no more', () => {
    const alike = { coll: 10, debt: 17_000, group: 1 }
    const protocol = open({ ...deployed, branches }, [alike, alike])
    publish(protocol, ETH, 1869)
    protocol.rules.accrue!(protocol, YEAR_SECONDS)
    expect(trovesIn(protocol).isShut[0]).toBe(1)
    expect(troveOf(protocol, 0).debt).toBe(17_000)
    publish(protocol, ETH, 4000)
    protocol.rules.accrue!(protocol, YEAR_SECONDS)
    expect(troveOf(protocol, 0).debt).toBe(17_000)
  })
})

it('law: slots, terms and scales agree', () => {
  const rules = liquityV2(deployed)
  expect([rules.slotOf(ETH, 1, 1), rules.slotOf(DEBT, -1, 1)]).toEqual([0, 1])
  expect([rules.slotOf(LST, 1, 2), rules.slotOf(DEBT, -1, 2)]).toEqual([3, 4])
  for (const [asset, side, group] of [
    [LST, 1, 1],
    [ETH, 1, 0],
    [DEBT, -1, 0],
    [DEBT, 1, 1],
    [DEBT, -1, 3],
  ] as const)
    expect(rules.slotOf(asset, side, group)).toBe(-1)
  expect(rules.terms(LST, 2)).toEqual({ threshold: 1 / 1.2, bonus: 0.05 })
  expect(rules.terms(LST, 1)).toBeNull()
  expect(rules.scaled('threshold', 0.96)!.terms(LST, 2)!.threshold).toBeCloseTo(0.8, 15)
  expect(rules.scaled('bonus', 2)!.terms(LST, 2)!.bonus).toBe(0.1)
  expect(rules.scaled('closeFactor', 2)).toBeNull()
})

describe('errors', () => {
  const codeOf = (action: () => unknown) => {
    try {
      action()
    } catch (error) {
      return (error as InputError).code
    }
    throw new Error('accepted')
  }

  it.each([
    ['FB2275', []],
    ['FB2275', [weth, weth]],
    ['FB2276', [{ ...weth, collateral: DEBT }]],
    ['FB2277', [{ ...weth, mcr: 0.9 }]],
    ['FB2277', [{ ...weth, scr: Number.POSITIVE_INFINITY }]],
    ['FB2278', [{ ...weth, sharedPenalty: -0.1 }]],
    ['FB2279', [{ ...weth, poolUnits: Number.NaN }]],
  ])('error: %s', (code, branches) => {
    expect(codeOf(() => liquityV2({ ...deployed, branches }))).toBe(code)
  })

  it('error: FB2279, a negative deposit', () => {
    const negative = { ...deployed, gasDeposit: { asset: ETH, units: -1 } }
    expect(codeOf(() => liquityV2(negative))).toBe('FB2279')
  })

  it('error: FB2274, an account in two branches', () => {
    const { account, ...positions } = positionsOf(
      [rich, { coll: 1, debt: 1, group: 2 }],
      [ETH, LST],
    )
    const one = { ...positions, account: account.fill(0) }
    expect(codeOf(() => liquityV2(deployed).book!(one, new Float64Array(0)))).toBe('FB2274')
  })
})
