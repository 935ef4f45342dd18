import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ORACLE_AUCTION, PRIVATE, PUBLIC, type Transactions } from '../chain.ts'
import type { TakerSpec } from '../scenario.ts'
import { ask, bids, GAS_USD, listed, quoted, SPEC, viewOf } from './bidding.suite.ts'
import { liquidator } from './liquidator.ts'
import { ETH, GHO, STETH, smallMarket } from './markets.suite.ts'

describe('liquidator', () => {
  it('default: takes a whole lot that pays, at the gas price of the moment', () => {
    const { sent, answer } = bids({}, listed({ amount: 100, cost: 190_000 }))
    expect(answer).toBe('bids')
    expect(sent).toMatchObject({ count: 1, taker: [3], protocol: [7], offer: [0], amount: [100] })
    expect(sent).toMatchObject({ pays: [0], gas: [400_000], gwei: [20], route: [PUBLIC] })
    expect(sent.tipUsd).toEqual([0])
    expect(sent.minProceeds[0]).toBeCloseTo(190_000 + GAS_USD, 9)
  })

  it('behaviour: of several offers the one with the highest profit, and none twice', () => {
    const lots = listed(
      { amount: 100, cost: 195_000 },
      { amount: 100, cost: 190_000 },
      { amount: 50, cost: 92_000 },
      { amount: 100, cost: 1, reserved: 2 },
    )
    expect(bids({}, lots).sent).toMatchObject({ count: 1, offer: [1] })
    expect(
      bids({}, listed({ amount: 9, cost: 17_000 }, { amount: 9, cost: 17_000 })).sent,
    ).toMatchObject({ offer: [0] })
    lots.reserved[3] = 3
    expect(bids({}, lots).sent).toMatchObject({ count: 1, offer: [3] })
  })

  it('behaviour: a bonus that slippage, fee and gas eat up is left alone', () => {
    const cost = quoted(100) - GAS_USD
    expect(bids({}, listed({ amount: 100, cost })).answer).toBe('declines')
    expect(bids({}, listed({ amount: 100, cost: cost - 0.01 })).answer).toBe('bids')
    const minProfitUsd = 50
    expect(bids({ minProfitUsd }, listed({ amount: 100, cost: cost - 49 })).answer).toBe('declines')
    expect(bids({ minProfitUsd }, listed({ amount: 100, cost: cost - 51 })).answer).toBe('bids')
  })

  it('behaviour: debt is paid at its mid, gas as the rules state it', () => {
    const lot = listed({ amount: 100, cost: 195_000, pays: GHO, gas: 1_000_000 })
    const { sent } = bids({}, lot)
    expect(sent.gas).toEqual([1_000_000])
    expect(sent.minProceeds[0]).toBeCloseTo(195_000 * 0.98 + 50, 6)
  })
})

describe('latency', () => {
  const lot = listed({ amount: 100, cost: 190_000 })

  it('default: acts from `since` + blocks on', () => {
    const answers = (blocks: number) =>
      [5, 6, 7, 8].map(
        (block) => bids({ latency: { kind: 'blocks', blocks } }, lot, viewOf({ block })).answer,
      )
    expect(answers(0)).toEqual(['bids', 'bids', 'bids', 'bids'])
    expect(answers(2)).toEqual(['waits', 'waits', 'bids', 'bids'])
  })

  it('behaviour: waiting times are exponential, one for a taker, a protocol and an account', () => {
    const latency = { kind: 'exponential', meanSeconds: 30 } as const
    const seen: number[][] = []
    const at = (u: number, block: number) => {
      const draw = (...key: number[]) => {
        seen.push(key)
        return u
      }
      return bids({ latency }, lot, viewOf({ block, draw })).answer
    }
    // -30 ln(0.5) = 20.8 s: two blocks of 12 s. -30 ln(0.9) = 3.2 s. -30 ln(0.05) = 89.9 s.
    expect([5, 6, 7].map((block) => at(0.5, block))).toEqual(['waits', 'waits', 'bids'])
    expect([5, 6].map((block) => at(0.9, block))).toEqual(['waits', 'bids'])
    expect([12, 13].map((block) => at(0.05, block))).toEqual(['waits', 'bids'])
    expect(new Set(seen.map(String))).toEqual(new Set(['3,7,0']))
  })

  it('behaviour: what stands for itself is seen at once', () => {
    const standing = listed({ account: -1, amount: 100, cost: 190_000 })
    const since = () => Number.NaN
    expect(
      bids({ latency: { kind: 'blocks', blocks: 9 } }, standing, viewOf({ since })).answer,
    ).toBe('bids')
  })
})

