import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  byAsset,
  choice,
  fields,
  type Given,
  groups,
  groupTerms,
  inKeys,
  keyOf,
  list,
  money,
  number,
  ofTime,
  optional,
  or,
  ratio,
  seconds,
} from './parameters.ts'

const declared = {
  version: or(choice('Which.', ['1', '2']), '2'),
  assets: byAsset('Terms.', { threshold: or(ratio('LT.'), null), supplyRate: optional(ratio('')) }),
  markets: groups('Markets.', { lltv: ratio('LLTV.') }),
  eModes: or(groupTerms('Modes.', { bonus: or(ratio('Bonus.'), 0) }), []),
  gas: fields('Gas.', { bite: number('Of a bite.') }),
  buckets: list('Buckets.', { price: number('Price.') }),
  dustUsd: money('Dust.'),
  ttlSeconds: ofTime(seconds('How long.')),
}

describe('parameters', () => {
  it('default: what a factory gets follows from what it declares', () => {
    type Of = Given<typeof declared>
    expectTypeOf<Of['version']>().toEqualTypeOf<'1' | '2'>()
    expectTypeOf<Of['assets'][number]['threshold']>().toEqualTypeOf<number | null>()
    expectTypeOf<Of['assets'][number]['asset']>().toEqualTypeOf<number>()
    expectTypeOf<Of['assets'][number]>().toHaveProperty('supplyRate')
    expectTypeOf<Of['markets'][number]['group']>().toEqualTypeOf<number>()
    expectTypeOf<Of['eModes'][number]['assets'][number]['bonus']>().toEqualTypeOf<number>()
    expectTypeOf<Of['gas']['bite']>().toEqualTypeOf<number>()
    expectTypeOf<Of['buckets'][number]['price']>().toEqualTypeOf<number>()
    expectTypeOf<Of['dustUsd']>().toEqualTypeOf<number>()
  })

  it('default: the key of a file has no unit, since its quantity has one', () => {
    const keys = Object.entries(declared).map(([name, { shape }]) => keyOf(name, shape))
    expect(keys.slice(-2)).toEqual(['dust', 'ttl'])
    expect(keyOf('lotUnits', number('').shape)).toBe('lot')
    expect(keyOf('ratioUnits', ratio('').shape)).toBe('ratioUnits')
  })

  it('behaviour: a text names keys in place of parameters, those within others too', () => {
    const inside = { ...declared, vaults: groups('V.', { rampSeconds: seconds('R.') }) }
    const text = inKeys(inside, 'ttlSeconds and rampSeconds, not `dustUsds`; dustUsd')
    expect(text).toBe('ttl and ramp, not `dustUsds`; dust')
    expect(inKeys({}, text)).toBe(text)
  })

  it('behaviour: or and ofTime keep the rest of a field', () => {
    expect(declared.version).toMatchObject({ about: 'Which.', otherwise: '2' })
    expect(declared.ttlSeconds).toMatchObject({ isOfTime: true, shape: { type: 'seconds' } })
  })
})
