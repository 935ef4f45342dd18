import { describe, expect, it } from 'vitest'
import { InputError, SourceError } from '../errors.ts'
import { failureJson, failureLines, failureOf } from './failure.ts'
import { recorder } from './host.suite.ts'
import { paintFor } from './paint.ts'

const facts = {
  code: 'FB2011',
  rule: 'a ratio above 1 needs a unit',
  place: 'eth.yaml:14:9',
  came: '83',
  remedy: 'Write 83%, 8300bps or 0.83',
}

describe('failures', () => {
  it('default: code, rule and what came, then place, remedy and where to read on', () => {
    const lines = failureLines(failureOf(new InputError(facts)), recorder(), paintFor('none'))
    expect(lines).toEqual([
      'error FB2011  a ratio above 1 needs a unit, got 83',
      '  at eth.yaml:14:9',
      '  Write 83%, 8300bps or 0.83',
      '  firebreak help FB2011',
    ])
  })

  it('default: the same facts as one JSON document', () => {
    expect(JSON.parse(failureJson(failureOf(new InputError(facts))))).toEqual({ error: facts })
  })

  it('behaviour: the rule is found again whatever is missing', () => {
    const { code, rule, place, came, remedy } = facts
    for (const some of [{}, { place }, { came }, { remedy }, { place, remedy }, { came, remedy }]) {
      expect(failureOf(new InputError({ code, rule, ...some })).rule).toBe(rule)
    }
  })

  it('behaviour: the family decides the exit code', () => {
    expect(failureOf(new InputError(facts)).exit).toBe(2)
    expect(failureOf(new SourceError(facts)).exit).toBe(4)
    expect(failureOf(new TypeError('x is undefined')).exit).toBe(1)
  })

  it('behaviour: a fault of ours shows its stack only on request', () => {
    const failure = failureOf(new TypeError('x is undefined'))
    expect(failureLines(failure, recorder(), paintFor('none')).join('\n')).not.toContain('    at ')
    const debug = recorder({ env: { FIREBREAK_DEBUG: '1' } })
    expect(failureLines(failure, debug, paintFor('none')).join('\n')).toContain('    at ')
  })
})
