/** Accounts of a Drift v2 deployment for tests: a coin, a contract on it, cash and a spot coin. */

import { type Protocol, protocolFrom, type Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { DriftBooks } from './driftV2/books.ts'
import type { DriftSpec } from './driftV2/parameters.ts'
import { driftV2 } from './driftV2.ts'

export const [USD, COIN, OTHER] = [0, 1, 2]
/** Groups of the perpetual markets. */
export const [COIN_PERP, OTHER_PERP] = [1, 2]

type Perp = DriftSpec['perps'][number]
type Spot = DriftSpec['spot'][number]

/** A perpetual market with 5 % maintenance and a liquidation fee of 1 %. */
export const perp: Perp = {
  group: COIN_PERP,
  asset: COIN,
  maintenance: 0.05,
  imf: 0,
  liquidationFee: 0.01,
  fundFee: 0,
  feePoolUsd: 0,
  outsideUnits: 0,
  paused: false,
}

/** A spot market that lends and borrows. */
export const spot: Spot = {
  asset: OTHER,
  assetWeight: 0.8,
  liabilityWeight: 1.2,
  imf: 0,
  liquidationFee: 0.02,
  fundFee: 0,
  fundUnits: 0,
  outsideUnits: 0,
  paused: false,
}

/** Cash that may be borrowed. */
export const cash: Spot = {
  ...spot,
  asset: USD,
  assetWeight: null,
  liabilityWeight: 1,
  liquidationFee: 0,
}

/** A deployment of one contract and one coin beside cash. */
export const deployment: DriftSpec = {
  settlement: USD,
  perps: [perp],
  spot: [cash, spot],
  buffer: 0.02,
}

/** Account, asset, signed amount, group. */
export type Held = readonly [account: number, asset: number, amount: number, group?: number]

/** A deployment with these accounts at its opening. */
export function opened(rules: Rules, prices: readonly number[], held: readonly Held[]): Protocol {
  const count = 1 + Math.max(...held.map(([account]) => account))
  const accounts = Array.from({ length: count }, (_, i) => `trader ${i}`)
  const positions: Positions = {
    accounts,
    account: Uint32Array.from(held, ([account]) => account),
    asset: Uint16Array.from(held, ([, asset]) => asset),
    side: Int8Array.from(held, ([, , amount]) => (amount < 0 ? -1 : 1)),
    group: Uint16Array.from(held, ([, , , group = 0]) => group),
    amount: Float64Array.from(held, ([, , amount]) => Math.abs(amount)),
    synthetic: false,
    asOf: null,
  }
  const at = Float64Array.from(prices)
  const book = rules.book!(positions, at)
  return protocolFrom({ name: 'drift', rules, book, prices: at, accounts, positions })
}

/** What a deployment holds. */
export function booksOf({ items }: Protocol): DriftBooks {
  return items as DriftBooks
}

/** The amount of the leg of an account in a slot, 0 where it has none. */
export function amountOf({ book, rules }: Protocol, account: number, asset: number, group = 0) {
  let sum = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const isIt = [1, -1].some((side) => rules.slotOf(asset, side as 1 | -1, group) === slot)
    if (isIt) sum += book.amount[k]
  }
  return sum
}

/** One account, at 1 USD for the coin of settlement and 100 for the others. */
export function one(of: Partial<DriftSpec>, held: readonly Held[]): Protocol {
  return opened(driftV2({ ...deployment, ...of }), [1, 100, 100, 100], held)
}

/** A position of so many units, with cash that leaves so much collateral at 100. */
export function position(units: number, collateral: number, account = 0): readonly Held[] {
  return [
    [account, COIN, units, COIN_PERP],
    [account, USD, collateral - 100 * units, COIN_PERP],
  ]
}
