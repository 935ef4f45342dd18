/** A small Comet for tests: USDC is the base, and who holds what. */

import type { Protocol } from '../rules.ts'
import type { CometReserves } from './comet/reserves.ts'
import { comet } from './comet.ts'

export const [USDC, ETH, BTC] = [0, 1, 2]

/** A market much like the first one deployed. */
export const deployed: Parameters<typeof comet>[0] = {
  assets: [
    { asset: USDC, threshold: null, liquidationFactor: 1 },
    { asset: ETH, threshold: 0.895, liquidationFactor: 0.93 },
    { asset: BTC, threshold: 0.85, liquidationFactor: 0.95 },
  ],
  base: USDC,
  storeFrontPriceFactor: 0.5,
  reservesUnits: 100,
  targetReservesUnits: 5_000_000,
  gas: { absorb: 300_000, buy: 150_000 },
  absorbPaused: false,
  buyPaused: false,
}

export const rules = comet(deployed)

/** The reserves of a protocol. */
export function reservesIn({ items }: Protocol): CometReserves {
  return items as CometReserves
}
