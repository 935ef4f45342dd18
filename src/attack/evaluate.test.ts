import { describe, expect, it } from 'vitest'
import { ETH, positionsOf, USD } from '../blocks.suite.ts'
import { blocks } from '../blocks.ts'
import { randomAt } from '../math/random.ts'
import type { Scenario } from '../scenario.ts'
import { stageOf } from '../stage.ts'
import { loans, plainSpec, thinMarket } from './attack.suite.ts'
import { trialOf } from './evaluate.ts'
import { idle, type Plan } from './plan.ts'
import { familiesOf } from './report.ts'
import { along } from './search.ts'

const push: Plan = { ...idle, kind: 'oraclePush', asset: ETH, to: 0.8, liquidates: true }
const pump: Plan = { ...idle, kind: 'collateralPump', asset: ETH, to: 3, loan: 0 }
const lends = { ...plainSpec, loans: [{ protocol: 0, asset: USD, units: 1e5, upTo: 0.9 }] }
const perpetual = { asset: ETH, capacityUsd: 1e5, margin: 0.5, fee: 0.001 }

/** Nobody near a threshold. */
const calm = loans(4, 40, 50)

/** One loan on ten coins, liquidatable below 95. */
const one = positionsOf([
  [0, ETH, 1, 10],
  [0, USD, -1, 10 * 95 * 0.8],
])

