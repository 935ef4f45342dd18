import { describe, expect, it } from 'vitest'
import {
  count,
  counted,
  duration,
  factor,
  missing,
  money,
  percent,
  points,
  price,
  shortId,
  shortPercent,
  signedPercent,
  signedPercentApart,
} from './format.ts'

describe('money', () => {
  it.each([
    [0, '$0'],
    [0.3, '<$1'],
    [756, '$756'],
    [999.7, '$1k'],
    [756_321, '$756k'],
    [999_600, '$1.0M'],
    [18_126_000, '$18.1M'],
    [383_000_000, '$383.0M'],
    [999_960_000, '$1.00B'],
    [1_204_000_000, '$1.20B'],
    [1_500_000_000_000, '$1.50T'],
    [-12_000_000, '\u2212$12.0M'],
    [-0.5, '>\u2212$1'],
    [null, missing],
  ])('default: %s prints %s', (value, text) => expect(money(value)).toBe(text))

  it('default: plain uses an ASCII minus', () => {
    expect(money(-12_000_000, 'plain')).toBe('-$12.0M')
  })
})

describe('price', () => {
  it.each([
    [1467.6, '$1,468'],
    [999.999, '$1,000'],
    [186.254, '$186.25'],
    [1.04531, '$1.0453'],
    [0.99873, '$0.9987'],
    [0.000421345, '$0.0004213'],
    [0, '$0'],
    [null, missing],
  ])('default: %s prints %s', (value, text) => expect(price(value)).toBe(text))

  it('default: an axis may fix the decimals', () => expect(price(1540, 1)).toBe('$1,540.0'))
})

describe('ratios', () => {
  it('default: screen and plain differ in the space and the minus only', () => {
    expect(percent(0.266)).toBe('26.6\u202f%')
    expect(percent(0.266, 1, 'plain')).toBe('26.6%')
    expect(signedPercent(-0.15)).toBe('\u221215.0\u202f%')
    expect(signedPercent(-0.15, 1, 'plain')).toBe('-15.0%')
    expect(signedPercent(0.02, 1, 'plain')).toBe('+2.0%')
    expect(signedPercent(-0, 1, 'plain')).toBe('0.0%')
  })

  it('behaviour: a change takes more decimals where it would print like another', () => {
    expect(signedPercentApart(-0.1497, -0.15, 'plain')).toBe('-14.97%')
    expect(signedPercentApart(-0.14, -0.15, 'plain')).toBe('-14.0%')
    expect(signedPercentApart(-0.15, -0.15, 'plain')).toBe('-15.0%')
    expect(signedPercentApart(null, -0.15, 'plain')).toBe(missing)
  })

  it('default: a drop takes only the decimals it needs', () => {
    expect(shortPercent(0.15, 'plain')).toBe('15%')
    expect(shortPercent(0.148, 'plain')).toBe('14.8%')
    expect(shortPercent(0.07, 'plain')).toBe('7%')
    expect(shortPercent(0.14825, 'plain')).toBe('14.82%')
  })

  it('behaviour: nothing rounds across zero or the whole', () => {
    expect(percent(0.0004, 1, 'plain')).toBe('<0.1%')
    expect(percent(0.004, 0, 'plain')).toBe('<1%')
    expect(percent(-0.0004, 1, 'plain')).toBe('>-0.1%')
    expect(percent(0.99996, 1, 'plain')).toBe('<100%')
    expect(percent(1.0004, 1, 'plain')).toBe('>100%')
    expect(percent(1, 1, 'plain')).toBe('100.0%')
    expect(percent(0, 1, 'plain')).toBe('0.0%')
    expect(percent(null)).toBe(missing)
  })

  it('default: a difference of ratios is in points', () => {
    expect(points(0.0021)).toBe('0.2 points')
    expect(points(-0.02, 'plain')).toBe('-2.0 points')
    expect(points(0.0001)).toBe('<0.1 points')
    expect(points(0.9999)).toBe('100.0 points')
  })
})

describe('factor', () => {
  it.each([
    [1.774, '1.77'],
    [0.9, '0.90'],
    [0.998, '<1'],
    [0.996, '<1'],
    [0.994, '0.99'],
    [1, '1.00'],
    [1.002, '>1'],
    [0.004, '<0.01'],
    [0, '0.00'],
    [null, missing],
  ])('default: %s prints %s', (value, text) => expect(factor(value)).toBe(text))
})

describe('the rest', () => {
  it('default: counts have commas', () => {
    expect(count(2418)).toBe('2,418')
    expect(count(1_234_567)).toBe('1,234,567')
    expect(count(null)).toBe(missing)
  })

  it('default: what is counted is one or many', () => {
    expect(counted(1, 'account')).toBe('1 account')
    expect(counted(0, 'account')).toBe('0 accounts')
    expect(counted(2418, 'bid is', 'bids are')).toBe('2,418 bids are')
  })

  it('default: a duration is a whole number of its largest unit', () => {
    expect(duration(48)).toBe('48 s')
    expect(duration(100)).toBe('100 s')
    expect(duration(720)).toBe('12 min')
    expect(duration(18_000)).toBe('5 h')
    expect(duration(86_400 * 1120)).toBe('1,120 d')
    expect(duration(null)).toBe(missing)
  })

  it('default: a run id keeps its ends', () => {
    expect(shortId('7c1e00000000a90f')).toBe('7c1e…a90f')
    expect(shortId('sha256:7c1e00000000a90f')).toBe('7c1e…a90f')
    expect(shortId('7c1ea90f')).toBe('7c1ea90f')
  })
})
