import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import {
  type CompareFacts,
  compareReport,
  IGNITED,
  LENDERS_LOSS,
  SampleOfOneError,
} from './compare.ts'
import type { Measure } from './meter.ts'

const names = [
  'total_liquidated_usd',
  'bad_debt_usd',
  'shortfall_usd',
  'forced_sale_usd',
  'paid_by_funds_usd',
  'kept_by_protocols_usd',
  'borrower_loss_usd',
  'borrowing_power',
  'liquidator_profit_usd',
]
const measures: Measure[] = names.map((name) => ({ name, unit: 'usd', definition: `${name}.` }))
const PAIRS = 200

/** A run in which everything moves with one draw of the pair; `by` is what an arm makes of it. */
function rowsOf(by: (size: number, noise: number) => number): Float64Array {
  const random = randomAt(5, 1)
  const rows = new Float64Array(PAIRS * names.length)
  for (let k = 0; k < PAIRS; k++) {
    const size = 1e6 * (1 + 0.5 * random.normal(k, 0))
    const usd = by(size, random.normal(k, 1))
    rows.set(
      [usd, 0.1 * usd, 0.05 * usd, usd, 0.02 * usd, 0.01 * usd, 0.06 * usd, 1, 0.02 * usd],
      k * names.length,
    )
  }
  return rows
}

function factsOf(rows: readonly Float64Array[]): CompareFacts {
  return {
    ...{ runId: 'id', engineVersion: '0', scenario: 'small', seed: 1, sample: [], added: [] },
    arms: rows.map((_, a) => ({
      name: a === 0 ? 'none' : `arm ${a}`,
      set: [],
      run_id: '',
    })),
    measures,
    rows,
    still: rowsOf((size) => 0.8 * size),
    toleranceUsd: 0.25e6,
    ...{ warnings: [], data: [] },
  }
}

const bare = rowsOf((size) => size)
const less = rowsOf((size, noise) => 0.9 * size + 2e4 * noise)
const more = rowsOf((size, noise) => 1.05 * size + 2e4 * noise)

describe('compareReport', () => {
  const report = compareReport(factsOf([bare, less, more]))
  const row = (name: string) => report.measures.find((one) => one.name === name)!

  it('law: pairs give an interval at least three times narrower than samples apart', () => {
    const { unpaired, mean } = row('forced_sale_usd').arms[1].difference!
    expect(unpaired).toBeGreaterThan(3)
    expect(mean.low!).toBeLessThan(-0.1e6)
    expect(mean.high!).toBeGreaterThan(-0.1e6)
  })

  it('default: a difference on one side of 0 is better or worse, by its measure', () => {
    expect(row('forced_sale_usd').arms.map(({ difference }) => difference?.verdict)).toEqual([
      undefined,
      'better',
      'worse',
    ])
    expect(row('borrowing_power').arms[1].difference!.verdict).toBe('none')
    expect(row('liquidator_profit_usd').arms[1].difference!.verdict).toBe('not shown')
  })

  it('rule: what lenders lost is bad debt and shortfall less what was paid for it', () => {
    const [bad, short, paid, both] = [
      'bad_debt_usd',
      'shortfall_usd',
      'paid_by_funds_usd',
      LENDERS_LOSS,
    ].map((name) => row(name).arms[0].mean.value!)
    expect(both).toBeCloseTo(bad + short - 1.5 * paid, 4)
  })

  it('rule: a run has ignited where feedback adds more than the tolerance', () => {
    const share = row(IGNITED).arms[0].mean.value!
    const random = randomAt(5, 1)
    let lit = 0
    for (let k = 0; k < PAIRS; k++) lit += +(0.2 * 1e6 * (1 + 0.5 * random.normal(k, 0)) > 0.25e6)
    expect(share).toBe(lit / PAIRS)
  })

  it('rule: who is nowhere worse and somewhere better dominates', () => {
    expect(report.dominates).toEqual([['arm 2'], ['none', 'arm 2'], []])
  })

  it('behaviour: a pair that failed in one arm is left out of all', () => {
    const broken = less.slice()
    broken.fill(Number.NaN, 3 * names.length, 4 * names.length)
    const left = compareReport(factsOf([bare, broken, more]))
    expect([left.pairs, left.failed]).toEqual([PAIRS - 1, 1])
  })

  it('error: pairs that are all alike are a sample of one', () => {
    const alike = rowsOf(() => 1e6)
    const facts = { ...factsOf([alike, alike]), still: alike }
    expect(() => compareReport(facts)).toThrow(SampleOfOneError)
  })
})
