import { describe, expect, it } from 'vitest'
import { addLiquidity, rootAt, tickAt, twinPool, twinSwap } from './concentrated.twin.suite.ts'
import { amountIn, amountOut, keepsProduct } from './constantProduct.twin.suite.ts'

const LOWEST = 4_295_128_740n

describe('exact twins of pools', () => {
  // 10 of 1000 ETH against 2,000,000: the pair lets out this and not one unit more.
  it('behaviour: a v2 pair', () => {
    const reserves = { in: 1000n * 10n ** 18n, out: 2_000_000n * 10n ** 18n }
    const ten = 10n * 10n ** 18n
    const out = 19_743_160_687_941_225_977_009n
    expect(amountOut(ten, reserves)).toBe(out)
    expect(keepsProduct(ten, out, reserves)).toBe(true)
    expect(keepsProduct(ten, out + 1n, reserves)).toBe(false)
    expect(amountIn(out, reserves) - ten).toBeLessThanOrEqual(1n)
  })

  // Constants of TickMath.sol: MIN_SQRT_RATIO, MAX_SQRT_RATIO.
  it('behaviour: roots of ticks', () => {
    expect(rootAt(0)).toBe(1n << 96n)
    expect(rootAt(-887_272)).toBe(4_295_128_739n)
    expect(rootAt(887_272)).toBe(1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n)
    for (const tick of [-887_272, -50_001, -1, 0, 1, 76_012, 887_271]) {
      expect(tickAt(rootAt(tick))).toBe(tick)
      expect(tickAt(rootAt(tick) - 1n)).toBe(Math.max(-887_272, tick - 1))
    }
  })

  // 6e22 of liquidity above tick 75960, of which 5e22 end there; 10 of token 0 sold.
  it('behaviour: a v3 pool across a tick', () => {
    const pool = twinPool(3000n, 60, 3_543_191_142_285_851_304_450_889_440_015n)
    expect(pool.tick).toBe(76_012)
    addLiquidity(pool, -887_220, 887_220, 10n ** 22n)
    addLiquidity(pool, 75_960, 78_000, 5n * 10n ** 22n)
    const swap = twinSwap(pool, true, 10n ** 19n, LOWEST)
    expect(swap).toMatchObject({
      amount0: 10n ** 19n,
      amount1: -19_497_852_080_827_848_368_044n,
      crossed: 1,
    })
    expect(pool).toMatchObject({ root: 3_435_441_422_276_659_289_059_119_579_889n, tick: 75_395 })
  })
})
