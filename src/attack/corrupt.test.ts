import { describe, expect, it } from 'vitest'
import { ETH } from '../blocks.suite.ts'
import type { OracleSpec } from '../scenario.ts'
import { type Changes, loans, plainSpec, thinMarket } from './attack.suite.ts'
import { costToCorrupt } from './corrupt.ts'
import { trialOf } from './evaluate.ts'

/** Nobody near a threshold: the push alone makes the price. */
const calm = loans(4, 40, 50)

function capital(changes: Changes, side: 1 | -1 = 1, move = 0.2): number {
  const trial = trialOf(thinMarket({ positions: calm, ...changes }), plainSpec)
  return costToCorrupt(trial, 0, ETH, side, move).capitalUsd ?? Number.POSITIVE_INFINITY
}

const mean = (windowSeconds: number): OracleSpec => ({
  ...{ kind: 'twap', windowSeconds, mean: 'arithmetic' },
})

const expectRising = (values: readonly number[]) => {
  for (let n = 1; n < values.length; n++) expect(values[n]).toBeGreaterThan(values[n - 1])
}

describe('costToCorrupt', () => {
  it('law: a spot price costs what the pool says, for one block', () => {
    const trial = trialOf(thinMarket({ positions: calm, fee: 0 }), plainSpec)
    const up = costToCorrupt(trial, 0, ETH, 1, 0.2)
    // y (sqrt(1.2) - 1) of cash buys a pool up to 1.2 times its price.
    expect(up.capitalUsd! / (200_000 * (Math.sqrt(1.2) - 1))).toBeCloseTo(1, 3)
    const down = costToCorrupt(trial, 0, ETH, -1, 0.2)
    expect(down.capitalUsd! / (200_000 * (1 / Math.sqrt(0.8) - 1))).toBeCloseTo(1, 3)
    expect([up.blocks, down.blocks]).toEqual([1, 1])
    expect(up.lossUsd! / up.capitalUsd!).toBeLessThan(1e-6)
  })

  it('law: it rises with depth', () => {
    for (const side of [1, -1] as const)
      expectRising([250, 1000, 4000, 16_000].map((reserve) => capital({ reserve }, side)))
    const deeper = capital({ reserve: 4000, oracle: mean(96) })
    expect(capital({ reserve: 1000, oracle: mean(96) })).toBeLessThan(deeper)
  })

  it('law: it rises with the window of a mean, and a longer mean is never cheaper than spot', () => {
    const windows = [48, 96, 192, 384]
    expectRising([capital({}), ...windows.map((seconds) => capital({ oracle: mean(seconds) }))])
    const times = [24, 60, 240]
    expectRising([
      capital({}),
      ...times.map((timeSeconds) => capital({ oracle: { kind: 'ema', timeSeconds } })),
    ])
  })

  it('law: it rises with the move', () => {
    expectRising([0.05, 0.1, 0.2, 0.4].map((move) => capital({ oracle: mean(96) }, 1, move)))
  })

  it('behaviour: liquidations on the way make it cheaper', () => {
    expect(capital({ positions: loans() }, -1)).toBeLessThan(capital({}, -1))
  })

  it('behaviour: a move that no push makes has no cost', () => {
    const oracle: OracleSpec = {
      kind: 'securityModule',
      hopSeconds: 3600,
      feedDelaysSeconds: [0],
      pokeMaxGwei: null,
    }
    const trial = trialOf(thinMarket({ oracle }), plainSpec)
    expect(costToCorrupt(trial, 0, ETH, -1, 0.2)).toMatchObject({ capitalUsd: null, lossUsd: null })
  })
})
