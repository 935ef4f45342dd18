/** A market to attack: forty loans on a coin that one pool trades, and that pool as its oracle. */

import {
  ETH,
  plainTime,
  positionsOf,
  still,
  timedScenario,
  USD,
  unlimited,
} from '../blocks.suite.ts'
import { randomAt } from '../math/random.ts'
import type { OracleSpec, Scenario, TakerSpec, TimeSpec } from '../scenario.ts'
import type { AttackSpec } from './spec.ts'

/** Rivals: they act a block late, and want a profit. */
export const searcher: TakerSpec = {
  ...unlimited,
  ...{ name: 'searcher', capitalUsd: 1e6, minProfitUsd: 1, size: 'profitable' },
  latency: { kind: 'blocks', blocks: 1 },
}

/** One million of cash, no loan, no market outside. */
export const plainSpec: AttackSpec = {
  ...{ cashUsd: 1e6, flashUsd: 0, flashFee: 0, gas: 0, blocksMax: 8, depthShare: 0 },
  ...{ move: 0.2, minProfitUsd: 1, evaluations: 400, outside: [], loans: [] },
}

/** Coins at 100 USD; debts at health factors from `safest - 0.5` to `safest`. */
export function loans(accounts = 40, lowest = 1.05, highest = 1.6) {
  const random = randomAt(5, 1)
  return positionsOf(
    Array.from({ length: accounts }, (_, i) => {
      const units = 20 + 40 * random.uniform(i, 0)
      const health = lowest + (highest - lowest) * random.uniform(i, 1)
      const legs: [number, number, 1 | -1, number][] = [
        [i, ETH, 1, units],
        [i, USD, -1, (units * 100 * 0.8) / health],
      ]
      return legs
    }).flat(),
  )
}

/** How the market of an attack differs from the plain one. */
export interface Changes {
  readonly reserve?: number
  readonly fee?: number
  readonly bonus?: number
  readonly oracle?: OracleSpec
  readonly halfLifeSeconds?: number
  readonly time?: Partial<TimeSpec>
  readonly positions?: ReturnType<typeof loans>
}

/** The market: blocks of 12 s, a pool that arbitrage brings back by half in a minute. */
export function thinMarket(of: Changes = {}): Scenario {
  const { reserve = 2000, fee = 0.003, bonus = 0.1, oracle = { kind: 'spot' } } = of
  const formation = { ...still(1), halfLifeSeconds: [of.halfLifeSeconds ?? 60] }
  return timedScenario(
    of.positions ?? loans(),
    {
      ...{ blocks: 20, chain: { ...plainTime.chain, blockSeconds: 12 } },
      ...{ formation, takers: [searcher], ...of.time },
    },
    {
      oracle,
      venues: [
        {
          ...{ name: 'pool', base: ETH, quoteAsset: USD, outside: 100, fee, asOf: null },
          ...{ beyond: 'linear', kind: 'constantProduct', reserve, keepsFee: false },
          reprice: 'arbitrage',
        },
      ],
      rules: {
        kind: 'lending',
        assets: [
          { asset: ETH, threshold: 0.8, bonus },
          { asset: USD, threshold: null, bonus: 0 },
        ],
        ...{ closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 100, target: null },
      },
    },
  )
}
