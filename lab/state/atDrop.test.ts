import { beforeAll, describe, expect, it } from 'vitest'
import { metricValue } from '../../src/figures/caption.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import type { Report } from '../../src/report.ts'
import { atDrop } from './atDrop.ts'

let report: Report

beforeAll(async () => {
  report = await reportOf('eth-lending', 0.15)
})

describe('a report at another drop', () => {
  it('law: at its own drop it is the report itself', () => {
    expect(atDrop(report, 0.15)).toBe(report)
  })

  it('law: at points of the curve the dollars, accounts and final drops are exact', () => {
    const { drop, first_usd, total_usd, final_drop, accounts } = report.curve
    for (const i of [0, 10, 25, 28, 31, 50]) {
      const { metrics, shock, map } = atDrop(report, drop[i])
      if (drop[i] === report.shock.drop) continue
      const value = (name: string) => metricValue({ metrics }, name)
      expect(shock.drop).toBe(drop[i])
      expect(value('first_round_usd')).toBeCloseTo(first_usd[i], 6)
      expect(value('total_liquidated_usd')).toBeCloseTo(total_usd[i], 6)
      expect(value('final_drop')).toBeCloseTo(final_drop[i], 12)
      expect(value('accounts_liquidated')).toBe(accounts[i])
      expect(map.final).toBeCloseTo(2000 * (1 - final_drop[i]), 6)
    }
  })

  it('law: it jumps at a cliff and not before it', () => {
    const [cliff] = report.curve.avalanches
    const at = (drop: number) => metricValue(atDrop(report, drop), 'total_liquidated_usd')!
    const jump = at(cliff.drop + 1e-7) - at(cliff.drop - 1e-7)
    expect(jump / cliff.repaid_usd).toBeCloseTo(1, 2)
    expect(at(cliff.drop - 1e-7) - at(cliff.drop - 1e-4)).toBeLessThan(0.05 * jump)
  })

  it.each([0.05, 0.14, 0.2])(
    'law: map and staircase are close to the exact run at %s',
    async (drop) => {
      const exact = await reportOf('eth-lending', drop)
      const near = atDrop(report, drop)
      expect(near.map.shocked).toBeCloseTo(exact.map.shocked, 6)
      expect(Math.abs(near.map.final - exact.map.final)).toBeLessThan(1)
      expect(near.rounds.length === 0).toBe(exact.rounds.length === 0)
      near.rounds.forEach((round, i) => {
        expect(round.price_before).toBe(i === 0 ? near.map.shocked : near.rounds[i - 1].price_after)
        expect(round.price_after).toBeLessThan(round.price_before)
      })
      if (exact.rounds.length === 0) return
      expect(near.rounds.at(-1)!.price_after).toBeCloseTo(near.map.final, 6)
      const sum = near.rounds.reduce((usd, round) => usd + round.repaid_usd, 0)
      expect(sum).toBeCloseTo(metricValue(near, 'total_liquidated_usd')!, 0)
    },
  )

  it('law: levels keep their walls and cut them at the price lines', () => {
    const near = atDrop(report, 0.2)
    const wall = ({ first_usd, feedback_usd, untouched_usd }: Report['levels'][number]) =>
      first_usd + feedback_usd + untouched_usd
    near.levels.forEach((bin, i) => {
      expect(wall(bin)).toBeCloseTo(wall(report.levels[i]), 3)
      if (bin.to >= near.map.shocked) expect(bin.feedback_usd + bin.untouched_usd).toBeCloseTo(0, 3)
      if (bin.from <= near.map.final) expect(bin.first_usd + bin.feedback_usd).toBeCloseTo(0, 3)
    })
  })

  it('default: where several prices move the map and the staircase stay', async () => {
    const several = await reportOf('lst-depeg', null)
    const near = atDrop(several, several.shock.drop + 0.05)
    expect(near.map.before).toBe(several.map.before)
    expect(near.rounds).toBe(several.rounds)
  })
})

async function reportOf(name: string, drop: number | null): Promise<Report> {
  const overrides = drop === null ? [] : [['shock.drop', String(drop)] as const]
  const { scenario, runId, engineVersion, data } = await readScenario(
    name,
    diskSource('.'),
    overrides,
  )
  return instantRun(scenario, { runId, engineVersion, data })
}
