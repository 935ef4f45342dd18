import { describe, expect, it } from 'vitest'
import type { Draft } from '../engine/protocol.ts'
import { askOf, type Choice, compareCommand, differing, mapOf, UnreadableArmError } from './arms.ts'

const draft: Draft = { entry: 'eth-lending', text: null, overrides: [['shock.drop', '20%']] }
const defence = (name: string, values: Record<string, string> = {}): Choice => {
  return { kind: 'defence', defence: name, values }
}
const keys = (text: string): Choice => ({ kind: 'keys', text })

describe('arms of a comparison', () => {
  it('default: what all arms have belongs to the scenario, the rest to its arm', () => {
    const ask = askOf(draft, { a: { kind: 'none' }, b: defence('speedLimit') }, 40)
    expect(ask).toEqual({
      draft,
      arms: [
        { name: 'none', set: [] },
        { name: 'speed-limit', set: [['defences.speedLimit', '{}']] },
      ],
      pairs: 40,
    })
    expect(differing(ask)).toEqual(['defences.speedLimit'])
  })

  it('rule: an arm from the Lab brings what was changed there, and the others what it lacks', () => {
    const then: Draft = { ...draft, overrides: [['shock.drop', '10%']] }
    const ask = askOf(draft, { a: { kind: 'draft', draft: then }, b: { kind: 'none' } }, 40)
    expect(ask.draft.overrides).toEqual([])
    expect(ask.arms.map(({ set }) => set)).toEqual([
      [['shock.drop', '10%']],
      [['shock.drop', '20%']],
    ])
    expect(differing(ask)).toEqual(['shock.drop'])
  })

  it('rule: arms of the same name get the letter of their side', () => {
    const b = defence('fund', { capital: '$2M' })
    const ask = askOf(draft, { a: { kind: 'none' }, b, c: b }, 40)
    const name = 'fund { capital: $2M }'
    expect(ask.arms.map((arm) => arm.name)).toEqual(['none', `${name} (B)`, `${name} (C)`])
  })

  it('default: a value that is typed for a key replaces that of the scenario', () => {
    const ask = askOf(draft, { a: { kind: 'none' }, b: keys('shock.drop = 5%\n\norder=batch') }, 40)
    expect(ask.draft.overrides).toEqual([])
    expect(ask.arms[1]).toEqual({
      name: 'shock.drop=5%; order=batch',
      set: [
        ['shock.drop', '5%'],
        ['order', 'batch'],
      ],
    })
    expect(ask.arms[0].set).toEqual([['shock.drop', '20%']])
  })

  it('error: an arm that changes nothing readable names its side', () => {
    const arms = (b: Choice) => () => askOf(draft, { a: { kind: 'none' }, b }, 40)
    expect(arms(keys(''))).toThrow(UnreadableArmError)
    expect(arms(keys('shock.drop'))).toThrow('B has no key=value in: shock.drop')
    const other: Choice = { kind: 'draft', draft: { ...draft, entry: 'slow-oracle' } }
    expect(arms(other)).toThrow('B was set from another scenario')
  })

  it('default: only typed values stand in the map of a defence', () => {
    expect(mapOf({})).toBe('{}')
    expect(mapOf({ capital: ' $20M ', gas: '' })).toBe('{ capital: $20M }')
  })
})

describe('the command of a comparison', () => {
  const commandOf = (a: Choice, b: Choice) => compareCommand(askOf(draft, { a, b }, 40))

  it('default: defences with their defaults are named in one list', () => {
    expect(commandOf({ kind: 'none' }, defence('speedLimit'))).toBe(
      'firebreak compare eth-lending --drop 20% --defences speed-limit --pairs 40',
    )
  })

  it('default: a first arm that changes something is said with --a, several keys with ;', () => {
    expect(commandOf(defence('fund'), keys('order=batch\ndepth.haircut=50%'))).toBe(
      "firebreak compare eth-lending --drop 20% --a 'defences.fund={}' " +
        "--b 'order=batch; depth.haircut=50%' --pairs 40",
    )
  })
})
