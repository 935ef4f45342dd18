import { describe, expect, it } from 'vitest'
import { ageOf } from './age.ts'

const now = Date.parse('2026-03-01T12:00:00Z')

describe('age of data', () => {
  it.each([
    ['2026-03-01T11:59:12Z', 'data 48 s old', 'fresh'],
    ['2026-03-01T11:00:00Z', 'data 60 min old', 'fresh'],
    ['2026-03-01T10:59:59Z', 'data 60 min old', 'stale'],
    ['2026-02-27T12:00:00Z', 'data 2 d old', 'stale'],
    ['2020-03-12T00:00:00Z', 'data of 2020-03-12', 'stale'],
    ['2026-03-01T12:00:05Z', 'data 0 s old', 'fresh'],
  ])('default: %s is %s', (asOf, text, tone) => {
    expect(ageOf(asOf, false, now)).toEqual({ text, tone })
  })

  it('default: made-up data has no age', () => {
    expect(ageOf(null, true, now)).toEqual({ text: 'synthetic', tone: 'plain' })
  })

  it.each([null, 'yesterday'])('boundary: data of time %s is doubtful', (asOf) => {
    expect(ageOf(asOf, false, now)).toEqual({ text: 'age unknown', tone: 'stale' })
  })
})
