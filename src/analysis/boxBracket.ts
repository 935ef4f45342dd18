/**
 * Who is liquidated in every order, and who in some order, where sales and purchases move prices
 * both ways.
 */

import { hopCurve } from '../market.ts'
import type { Protocol } from '../rules.ts'
import type { World } from '../world.ts'
import { shock } from './cascade.ts'
import type { Bench } from './simulate.ts'
import { isBreached, isOpen, isOwed } from './triggers.ts'
import { debtOf } from './worldLadder.ts'

/** Both ends, as flags by account row, and what their accounts owe at opening prices, USD. */
export interface BoxBracket {
  /** Liquidated in every order. */
  readonly surely: Uint8Array
  /** Nobody else is liquidated in any order. */
  readonly maybe: Uint8Array
  readonly leastUsd: number
  readonly mostUsd: number
}

/**
 * Bounds on the set of liquidated accounts over every order and every batching.
 *
 * Rule:    U grows until stable: accounts liquidatable somewhere in the box of prices between [all
 *          sales of U, no purchase] and [no sale, all purchases of U]. C: accounts liquidatable
 *          everywhere in that box. Every order ends between C and U.
 * Why:     an asset that is collateral of some and debt of others moves both ways, and a healthy
 *          account that one order reaches another may spare. Without purchases the order is free
 *          and there is nothing to bound.
 * Shape:   null unless purchases move prices (somebody owes what has a venue), whole positions are
 *          sold, and every asset with a venue is sold for cash on one path-independent venue.
 * Source:  own: by induction over the liquidations of any order, the box holds all prices it meets;
 *          checked against random orders in the tests.
 */
export function boxBracket(bench: Bench, drop: number): BoxBracket | null {
  const { base, prepared, options } = bench
  if (!options.buys || !options.feedback || options.disposal !== 'all') return null
  if (base.protocols.some(({ rules }) => rules.sale !== 'units')) return null
  if (base.pledges.holdings.length > 0) return null
  if (!isBoxed(base) || !base.market.hop.some((hop, a) => hop.length > 0 && isOwed(base, a)))
    return null
  const world = base.copy()
  shock(world, bench.asset, drop)
  const maybe = new Uint8Array(prepared.key.length)
  let box = boxOf(world, maybe)
  while (grow(box, maybe)) box = boxOf(world, maybe)
  const surely = maybe.map((inside, row) => inside * +isLiquidatable(box, row, 'best'))
  const usd = (flags: Uint8Array) => owed(base, prepared.opening, flags)
  return { surely, maybe, leastUsd: usd(surely), mostUsd: usd(maybe) }
}

function isBoxed({ market }: World): boolean {
  return market.assets.every((_, asset) => {
    const { length } = market.hop[asset]
    return length === 0 || (length === 1 && hopCurve(market, asset) !== null)
  })
}

/** A protocol with slot values at which its accounts stand worst and best within the box. */
interface Corners {
  readonly protocol: Protocol
  readonly worst: Float64Array
  readonly best: Float64Array
  /** Row of its first account. */
  readonly offset: number
}

// At its worst an account owns at the low prices and owes at the high ones; at its best the other
// way round.
function boxOf(world: World, flags: Uint8Array): Corners[] {
  const low = afterTrades(world, flags, 1)
  const high = afterTrades(world, flags, -1)
  let offset = 0
  return world.protocols.map((protocol) => {
    const { side } = protocol.rules.slots
    const below = valuesAt(protocol, low)
    const above = valuesAt(protocol, high)
    const worst = below.map((value, slot) => (side[slot] > 0 ? value : above[slot]))
    const best = above.map((value, slot) => (side[slot] > 0 ? value : below[slot]))
    const corners = { protocol, worst, best, offset }
    offset += protocol.accounts.length
    return corners
  })
}

/**
 * Prices once the flagged accounts have sold all they own (side 1) or bought all they owe (side
 * -1).
 */
function afterTrades(world: World, flags: Uint8Array, side: 1 | -1): Float64Array {
  const market = world.market.copy()
  const units = new Float64Array(market.assets.length)
  let row = 0
  for (const { book, rules, accounts } of world.protocols)
    for (let i = 0; i < accounts.length; i++, row++)
      for (let k = book.start[i]; flags[row] === 1 && k < book.start[i + 1]; k++)
        if (book.amount[k] * side > 0) units[rules.slots.asset[book.slot[k]]] += book.amount[k]
  units.forEach((amount, asset) => {
    if (amount !== 0 && market.hop[asset].length > 0) market.sell(asset, amount)
  })
  market.prices(units)
  return units
}

function valuesAt(protocol: Protocol, prices: Float64Array): Float64Array {
  const copy = protocol.copy()
  copy.prices.set(prices)
  copy.rules.value(copy)
  return copy.values
}

function grow(box: readonly Corners[], flags: Uint8Array): boolean {
  let grew = false
  for (let row = 0; row < flags.length; row++)
    if (flags[row] === 0 && isLiquidatable(box, row, 'worst')) {
      flags[row] = 1
      grew = true
    }
  return grew
}

function isLiquidatable(box: readonly Corners[], row: number, end: 'worst' | 'best'): boolean {
  const corners = box.findLast(({ offset }) => offset <= row)!
  const account = row - corners.offset
  return isOpen(corners.protocol, account) && isBreached(corners.protocol, account, corners[end])
}

function owed(world: World, prices: Float64Array, flags: Uint8Array): number {
  let sum = 0
  let row = 0
  for (const protocol of world.protocols)
    for (let i = 0; i < protocol.accounts.length; i++, row++)
      if (flags[row] === 1) sum += debtOf(protocol, i, prices)
  return sum
}
