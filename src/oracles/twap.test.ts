import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { codeOf, opening, walk } from './moments.suite.ts'
import { twap } from './twap.ts'

const geometric = (windowSeconds: number) =>
  twap({ kind: 'twap', windowSeconds, mean: 'geometric' }, opening(2000))
const arithmetic = (windowSeconds: number) =>
  twap({ kind: 'twap', windowSeconds, mean: 'arithmetic' }, opening(2000))

describe('twap', () => {
  // Source: 10 of 150 blocks at -16.7 % move the mean of Uniswap/v3-core observe() by -1.2 %:
  // (5 / 6) ^ (10 / 150).
  it('behaviour: a mean over 150 blocks hardly moves in the first 10 blocks of a crash', () => {
    const path = walk(geometric(1800), 12)
    path.blocks(150, 2000)
    expect(path.blocks(10, 2000 * (5 / 6)) / 2000 - 1).toBeCloseTo(-0.012081, 6)
    const plain = walk(arithmetic(1800), 12)
    plain.blocks(150, 2000)
    expect(plain.blocks(10, 2000 * (5 / 6)) / 2000 - 1).toBeCloseTo(-1 / 90, 14)
  })

  // Source: moving a mean of n blocks by m while holding k takes a spot factor m^(n / k): 15.4 and
  // 237 for 20 % on 150 blocks.
  it('behaviour: an attacker on k of n blocks needs a spot factor of m^(n / k)', () => {
    for (const [held, factor] of [
      [10, 15.40702157],
      [5, 237.3763138],
    ]) {
      const path = walk(geometric(1800), 12)
      path.blocks(200, 2000)
      expect(path.blocks(held, 2000 * factor) / 2000).toBeCloseTo(1.2, 8)
    }
  })

  it('behaviour: it arrives after one window, and the arithmetic mean lies above', () => {
    const low = walk(geometric(600), 12)
    const high = walk(arithmetic(600), 12)
    for (let block = 1; block < 50; block++) {
      expect(low.blocks(1, 1000)).toBeLessThan(high.blocks(1, 1000))
    }
    expect(low.blocks(1, 1000)).toBeCloseTo(1000, 9)
    expect(high.blocks(1, 1000)).toBeCloseTo(1000, 9)
  })

  it('behaviour: a window that ends inside a block takes its part of that block', () => {
    const path = walk(arithmetic(30), 12)
    path.blocks(1, 1000)
    path.blocks(1, 3000)
    path.blocks(1, 500)
    // 6 s at 1000, 12 s at 3000, 12 s at 500.
    expect(path.oracle.price()).toBeCloseTo((6 * 1000 + 12 * 3000 + 12 * 500) / 30, 10)
    const short = walk(arithmetic(5), 12)
    short.blocks(1, 1000)
    expect(short.oracle.price()).toBeCloseTo(1000, 10)
  })

  it('law: it is the mean over the window, whatever the lengths of the blocks', () => {
    const random = randomAt(11, 0)
    for (const mean of ['arithmetic', 'geometric'] as const) {
      const oracle = twap({ kind: 'twap', windowSeconds: 600, mean }, opening(2000))
      const pieces = [{ from: Number.NEGATIVE_INFINITY, to: 0, price: 2000 }]
      let atSeconds = 0
      for (let block = 1; block <= 2000; block++) {
        const seconds = 40 * random.uniform(block, 0) * random.uniform(block, 1)
        const price = 2000 * (0.2 + random.uniform(block, 2))
        pieces.push({ from: atSeconds, to: atSeconds + seconds, price })
        atSeconds += seconds
        oracle.observe({ block, seconds, atSeconds, gwei: 1 }, price, price)
        const wanted = meanOf(pieces, atSeconds - 600, mean === 'geometric')
        expect(Math.abs(oracle.price() / wanted - 1)).toBeLessThan(1e-12)
      }
    }
  })

  // The cumulative stays large after the crash; its last digits are what the mean loses.
  it('behaviour: after a crash long ago it is right to 11 digits', () => {
    const path = walk(geometric(1800), 12)
    path.blocks(5000, 1)
    path.blocks(5000, 2000)
    expect(Math.abs(path.blocks(200, 1000) / 1000 - 1)).toBeLessThan(1e-11)
  })

  it('error: FB2401, FB2405 by kind of fault', () => {
    expect(codeOf(() => geometric(0))).toBe('FB2401')
    expect(codeOf(() => geometric(Number.POSITIVE_INFINITY))).toBe('FB2401')
    const spec = { kind: 'twap', windowSeconds: 60, mean: 'arithmetic' } as const
    expect(codeOf(() => twap(spec, opening(0)))).toBe('FB2405')
  })
})

function meanOf(
  pieces: readonly { from: number; to: number; price: number }[],
  since: number,
  isGeometric: boolean,
): number {
  const now = pieces[pieces.length - 1].to
  let sum = 0
  for (const { from, to, price } of pieces) {
    const seconds = Math.max(0, to - Math.max(from, since))
    sum += seconds * (isGeometric ? Math.log(price) : price)
  }
  return isGeometric ? Math.exp(sum / (now - since)) : sum / (now - since)
}
