/** One account on a perpetual exchange. */

import { closings, type Quote } from '../house.ts'
import { type Protocol, protocolFrom, type Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'

/** A position or margin of account `account` (0 unless told otherwise). */
export interface Row {
  readonly account?: number
  readonly asset: number
  readonly side: 1 | -1
  readonly amount: number
  readonly entry?: number
}

/** Rows as positions. */
export function positionsFrom(rows: readonly Row[]): Positions {
  const count = 1 + Math.max(...rows.map(({ account = 0 }) => account))
  return {
    accounts: Array.from({ length: count }, (_, i) => `trader ${i}`),
    account: Uint32Array.from(rows, ({ account = 0 }) => account),
    asset: Uint16Array.from(rows, ({ asset }) => asset),
    side: Int8Array.from(rows, ({ side }) => side),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    own: { entry: Float64Array.from(rows, ({ entry = 0 }) => entry) },
    synthetic: true,
    asOf: null,
  }
}

/** An exchange with these rows at its opening. */
export function opened(rules: Rules, prices: readonly number[], rows: readonly Row[]): Protocol {
  const positions = positionsFrom(rows)
  const at = Float64Array.from(prices)
  const { accounts } = positions
  const book = rules.book!(positions, at)
  return protocolFrom({ name: 'exchange', rules, book, prices: at, accounts, positions })
}

/** What a house does with all accounts at once, when its orders are filled at these prices. */
export function closedAt(
  protocol: Protocol,
  price: number | readonly number[],
  part = 1,
  seconds = 1,
  quote: Quote = (asset) => (typeof price === 'number' ? price : price[asset]),
) {
  const { house } = protocol.rules
  const accounts = protocol.accounts.length
  const assets = protocol.prices.length
  const column = (value: number) => new Float64Array(assets).fill(value)
  const everybody = {
    count: accounts,
    account: Uint32Array.from({ length: accounts }, (_, i) => i),
  }
  const at = { block: seconds, seconds: 1, atSeconds: seconds, gwei: 0 }
  const orders = { sold: column(0), bought: column(0) }
  const out = closings(() => {})
  house!.send(protocol, everybody, at, quote, orders)
  const prices = Float64Array.from(orders.sold, (sold, asset) =>
    quote(asset, sold - orders.bought[asset]),
  )
  house!.fill(protocol, at, { price: prices, sold: column(part), bought: column(part) }, out)
  return { orders, out }
}
