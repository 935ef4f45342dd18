import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import type { Report } from '../report.ts'
import { run } from '../run.ts'
import { caption, metricValue } from './caption.ts'

const sentence =
  /^A ([\d.]+)% drop sells \$([\d.]+)M; those sales push the price ([\d.]+)% further; the staircase closes at -([\d.]+)% after (\d+) rounds\.$/
const nothing = /^A ([\d.]+)% drop sells nothing: the nearest level is \$([\d,]+)\.$/

// Read back digit by digit, so that the formats have no say in what is right.
describe('caption of a real run', () => {
  it.each([0.14, 0.15, 0.25])('law: its numbers are the metrics at %s', async (drop) => {
    const report = await reportOf(drop)
    const words = sentence.exec(caption(report, 'plain'))
    expect(words, caption(report, 'plain')).not.toBeNull()
    const [given, sold, impact, final, rounds] = words!.slice(1).map(Number)
    const [{ price_before, price_after }] = report.rounds
    expect(given / 100).toBeCloseTo(drop, 12)
    expectRounded(sold, metricValue(report, 'first_round_usd')! / 1e6)
    expectRounded(impact, 100 * (1 - price_after / price_before))
    expectRounded(final, 100 * metricValue(report, 'final_drop')!)
    expect(metricValue(report, 'final_drop')).toBeCloseTo(1 - report.map.final / report.map.now, 12)
    expect(rounds).toBe(metricValue(report, 'rounds'))
    expect(report.rounds).toHaveLength(rounds)
  })

  it('law: it says that nothing is for sale only where nothing sells', async () => {
    const report = await reportOf(0.05)
    const words = nothing.exec(caption(report, 'plain'))
    expect(words, caption(report, 'plain')).not.toBeNull()
    const nearest = Number(words![2].replace(',', ''))
    expect(metricValue(report, 'first_round_usd')).toBe(0)
    expect(metricValue(report, 'total_liquidated_usd')).toBe(0)
    expect(nearest).toBeLessThan(report.map.shocked)
    const there = await reportOf(1 - (nearest - 10) / report.map.now)
    expect(metricValue(there, 'first_round_usd')).toBeGreaterThan(0)
  })
})

/** A number printed with one decimal is within half a step of the one it stands for. */
function expectRounded(printed: number, exact: number): void {
  expect(Math.abs(printed - exact)).toBeLessThanOrEqual(0.05 + 1e-9)
}

async function reportOf(drop: number): Promise<Report> {
  const overrides = [['shock.drop', String(drop)]] as const
  const read = await readScenario('eth-lending', diskSource('.'), overrides)
  const { scenario, runId, engineVersion, data } = read
  return run(scenario, { runId, engineVersion, data })
}
