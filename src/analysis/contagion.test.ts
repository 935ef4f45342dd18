/** Who pulled whom: shares of forced sales by their causes. */

import { describe, expect, it } from 'vitest'
import { COIN, curve, ETH, positionsOf, timedScenario } from '../blocks.suite.ts'
import type { Scenario } from '../scenario.ts'
import { setup } from '../setup.ts'
import { drawFrom } from '../timedWorlds.suite.ts'
import { total } from './attribution.ts'
import { contagion } from './contagion.ts'
import { benchOf, simulate } from './simulate.ts'

/** Lending books and exchanges on one curve. */
function worldOf(n: number, protocols: number): Scenario {
  const draw = drawFrom(60 + n)
  const lending = {
    kind: 'lending',
    assets: [
      { asset: ETH, threshold: 0.8, bonus: 0.05 },
      { asset: COIN, threshold: null, bonus: 0 },
    ],
    ...{ closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 1, target: null },
  }
  const exchange = {
    kind: 'perpetual',
    settlement: COIN,
    markets: [{ asset: ETH, tiers: [{ rate: 0.02 }] }],
    collateral: [],
    ...{ liquidationFee: 0, leftover: 'account', fundUsd: 1e4 },
  }
  const positions = () =>
    positionsOf(
      Array.from({ length: 20 }, (_, i) => {
        const units = draw.between(0.1, 2)
        const owed = units * 100 * draw.between(0.5, 0.79)
        return [
          [i, ETH, 1, units],
          [i, COIN, -1, owed],
        ] as [number, number, 1 | -1, number][]
      }).flat(),
    )
  const base = timedScenario(
    positions(),
    {},
    { venues: [{ ...curve, coefficient: 0.004 } as typeof curve] },
  )
  return {
    ...base,
    time: null,
    order: 'worst-first',
    protocols: Array.from({ length: protocols }, (_, j) => ({
      ...base.protocols[0],
      name: `protocol ${j}`,
      rules: j % 2 === 0 ? lending : exchange,
      positions: positions(),
    })),
  }
}

const benchFor = (scenario: Scenario, feedback = true) =>
  benchOf(setup(scenario), ETH, { ...scenario.liquidators, order: scenario.order, feedback })

describe('contagion', () => {
  it('law: rows add up to what each protocol sold, and all to the total', () => {
    let pulled = 0
    for (let n = 0; n < 40; n++) {
      const bench = benchFor(worldOf(n, 2 + (n % 3)))
      const drop = 0.02 + 0.01 * (n % 20)
      const { firstUsd, causedUsd, totalUsd } = contagion(bench, drop)!
      causedUsd.forEach((row, i) => {
        const sum = row.reduce((all, usd) => all + usd, firstUsd[i])
        expect(sum).toBeCloseTo(totalUsd[i], 6)
        pulled += row.filter((usd, j) => i !== j && usd > 1).length
      })
      const { repaidUsd } = simulate(bench, drop)
      expect(totalUsd.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(total(repaidUsd), 6)
    }
    expect(pulled).toBeGreaterThan(30)
  })

  it('law: silencing one leaves the other between its first round and its total', () => {
    for (let n = 0; n < 20; n++) {
      const bench = benchFor(worldOf(n, 2))
      const quiet = { ...bench, options: { ...bench.options, silent: [true, false] } }
      // Silencing it by hand leaves the other's sales as its column's absence says.
      const { repaidUsd } = simulate(quiet, 0.15)
      const alone = total(repaidUsd.subarray(20, 40))
      const { firstUsd, causedUsd, totalUsd } = contagion(bench, 0.15)!
      expect(alone).toBeLessThanOrEqual(totalUsd[1] + 1e-6)
      expect(alone).toBeGreaterThanOrEqual(firstUsd[1] - 1e-6)
      expect(causedUsd[1][0]).toBeLessThanOrEqual(totalUsd[1] - firstUsd[1] + 1e-6)
    }
  })

  it('law: protocols that are the same cause the same', () => {
    const scenario = worldOf(3, 1)
    const twin = { ...scenario.protocols[0], name: 'twin' }
    const both = { ...scenario, protocols: [scenario.protocols[0], twin] }
    const { causedUsd, totalUsd } = contagion(benchFor({ ...both, order: 'batch' }), 0.15)!
    expect(totalUsd[0]).toBeGreaterThan(0)
    expect(totalUsd[0]).toBeCloseTo(totalUsd[1], 6)
    expect(causedUsd[0][1]).toBeCloseTo(causedUsd[1][0], 6)
    expect(causedUsd[0][0]).toBeCloseTo(causedUsd[1][1], 6)
  })

  it('behaviour: none for a protocol alone, without feedback, and for too many', () => {
    expect(contagion(benchFor(worldOf(1, 1)), 0.1)).toBeNull()
    expect(contagion(benchFor(worldOf(1, 2), false), 0.1)).toBeNull()
    expect(contagion(benchFor(worldOf(1, 7)), 0.1)).toBeNull()
  })
})
