/** Random worlds of several assets, rules and protocols, with a claim on ETH. Shared by tests. */

import { bookFrom, type Leg } from '../book.ts'
import { marketFrom } from '../market.ts'
import { randomAt } from '../math/random.ts'
import { aaveV2 } from '../rules/aaveV2.ts'
import { aaveV3 } from '../rules/aaveV3.ts'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import { type Protocol, protocolFrom, type Rules } from '../rules.ts'
import type { LendingAsset } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { type World, worldFrom } from '../world.ts'
import { type CurveKind, venueOf } from './curves.suite.ts'

/** Assets of these worlds: cash, ETH at 100 USD, a coin at par, a claim on 0.97 ETH. */
export const USD = 0
export const ETH = 1
export const COIN = 2
export const STETH = 3

/** The families of liquidation rules, each with parameters that a random number moves a little. */
export const ruleKinds = [
  'stopOut',
  'lending whole',
  'lending close factor',
  'lending target',
  'aaveV2',
  'aaveV3',
] as const

export type RuleKind = (typeof ruleKinds)[number]

/**
 * What a random world holds. `claim`: stETH with a pool of its own; `shorts`: accounts that owe
 * ETH.
 */
export interface WorldPlan {
  readonly seed: number
  readonly venue: CurveKind
  readonly rules: readonly RuleKind[]
  readonly claim: boolean
  readonly shorts: boolean
  readonly accounts: number
}

/** A random world; the same plan gives the same world. */
export function randomWorld(plan: WorldPlan): World {
  const random = randomAt(plan.seed, 0)
  const eth = venueOf(plan.venue, random)
  const venues: Venue[] = plan.claim ? [eth, pool(500 + 3000 * random.uniform(1, 40))] : [eth]
  const market = marketFrom({
    assets: ['USD', 'ETH', 'COIN', 'stETH'].slice(0, plan.claim ? 4 : 3),
    cash: USD,
    venues,
    hop: plan.claim ? [[], [0], [], [1]] : [[], [0], []],
    outside: [1, 100, 1, 0.97].slice(0, plan.claim ? 4 : 3),
  })
  const prices = new Float64Array(market.assets.length)
  market.prices(prices)
  return worldFrom(
    market,
    plan.rules.map((kind, j) => protocol(kind, j, plan, prices)),
  )
}

/** Rules of one family for ETH, stETH and the coin, all of them collateral. */
export function rulesOf(kind: RuleKind, turn: number): Rules {
  const bonus = 0.03 + 0.09 * turn
  const assets: LendingAsset[] = [
    { asset: ETH, threshold: 0.8, bonus },
    { asset: COIN, threshold: 0.85, bonus: 0.04 },
    { asset: STETH, threshold: 0.75, bonus: bonus + 0.01 },
  ]
  const base = { assets, closeFactor: 1, wholeBelow: 0, dustUsd: 5, target: null }
  switch (kind) {
    case 'stopOut':
      return stopOut({ assets })
    case 'lending whole':
      return lending(base)
    case 'lending close factor':
      return lending({ ...base, closeFactor: 0.3 + 0.4 * turn, wholeBelow: 0.9 })
    case 'lending target':
      return lending({ ...base, target: 1.02 + 0.1 * turn })
    case 'aaveV2':
      return aaveV2({ assets, dustUsd: 5 })
    case 'aaveV3': {
      const near = { threshold: 0.93, bonus: 0.01 }
      const pair = [ETH, STETH].map((asset) => ({ asset, ...near }))
      const priced = assets.map((terms) => ({ ...terms, protocolFee: 0.1 }))
      return aaveV3({ assets: priced, eModes: [{ group: 1, assets: pair }] })
    }
  }
}

function pool(reserve: number): Venue {
  const common = { name: 'pool', base: STETH, quoteAsset: ETH, outside: 0.97, fee: 0.0004 }
  const shape = { keepsFee: false, reprice: 'arbitrage', beyond: 'wall', asOf: null } as const
  return constantProduct({ ...common, ...shape, reserve })
}

function protocol(kind: RuleKind, j: number, plan: WorldPlan, prices: Float64Array): Protocol {
  const random = randomAt(plan.seed, 7 + j)
  const rules = rulesOf(kind, random.uniform(0, 0))
  const names = Array.from({ length: plan.accounts }, (_, i) => `${kind} ${i}`)
  const legs = names.flatMap((_, account) => accountLegs(rules, account, plan, prices, j))
  const book = bookFrom(names.length, legs)
  return protocolFrom({ name: `bank ${j}`, rules, book, prices, accounts: names })
}

// Health factors from 0.97 to 1.6, most near 1.1; sizes of 1 to 60 ETH, in one or two collaterals.
function accountLegs(
  rules: Rules,
  account: number,
  plan: WorldPlan,
  prices: Float64Array,
  j: number,
): Leg[] {
  const random = randomAt(plan.seed, 100 + j)
  const u = (stream: number) => random.uniform(account, stream)
  const isShort = plan.shorts && u(0) < 0.3
  const isLooped = plan.claim && !isShort && rules.name === 'aaveV3' && u(1) < 0.3
  const group = isLooped ? 1 : 0
  const usd = 100 * (1 + 59 * u(2) * u(2))
  const owned: [number, number][] = isShort ? [[COIN, usd]] : [[ETH, usd]]
  if (plan.claim && !isShort && u(3) < 0.4) owned[0][0] = STETH
  if (!isShort && u(4) < 0.25) owned.push([COIN, usd * 0.4 * u(5)])
  if (plan.claim && !isShort && owned[0][0] === ETH && u(6) < 0.3) owned.push([STETH, usd * u(7)])
  const debt = isShort || isLooped ? ETH : COIN
  const factor = 0.97 + 0.63 * u(8) * u(8)
  const legs = owned.map(([asset, worth]) => {
    const slot = rules.slotOf(asset, 1, group)
    return { account, slot, amount: worth / prices[asset] }
  })
  const weighted = owned.reduce(
    (sum, [asset, worth]) => sum + worth * (rules.terms(asset, group)?.threshold ?? 0),
    0,
  )
  const slot = rules.slotOf(debt, -1, group)
  return [...legs, { account, slot, amount: -weighted / factor / prices[debt] }]
}
