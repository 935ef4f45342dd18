import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { instantRun } from '../instant.ts'
import type { Report } from '../report.ts'
import { caption, metricValue } from './caption.ts'

const sentence =
  /^A ([\d.]+)% drop sells \$([\d.]+)([kM]); those sales push the price ([\d.]+)% further; the staircase closes at -([\d.]+)% after (\d+) rounds?\.$/
const nothing = /^A ([\d.]+)% drop sells nothing: the nearest level is \$([\d,]+)\.$/

// Read back digit by digit, so that the formats have no say in what is right.
describe('caption of a real run', () => {
  it.each([0.05, 0.14, 0.15, 0.25])('law: its numbers are the metrics at %s', async (drop) => {
    const report = await reportOf(drop)
    if (metricValue(report, 'first_round_usd') === 0) await expectNothing(report)
    else expectSentence(report)
  })
})

function expectSentence(report: Report): void {
  const words = sentence.exec(caption(report, 'plain'))
  expect(words, caption(report, 'plain')).not.toBeNull()
  const [given, sold, impact, final, rounds] = words!
    .filter((_, i) => i !== 3)
    .slice(1)
    .map(Number)
  const [{ price_before, price_after }] = report.rounds
  expect(given / 100).toBeCloseTo(report.shock.drop, 12)
  const unit = words![3] === 'M' ? 1e6 : 1e3
  expectRounded(sold, metricValue(report, 'first_round_usd')! / unit, words![3] === 'M' ? 1 : 0)
  expectRounded(impact, 100 * (1 - price_after / price_before), 1)
  expectRounded(final, 100 * metricValue(report, 'final_drop')!, 1)
  expect(metricValue(report, 'final_drop')).toBeCloseTo(1 - report.map.final / report.map.now, 12)
  expect(rounds).toBe(metricValue(report, 'rounds'))
  expect(report.rounds).toHaveLength(rounds)
}

/** Nothing sells, and a little below the level that it names something does. */
async function expectNothing(report: Report): Promise<void> {
  const words = nothing.exec(caption(report, 'plain'))
  expect(words, caption(report, 'plain')).not.toBeNull()
  const nearest = Number(words![2].replaceAll(',', ''))
  expect(metricValue(report, 'total_liquidated_usd')).toBe(0)
  expect(nearest).toBeLessThan(report.map.shocked)
  const below = await reportOf(1 - (nearest * 0.995) / report.map.now)
  expect(metricValue(below, 'first_round_usd')).toBeGreaterThan(0)
}

/** A printed number is within half of its last digit of the one it stands for. */
function expectRounded(printed: number, exact: number, decimals: 0 | 1): void {
  expect(Math.abs(printed - exact)).toBeLessThanOrEqual((decimals === 1 ? 0.05 : 0.5) + 1e-9)
}

async function reportOf(drop: number): Promise<Report> {
  const overrides = [['shock.drop', String(drop)]] as const
  const read = await readScenario('eth-lending', diskSource('.'), overrides)
  const { scenario, runId, engineVersion, data } = read
  return instantRun(scenario, { runId, engineVersion, data })
}
