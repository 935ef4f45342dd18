/** A taker that stands for a protocol: offers are kept for it, or from it. */

import type { Settled, Sight } from '../defence.ts'
import { assert } from '../errors.ts'
import type { Offers } from '../rules.ts'
import type { Taker } from '../taker.ts'

/** What a protocol's own taker may still spend, and what it took. */
export interface OwnTaker {
  /** Once a block, before anything is offered. */
  open(sight: Sight): void
  /** USD that it may pay for one more offer: cash, less what is promised in this block, and gas. */
  freeUsd(sight: Sight): number
  /** Nobody else is asked for the offers from `from` on; false where another has them. */
  keep(sight: Sight, offers: Offers, from: number): boolean
  /** It is not asked for them. */
  leave(sight: Sight, offers: Offers, from: number): void
  /** They may be bid for: what they cost at most is promised where they are kept for it. */
  admit(sight: Sight, offers: Offers, from: number): void
  settled(sight: Sight, done: Settled): void
  /** Debt repaid by everybody and by it, USD, with what was promised in this block. */
  allUsd(): number
  ownUsd(): number
  /** Writes `ownReadings`. */
  read(out: Float64Array): void
}

/** The taker of this name, which burns so much gas for a liquidation. */
export function ownTaker(name: (protocol: string) => string, gas: number): OwnTaker {
  let found: Taker | null = null
  let mids: Float64Array = new Float64Array(0)
  let [allUsd, ownUsd, listedUsd, promisedUsd, gasUsd] = [0, 0, 0, 0, 0]
  const takerOf = ({ takers, protocol }: Sight): Taker => {
    found ??= takers.find((one) => one.name === name(protocol.name)) ?? null
    assert(found !== null, `${name(protocol.name)} comes with the scenario, by withDefences`)
    return found
  }
  return {
    open(sight) {
      mids = sight.mids
      listedUsd = 0
      promisedUsd = 0
      gasUsd = sight.gasUsd(gas)
    },
    freeUsd: (sight) => Math.max(0, takerOf(sight).cash - promisedUsd - gasUsd),
    keep(sight, offers, from) {
      if (offers.reserved[from] >= 0) return false
      for (let n = from; n < offers.count; n++) offers.reserved[n] = takerOf(sight).index
      return true
    },
    leave(sight, offers, from) {
      for (let n = from; n < offers.count; n++)
        if (offers.reserved[n] === ANYBODY) offers.reserved[n] = BUT - takerOf(sight).index
    },
    admit(sight, offers, from) {
      const usd = dearestUsd(sight, offers, from)
      listedUsd += usd
      if (offers.reserved[from] !== takerOf(sight).index) return
      promisedUsd += usd
      gasUsd += sight.gasUsd(gas)
    },
    settled(sight, done) {
      allUsd += done.repaidUsd
      listedUsd = Math.max(0, listedUsd - done.repaidUsd)
      if (done.taker !== takerOf(sight).index) return
      ownUsd += done.repaidUsd
      promisedUsd = Math.max(0, promisedUsd - done.repaidUsd)
    },
    allUsd: () => allUsd + listedUsd,
    ownUsd: () => ownUsd + promisedUsd,
    read(out) {
      out[0] = ownUsd
      out[1] = allUsd > 0 ? ownUsd / allUsd : 0
      out[2] = found?.cash ?? 0
      out[3] = found?.inventory.reduce((sum, units, a) => sum + units * mids[a], 0) ?? 0
    },
  }
}

/** The most that any of the offers from `from` on costs, USD at the mids. */
export function dearestUsd({ mids }: Sight, offers: Offers, from: number): number {
  let usd = 0
  for (let n = from; n < offers.count; n++)
    usd = Math.max(usd, offers.cost[n] * mids[offers.pays[n]])
  return usd
}

/**
 * The most that a taker who keeps the lot would earn with so much of any of the offers, USD.
 *
 * Units: `most` is USD that it can pay; worth at the mids, less cost and gas.
 */
export function bestProfitUsd(
  sight: Sight,
  offers: Offers,
  from: number,
  most: number,
  gas: number,
): number {
  const { mids, protocol } = sight
  let best = Number.NEGATIVE_INFINITY
  for (let n = from; n < offers.count; n++) {
    if (!(offers.amount[n] > 0)) continue
    const passedUsd = offers.passed[n] * protocol.prices[offers.sells[n]]
    const costUsd = offers.cost[n] * mids[offers.pays[n]] + passedUsd
    const gross = offers.amount[n] * mids[offers.sells[n]] - costUsd
    const share = costUsd > most ? most / costUsd : 1
    const burnt = offers.gas[n] > 0 ? offers.gas[n] : gas
    best = Math.max(best, gross * share - sight.gasUsd(burnt))
  }
  return best
}

/** Columns of `reserved`: anybody, and anybody but taker t. */
const ANYBODY = -1
const BUT = -2

/** Readings of `OwnTaker.read`. */
export const ownReadings = [
  { name: 'absorbed_usd', unit: 'usd', definition: 'Debt that it repaid.' },
  {
    name: 'absorbed_share',
    unit: 'ratio',
    definition: 'Its part of the debt that was repaid by anybody.',
  },
  { name: 'left_usd', unit: 'usd', definition: 'Cash that it has left.' },
  { name: 'held_usd', unit: 'usd', definition: 'Worth of what it holds, at final prices.' },
] as const
