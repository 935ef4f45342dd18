/** A stability pool: it stands ready first, and keeps what it takes. */

import { type Defence, leaveOf } from '../defence.ts'
import { fromZero, type Given, money, number, or } from '../parameters.ts'
import { withTaker } from './extended.ts'
import { bestProfitUsd, ownReadings, ownTaker } from './standing.ts'

const parameters = {
  capitalUsd: or(money('What depositors have put in.'), 1_000_000),
  gas: or(number('Gas of one liquidation, units.', fromZero), 300_000),
}

/**
 * A pool of deposits that pays debts for collateral before anybody else is asked.
 *
 * | native word             | here                                            |
 * | ----------------------- | ----------------------------------------------- |
 * | Stability Pool deposits | `capital`                                       |
 * | offset                  | it repays the debt and gets what the rules sell |
 * | gas compensation        | none: the pool pays for its `gas`               |
 *
 * Rule:       an account that the pool earns a dollar with, at the mids and after gas, is kept for
 *             it: as much of it as its cash pays, and nobody else is asked in that block. It holds
 *             what it gets. Where it earns nothing, or has nothing left, others are asked.
 * Units:      USD.
 * Source:     liquity/dev, TroveManager.sol liquidate() and StabilityPool.sol offset(), commit
 *             39f1f7f: here laid over any rules (liquityV1 and liquityV2 have their own).
 * Simplifies: deposits are cash, and stay; depositors do not sell their gains. Its gas goes
 *             through the block ahead of public bids, without a tip.
 * Assumes:    what is held never comes to the market within the run: the pool hides a sale, and
 *             bears the price. When it is empty, all that follows meets the market as before.
 */
export function stabilityPool(of: Given<typeof parameters>): Defence {
  const pool = ownTaker(nameOf, of.gas)
  let stamp = 0
  let hadMoney = true
  return {
    name: 'stabilityPool',
    readings: ownReadings,
    extend: (scenario, j) =>
      withTaker(scenario, {
        name: nameOf(scenario.protocols[j].name),
        capitalUsd: of.capitalUsd,
        flashFee: null,
        latency: { kind: 'blocks', blocks: 0 },
        minProfitUsd: LEAST_USD,
        size: 'whole',
        gas: of.gas,
        bidding: { kind: 'market', times: 1 },
        maxGwei: Number.POSITIVE_INFINITY,
        route: 'private',
        tipShare: 0,
        valuation: 0,
        outbids: 'least',
        disposal: { kind: 'hold' },
        leavesAfterUsd: Number.POSITIVE_INFINITY,
        only: j,
      }),
    get stamp() {
      return stamp
    },
    react(sight) {
      pool.open(sight)
      const hasMoney = pool.freeUsd(sight) > LEAST_USD
      if (hasMoney !== hadMoney) stamp++
      hadMoney = hasMoney
    },
    claim(sight, offers, from) {
      const free = pool.freeUsd(sight)
      if (!(bestProfitUsd(sight, offers, from, free, of.gas) >= LEAST_USD)) return false
      if (!pool.keep(sight, offers, from)) return false
      for (let n = from; n < offers.count; n++) {
        const usd = offers.cost[n] * sight.mids[offers.pays[n]]
        if (usd > free) leaveOf(offers, n, free / usd)
      }
      return false
    },
    admits(sight, offers, from) {
      pool.admit(sight, offers, from)
      return true
    },
    settled: pool.settled,
    read: pool.read,
  }
}

stabilityPool.parameters = parameters

/** The least that it must earn with an account: so its last cent keeps nobody else from one. */
const LEAST_USD = 1

function nameOf(protocol: string): string {
  return `stability pool of ${protocol}`
}
