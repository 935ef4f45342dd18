/** The attacker of a scenario, in numbers. */

import type { AttackSpec } from '../attack/spec.ts'
import { indexOf } from './assets.ts'
import type { AttackKeys } from './attackSchema.ts'
import type { Override } from './compose.ts'
import type { Context } from './context.ts'

/** An attacker, and what may stop it: scenarios like this one but for some keys. */
export interface ReadAttack {
  readonly spec: AttackSpec
  readonly guards: readonly {
    readonly name: string
    readonly set: Readonly<Record<string, unknown>>
    /** The same as typed after --set. */
    readonly overrides: readonly Override[]
  }[]
}

/** Reads the attacker. Throws: ScenarioKeyError FB2054 for names that are not there */
export function attackFrom(keys: AttackKeys, { keys: all, assets, tree }: Context): ReadAttack {
  const protocols = Object.keys(all.protocols)
  const { cash, flashLoan, gas, blocks, move, depthShare, evaluations, minProfit } = keys
  const spec: AttackSpec = {
    ...{ cashUsd: cash, gas, blocksMax: blocks, move, depthShare, evaluations },
    minProfitUsd: minProfit,
    flashUsd: flashLoan === 'none' ? 0 : flashLoan.most,
    flashFee: flashLoan === 'none' ? 0 : flashLoan.fee,
    outside: Object.entries(keys.outside).map(([name, { capacity, margin, fee }]) => {
      const asset = indexOf(assets.names, name, tree, ['attack', 'outside', name])
      return { asset, capacityUsd: capacity, margin, fee }
    }),
    loans: Object.entries(keys.loans).flatMap(([name, lent]) => {
      const at = ['attack', 'loans', name]
      const protocol = indexOf(protocols, name, tree, at, 'protocol')
      return Object.entries(lent).map(([asset, { units, upTo }]) => ({
        ...{ protocol, asset: indexOf(assets.names, asset, tree, [...at, asset]), units, upTo },
      }))
    }),
  }
  const guards = Object.entries(keys.guards).map(([name, set]) => ({
    ...{ name, set },
    overrides: Object.entries(set).map(([key, value]): Override => [key, JSON.stringify(value)]),
  }))
  return { spec, guards }
}
