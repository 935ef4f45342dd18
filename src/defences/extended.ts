/** A scenario with what defences bring to it. */

import type { AssetSpec, FundSpec, Scenario, TakerSpec, TimeSpec } from '../scenario.ts'

/** With one more fund, or with more money in the fund of that name. */
export function withFund(scenario: Scenario, fund: FundSpec): Scenario {
  return inTime(scenario, ({ funds = [] }) => {
    const old = funds.find(({ name }) => name === fund.name)
    if (old === undefined) return { funds: [...funds, fund] }
    const capitalUsd = old.capitalUsd + fund.capitalUsd
    return { funds: funds.map((one) => (one === old ? { ...fund, capitalUsd } : one)) }
  })
}

/** With one more taker. */
export function withTaker(scenario: Scenario, taker: TakerSpec): Scenario {
  return inTime(scenario, ({ takers }) => ({ takers: [...takers, taker] }))
}

/** With other terms of its time; as it was where it has none. */
export function inTime(
  scenario: Scenario,
  change: (time: TimeSpec) => Partial<TimeSpec>,
): Scenario {
  const { time } = scenario
  return time === null ? scenario : { ...scenario, time: { ...time, ...change(time) } }
}

/** Opening price of an asset in USD. */
export function usdOf(assets: readonly AssetSpec[], asset: number): number {
  const { price, in: base } = assets[asset]
  return base === null ? price : price * usdOf(assets, base)
}
