/** Policies of auto-deleveraging, one factory each. */

import type { Policy } from './policy.ts'
import { dydx, hyperliquid, queue } from './queue.ts'
import { cappedProRata, proRata, riskAware } from './spread.ts'

export { cappedProRata, dydx, hyperliquid, proRata, queue, riskAware }

/** All policies by the name of their factory. */
export const policies = {
  queue,
  hyperliquid,
  dydx,
  proRata,
  cappedProRata,
  riskAware,
} satisfies Readonly<Record<string, () => Policy>>
