import { describe, expect, it } from 'vitest'
import { ETH, USD } from '../blocks.suite.ts'
import { offerList, pushOffer } from '../rules.ts'
import { setup } from '../setup.ts'
import { atGas, dip, fall, market, metric, ran, reading } from './defences.suite.ts'
import { oracleAuction } from './oracleAuction.ts'

const spec = { kind: 'oracleAuction', share: 0.5, windowSeconds: 60 }

describe('oracleAuction', () => {
  it('rule: for the window a taker pays a share of its gain at the mids, then nothing', () => {
    const [protocol] = setup(market([], dip(0.3))).protocols
    const mids = Float64Array.of(1, 110, 1)
    const one = oracleAuction({ share: 0.5, windowSeconds: 60 })
    const kept = (block: number, cost: number): number => {
      const at = { block, seconds: 12, atSeconds: 12 * block, gwei: 0 }
      const offers = offerList()
      pushOffer(offers, 0, ETH, 10, USD, cost, 0, 0, 1)
      one.shape!({ at, mids, protocol, since: () => 7 } as never, offers, 0)
      expect(offers.cost[0]).toBe(cost + offers.kept[0])
      return offers.kept[0]
    }
    expect(kept(7, 1000)).toBe(50)
    expect(kept(11, 1000)).toBe(50)
    expect(kept(7, 1200)).toBe(0)
    expect(kept(12, 1000)).toBe(0)
  })

  it('helps: half of what takers earned goes to the protocol, and as much is liquidated', () => {
    const [with_, without] = [[spec], []].map((of) => ran(market(of, dip(0.3))))
    const [{ kept_usd, bad_debt_usd, repaid_usd }] = with_.protocols
    expect(kept_usd).toBeGreaterThan(1000)
    expect(bad_debt_usd).toBe(0)
    expect(repaid_usd / without.protocols[0].repaid_usd).toBeCloseTo(1, 2)
  })

  it('hurts: where costs take the rest all wait for the window to end, and prices fall on', () => {
    const [with_, without] = [[{ ...spec, share: 0.9 }], []].map((of) =>
      ran(market(of, [fall(0.45, 120, 240)], atGas(200))),
    )
    expect(reading(with_, 'auctioned')).toBe(0)
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(2 * metric(without, 'bad_debt_usd'))
  })
})
