import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amount,
  drop,
  duration,
  instant,
  rate,
  ratio,
  ratioText,
  span,
  spanText,
} from './quantity.ts'

const any = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
const unit = { from: 0, to: 1 }

function numberOf(reading: ReturnType<typeof ratio>): number {
  if ('fault' in reading) throw new Error(reading.fault.code)
  return reading.value
}

function codeOf(reading: ReturnType<typeof ratio>): string {
  return 'fault' in reading ? reading.fault.code : String(reading.value)
}

describe('quantity', () => {
  it('default: ratios in percent, basis points and as fractions are the same number', () => {
    for (const text of ['83%', '83 %', '8300bps', '8300 bps', '0.83', 0.83, '.83', '8.3e-1'])
      expect(numberOf(ratio(text, unit)), String(text)).toBe(0.83)
  })

  it('error: a bare number above 1 is ambiguous, and the remedy shows all three forms', () => {
    const reading = ratio(83, unit)
    expect(reading).toMatchObject({
      fault: { code: 'FB2011', remedy: 'Write 83%, 8300bps or 0.83' },
    })
    expect(numberOf(ratio(1, unit))).toBe(1)
  })

  it('error: what is no ratio, or outside its limits', () => {
    for (const text of ['', '%', 'much', '1,5%', '0x1', 'NaN', 'Infinity', '1%%', '$3'])
      expect(codeOf(ratio(text, unit)), text).toBe('FB2010')
    for (const text of ['110%', '-1%', '20000bps'])
      expect(codeOf(ratio(text, unit)), text).toBe('FB2013')
    expect(codeOf(ratio('100%', { from: 0, to: 1, open: 'both' }))).toBe('FB2013')
    expect(codeOf(ratio('0%', { from: 0, to: 1, open: 'both' }))).toBe('FB2013')
  })

  it('error: drops are positive', () => {
    expect(codeOf(drop('-15%', unit))).toBe('FB2012')
    expect(codeOf(drop(-0.15, unit))).toBe('FB2012')
    expect(numberOf(drop('15%', unit))).toBe(0.15)
  })

  it('default: money and amounts with suffixes', () => {
    for (const text of ['$1.2m', '1.2M', '$ 1.2 m', '1200k', '1200000', '1.2e6'])
      expect(numberOf(amount(text, any, true)), text).toBe(1_200_000)
    expect(numberOf(amount('1.1M', any, true))).toBe(1_100_000)
    expect(numberOf(amount('$40k', any, true))).toBe(40_000)
    expect(numberOf(amount('2b', any, false))).toBe(2e9)
  })

  it('error: what is no amount', () => {
    for (const text of ['', '$', '12 Mio', '1_000', 'NaN', '12%', '1e', '--1'])
      expect(codeOf(amount(text, any, true)), text).toBe('FB2010')
    expect(codeOf(amount('$5', any, false))).toBe('FB2010')
    expect(codeOf(amount('1e999', any, false))).toBe('FB2013')
    expect(codeOf(amount(0, { from: 0, to: 1e300, open: 'lower' }, true))).toBe('FB2013')
  })

  it('default: spans and times', () => {
    expect(numberOf(duration('30d'))).toBe(30 * 86400)
    expect(numberOf(duration('1.5h'))).toBe(5400)
    expect(numberOf(duration('10min'))).toBe(600)
    expect(numberOf(duration('10m'))).toBe(600)
    expect(codeOf(duration('30'))).toBe('FB2010')
    expect(numberOf(instant('2023-06-19T17:10:00Z'))).toBe(1687194600)
    expect(numberOf(instant('2023-06-19'))).toBe(1687132800)
    for (const text of ['2023-02-30', '19.6.2023', '2023-06-19T17:10:00', '2023-06-19T25:00Z', ''])
      expect(codeOf(instant(text)), text).toBe('FB2014')
  })

  it('error: only a span of 0 needs no unit', () => {
    const fromZero = { from: 0, to: Number.POSITIVE_INFINITY }
    for (const text of [0, '0', '0s', '0h']) expect(numberOf(span(text, fromZero))).toBe(0)
    for (const text of [12, '12', '', 's', '-1s', '1 week', 'Infinitys'])
      expect(codeOf(span(text, fromZero)), String(text)).toBe('FB2010')
    expect(codeOf(span('0s', { ...fromZero, open: 'lower' }))).toBe('FB2013')
    expect(codeOf(span('1e999d', fromZero))).toBe('FB2013')
  })

  it('error: a rate above 1 needs its percent, and the remedy has it', () => {
    const limits = { from: -1000, to: 1000 }
    expect(numberOf(rate('150%', limits))).toBe(1.5)
    expect(numberOf(rate('-300%', limits))).toBe(-3)
    expect(rate(1.5, limits)).toMatchObject({
      fault: { code: 'FB2011', remedy: 'Write 150% or 1.5%' },
    })
    expect(codeOf(rate('100001%', limits))).toBe('FB2013')
  })

  it('law: spans and rates are written as text that reads back to the same number', () => {
    const limits = { from: -1000, to: 1000 }
    const forever = { from: 0, to: Number.POSITIVE_INFINITY }
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (value) => {
        expect(numberOf(rate(ratioText(value), limits)) === value).toBe(true)
      }),
      { seed: 3, numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e300, noNaN: true }), (value) => {
        expect(numberOf(span(spanText(value), forever)) === value).toBe(true)
      }),
      { seed: 4, numRuns: 1000 },
    )
    for (const value of [1, 1.5, 2, 1.07, 12.3456, 1000]) {
      expect(numberOf(rate(ratioText(value), limits))).toBe(value)
    }
  })

  it('law: percent written to four digits reads back as the nearest fraction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10000 }), (n) => {
        expect(numberOf(ratio(`${n / 100}%`, unit))).toBe(n / 10000)
        expect(numberOf(ratio(`${n}bps`, unit))).toBe(n / 10000)
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})
