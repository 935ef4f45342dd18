import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { BIDDER, BORROWERS, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import type { MakerClipSpec } from './maker/clipParameters.ts'
import { ethA, salesIn } from './makerClip.suite.ts'
import { makerClip } from './makerClip.ts'
import { act, BAT, DAI, ETH, movedIn, standingAt } from './makerFlip.suite.ts'
import { offersOf, protocolOf, publish, take } from './vectors.suite.ts'

/** A vault of ETH and DAI at an ETH price of 1500, in a block that has opened. */
function vaultUnder(of: Partial<MakerClipSpec>, ink: number, debt: number): Protocol {
  const protocol = protocolOf(
    makerClip({ ...ethA, ...of }),
    [1, 1500, 0.2],
    [
      [0, ETH, ink],
      [0, DAI, -debt],
    ],
  )
  standingAt(protocol, 0)
  return protocol
}

/** The worked purchase, in parts of 1e18. */
const SOLD = Number(80_591_890_882_244_346_936n) / 1e18
const BACK = Number(19_408_109_117_755_653_064n) / 1e18

const bark = (protocol: Protocol, atSeconds = 0) =>
  act(protocol, offersOf(protocol, 0), 0, { atSeconds })

const buy = (protocol: Protocol, amount: number, atSeconds: number) =>
  act(protocol, standingAt(protocol, atSeconds), 0, { amount, atSeconds })

const movesOf = ({ moves }: ReturnType<typeof act>) =>
  Array.from({ length: moves.count }, (_, m) => [
    moves.asset[m],
    moves.from[m],
    moves.to[m],
    moves.amount[m],
  ])

describe('bark', () => {
  it('default: the worked numbers of an urn with interest', () => {
    const protocol = vaultUnder({}, 100, 100_000)
    expect(offersOf(protocol, 0).count).toBe(0)
    protocol.index[protocol.rules.slotOf(DAI, -1, 0)] = 1.05
    protocol.rules.value(protocol)
    expect(protocol.values[protocol.rules.slotOf(ETH, 1, 0)]).toBeCloseTo(1034.48275862, 8)
    const barked = bark(protocol)
    expect(barked.reason).toBe(0)
    const { tab, top, lot } = salesIn(protocol)
    expect([tab[0], top[0], lot[0]]).toEqual([expect.closeTo(118_650, 9), 1800, 100])
    const reward = movedIn(barked, DAI, RESERVE, BIDDER)
    expect(reward).toBeCloseTo(418.65, 9)
    const prices = [
      [1800, 1472.232487675],
      [3600, 1204.149165425],
      [7200, 805.541784775],
    ].map(([at, price]) => {
      const { cost, amount } = standingAt(protocol, at)
      expect(cost[0] / amount[0]).toBeCloseTo(price, 9)
      return Math.abs(cost[0] / amount[0] / price - 1)
    })
    const bought = buy(protocol, 100, 1800)
    const [sold, back] = [BIDDER, BORROWERS].map((to) => movedIn(bought, ETH, ITEMS, to))
    expect([sold, back]).toEqual([expect.closeTo(SOLD, 12), expect.closeTo(BACK, 12)])
    expect(movedIn(bought, DAI, BIDDER, ITEMS)).toBeCloseTo(118_650, 9)
    recordComparison({
      protocol: 'makerClip',
      version: '2.0',
      source: 'makerdao/dss fa4f6630',
      against: 'vectors',
      cases: 8,
      largestError: Math.max(...prices, Math.abs(sold / SOLD - 1)),
    })
  })

  it('behaviour: the lot and its debt go to the auction, the reward comes from the reserve', () => {
    const protocol = vaultUnder({}, 100, 105_000)
    const moved = bark(protocol, 30)
    expect(moved).toMatchObject({ reason: 0, seized: 0, repaid: 0, fee: 0, surplus: 0 })
    expect(movesOf(moved)).toEqual([
      [ETH, 0, ITEMS, 100],
      [DAI, ITEMS, 0, 105_000],
      [DAI, RESERVE, BIDDER, expect.closeTo(418.65, 9)],
    ])
    expect(salesIn(protocol)).toMatchObject({ count: 1, since: [30], raised: [0] })
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(protocol.book.version[0]).toBe(1)
  })

  it('behaviour: listed for the lot and, once a block has run, for the reward', () => {
    const protocol = vaultUnder({}, 100, 105_000)
    expect(offersOf(protocol, 0)).toMatchObject({
      count: 2,
      sells: [ETH, DAI],
      amount: [0, expect.closeTo(418.65, 9)],
      cost: [0, 0],
      passed: [100, 0],
      gas: [400_000, 400_000],
    })
    const offers = offersOf(protocol, 0)
    expect(act(protocol, offers, 1, {}).reason).toBe(0)
    expect(act(protocol, offers, 0, {}).reason).toBe('stale')
    const free = vaultUnder({ chip: 0, tipUsd: 0 }, 100, 105_000)
    expect(offersOf(free, 0)).toMatchObject({ count: 1, sells: [ETH] })
  })

  it('behaviour: takes what there is room for, and waits for more', () => {
    const protocol = vaultUnder({ holeUsd: 56_500, totalHoleUsd: 1e6 }, 100, 105_000)
    bark(protocol)
    const { lot, debt } = salesIn(protocol)
    expect([lot[0], debt[0]]).toEqual([expect.closeTo(100 / 2.1, 9), expect.closeTo(50_000, 9)])
    expect(protocol.book.amount[1]).toBeCloseTo(-55_000, 9)
    expect(offersOf(protocol, 0).count).toBe(0)
    const { stamp } = salesIn(protocol)
    buy(protocol, 10, 900)
    expect(salesIn(protocol).stamp).toBe(stamp + 1)
    expect(offersOf(protocol, 0).count).toBe(2)
  })

  it('behaviour: the room is the lesser of both, and what stays or goes is no dust', () => {
    const held = vaultUnder({ holeUsd: 1e6, totalHoleUsd: 113_000 }, 100, 104_900)
    bark(held)
    expect(salesIn(held).debt[0]).toBeCloseTo(104_900, 9)
    expect([...held.book.amount]).toEqual([0, 0])
    const dusty = vaultUnder({ holeUsd: 5000 }, 100, 105_000)
    expect(offersOf(dusty, 0).count).toBe(0)
    const ours = offersOf(vaultUnder({}, 100, 105_000), 0)
    expect(act(dusty, ours, 0, {}).reason).toBe('dust')
  })

  it('behaviour: who is healthy lists nothing and is refused, as is a price of 0', () => {
    const protocol = vaultUnder({}, 100, 105_000)
    const offers = offersOf(protocol, 0)
    publish(protocol, ETH, 1600)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(act(protocol, offers, 0, {}).reason).toBe('healthy')
    publish(protocol, ETH, 0)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(act(protocol, offers, 0, {}).reason).toBe('nothing')
  })

  it('behaviour: two collaterals carry the debt by value x threshold, each under its hole', () => {
    const protocol = protocolOf(
      makerClip({ ...ethA, holeUsd: 60_000, dustUsd: 0 }),
      [1, 1500, 30],
      [
        [0, ETH, 100],
        [0, BAT, 2500],
        [0, DAI, -200_000],
      ],
    )
    bark(protocol)
    const [second] = offersOf(protocol, 0).own.slice(0, 1)
    expect(second).toBe(1)
    bark(protocol)
    expect(salesIn(protocol).tabs.slice(1)).toEqual([
      expect.closeTo(60_000, 6),
      expect.closeTo(60_000, 6),
    ])
  })
})

describe('take', () => {
  const open = (of: Partial<MakerClipSpec> = {}, debt = 105_000) => {
    const protocol = vaultUnder(of, 100, debt)
    bark(protocol)
    return protocol
  }

  it('behaviour: the offer is what the tab buys at the price of the moment', () => {
    const protocol = open()
    const early = standingAt(protocol, 0)
    expect(early).toMatchObject({ count: 1, sells: [ETH], free: [0], gas: [200_000] })
    expect(early.cost[0]).toBeCloseTo(118_650, 9)
    expect(early.amount[0]).toBeCloseTo(118_650 / 1800, 9)
    const late = standingAt(protocol, 7200)
    expect([late.amount[0], late.cost[0]]).toEqual([100, expect.closeTo(80_554.1784775, 6)])
  })

  it('behaviour: a tab met leaves the reserve the penalty and the borrower the rest', () => {
    const protocol = open()
    expect(movesOf(buy(protocol, Number.POSITIVE_INFINITY, 0))).toEqual([
      [DAI, BIDDER, ITEMS, expect.closeTo(118_650, 9)],
      [ETH, ITEMS, BIDDER, expect.closeTo(118_650 / 1800, 9)],
      [ETH, ITEMS, BORROWERS, expect.closeTo(100 - 118_650 / 1800, 9)],
      [DAI, ITEMS, RESERVE, expect.closeTo(13_650, 9)],
    ])
    expect(salesIn(protocol)).toMatchObject({ count: 0, tabs: [0, 0] })
    expect(protocol.badDebt[DAI]).toBe(0)
  })

  it('behaviour: a lot that does not bring the debt leaves bad debt', () => {
    const protocol = open()
    const moved = buy(protocol, 100, 7200)
    const lost = 105_000 - 80_554.1784775
    expect(movedIn(moved, DAI, LENDERS, ITEMS)).toBeCloseTo(lost, 6)
    expect(protocol.badDebt[DAI]).toBeCloseTo(lost, 6)
    expect(salesIn(protocol).count).toBe(0)
  })

  it('behaviour: in parts, down to what may be left', () => {
    const protocol = open()
    const least = 5000 * 1.13
    expect(movesOf(buy(protocol, 50, 0))).toEqual([
      [DAI, BIDDER, ITEMS, 90_000],
      [ETH, ITEMS, BIDDER, 50],
    ])
    const trimmed = buy(protocol, 15, 0)
    expect(movedIn(trimmed, DAI, BIDDER, ITEMS)).toBeCloseTo(28_650 - least, 9)
    expect(salesIn(protocol).tab[0]).toBeCloseTo(least, 9)
    expect(buy(protocol, 1, 0).reason).toBe('dust')
    expect(buy(protocol, 0, 0).reason).toBe('nothing')
    expect(buy(protocol, Number.NaN, 0).reason).toBe('nothing')
    expect(buy(protocol, least / 1800, 0).reason).toBe(0)
    expect(salesIn(protocol).count).toBe(0)
  })

  it('behaviour: prices fall along a line, in steps or by the second', () => {
    const { cut: _, stepSeconds: __, ...others } = ethA
    const priceIn = (of: Partial<MakerClipSpec>, at: number) => {
      const protocol = protocolOf(
        makerClip({ ...others, cusp: 0, ...of }),
        [1, 1500],
        [
          [0, ETH, 1],
          [0, DAI, -1050],
        ],
      )
      bark(protocol)
      const { cost, amount } = standingAt(protocol, at)
      return cost[0] / amount[0] / 1800
    }
    const line = { abacus: 'linear', tauSeconds: 1000 } as const
    expect([0, 250, 1000, 2000].map((at) => priceIn(line, at))).toEqual([
      ...[1, 0.75, 0, 0].map((share) => expect.closeTo(share, 14)),
    ])
    const steps = { abacus: 'stairstep', cut: 0.9, stepSeconds: 60 } as const
    expect(priceIn(steps, 59)).toBeCloseTo(1, 14)
    expect(priceIn(steps, 180)).toBeCloseTo(0.729, 14)
    const curve = { abacus: 'exponential', cut: 0.999 } as const
    expect(priceIn(curve, 1000)).toBeCloseTo(0.36769542, 8)
  })
})

describe('redo', () => {
  it('behaviour: past its tail or its cusp nothing is sold until it is restarted', () => {
    const protocol = vaultUnder({ cusp: 0 }, 100, 105_000)
    bark(protocol)
    const take = standingAt(protocol, 8400)
    const late = standingAt(protocol, 8401)
    expect(late).toMatchObject({ count: 1, sells: [DAI], cost: [0], gas: [150_000] })
    expect(late.amount[0]).toBeCloseTo(418.65, 9)
    expect(act(protocol, take, 0, { atSeconds: 8401 }).reason).toBe('stale')
    expect(act(protocol, late, 0, { atSeconds: 8400 }).reason).toBe('stale')
    publish(protocol, ETH, 1000)
    const moved = act(protocol, late, 0, { atSeconds: 8401 })
    expect(movesOf(moved)).toEqual([[DAI, RESERVE, BIDDER, expect.closeTo(418.65, 9)]])
    expect(salesIn(protocol)).toMatchObject({ top: [1200], since: [8401] })
    expect(act(protocol, late, 0, { atSeconds: 8401 }).reason).toBe('stale')
    const falls = vaultUnder({ cusp: 0.5 }, 100, 105_000)
    bark(falls)
    // 0.99 ^ 68 = 0.5049, 0.99 ^ 69 = 0.4998
    expect(standingAt(falls, 69 * 90 - 1).other[0]).toBe(2)
    expect(standingAt(falls, 69 * 90).other[0]).toBe(3)
  })

  it('behaviour: a remainder that is dust earns no reward, and is a call for its lot', () => {
    const protocol = vaultUnder({ dustUsd: 4000 }, 4, 4200)
    bark(protocol)
    buy(protocol, 0.1, 0)
    publish(protocol, ETH, 1000)
    const offers = standingAt(protocol, 9000)
    expect(offers).toMatchObject({ count: 1, sells: [ETH], amount: [0], cost: [0], passed: [3.9] })
    expect(act(protocol, offers, 0, { atSeconds: 9000 }).moves.count).toBe(0)
    const small = vaultUnder({ dustUsd: 4300 }, 4, 4200)
    bark(small)
    expect(standingAt(small, 9000)).toMatchObject({ count: 1, sells: [ETH], amount: [0] })
  })

  it('behaviour: at a price of 0 nothing is restarted', () => {
    const protocol = vaultUnder({}, 100, 105_000)
    bark(protocol)
    const offers = standingAt(protocol, 9000)
    publish(protocol, ETH, 0)
    expect(standingAt(protocol, 9000).count).toBe(0)
    expect(act(protocol, offers, 0, { atSeconds: 9000 }).reason).toBe('nothing')
  })
})

describe('breaker', () => {
  const kinds = (protocol: Protocol) => {
    const { other, count } = standingAt(protocol, 10)
    const [redo] = standingAt(protocol, 9000).other
    return { bark: offersOf(protocol, 0).count > 0, take: count > 0 && other[0] === 2, redo }
  }

  it.each([
    [0, { bark: true, take: true, redo: 3 }],
    [1, { bark: false, take: true, redo: 3 }],
    [2, { bark: false, take: true, redo: undefined }],
    [3, { bark: false, take: false, redo: undefined }],
  ])('behaviour: level %s', (level, open) => {
    const holed = { holeUsd: 56_500 * 2, dustUsd: 0 }
    const protocol = vaultUnder(holed, 400, 420_000)
    const offers = offersOf(protocol, 0)
    act(protocol, offers, 0, {})
    buy(protocol, 10, 0)
    const [take, redo] = [10, 9000].map((at) => standingAt(protocol, at))
    salesIn(protocol).tripped[ETH] = level
    expect(kinds(protocol)).toEqual(open)
    const refused = (list: typeof take, atSeconds: number) =>
      act(protocol.copy(), list, 0, { atSeconds }).reason === 'paused'
    expect(refused(offers, 10)).toBe(level >= 1)
    expect(refused(take, 10)).toBe(level >= 3)
    expect(refused(redo, 9000)).toBe(level >= 2)
    const { bark: isListed } = kinds(vaultUnder({ stopped: level }, 100, 105_000))
    expect(isListed).toBe(level === 0)
  })

  it('behaviour: a price that falls too far in a block sets it, for good', () => {
    const protocol = vaultUnder({ tolerance: 0.5 }, 100, 105_000)
    publish(protocol, ETH, 750)
    standingAt(protocol, 15)
    expect(offersOf(protocol, 0).count).toBe(2)
    publish(protocol, ETH, 374)
    standingAt(protocol, 30)
    expect(offersOf(protocol, 0).count).toBe(0)
    publish(protocol, ETH, 370)
    standingAt(protocol, 45)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(salesIn(protocol).tripped[BAT]).toBe(0)
  })
})

describe('an instant cascade', () => {
  const still = (debt: number) =>
    protocolOf(
      makerClip(ethA),
      [1, 1500],
      [
        [0, ETH, 100],
        [0, DAI, -debt],
      ],
    )

  it('behaviour: sells what the tab needs at its worth, without reward', () => {
    const protocol = still(110_000)
    const offers = offersOf(protocol, 0)
    expect(offers).toMatchObject({ count: 1, sells: [ETH] })
    const moved = take(protocol, offers, 0)
    expect(moved.seized).toBeCloseTo((110_000 * 1.13) / 1500, 9)
    expect(moved.repaid).toBe(110_000)
    expect(movesOf(moved)).toEqual([[DAI, BIDDER, RESERVE, expect.closeTo(14_300, 9)]])
    expect(salesIn(protocol).count).toBe(0)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('behaviour: worth below the debt leaves bad debt', () => {
    const protocol = still(160_000)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect([moved.seized, moved.repaid]).toEqual([100, 150_000])
    expect(protocol.badDebt[DAI]).toBe(10_000)
  })

  it('behaviour: auctions under way are not touched', () => {
    const protocol = vaultUnder({}, 100, 105_000)
    bark(protocol)
    expect(take(protocol, standingAt(protocol, 15), 0).reason).toBe('nothing')
  })
})

describe('parameters', () => {
  it.each([
    ['FB2265', { dai: ETH }],
    ['FB2265', { dai: 9 }],
    ['FB2266', { penalty: -0.1 }],
    ['FB2266', { dustUsd: Number.POSITIVE_INFINITY }],
    ['FB2266', { holeUsd: 0 }],
    ['FB2266', { tailSeconds: 0 }],
    ['FB2266', { gas: { bark: 0, take: -1, redo: 0 } }],
    ['FB2267', { cusp: 1 }],
    ['FB2267', { tolerance: -0.1 }],
    ['FB2268', { abacus: 'linear' as const }],
    ['FB2268', { abacus: 'exponential' as const }],
    ['FB2268', { cut: 1 }],
    ['FB2268', { stepSeconds: 0 }],
    ['FB2269', { stopped: 1.5 }],
    ['FB2269', { stopped: 4 }],
  ])('error: %s for %j', (code, part) => {
    expect(() => makerClip({ ...ethA, ...part })).toThrow(code)
  })
})
