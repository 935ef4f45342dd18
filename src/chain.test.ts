import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Chain,
  chainFrom,
  ORACLE_AUCTION,
  PRIVATE,
  PUBLIC,
  type Route,
  type Transactions,
  transactionList,
} from './chain.ts'
import { InputError } from './errors.ts'
import { exp } from './math/exponential.ts'
import { normalCdf } from './math/normal.ts'
import type { ChainSpec } from './scenario.ts'

const LIMIT = 30e6

const CONGESTED: ChainSpec = {
  blockSeconds: 12,
  gasLimit: LIMIT,
  demand: 1.5,
  priceSpread: 0.6,
  feeMarket: 'first-price',
  gwei: 30,
  gasAsset: -1,
  gasTokenUsd: 2000,
  failedGasShare: 0.3,
}

const QUIET: ChainSpec = { ...CONGESTED, demand: 0 }
const FREE: ChainSpec = { ...CONGESTED, gasLimit: Number.POSITIVE_INFINITY }

interface Sent {
  gwei?: number
  gas?: number
  route?: Route
  tipUsd?: number
  taker?: number
  offer?: number
}

function sent(list: readonly Sent[]): Transactions {
  const out = transactionList()
  list.forEach((one, i) => {
    out.taker[i] = one.taker ?? 0
    out.protocol[i] = 0
    out.offer[i] = one.offer ?? i
    out.amount[i] = 1
    out.pays[i] = 0
    out.gas[i] = one.gas ?? 400_000
    out.gwei[i] = one.gwei ?? 0
    out.route[i] = one.route ?? PUBLIC
    out.minProceeds[i] = 0
    out.tipUsd[i] = one.tipUsd ?? 0
  })
  out.count = list.length
  return out
}

function included(chain: Chain, list: readonly Sent[]): number[] {
  const out = new Uint32Array(list.length)
  return [...out.subarray(0, chain.order(sent(list), out))]
}

function opened(spec: ChainSpec, gwei = spec.gwei): Chain {
  const chain = chainFrom(spec)
  chain.open(gwei)
  return chain
}

