import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { log } from '../math/exponential.ts'
import type { Curve } from '../venue.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { orderBook } from '../venues/orderBook.ts'
import { type Ladder, ladderFrom } from './ladder.ts'
import {
  amplificationFromGain,
  type GainState,
  gainPeak,
  gainProfile,
  loopGain,
  typicalSaleDrop,
} from './loopGain.ts'

const common = {
  name: 'venue',
  base: 0,
  quoteAsset: 1,
  fee: 0,
  asOf: null,
  beyond: 'wall',
} as const

function pool(outside: number, reserve: number, reprice: 'arbitrage' | 'cash'): Curve {
  return constantProduct({ ...common, outside, reserve, keepsFee: false, reprice }).curve!
}

function impact(
  outside: number,
  shape: 'none' | 'linear' | 'exponential',
  coefficient: number,
): Curve {
  const model = { shape, coefficient, crossover: 0, observedUnits: null }
  return impactCurve({ ...common, beyond: 'linear', outside, ...model }).curve!
}

function levels(outside: number, price: number[], size: number[]): Curve {
  return orderBook({ ...common, outside, price, size, levels: 'absolute' }).curve!
}

function ladder(trigger: readonly number[], units: readonly number[]): Ladder {
  return ladderFrom(Float64Array.from(trigger), Float64Array.from(units))
}

const calm = (outside: number): GainState => ({ outside, sold: 0, from: 0 })

// The eight-account book of the worked values: outside price 2000, pool arbitraged along its curve.
const eight = ladder(
  [1960, 1940, 1900, 1880, 1800, 1790, 1600, 1500],
  [10, 25, 5, 40, 60, 15, 100, 30],
)

