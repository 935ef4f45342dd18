import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import type { Report } from '../report.ts'
import { run } from '../run.ts'
import { caption, metricValue } from './caption.ts'

const sentence =
  /^A ([\d.]+)% drop sells \$([\d.]+)([kM]); those sales push the price ([\d.]+)% further; the staircase closes at -([\d.]+)% after (\d+) rounds?\.$/

// Read back digit by digit, so that the formats have no say in what is right.
describe('caption of a real run', () => {
  it.each([0.05, 0.14, 0.15, 0.25])('law: its numbers are the metrics at %s', async (drop) => {
    const report = await reportOf(drop)
    const words = sentence.exec(caption(report, 'plain'))
    expect(words, caption(report, 'plain')).not.toBeNull()
    const [given, sold, unit, impact, final, rounds] = words!.slice(1)
    const [first] = report.rounds
    const scale = unit === 'M' ? 1e6 : 1e3
    expect(Number(given) / 100).toBeCloseTo(drop, 12)
    expect(Math.abs(Number(sold) * scale - metricValue(report, 'first_round_usd')!)).toBeLessThan(
      unit === 'M' ? 0.05e6 : 500,
    )
    expect(first.repaid_usd).toBeCloseTo(metricValue(report, 'first_round_usd')!, 6)
    expect(
      Math.abs(Number(impact) - 100 * (1 - first.price_after / first.price_before)),
    ).toBeLessThan(0.0501)
    expect(Math.abs(Number(final) - 100 * metricValue(report, 'final_drop')!)).toBeLessThan(0.0501)
    expect(metricValue(report, 'final_drop')).toBeCloseTo(1 - report.map.final / report.map.now, 12)
    expect(Number(rounds)).toBe(metricValue(report, 'rounds'))
    expect(Number(rounds)).toBe(report.rounds.length)
  })
})

async function reportOf(drop: number): Promise<Report> {
  const overrides = [['shock.drop', String(drop)]] as const
  const read = await readScenario('eth-lending', diskSource('.'), overrides)
  const { scenario, runId, engineVersion, data } = read
  return run(scenario, { runId, engineVersion, data })
}
