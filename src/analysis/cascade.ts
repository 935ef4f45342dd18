/**
 * The instant cascade: the rules with time removed. Oracle = venue price, takers without limit, no
 * recovery.
 */

import { assert } from '../errors.ts'
import type { Market, Sale } from '../market.ts'
import {
  ACCOUNTS,
  BIDDER,
  LENDERS,
  type Offers,
  offerList,
  settlement,
  WHOLE_OFFER,
} from '../rules.ts'
import type { World } from '../world.ts'
import { notedHoldings, reachOthers } from './pledged.ts'
import { isBreached, type Prepared, protocolOf } from './triggers.ts'
import {
  type CascadeOptions,
  keyNow,
  openWalk,
  peekKey,
  pop,
  publish,
  publishAt,
  requeue,
  type Trace,
  type Walk,
} from './walk.ts'

/** What one cascade did. Dollars of debt are units at the opening price of the debt asset. */
export interface Cascade {
  /** False when SETTLEMENTS_PER_ACCOUNT_MAX stopped it. */
  readonly settled: boolean
  readonly rounds: number
  /** Empty where the cascade was not traced. */
  readonly trace: Trace
  /** Per account row. */
  readonly repaidUsd: Float64Array
  readonly badDebtUsd: Float64Array
  /** Per protocol and asset, in units: what left the accounts as collateral and as repaid debt. */
  readonly seized: readonly Float64Array[]
  readonly repaid: readonly Float64Array[]
  /** What else came to the accounts less what left them: fees, what a fund or reserve paid. */
  readonly moved: readonly Float64Array[]
  /** Units by asset that liquidators seized and did not sell. */
  readonly kept: Float64Array
  /** USD that takers paid at the prices of the moment: debt repaid, and surplus to borrowers. */
  readonly paidUsd: number
  /** USD that the sales brought. */
  readonly proceedsUsd: number
  /** Any sale went past what was observed of its venue. */
  readonly extrapolated: boolean
  /** A venue took less than was offered: a wall. Units by asset. */
  readonly unsold: Float64Array
  /** Final USD price by asset. */
  readonly prices: Float64Array
}

/**
 * Applies an outside drop of one asset to the market; published prices follow when the cascade
 * opens.
 */
export function shock(world: World, asset: number, drop: number): void {
  world.market.move(asset, world.market.outside(asset) * (1 - drop))
}

/**
 * Runs one cascade in the (already shocked) world, which it changes.
 *
 * Rule:    worst first: the account with the lowest level (falling trigger with one moving asset,
 *          rising health factor with several) settles its best offer, prices are read again, until
 *          no offer is left. Batch: all that are liquidatable at the round's opening prices settle
 *          at those prices. At trigger: each sells at the lower of its trigger and the outside
 *          price. Rounds of a one-by-one order are the staircase p -> map(p).
 * Throws:  AssertionError for `at-trigger` with several moving assets.
 * Source:  rounds of forced sales (Cifuentes, Ferrucci and Shin 2005), with one-by-one orders
 *          beside the batch.
 * Assumes: every offer finds a taker at its listed price; a breached account that lists nothing
 *          (dust rules) is asked again when all others are done.
 */
export function cascade(world: World, prepared: Prepared, options: CascadeOptions): Cascade {
  const walk = openWalk(world, prepared, options)
  assert(options.order !== 'at-trigger' || prepared.lead >= 0, 'at trigger needs one moving asset')
  if (options.order === 'batch') walkBatch(walk)
  else walkOneByOne(walk)
  if (options.order === 'at-trigger') publish(walk)
  return closeWalk(walk)
}

/** What became of a row that was looked at: `not yet` went back into the queue with a later key. */
export type Outcome = 'settled' | 'nothing listed' | 'not yet'

function closeWalk(walk: Walk): Cascade {
  const { trace, repaidUsd, badDebtUsd, seized, repaid, extrapolated, unsold, prices } = walk
  const { settled, round, kept, paidUsd, proceedsUsd, moved } = walk
  const what = { repaidUsd, badDebtUsd, seized, repaid, moved, kept, unsold, prices }
  return { settled, rounds: round, trace, paidUsd, proceedsUsd, extrapolated, ...what }
}

function walkOneByOne(walk: Walk): void {
  do {
    for (let key = peekKey(walk); key < walk.level * EDGE; key = peekKey(walk)) {
      if (tooLong(walk) || isEnough(walk)) return
      const row = pop(walk)
      if (settleRow(walk, row, key) === 'nothing listed') setAside(walk, row)
    }
  } while (retryStuck(walk) || rescan(walk))
}

function walkBatch(walk: Walk): void {
  for (let found = true; found; ) {
    const due = takeDue(walk)
    walk.roundLevel = 0
    const before = walk.settlements
    for (const { row, key } of due) {
      if (tooLong(walk)) return
      settleRow(walk, row, key)
    }
    found = walk.settlements > before || (due.length === 0 && rescan(walk))
    if (found && walk.options.feedback) publish(walk)
    if (found) for (const { row } of due) requeue(walk, row)
  }
}