describe('loopGain', () => {
  it('default: worked profile of eight accounts on a pool of 2500', () => {
    const profile = gainProfile(
      eight,
      pool(2000, 2500, 'arbitrage'),
      calm(2000),
      [0.03, 0.05, 0.1, 0.12, 0.2, 0.25],
    )
    const expected = [
      0.26065143736, 0.53891024165, 0.59157865538, 0.93934296185, 0.52527242921, 0.65933836474,
    ]
    profile.forEach(({ gain }, i) => {
      expect(gain).toBeCloseTo(expected[i], 10)
    })
  })

  it('default: a pool four times as deep has a quarter of the gain', () => {
    const gain = (reserve: number, h: number) =>
      loopGain(eight, pool(2000, reserve, 'arbitrage'), calm(2000), h).gain
    for (const h of [0.03, 0.1, 0.25]) expect(gain(10_000, h)).toBeCloseTo(gain(2500, h) / 4, 12)
  })

  it('default: worked gains just past each of the eight triggers', () => {
    const curve = pool(2000, 2500, 'arbitrage')
    const expected = [
      0.3939898987, 0.9122800308, 0.615897419, 1.018419185, 1.035262647, 1.087092882, 0.8641578674,
      0.7369075841,
    ]
    eight.trigger.forEach((trigger, k) => {
      const h = 1 - trigger / 2000
      expect(loopGain(eight, curve, calm(2000), h + 1e-13).gain).toBeCloseTo(expected[k], 9)
    })
  })

  it('behaviour: one whale shows as few effective accounts and is not called a loop', () => {
    const small = Array.from({ length: 200 }, (_, i) => 1999 - 2 * i)
    const book = ladder([...small, 1901], [...small.map(() => 1), 400])
    const curve = impact(2000, 'linear', 0.2)
    const at = (h: number) => loopGain(book, curve, calm(2000), h)
    expect(at(0.02)).toMatchObject({ gain: 0.1, accounts: 20, label: 'loop' })
    expect(at(0.02).effectiveAccounts).toBeCloseTo(20, 12)
    expect(at(0.0495).gain).toBeCloseTo(0.098989899, 10)
    expect(at(0.05).gain).toBeCloseTo(0.9, 12)
    expect(at(0.05).effectiveAccounts).toBeCloseTo(1.265, 3)
    expect(at(0.05).label).toBe('single account')
    expect(at(0.1).gain).toBeCloseTo(0.5, 12)
    expect(at(0.2).gain).toBeCloseTo(0.3, 12)
    expect(at(0.2).effectiveAccounts).toBeCloseTo(2.247, 3)
  })

  it('behaviour: the standard error is the gain over the root of the effective accounts', () => {
    const book = ladder([99, 98, 97, 96], [2, 2, 2, 2])
    const { gain, standardError } = loopGain(book, impact(100, 'linear', 0.1), calm(100), 0.05)
    expect(standardError).toBeCloseTo(gain / 2, 14)
  })

  it('behaviour: an empty band has a gain of 0 and no standard error', () => {
    const empty = loopGain(eight, pool(2000, 2500, 'arbitrage'), calm(2000), 0.01)
    expect(empty).toMatchObject({ gain: 0, accounts: 0, effectiveAccounts: 0, standardError: null })
    expect(empty.label).toBe('nothing in the band')
  })

  it('behaviour: a trigger at the foot of the band is outside, one at the price inside', () => {
    const curve = impact(100, 'linear', 0.1)
    expect(loopGain(ladder([100, 90], [1, 1]), curve, calm(100), 0.1).accounts).toBe(1)
  })

  it('behaviour: sold accounts wait in no band', () => {
    const curve = impact(2000, 'linear', 0.2)
    const state = { outside: 1940, sold: 35, from: 2 }
    const { accounts, forced } = loopGain(eight, curve, state, 0.05)
    expect([accounts, forced]).toEqual([2, 45])
  })

  it('behaviour: an account without debt, which never sells, is no typical sale', () => {
    const curve = impact(100, 'linear', 0.1)
    expect(typicalSaleDrop(ladder([90, 0], [1, 500]), curve, calm(100))).toBeCloseTo(0.001, 14)
  })

  it('behaviour: without impact nothing feeds back', () => {
    const curve = impact(2000, 'none', 0)
    expect(loopGain(eight, curve, calm(2000), 0.25).gain).toBe(0)
    expect(gainPeak(eight, curve, calm(2000), 0)).toMatchObject({ gain: 0, index: -1 })
    expect(typicalSaleDrop(eight, curve, calm(2000))).toBe(0)
  })

  it('law: splitting accounts and changing units change no gain', () => {
    const half = ladder(
      [...eight.trigger, ...eight.trigger],
      [...eight.units, ...eight.units].map((units) => units / 2),
    )
    const thousand = ladder(
      [...eight.trigger],
      [...eight.units].map((units) => units * 1000),
    )
    for (const h of [0.03, 0.05, 0.1, 0.2]) {
      const { gain } = loopGain(eight, pool(2000, 2500, 'arbitrage'), calm(2000), h)
      expect(loopGain(half, pool(2000, 2500, 'arbitrage'), calm(2000), h).gain).toBeCloseTo(
        gain,
        12,
      )
      const scaled = loopGain(thousand, pool(2000, 2.5e6, 'arbitrage'), calm(2000), h)
      expect(scaled.gain).toBeCloseTo(gain, 12)
    }
  })
})

