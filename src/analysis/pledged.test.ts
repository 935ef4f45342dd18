import { describe, expect, it } from 'vitest'
import { exp } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'
import { DUST_USD, ETH, type Holder, pledgedScenario, type Side } from '../pledges.suite.ts'
import type { Scenario } from '../scenario.ts'
import { setup } from '../setup.ts'
import type { World } from '../world.ts'
import { conservation, heldOnce } from './checks.ts'
import { contagion } from './contagion.ts'
import { gainMatrix } from './gainMatrix.ts'
import { isFixed } from './picture.ts'
import { benchOf, simulate } from './simulate.ts'
import { worldColumns, worldLadder } from './worldLadder.ts'

const IMPACT = 0.002

interface Loan extends Omit<Side, 'holders'> {
  readonly j: number
  readonly key: string
  owes: number
  repaid: number
  bad: number
}

/** A second cascade from the definitions: plain objects, one holding each, a full scan per sale. */
function bruteForce(sides: readonly (Side & { in?: number })[], drop: number, inBatches: boolean) {
  const holdings = new Map<string, { units: number }>()
  const loans = sides.flatMap((side, j) =>
    side.holders.map(({ name, owns, owes }): Loan => {
      const key = `${side.in !== undefined && owns === null ? side.in : j} ${name}`
      if (owns !== null) holdings.set(key, { units: owns })
      return { ...side, j, key, owes, repaid: 0, bad: 0 }
    }),
  )
  const unitsOf = ({ key }: Loan) => holdings.get(key)?.units ?? 0
  const triggerOf = (loan: Loan) =>
    loan.owes > 0 && unitsOf(loan) > 0 ? loan.owes / (unitsOf(loan) * loan.threshold) : 0
  let price = 100 * (1 - drop)

  function sell(loan: Loan, at: number): void {
    const holding = holdings.get(loan.key)!
    const part = loan.owes <= DUST_USD ? loan.owes : loan.owes * loan.closeFactor
    const wanted = (part * (1 + loan.bonus)) / at
    const seized = Math.min(wanted, holding.units)
    const repaid = wanted <= holding.units ? part : (seized * at) / (1 + loan.bonus)
    loan.owes -= repaid
    loan.repaid += repaid
    holding.units -= seized
    if (holding.units < 1e-12 * seized) holding.units = 0
    price *= exp(-IMPACT * seized)
    if (holding.units > 0) return
    // What nothing backs any more is lost, whoever took the last of it.
    for (const one of loans.filter(({ key }) => key === loan.key)) {
      one.bad += one.owes
      one.owes = 0
    }
  }

  for (;;) {
    const at = price
    const due = loans
      .filter((loan) => triggerOf(loan) > at)
      .sort((a, b) => triggerOf(b) - triggerOf(a))
    if (due.length === 0) return { price, loans, holdings }
    for (const loan of inBatches ? due : due.slice(0, 1)) if (triggerOf(loan) > at) sell(loan, at)
  }
}

function randomSides(seed: number): (Side & { in?: number })[] {
  const random = randomAt(seed, 5)
  let turn = 0
  const draw = (low: number, high: number) => low + (high - low) * random.uniform(turn++, 0)
  const bank = (): Omit<Side, 'holders'> => ({
    threshold: draw(0.7, 0.85),
    bonus: draw(0, 0.08),
    closeFactor: draw(0, 1) < 0.4 ? 1 : draw(0.3, 0.7),
  })
  const first = bank()
  const holders: Holder[] = Array.from({ length: 6 }, (_, i) => {
    const owns = draw(1, 30)
    return {
      name: `a${i}`,
      owns,
      owes: draw(0, 1) < 0.2 ? 0 : owns * first.threshold * draw(60, 99),
    }
  })
  const others = Array.from({ length: draw(0, 1) < 0.4 ? 2 : 1 }, () => {
    const second = bank()
    const borrowers: Holder[] = Array.from({ length: 5 }, (_, i) => {
      const own = draw(0, 1) < 0.3 ? draw(1, 20) : null
      const backing = own ?? holders[i].owns!
      const name = own === null ? `a${i}` : `own ${i}`
      return { name, owns: own, owes: backing * second.threshold * draw(50, 99) }
    })
    borrowers.push({ name: 'a5', owns: null, owes: 1 })
    return { ...second, holders: borrowers, in: 0 }
  })
  return [{ ...first, holders }, ...others]
}

function bankOf({ threshold, bonus, closeFactor }: Side): Omit<Side, 'holders'> {
  return { threshold, bonus, closeFactor }
}

function bench(scenario: Scenario) {
  const { liquidators, order, feedback, shock } = scenario
  return benchOf(setup(scenario), shock.asset, { ...liquidators, order, feedback })
}

function unitsHeld({ protocols, pledges }: World): number {
  let sum = 0
  protocols.forEach(({ book, rules: { slots } }, j) => {
    for (let k = 0; k < book.slot.length; k++)
      if (slots.side[book.slot[k]] > 0 && pledges.elsewhere[j]?.[k] !== 1) sum += book.amount[k]
  })
  return sum
}

