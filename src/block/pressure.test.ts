import { describe, expect, it } from 'vitest'
import { COIN, ETH, plainTime, positionsOf, timedScenario } from '../blocks.suite.ts'
import { blocks } from '../blocks.ts'
import { stageOf } from '../stage.ts'
import { notePressure, pressureOf } from './pressure.ts'

const scenario = timedScenario(
  positionsOf([
    [0, ETH, 1, 1],
    [0, COIN, -1, 70],
  ]),
)

describe('fragility', () => {
  it('rule: decayed units over those of the first 2 %', () => {
    const stage = stageOf(scenario, true, null)
    const time = { ...plainTime, formation: { ...plainTime.formation, halfLifeSeconds: [2] } }
    const pressure = pressureOf(time, stage.market)
    const absorbed = Math.log(1 / 0.98) / 0.01
    expect(pressure.absorbed[ETH]).toBeCloseTo(absorbed, 9)
    const tally = { sold: new Float64Array(3), fragility: 0 }
    const ratios = [4, 0, 1].map((units) => {
      tally.sold[ETH] += units
      notePressure({ pressure, tally } as never)
      return pressure.pressed[ETH] / absorbed
    })
    const half = Math.SQRT1_2
    expect(ratios).toEqual(
      [4, 4 * half, 4 * half * half + 1].map((u) => expect.closeTo(u / absorbed, 9)),
    )
    expect(tally.fragility).toBeCloseTo(4 / absorbed, 9)
  })

  it('default: a run without sales has none, and one without recovery counts all of them', () => {
    const still = stageOf(scenario, true, null)
    for (const _ of blocks(still, null));
    expect(still.tally.fragility).toBe(0)
    const fall = { kind: 'step' as const, drop: 0.2, atSeconds: 1 }
    const sold = stageOf(
      { ...scenario, time: { ...scenario.time!, prices: [{ asset: ETH, courses: [fall] }] } },
      true,
      null,
    )
    for (const _ of blocks(sold, null));
    expect(sold.tally.sold[ETH]).toBeGreaterThan(0)
    expect(sold.tally.fragility).toBeCloseTo(sold.tally.sold[ETH] / sold.pressure.absorbed[ETH], 9)
  })
})
