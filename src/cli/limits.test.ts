import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyLimits, limitsOf, numberOf } from './limits.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-limits-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function read(text: string) {
  writeFileSync(join(folder, 'limits.yaml'), text)
  return limitsOf('limits.yaml', folder)
}

const drop = { key: 'shock.drop', values: ['5%', '10%', '15%', '20%', '25%'] }
const delay = { key: 'oracle.delay', values: ['10s', '1min', '10min', '12min'] }

function heldBy(text: string, resolved: unknown, { key, values } = drop): string[] {
  const limits = keyLimits(read(text), [{ key, values }], resolved)
  return values.filter((value) => limits.every((limit) => limit.holds(value)))
}

describe('limits', () => {
  it('vector: least, most, and steps from the own value, both ends held', () => {
    const own = { shock: { drop: 0.15 } }
    expect(heldBy('keys: { drop: { least: 10%, most: 20% } }', own)).toEqual(['10%', '15%', '20%'])
    expect(heldBy('keys: { drop: { step: 5% } }', own)).toEqual(['10%', '15%', '20%'])
    expect(heldBy('keys: { shock.drop: { step: 500bps } }', own)).toEqual(['10%', '15%', '20%'])
    expect(heldBy('keys: { drop: { step: { relative: 67% } } }', own)).toEqual(drop.values)
    expect(heldBy('keys: { drop: { step: { relative: 66% } } }', own)).toEqual([
      '10%',
      '15%',
      '20%',
    ])
    expect(heldBy('keys: { drop: { step: 0.05 } }', own)).toEqual(['10%', '15%', '20%'])
    const texts = keyLimits(read('keys: { drop: { most: 20%, step: 5% } }'), [drop], own)
    expect(texts.map(({ text }) => text)).toEqual(['drop: most 20%', 'drop: step 5% from 15%'])
  })

  it('vector: where the scenario has a span, 10m is ten minutes', () => {
    const own = { oracle: { delay: '60s' } }
    expect(heldBy('keys: { oracle.delay: { most: 10m } }', own, delay)).toEqual([
      '10s',
      '1min',
      '10min',
    ])
    expect([numberOf('10m', false), numberOf('10m', true), numberOf('ten', true)]).toEqual([
      1e7,
      600,
      null,
    ])
  })

  it('behaviour: bounds are gates, with the number of runs that they are on', () => {
    const { bounds } = read('measures:\n  - bad_debt_usd(q95) < 1M\n')
    expect(bounds).toMatchObject([
      {
        measure: 'bad_debt_usd',
        stat: 'q95',
        text: 'bad_debt_usd(q95) < 1M',
        place: 'limits.yaml:2:5',
      },
    ])
    expect([bounds[0].holds(999_999), bounds[0].holds(1e6)]).toEqual([true, false])
  })

  it('error: what is wrong is told with its line', () => {
    const wrong: [string, RegExp][] = [
      ['', /FB2028 limits.yaml: .*empty/],
      ['keys: [', /FB2028 limits.yaml:1:/],
      ['keys:\n  drop: { least: 5%, mots: 20% }', /FB2028 limits.yaml:2:22: .*Did you mean most/],
      ['keys:\n  drop: { most: plenty }', /FB2028 limits.yaml:2:17: .*plenty/],
      ['keys:\n  drop: {}', /FB2028 limits.yaml:2:9: .*drop/],
      ['kyes: {}', /FB2028 limits.yaml:1:1: .*Did you mean keys/],
      ['keys: 5%', /FB2028 limits.yaml:1:7/],
      ['measures: bad_debt_usd < 1M', /FB2028 limits.yaml:1:11/],
      ['measures: [bad_debt_usd]', /FB2021 limits.yaml:1:12/],
      ['measures: [bad_debt_usd(q96) < 1]', /FB2021 limits.yaml:1:12/],
    ]
    for (const [text, said] of wrong) expect(() => read(text), text).toThrow(said)
    expect(() => limitsOf('none.yaml', folder)).toThrow(/FB2028 none.yaml/)
    expect(() => heldBy('keys: { depth.haircut: { most: 5% } }', {})).toThrow(
      /FB2029 limits.yaml:1:9/,
    )
    expect(() => heldBy('keys: { drop: { step: 5% } }', {})).toThrow(/FB2028 limits.yaml:1:9/)
  })
})