describe('size', () => {
  it('default: profitable takes the part whose marginal proceeds cover its cost', () => {
    const lot = listed({ amount: 5000, cost: 5000 * 1900 })
    const { sent } = bids({ size: 'profitable' }, lot)
    const wanted = (50_000 * (Math.sqrt((2000 * 0.997) / 1900) - 1)) / 0.997
    expect(sent.amount[0]).toBeCloseTo(wanted, 6)
    expect(sent.minProceeds[0]).toBeCloseTo(wanted * 1900 + GAS_USD, 4)
    expect(bids({}, lot).answer).toBe('declines')
  })

  it('law: profitable never earns less than whole, and never takes more', () => {
    const lots = fc.tuple(
      fc.double({ min: 1, max: 20_000, noNaN: true }),
      fc.double({ min: 1000, max: 2010, noNaN: true }),
      fc.constantFrom(ETH, STETH),
    )
    const gain = (sent: Transactions, sells: number, unitCost: number) =>
      sent.count === 0
        ? 0
        : quoted(sent.amount[0], smallMarket(), sells) - sent.amount[0] * unitCost - GAS_USD
    fc.assert(
      fc.property(lots, ([amount, unitCost, sells]) => {
        const offers = listed({ sells, amount, cost: amount * unitCost })
        const whole = gain(bids({}, offers).sent, sells, unitCost)
        const { sent } = bids({ size: 'profitable' }, offers)
        expect(gain(sent, sells, unitCost)).toBeGreaterThanOrEqual(whole * (1 - 1e-9))
        if (sent.count > 0) expect(sent.amount[0]).toBeLessThanOrEqual(amount)
      }),
      { seed: 2442, numRuns: 150 },
    )
  })

  it('behaviour: what is not sold now is worth its mid, all of it', () => {
    const lot = listed({ amount: 5000, cost: 5000 * 1990 })
    const held = bids({ size: 'profitable', disposal: { kind: 'hold' } }, lot)
    expect(held.sent).toMatchObject({ amount: [5000], minProceeds: [0] })
    lot.cost[0] = 5000 * 2001
    expect(bids({ size: 'profitable', disposal: { kind: 'hold' } }, lot).answer).toBe('declines')
  })
})

describe('capital', () => {
  const lot = listed({ amount: 100, cost: 190_000 })

  it('default: takes what its cash buys; without any it counts itself out of capital', () => {
    const some = bids({ capitalUsd: 19_000 }, lot)
    expect(some.sent.amount[0]).toBeCloseTo(10, 12)
    expect(some.sent.amount[0] * 1900).toBeLessThanOrEqual(19_000)
    const none = bids({ capitalUsd: 0 }, lot)
    expect(none.answer).toBe('declines')
    expect(none.taker.books).toMatchObject({ outOfCapital: 1, pricedOut: 0 })
  })

  it('behaviour: cash that buys too little to pay the gas counts too', () => {
    const { taker, sent } = bids({ capitalUsd: 100 }, lot)
    expect(sent.count).toBe(0)
    expect(taker.books).toMatchObject({ outOfCapital: 1, pricedOut: 0 })
  })

  it('behaviour: borrows for the moment what cash lacks, for a fee on that', () => {
    const { sent } = bids({ capitalUsd: 40_000, flashFee: 0.0009 }, lot)
    expect(sent.amount).toEqual([100])
    expect(sent.minProceeds[0]).toBeCloseTo(190_000 + 0.0009 * 150_000 + GAS_USD, 6)
    const held = bids({ capitalUsd: 40_000, flashFee: 0, disposal: { kind: 'hold' } }, lot)
    expect(held.sent.amount[0]).toBeCloseTo(40_000 / 1900, 9)
  })

  it('behaviour: borrowed units must pay for their fee at the margin', () => {
    const big = listed({ amount: 5000, cost: 5000 * 1900 })
    const units = (capitalUsd: number) =>
      bids({ size: 'profitable', capitalUsd, flashFee: 0.01 }, big).sent.amount[0]
    const at = (unitCost: number) => (50_000 * (Math.sqrt((2000 * 0.997) / unitCost) - 1)) / 0.997
    expect(units(1e9)).toBeCloseTo(at(1900), 6)
    expect(units(0)).toBeCloseTo(at(1919), 6)
    const between = (at(1900) + at(1919)) / 2
    expect(units(between * 1900)).toBeCloseTo(between, 6)
  })

  it('behaviour: cash of a held lot is promised once a block; the next may free it', () => {
    const taker = liquidator({ ...SPEC, capitalUsd: 200_000, disposal: { kind: 'hold' } }, 3, 5)
    expect(ask(taker, lot, viewOf()).sent.amount).toEqual([100])
    const rest = (10_000 - GAS_USD) / 1900
    expect(ask(taker, lot, viewOf()).sent.amount[0]).toBeCloseTo(rest, 9)
    const midway = taker.copy()
    expect(ask(taker, lot, viewOf()).answer).toBe('waits')
    expect(ask(midway, lot, viewOf()).answer).toBe('waits')
    taker.reset(liquidator({ ...SPEC, capitalUsd: 200_000, disposal: { kind: 'hold' } }, 3, 5))
    expect(ask(taker, lot, viewOf()).sent.amount).toEqual([100])
    expect(ask(midway, lot, viewOf()).answer).toBe('waits')
    expect(ask(taker, lot, viewOf({ block: 11 })).sent.amount).toEqual([100])
    const schedule = { kind: 'schedule', seconds: 100, urgency: 0 } as const
    expect(bids({ capitalUsd: 0, disposal: schedule }, lot).answer).toBe('waits')
    expect(bids({ capitalUsd: 0, disposal: { kind: 'hold' } }, lot).answer).toBe('declines')
    const atOnce = liquidator({ ...SPEC, capitalUsd: 200_000 }, 3, 5)
    for (let k = 0; k < 3; k++) expect(ask(atOnce, lot, viewOf()).sent.amount).toEqual([100])
  })

  it('law: gas of all bids of a block, and the debt of the last, are covered by cash', () => {
    const capitalUsd = 19_000
    const taker = liquidator({ ...SPEC, capitalUsd }, 3, 5)
    let gasUsd = 0
    for (let k = 1; k <= 40; k++) {
      const cost = 190_000 + 17 * k
      const { sent } = ask(taker, listed({ amount: 100, cost }), viewOf())
      expect(sent.count).toBe(1)
      expect((sent.amount[0] * cost) / 100 + gasUsd).toBeLessThanOrEqual(capitalUsd)
      expect((sent.amount[0] * cost) / 100 + gasUsd).toBeCloseTo(capitalUsd, 8)
      gasUsd += GAS_USD
    }
  })
})

