/** Positions against a pool, and blocks in which keepers act. */

import { health } from '../book.ts'
import { type Closings, closings } from '../house.ts'
import { type Holder, ITEMS, POOL, type Protocol, protocolFrom } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { Holdings } from './conformance.flow.suite.ts'
import type { GmxBooks } from './gmxV2/books.ts'
import type { GmxSpec, MarketSpec } from './gmxV2/parameters.ts'
import { gmxV2 } from './gmxV2.ts'

/** Assets: the short token, the long token, another index. */
export const [USD, ETH, DOGE] = [0, 1, 2]

/** A market of ETH against ETH and USDC that charges nothing. */
export const market: MarketSpec = {
  ...{ group: 1, index: ETH, long: ETH, short: USD },
  pool: { longUnits: 1000, shortUnits: 2_000_000 },
  ...{ minCollateralFactor: 0.01, positionFee: 0, liquidationFee: 0, feeReceiver: 0 },
}

/** Rules of it, with what is told. */
export function specOf(over: Partial<MarketSpec> = {}, hedge = 1): GmxSpec {
  return { minCollateralUsd: 1, hedge, markets: [{ ...market, ...over }] }
}

/** One position, each an account of its own. */
export interface Trade {
  readonly side: 1 | -1
  readonly units: number
  /** USD per token; its size is units x entry. */
  readonly entry: number
  readonly collateral: number
  /** The token of the collateral. */
  readonly in?: number
}

/** Trades as positions of the first market. */
export function positionsOf(trades: readonly Trade[], { markets }: GmxSpec): Positions {
  const [{ index, group, short }] = markets
  const rows = trades.flatMap(({ side, units, entry, collateral, in: token = short }, i) => [
    { account: i, asset: index, side, group, amount: units, entry },
    { account: i, asset: token, side: 1, group: 0, amount: collateral, entry: 0 },
  ])
  return {
    accounts: trades.map((_, i) => `trader ${i}`),
    account: Uint32Array.from(rows, ({ account }) => account),
    asset: Uint16Array.from(rows, ({ asset }) => asset),
    side: Int8Array.from(rows, ({ side }) => side),
    group: Uint16Array.from(rows, ({ group: of }) => of),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    own: { entry: Float64Array.from(rows, ({ entry }) => entry) },
    synthetic: true,
    asOf: null,
  }
}

/** Markets with these positions at their opening. */
export function opened(of: GmxSpec, prices: readonly number[], positions: Positions): Protocol {
  const rules = gmxV2(of)
  const at = Float64Array.from(prices)
  const { accounts } = positions
  const book = rules.book!(positions, at)
  return protocolFrom({ name: 'pools', rules, book, prices: at, accounts, positions })
}

/** The same of trades. */
export function openedWith(of: GmxSpec, prices: readonly number[], trades: readonly Trade[]) {
  return opened(of, prices, positionsOf(trades, of))
}

/** A block in which keepers act; hedges are filled at these prices, or at the published ones. */
export function act(protocol: Protocol, at: readonly number[] | null = null, part = 1): Closings {
  const { house } = protocol.rules
  const column = (value: number) => new Float64Array(protocol.prices.length).fill(value)
  const orders = { sold: column(0), bought: column(0) }
  const out = closings(() => {})
  const account = protocol.accounts
    .map((_, i) => i)
    .filter((i) => health(protocol.book, protocol.values, i) < 0)
  const breached = { count: account.length, account: Uint32Array.from(account) }
  const clock = { block: 1, seconds: 1, atSeconds: 1, gwei: 0 }
  house!.send(protocol, breached, clock, (asset) => protocol.prices[asset], orders)
  const price = Float64Array.from(at ?? protocol.prices)
  house!.fill(protocol, clock, { price, sold: column(part), bought: column(part) }, out)
  return out
}

/** Publishes prices of all assets. */
export function publishAll(protocol: Protocol, prices: readonly number[]): void {
  protocol.prices.set(prices)
  protocol.rules.accrue!(protocol, 0)
  protocol.rules.value(protocol)
}

/** The books of a protocol. */
export const booksOf = ({ items }: Protocol) => items as GmxBooks

/** Units that came to a holder less those that left it. */
export function movedTo({ moves }: Closings, holder: Holder, asset: number): number {
  let sum = 0
  for (let m = 0; m < moves.count; m++) {
    if (moves.asset[m] !== asset) continue
    if (moves.to[m] === holder) sum += moves.amount[m]
    if (moves.from[m] === holder) sum -= moves.amount[m]
  }
  return sum
}

/** What pool and hedgers have: the pool's tokens, the other side of all positions, write-offs. */
export function heldOf(markets: readonly MarketSpec[]) {
  return (protocol: Protocol): Holdings => {
    const { book, index, rules, prices } = protocol
    const { pool, outside, writtenOff } = booksOf(protocol)
    const held = Array.from(prices, (_, asset) => writtenOff[asset] ?? 0)
    markets.forEach(({ long, short }, m) => {
      held[long] += pool[2 * m]
      held[short] += pool[2 * m + 1]
    })
    book.slot.forEach((slot, k) => {
      const kind = slot % 7
      if (kind === 2 || kind === 3) return
      held[rules.slots.asset[slot]] -= book.amount[k] * index[slot]
    })
    return held.flatMap((units, asset) => [
      [POOL, asset, units] as const,
      [ITEMS, asset, outside[asset] ?? 0] as const,
    ])
  }
}
