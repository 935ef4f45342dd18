/** Bids in auctions, calls, and places of their own. */

import { describe, expect, it } from 'vitest'
import { ask, bids, GAS_USD, listed, SPEC, viewOf } from './bidding.suite.ts'
import { liquidator } from './liquidator.ts'
import { ETH, GHO } from './markets.suite.ts'

describe('auctions and calls', () => {
  it('default: bids its valuation in an English auction, no less than asked', () => {
    const lot = (cost: number) => listed({ account: -1, amount: 50, cost, free: 1 })
    const { sent } = bids({ valuation: 0.9 }, lot(1000))
    expect(sent).toMatchObject({ amount: [50], pays: [90_000], minProceeds: [0] })
    expect(bids({ valuation: 0.9 }, lot(90_000)).sent.pays).toEqual([90_000])
    expect(bids({ valuation: 0.9 }, lot(90_001)).answer).toBe('declines')
    expect(bids({ valuation: 0 }, lot(0)).sent.pays).toEqual([0])
    expect(bids({ bidding: { kind: 'auction', share: 0.3 } }, lot(1000)).sent.gwei[0]).toBe(20)
  })

  it('behaviour: offers no more than its own cash, and pays in the asset that is asked', () => {
    const lot = listed({ account: -1, amount: 50, pays: GHO, cost: 10_000, free: 1 })
    const { sent } = bids({ capitalUsd: 49_000, flashFee: 0 }, lot)
    expect(sent.pays[0]).toBeCloseTo(50_000, 9)
    const poor = bids({ capitalUsd: 9000, flashFee: 0 }, lot)
    expect(poor.sent.count).toBe(0)
    expect(poor.taker.books.outOfCapital).toBe(1)
  })

  it('behaviour: two bids of a block are not paid from the same cash', () => {
    const lot = listed({ account: -1, amount: 50, cost: 0, free: 1 })
    const taker = liquidator({ ...SPEC, capitalUsd: 100_000 }, 3, 5)
    expect(ask(taker, lot, viewOf()).sent.pays).toEqual([90_000])
    expect(ask(taker, lot, viewOf()).sent.pays[0]).toBeCloseTo(10_000 - GAS_USD, 9)
  })

  it('behaviour: makes a call as long as gas is not above its limit, after any offer that pays', () => {
    const call = listed({ amount: 0, cost: 0, gas: 250_000, passed: 10 })
    const { sent } = bids({ minProfitUsd: 100 }, call)
    expect(sent).toMatchObject({ count: 1, amount: [0], gas: [250_000], gwei: [20] })
    expect(sent).toMatchObject({ minProceeds: [0], tipUsd: [0] })
    expect(bids({ maxGwei: 19.9 }, call).answer).toBe('declines')
    const both = listed({ amount: 0, cost: 0 }, { amount: 100, cost: 190_000 })
    expect(bids({}, both).sent.offer).toEqual([1])
    expect(bids({}, listed({ amount: 0, cost: 0, reserved: 1 })).answer).toBe('declines')
  })

  it('behaviour: a call that needs a bond is made while cash is there for it, and borrows none', () => {
    const call = { amount: 0, cost: 6000, passed: 10 }
    const of = { ...SPEC, capitalUsd: 10_000, flashFee: 0 }
    const taker = liquidator(of, 3, 5)
    expect(ask(taker, listed(call), viewOf()).sent.count).toBe(1)
    expect(ask(taker, listed(call), viewOf()).answer).toBe('declines')
    expect(ask(liquidator(of, 3, 5), listed(call, call), viewOf()).sent.count).toBe(1)
    expect(ask(liquidator(of, 3, 5), listed({ ...call, cost: 10_001 }), viewOf()).sent.count).toBe(
      0,
    )
  })

  it('behaviour: pays for a call no more gas than it hopes to earn by it', () => {
    const call = (passed: number, reserved = -1) =>
      listed({ amount: 0, cost: 0, gas: 250_000, passed, reserved })
    // A tenth of the lot's worth at most.
    const view = viewOf()
    const units = (250_000 * 20 * view.usdPerGwei) / 0.1 / view.mids[ETH]
    expect(bids({ valuation: 0.9 }, call(units * 1.001)).answer).toBe('bids')
    expect(bids({ valuation: 0.9 }, call(units * 0.999)).answer).toBe('declines')
    expect(bids({ valuation: 0.9 }, call(units * 0.2, 3)).answer).toBe('bids')
  })

  it('behaviour: bids the least that is accepted where it is told to', () => {
    const lot = (cost: number) => listed({ account: -1, amount: 50, cost, free: 1 })
    expect(bids({ outbids: 'least' }, lot(0.001)).sent.pays).toEqual([0.001])
    expect(bids({ outbids: 'least', valuation: 0.9 }, lot(90_001)).answer).toBe('declines')
  })

  it('behaviour: leaves to others what is for anybody but itself', () => {
    const lot = (reserved: number) =>
      listed({ account: -1, amount: 50, cost: 1000, free: 1, reserved })
    expect(bids({}, lot(-2 - 3)).answer).toBe('declines')
    expect(bids({}, lot(-2 - 2)).answer).toBe('bids')
  })

  it('behaviour: waits for a published price where its place is auctioned with it', () => {
    const taker = liquidator({ ...SPEC, route: 'oracleAuction' }, 3, 5)
    const lot = listed({ amount: 100, cost: 190_000 })
    expect(ask(taker, lot, viewOf({ isPublished: () => false })).answer).toBe('waits')
    expect(ask(taker, lot, viewOf()).answer).toBe('bids')
  })
})
