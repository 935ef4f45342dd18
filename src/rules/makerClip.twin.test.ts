import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { tallyOf } from './dice.suite.ts'
import { type ClipTwinSpec, clipTwin, priceAt, rpow } from './makerClip.twin.suite.ts'
import { clipHistory } from './makerClipHistory.suite.ts'
import { RAD, RAY, WAD } from './makerFlip.twin.suite.ts'

const example: ClipTwinSpec = {
  chop: (113n * WAD) / 100n,
  hole: 10n ** 7n * RAD,
  allHole: 10n ** 8n * RAD,
  dust: 5000n * RAD,
  buf: (12n * RAY) / 10n,
  tail: 8400n,
  cusp: (4n * RAY) / 10n,
  chip: WAD / 1000n,
  tip: 300n * RAD,
  calc: { kind: 'stairstep', cut: (99n * RAY) / 100n, step: 90n },
}

describe('the exact twin', () => {
  it('default: the worked numbers of an urn, its auction, and what goes back', () => {
    const twin = clipTwin(example)
    twin.rate = (105n * RAY) / 100n
    twin.feed = 1500n * RAY
    twin.spot = (1500n * RAY * 100n) / 145n
    twin.urns.set('urn', { ink: 100n * WAD, art: 100_000n * WAD })
    expect(twin.bark('urn', 'kpr', 0n)).toBeNull()
    expect(twin.sales.get(1n)).toMatchObject({ tab: 118_650n * RAD, top: 1800n * RAY })
    expect(twin.dai.get('kpr')).toBe((41_865n * RAD) / 100n)
    for (const [seconds, price] of [
      [1800n, 1472.232487675],
      [3600n, 1204.149165425],
      [7200n, 805.541784775],
    ] as const)
      expect(Number(twin.status(1n, seconds).price) / 1e27).toBeCloseTo(price, 9)
    expect(twin.take(1n, 'who', 100n * WAD, 1471n * RAY, 1800n)).toBe('Clipper/too-expensive')
    expect(twin.take(1n, 'who', 100n * WAD, 1500n * RAY, 1800n)).toBeNull()
    expect(twin.gem.get('who')).toBe(80_591_890_882_244_346_936n)
    expect(twin.gem.get('urn')).toBe(19_408_109_117_755_653_064n)
    expect(twin.dirt).toBe(0n)
  })

  it('default: powers round half up, and the three prices fall as they should', () => {
    expect(rpow(RAY, 5n)).toBe(RAY)
    expect(rpow(0n, 0n)).toBe(RAY)
    expect(rpow(RAY / 2n, 90n)).toBe(1n)
    expect(rpow(RAY / 2n, 91n)).toBe(0n)
    const top = 1000n * RAY
    expect(priceAt({ kind: 'linear', tau: 3000n }, top, 1000n)).toBe(1000n * ((RAY * 2n) / 3n))
    expect(priceAt({ kind: 'linear', tau: 3000n }, top, 3000n)).toBe(0n)
    const cut = (99n * RAY) / 100n
    expect(priceAt({ kind: 'stairstep', cut, step: 90n }, top, 179n)).toBe(990n * RAY)
    expect(priceAt({ kind: 'exponential', cut }, top, 2n)).toBe((9801n * RAY) / 10n)
  })
})

it('law: float rules agree with the exact twin, in every amount and in every decision', () => {
  const tally = tallyOf()
  for (let at = 0; at < 300; at++) {
    try {
      clipHistory(20_210_419, at, tally)
    } catch (cause) {
      throw new Error(`history ${at}`, { cause })
    }
  }
  const { cases, largestError } = tally
  expect(cases).toBeGreaterThan(500)
  expect(largestError).toBeLessThan(1e-9)
  for (const outcome of [
    ...['bark: done', 'bark: Dog/not-unsafe', 'bark: Dog/liquidation-limit-hit'],
    ...['bark: Dog/dusty-auction-from-partial-liquidation', 'bark: Clipper/stopped-incorrect'],
    ...['take: Clipper/stopped-incorrect', 'redo: Clipper/stopped-incorrect'],
    ...['take: done', 'take: Clipper/needs-reset', 'take: Clipper/no-partial-purchase'],
    ...['redo: done', 'redo: Clipper/cannot-reset'],
  ])
    expect(tally.seen.get(outcome), outcome).toBeGreaterThan(1)
  const source = 'makerdao/dss fa4f6630'
  const row = { protocol: 'makerClip', version: '2.0', source, cases, largestError }
  recordComparison({ ...row, against: 'twin' })
})
