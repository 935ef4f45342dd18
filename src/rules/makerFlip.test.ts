import { describe, expect, it } from 'vitest'
import { BIDDER, BORROWERS, FIRST_TAKER, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import { act, auctionsIn, BAT, DAI, deployed, ETH, rules, standingAt } from './makerFlip.suite.ts'
import { makerFlip } from './makerFlip.ts'
import { offersOf, protocolOf, publish, take } from './vectors.suite.ts'

/** A vault of ETH and DAI at an ETH price of 120: unsafe above 80 DAI per ETH. */
const vault = (ink: number, debt: number, dai = 1) =>
  protocolOf(
    rules,
    [dai, 120, 0.2],
    [
      [0, ETH, ink],
      [0, DAI, -debt],
    ],
  )

const bite = (protocol: Protocol, atSeconds = 0) =>
  act(protocol, offersOf(protocol, 0), 0, { atSeconds })

const tend = (protocol: Protocol, taker: number, pays: number, atSeconds: number) =>
  act(protocol, standingAt(protocol, atSeconds), 0, { taker, pays, atSeconds })

const movesOf = ({ moves }: ReturnType<typeof act>) =>
  Array.from({ length: moves.count }, (_, m) => [
    moves.asset[m],
    moves.from[m],
    moves.to[m],
    moves.amount[m],
  ])

describe('bite', () => {
  it('default: the worked numbers of an urn with interest', () => {
    const mat145 = makerFlip({
      ...deployed,
      assets: [
        { asset: DAI, threshold: null },
        { asset: ETH, threshold: 1 / 1.45 },
      ],
    })
    const protocol = protocolOf(
      mat145,
      [1, 1500],
      [
        [0, ETH, 100],
        [0, DAI, -100_000],
      ],
    )
    expect(offersOf(protocol, 0).count).toBe(0)
    protocol.index[mat145.slotOf(DAI, -1, 0)] = 1.05
    mat145.value(protocol)
    expect(protocol.values[mat145.slotOf(ETH, 1, 0)]).toBeCloseTo(1034.48275862, 8)
    expect(offersOf(protocol, 0)).toMatchObject({ count: 2, amount: [0, 0], cost: [0, 0] })
    expect(bite(protocol).reason).toBe(0)
    const { lot, debt, tab } = auctionsIn(protocol)
    expect([lot[0], debt[0]]).toEqual([50, 52_500])
    expect(tab[0]).toBeCloseTo(59_325, 9)
    expect([...protocol.book.amount]).toEqual([50, -50_000])
  })

  it('default: a third of an urn, as Liquidations 1.2 cuts it by debt, asks the same tab', () => {
    const thirds = makerFlip({ ...deployed, lotUnits: 33.333333333333336 })
    const protocol = protocolOf(
      thirds,
      [1, 200, 1],
      [
        [0, ETH, 100],
        [0, DAI, -15_000],
      ],
    )
    bite(protocol)
    expect(auctionsIn(protocol).tab[0]).toBeCloseTo(5650, 9)
  })

  it('behaviour: the lot and its debt go to the auction, the debt as a negative holding', () => {
    const protocol = vault(200, 18_000)
    const moved = bite(protocol, 30)
    expect(moved).toMatchObject({ reason: 0, seized: 0, repaid: 0, fee: 0, surplus: 0 })
    expect(movesOf(moved)).toEqual([
      [ETH, 0, ITEMS, 50],
      [DAI, ITEMS, 0, 4500],
    ])
    expect(auctionsIn(protocol)).toMatchObject({ count: 1, leader: [-1], ends: [30 + 21600] })
    expect(protocol.book.version[0]).toBe(1)
  })

  it('behaviour: one call for each lot, the last of what is left', () => {
    const protocol = vault(120, 10_800)
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(3)
    expect(offers.gas.slice(0, 3)).toEqual([400_000, 400_000, 400_000])
    for (let o = 0; o < 3; o++) expect(act(protocol, offers, o, {}).reason).toBe(0)
    expect(auctionsIn(protocol).lot.map((lot) => Math.round(lot))).toEqual([50, 50, 20])
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(act(protocol, offers, 0, {}).reason).toBe('stale')
  })

  it('behaviour: a remainder that is rounding goes with the last lot', () => {
    const tenths = makerFlip({ ...deployed, lotUnits: 0.1 })
    const protocol = protocolOf(
      tenths,
      [1, 120, 1],
      [
        [0, ETH, 0.1 + 0.1 + 0.1],
        [0, DAI, -30],
      ],
    )
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(3)
    for (let o = 0; o < 3; o++) act(protocol, offers, o, {})
    expect([...protocol.book.amount]).toEqual([0, 0])
  })

  it('behaviour: a whale lists no more bites than a block holds', () => {
    expect(offersOf(vault(100_000, 9e6), 0).count).toBe(32)
  })

  it('behaviour: debt counts at par, whatever DAI trades at', () => {
    expect(offersOf(vault(200, 15_900, 1.1), 0).count).toBe(0)
    expect(offersOf(vault(200, 16_100, 0.9), 0).count).toBe(4)
  })

  it('behaviour: exactly at the threshold a vault is safe, and at a price of 0 unsaleable', () => {
    expect(offersOf(vault(200, 16_000), 0).count).toBe(0)
    const protocol = vault(200, 16_100)
    const offers = offersOf(protocol, 0)
    publish(protocol, ETH, 130)
    expect(act(protocol, offers, 0, {}).reason).toBe('healthy')
    publish(protocol, ETH, 0)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(act(protocol, offers, 0, {}).reason).toBe('nothing')
  })

  it('behaviour: two collaterals carry the debt by value x threshold', () => {
    const protocol = protocolOf(
      rules,
      [1, 120, 0.2],
      [
        [0, ETH, 50],
        [0, BAT, 10_000],
        [0, DAI, -6000],
      ],
    )
    const offers = offersOf(protocol, 0)
    expect(offers.sells[0]).toBe(ETH)
    act(protocol, offers, 0, {})
    expect(auctionsIn(protocol).debt[0]).toBeCloseTo((6000 * 6000) / 8000, 9)
    expect(protocol.book.amount[2]).toBeCloseTo(-1500, 9)
  })
})

describe('bids', () => {
  it('behaviour: a lone bidder wins 50 ETH for 1 DAI, and the debt is bad', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const open = standingAt(protocol, 15)
    expect(open).toMatchObject({ count: 1, amount: [50], free: [1], gas: [150_000] })
    expect([open.cost[0], open.reserved[0]]).toEqual([1e-45, -1])
    expect(tend(protocol, 7, 1, 15).reason).toBe(0)
    expect(standingAt(protocol, 30).reserved[0]).toBe(-9)
    expect(standingAt(protocol, 615).count).toBe(0)
    const over = standingAt(protocol, 630)
    expect(over).toMatchObject({ count: 1, amount: [0], cost: [0], reserved: [7], gas: [100_000] })
    const moved = act(protocol, over, 0, { taker: 7, atSeconds: 630 })
    expect(movesOf(moved)).toEqual([
      [ETH, ITEMS, BIDDER, 50],
      [DAI, LENDERS, ITEMS, 4499],
    ])
    expect(protocol.badDebt[DAI]).toBe(4499)
    expect(auctionsIn(protocol).count).toBe(0)
  })

  it('behaviour: one rad, 1e-45 DAI, wins as well, and nothing at all does not', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    expect(tend(protocol, 0, 0, 15).reason).toBe('stale')
    expect(tend(protocol, 0, Number.NaN, 15).reason).toBe('stale')
    expect(tend(protocol, 0, 1e-45, 15).reason).toBe(0)
    const moved = act(protocol, standingAt(protocol, 630), 0, { taker: 0, atSeconds: 630 })
    expect(movesOf(moved)).toEqual([
      [ETH, ITEMS, BIDDER, 50],
      [DAI, LENDERS, ITEMS, 4500],
    ])
  })

  it('behaviour: in dent a bidder may ask for still less, but for more than nothing', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    tend(protocol, 0, 9999, 15)
    const dent = standingAt(protocol, 30)
    const asks = (amount: number) => ({ taker: 1, pays: 9999, atSeconds: 30, amount })
    for (const amount of [0, Number.NaN])
      expect(act(protocol, dent, 0, asks(amount)).reason).toBe('nothing')
    expect(movesOf(act(protocol, dent, 0, asks(40))).at(-1)).toEqual([ETH, ITEMS, BORROWERS, 10])
    expect(auctionsIn(protocol).lot[0]).toBe(40)
  })

  it('behaviour: two bidders drive each other up by beg until one has had enough', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const valuation = [4000, 4400]
    let at = 0
    let paid = 0
    for (let turn = 0; ; turn = 1 - turn) {
      at += 15
      const cost = standingAt(protocol, at).cost[0]
      if (cost > valuation[turn]) break
      const pays = paid === 0 ? 1000 : cost
      if (paid > 0) expect(cost).toBe(paid * 1.03)
      const moved = tend(protocol, turn, pays, at)
      const back = [DAI, ITEMS, FIRST_TAKER + 1 - turn, paid]
      expect(movesOf(moved)).toEqual([[DAI, BIDDER, ITEMS, pays], ...(paid > 0 ? [back] : [])])
      paid = pays
    }
    expect(paid).toBeGreaterThan(4000 / 1.03)
    expect(auctionsIn(protocol).bid[0]).toBe(paid)
    expect(auctionsIn(protocol).leader[0]).toBe(1)
  })

  it('behaviour: the second of two equal bids in a block comes too late', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const offers = standingAt(protocol, 15)
    expect(act(protocol, offers, 0, { taker: 0, pays: 100, atSeconds: 15 }).reason).toBe(0)
    expect(act(protocol, offers, 0, { taker: 1, pays: 102.9, atSeconds: 15 }).reason).toBe('stale')
    expect(act(protocol, offers, 0, { taker: 0, pays: 500, atSeconds: 15 }).reason).toBe('nothing')
    expect(act(protocol, offers, 0, { taker: 1, pays: 103, atSeconds: 15 }).reason).toBe(0)
  })

  it('behaviour: no more than tab is taken; then lots fall, the rest is the borrower’s', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const offers = standingAt(protocol, 15)
    const tab = 4500 * 1.13
    tend(protocol, 0, 9999, 15)
    expect(auctionsIn(protocol).bid[0]).toBe(tab)
    expect(act(protocol, offers, 0, { taker: 1, pays: 9999, atSeconds: 15 }).reason).toBe('stale')
    const dent = standingAt(protocol, 30)
    expect(dent).toMatchObject({ amount: [50 / 1.03], cost: [tab], free: [1], reserved: [-2] })
    const moved = act(protocol, dent, 0, { taker: 1, pays: tab, atSeconds: 30 })
    expect(movesOf(moved)).toEqual([
      [DAI, BIDDER, ITEMS, tab],
      [DAI, ITEMS, FIRST_TAKER, tab],
      [ETH, ITEMS, BORROWERS, 50 - 50 / 1.03],
    ])
    expect(act(protocol, dent, 0, { taker: 2, pays: tab, atSeconds: 30 }).reason).toBe('stale')
    const over = standingAt(protocol, 645)
    expect(movesOf(act(protocol, over, 0, { taker: 1, atSeconds: 645 }))).toEqual([
      [ETH, ITEMS, BIDDER, 50 / 1.03],
      [DAI, ITEMS, RESERVE, tab - 4500],
    ])
    expect(protocol.badDebt[DAI]).toBe(0)
  })

  it('behaviour: a lot is not divided', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const offers = standingAt(protocol, 15)
    const half = { taker: 0, pays: 100, amount: 25, atSeconds: 15 }
    expect(act(protocol, offers, 0, half).reason).toBe('nothing')
    expect(act(protocol, offers, 0, { ...half, amount: 50 }).reason).toBe(0)
  })
})

