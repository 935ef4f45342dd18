import { describe, expect, it } from 'vitest'
import { codeOf, opening, walk } from './moments.suite.ts'
import { oracleFrom } from './oracleFrom.ts'

describe('oracleFrom', () => {
  it('behaviour: builds each model from its parameters', () => {
    const specs = [
      { kind: 'spot' },
      { ...pushed },
      { kind: 'securityModule', hopSeconds: 3600, feedDelaysSeconds: [0], pokeMaxGwei: null },
      { kind: 'twap', windowSeconds: 1800, mean: 'geometric' },
      { kind: 'ema', timeSeconds: 600 },
      { ...confident },
      { kind: 'mark', component: 'median', timeSeconds: 150, ownWeight: 0, funding: null },
      { kind: 'capped', ...cap, under: { kind: 'spot' } },
    ] as const
    for (const spec of specs) {
      const oracle = oracleFrom(spec, opening(100))
      expect([oracle.kind, oracle.price()]).toEqual([spec.kind, 100])
    }
  })

  it('behaviour: a cap stands on the feed beneath it, even on another cap', () => {
    const lower = { kind: 'capped', ...cap, snapshotRatio: 120, under: pushed } as const
    const path = walk(oracleFrom({ kind: 'capped', ...cap, under: lower }, opening(100)), 12)
    expect(path.blocks(1, 104)).toBe(100)
    expect(path.blocks(1, 110)).toBe(110)
    expect(path.blocks(1, 130)).toBe(120)
  })

  it('error: a fault beneath a cap is found', () => {
    const spec = { kind: 'capped', ...cap, under: { kind: 'ema', timeSeconds: 0 } } as const
    expect(codeOf(() => oracleFrom(spec, opening(100)))).toBe('FB2401')
  })
})

const pushed = {
  kind: 'pushed',
  deviation: 0.05,
  heartbeatSeconds: 3600,
  delaySeconds: 0,
  delaySpread: 0,
  calmGwei: 20,
  congestionPower: 1,
  answerMin: null,
  answerMax: null,
} as const

const confident = {
  kind: 'confident',
  width: 0.001,
  volatilityWidth: 1,
  halfLifeSeconds: 60,
  widthMax: 0.02,
  delaySeconds: 0,
} as const

const cap = { growthPerYear: 0, snapshotRatio: 1000, snapshotAgeSeconds: 0 }
