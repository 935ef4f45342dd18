/** Sell into the pool that is also the oracle, liquidate one account, and buy back. */

import { accountsOf, health, healthFactor } from '../book.ts'
import { bisect } from '../math/bisect.ts'
import type { Protocol } from '../rules.ts'
import { type Family, idle, type Setting, withdrawalAxis } from './plan.ts'

/** How many accounts are looked at, those nearest to their threshold first. */
const ACCOUNTS_MAX = 16
/** How far below the trigger the price is pushed, as fractions of it. */
const BEYOND = [1e-6, 1e-3, 1e-2]

/**
 * Plans that breach one account, in one block.
 *
 * Rule:    where a protocol reads one constant-product pool as it stands (`spot`), the price is
 *          pushed just below the trigger of an account, the account is liquidated, and the push is
 *          bought back, all in one block. `poolSandwich.ts` has the closed form beside it.
 * Source:  Sadeghi and Feinstein, arXiv 2602.12104 (theory T7).
 * Shape:   accounts whose trigger is found by the health that the rules state.
 */
export function sandwich(setting: Setting): Family[] {
  const { scenario, world } = setting
  const { market } = world
  return scenario.protocols.flatMap(({ oracles }, j) =>
    market.hop.flatMap((hop, asset) => {
      const isPool = hop.length === 1 && market.venues[hop[0]].kind === 'constantProduct'
      const { slots } = world.protocols[j].rules
      const isTaken = slots.asset.some((of, s) => of === asset && slots.side[s] === 1)
      if (!isPool || !isTaken || oracles[asset].kind !== 'spot') return []
      const triggers = triggersOf(world.protocols[j], asset)
      return triggers.length === 0 ? [] : [family(setting, asset, triggers)]
    }),
  )
}

function family(setting: Setting, asset: number, triggers: readonly number[]): Family {
  return {
    kind: 'sandwich',
    axes: [
      { name: 'account', values: triggers.map((_, n) => n), isChoice: true },
      { name: 'beyond', values: BEYOND, isChoice: false },
      withdrawalAxis(setting),
    ],
    plan: ([account, beyond, withdraws]) => ({
      ...{ ...idle, kind: 'sandwich', asset },
      to: triggers[account] * (1 - beyond),
      withdraws: withdraws === 1,
      liquidates: true,
    }),
  }
}

/** Prices at which accounts breach, as factors on the opening price, the highest first. */
export function triggersOf(opening: Protocol, asset: number): number[] {
  const protocol = opening.copy()
  const { book, prices, rules, values } = protocol
  const price = prices[asset]
  const near = Array.from({ length: accountsOf(book) }, (_, i) => i)
    .filter((i) => holds(protocol, asset, i) && health(book, values, i) > 0)
    .map((i) => ({ i, factor: healthFactor(book, values, i) }))
    .filter(({ factor }) => factor < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.factor - b.factor)
    .slice(0, ACCOUNTS_MAX)
  const healthAt = (i: number, factor: number): number => {
    prices[asset] = price * factor
    rules.value(protocol)
    return health(book, values, i)
  }
  return near
    .filter(({ i }) => healthAt(i, LEAST) < 0)
    .map(({ i }) => bisect((factor) => healthAt(i, factor) < 0, LEAST, 1))
    .sort((a, b) => b - a)
}

function holds({ book, rules }: Protocol, asset: number, account: number): boolean {
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const s = book.slot[k]
    if (book.amount[k] > 0 && rules.slots.asset[s] === asset) return true
  }
  return false
}

/** An account that survives this part of the price does not depend on it. */
const LEAST = 1e-3