describe('ends', () => {
  it('behaviour: a bid extends itself by ttl, but never past the end', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    tend(protocol, 0, 1, 21_500)
    expect(standingAt(protocol, 21_599).free[0]).toBe(1)
    expect(standingAt(protocol, 21_600).count).toBe(0)
    expect(standingAt(protocol, 21_601).reserved[0]).toBe(0)
  })

  it('behaviour: nobody deals early, and nobody but the winner deals', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    tend(protocol, 3, 1, 15)
    const over = standingAt(protocol, 630)
    expect(act(protocol, over, 0, { taker: 3, atSeconds: 615 }).reason).toBe('stale')
    expect(act(protocol, over, 0, { taker: 2, atSeconds: 630 }).reason).toBe('nothing')
    expect(act(protocol, over, 0, { taker: 3, atSeconds: 630 }).reason).toBe(0)
    expect(act(protocol, over, 0, { taker: 3, atSeconds: 630 }).reason).toBe('stale')
  })

  it('behaviour: after the bid has won, another comes too late', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    tend(protocol, 0, 1, 15)
    const open = standingAt(protocol, 30)
    expect(act(protocol, open, 0, { taker: 1, pays: 4000, atSeconds: 615 }).reason).toBe('stale')
  })

  it('behaviour: an auction without a bid is restarted by anybody', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    const over = standingAt(protocol, 21_615)
    expect(over).toMatchObject({ count: 1, amount: [0], cost: [0], reserved: [-1], free: [0] })
    const moved = act(protocol, over, 0, { taker: 5, atSeconds: 21_615 })
    expect([moved.reason, moved.moves.count]).toEqual([0, 0])
    expect(act(protocol, over, 0, { taker: 5, atSeconds: 21_615 }).reason).toBe('stale')
    expect(standingAt(protocol, 21_630)).toMatchObject({ count: 1, free: [1] })
    expect(auctionsIn(protocol).ends[0]).toBe(21_615 + 21_600)
  })

  it('behaviour: an offer finds its auction after another ended in the same block', () => {
    const protocol = vault(150, 13_500)
    for (let n = 0; n < 3; n++) bite(protocol)
    const open = standingAt(protocol, 15)
    act(protocol, open, 0, { taker: 0, pays: 1, atSeconds: 15 })
    const later = standingAt(protocol, 700)
    expect(later.count).toBe(3)
    expect(act(protocol, later, 0, { taker: 0, atSeconds: 700 }).reason).toBe(0)
    expect(act(protocol, later, 2, { taker: 1, pays: 9, atSeconds: 700 }).reason).toBe(0)
    expect(act(protocol, later, 1, { taker: 2, pays: 8, atSeconds: 700 }).reason).toBe(0)
    const { count, id, bid, leader } = auctionsIn(protocol)
    const rows = Array.from({ length: count }, (_, row) => [id[row], bid[row], leader[row]])
    expect(rows.sort()).toEqual([
      [1, 8, 2],
      [2, 9, 1],
    ])
  })
})