// Takes out all that must be looked at now, the worst first; keys that waited are taken anew, so
// that they compare.
function takeDue(walk: Walk): { row: number; key: number }[] {
  const due: { row: number; key: number }[] = []
  const isTwice = hasStaleKeys(walk)
  const seen = new Set<number>()
  while (peekKey(walk) < walk.level * EDGE) {
    const row = pop(walk)
    if (isTwice && seen.has(row)) continue
    if (isTwice) seen.add(row)
    due.push({ row, key: keyNow(walk, row) })
  }
  return due.sort((a, b) => a.key - b.key || a.row - b.row)
}

function tooLong(walk: Walk): boolean {
  walk.settled = walk.settlements < walk.prepared.key.length * SETTLEMENTS_PER_ACCOUNT_MAX + 1000
  return !walk.settled
}

// The total of the accounts is added up in another order, and must have passed as well.
function isEnough({ options, repaidTotalUsd }: Walk): boolean {
  return repaidTotalUsd > options.enoughUsd * (1 + 1e-9)
}

/** Settles the best offer of one account, if it has one, and lets the sale move the market. */
export function settleRow(walk: Walk, row: number, key: number): Outcome {
  const { world, options, prepared } = walk
  const j = protocolOf(prepared, row)
  const protocol = world.protocols[j]
  const account = row - prepared.offset[j]
  if ((prepared.lead < 0 || hasStaleKeys(walk)) && options.order !== 'batch') {
    const fresh = keyNow(walk, row)
    if (fresh > key * EDGE) {
      if (fresh !== Number.POSITIVE_INFINITY) walk.queue.push(fresh, row)
      return 'not yet'
    }
  }
  offers.count = 0
  if (options.order === 'at-trigger') publishAt(walk, key)
  protocol.rules.offers(protocol, account, offers)
  const best = bestOffer(offers, protocol.prices)
  if (best < 0) return 'nothing listed'
  if (!isInRound(walk, j, account, key)) openRound(walk)
  const holdings = notedHoldings(walk, j, account)
  const owedBefore = badDebtUsd(protocol.badDebt, prepared.opening)
  const reason = protocol.rules.settle(protocol, offers, best, WHOLE_OFFER, done)
  assert(reason === 0, `an offer settled first was refused: ${reason}`)
  walk.settlements++
  const lostUsd = badDebtUsd(protocol.badDebt, prepared.opening) - owedBefore
  walk.badDebtUsd[row] += lostUsd
  if (options.traced) walk.trace.badDebtUsd.push(lostUsd)
  sellSeized(walk, j, row, key, offers.sells[best], offers.pays[best])
  const isBatch = options.order === 'batch'
  if (!isBatch && options.feedback) publish(walk)
  if (options.traced) {
    const isRead = !isBatch || !options.feedback
    const { headline } = prepared
    walk.trace.price.push(isRead ? walk.prices[headline] : world.market.price(headline))
  }
  if (holdings !== null) reachOthers(walk, j, holdings)
  if (!isBatch) requeue(walk, row)
  return 'settled'
}

// A seizure elsewhere moves the key of a row that waits: it is put in again, and waits twice.
function hasStaleKeys({ world }: Walk): boolean {
  return world.pledges.holdings.length > 0
}

// A breached account that lists nothing waits for the end; one that stands on its trigger, for the
// next move.
function setAside(walk: Walk, row: number): void {
  const j = protocolOf(walk.prepared, row)
  if (isBreached(walk.world.protocols[j], row - walk.prepared.offset[j])) walk.stuck.push(row)
  else walk.queue.push(walk.level * PAST_EDGE, row)
}

function sellSeized(
  walk: Walk,
  j: number,
  row: number,
  key: number,
  asset: number,
  pays: number,
): void {
  const { world, options, prepared, trace } = walk
  const { market } = world
  const repaidUsd = done.repaid * prepared.opening[pays]
  walk.seized[j][asset] += done.seized
  walk.repaid[j][pays] += done.repaid
  countMoves(walk.moved[j])
  walk.repaidUsd[row] += repaidUsd
  walk.repaidTotalUsd += repaidUsd
  const own = done.seized - done.fee
  const { prices } = world.protocols[j]
  const owed = done.repaid * prices[pays] + otherwisePaidUsd(prices)
  walk.paidUsd += owed + done.surplus * prices[asset]
  const isFelt = options.feedback && options.silent[j] !== true
  const isQuoted = options.feedback || options.quoted
  const isPart = isQuoted && options.disposal === 'cost'
  const units = isPart ? Math.min(own, market.unitsFor(asset, owed)) : own
  const sale = isQuoted
    ? trade(market, asset, units, isFelt)
    : { units, proceeds: 0, extrapolated: false }
  if (options.buys && isFelt && market.hop[pays].length > 0) market.sell(pays, -done.repaid)
  if (sale.extrapolated) walk.extrapolated = true
  walk.proceedsUsd += sale.proceeds
  walk.kept[asset] += own - units
  walk.unsold[asset] += units - sale.units
  if (!options.traced) return
  trace.row.push(row)
  trace.round.push(walk.round)
  trace.key.push(key)
  trace.asset.push(asset)
  trace.units.push(units)
  trace.repaidUsd.push(repaidUsd)
  trace.proceedsUsd.push(sale.proceeds)
}

