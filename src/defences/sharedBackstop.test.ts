import { describe, expect, it } from 'vitest'
import type { DefenceSpec } from '../defence.ts'
import type { Scenario } from '../scenario.ts'
import { fall, ran, banks as twoBanks } from './defences.suite.ts'

const courses = [fall(0.45, 120, 240)]

const banks = (
  first: readonly DefenceSpec[],
  second: readonly DefenceSpec[],
  factor?: number,
): Scenario => twoBanks(courses, first, second, factor)

const shared = (capitalUsd: number, rule: string) => ({ kind: 'sharedBackstop', capitalUsd, rule })

describe('sharedBackstop', () => {
  it('rule: one fund, to which all who name it add, with a share for everybody', () => {
    const both = banks([shared(1e3, 'byDebt')], [shared(3e3, 'byDebt')], 0.25)
    expect(both.time!.funds).toHaveLength(1)
    const [{ name, capitalUsd, draws }] = both.time!.funds!
    expect([name, capitalUsd]).toEqual(['shared backstop', 4e3])
    expect(draws[0]).toBeCloseTo(0.8, 12)
    expect(draws[1]).toBeCloseTo(0.2, 12)
    expect(banks([shared(1e3, 'equal')], []).time!.funds![0].draws).toEqual([0.5, 0.5])
    expect(banks([shared(1e3, 'firstCome')], []).time!.funds![0].draws).toEqual([1, 1])
  })

  it('law: its readings are what each protocol drew, and the fund balances', () => {
    const report = ran(banks([shared(2e3, 'equal')], [shared(2e3, 'equal')]))
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    report.protocols.forEach(({ defences }, j) => {
      const [paid, left] = defences[0].readings
      expect(paid.value).toBe(report.funds[j].drawn_usd)
      expect(paid.value).toBeGreaterThan(0)
      expect(left.value).toBe(report.funds[j].left_usd)
    })
  })

  it('helps: who is hit alone has more than its own fund', () => {
    const alone = (of: DefenceSpec) => ran(banks([of], [of], 0.25)).funds[0].uncovered_usd
    const own = alone({ kind: 'fund', capitalUsd: 1e3 })
    expect(alone(shared(1e3, 'firstCome'))).toBeLessThan(own)
  })

  it('hurts: whoever writes off first leaves less to the other than a fund of its own', () => {
    const second = (of: DefenceSpec) => {
      const { funds } = ran(banks([of], [of]))
      return funds[funds.length - 1].uncovered_usd
    }
    const own = second({ kind: 'fund', capitalUsd: 3e3 })
    expect(second(shared(3e3, 'firstCome'))).toBeGreaterThan(own)
  })
})
