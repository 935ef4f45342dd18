import { describe, expect, it } from 'vitest'
import { transactionList } from '../chain.ts'
import { offerList, type Protocol, pushOffer } from '../rules.ts'
import type { TakerSpec } from '../scenario.ts'
import type { Taker, View } from '../taker.ts'
import { liquidator } from './liquidator.ts'
import { ETH, smallMarket, USD } from './markets.suite.ts'

const SPEC: TakerSpec = {
  name: 'fund',
  capitalUsd: 500_000,
  flashFee: null,
  latency: { kind: 'exponential', meanSeconds: 24 },
  minProfitUsd: 10,
  size: 'profitable',
  gas: 400_000,
  bidding: { kind: 'auction', share: 0.3 },
  maxGwei: 500,
  route: 'public',
  tipShare: 0,
  valuation: 0.9,
  outbids: 'valuation',
  disposal: { kind: 'schedule', seconds: 120, urgency: 0.01 },
  leavesAfterUsd: 20_000,
}

/** Twenty blocks with bids, some of them won, sales and gas; answers with all that was seen. */
function play(taker: Taker): unknown[] {
  const market = smallMarket()
  const mids = new Float64Array(5)
  market.prices(mids)
  const seen: unknown[] = []
  const at = { block: 0, seconds: 12, atSeconds: 0, gwei: 20 }
  const view: View = {
    at,
    market,
    mids,
    gwei: 20,
    usdPerGwei: 2.5e-6,
    contestedGwei: 0,
    isPublished: () => true,
    since: () => 0,
    draw: (t, j, account) => ((t + j + account * 7) % 11) / 11 + 0.01,
  }
  for (at.block = 1; at.block <= 20; at.block++) {
    at.atSeconds += at.seconds
    const out = transactionList()
    for (let account = 0; account < 6; account++) {
      const offers = offerList()
      pushOffer(offers, account, ETH, 40 + at.block, USD, (40 + at.block) * 1930, 0, 0, 0)
      seen.push(taker.bid(view, { prices: mids } as unknown as Protocol, 0, offers, 0, 1, out))
    }
    for (let k = 0; k < out.count; k += 2) {
      taker.cash -= out.amount[k] * 1930
      taker.books.paidUsd += out.amount[k] * 1930
      taker.inventory[ETH] += out.amount[k]
      taker.received(at, ETH, out.amount[k])
    }
    const units = taker.sellsNow(at, ETH)
    taker.inventory[ETH] -= units
    taker.cash += units * 1950
    taker.books.proceedsUsd += units * 1950
    taker.books.gasUsd += 30
    taker.judge(mids)
    seen.push([...out.amount], [...out.gwei], units, taker.cash, taker.hasLeft, { ...taker.books })
  }
  return seen
}

describe('liquidator', () => {
  it('law: a copy is independent, and reset repeats the same bytes', () => {
    const first = liquidator(SPEC, 3, 5)
    const fresh = first.copy()
    const spare = first.copy()
    const seen = play(first)
    expect(first.inventory[ETH]).toBeGreaterThan(0)
    expect([...fresh.inventory]).toEqual([0, 0, 0, 0, 0])
    expect(first.books.outOfCapital).toBeGreaterThan(0)
    expect(first.books.proceedsUsd).toBeGreaterThan(0)
    expect(play(fresh)).toEqual(seen)
    first.reset(spare)
    expect(first.inventory).toEqual(spare.inventory)
    expect(play(first)).toEqual(seen)
  })

  it('law: a copy of a taker on its way goes on as it would have', () => {
    const first = liquidator({ ...SPEC, latency: { kind: 'blocks', blocks: 0 } }, 3, 5)
    first.received({ block: 0, seconds: 12, atSeconds: 0, gwei: 20 }, ETH, 10)
    first.inventory[ETH] = 10
    const later = first.copy()
    expect(play(later)).toEqual(play(first))
  })

  it('error: a reset from another kind', () => {
    const other = liquidator({ ...SPEC, name: 'keeper' }, 3, 5)
    expect(() => liquidator(SPEC, 3, 5).reset(other)).toThrow('its own copies')
  })

  it('error: parameters out of range', () => {
    const bad: readonly (readonly [Partial<TakerSpec>, string])[] = [
      [{ capitalUsd: -1 }, 'FB2442 takers.fund.capitalUsd'],
      [{ maxGwei: Number.NaN }, 'FB2442 takers.fund.maxGwei'],
      [{ leavesAfterUsd: -1 }, 'FB2442 takers.fund.leavesAfterUsd'],
      [{ gas: Number.POSITIVE_INFINITY }, 'FB2442 takers.fund.gas'],
      [{ minProfitUsd: Number.NEGATIVE_INFINITY }, 'FB2442 takers.fund.minProfitUsd'],
      [{ valuation: -0.1 }, 'FB2442 takers.fund.valuation'],
      [{ bidding: { kind: 'fixed', gwei: -1 } }, 'FB2442 takers.fund.bidding.gwei'],
      [{ bidding: { kind: 'market', times: -1 } }, 'FB2442 takers.fund.bidding.times'],
      [{ bidding: { kind: 'auction', share: 2 } }, 'FB2443 takers.fund.bidding.share'],
      [{ flashFee: 9 }, 'FB2443 takers.fund.flashFee'],
      [{ tipShare: -1 }, 'FB2443 takers.fund.tipShare'],
      [{ latency: { kind: 'blocks', blocks: -1 } }, 'FB2444 takers.fund.latency.blocks'],
      [
        { latency: { kind: 'exponential', meanSeconds: Number.NaN } },
        'FB2444 takers.fund.latency.meanSeconds',
      ],
      [
        { disposal: { kind: 'schedule', seconds: 0, urgency: 0 } },
        'FB2444 takers.fund.disposal.seconds',
      ],
      [
        { disposal: { kind: 'schedule', seconds: 1, urgency: -1 } },
        'FB2444 takers.fund.disposal.urgency',
      ],
    ]
    for (const [part, message] of bad)
      expect(() => liquidator({ ...SPEC, ...part }, 3, 5)).toThrow(message)
    expect(() => liquidator({ ...SPEC, minProfitUsd: -50, valuation: 1.2 }, 3, 5)).not.toThrow()
  })
})

