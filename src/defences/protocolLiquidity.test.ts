import { describe, expect, it } from 'vitest'
import { ETH } from '../blocks.suite.ts'
import { setup } from '../setup.ts'
import { dip, fall, market, metric, ran, reading } from './defences.suite.ts'

const of = { reservesUsd: 1e5, width: 0.1, fee: 0.003, halfLifeSeconds: 3600 }
const spec = { kind: 'protocolLiquidity', ...of }

describe('protocolLiquidity', () => {
  it('rule: one more venue, with a column of its own in every list by venue', () => {
    const bare = market([], dip(0.3))
    const { time } = bare
    const formation = { ...time!.formation, refillPerSecond: [2] }
    const { venues, hop, time: own } = market([spec], dip(0.3), { formation })
    expect(venues.map(({ name }) => name)).toEqual(['pool', 'liquidity of bank'])
    expect(hop[ETH]).toEqual([0, 1])
    expect(own!.formation.halfLifeSeconds).toEqual([300, 3600])
    expect(own!.formation.permanentShare).toEqual([...formation.permanentShare, 0])
    expect(own!.formation.refillPerSecond).toEqual([2, 0])
    expect(market([spec], dip(0.3)).time!.formation.refillPerSecond).toBe(
      time!.formation.refillPerSecond,
    )
  })

  it('rule: its ladder takes its reserves, from the mid down to its width', () => {
    const [, ladder] = setup(market([spec], dip(0.3))).market.venues
    expect(ladder.mid()).toBe(100)
    const { units, price } = ladder.edge()
    expect(price).toBeCloseTo(90, 9)
    const half = ladder.capacity(100 * Math.sqrt(0.9))
    expect(half / units).toBeCloseTo(0.5, 9)
    expect(ladder.sell(2 * units)).toMatchObject({ units, extrapolated: false })
    ladder.force(0)
    expect(ladder.sell(units).proceeds).toBeCloseTo(1e5, 6)
  })

  it('law: its books follow the venue: what it spent is within its reserves', () => {
    const report = ran(market([spec], dip(0.3)))
    const spent = reading(report, 'most_spent_usd')
    expect(spent).toBeGreaterThan(1e4)
    expect(spent).toBeLessThan(1e5)
    expect(reading(report, 'held_usd')).toBeGreaterThan(0)
  })

  it('helps: a deeper market falls less, and what it bought in a dip comes back', () => {
    const [with_, without] = [[spec], []].map((defences) => ran(market(defences, dip(0.3))))
    expect(metric(with_, 'lowest_drop')).toBeLessThan(0.85 * metric(without, 'lowest_drop'))
    expect(reading(with_, 'profit_usd')).toBeGreaterThan(0)
  })

  it('hurts: where the price falls on, it has bought early and has nothing left at the low', () => {
    const small = { ...spec, reservesUsd: 3e4, width: 0.05, halfLifeSeconds: 86_400 }
    const [with_, without] = [[small], []].map((defences) =>
      ran(market(defences, [fall(0.5, 120, 1800)])),
    )
    expect(metric(with_, 'lowest_drop')).toBeGreaterThan(metric(without, 'lowest_drop'))
    expect(reading(with_, 'profit_usd')).toBeLessThan(-0.25 * 3e4)
  })
})
