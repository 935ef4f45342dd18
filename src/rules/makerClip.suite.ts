/** Small worlds of Maker vaults under Dutch auctions for tests. */

import { ACCOUNTS, ITEMS, type Protocol } from '../rules.ts'
import type { ClipAuctions } from './maker/clipAuctions.ts'
import type { MakerClipSpec } from './maker/clipParameters.ts'
import { BAT, DAI, ETH, type Holdings } from './makerFlip.suite.ts'

/** ETH-A, with the numbers of the rule sheet's example. */
export const ethA: MakerClipSpec = {
  assets: [
    { asset: DAI, threshold: null },
    { asset: ETH, threshold: 1 / 1.45 },
    { asset: BAT, threshold: 1 / 1.45 },
  ],
  dai: DAI,
  penalty: 0.13,
  dustUsd: 5000,
  buf: 0.2,
  tailSeconds: 8400,
  cusp: 0.4,
  chip: 0.001,
  tipUsd: 300,
  abacus: 'stairstep',
  cut: 0.99,
  stepSeconds: 90,
  stopped: 0,
  gas: { bark: 400_000, take: 200_000, redo: 150_000 },
}

/** The state of the auctions. */
export function salesIn({ items }: Protocol): ClipAuctions {
  return items as ClipAuctions
}

/** Holdings of accounts and auctions, counted from the legs and the auctions themselves. */
export function recountSales(protocol: Protocol): Holdings {
  const { book, index, rules } = protocol
  const holdings: Holdings = new Map()
  const add = (holder: number, asset: number, amount: number) => {
    const key = `${holder}:${asset}`
    holdings.set(key, (holdings.get(key) ?? 0) + amount)
  }
  book.amount.forEach((amount, leg) => {
    add(ACCOUNTS, rules.slots.asset[book.slot[leg]], amount * index[book.slot[leg]])
  })
  const { count, asset, lot, raised, debt } = salesIn(protocol)
  for (let row = 0; row < count; row++) {
    add(ITEMS, asset[row], lot[row])
    add(ITEMS, DAI, raised[row] - debt[row])
  }
  return holdings
}
