import { describe, expect, it } from 'vitest'
import { axisFor, indexOf, inputsOf, numberOf, sweepCommand, textOf, valuesOf } from './axis.ts'

const resolved = {
  version: 1,
  seed: 42,
  assets: { ETH: { price: 2000 } },
  market: {
    venues: {
      book: {
        asset: 'ETH',
        fee: 0,
        bands: [
          [0.01, 5_500_000],
          [0.02, 11_500_000],
        ],
      },
    },
  },
  depth: { haircut: 0, recovery: { halfLife: '600s' } },
  shock: { asset: 'ETH', drop: 0.15 },
  gain: { drops: [0.01] },
  protocols: { market: { rules: { kind: 'aaveV3', assets: { ETH: { threshold: 0.83 } } } } },
}
const inputs = inputsOf(resolved, 'ETH')
const inputOf = (key: string) => inputs.find((input) => input.key === key)!
const bids = inputOf('market.venues.book.bands')
const drop = inputOf('shock.drop')

describe('inputs', () => {
  it('default: the drop, the bids and the haircut first, then every other number', () => {
    expect(inputs.map(({ key, unit, value }) => [key, unit, value])).toEqual([
      ['shock.drop', 'ratio', 0.15],
      ['market.venues.book.bands', 'usd', 11_500_000],
      ['depth.haircut', 'ratio', 0],
      ['assets.ETH.price', 'usd', 2000],
      ['market.venues.book.fee', 'ratio', 0],
      ['depth.recovery.halfLife', 'seconds', 600],
      ['protocols.market.rules.assets.ETH.threshold', 'ratio', 0.83],
    ])
  })

  it('behaviour: bids are written as all bands in one proportion', () => {
    expect(bids.write(23e6)).toEqual([
      'market.venues.book.bands',
      '[[0.01, 11000000], [0.02, 23000000]]',
    ])
  })

  it('edge: a scenario without a shock has a drop of 0, one without a book no bids', () => {
    const { shock, market, ...rest } = resolved
    expect(inputsOf(rest, 'ETH').slice(0, 2)).toMatchObject([
      { key: 'shock.drop', value: 0 },
      { key: 'depth.haircut', value: 0 },
    ])
  })
})

describe('axes', () => {
  it('default: a drop runs past the deepest of interest, never from 0', () => {
    expect(axisFor(drop, 60)).toEqual({ key: 'shock.drop', from: '0.5%', to: '30%', step: '0.5%' })
    expect(axisFor({ ...drop, value: 0.42 }, 60)).toMatchObject({ from: '1%', to: '55%' })
  })

  it('law: every axis holds the value of the scenario', () => {
    for (const input of inputs) {
      if (input.key === 'shock.drop' || input.value === 0) continue
      const axis = valuesOf(axisFor(input, 33), input)
      expect(indexOf(axis, input.value), input.key).toBeGreaterThan(0)
      expect(axis.numbers).toEqual(axis.numbers.toSorted((a, b) => a - b))
      expect(new Set(axis.values).size).toBe(axis.values.length)
    }
  })

  it('law: values read back to their numbers', () => {
    for (const input of inputs.filter(({ isLog }) => !isLog)) {
      const { values, numbers } = valuesOf(axisFor(input, 20), input)
      values.forEach((text, k) => {
        expect(numberOf(text)).toBeCloseTo(numbers[k], 9)
      })
    }
  })

  it('behaviour: bids go by ratios, the middle is the book of today', () => {
    const { numbers } = valuesOf(axisFor(bids, 33), bids)
    expect(numbers).toHaveLength(33)
    expect(numbers[16]).toBe(11_500_000)
    expect(numbers[17] / numbers[16]).toBeCloseTo(numbers[1] / numbers[0], 6)
  })

  it('behaviour: a value between two steps is put among them', () => {
    const { values } = valuesOf({ key: 'shock.drop', from: '10%', to: '20%', step: '10%' }, drop)
    expect(values).toEqual(['10%', '15%', '20%'])
  })

  it.each([
    [{ from: '10%', to: '20%', step: 'x' }, /FROM\.\.TO:STEP/],
    [{ from: '10%', to: '20%', step: '50%' }, /2 to 200 values/],
    [{ from: '0%', to: '50%', step: '0.1%' }, /2 to 200 values/],
    [{ from: '$0', to: '$9M', step: '×2' }, /above 0/],
    [{ from: '$1M', to: '$9M', step: '×1' }, /more than ×1/],
  ])('edge: %j is refused', (range, words) => {
    expect(() => valuesOf({ key: 'shock.drop', ...range }, drop)).toThrow(words)
  })

  it('default: the command of a sweep, where there is one', () => {
    const y = { key: 'depth.haircut', from: '0%', to: '80%', step: '5%' }
    expect(sweepCommand('eth-lending', [axisFor(drop, 60), y], ' --set seed=7')).toBe(
      'firebreak sweep eth-lending --set seed=7 --vary drop=0.5%..30%:0.5%' +
        ' --vary depth.haircut=0%..80%:5% --runs 1',
    )
    expect(sweepCommand('eth-lending', [axisFor(drop, 60), axisFor(bids, 33)], '')).toBeNull()
  })

  it('default: numbers as typed', () => {
    expect(['15%', '50bps', '$11.5M', '600s', '10min', '2000', 'x'].map(numberOf)).toEqual([
      0.15,
      0.005,
      11_500_000,
      600,
      600,
      2000,
      null,
    ])
    expect([textOf(0.155, 'ratio'), textOf(600, 'seconds'), textOf(2000, 'usd')]).toEqual([
      '15.5%',
      '600s',
      '2000',
    ])
  })
})
