/** Venues at which claims are redeemed, in numbers. */

import type { VenueCommon, VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { indexOf } from './assets.ts'
import type { Context } from './context.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'
import type { VenueKeys } from './venueSchema.ts'

type KeysOf<Kind> = Extract<VenueKeys, { kind: Kind }>

/** A redemption. Throws: ScenarioKeyError where it pays out what it is quoted in, or the claim */
export function redemptionOf(
  keys: KeysOf<'redemption'>,
  common: VenueCommon,
  context: Context,
  path: readonly Step[],
): VenueSpec {
  const { kind, rate, capacity, feePerShare, supply, wait, waitCost, mints, pays } = keys
  const paid =
    pays === undefined ? null : indexOf(context.assets.names, pays, context.tree, [...path, 'pays'])
  if (paid === common.base || paid === common.quoteAsset || paid === context.assets.cash) {
    throw keyError(context.tree, [...path, 'pays'], {
      code: 'FB2059',
      rule: 'what is handed out is neither the claim, nor cash, nor what the rate is stated in',
      came: String(pays),
      remedy: 'Leave pays: out, or name another asset',
    })
  }
  return {
    ...common,
    kind,
    rate,
    capacity,
    feePerShare: feePerShare?.value ?? 0,
    supply: supply ?? null,
    waitSeconds: wait?.value ?? 0,
    yearRate: waitCost?.value ?? 0,
    mints: mints ?? 0,
    pays: paid,
  }
}

/**
 * Shares of a pool of the scenario.
 *
 * Rule:   the pool's worth at the opening over the price of a share is how many there are.
 * Throws: ScenarioKeyError unless the pool keeps a product and the share is paid in cash
 */
export function poolShareOf(
  keys: KeysOf<'poolShare'>,
  common: VenueCommon,
  context: Context,
  path: readonly Step[],
): VenueSpec {
  const { names, usd, cash } = context.assets
  const { venues } = context.keys.market
  const pool = indexOf(Object.keys(venues), keys.pool, context.tree, [...path, 'pool'], 'venue')
  const found = venues[keys.pool]
  if (found.kind !== 'constantProduct' || found.reprice !== 'arbitrage') {
    throw keyError(context.tree, [...path, 'pool'], {
      code: 'FB2065',
      rule: 'shares are worth sqrt(x y) of a pool that keeps its product',
      came: `${keys.pool}, a ${found.kind}`,
      remedy: 'Name a constantProduct venue with reprice: arbitrage',
    })
  }
  if (common.quoteAsset !== cash) {
    throw keyError(context.tree, [...path, 'quote'], {
      code: 'FB2065',
      rule: 'a share of a pool pays what both of its assets are sold for, in USD',
      came: keys.quote,
      remedy: 'Write quote: USD, and price the share in USD',
    })
  }
  const base = indexOf(names, found.asset, context.tree, [...path, 'pool'])
  const other = indexOf(names, found.quote, context.tree, [...path, 'pool'])
  const opening = usd[base] / usd[other]
  const shares = (2 * found.reserve * usd[base]) / common.outside
  const { reserve } = found
  return { ...common, kind: keys.kind, pool, pair: [base, other], reserve, opening, shares }
}

/** Says where the opening price leaves a redemption less than its capacity. */
export function warnOfUsed(keys: VenueKeys, venue: Venue, { warnings }: Context): void {
  if (keys.kind !== 'redemption' || venue.edge().units > 0) return
  const text = `${keys.asset} opens below what ${venue.name} brings, so that counts as used up`
  warnings.push({ code: 'FB4125', text, effect: 'pessimistic' })
}
