import { describe, expect, it } from 'vitest'
import { BIDDER, ITEMS, LENDERS, type Protocol } from '../rules.ts'
import type { MakerFlipSpec } from './maker/flipParameters.ts'
import { act, auctionsIn, DAI, deployed, ETH, movedIn, standingAt } from './makerFlip.suite.ts'
import { makerFlip } from './makerFlip.ts'
import { offersOf, protocolOf } from './vectors.suite.ts'

const bite = (protocol: Protocol) => act(protocol, offersOf(protocol, 0), 0, {})

const tend = (protocol: Protocol, taker: number, pays: number, atSeconds: number) =>
  act(protocol, standingAt(protocol, atSeconds), 0, { taker, pays, atSeconds })

describe('Liquidations 1.2', () => {
  const { lotUnits: _, ...others } = deployed
  const boxed = (of: Partial<MakerFlipSpec>, ink: number, debt: number) =>
    protocolOf(
      makerFlip({ ...others, dunkUsd: 5650, ...of }),
      [1, 200, 0.2],
      [
        [0, ETH, ink],
        [0, DAI, -debt],
      ],
    )

  it('default: the worked numbers of the bytecode, and a bid of one rad that wins the lot', () => {
    const protocol = boxed({}, 100, 15_000)
    expect(offersOf(protocol, 0).count).toBe(3)
    bite(protocol)
    const { lot, tab } = auctionsIn(protocol)
    expect([lot[0], tab[0]]).toEqual([expect.closeTo(100 / 3, 12), expect.closeTo(5650, 9)])
    expect(tend(protocol, 0, 1e-45, 15).reason).toBe(0)
    const won = act(protocol, standingAt(protocol, 630), 0, { taker: 0, atSeconds: 630 })
    expect(movedIn(won, ETH, ITEMS, BIDDER)).toBeCloseTo(100 / 3, 12)
    expect(movedIn(won, DAI, LENDERS, ITEMS)).toBeCloseTo(5000, 9)
  })

  it('behaviour: the last bite takes what is left, all of it', () => {
    const protocol = boxed({}, 100, 12_500 * 1.1)
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(3)
    for (let o = 0; o < 3; o++) act(protocol, offers, o, {})
    expect([...protocol.book.amount]).toEqual([0, 0])
    expect(auctionsIn(protocol).tab[2]).toBeCloseTo(12_500 * 1.1 * 1.13 - 2 * 5650, 8)
  })

  it('behaviour: a full box takes no more until an auction ends, which the stamp tells', () => {
    const protocol = boxed({ boxUsd: 9000, dustUsd: 100 }, 100, 15_000)
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(2)
    for (let o = 0; o < 2; o++) expect(act(protocol, offers, o, {}).reason).toBe(0)
    expect(auctionsIn(protocol).tab.map(Math.round)).toEqual([5650, 3350])
    expect(act(protocol, offers, 0, {}).reason).toBe('nothing')
    expect(offersOf(protocol, 0).count).toBe(0)
    tend(protocol, 0, 1, 15)
    const { stamp } = auctionsIn(protocol)
    act(protocol, standingAt(protocol, 630), 0, { taker: 0, atSeconds: 630 })
    expect(auctionsIn(protocol).stamp).toBe(stamp + 1)
    expect(offersOf(protocol, 0).count).toBe(1)
  })

  it('behaviour: room below dust is no room', () => {
    const held = boxed({ boxUsd: 6000, dustUsd: 351 }, 100, 15_000)
    expect(offersOf(held, 0).count).toBe(1)
    const wide = boxed({ boxUsd: 6000, dustUsd: 349 }, 100, 15_000)
    expect(offersOf(wide, 0).count).toBe(2)
  })
})