describe('gas', () => {
  const lot = listed({ amount: 100, cost: 190_000 })
  const grossUsd = quoted(100) - 190_000
  const gwei = (spec: Partial<TakerSpec>, view = viewOf()) => bids(spec, lot, view).sent.gwei[0]

  it('default: a fixed price, a multiple of the market, a share of the profit', () => {
    expect(gwei({ bidding: { kind: 'fixed', gwei: 7 } })).toBe(7)
    expect(gwei({ bidding: { kind: 'market', times: 1.25 } })).toBe(25)
    expect(gwei({ bidding: { kind: 'auction', share: 0.4 } })).toBeCloseTo(0.4 * grossUsd, 6)
    expect(gwei({ bidding: { kind: 'auction', share: 0 } })).toBe(20)
  })

  it('behaviour: never above its limit; with a limit below the market it is priced out', () => {
    expect(gwei({ bidding: { kind: 'auction', share: 0.4 }, maxGwei: 150 })).toBe(150)
    const out = bids({ maxGwei: 19 }, lot)
    expect(out.answer).toBe('declines')
    expect(out.taker.books).toMatchObject({ pricedOut: 1, outOfCapital: 0 })
  })

  it('behaviour: gas that eats the profit prices out; a lot that never paid does not count', () => {
    const dear = viewOf({ gwei: grossUsd + 1 })
    expect(bids({}, lot, dear).taker.books.pricedOut).toBe(1)
    expect(bids({}, listed({ amount: 100, cost: 210_000 }), dear).taker.books.pricedOut).toBe(0)
    expect(bids({ bidding: { kind: 'auction', share: 0.9 } }, lot, dear).answer).toBe('declines')
  })

  it('behaviour: a private place costs a tip after gas, and the price of the moment', () => {
    for (const [route, code] of [
      ['private', PRIVATE],
      ['oracleAuction', ORACLE_AUCTION],
    ] as const) {
      const bidding = { kind: 'market', times: 5 } as const
      const { sent } = bids({ route, tipShare: 0.8, bidding }, lot)
      expect(sent).toMatchObject({ route: [code], gwei: [20] })
      expect(sent.tipUsd[0]).toBeCloseTo(0.8 * (grossUsd - GAS_USD), 6)
    }
    expect(bids({ route: 'private', tipShare: 1 }, lot).answer).toBe('declines')
  })

  it('behaviour: where gas is free an auction is not won by it', () => {
    const free = viewOf({ gwei: 0, usdPerGwei: 0 })
    expect(gwei({ bidding: { kind: 'auction', share: 0.9 } }, free)).toBe(0)
  })
})
