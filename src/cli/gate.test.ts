import { describe, expect, it } from 'vitest'
import { sampleReport } from '../figures/sample.suite.ts'
import type { MetricAt, Report } from '../report.ts'
import { judge, parseGate } from './gate.ts'

const base = sampleReport(0.15)
const entry = (h: number, value: number | null): MetricAt => ({
  h,
  value,
  unit: 'ratio',
  basis: 'the opening',
  definition: 'As in the sample.',
})
const report: Report = {
  ...base,
  metrics: { ...base.metrics, loop_gain: [entry(0.01, 0.4), entry(0.1, 1.2), entry(0.2, null)] },
}

function verdict(text: string): boolean {
  return judge(parseGate(text, '--gate'), report).ok
}

describe('gates', () => {
  it('default: compare a metric with a quantity', () => {
    expect(verdict('total_liquidated_usd < 1B')).toBe(true)
    expect(verdict('total_liquidated_usd<$1.5m')).toBe(false)
    expect(verdict('final_drop <= 90%')).toBe(true)
    expect(verdict('rounds >= 2')).toBe(true)
    expect(verdict('rounds > 1k')).toBe(false)
  })

  it('behaviour: a parameter chooses an entry, without one all entries must hold', () => {
    expect(verdict('loop_gain(1%) < 1')).toBe(true)
    expect(verdict('loop_gain(0.1) < 1')).toBe(false)
    expect(verdict('loop_gain < 2')).toBe(false)
  })

  it('behaviour: a metric without a value breaches, and says so', () => {
    expect(judge(parseGate('loop_gain(20%) < 9', '--gate'), report)).toMatchObject({
      ok: false,
      detail: 'has no value (the opening)',
    })
  })

  it('behaviour: says what it got', () => {
    const { detail } = judge(parseGate('loop_gain(10%) < 1', '--gate'), report)
    expect(detail).toBe('got 1.20')
  })

  it.each(['rounds', 'rounds = 3', 'rounds < many', '< 3', 'rounds < 3 4'])(
    'error: %s is no gate',
    (text) => {
      expect(() => parseGate(text, '--gate')).toThrow('FB2021')
    },
  )

  it('error: an unknown metric or entry, with what was meant', () => {
    expect(() => verdict('total_liquidatd_usd < 1')).toThrow(/FB2022.*mean total_liquidated_usd/)
    expect(() => verdict('loop_gain(3%) < 1')).toThrow('FB2023')
    expect(() => verdict('rounds(3%) < 1')).toThrow('FB2023')
  })
})
