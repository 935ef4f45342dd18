import { describe, expect, it } from 'vitest'
import { ETH, USD } from '../blocks.suite.ts'
import { bookFrom } from '../book.ts'
import { offerList, protocolFrom } from '../rules.ts'
import { rulesFrom } from '../setup.ts'
import { fall, market, metric, ran, reading } from './defences.suite.ts'
import { bothWays, scenes } from './scenes.suite.ts'
import { softLiquidation } from './softLiquidation.ts'

const of = scenes.softLiquidation

describe('softLiquidation', () => {
  it('helps: borrowers lose less where most is sold at the smaller bonus', () => {
    const [with_, without] = bothWays(of, of.helps)
    expect(reading(with_, 'early_liquidations')).toBeGreaterThan(100)
    const [less, more] = [with_, without].map(({ protocols }) => protocols[0].borrowers_lost_usd)
    expect(less).toBeLessThan(0.7 * more)
    expect(with_.protocols[0].returned_usd).toBeGreaterThan(500)
  })

  it('hurts: where the price turns within the zone, it sold what nobody needed to sell', () => {
    const [with_, without] = bothWays(of, of.hurts)
    expect(metric(without, 'total_liquidated_usd')).toBe(0)
    expect(metric(with_, 'total_liquidated_usd')).toBeGreaterThan(500)
  })

  it('law: who is in the zone at the opening is left alone while prices stand', () => {
    const wide = { ...of.spec, width: 0.2 }
    const still = ran(market([wide], [fall(0, 0, 1)]))
    expect(metric(still, 'total_liquidated_usd')).toBe(0)
  })

  const assets = [
    { asset: ETH, threshold: 0.8, bonus: 0.05 },
    { asset: USD, threshold: null, bonus: 0 },
  ]
  const lending = rulesFrom({
    ...{ kind: 'lending', closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 0.01, target: null, assets },
  })

  /** What 10 ETH against 800 USD offer at a price, after an opening at 110, with moved rules. */
  function offered(price: number, rules = lending) {
    const legs = [
      { account: 0, slot: rules.slotOf(ETH, 1, 0), amount: 10 },
      { account: 0, slot: rules.slotOf(USD, -1, 0), amount: -800 },
    ]
    const prices = Float64Array.of(1, 110)
    const protocol = protocolFrom({
      ...{ name: 'bank', rules, book: bookFrom(1, legs), prices, accounts: ['one'] },
    })
    const one = softLiquidation({ width: 0.04, first: 0.1, last: 0.3, bonusShare: 0.25 })
    const sight = { protocol } as never
    const stance = { isPaused: false, threshold: 1, borrowing: 1 }
    one.react!(sight, stance)
    expect(stance.threshold).toBeCloseTo(0.96, 15)
    const keeps = one.keeps!(sight, 0)
    expect(keeps).toBe(false)
    prices[ETH] = protocol.prices[ETH] = price
    const now = one.keeps!(sight, 0) ? rules : rules.scaled('threshold', 0.96)!
    now.value(protocol)
    const offers = offerList()
    now.offers(protocol, 0, offers)
    if (offers.count > 0) one.shape!(sight, offers, 0)
    return offers
  }

  it('rule: parts rise from first to last over the zone, and the rest of the bonus goes back', () => {
    // Debt over 80 % of the collateral: the zone is from 0.96, a price of 104.17, to 1, one of 100.
    expect(offered(104.2).count).toBe(0)
    for (const price of [104.16, 100 / 0.98, 100.0001]) {
      const share = 0.1 + (0.2 * (100 / price - 0.96)) / 0.04
      const { amount, cost, returned } = offered(price)
      expect(amount[0]).toBeCloseTo((share * 400 * 1.05) / price, 9)
      expect(returned[0]).toBeCloseTo(0.75 * 0.05 * share * 400, 9)
      expect(cost[0]).toBeCloseTo(share * 400 + returned[0], 9)
    }
  })

  it('rule: of what is sold for the borrower anyway there is no bonus', () => {
    const { cost, returned, passed } = offered(102, rulesFrom({ kind: 'stopOut', assets }))
    expect(passed[0]).toBeGreaterThan(0)
    expect(returned[0] / (cost[0] - returned[0])).toBeCloseTo(0.75 * 0.05, 9)
  })

  it('rule: past the threshold an account is liquidated as ever', () => {
    const { amount, cost, returned } = offered(99.9)
    expect(amount[0]).toBeCloseTo((400 * 1.05) / 99.9, 12)
    expect([cost[0], returned[0]]).toEqual([400, 0])
  })
})
