import { describe, expect, it } from 'vitest'
import { COIN, ETH, positionsOf, stamp, still, timedScenario, unlimited } from './blocks.suite.ts'
import { run } from './run.ts'
import { columnOf, type Table } from './table.ts'
import { timedRun } from './timed.ts'
import type { TimedReport } from './timedReport.ts'

/** Runs to the end; returns the report and the tables. */
function drained(scenario: Parameters<typeof timedRun>[0]) {
  const blocks = timedRun(scenario, stamp)
  let tables: readonly Table[] = []
  for (;;) {
    const next = blocks.next()
    if (next.done) return { report: next.value, frames: tables[0], events: tables[1] }
    tables = next.value.tables
  }
}

// V14: triggers and units; each owes what makes it breach just below its trigger.
const rows = [
  [97, 5],
  [94, 5],
  [91.5, 4],
  [88, 3],
  [87, 6],
].flatMap(
  ([trigger, units], k) =>
    [
      [k, ETH, 1, units],
      [k, COIN, -1, units * trigger * 0.8],
    ] as [number, number, 1 | -1, number][],
)
const path = [100, 96.5, 96.5, 95.5, 95, 93.5, 94, 92.5, 94, 95]
const v14 = timedScenario(positionsOf(rows), {
  blocks: 9,
  prices: [
    {
      asset: ETH,
      courses: [
        {
          kind: 'waypoints',
          atSeconds: path.map((_, t) => t),
          factor: path.map((price) => price / 100),
          between: 'hold',
        },
      ],
    },
  ],
  formation: { ...still(1), halfLifeSeconds: [1], permanentShare: [0.25] },
})

describe('V14', () => {
  const { report, frames, events } = drained(v14)

  it('default: accounts, blocks and generations', () => {
    const column = (name: string) => [...columnOf(events, name)]
    expect(column('account')).toEqual([0, 1, 2])
    expect(column('block')).toEqual([1, 2, 3])
    expect(column('generation')).toEqual([0, 1, 2])
    expect(column('fate')).toEqual([0, 1, 2])
    expect(column('trigger')).toEqual([Number.NaN, 0, 1])
  })

  it('default: prices at the end, with and without the sales', () => {
    const [, eth] = report.assets
    expect(eth.undisturbed).toBe(95)
    expect(eth.final).toBeCloseTo(91.649240609, 9)
  })

  it('default: fates and dollars', () => {
    const owed = rows.filter(([, asset]) => asset === COIN).map(([, , , amount]) => amount)
    expect(report.fates).toMatchObject({
      primary: { accounts: 1, repaid_usd: owed[0] },
      hastened: { accounts: 1, repaid_usd: owed[1] },
      feedback_only: { accounts: 1, repaid_usd: owed[2] },
      delayed: { accounts: 0 },
      averted: { accounts: 0 },
    })
  })

  it('law: each generation caused the difference of its twins', () => {
    const drops = report.generations.map(({ drop }) => drop ?? 0)
    const [, eth] = report.assets
    const lowest = frames.columns.findIndex(({ name }) => name === 'outside_ETH')
    expect(lowest).toBeGreaterThan(0)
    const apart = drops.reduce((sum, drop) => sum + drop, 0) * 100
    expect(apart).toBeCloseTo(95.5 - eth.lowest, 9)
  })

  it('law: all checks hold', () => {
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.length).toBeGreaterThanOrEqual(5)
  })

  it('law: equal scenarios give equal bytes', () => {
    const again = JSON.stringify(run(v14, stamp))
    expect(again).toBe(JSON.stringify(report))
  })
})

describe('feedback off', () => {
  it('law: prices are the outside path, all generations are 0, and nothing is compared', () => {
    const { report, frames, events } = drained({ ...v14, feedback: false })
    expect([...columnOf(frames, 'mid_ETH')]).toEqual(path.slice(1))
    expect(columnOf(events, 'generation').every((generation) => generation === 0)).toBe(true)
    expect(report.fates).toBeNull()
    expect(report.metrics.second_round_share).toMatchObject({ value: 0 })
  })

  it('law: it is the first round of the run with feedback', () => {
    const off = run({ ...v14, feedback: false }, stamp) as TimedReport
    const on = run(v14, stamp) as TimedReport
    const usd = (report: TimedReport, name: string) =>
      (report.metrics[name] as { value: number }).value
    expect(usd(off, 'total_liquidated_usd')).toBe(usd(on, 'first_round_usd'))
  })
})

describe('prices that are a record', () => {
  const recorded = (pricesAre: 'given' | 'inferred') =>
    drained({ ...v14, time: { ...v14.time!, pricesAre } })

  it('behaviour: given prices are met to the bit, and no sale moves them', () => {
    const { report, frames } = recorded('given')
    expect([...columnOf(frames, 'mid_ETH')]).toEqual(path.slice(1))
    expect(report.fates).toBeNull()
    expect(report.warnings.map(({ code }) => code)).toContain('FB4115')
  })

  it('law: an inferred outside move and the impact of the sales make the record', () => {
    const { report, frames, events } = recorded('inferred')
    const outside = columnOf(frames, 'outside_ETH')
    // Sales are made after the record is met, so the next block opens on it again.
    expect([...columnOf(events, 'price_before')]).toEqual(
      [...columnOf(events, 'block')].map((block) => expect.closeTo(path[block], 9)),
    )
    expect(outside[0]).toBeCloseTo(path[1], 9)
    expect(outside[1]).toBeGreaterThan(path[2])
    expect(report.fates!.hastened.accounts + report.fates!.feedback_only.accounts).toBeGreaterThan(
      0,
    )
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('law: run again with the move that was found, it is the same day', () => {
    const { frames, events, report } = recorded('inferred')
    const factor = [100, ...columnOf(frames, 'outside_ETH')].map((price) => price / 100)
    const atSeconds = factor.map((_, t) => t)
    const courses = [{ kind: 'waypoints', atSeconds, factor, between: 'hold' } as const]
    const again = drained({ ...v14, time: { ...v14.time!, prices: [{ asset: ETH, courses }] } })
    expect([...columnOf(again.events, 'account')]).toEqual([...columnOf(events, 'account')])
    expect(again.report.fates).toEqual(report.fates)
  })
})

describe('collateral that no venue buys', () => {
  it('behaviour: is worth its mid to a liquidator that wants a profit', () => {
    const terms = (asset: number, threshold: number | null) => ({ asset, threshold, bonus: 0.1 })
    const rules = {
      kind: 'aaveV2',
      dustUsd: 1,
      assets: [terms(COIN, 0.8), terms(0, null)],
    } as const
    const courses = [{ kind: 'step', drop: 0.05, atSeconds: 1 } as const]
    const scenario = timedScenario(
      positionsOf([
        [0, COIN, 1, 1000],
        [0, 0, -1, 790],
      ]),
      {
        prices: [{ asset: COIN, courses }],
        takers: [{ ...unlimited, minProfitUsd: 0 }],
      },
      { rules },
    )
    const { report } = drained(scenario)
    expect(report.liquidators[0]).toMatchObject({ won: 1 })
    expect(report.liquidators[0].profit_usd).toBeCloseTo(39.5, 9)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })
})
