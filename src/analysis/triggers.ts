/**
 * When each account can first be liquidated: one number per account, from the slot values its own
 * rules write.
 */

import { health } from '../book.ts'
import { type Market, reached, shareOf } from '../market.ts'
import { argsort } from '../math/sort.ts'
import type { Protocol } from '../rules.ts'
import type { World } from '../world.ts'

/**
 * The opening state of a world, prepared once for many shocks.
 *
 * Shape: accounts of all protocols in one row: account i of protocol j is `offset[j] + i`. `key`
 *        has one entry each, `order` sorts them by rising key, `opening` and the rest have one
 *        entry per asset.
 * Units: a key is a level. With one moving asset (`lead` >= 0) the level of a price p is opening /
 *        p and a key is opening / trigger: exact. With several it is the spread of all prices since
 *        the opening and a key is the health factor: an account is certainly safe while level <=
 *        key, and is judged again past it.
 * Source: own. If every slot value moved by a ratio within [low, high], health is at least low x P
 *         - high x N, with P and N the positive and negative parts at the opening; so an account is
 *         safe while high / low < P / N.
 */
export interface Prepared {
  readonly world: World
  readonly offset: Uint32Array
  readonly key: Float64Array
  readonly order: Uint32Array
  readonly opening: Float64Array
  /**
   * Slot values of each protocol at the opening: a trigger must not depend on the price of the
   * moment, which may be 0.
   */
  readonly values: readonly Float64Array[]
  /** The only asset whose price can move, where it can only fall once the cascade runs; else -1. */
  readonly lead: number
  /** The asset whose price a report shows. */
  readonly headline: number
  /**
   * By asset, 1 for the headline asset and every claim priced through it: they fall together in an
   * outside move. 2 for a share of a pool with one such side: it falls as the root.
   */
  readonly follows: Uint8Array
}

/** The protocol of an account row. */
export function protocolOf(prepared: Pick<Prepared, 'offset'>, row: number): number {
  let j = 0
  while (row >= prepared.offset[j + 1]) j++
  return j
}

/** Prepares a world that nothing has moved yet; the outside move will be one of `headline`. */
export function prepare(world: World, headline: number, buys: boolean): Prepared {
  const opening = new Float64Array(world.market.assets.length)
  world.market.prices(opening)
  const moving = movingAssets(world, [headline], buys)
  const lead = moving.length === 1 && !(buys && isOwed(world, headline)) ? headline : -1
  const follows = Uint8Array.from(opening, (_, a) => followsBy(world.market, a, headline))
  const values = world.protocols.map((protocol) => protocol.values.slice())
  const offset = new Uint32Array(world.protocols.length + 1)
  world.protocols.forEach((protocol, j) => {
    offset[j + 1] = offset[j] + protocol.accounts.length
  })
  const key = new Float64Array(offset[world.protocols.length])
  world.protocols.forEach((protocol, j) => {
    for (let i = 0; i < protocol.accounts.length; i++)
      key[offset[j] + i] = keyOf(protocol, i, { lead, opening, follows }, values[j], 1)
  })
  const order = argsort(key, 'rising')
  return { world, offset, key, order, opening, values, lead, headline, follows }
}

/** How an asset falls with the headline: in proportion (1), as its root (2), or not at all (0). */
function followsBy(market: Market, asset: number, headline: number): number {
  if (asset === headline) return 1
  const [hop] = market.hop[asset]
  if (hop === undefined) return 0
  const share = shareOf(market, asset)
  if (share === null) return followsBy(market, market.venues[hop].quoteAsset, headline)
  const sides = share.reaches.map((side) => followsBy(market, side, headline))
  return sides.every((by) => by === 1) ? 1 : sides.some((by) => by > 0) ? 2 : 0
}

/** Whether any account owes this asset. */
export function isOwed(world: World, asset: number): boolean {
  return world.protocols.some(({ rules, book }) =>
    book.slot.some((slot) => rules.slots.side[slot] < 0 && rules.slots.asset[slot] === asset),
  )
}

/**
 * The price of an asset at which an account's health is 0, when it falls with all that follows it.
 *
 * Rule:  health = a p + c, so T = -c / a; with what falls as the root, a p + b sqrt(p) + c.
 *        Infinity: liquidatable at any price; 0: never by a fall of this asset.
 * Units: USD per unit; `price` is its price, above 0, at which `values` were written; `follows`
 *        flags the assets that fall in proportion (1) or as the root (2).
 */
