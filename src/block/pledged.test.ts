import { describe, expect, it } from 'vitest'
import { plainTime } from '../blocks.suite.ts'
import { type Holder, pledgedScenario } from '../pledges.suite.ts'
import type { Metric } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import { columnOf } from '../table.ts'
import { drained, drawFrom, worldOf } from '../timedWorlds.suite.ts'

const [ETH, COIN, STETH] = [1, 2, 3]

const value = ({ metrics }: ReturnType<typeof drained>['report'], name: string) =>
  (metrics[name] as Metric).value!

/** A world whose first bank lends, and whose second bank's accounts borrow against theirs there. */
function pledgedWorld(n: number): Scenario {
  const base = worldOf(n)
  const draw = drawFrom(7000 + n)
  const terms = (threshold: number) =>
    [ETH, COIN, STETH].map((asset) => ({
      ...{ asset, bonus: draw.of(0, 0.05), borrowRate: asset === COIN ? draw.of(0, 40) : 0 },
      threshold: asset === COIN ? null : threshold,
      supplyRate: asset === ETH ? draw.of(0, 0, 50) : 0,
    }))
  const rules = (threshold: number) => {
    const closeFactor = draw.of(0.5, 1)
    const size = { closeFactor, wholeBelow: 0, dustUsd: 20, target: null }
    return { kind: 'lending', assets: terms(threshold), ...size }
  }
  const [bank] = base.protocols
  const { positions } = bank
  const units = new Float64Array(positions.accounts.length)
  positions.amount.forEach((amount, k) => {
    if (positions.side[k] > 0) units[positions.account[k]] += amount
  })
  const borrowers = positions.accounts.map((_, i) => i).filter(() => draw() < 0.7)
  const owed = Float64Array.from(borrowers, (i) => units[i] * draw.between(30, 74))
  const debts = {
    ...positions,
    accounts: borrowers.map((i) => positions.accounts[i]),
    account: Uint32Array.from(borrowers, (_, k) => k),
    asset: Uint16Array.from(borrowers, () => COIN),
    side: Int8Array.from(borrowers, () => -1),
    group: new Uint16Array(borrowers.length),
    amount: owed,
  }
  return {
    ...base,
    protocols: [
      { ...bank, name: 'first', rules: rules(0.8) },
      {
        ...{ ...bank, name: 'second', rules: rules(0.75), positions: debts },
        pledged: { in: 0, assets: [ETH, STETH] },
      },
    ],
  }
}

describe('collateral pledged twice, in time', () => {
  it('law: stock = flow, one holding, all checks, on random worlds', () => {
    let seized = 0
    for (let n = 1; n <= 60; n++) {
      const scenario = pledgedWorld(n)
      const { report } = drained(scenario)
      expect(
        report.checks.filter(({ ok }) => !ok),
        `world ${n}`,
      ).toEqual([])
      const names = report.checks.map(({ name }) => name)
      if (scenario.feedback) expect(names).toContain('pledged collateral is held once')
      seized += report.protocols.filter(({ liquidations }) => liquidations > 0).length
    }
    expect(seized).toBeGreaterThan(60)
  })

  const whole = { closeFactor: 1 }
  const banks = (second: readonly Holder[], owes = 780) =>
    [
      { threshold: 0.8, bonus: 0.05, ...whole, holders: [{ name: 'ann', owns: 10, owes }] },
      { threshold: 0.6, bonus: 0.1, ...whole, holders: second, in: 0 },
    ] as const
  const fall = (drop: number) => ({
    ...plainTime,
    prices: [{ asset: ETH, courses: [{ kind: 'step' as const, drop, atSeconds: 1 }] }],
  })

  // As in analysis/pledged.test.ts: bank 0 takes 8.6211 of 10 ETH, and bank 1 is left with debt.
  it('vector: who is breached by a seizure falls a block later, a generation later', () => {
    const scenario = pledgedScenario(
      banks([{ name: 'ann', owns: null, owes: 200 }]),
      { impact: 0 },
      fall(0.05),
    )
    const { report, events } = drained(scenario)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect([...columnOf(events, 'block')]).toEqual([1, 2])
    expect([...columnOf(events, 'generation')]).toEqual([0, 1])
    expect(value(report, 'first_round_usd')).toBeCloseTo(780, 9)
    expect(value(report, 'total_liquidated_usd')).toBeCloseTo(780 + 119.0909091, 6)
    expect(value(report, 'bad_debt_usd')).toBeCloseTo(80.9090909, 6)
    const warned = report.warnings.find(({ code }) => code === 'FB4127')
    expect(warned?.text).toContain('double-counted collateral $1k: 1 account borrows')
    expect(report.book.collateral_usd).toBe(1000)
  })

  it('vector: whoever takes the last of it leaves the other with bad debt', () => {
    // At 70 bank 0 needs 780 x 1.05 / 70 = 11.7 ETH: it takes all 10, and bank 1 loses its 200.
    const scenario = pledgedScenario(
      banks([{ name: 'ann', owns: null, owes: 200 }]),
      { impact: 0 },
      fall(0.3),
    )
    const { report } = drained(scenario)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.protocols[1].bad_debt_usd).toBeCloseTo(200, 9)
    expect(report.protocols[1].liquidations).toBe(0)
  })

  it('law: against collateral that nobody else may touch, it is as with collateral of its own', () => {
    const [first, second] = banks([{ name: 'ann', owns: null, owes: 550 }], 0)
    const own = [{ name: 'ann', owns: 10, owes: 550 }]
    const { in: _, ...apart } = { ...second, holders: own }
    const one = drained(pledgedScenario([first, second], {}, fall(0.1)))
    const other = drained(pledgedScenario([first, apart], {}, fall(0.1)))
    expect(one.events).toEqual(other.events)
    expect(one.frames).toEqual(other.frames)
    expect(one.events.rows).toBeGreaterThan(0)
  })

  it('behaviour: interest where it stands counts in both', () => {
    const rich = { ...banks([], 0)[0], supplyRate: 31_536_000 / 100 }
    // 10 ETH grow 1 % a second; 6.5 % below the trigger of bank 1, which they outgrow in 7 blocks.
    const second = { ...banks([])[1], holders: [{ name: 'ann', owns: null, owes: 640 }] }
    const grows = pledgedScenario([rich, second], { impact: 0 }, { takers: [] })
    const { report } = drained(grows)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.find(({ name }) => name === 'watchlist = full scan')!.detail).toContain(
      '0 breached at the end',
    )
  })
})
