import { describe, expect, it } from 'vitest'
import { bookFrom, healthFactor } from '../book.ts'
import { returnToBorrower } from '../defence.ts'
import { offerList, protocolFrom, settlement } from '../rules.ts'
import { rulesFrom } from '../setup.ts'
import { metric, reading } from './defences.suite.ts'
import { bothWays, scenes } from './scenes.suite.ts'
import { targetHealth } from './targetHealth.ts'

const of = scenes.targetHealth

describe('targetHealth', () => {
  it('helps: in a shallow dip less is sold, and the price falls less deep', () => {
    const [with_, without] = bothWays(of, of.helps)
    expect(reading(with_, 'capped_liquidations')).toBeGreaterThan(0)
    expect(metric(with_, 'total_liquidated_usd')).toBeLessThan(
      0.75 * metric(without, 'total_liquidated_usd'),
    )
    expect(metric(with_, 'lowest_drop')).toBeLessThan(metric(without, 'lowest_drop'))
  })

  it('hurts: who was barely restored is under water after a jump', () => {
    const [with_, without] = bothWays(of, of.hurts)
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(metric(without, 'bad_debt_usd'))
  })

  /** 1,000 USD of collateral against 850, threshold 82.5 %, bonus 5 %: health factor 0.9706. */
  function sold(target: number, debt = 850, closeFactor = 1, threshold = 0.825, extra = 0) {
    const rules = rulesFrom({
      ...{ kind: 'lending', closeFactor, wholeBelow: 0, dustUsd: 1, target: null },
      assets: [
        { asset: 1, threshold, bonus: 0.05 },
        { asset: 0, threshold: null, bonus: 0 },
      ],
    })
    const legs = [
      { account: 0, slot: rules.slotOf(1, 1, 0), amount: 10 },
      { account: 0, slot: rules.slotOf(0, -1, 0), amount: -debt },
    ]
    const prices = Float64Array.of(1, 100)
    const protocol = protocolFrom({
      ...{ name: 'bank', rules, book: bookFrom(1, legs), prices, accounts: ['one'] },
    })
    const offers = offerList()
    rules.offers(protocol, 0, offers)
    if (extra > 0) returnToBorrower(offers, 0, extra)
    targetHealth({ target }).shape!({ protocol } as never, offers, 0)
    const bid = { amount: offers.amount[0], pays: 0, taker: 0, atSeconds: 0 }
    const out = settlement()
    expect(rules.settle(protocol, offers, 0, bid, out)).toBe(0)
    return { repaid: out.repaid, factor: healthFactor(protocol.book, protocol.values, 0) }
  }

  it('vector: 186.92 restores a health factor of 1, 367.35 one of 1.05 (target 9)', () => {
    expect(sold(1).repaid).toBeCloseTo(186.915888, 5)
    expect(sold(1).factor).toBeGreaterThanOrEqual(1)
    expect(sold(1.05).repaid).toBeCloseTo(367.346939, 5)
    expect(sold(1.05).factor).toBeCloseTo(1.05, 9)
  })

  it('rule: an offer that does not reach the target, and one that never can, stay whole', () => {
    expect(sold(1.05, 850, 0.2).repaid).toBeCloseTo(170, 9)
    expect(sold(1, 970).repaid).toBeCloseTo(1000 / 1.05, 9)
    // 0.96 x 1.05 is above 1: each part that is sold makes it worse.
    expect(sold(1, 965, 0.3, 0.96).repaid).toBeCloseTo(0.3 * 965, 9)
  })

  it('rule: what the borrower gets back on top repays nothing', () => {
    expect(sold(1.05, 850, 1, 0.825, 30).repaid).toBeCloseTo(367.346939, 5)
  })

  it('law: a target of 1 ends at 1 or above, whatever the debt', () => {
    for (let debt = 826; debt < 930; debt += 0.37)
      expect(sold(1, debt).factor, `${debt}`).toBeGreaterThanOrEqual(1)
  })
})
