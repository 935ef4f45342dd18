/** Funds that several protocols share. */

import { describe, expect, it } from 'vitest'
import { COIN, ETH, plainTime, positionsOf, timedScenario, USD } from '../blocks.suite.ts'
import { LENDERS } from '../rules.ts'
import { stageOf } from '../stage.ts'
import { drawOnFunds } from './funds.ts'

const positions = positionsOf([
  [0, ETH, 1, 1],
  [0, COIN, -1, 50],
])

function stageWith(draws: readonly (readonly number[])[], capitalUsd = 100) {
  const funds = draws.map((each, f) => ({ name: `fund ${f}`, capitalUsd, draws: each }))
  const scenario = timedScenario(positions, { ...plainTime, funds })
  const [bank] = scenario.protocols
  const both = { ...scenario, protocols: [bank, { ...bank, name: 'other' }] }
  return stageOf(both, true, null)
}

describe('shared funds', () => {
  it('default: pays what was lost once, up to the share of each and what is left', () => {
    const stage = stageWith([[0.6, 0.8]])
    const [fund] = stage.funds
    const lose = (j: number, units: number) => {
      stage.tally.lost[j][COIN] += units
      drawOnFunds(stage)
      return [fund.drawnUsd[j], fund.leftUsd]
    }
    expect(lose(0, 40)).toEqual([40, 60])
    expect(lose(0, 0)).toEqual([40, 60])
    expect(lose(0, 40)).toEqual([60, 40])
    expect(lose(1, 30)).toEqual([30, 10])
    expect(lose(1, 30)).toEqual([40, 0])
    const { holders, balance } = stage.ledger
    expect(balance(holders.funds, USD)).toBe(-100)
    expect(balance(holders.of(0, LENDERS), USD)).toBe(60)
    expect([...stage.tally.coveredUsd]).toEqual([60, 40])
  })

  it('behaviour: the first of several is drawn on first; who has no share draws nothing', () => {
    const stage = stageWith([
      [1, 0],
      [1, 0.5],
    ])
    stage.tally.lost[0][COIN] = 120
    stage.tally.lost[1][COIN] = 70
    drawOnFunds(stage)
    expect(stage.funds.map(({ drawnUsd }) => [...drawnUsd])).toEqual([
      [100, 0],
      [20, 50],
    ])
  })
})
