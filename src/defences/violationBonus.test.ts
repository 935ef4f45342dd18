import { describe, expect, it } from 'vitest'
import { ETH, USD } from '../blocks.suite.ts'
import { healthFactor } from '../book.ts'
import { offerList, pushOffer } from '../rules.ts'
import { setup } from '../setup.ts'
import { atGas, dip, fall, market, metric, ran, reading } from './defences.suite.ts'
import { violationBonus } from './violationBonus.ts'

const spec = { kind: 'violationBonus', least: 0, fullAt: 0.95 }

/** What a taker is left of 6 % on 1000 USD at a health factor, and what the borrower gets back. */
function left(of: { least: number; fullAt: number }, health: number): [number, number] {
  const [protocol] = setup(market([], dip(0.3))).protocols
  const { book, values, rules } = protocol
  protocol.prices[ETH] *= health / healthFactor(book, values, 3)
  rules.value(protocol)
  const offers = offerList()
  const units = 1060 / protocol.prices[ETH]
  pushOffer(offers, 3, ETH, units, USD, 1000, 0, 0, 1)
  violationBonus(of).shape!({ protocol } as never, offers, 0)
  return [1060 - offers.cost[0], offers.returned[0]]
}

describe('violationBonus', () => {
  it('rule: the bonus grows straight from its least share to all of it', () => {
    const of = { least: 0.25, fullAt: 0.9 }
    const near = (health: number, gain: number) => {
      const [taker, borrower] = left(of, health)
      expect(taker).toBeCloseTo(gain, 6)
      expect(borrower).toBeCloseTo(60 - gain, 6)
    }
    near(1, 15)
    near(0.95, 37.5)
    near(0.9, 60)
    near(0.87, 60)
  })

  it('rule: what is not paid is the lenders first, once they would lack something', () => {
    // At health 0.84 the collateral brings 0.84 / 0.8 / 1.06 of the debt: under water.
    const [taker, borrower] = left({ least: 0, fullAt: 0.5 }, 0.8)
    expect(taker).toBeLessThan(60)
    expect(borrower).toBe(0)
  })

  it('helps: borrowers keep what takers do not need', () => {
    const [with_, without] = [[spec], []].map((of) => ran(market(of, dip(0.3))))
    expect(reading(with_, 'share_of_bonus')).toBeLessThan(0.5)
    const [lost, bare] = [with_, without].map(({ protocols }) => protocols[0].borrowers_lost_usd)
    expect(lost).toBeLessThan(0.5 * bare)
  })

  it('hurts: where costs are high a small bonus pays nobody until the account is under water', () => {
    const [with_, without] = [[{ ...spec, fullAt: 0.7 }], []].map((of) =>
      ran(market(of, [fall(0.45, 120, 240)], atGas(200))),
    )
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(2 * metric(without, 'bad_debt_usd'))
  })
})