export function triggerPrice(
  protocol: Protocol,
  account: number,
  follows: Uint8Array,
  price: number,
  values = protocol.values,
): number {
  const { book, rules } = protocol
  let moving = 0
  let rooted = 0
  let rest = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    const by = follows[rules.slots.asset[book.slot[k]]]
    if (by === 1) moving += worth
    else if (by === 2) rooted += worth
    else rest += worth
  }
  if (rooted > 0) return price * rootedFall(moving, rooted, rest)
  if (moving <= 0) return moving + rest < 0 ? Number.POSITIVE_INFINITY : 0
  return rest < 0 ? -rest / (moving / price) : 0
}

/** The price, as a part of itself now, at which a p + b sqrt(p) + c is 0; b > 0. */
function rootedFall(a: number, b: number, c: number): number {
  if (a + b + c < 0) return Number.POSITIVE_INFINITY
  if (c >= 0) return 0
  const inner = b * b - 4 * a * c
  const root = inner < 0 ? 1 : (-2 * c) / (b + Math.sqrt(inner))
  return root * root
}

/** Whether the account owns anything that could be sold, and owes anything. */
export function isOpen(protocol: Protocol, account: number): boolean {
  return owns(protocol, account) && owes(protocol, account)
}

/** Whether the account owns anything. */
export function owns({ book }: Protocol, account: number): boolean {
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.amount[k] > 0) return true
  return false
}

/** Whether the account owes anything. */
export function owes({ book }: Protocol, account: number): boolean {
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.amount[k] < 0) return true
  return false
}

/**
 * Level at which an account must be looked at, given the level now; Infinity when it never need be.
 * `opening` holds the protocol's slot values at the opening.
 */
export function keyOf(
  protocol: Protocol,
  account: number,
  prepared: Pick<Prepared, 'lead' | 'opening' | 'follows'>,
  opening: Float64Array,
  level: number,
): number {
  if (!isOpen(protocol, account)) return Number.POSITIVE_INFINITY
  if (prepared.lead >= 0) {
    const now = prepared.opening[prepared.lead]
    return now / triggerPrice(protocol, account, prepared.follows, now, opening)
  }
  return level * factorOf(protocol, account)
}

function factorOf(protocol: Protocol, account: number): number {
  const { book, values } = protocol
  let plus = 0
  let minus = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    if (worth > 0) plus += worth
    else minus -= worth
  }
  return minus === 0 ? Number.POSITIVE_INFINITY : plus / minus
}

/**
 * Assets whose price can change in a cascade: those an outside move touches, those with a venue
 * that a sale moves and that somebody may have to sell (or, with `buys`, somebody owes), and every
 * claim priced through one of them.
 */
export function movingAssets(world: World, shocked: readonly number[], buys: boolean): number[] {
  const { market } = world
  const moved = new Set<number>(shocked)
  for (const { book, rules } of world.protocols) {
    const { side, asset } = rules.slots
    const used = new Set(book.slot)
    for (const slot of used) if (side[slot] > 0 || buys) addRoute(world, asset[slot], moved)
  }
  for (let asset = 0; asset < market.assets.length; asset++)
    if (reached(market, asset, false).some((step) => moved.has(step))) moved.add(asset)
  return [...moved].sort((a, b) => a - b)
}

function addRoute(world: World, asset: number, moved: Set<number>): void {
  for (const step of reached(world.market, asset, true))
    if (!moved.has(step) && canMove(world, step)) moved.add(step)
}

function canMove(world: World, asset: number): boolean {
  return world.market.hop[asset].some((v) => {
    const venue = world.market.venues[v]
    return venue.capacity(venue.mid() * (1 - 1e-9)) !== Number.POSITIVE_INFINITY
  })
}

/**
 * Whether an account is breached at the published prices (or other slot values), by its rules' own
 * boundary.
 */
export function isBreached(protocol: Protocol, account: number, values = protocol.values): boolean {
  const h = health(protocol.book, values, account)
  return protocol.rules.edge === 'below' ? h < 0 : h <= 0
}
