import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { tallyOf } from './dice.suite.ts'
import { flipTwin, RAD, RAY, WAD } from './makerFlip.twin.suite.ts'
import { flipHistory } from './makerFlipHistory.suite.ts'

const spec = {
  dust: 0n,
  box: 10n ** 9n * RAD,
  line: 10n ** 9n * RAD,
  beg: (105n * WAD) / 100n,
  ttl: 600n,
  tau: 21_600n,
}

describe('the exact twin', () => {
  it('default: the worked numbers of 1.0', () => {
    const twin = flipTwin({ ...spec, version: '1.0', chop: (113n * RAY) / 100n, most: 50n * WAD })
    twin.rate = (105n * RAY) / 100n
    twin.spot = (1500n * RAY * 100n) / 145n
    twin.urns.set('urn', { ink: 100n * WAD, art: 100_000n * WAD })
    expect(twin.bite('urn', 0n)).toBeNull()
    expect(twin.bids.get(1n)).toMatchObject({ lot: 50n * WAD, tab: 59_325n * RAD })
    expect(twin.urns.get('urn')).toEqual({ ink: 50n * WAD, art: 50_000n * WAD })
  })

  it('default: the worked numbers of 1.2, and a bid of one rad that wins the lot', () => {
    const twin = flipTwin({
      ...spec,
      version: '1.2',
      chop: (113n * WAD) / 100n,
      most: 5650n * RAD,
    })
    twin.spot = 100n * RAY
    twin.urns.set('urn', { ink: 100n * WAD, art: 15_000n * WAD })
    expect(twin.bite('urn', 0n)).toBeNull()
    const lot = 33_333333333333333333n
    expect(twin.bids.get(1n)).toMatchObject({ lot, tab: 5650n * RAD })
    expect(twin.tend(1n, 'guy', lot, 0n, 1n)).toBe('Flipper/bid-not-higher')
    expect(twin.tend(1n, 'guy', lot, 1n, 1n)).toBeNull()
    expect(twin.deal(1n, 601n)).toBe('Flipper/not-finished')
    expect(twin.deal(1n, 602n)).toBeNull()
    expect(twin.gem.get('guy')).toBe(lot)
    expect(twin.dai.get('vow')).toBe(1n)
  })
})

describe.each([
  ['1.0', 'makerdao/dss 44330065'],
  ['1.2', '@makerdao/testchain 1.1.32'],
] as const)('Liquidations %s', (version, source) => {
  it('law: agrees with the exact twin, in every amount and in every decision', () => {
    const tally = tallyOf()
    for (let at = 0; at < 150; at++) {
      try {
        for (const _ of flipHistory(version, 20_200_312, at, tally));
      } catch (cause) {
        throw new Error(`history ${at}`, { cause })
      }
    }
    expect(tally.cases).toBeGreaterThan(500)
    expect(tally.largestError).toBeLessThan(1e-9)
    for (const name of ['frob', 'bite', 'tend', 'dent', 'deal', 'tick'])
      expect(tally.seen.get(`${name}: done`), name).toBeGreaterThan(10)
    const { cases, largestError } = tally
    recordComparison({
      protocol: 'makerFlip',
      version,
      source,
      against: 'twin',
      cases,
      largestError,
    })
  })
})