describe('disposal', () => {
  const at = (atSeconds: number) => ({ block: 1, seconds: 12, atSeconds, gwei: 20 })
  const schedule = { kind: 'schedule', seconds: 100, urgency: 0 } as const

  it('default: all at once, nothing, or by the schedule', () => {
    const market = smallMarket()
    const held = (disposal: TakerSpec['disposal']) => liquidator({ ...SPEC, disposal }, 3, 5)
    expect(held({ kind: 'now' }).sellsAtOnce(market, ETH, 10)).toBe(10)
    const keeper = held({ kind: 'hold' })
    expect(keeper.sellsAtOnce(market, ETH, 10)).toBe(0)
    expect(keeper.sellsAtOnce(market, USD, 10)).toBe(10)
    keeper.inventory[ETH] = 10
    keeper.received(at(0), ETH, 10)
    expect(keeper.sellsNow(at(50), ETH)).toBe(0)
    const slow = held(schedule)
    expect(slow.sellsAtOnce(market, ETH, 10)).toBe(0)
    slow.inventory[ETH] = 10
    slow.received(at(0), ETH, 10)
    expect(slow.sellsNow(at(25), ETH)).toBe(2.5)
    slow.inventory[ETH] -= 2.5
    slow.inventory[ETH] = 1
    expect(slow.sellsNow(at(75), ETH)).toBe(1)
    slow.inventory[ETH] = 2.5
    expect(slow.sellsNow(at(100), ETH)).toBe(2.5)
  })

  it('behaviour: what a wall refused is tried again at the end of the orders', () => {
    const slow = liquidator({ ...SPEC, disposal: schedule }, 3, 5)
    slow.inventory[ETH] = 10
    slow.received(at(0), ETH, 10)
    expect(slow.sellsNow(at(50), ETH)).toBe(5)
    slow.inventory[ETH] = 9
    expect(slow.sellsNow(at(100), ETH)).toBe(9)
    slow.inventory[ETH] = 3
    expect(slow.sellsNow(at(112), ETH)).toBe(3)
    const atOnce = liquidator(SPEC, 3, 5)
    atOnce.inventory[ETH] = 2
    expect(atOnce.sellsNow(at(12), ETH)).toBe(2)
  })
})

describe('judge', () => {
  const mids = Float64Array.of(1, 2000, 1980, 40_000, 0.98)

  it('default: leaves once its loss, inventory at mids, passes what it bears', () => {
    const taker = liquidator({ ...SPEC, capitalUsd: 1e6, leavesAfterUsd: 5000 }, 3, 5)
    Object.assign(taker.books, { paidUsd: 10_000, gasUsd: 500, tipUsd: 300, flashUsd: 200 })
    Object.assign(taker.books, { proceedsUsd: 2000 })
    taker.inventory[ETH] = 2
    taker.judge(mids)
    expect(taker.hasLeft).toBe(false)
    taker.books.gasUsd += 1
    taker.judge(mids)
    expect(taker.hasLeft).toBe(true)
    expect(play(taker)).not.toContain('bids')
    taker.inventory[ETH] = 200
    taker.judge(mids)
    expect(taker.hasLeft).toBe(true)
  })

  it('behaviour: is ruined when it owns less than nothing, not when it owns nothing', () => {
    const taker = liquidator({ ...SPEC, capitalUsd: 0, flashFee: 0 }, 3, 5)
    taker.judge(mids)
    expect(taker.hasLeft).toBe(false)
    taker.cash = -1
    taker.inventory[ETH] = 0.001
    taker.judge(mids)
    expect(taker.hasLeft).toBe(false)
    taker.inventory[ETH] = 0
    taker.judge(mids)
    expect(taker.hasLeft).toBe(true)
  })
})
