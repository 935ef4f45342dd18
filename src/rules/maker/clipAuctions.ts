/** Clip's auctions under way, as columns, and their breaker. */

import { pow } from '../../math/exponential.ts'
import type { Protocol } from '../../rules.ts'
import { type Auctions, ask, asked, auctionColumns, closeRow, openRow } from './auctions.ts'
import type { MakerClipSpec } from './clipParameters.ts'

/**
 * Dutch auctions.
 *
 * Shape: `seen` and `tripped` have one entry per asset once a block has run, `isTimed` one.
 * Units: `lot` in units of `asset`; `tab`, `debt` and `raised` in DAI; `top` in DAI per unit;
 *        `since` in seconds since the opening.
 */
export interface ClipAuctions extends Auctions {
  /** Whose vault was barked at. */
  readonly account: number[]
  readonly asset: number[]
  readonly lot: number[]
  /** What it still asks for, with the penalty; what the vault owed, and what it brought so far. */
  readonly tab: number[]
  readonly debt: number[]
  readonly raised: number[]
  /** Opening price, and when it was set. */
  readonly top: number[]
  readonly since: number[]
  /** By asset: the price of the block before, and 2 where its fall set the breaker. */
  readonly seen: number[]
  readonly tripped: number[]
  /** 1 once a block has run: an instant cascade has none. */
  readonly isTimed: number[]
}

/** No auction yet. */
export function noSales(): ClipAuctions {
  return auctionColumns([...COLUMNS, 'seen', 'tripped', 'isTimed'])
}

/** Starts an auction. */
export function startSale(
  auctions: ClipAuctions,
  account: number,
  asset: number,
  lot: number,
  debt: number,
  tab: number,
  top: number,
  since: number,
): void {
  const row = openRow(auctions, asset, tab)
  auctions.account[row] = account
  auctions.asset[row] = asset
  auctions.lot[row] = lot
  auctions.tab[row] = tab
  auctions.debt[row] = debt
  auctions.raised[row] = 0
  auctions.top[row] = top
  auctions.since[row] = since
}

/** Takes an auction off the list; what it still asked for is asked no more. */
export function endSale(auctions: ClipAuctions, row: number): void {
  ask(auctions, auctions.asset[row], -auctions.tab[row])
  closeRow(auctions, COLUMNS, row)
}

const COLUMNS = ['account', 'asset', 'lot', 'tab', 'debt', 'raised', 'top', 'since'] as const

/**
 * DAI that further auctions of an asset may ask for.
 *
 * Rule: min(Hole - Dirt, hole - dirt).
 */
export function roomFor(of: MakerClipSpec, auctions: ClipAuctions, asset: number): number {
  const all = (of.totalHoleUsd ?? Number.POSITIVE_INFINITY) - asked(auctions)
  const own = (of.holeUsd ?? Number.POSITIVE_INFINITY) - (auctions.tabs[asset] ?? 0)
  return Math.min(all, own)
}

/**
 * Price of an auction, as a share of its opening price, this many seconds after it.
 *
 * Rule:   linear 1 - t / tau, not below 0; stairstep cut ^ floor(t / step); exponential cut ^ t.
 * Source: makerdao/dss, src/abaci.sol, commit fa4f6630
 */
export function fallen(
  { abacus, tauSeconds, cut, stepSeconds }: MakerClipSpec,
  seconds: number,
): number {
  if (abacus === 'linear') return Math.max(0, 1 - seconds / tauSeconds!)
  return pow(cut!, abacus === 'stairstep' ? Math.floor(seconds / stepSeconds!) : seconds)
}

/** Whether an auction has run too long or fallen too far, and must be restarted. */
export function isSpent(
  of: MakerClipSpec,
  auctions: ClipAuctions,
  row: number,
  now: number,
): boolean {
  const age = now - auctions.since[row]
  return age > of.tailSeconds || fallen(of, age) < of.cusp
}

/** The least debt that an auction may be left with. */
export function leastLeft({ dustUsd, penalty }: MakerClipSpec): number {
  return dustUsd * (1 + penalty)
}

/** What whoever starts or restarts an auction is paid, DAI. */
export function rewardFor({ tipUsd, chip }: MakerClipSpec, tab: number): number {
  return tipUsd + chip * tab
}

/** Whether the breaker of an asset stands below a level. */
export function isBelowLevel(
  { stopped }: MakerClipSpec,
  { tripped }: ClipAuctions,
  asset: number,
  level: number,
): boolean {
  return Math.max(stopped, tripped[asset] ?? 0) < level
}

/** Looks at the prices of a block: one that fell too far since the last sets its breaker. */
export function watchPrices({ tolerance }: MakerClipSpec, protocol: Protocol): void {
  const { seen, tripped, isTimed } = protocol.items as ClipAuctions
  isTimed[0] = 1
  if (tolerance === undefined) return
  const { prices } = protocol
  for (let asset = 0; asset < prices.length; asset++) {
    if (prices[asset] < (seen[asset] ?? 0) * tolerance) tripped[asset] = 2
    else tripped[asset] ??= 0
    seen[asset] = prices[asset]
  }
}
