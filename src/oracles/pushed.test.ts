import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../math/normal.ts'
import { codeOf, opening, walk } from './moments.suite.ts'
import type { SpecOf } from './opening.ts'
import { pushed, ROUNDS_MAX } from './pushed.ts'

const SPEC: SpecOf<'pushed'> = {
  kind: 'pushed',
  deviation: 0.005,
  heartbeatSeconds: 3600,
  delaySeconds: 0,
  delaySpread: 0,
  calmGwei: 20,
  congestionPower: 1,
  answerMin: null,
  answerMax: null,
}

describe('pushed', () => {
  it('behaviour: a round is decided at the deviation, not below it', () => {
    const path = walk(pushed(SPEC, opening(100)), 12)
    expect(path.blocks(1, 99.51)).toBe(100)
    expect(path.blocks(1, 99.5)).toBe(99.5)
    expect(path.oracle.seenAt()).toBe(24)
    expect(path.blocks(1, 99.99)).toBe(99.5)
    expect(path.blocks(1, 100)).toBe(100)
  })

  it('behaviour: a quiet price is repeated at the heartbeat', () => {
    const path = walk(pushed(SPEC, opening(100)), 12)
    expect(path.blocks(299, 99.9)).toBe(100)
    expect(path.blocks(1, 99.9)).toBe(99.9)
    expect(path.oracle.seenAt()).toBe(3600)
    expect(path.blocks(299, 99.8)).toBe(99.9)
    expect(path.blocks(1, 99.8)).toBe(99.8)
  })

  it('behaviour: the heartbeat counts from the last round, whatever decided it', () => {
    const path = walk(pushed(SPEC, opening(100)), 12)
    path.blocks(100, 99)
    path.blocks(200, 98.9)
    expect(path.oracle.price()).toBe(99)
    expect(path.blocks(1, 98.9)).toBe(98.9)
    expect(path.oracle.seenAt()).toBe(12 + 3600)
  })

  it('behaviour: no heartbeat is none', () => {
    const endless = { ...SPEC, heartbeatSeconds: Number.POSITIVE_INFINITY }
    const path = walk(pushed(endless, opening(100)), 12)
    expect(path.blocks(100_000, 99.9)).toBe(100)
  })

  it('behaviour: a round shows in the first block at or after its delay', () => {
    const path = walk(pushed({ ...SPEC, delaySeconds: 30 }, opening(100)), 12)
    expect(path.blocks(1, 90)).toBe(100)
    expect(path.blocks(2, 90)).toBe(100)
    expect(path.blocks(1, 90)).toBe(90)
    expect([path.at.atSeconds, path.oracle.seenAt()]).toEqual([48, 12])
    const exact = walk(pushed({ ...SPEC, delaySeconds: 24 }, opening(100)), 12)
    expect(exact.blocks(2, 90)).toBe(100)
    expect(exact.blocks(1, 90)).toBe(90)
  })

  it('behaviour: deviation is measured from the last decided round, shown or not', () => {
    const path = walk(pushed({ ...SPEC, delaySeconds: 120 }, opening(100)), 12)
    path.blocks(1, 99)
    path.blocks(9, 98.9)
    expect(path.blocks(1, 98.9)).toBe(99)
    expect(path.blocks(20, 98.9)).toBe(99)
  })

  it('behaviour: gas stretches the delay by (gwei / calm) ^ power, calm gas does not shrink it', () => {
    const spec = { ...SPEC, delaySeconds: 24, congestionPower: 2 }
    const shownAfter = (gwei: number): number => {
      const path = walk(pushed(spec, opening(100)), 12)
      path.blocks(1, 90, gwei)
      let blocks = 0
      for (; path.oracle.price() === 100; blocks++) path.blocks(1, 90, 5)
      return blocks * 12
    }
    expect([1, 20, 40, 100].map(shownAfter)).toEqual([24, 24, 96, 600])
  })

  it('behaviour: the delay is log-normal around its median, drawn by the block of decision', () => {
    const z = 1.959963984540054
    expect(normalQuantile(0.975)).toBeCloseTo(z, 12)
    const spec = { ...SPEC, delaySeconds: 60, delaySpread: 0.5 }
    const shownAfter = (u: number): number => {
      const path = walk(pushed(spec, opening(100, { 1: u })), 0.25)
      path.blocks(1, 90)
      const from = path.at.atSeconds
      while (path.oracle.price() === 100) path.blocks(1, 90)
      return path.at.atSeconds - from
    }
    const found = [0.025, 0.5, 0.975].map(shownAfter)
    const wanted = [60 * Math.exp(-z / 2), 60, 60 * Math.exp(z / 2)]
    found.forEach((seconds, i) => {
      expect(seconds - wanted[i]).toBeGreaterThanOrEqual(0)
      expect(seconds - wanted[i]).toBeLessThan(0.25)
    })
  })

  it('behaviour: a round that overtakes an earlier one replaces it', () => {
    const spec = { ...SPEC, delaySeconds: 60, delaySpread: 1 }
    const path = walk(pushed(spec, opening(100, { 1: 0.999, 2: 0.001 })), 12)
    path.blocks(1, 90)
    path.blocks(1, 80)
    expect(path.blocks(1, 80)).toBe(80)
    expect(path.oracle.seenAt()).toBe(24)
    // The first round, due after 60 e^3.09 = 1319 s, never shows.
    expect(path.blocks(200, 80)).toBe(80)
  })

  it('behaviour: a full queue waits, and takes the price of the block in which it has room', () => {
    const spec = { ...SPEC, deviation: 0, delaySeconds: 600 }
    const path = walk(pushed(spec, opening(100)), 1)
    for (let block = 1; block <= 600; block++) path.blocks(1, 1000 + block)
    expect(path.oracle.price()).toBe(100)
    const shown = new Set<number>()
    for (let block = 601; block <= 1300; block++) shown.add(path.blocks(1, 1000 + block))
    const first = Array.from({ length: ROUNDS_MAX }, (_, i) => 1001 + i)
    expect([...shown].slice(0, ROUNDS_MAX)).toEqual(first)
    // The first round leaves the queue in block 601, and block 601 decides the next.
    expect([...shown][ROUNDS_MAX]).toBe(1601)
  })

  // Source: smartcontractkit/libocr OffchainAggregator.sol: minAnswer <= median <= maxAnswer.
  it('behaviour: an answer outside the bounds shows the bound', () => {
    const spec = { ...SPEC, answerMin: 0.107, answerMax: 200 }
    const path = walk(pushed(spec, opening(1)), 12)
    expect(path.blocks(1, 0.0001)).toBe(0.107)
    expect(path.blocks(1, 1000)).toBe(200)
    expect(path.blocks(1, 5)).toBe(5)
  })

  it('error: FB2401, FB2402, FB2404, FB2405 by kind of fault', () => {
    const code = (part: Partial<SpecOf<'pushed'>>, price = 100): string =>
      codeOf(() => pushed({ ...SPEC, ...part }, opening(price)))
    expect(code({})).toBe('none')
    expect(code({ heartbeatSeconds: 0 })).toBe('FB2401')
    expect(code({ delaySeconds: -1 })).toBe('FB2401')
    expect(code({ deviation: -0.01 })).toBe('FB2402')
    expect(code({ deviation: Number.NaN })).toBe('FB2402')
    expect(code({ delaySpread: -1 })).toBe('FB2402')
    expect(code({ congestionPower: Number.POSITIVE_INFINITY })).toBe('FB2402')
    expect(code({ answerMin: 101 })).toBe('FB2404')
    expect(code({ answerMax: 99 })).toBe('FB2404')
    expect(code({ answerMin: 0 })).toBe('FB2405')
    expect(code({ calmGwei: 0 })).toBe('FB2405')
    expect(code({}, 0)).toBe('FB2405')
  })
})