describe('collateral pledged twice', () => {
  it.each(['worst-first', 'batch'] as const)(
    'law: a slow loop from the definitions ends the same on random worlds, %s',
    (order) => {
      let settlements = 0
      let reached = 0
      for (let seed = 1; seed <= 400; seed++) {
        const sides = randomSides(seed)
        const drop = (seed % 6) * 0.05
        const of = bench(pledgedScenario(sides, { impact: IMPACT, order }))
        const fast = simulate(of, drop)
        const slow = bruteForce(sides, drop, order === 'batch')
        const near = (one: number, other: number) =>
          expect(Math.abs(one - other), `seed ${seed}`).toBeLessThanOrEqual(1e-9 * (1 + other))
        near(fast.prices[ETH], slow.price)
        slow.loans.forEach(({ repaid, bad }, row) => {
          near(fast.repaidUsd[row], repaid)
          near(fast.badDebtUsd[row], bad)
        })
        near(
          unitsHeld(of.scratch),
          [...slow.holdings.values()].reduce((sum, one) => sum + one.units, 0),
        )
        const checks = [conservation(of, of.scratch, fast), ...heldOnce(of.scratch)]
        expect(checks.filter(({ ok }) => !ok)).toEqual([])
        expect(checks).toHaveLength(2)
        settlements += fast.trace.row.length
        reached += +slow.loans.some(({ j, bad, repaid }) => j > 0 && bad > 0 && repaid === 0)
      }
      expect(settlements).toBeGreaterThan(2000)
      expect(reached).toBeGreaterThan(10)
    },
  )

  // ann: 10 ETH at 100, owes 780 of 800 in bank 0, and 200 of 600 in bank 1, which alone would fall
  // at 33. At 95 bank 0 takes 780 x 1.05 / 95 = 8.6211 ETH. The 1.3789 left back 60 % x 131 = 78.6
  // of the 200: bank 1 takes them, 131 / 1.1 = 119.09 are repaid and 80.91 lost.
  const whole = { closeFactor: 1 }
  const example = [
    { threshold: 0.8, bonus: 0.05, ...whole, holders: [{ name: 'ann', owns: 10, owes: 780 }] },
    {
      threshold: 0.6,
      bonus: 0.1,
      ...whole,
      holders: [{ name: 'ann', owns: null, owes: 200 }],
      in: 0,
    },
  ]

  it('vector: one bank seizes, the other breaches, and no price moved', () => {
    const of = bench(pledgedScenario(example, { impact: 0 }))
    const run = simulate(of, 0.05)
    expect(run.trace.row).toEqual([0, 1])
    expect(run.prices[ETH]).toBe(95)
    expect(run.seized[0][ETH]).toBeCloseTo(8.6210526, 6)
    expect(run.seized[1][ETH]).toBeCloseTo(1.3789474, 6)
    expect(run.repaidUsd[1]).toBeCloseTo(119.0909091, 6)
    expect(run.badDebtUsd[1]).toBeCloseTo(80.9090909, 6)
    expect(unitsHeld(of.scratch)).toBe(0)
  })

  it('vector: contagion names the bank that seized', () => {
    const of = bench(pledgedScenario(example, { impact: 0 }))
    const { firstUsd, causedUsd, totalUsd } = contagion(of, 0.05)!
    expect(firstUsd).toEqual([780, 0])
    expect(causedUsd[1][0]).toBeCloseTo(119.0909091, 6)
    expect(causedUsd[1][1]).toBe(0)
    expect(totalUsd[1]).toBeCloseTo(119.0909091, 6)
  })

  it('law: against collateral that nobody else may touch, it is as with collateral of its own', () => {
    for (const order of ['worst-first', 'batch', 'at-trigger'] as const)
      for (let seed = 1; seed <= 20; seed++) {
        const [first, second] = randomSides(seed)
        const safe = first.holders.map((holder) => ({ ...holder, owes: 0 }))
        const own = second.holders.map((holder) => ({
          ...holder,
          owns: holder.owns ?? first.holders[Number(holder.name.slice(1))].owns,
        }))
        const pledged = bench(
          pledgedScenario(
            [
              { ...first, holders: safe },
              { ...second, in: 0 },
            ],
            { order },
          ),
        )
        const apart = bench(
          pledgedScenario(
            [
              { ...first, holders: safe },
              { ...bankOf(second), holders: own },
            ],
            { order },
          ),
        )
        const [one, other] = [simulate(pledged, 0.1), simulate(apart, 0.1)]
        expect(one.repaidUsd).toEqual(other.repaidUsd)
        expect(one.badDebtUsd).toEqual(other.badDebtUsd)
        expect(one.prices).toEqual(other.prices)
      }
  })

  it('law: every order and disposal conserves what is held', () => {
    for (const order of ['worst-first', 'batch', 'at-trigger'] as const)
      for (const disposal of ['all', 'cost'] as const)
        for (let seed = 1; seed <= 40; seed++) {
          const liquidators = { disposal, buys: false }
          const of = bench(pledgedScenario(randomSides(seed), { order, liquidators }))
          const run = simulate(of, 0.12)
          const checks = [conservation(of, of.scratch, run), ...heldOnce(of.scratch)]
          expect(run.settled).toBe(true)
          expect(
            checks.filter(({ ok }) => !ok),
            `${order} ${disposal} ${seed}`,
          ).toEqual([])
        }
  })

  it('law: forms that take accounts one by one decline, and the ladder sells a holding once', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const sides = randomSides(seed).map((side) => ({ ...side, closeFactor: 1 }))
      const of = bench(pledgedScenario(sides, { impact: IMPACT }))
      expect(worldColumns(of.scratch, of.prepared)).toBeNull()
      expect(isFixed(of)).toBe(false)
      const { ladder } = worldLadder(of.scratch, of.prepared, 'all')
      const sold = ladder.sold[ladder.trigger.length]
      expect(sold).toBeGreaterThan(0)
      expect(sold).toBeLessThanOrEqual(unitsHeld(of.base) * (1 + 1e-12))
      const { forced } = gainMatrix(of.base, 0.6, [ETH])
      expect(forced[0][0]).toBeGreaterThan(0)
      expect(forced[0][0]).toBeLessThanOrEqual(unitsHeld(of.base) * (1 + 1e-12))
    }
  })
})
