import { describe, expect, it } from 'vitest'
import { definitionOf, definitions } from './definitions.ts'

const all = Object.entries(definitions)

describe('definitions', () => {
  it('default: every metric says what it is, how it is computed, from where, and its trap', () => {
    for (const [name, definition] of all) {
      const { sentence, formula, source, trap, unit } = definition
      expect(sentence, name).toMatch(/^[A-Z].*[^.]\.$/)
      expect(trap, name).toMatch(/\.$/)
      for (const text of [formula, source, unit]) expect(text, name).not.toBe('')
    }
  })

  it('behaviour: the unit is in the name where it is money', () => {
    for (const [name, { unit }] of all) {
      if (name.endsWith('_usd')) expect(unit, name).toBe('usd')
    }
  })

  it('behaviour: no name that the field uses for several things', () => {
    for (const [name] of all) expect(name).not.toMatch(/^(var|lar|car|evar)(_|$)/)
  })

  it('behaviour: unknown names have none, also those that every object has', () => {
    expect(definitionOf('amplification')?.unit).toBe('ratio')
    expect(definitionOf('weather')).toBeUndefined()
    expect(definitionOf('toString')).toBeUndefined()
  })
})