describe('trialOf', () => {
  it('law: an attacker that does nothing changes nothing and gains nothing', () => {
    const trial = trialOf(thinMarket(), lends)
    const nothing = trial.attempt(idle)
    expect(nothing).toMatchObject({ profitUsd: 0, capitalUsd: 0, badDebtUsd: 0 })
    expect(Math.abs(nothing.borrowersLostUsd)).toBeLessThan(1e-6)
    expect(trial.honestUsd).toBe(0)
  })

  it('law: nothing is made or lost on the way, and equal plans come to equal ends', () => {
    const spec = { ...lends, flashUsd: 1e6, flashFee: 1e-3, depthShare: 0.3, gas: 1e5 }
    const trial = trialOf(thinMarket(), { ...spec, outside: [perpetual] })
    const families = familiesOf(trial)
    const random = randomAt(4, 0)
    for (let n = 0; n < 120; n++) {
      const { axes, plan } = families[n % families.length]
      const tried = plan(axes.map((axis, a) => along(axis, random.uniform(n, a))))
      const outcome = trial.attempt(tried)
      expect(outcome.gap, JSON.stringify(tried)).toBeLessThan(1e-9)
      expect(Number.isFinite(outcome.profitUsd)).toBe(true)
      const most = spec.cashUsd + (tried.blocks === 1 ? spec.flashUsd : 0)
      expect(outcome.capitalUsd).toBeLessThanOrEqual(most * (1 + 1e-9))
      if (n < 10) expect(trial.attempt(tried)).toEqual(outcome)
    }
  })

  it('law: a push, one liquidation and the way back are three trades in the pool', () => {
    const [fee, bonus, reserve] = [0.003, 0.1, 2000]
    const scenario = thinMarket({ positions: one, fee, bonus, reserve, time: { takers: [] } })
    const whole = {
      ...scenario.protocols[0],
      rules: { ...scenario.protocols[0].rules, closeFactor: 1 },
    }
    const trial = trialOf({ ...scenario, protocols: [whole] }, plainSpec)
    const { profitUsd, borrowersLostUsd } = trial.attempt({ ...push, to: 0.9 })
    const product = reserve * reserve * 100
    const pushed = reserve / Math.sqrt(0.9)
    const sold = (pushed - reserve) / (1 - fee)
    const debt = 10 * 95 * 0.8
    const seized = (debt * (1 + bonus)) / 90
    const proceeds = product / reserve - product / pushed
    const back = (product / (pushed - (sold - seized)) - product / pushed) / (1 - fee)
    expect(profitUsd).toBeCloseTo(proceeds - debt - back, 5)
    expect(borrowersLostUsd).toBeCloseTo(seized * 100 - debt, 5)
  })

  it('law: who liquidates by selling at once comes only where (1 - fee) (1 + bonus) is above 1', () => {
    const liquidations = (fee: number) => {
      const scenario = thinMarket({ positions: loans(10, 0.96, 0.99), fee, bonus: 0.1 })
      const stage = stageOf(scenario, true, null)
      for (const _ of blocks(stage, null));
      return stage.tally.liquidations[0]
    }
    expect(liquidations(0.085)).toBeGreaterThan(0)
    expect(liquidations(0.1)).toBe(0)
  })

  it('behaviour: what an honest liquidator earns is no profit of an attack', () => {
    const trial = trialOf(thinMarket({ positions: loans(10, 0.96, 0.99) }), plainSpec)
    expect(trial.honestUsd).toBeGreaterThan(100)
    expect(trial.attempt({ ...idle, liquidates: true }).profitUsd).toBe(0)
  })

  it('behaviour: a push too small costs, one that breaches pays, and a mean ends it', () => {
    const at = (to: number, changes = {}) =>
      trialOf(thinMarket(changes), plainSpec).attempt({ ...push, to })
    expect(at(0.98).profitUsd).toBeLessThan(0)
    const pays = at(0.85)
    expect(pays.profitUsd).toBeGreaterThan(0)
    expect(pays.borrowersLostUsd).toBeGreaterThan(pays.profitUsd)
    const oracle = { kind: 'twap', windowSeconds: 600, mean: 'geometric' }
    expect(at(0.85, { oracle }).profitUsd).toBeLessThan(0)
  })

  it('behaviour: inflated collateral borrows what it is not worth, and leaves bad debt', () => {
    const trial = trialOf(thinMarket(), lends)
    const { profitUsd, capitalUsd, badDebtUsd } = trial.attempt({ ...pump, to: 2.5 })
    expect(profitUsd).toBeCloseTo(1e5 - capitalUsd, 0)
    const deep = { ...lends, loans: [{ ...lends.loans[0], units: 1e6 }] }
    const more = trialOf(thinMarket(), deep).attempt(pump)
    expect(more.profitUsd).toBeGreaterThan(1e4)
    expect(more.badDebtUsd).toBeGreaterThan(more.profitUsd)
    expect(badDebtUsd).toBeGreaterThan(0)
  })

  it('behaviour: what is lent for a block is given back with its fee, or nothing happens', () => {
    const poor = { ...lends, cashUsd: 1000, flashUsd: 1e6, flashFee: 0.001 }
    const trial = trialOf(thinMarket({ positions: loans(10) }), poor)
    const reverted = trial.attempt({ ...pump, to: 9 })
    expect(reverted).toMatchObject({ isReverted: true, profitUsd: 0, badDebtUsd: 0 })
    const tried = (flashFee: number) =>
      trialOf(thinMarket({ positions: one }), { ...poor, flashFee }).attempt({ ...push, to: 0.9 })
    const [free, paid] = [tried(0), tried(0.001)]
    expect(paid.isReverted).toBe(false)
    expect(free.profitUsd - paid.profitUsd).toBeCloseTo((paid.capitalUsd - 1000) * 0.001, 6)
  })

  it('behaviour: whoever withdraws depth before it strikes needs less', () => {
    const trial = trialOf(thinMarket(), { ...plainSpec, depthShare: 0.4 })
    const [all, less] = [false, true].map((withdraws) =>
      trial.attempt({ ...push, to: 0.98, withdraws }),
    )
    expect(less.capitalUsd / all.capitalUsd).toBeCloseTo(0.6, 6)
  })

  it('behaviour: a short outside gains with the push, less its fees, and needs two blocks', () => {
    const trial = trialOf(thinMarket({ positions: calm }), { ...plainSpec, outside: [perpetual] })
    const short = { ...push, liquidates: false, outsideUsd: -1e5 }
    const gain = (blocks: number) =>
      trial.attempt({ ...short, blocks }).profitUsd -
      trial.attempt({ ...short, blocks, outsideUsd: 0 }).profitUsd
    expect(gain(1)).toBe(0)
    expect(gain(2)).toBeCloseTo(1e5 * 0.2 - 100 - 80, 3)
  })

  it('behaviour: upwards, the thinner of two venues alone makes the price', () => {
    const scenario = thinMarket({ positions: calm })
    const [pool] = scenario.venues
    const thin = { ...pool, name: 'thin', reserve: 100 } as Scenario['venues'][number]
    const formation = {
      ...scenario.time!.formation,
      halfLifeSeconds: [60, 60],
      permanentShare: [0, 0],
    }
    const two: Scenario = {
      ...{ ...scenario, venues: [pool, thin], hop: [[], [0, 1], []] },
      time: { ...scenario.time!, formation },
    }
    const trial = trialOf(two, plainSpec)
    const [both, alone] = [-1, 1].map((venue) => trial.attempt({ ...push, to: 1.2, venue }))
    expect(alone.moved[0]).toBeCloseTo(0.2, 6)
    expect(alone.capitalUsd).toBeLessThan(both.capitalUsd / 5)
  })

  it('error: no blocks, a market that sales do not move, positions that are more than amounts', () => {
    const scenario = thinMarket()
    expect(() => trialOf({ ...scenario, time: null }, plainSpec)).toThrow(/FB2093/)
    expect(() => trialOf({ ...scenario, feedback: false }, plainSpec)).toThrow(/FB2094/)
    expect(() => trialOf(thinMarket({ time: { pricesAre: 'given' } }), plainSpec)).toThrow(/FB2094/)
    const own = { ...loans(3), own: { bands: new Float64Array(6) } }
    expect(() => trialOf(thinMarket({ positions: own }), lends)).toThrow(/FB2095/)
  })
})