describe('chainFrom', () => {
  it('default: auctioned first, then private by tip, then public by price', () => {
    const list: Sent[] = [
      { gwei: 60 },
      { gwei: 90 },
      { route: PRIVATE, tipUsd: 10 },
      { route: ORACLE_AUCTION, tipUsd: 1 },
      { route: PRIVATE, tipUsd: 20 },
      { route: ORACLE_AUCTION, tipUsd: 2 },
    ]
    expect(included(opened(QUIET), list)).toEqual([5, 3, 4, 2, 1, 0])
  })

  it('behaviour: equal prices go by taker, then by offer', () => {
    const list: Sent[] = [
      { gwei: 50, taker: 2, offer: 0 },
      { gwei: 50, taker: 1, offer: 9 },
      { gwei: 50, taker: 1, offer: 3 },
    ]
    expect(included(opened(QUIET), list)).toEqual([2, 1, 0])
  })

  it('behaviour: without a gas limit all are in, in order, and gas is free', () => {
    const chain = opened(FREE, 400)
    expect(chain.gwei()).toBe(0)
    expect(chain.baseGwei()).toBe(0)
    expect(chain.room(400_000)).toBe(1e9)
    expect(included(chain, [{ gwei: 1 }, { gwei: 2 }, { gas: 1e12 }])).toEqual([1, 0, 2])
  })

  it('behaviour: an empty block takes what its limit holds, and no unit more', () => {
    const gas = LIMIT / 3
    const four = [{ gas }, { gas }, { gas }, { gas: 1 }]
    expect(included(opened(QUIET), four)).toEqual([0, 1, 2])
    expect(opened(QUIET).room(gas)).toBe(3)
    expect(opened(QUIET).room(gas + 1)).toBe(2)
  })

  it('behaviour: private gas takes room from public gas', () => {
    const list: Sent[] = [
      { gwei: 1000, gas: LIMIT / 2 },
      { route: PRIVATE, gas: LIMIT / 2 + 1 },
    ]
    expect(included(opened(QUIET), list)).toEqual([1])
  })

  it('behaviour: a keeper at 50 gwei is in at a quiet 30, and out as the world pays 400', () => {
    const isIn = [30, 40, 60, 100, 200, 400].map(
      (gwei) => included(opened(CONGESTED, gwei), [{ gwei: 50 }]).length,
    )
    expect(isIn[0]).toBe(1)
    expect(isIn[5]).toBe(0)
    for (let k = 1; k < isIn.length; k++) expect(isIn[k]).toBeLessThanOrEqual(isIn[k - 1])
  })

  it('behaviour: the price of inclusion leaves a sixteenth of the block', () => {
    const price = opened(CONGESTED, 30).gwei()
    const above = 1.5 * (1 - normalCdf(Math.log(price / 30) / 0.6))
    expect(above).toBeCloseTo(15 / 16, 12)
    expect(included(opened(CONGESTED, 30), [{ gwei: price, gas: LIMIT / 17 }])).toEqual([0])
    expect(included(opened(CONGESTED, 30), [{ gwei: price, gas: LIMIT / 15 }])).toEqual([])
    expect(opened(CONGESTED, 60).gwei() / price).toBeCloseTo(2, 12)
  })

  it('behaviour: without spread the price is the median, also where there is room', () => {
    const even = { ...CONGESTED, priceSpread: 0 }
    expect(opened(even, 70).gwei()).toBe(70)
    expect(included(opened(even, 70), [{ gwei: 70 }, { gwei: 69.9 }])).toEqual([0])
    expect(opened({ ...even, demand: 0.9 }, 70).gwei()).toBe(70)
    expect(included(opened({ ...even, demand: 0.9 }, 70), [{ gwei: 0 }])).toEqual([0])
  })

  // EIP-1559: BASE_FEE_MAX_CHANGE_DENOMINATOR 8, ELASTICITY_MULTIPLIER 2.
  it('behaviour: the base fee rises an eighth after a full block, falls one after an empty', () => {
    const base = (used: number): number => {
      const chain = opened({ ...QUIET, feeMarket: 'eip1559', gwei: 100 })
      chain.close(used)
      return chain.baseGwei()
    }
    expect(base(LIMIT)).toBe(112.5)
    expect(base(0)).toBe(87.5)
    expect(base(LIMIT / 2)).toBe(100)
    expect(base((LIMIT * 3) / 4)).toBe(106.25)
  })

  // ethereum/go-ethereum consensus/misc/eip1559/eip1559_test.go, TestCalcBaseFee.
  it.each([
    [20e6, 10e6, 1],
    [20e6, 9e6, 0.9875],
    [20e6, 11e6, 1.0125],
  ])(
    'default: after %d gas of limit, %d used, the base fee of 1 gwei is %d',
    (gasLimit, used, base) => {
      const chain = opened({ ...QUIET, feeMarket: 'eip1559', gwei: 1, gasLimit })
      chain.close(used)
      expect(chain.baseGwei()).toBeCloseTo(base, 15)
    },
  )

  it('behaviour: who is passed over makes a block contested, and moves no market price', () => {
    const chain = chainFrom(CONGESTED)
    let waiting = 100
    let contested = 0
    const prices: number[] = []
    for (let block = 0; block < 12; block++) {
      chain.open(30)
      prices.push(chain.gwei())
      const gwei = 1.2 * Math.max(chain.gwei(), chain.contestedGwei())
      waiting -= included(
        chain,
        Array.from({ length: waiting }, () => ({ gwei })),
      ).length
      chain.close(0)
      expect(chain.contestedGwei()).toBe(waiting > 0 ? gwei : 0)
      contested = Math.max(contested, chain.contestedGwei())
    }
    expect(waiting).toBe(0)
    expect(contested).toBeGreaterThan(1.4 * prices[0])
    expect(new Set(prices).size).toBe(1)
  })

  it('behaviour: where there is room for all, the price is that of the cheapest twentieth', () => {
    const chain = opened({ ...CONGESTED, demand: 0.5, priceSpread: 0.4 })
    chain.open(100)
    expect(chain.gwei()).toBeCloseTo(100 * exp(-0.4 * 1.6448536269514722), 9)
  })

  it('behaviour: what fits into no block is passed over, and raises no price', () => {
    const chain = opened(QUIET)
    expect(included(chain, [{ gwei: 500, gas: LIMIT + 1 }, { gwei: 10 }])).toEqual([1])
    chain.close(0)
    chain.open(30)
    expect(chain.gwei()).toBe(0)
  })

  it('behaviour: the base fee finds the price at which half a block is wanted', () => {
    const spec = { ...CONGESTED, feeMarket: 'eip1559', demand: 1.2, gwei: 30 } as const
    const chain = opened(spec)
    for (let block = 0; block < 200; block++) {
      chain.open(50)
      chain.close(0)
    }
    // 1.2 (1 - Phi(z)) = 1/2 at z = 0.2104283942.
    expect(chain.baseGwei()).toBeCloseTo(50 * exp(0.6 * 0.2104283942), 6)
    expect(chain.gwei()).toBeGreaterThanOrEqual(chain.baseGwei())
  })

  it('behaviour: below the base fee nobody is in, by whichever route; at it they are', () => {
    const chain = opened({ ...QUIET, feeMarket: 'eip1559', gwei: 100 })
    const list: Sent[] = [{ gwei: 99.9 }, { gwei: 100 }, { gwei: 99.9, route: PRIVATE, tipUsd: 9 }]
    expect(included(chain, list)).toEqual([1])
    expect(chain.gwei()).toBe(100)
  })

  it('behaviour: an idle base fee rests at 7 wei', () => {
    const chain = opened({ ...QUIET, feeMarket: 'eip1559', gwei: 0 })
    expect(chain.baseGwei()).toBe(7e-9)
    chain.close(0)
    expect(chain.baseGwei()).toBe(7e-9)
  })

  it('law: each at most once, within the limit, in order, and the best of equal gas are in', () => {
    const one = fc.record({
      gwei: fc.integer({ min: 0, max: 200 }),
      gas: fc.integer({ min: 21_000, max: 4_000_000 }),
      route: fc.constantFrom<Route>(ORACLE_AUCTION, PRIVATE, PUBLIC, PUBLIC, PUBLIC),
      tipUsd: fc.integer({ min: 0, max: 5 }),
      taker: fc.integer({ min: 0, max: 3 }),
    })
    const blocks = fc.tuple(
      fc.array(one, { maxLength: 120 }),
      fc.double({ min: 0, max: 2.5, noNaN: true }),
      fc.constantFrom(0, 0.4, 1),
      fc.constantFrom('first-price', 'eip1559'),
    )
    fc.assert(
      fc.property(blocks, ([list, demand, priceSpread, market]) => {
        const feeMarket = market as ChainSpec['feeMarket']
        const chain = opened({ ...CONGESTED, demand, priceSpread, feeMarket })
        const order = included(chain, list)
        expect(new Set(order).size).toBe(order.length)
        expect(order.reduce((sum, i) => sum + list[i].gas, 0)).toBeLessThanOrEqual(LIMIT)
        for (const i of order) expect(list[i].gwei).toBeGreaterThanOrEqual(chain.baseGwei())
        for (let k = 1; k < order.length; k++) {
          const [a, b] = [list[order[k - 1]], list[order[k]]]
          expect(a.route).toBeLessThanOrEqual(b.route)
          if (a.route !== b.route) continue
          if (a.route === PUBLIC) expect(a.gwei).toBeGreaterThanOrEqual(b.gwei)
          else expect(a.tipUsd).toBeGreaterThanOrEqual(b.tipUsd)
        }
        const inside = new Set(order)
        const publics = list.map((_, i) => i).filter((i) => list[i].route === PUBLIC)
        const worst = Math.min(...publics.filter((i) => inside.has(i)).map((i) => list[i].gwei))
        for (const i of publics) {
          if (inside.has(i) || !(list[i].gwei > worst)) continue
          const smaller = publics.some((j) => inside.has(j) && list[j].gas < list[i].gas)
          expect(smaller, 'only a smaller one may pass a better payer').toBe(true)
        }
      }),
      { seed: 2441, numRuns: 300 },
    )
  })

  it('law: a public one is in exactly if outside gas above it, and those before it, leave room', () => {
    const one = fc.record({
      gwei: fc.integer({ min: 20, max: 90 }),
      gas: fc.constantFrom(100_000, 400_000, 2_500_000),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (list) => {
        const indices = list.map((_, i) => i).sort((a, b) => list[b].gwei - list[a].gwei || a - b)
        const wanted: number[] = []
        let used = 0
        for (const i of indices) {
          const deviations = Math.log(30 / list[i].gwei) / 0.6
          const ahead = 1.5 * LIMIT * normalCdf(deviations)
          if (ahead + used + list[i].gas > LIMIT) continue
          used += list[i].gas
          wanted.push(i)
        }
        expect(included(opened(CONGESTED), list)).toEqual(wanted)
      }),
      { seed: 2442, numRuns: 200 },
    )
  })

  it('law: a copy is independent, and reset repeats the same bytes', () => {
    const play = (chain: Chain): number[] => {
      const seen: number[] = []
      for (const gwei of [30, 80, 200]) {
        chain.open(gwei)
        const crowd = Array.from({ length: 90 }, (_, i) => ({ gwei: 20 + 3 * i }))
        seen.push(chain.gwei(), chain.baseGwei(), ...included(chain, crowd))
        chain.close(LIMIT / 3)
      }
      return [...seen, chain.gwei(), chain.baseGwei()]
    }
    const first = chainFrom({ ...CONGESTED, feeMarket: 'eip1559' })
    const fresh = first.copy()
    const spare = first.copy()
    const seen = play(first)
    expect(fresh.baseGwei()).toBe(30)
    expect(play(fresh)).toEqual(seen)
    first.reset(spare)
    expect(play(first)).toEqual(seen)
  })

  it('error: parameters out of range', () => {
    const bad: Partial<ChainSpec>[] = [
      { blockSeconds: 0 },
      { gasLimit: 0 },
      { demand: -1 },
      { priceSpread: Number.NaN },
      { gwei: Number.POSITIVE_INFINITY },
      { failedGasShare: 1.5 },
      { gasTokenUsd: -1 },
    ]
    for (const part of bad) {
      const [key] = Object.keys(part)
      expect(() => chainFrom({ ...CONGESTED, ...part }), key).toThrow(InputError)
      expect(() => chainFrom({ ...CONGESTED, ...part })).toThrow(`FB2441 chain.${key}`)
    }
  })
})
