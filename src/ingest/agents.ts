/** Liquidators of a run in time. */

import type { TakerSpec } from '../scenario.ts'
import type { AgentKeys } from './agentSchema.ts'
import type { Context } from './context.ts'
import type { TimeKeys } from './timeKeys.ts'
import { keyError } from './validate.ts'

/**
 * Reads the liquidators, in the order of the scenario; `count` of a kind are NAME-1, NAME-2, ...
 *
 * Throws: ScenarioKeyError FB2074 where two have one name
 */
export function agentsFrom(agents: TimeKeys['agents'], context: Context): TakerSpec[] {
  const takers: TakerSpec[] = []
  const seen = new Set<string>()
  for (const [kind, keys] of Object.entries(agents)) {
    const spec = takerSpec(keys)
    for (let n = 1; n <= keys.count; n++) {
      const name = keys.count === 1 ? kind : `${kind}-${n}`
      if (seen.has(name)) {
        throw keyError(context.tree, ['liquidators', 'agents', kind], {
          code: 'FB2074',
          rule: 'liquidators need names of their own',
          came: `${name} twice`,
          remedy: 'Rename one of the kinds',
        })
      }
      seen.add(name)
      takers.push({ name, ...spec })
    }
  }
  return takers
}

function takerSpec(keys: AgentKeys): Omit<TakerSpec, 'name'> {
  const fee = keys.flashLoan.value
  return {
    capitalUsd: keys.capital.value,
    flashFee: fee === Number.POSITIVE_INFINITY ? null : fee,
    latency: latencyOf(keys.latency),
    minProfitUsd: keys.minProfit,
    size: keys.size,
    gas: keys.gas,
    bidding: biddingOf(keys.bid),
    maxGwei: keys.maxGas.value,
    route: keys.route,
    tipShare: keys.tip ?? 0,
    valuation: keys.valuation,
    outbids: keys.outbids,
    disposal: disposalOf(keys.sells),
    leavesAfterUsd: keys.leavesAfter.value,
  }
}

function latencyOf(keys: AgentKeys['latency']): TakerSpec['latency'] {
  if (keys === 0) return { kind: 'blocks', blocks: 0 }
  const { blocks, mean } = keys
  return mean === undefined
    ? { kind: 'blocks', blocks: blocks! }
    : { kind: 'exponential', meanSeconds: mean.value }
}

function biddingOf({ fixed, market, auction }: AgentKeys['bid']): TakerSpec['bidding'] {
  if (fixed !== undefined) return { kind: 'fixed', gwei: fixed }
  if (market !== undefined) return { kind: 'market', times: market }
  return { kind: 'auction', share: auction! }
}

function disposalOf(keys: AgentKeys['sells']): TakerSpec['disposal'] {
  if (typeof keys === 'string') return { kind: keys }
  return { kind: 'schedule', seconds: keys.over.value, urgency: keys.urgency }
}
