/** Protocols around one market. */

import type { Market } from './market.ts'
import { NO_PLEDGES, type Pledges } from './pledges.ts'
import type { Protocol } from './rules.ts'

/** Everything that has state. Protocols share the market and refer to each other by index. */
export interface World {
  readonly market: Market
  readonly protocols: readonly Protocol[]
  /** Collateral that counts in several protocols at once. */
  readonly pledges: Pledges
  copy(): World
  reset(from: World): void
}

/** A world of protocols around one market. */
export function worldFrom(
  market: Market,
  protocols: readonly Protocol[],
  pledges: Pledges = NO_PLEDGES,
): World {
  return {
    market,
    protocols,
    pledges,
    copy: () =>
      worldFrom(
        market.copy(),
        protocols.map((protocol) => protocol.copy()),
        pledges,
      ),
    reset(from) {
      market.reset(from.market)
      for (let i = 0; i < protocols.length; i++) protocols[i].reset(from.protocols[i])
    },
  }
}