// What else came to accounts, less what left them; bad debt is counted by the rules.
function countMoves(into: Float64Array): void {
  const { from, to, asset, amount, count } = done.moves
  for (let m = 0; m < count; m++) {
    if (to[m] === ACCOUNTS && from[m] !== LENDERS) into[asset[m]] += amount[m]
    if (from[m] === ACCOUNTS) into[asset[m]] -= amount[m]
  }
}

// What takers paid beside the debt, less what they were given: penalties, a pool's money, tips.
function otherwisePaidUsd(prices: Float64Array): number {
  const { from, to, asset, amount, count } = done.moves
  let usd = 0
  for (let m = 0; m < count; m++) {
    if (from[m] === BIDDER) usd += amount[m] * prices[asset[m]]
    if (to[m] === BIDDER) usd -= amount[m] * prices[asset[m]]
  }
  return usd
}

function trade(market: Market, asset: number, units: number, isFelt: boolean): Sale {
  return isFelt ? market.sell(asset, units) : market.quote(asset, units)
}

// Accounts that listed nothing are asked once more when all others are done; true if any now lists
// something.
function retryStuck(walk: Walk): boolean {
  const waiting = walk.stuck.splice(0)
  let any = false
  for (const row of waiting) {
    const j = protocolOf(walk.prepared, row)
    const account = row - walk.prepared.offset[j]
    const protocol = walk.world.protocols[j]
    offers.count = 0
    if (walk.options.order === 'at-trigger') publishAt(walk, keyNow(walk, row))
    protocol.rules.offers(protocol, account, offers)
    if (offers.count > 0) {
      any = true
      requeue(walk, row)
    } else walk.stuck.push(row)
  }
  return any
}

// Levels are exact where health is linear in a price. Where rules hold something themselves it need
// not be: a ratio of all accounts, bands. Then all accounts are looked at once more; true if any
// that is liquidatable lists something.
function rescan(walk: Walk): boolean {
  const { world, prepared } = walk
  let any = false
  world.protocols.forEach((protocol, j) => {
    const { items, accounts, rules } = protocol
    for (let account = 0; items !== null && account < accounts.length; account++) {
      if (!isBreached(protocol, account)) continue
      offers.count = 0
      rules.offers(protocol, account, offers)
      if (offers.count === 0) continue
      any = true
      walk.queue.push(walk.level * BEFORE_EDGE, prepared.offset[j] + account)
    }
  })
  return any
}

// A round holds all that could be liquidated at the prices of its opening. A batch round is closed
// by its caller.
function isInRound(walk: Walk, j: number, account: number, key: number): boolean {
  const { world, prepared } = walk
  if (walk.roundLevel === 0) return false
  if (walk.options.order === 'batch') return true
  if (prepared.lead >= 0) return key < walk.roundLevel
  return isBreached(world.protocols[j], account, walk.roundValues[j])
}

function openRound(walk: Walk): void {
  walk.round++
  walk.roundLevel = walk.level
  walk.world.protocols.forEach((protocol, j) => {
    walk.roundValues[j].set(protocol.values)
  })
}

/**
 * The offer that leaves its taker most at these prices, the first of equals; -1 when there is none.
 */
export function bestOffer(list: Offers, prices: Float64Array): number {
  let best = -1
  let margin = Number.NEGATIVE_INFINITY
  for (let n = 0; n < list.count; n++) {
    const gain = list.amount[n] * prices[list.sells[n]] - list.cost[n] * prices[list.pays[n]]
    if (gain > margin) {
      margin = gain
      best = n
    }
  }
  return best
}

function badDebtUsd(units: Float64Array, opening: Float64Array): number {
  let sum = 0
  for (let a = 0; a < units.length; a++) sum += units[a] * opening[a]
  return sum
}

// A key within this factor of the level is looked at; the rules decide.
const EDGE = 1 + 1e-12
const PAST_EDGE = 1 + 3e-12
// Belongs to the round of this level.
const BEFORE_EDGE = 1 - 1e-12
/** Past this a cascade stops and says that it did not settle: rules that end need a few dozen. */
export const SETTLEMENTS_PER_ACCOUNT_MAX = 400

// Reused between calls: settlements run by the hundred thousand.
const offers = offerList()
const done = settlement()
