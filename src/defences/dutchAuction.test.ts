import { describe, expect, it } from 'vitest'
import { curve, ETH, plainTime, positionsOf, stamp, timedScenario, USD } from '../blocks.suite.ts'
import { offerList, pushOffer } from '../rules.ts'
import { setup, withDefences } from '../setup.ts'
import { timedRun } from '../timed.ts'
import { bankRules, dip, fall, market, metric, ran, searcher } from './defences.suite.ts'
import { dutchAuction } from './dutchAuction.ts'

const maker = { buffer: 1.2, cut: 0.99, stepSeconds: 90 }
const spec = { kind: 'dutchAuction', ...maker, stepSeconds: 30 }

/** A market that never moves by sales, in blocks of 30 s: ETH falls by 5 % and stays. */
function still() {
  const positions = positionsOf([
    [0, ETH, 1, 10],
    [0, USD, -1, 790],
  ])
  const flat = { shape: 'none', coefficient: 0 } as const
  const scenario = timedScenario(
    positions,
    {
      blocks: 80,
      chain: { ...plainTime.chain, blockSeconds: 30 },
      prices: [{ asset: ETH, courses: [fall(0.05, 30, 60)] }],
      takers: [{ ...searcher, capitalUsd: 1e6, minProfitUsd: 0, flashFee: null }],
    },
    { rules: bankRules, venues: [{ ...curve, ...flat }] },
  )
  const [bank] = scenario.protocols
  return withDefences({
    ...scenario,
    protocols: [{ ...bank, defences: [{ kind: 'dutchAuction', ...maker }] }],
  })
}

describe('dutchAuction', () => {
  it('vector: theory target 23, the first step below the market and its price', () => {
    const world = setup(market([], dip(0.3)))
    const [protocol] = world.protocols
    protocol.prices[ETH] = 3000
    const one = dutchAuction(maker)
    const asked = (seconds: number): number => {
      const at = { block: seconds, seconds: 1, atSeconds: seconds, gwei: 0 }
      const offers = offerList()
      // What the rules ask: 6 % below the published price.
      pushOffer(offers, 0, ETH, 10, USD, 30_000 / 1.06, 0, 0, 1)
      one.shape!({ at, protocol, since: () => 0 } as never, offers, 0)
      return offers.cost[0] / 10
    }
    expect(asked(0)).toBeCloseTo(3600, 9)
    expect(asked(89)).toBeCloseTo(3600, 9)
    expect(Math.abs(asked(1620) - 3004.249541)).toBeLessThan(1e-6)
    expect(Math.abs(asked(1710) - 2974.207046)).toBeLessThan(1e-6)
    const first = Array.from({ length: 3000 }, (_, s) => s).find((s) => asked(s) < 3000)
    expect(first).toBe(1710)
    expect(asked(90_000)).toBeCloseTo(3000 / 1.06, 9)
  })

  it('rule: whoever sleeps is asked again at the step that pays: 1710 s after it fell', () => {
    const run = timedRun(still(), stamp)
    let step = run.next()
    while (!step.done) step = run.next()
    const { events } = step.value
    // It is liquidatable in block 2, at 60 s.
    expect(Math.min(...events.map(({ at_seconds }) => at_seconds))).toBe(60 + 1710)
  })

  it('law: no taker pays less than the rules ask, and all that is more has an owner', () => {
    const report = ran(market([spec], dip(0.3)))
    const [{ returned_usd, kept_usd }] = report.protocols
    expect(returned_usd).toBeGreaterThan(0)
    // Some fall under water while it lasts: there the lenders come first.
    expect(kept_usd).toBeGreaterThan(0)
  })

  it('helps: in a dip that comes back borrowers lose less, and less is sold at the low', () => {
    const [with_, without] = [[spec], []].map((of) => ran(market(of, dip(0.25))))
    const [lost, bare] = [with_, without].map(({ protocols }) => protocols[0].borrowers_lost_usd)
    expect(lost).toBeLessThan(0.7 * bare)
    expect(metric(with_, 'lowest_drop')).toBeLessThan(metric(without, 'lowest_drop'))
  })

  it('hurts: where the price falls faster than the steps, who waits ends under water', () => {
    const courses = [fall(0.5, 120, 1800)]
    const [with_, without] = [[spec], []].map((of) => ran(market(of, courses)))
    expect(metric(without, 'bad_debt_usd')).toBe(0)
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(5000)
  })
})