describe('an instant cascade', () => {
  it('behaviour: sells what the tab needs at its worth, whatever the number of lots', () => {
    const protocol = vault(200, 17_000)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    const tab = 17_000 * 1.13
    expect(moved.seized).toBeCloseTo(tab / 120, 9)
    expect(moved.repaid).toBe(17_000)
    expect(movesOf(moved)).toEqual([[DAI, BIDDER, RESERVE, tab - 17_000]])
    expect(protocol.book.amount[0]).toBeCloseTo(200 - tab / 120, 9)
    expect(protocol.book.amount[1]).toBe(0)
    expect(auctionsIn(protocol).count).toBe(0)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('behaviour: worth between debt and tab pays part of the penalty', () => {
    const protocol = vault(200, 23_000)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect([moved.seized, moved.repaid]).toEqual([200, 23_000])
    expect(movesOf(moved)).toEqual([[DAI, BIDDER, RESERVE, 1000]])
  })

  it('behaviour: worth below the debt leaves bad debt', () => {
    const protocol = vault(200, 25_000)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect([moved.seized, moved.repaid]).toEqual([200, 24_000])
    expect(movesOf(moved)).toEqual([[DAI, LENDERS, 0, 1000]])
    expect(protocol.badDebt[DAI]).toBe(1000)
    expect([...protocol.book.amount]).toEqual([0, 0])
  })

  it('behaviour: auctions under way are not touched', () => {
    const protocol = vault(50, 4500)
    bite(protocol)
    expect(take(protocol, standingAt(protocol, 15), 0).reason).toBe('nothing')
  })
})

describe('parameters', () => {
  it.each([
    ['FB2240', { dai: ETH }],
    ['FB2240', { dai: 9 }],
    ['FB2241', { penalty: -0.1 }],
    ['FB2242', { lotUnits: 0 }],
    ['FB2243', { beg: 0 }],
    ['FB2244', { ttlSeconds: 0 }],
    ['FB2244', { tauSeconds: Number.POSITIVE_INFINITY }],
    ['FB2245', { gas: { bite: 0, tend: -1, deal: 0 } }],
    ['FB2247', { dunkUsd: 1000 }],
    ['FB2249', { boxUsd: 1000 }],
    ['FB2249', { dustUsd: 1 }],
  ])('error: %s for %j', (code, part) => {
    expect(() => makerFlip({ ...deployed, ...part })).toThrow(code)
  })

  it.each([
    ['FB2247', {}],
    ['FB2248', { dunkUsd: 0 }],
    ['FB2249', { dunkUsd: 1000, boxUsd: 0 }],
    ['FB2249', { dunkUsd: 1000, boxUsd: 1000, dustUsd: -1 }],
  ])('error: %s for %j without a lot', (code, part) => {
    const { lotUnits: _, ...others } = deployed
    expect(() => makerFlip({ ...others, ...part })).toThrow(code)
  })
})