describe('gainPeak', () => {
  it('default: worked peak of the eight accounts stands at the sixth trigger', () => {
    const peak = gainPeak(eight, pool(2000, 2500, 'arbitrage'), calm(2000), 0)
    expect(peak.gain).toBeCloseTo(1.087092882, 9)
    expect(peak.h).toBeCloseTo(1 - 1790 / 2000, 14)
    expect(peak.index).toBe(5)
  })

  it('behaviour: triggers nearer than the least drop do not count', () => {
    const peak = gainPeak(eight, pool(2000, 2500, 'arbitrage'), calm(2000), 0.11)
    expect(peak.index).toBe(6)
    expect(peak.gain).toBeCloseTo(0.8641578674, 9)
  })

  it('behaviour: on the very edge the peak is infinite, unless a typical sale is the scale', () => {
    const book = ladder([100, 95, 90], [1, 1, 1])
    const curve = impact(100, 'linear', 0.1)
    expect(gainPeak(book, curve, calm(100), 0)).toEqual({
      gain: Number.POSITIVE_INFINITY,
      h: 0,
      index: 0,
    })
    const least = typicalSaleDrop(book, curve, calm(100))
    expect(least).toBeCloseTo(0.001, 14)
    expect(gainPeak(book, curve, calm(100), least).gain).toBeCloseTo(0.04, 12)
  })

  it('law: a cascade feeds itself exactly when the peak passes 1, on every kind of venue', () => {
    fc.assert(
      fc.property(someBook, someVenue, fc.double({ min: 0, max: 0.4, noNaN: true }), (...given) => {
        const [book, curve, drop] = given
        const state = rest(book, curve, OPENING * (1 - drop))
        const { gain } = gainPeak(book, curve, state, 0)
        fc.pre(Math.abs(gain - 1) > 1e-9)
        expect(gain > 1).toBe(selfSustaining(book, curve, state, Number.POSITIVE_INFINITY))
      }),
      { seed: 20150, numRuns: 1500 },
    )
  })

  it('law: it reaches a price exactly when the gain there or past a deeper trigger is 1', () => {
    const share = fc.double({ min: 0.01, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(someBook, someVenue, share, (book, curve, h) => {
        const state = rest(book, curve, OPENING * 0.999)
        const price = curve.price(state.outside, state.sold)
        const there = loopGain(book, curve, state, h).gain
        const deeper = gainPeak(book, curve, state, h).gain
        fc.pre(Math.abs(there - 1) > 1e-9 && Math.abs(deeper - 1) > 1e-9)
        expect(there > 1 || deeper > 1).toBe(selfSustaining(book, curve, state, price * (1 - h)))
      }),
      { seed: 20151, numRuns: 1500 },
    )
  })
})

describe('amplificationFromGain', () => {
  it('behaviour: a gain of 1 or more needs no outside part', () => {
    expect(amplificationFromGain(0.6)).toBeCloseTo(2.5, 14)
    expect(amplificationFromGain(1)).toBeNull()
  })

  it('law: additive impact amplifies in USD, exponential in log drops, a pool in units', () => {
    const inCoordinate: [Curve, (price: number) => number][] = [
      [impact(OPENING, 'linear', 0.02), (price) => OPENING - price],
      [impact(OPENING, 'exponential', 2e-4), (price) => -log(price / OPENING)],
      [pool(OPENING, 5000, 'arbitrage'), (price) => 5000 * (Math.sqrt(OPENING / price) - 1)],
    ]
    const drop = fc.double({ min: 0.001, max: 0.3, noNaN: true })
    fc.assert(
      fc.property(someBook, fc.constantFrom(...inCoordinate), drop, (book, [curve, move], s) => {
        const outside = OPENING * (1 - s)
        const end = rest(book, curve, outside)
        const price = curve.price(end.outside, end.sold)
        const { gain } = loopGain(book, curve, calm(OPENING), 1 - price / OPENING)
        const whole = move(outside) * amplificationFromGain(gain)!
        expect(Math.abs(whole / move(price) - 1)).toBeLessThan(1e-8)
      }),
      { seed: 20152, numRuns: 600 },
    )
  })
})

const OPENING = 100

const someBook = fc
  .array(
    fc.tuple(
      fc.double({ min: 50, max: OPENING, noNaN: true }),
      fc.double({ min: 1, max: 25, noNaN: true }),
    ),
    { minLength: 10, maxLength: 40 },
  )
  .map((accounts) =>
    ladder(
      accounts.map(([trigger]) => trigger),
      accounts.map(([, units]) => units),
    ),
  )

// As deep as the books are heavy, so that about every second one could feed itself.
const someVenue = fc.constantFrom(
  impact(OPENING, 'linear', 0.15),
  impact(OPENING, 'exponential', 2.5e-3),
  pool(OPENING, 600, 'arbitrage'),
  pool(OPENING, 600, 'cash'),
  levels(
    OPENING,
    Array.from({ length: 60 }, (_, i) => 99.5 - 1.5 * i),
    Array.from({ length: 60 }, (_, i) => 5 + ((7 * i) % 11)),
  ),
)

/** The least cascade by plain rounds, one account at a time. */
function rest(book: Ladder, curve: Curve, outside: number): GainState {
  let k = 0
  while (k < book.trigger.length && curve.price(outside, book.sold[k]) < book.trigger[k]) k++
  return { outside, sold: book.sold[k], from: k }
}

/**
 * Whether some set of further accounts would hold the price at or below `reach`, each below its own
 * trigger.
 */
function selfSustaining(book: Ladder, curve: Curve, state: GainState, reach: number): boolean {
  for (let k = state.from; k < book.trigger.length; k++) {
    const price = curve.price(state.outside, book.sold[k + 1])
    if (price < book.trigger[k] && price <= reach) return true
  }
  return false
}
