import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { venueFrom } from '../setup.ts'
import type { Override } from './compose.ts'
import { firstNotRising, levelsFromBands, rangesFrom } from './depth.ts'
import { failureOf, readSmall, scenarioText } from './memory.suite.ts'

const venue = (text: string, overrides: readonly Override[] = []) => {
  const start = scenarioText.indexOf('    bids:')
  const end = scenarioText.indexOf('depth: {')
  const scenario = `${scenarioText.slice(0, start)}    bids: ${text}\n${scenarioText.slice(end)}`
  return readSmall({ 'small.yaml': scenario, 'ticks.csv': ticks, 'quotes.csv': quotes }, overrides)
}
const ticks = 'tick,liquidity_net\n-210000,1e18\n-200000,2e18\n-190000,-3e18\n'
const quotes = 'asset,amount_in,amount_out\nWETH,1,1990\nWETH,10,19800\nwstETH,1,2300\n'
const pair = 'asset: ETH, quote: USD, beyond: linear'

describe('depth', () => {
  it('law: the depth within each stated band is exact, and is spread over the band', () => {
    const drops = fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(drops, fc.double({ min: 0.01, max: 1e5, noNaN: true }), (whole, mid) => {
        const bands = whole
          .sort((a, b) => a - b)
          .map((percent, i) => [percent / 100, 1e6 * (i + 1) ** 2] as const)
        const { price, size } = levelsFromBands(bands, mid)
        expect(firstNotRising(price.map((level) => -level))).toBe(-1)
        for (const [drop, amount] of bands) {
          const within = price.reduce(
            (sum, level, i) =>
              level >= mid * (1 - drop) * (1 - 1e-12) ? sum + level * size[i] : sum,
            0,
          )
          expect(within / amount).toBeCloseTo(1, 9)
        }
      }),
      { seed: 2, numRuns: 50 },
    )
  })

  it('default: bands, bids and a recorded book', async () => {
    const banded = await venue(`{ kind: orderBook, ${pair}, bands: [[2%, $11.5M], [10%, $60M]] }`)
    const spec = banded.scenario.venues[1]
    expect(spec).toMatchObject({ kind: 'orderBook', levels: 'relative', outside: 2000 })
    expect(venueFrom(spec).quote(venueFrom(spec).capacity(1800)).proceeds).toBeCloseTo(60e6, 0)
    const bids = await venue(
      `{ kind: orderBook, ${pair}, levels: absolute, bids: [[1990, 5], [1980, 7]] }`,
    )
    expect(bids.scenario.venues[1]).toMatchObject({ price: [1990, 1980], size: [5, 7] })
    const scaled = await venue(
      `{ kind: orderBook, ${pair}, levels: relative, mid: 1000, bids: [[999, 5]] }`,
    )
    expect(scaled.scenario.venues[1]).toMatchObject({ price: [1998], size: [5] })
  })

  it('default: quotes with a where, named as relative price of another asset', async () => {
    const { scenario, data } = await venue(
      `{ kind: quoteLadder, ${pair}, file: quotes.csv, where: { asset: WETH }, columns: { amountIn: amount_in, amountOut: amount_out } }`,
    )
    expect(scenario.venues[1]).toMatchObject({ amountIn: [1, 10], amountOut: [1990, 19800] })
    expect(data[1]).toMatchObject({ name: 'quotes.csv', rows: 3 })
    expect(scenario.warnings[0].text).toBe('bids takes quotes of WETH as relative price of ETH')
  })

  it('default: ticks and ranges of a pool, pools and curves', async () => {
    const pool = 'file: ticks.csv, columns: { liquidityNet: liquidity_net }'
    const { scenario } = await venue(
      `{ kind: concentrated, ${pair}, ${pool}, baseDecimals: 18, quoteDecimals: 6, baseIsToken0: true }`,
    )
    expect(scenario.venues[1]).toMatchObject({ kind: 'concentrated', liquidity: [1e6, 3e6] })
    const v2 = await venue(
      '{ kind: constantProduct, asset: ETH, quote: USD, reserve: 5k, keepsFee: true, fee: 0.3% }',
    )
    expect(v2.scenario.venues[1]).toMatchObject({ reserve: 5000, reprice: 'arbitrage', fee: 0.003 })
    const root = await venue(
      `{ kind: impactCurve, ${pair}, shape: squareRoot, coefficient: 0.001, crossover: 10, observed: 1k }`,
    )
    expect(root.scenario.venues[1]).toMatchObject({ coefficient: 0.001, observedUnits: 1000 })
  })

  it('behaviour: positions of a pool that overlap add up, gaps are empty', () => {
    const { bound, liquidity } = rangesFrom([
      [1, 3, 5],
      [2, 4, 7],
      [6, 7, 1],
    ])
    expect(bound).toEqual([1, 2, 3, 4, 6, 7])
    expect(liquidity).toEqual([5, 12, 7, 0, 1])
  })

  const faults: readonly (readonly [string, string])[] = [
    [`{ kind: orderBook, ${pair} }`, 'FB2052.*exactly one of bids, bands, file'],
    [`{ kind: orderBook, ${pair}, bands: [[5%, 1M], [2%, 2M]] }`, 'FB2060.*drops must rise'],
    [`{ kind: orderBook, ${pair}, bands: [[2%, 2M], [5%, 2M]] }`, 'FB2060.*cumulative'],
    [`{ kind: orderBook, ${pair}, bands: [[2, 2M]] }`, 'FB2011'],
    [`{ kind: orderBook, ${pair}, bands: [[2%]] }`, 'FB205[12]'],
    [`{ kind: orderBook, ${pair}, bands: [[2%, 1M]], levels: absolute }`, 'FB2052.*does not fit'],
    [`{ kind: orderBook, ${pair}, levels: absolute, bids: [[5, 1], [6, 1]] }`, 'FB2060.*fall'],
    [`{ kind: orderBook, ${pair}, levels: absolute, bids: [[2001, 1]] }`, 'FB2118 small.yaml'],
    [`{ kind: concentrated, ${pair}, ranges: [[3, 2, 5]] }`, 'FB2060.*lower'],
    [`{ kind: concentrated, ${pair}, ranges: [[1, 2, 5]] }`, 'FB2119 small.yaml'],
    [`{ kind: concentrated, ${pair}, file: ticks.csv }`, 'FB2051.*baseDecimals'],
    [`{ kind: impactCurve, ${pair}, shape: linear }`, 'FB2051.*coefficient'],
    [
      '{ kind: impactCurve, asset: ETH, quote: USD, shape: linear, coefficient: 1, observed: 5 }',
      'FB2051.*beyond',
    ],
    ['{ kind: constantProduct, asset: ETH, quote: USD, reserve: 0, keepsFee: true }', 'FB2013'],
    ['{ kind: impactCurve, asset: USDC, quote: USD, shape: none }', 'FB2064.*no venue for ETH'],
  ]
  for (const [text, message] of faults) {
    it(`error: ${text}`, async () => {
      const error = await failureOf(venue(text))
      expect(error.message).toMatch(new RegExp(`^${message}`))
    })
  }

  const rows: readonly (readonly [string, string])[] = [
    ['price,size\n1999,1\n2000,1\n', 'FB4021 depth.csv:3, column price'],
    ['price,size\n1999,1\n1999,1\n', 'FB4021'],
    ['price,size\n1999,0\n', 'FB4023 depth.csv:2, column size'],
    ['price,size\n-1,5\n', 'FB4023'],
    ['price,size\n1999,nan\n', 'FB4011'],
    ['price,amount\n1999,5\n', 'FB4005.*size'],
    ['price,size\n', 'FB4002'],
  ]
  for (const [text, message] of rows) {
    it(`error: depth of ${JSON.stringify(text)}`, async () => {
      const error = await failureOf(readSmall({ 'depth.csv': text }))
      expect(error.message).toMatch(new RegExp(`^${message}`))
    })
  }

  it('error: where leaves no row, ticks out of order', async () => {
    const none = venue(`{ kind: quoteLadder, ${pair}, file: quotes.csv, where: { asset: WBTC } }`)
    expect((await failureOf(none)).code).toBe('FB4005')
    const columns = 'columns: { amountIn: amount_in, amountOut: amount_out }'
    const btc = venue(
      `{ kind: quoteLadder, ${pair}, file: quotes.csv, where: { asset: WBTC }, ${columns} }`,
    )
    expect(await failureOf(btc)).toMatchObject({ code: 'FB4022', came: 'asset: WBTC' })
  })
})
