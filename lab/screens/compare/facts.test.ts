import { describe, expect, it } from 'vitest'
import { madeUp } from '../../../src/sweep/compare.suite.ts'
import type { Shown } from '../../state/compare.ts'
import { barOf, differencesOf, marked, middlePair, readsAs, signWords } from './facts.ts'

const report = madeUp(['none', 'speed-limit', 'breaker', 'oracle-guard', 'price-band'])
const row = (name: string) => report.measures.find((one) => one.name === name)!
const sold = row('forced_sale_usd')

describe('facts of a comparison', () => {
  it('default: names of arms in a sentence carry their side', () => {
    const pieces = marked('with speed-limit, breakers do not; breaker does', report)
    expect(pieces.filter(({ side }) => side !== null)).toEqual([
      { text: 'speed-limit', side: 'b' },
      { text: 'breaker', side: 'c' },
    ])
    expect(pieces.map(({ text }) => text).join('')).toBe(
      'with speed-limit, breakers do not; breaker does',
    )
  })

  it('default: rows read with the letter of who is better', () => {
    expect(readsAs(sold, 'b')).toEqual({ text: 'B better', side: 'b' })
    expect(readsAs(sold, 'c')).toEqual({ text: 'A better', side: 'a' })
    expect(readsAs(row('lenders_loss_usd'), 'd').text).toBe('no difference shown')
  })

  it('law: what is better for B stands left, whichever way the measure goes', () => {
    const bar = barOf(sold, 'b')!
    expect(bar.to).toBeLessThan(0)
    expect(bar.from).toBeLessThan(bar.at)
    expect(barOf(sold, 'c')!.from).toBeGreaterThan(0)
    const power = madeUp(['none', 'dynamic-threshold']).measures.find(
      ({ name }) => name === 'borrowing_power',
    )!
    expect(power.arms[1].difference!.mean.value!).toBeLessThan(0)
    expect(barOf(power, 'b')!.from).toBeGreaterThan(0)
  })

  it('default: signs are counted in words', () => {
    expect(signWords(sold, 'b')).toMatch(/^B is lower in \d+ of 60 pairs/)
    const same = row('borrowing_power')
    expect(signWords(same, 'b')).toBe('B and A are the same in every pair')
  })

  it('default: differences rise, and the middle one is drawn first', () => {
    const column = (values: readonly number[]) => ({ sold: values })
    const shown = {
      compared: { report, pairs: [0, 2, 3], columns: [column([5, 5, 5]), column([9, 1, 6])] },
    } as unknown as Shown
    expect(differencesOf(shown, 'b', 'sold')).toEqual([
      { pair: 2, by: -4 },
      { pair: 3, by: 1 },
      { pair: 0, by: 4 },
    ])
    expect(middlePair(shown, 'b', 'sold')).toBe(3)
  })
})
