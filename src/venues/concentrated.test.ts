import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Curve } from '../venue.ts'
import { type ConcentratedSpec, concentrated, rangesFromTicks } from './concentrated.ts'

const POOL: ConcentratedSpec = {
  name: 'pool',
  base: 1,
  quoteAsset: 0,
  outside: 2000,
  fee: 0,
  asOf: null,
  beyond: 'wall',
  bound: [1500, 1900, 2000],
  liquidity: [20_000, 50_000],
}

function near(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

describe('concentrated', () => {
  // L = 50 000 on 1900 to 2000 and 20 000 on 1500 to 1900, no fee: Uniswap v3 range formulas by
  // hand.
  it('behaviour: sells inside a range and across a bound', () => {
    const inside = concentrated(POOL)
    near(inside.sell(20).proceeds, 39_297.033298, 1e-9)
    near(inside.mid(), 1930.321033, 1e-9)
    const across = concentrated(POOL)
    near(across.capacity(1900), 29.0446806, 1e-8)
    near(across.sell(60).proceeds, 111_716.402431, 1e-9)
    near(across.mid(), 1667.423282, 1e-9)
  })

  // The pool of v3-core: 10 ETH at tick 76012 with 6e22 of liquidity to tick 75960, 1e22 below.
  it('behaviour: sells as the contract does, with its fee taken from the amount in', () => {
    const sqrtPrice = Number('3543191142285851304450889440015') / 2 ** 96
    const bound = [1.0001 ** 70_000, 1.0001 ** 75_960, 1.0001 ** 77_000]
    const outside = sqrtPrice * sqrtPrice
    const ranges = { outside, bound, liquidity: [1e4, 6e4] }
    const pool = concentrated({ ...POOL, ...ranges, fee: 0.003 })
    near(pool.sell(10).proceeds, 19_497.852080827848, 1e-11)
    const end = Number('3435441422276659289059119579889') / 2 ** 96
    near(pool.mid(), end * end, 1e-11)
  })

  it('behaviour: with its fee answers as the pool without does to what the fee leaves', () => {
    const paid = concentrated({ ...POOL, outside: 1980, fee: 0.01 })
    const free = concentrated({ ...POOL, outside: 1980 })
    for (const units of [20, 5, -12, 30, -28, 4]) {
      const [mine, plain] = [paid.sell(units), free.sell(units > 0 ? units * 0.99 : units)]
      near(mine.proceeds, units > 0 ? plain.proceeds : plain.proceeds / 0.99, 1e-12)
      near(paid.mid(), free.mid(), 1e-12)
    }
    near(paid.capacity(1600), free.capacity(1600) / 0.99, 1e-12)
    near(paid.edge().units, free.edge().units / 0.99, 1e-12)
    near(paid.forced(), free.forced() / 0.99, 1e-12)
  })

  it('behaviour: sold down to its wall, the price is 0 whatever the fee', () => {
    for (let n = 1; n < 200; n++) {
      const pool = concentrated({ ...POOL, fee: n / 211 })
      expect(pool.sell(1e4).units).toBe(concentrated({ ...POOL, fee: n / 211 }).edge().units)
      expect(pool.mid()).toBe(0)
    }
  })

  it('behaviour: the pool is empty at its lowest bound, and a wall says so', () => {
    const pool = concentrated(POOL)
    const { units, price } = pool.edge()
    expect(price).toBe(1500)
    const all = pool.sell(1000)
    expect(all.units).toBe(units)
    near(
      all.proceeds,
      50_000 * (Math.sqrt(2000) - Math.sqrt(1900)) + 20_000 * (Math.sqrt(1900) - Math.sqrt(1500)),
      1e-12,
    )
    expect(pool.mid()).toBe(0)
  })

  // A pool that keeps its opening range after an outside fall would sell on at the old, deeper
  // liquidity.
  it('behaviour: after an outside move the active range is found afresh', () => {
    const moved = concentrated(POOL)
    moved.move(1800)
    const opened = concentrated({ ...POOL, outside: 1800 })
    near(moved.sell(15).proceeds, opened.sell(15).proceeds, 1e-12)
    near(moved.mid(), opened.mid(), 1e-12)
    moved.move(1950)
    moved.move(1800)
    near(moved.mid(), opened.mid(), 1e-12)
  })

  it('behaviour: a range without liquidity is jumped', () => {
    const pool = concentrated({
      ...POOL,
      bound: [1500, 1700, 1900, 2000],
      liquidity: [20_000, 0, 50_000],
    })
    const upper = pool.capacity(1900)
    expect(pool.capacity(1750)).toBe(upper)
    pool.sell(upper)
    near(pool.mid(), 1900, 1e-14)
    pool.sell(1e-6)
    near(pool.mid(), 1700, 1e-6)
    const { outside } = pool.curve as Curve
    // With the upper range sold, any outside price inside the pool leaves triggers above 1700
    // passed.
    near(outside(1800, upper * 0.999), 2000, 1e-3)
    expect(outside(1800, upper * 1.001)).toBe(Number.POSITIVE_INFINITY)
  })

  it('behaviour: what arbitrage has taken can be bought back, and no more', () => {
    const pool = concentrated(POOL)
    pool.move(1900)
    const purchase = pool.sell(-1000)
    near(-purchase.units, 29.0446806, 1e-8)
    near(pool.mid(), 2000, 1e-12)
    expect(pool.sell(-1).units).toBe(0)
  })

  it('behaviour: with a fee as much can be bought back, and none of it beyond what was seen', () => {
    const [paid, free] = [concentrated({ ...POOL, fee: 0.01 }), concentrated(POOL)]
    for (const pool of [paid, free]) pool.move(1900)
    const [mine, plain] = [paid.sell(-1000), free.sell(-1000)]
    near(mine.units, plain.units, 1e-12)
    near(mine.proceeds, plain.proceeds / 0.99, 1e-12)
    expect(mine.extrapolated).toBe(false)
    near(paid.mid(), 2000, 1e-12)
  })

  it('behaviour: ticks become bounds and liquidity in whole tokens, either way round', () => {
    const ticks = { tick: [-200, 0, 100], liquidityNet: [2e12, 1e12, -3e12] }
    const straight = { ...ticks, baseDecimals: 6, quoteDecimals: 6, baseIsToken0: true }
    const { bound, liquidity } = rangesFromTicks(straight)
    expect(bound).toEqual([expect.closeTo(0.980199653, 8), 1, expect.closeTo(1.010049662, 8)])
    expect(liquidity).toEqual([2e6, 3e6])
    const turned = rangesFromTicks({ ...straight, baseIsToken0: false })
    expect(turned.bound).toEqual([expect.closeTo(0.990050329, 8), 1, expect.closeTo(1.02020032, 8)])
    expect(turned.liquidity).toEqual([3e6, 2e6])
  })

  // 1.0001^tick in 50 digits, to the nearest double.
  it('behaviour: bounds are right at every tick of the contract', () => {
    const wanted = [
      [-887_272, 2.938956807585585e-39],
      [-200_000, 2.0632156694440186e-9],
      [60, 1.0060177342688181],
      [76_012, 1999.8350183918087],
      [200_000, 484680305.0257336],
      [887_272, 3.402567868363881e38],
    ]
    const tick = wanted.map(([at]) => at)
    const liquidityNet = tick.map((_, i) => (i === 0 ? 1 : 0))
    const unit = { baseDecimals: 18, quoteDecimals: 18, baseIsToken0: true }
    const { bound } = rangesFromTicks({ tick, liquidityNet, ...unit })
    wanted.forEach(([, price], i) => {
      near(bound[i], price, 1e-14)
    })
  })

  it('error: ranges that are none', () => {
    const wrong = (spec: Partial<ConcentratedSpec>) => () => concentrated({ ...POOL, ...spec })
    expect(wrong({ bound: [1500, 2000] })).toThrow(/FB2115 venues.pool/)
    expect(wrong({ bound: [1900, 1500, 2000] })).toThrow(/FB2114 venues.pool.bound\[1\]/)
    expect(wrong({ liquidity: [-1, 5] })).toThrow(/FB2113 venues.pool.liquidity\[0\]/)
    expect(wrong({ liquidity: [0, 0] })).toThrow(/FB2119/)
    expect(wrong({ outside: 2100 })).toThrow(/FB2119 venues.pool.outside/)
    const ticks = {
      tick: [0, 10, 20],
      liquidityNet: [5, -9, 4],
      baseDecimals: 18,
      quoteDecimals: 6,
    }
    expect(() => rangesFromTicks({ ...ticks, baseIsToken0: true })).toThrow(/FB2119 ticks, tick 10/)
  })
})

const recordings = process.env.FIREBREAK_DATA

describe('concentrated on the recorded USDC/WETH 0.05 % pool', () => {
  it.skipIf(recordings === undefined)(
    'behaviour: active liquidity and price are those of the contract, and a walk adds up',
    () => {
      const folder = `${recordings}/uniswap-v3-eth-usdc-ticks`
      const recorded = JSON.parse(readFileSync(`${folder}/pool.json`, 'utf8'))
      const rows = gunzipSync(readFileSync(`${folder}/ticks.csv.gz`))
        .toString()
        .trim()
        .split('\n')
      const cells = rows.slice(1).map((row) => row.split(',').map(Number))
      const ranges = rangesFromTicks({
        tick: cells.map(([tick]) => tick),
        liquidityNet: cells.map(([, net]) => net),
        baseDecimals: 18,
        quoteDecimals: 6,
        baseIsToken0: false,
      })
      const root = Number(recorded.sqrtPriceX96) / 2 ** 96
      const outside = 1e12 / (root * root)
      near(outside, 1e12 / 1.0001 ** recorded.currentTick, 1e-4)
      const active = ranges.bound.findIndex((bound) => bound > outside) - 1
      near(ranges.liquidity[active], Number(recorded.liquidity) / 1e12, 1e-14)
      const pool = concentrated({ ...POOL, ...ranges, outside, fee: 0.0005 })
      const whole = pool.quote(20_000)
      let proceeds = 0
      for (let k = 0; k < 1000; k++) proceeds += pool.sell(20).proceeds
      near(proceeds, whole.proceeds, 1e-12)
      const sum = byHand(ranges, outside, pool.mid())
      near(sum.base, 20_000 * (1 - 0.0005), 1e-9)
      near(sum.quote, proceeds, 1e-9)
    },
  )
})

/** Base taken and quote paid between two prices, range by range from the plain formulas. */
function byHand(
  { bound, liquidity }: { bound: number[]; liquidity: number[] },
  from: number,
  to: number,
): { base: number; quote: number } {
  let [base, quote] = [0, 0]
  liquidity.forEach((amount, i) => {
    const high = Math.min(from, bound[i + 1])
    const low = Math.max(to, bound[i])
    if (high <= low) return
    base += amount * (1 / Math.sqrt(low) - 1 / Math.sqrt(high))
    quote += amount * (Math.sqrt(high) - Math.sqrt(low))
  })
  return { base, quote }
}
