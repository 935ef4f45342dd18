/** Small books of troves for tests, and what they and everybody else hold. */

import { expect } from 'vitest'
import { randomAt } from '../math/random.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  offerList,
  POOL,
  type Protocol,
  protocolFrom,
  RESERVE,
  type Rules,
  settlement,
} from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { Troves } from './liquity/troves.ts'
import { offersOf } from './vectors.suite.ts'

export const [DEBT, ETH, LST] = [0, 1, 2]

/** Collateral and debt of one trove, of a group. */
export interface PlainTrove {
  readonly coll: number
  readonly debt: number
  readonly group?: number
}

/** Positions of troves, the collateral of group g given. */
export function positionsOf(
  troves: readonly PlainTrove[],
  collateral: readonly number[] = [ETH],
): Positions {
  const rows = troves.flatMap(({ coll, debt, group = 0 }, i) => [
    { account: i, asset: DEBT, side: -1, group, amount: debt },
    { account: i, asset: collateral[Math.max(0, group - 1)], side: 1, group, amount: coll },
  ])
  return {
    accounts: troves.map((_, i) => `borrower ${i}`),
    account: Uint32Array.from(rows, ({ account }) => account),
    asset: Uint16Array.from(rows, ({ asset }) => asset),
    side: Int8Array.from(rows, ({ side }) => side),
    group: Uint16Array.from(rows, ({ group }) => group),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    synthetic: true,
    asOf: null,
  }
}

/** A protocol over positions. */
export function protocolOver(
  rules: Rules,
  prices: readonly number[],
  positions: Positions,
): Protocol {
  const { accounts } = positions
  const book = rules.book!(positions, new Float64Array(0))
  const at = Float64Array.from(prices)
  return protocolFrom({ name: rules.name, rules, book, prices: at, accounts, positions })
}

/** A protocol of troves, all of one collateral. */
export function protocolOfTroves(
  rules: Rules,
  price: number,
  troves: readonly PlainTrove[],
): Protocol {
  return protocolOver(rules, [1, price, price, 1], positionsOf(troves))
}

/** Liquidates an account by a taker in time; what it lists, and what moved. */
export function liquidated(protocol: Protocol, account: number, taker = 0) {
  const offers = offersOf(protocol, account)
  const moved = settlement()
  if (offers.count === 0) {
    const listed = offerList()
    listed.account[0] = account
    const reason = protocol.rules.settle(protocol, listed, 0, bidOf(taker), moved)
    return { reason, offers, ...moved }
  }
  const reason = protocol.rules.settle(protocol, offers, 0, bidOf(taker), moved)
  return { reason, offers, ...moved }
}

/** A bid for all of an offer. */
export function bidOf(taker: number, amount = Number.POSITIVE_INFINITY): Bid {
  return { amount, pays: 0, taker, atSeconds: 0 }
}

/** Units of an asset that went from one holder to another, beside `seized` and `repaid`. */
export function movedOf(
  { moves }: { readonly moves: ReturnType<typeof settlement>['moves'] },
  asset: number,
  from: number,
  to: number,
): number {
  let sum = 0
  for (let m = 0; m < moves.count; m++)
    if (moves.asset[m] === asset && moves.from[m] === from && moves.to[m] === to)
      sum += moves.amount[m]
  return sum
}

/** Collateral and debt of an account, with what it took over. */
export function troveOf({ book, index }: Protocol, account: number) {
  const at = book.start[account]
  const units = (k: number) => book.amount[at + k] * index[book.slot[at + k]]
  return { coll: units(0), debt: 0 - units(1) - units(2) }
}

/** What the rules hold. */
export function trovesIn({ items }: Protocol): Troves {
  return items as Troves
}

/** What the accounts hold of an asset; debt is negative. */
export function held({ book, index, rules }: Protocol, asset: number): number {
  let sum = 0
  for (let k = 0; k < book.amount.length; k++)
    if (rules.slots.asset[book.slot[k]] === asset) sum += book.amount[k] * index[book.slot[k]]
  return sum
}

/** What a settlement took from the accounts, of an asset. */
export function takenOf(
  moved: ReturnType<typeof liquidated>,
  sells: number,
  pays: number,
  asset: number,
): number {
  let sum = (asset === sells ? moved.seized : 0) - (asset === pays ? moved.repaid : 0)
  for (const holder of [POOL, BIDDER, RESERVE, 4]) {
    sum += movedOf(moved, asset, ACCOUNTS, holder)
    sum -= movedOf(moved, asset, holder, ACCOUNTS)
  }
  return sum
}

/** Whole multiples of 1e-6 units, which wads hold exactly; and their wads. */
export function amountOf(value: number): readonly [number: number, wads: bigint] {
  const millionths = Math.round(value * 1e6)
  return [millionths / 1e6, BigInt(millionths) * 10n ** 12n]
}

/** Wads as a number. */
export function fromWads(wads: bigint): number {
  return Number(wads) / 1e18
}

/** Numbers in (0, 1), one after another. */
export function diceOf(seed: number, path: number) {
  const random = randomAt(seed, path)
  let turn = 0
  const roll = () => random.uniform(turn++, 0)
  return {
    between: (low: number, high: number) => low + (high - low) * roll(),
    whole: (most: number) => Math.floor(most * roll()),
  }
}

/** The largest relative error of what is compared, and how much was compared. */
export function errorsOf(tolerance: number) {
  const self = {
    largest: 0,
    cases: 0,
    /** `scale`: what the amount is a part of, where it may be a small remainder. */
    compare(actual: number, wads: bigint, scale = Math.abs(fromWads(wads))): void {
      const off = Math.abs(actual - fromWads(wads))
      const error = off <= 1e-17 ? 0 : off / scale
      self.cases++
      self.largest = Math.max(self.largest, error)
      expect(error).toBeLessThanOrEqual(tolerance)
    },
  }
  return self
}

/** Everything that changes in a protocol, as a copy. */
export function stateOf(protocol: Protocol) {
  const { book, index, values, badDebt } = protocol
  const { copy, reset, ...columns } = trovesIn(protocol)
  return structuredClone({ book, index, values, badDebt, columns })
}

/** A double of some thousands and the same in wads, to a part of 1e-18. */
export function finely(value: number): readonly [number, wads: bigint] {
  const parts = BigInt(Math.round(value * TWO_TO_40))
  return [Number(parts) / TWO_TO_40, (parts * 10n ** 18n) / BigInt(TWO_TO_40)]
}

const TWO_TO_40 = 1_099_511_627_776
