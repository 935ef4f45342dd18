/** Ajna's auctions: their price over time, the kicker's bond, and what a take comes to. */

import { pow } from '../../math/exponential.ts'

/** COLLATERALIZATION_FACTOR: collateral at the lowest utilised price over debt, at the least. */
export const COLLATERALISATION = 1.04
/** Seconds after the kick at which an auction may be settled with collateral in it. */
export const SETTLE_SECONDS = 259_200

/** Bounds of the bond as a share of the debt. */
const BOND_LEAST = 0.005
const BOND_MOST = 0.03

/**
 * Price of an auction, quote per collateral.
 *
 * Rule:   256 x reference, halved six times in 20 minutes each, six times in 2 hours each, then
 *         every hour.
 * Units:  seconds since the kick.
 * Source: ajna-finance/ajna-core, src/libraries/helpers/PoolHelper.sol, _auctionPrice(), commit
 *         0f59e780
 */
export function auctionPrice(reference: number, seconds: number): number {
  const minutes = seconds / 60
  if (minutes < 120) return 256 * reference * pow(2, -minutes / 20)
  if (minutes < 840) return 4 * reference * pow(2, -(minutes - 120) / 120)
  return (reference / 16) * pow(2, -(minutes - 840) / 60)
}

/**
 * Bond of a kicker as a share of the debt.
 *
 * Rule:   (npTpRatio - 1) / 10, within 0.5 % and 3 %.
 * Source: as `auctionPrice`, _bondParams()
 */
export function bondFactorOf(npTpRatio: number): number {
  return Math.min(BOND_MOST, Math.max(BOND_LEAST, (npTpRatio - 1) / 10))
}

/**
 * What a kicker earns (below 0: loses), as a share of what a taker pays.
 *
 * Rule:   bond factor x (neutral price - price) / (neutral price - threshold price), the fraction
 *         within -1 and 1.
 * Source: as `auctionPrice`, _bpf()
 */
export function rewardShare(
  price: number,
  neutral: number,
  threshold: number,
  bondFactor: number,
): number {
  const part = (neutral - price) / (neutral - threshold)
  return bondFactor * Math.min(1, Math.max(-1, part))
}

/** A take, in units; `reward` is the kicker's, below 0 a penalty. Reused between calls. */
export interface Take {
  units: number
  paid: number
  repaid: number
  reward: number
}

/**
 * Sizes a take of at most `wanted` units of collateral.
 *
 * Rule:   paid = units x price, of which units x price x (1 - (5 x bond factor - reward share) / 4)
 *         repays the debt: no more than all of it. A penalty takes no more than the bond.
 * Source: ajna-finance/ajna-core, src/libraries/external/TakerActions.sol,
 *         _calculateTakeFlowsAndBondChange() and _rewardTake(), commit 0f59e780
 */
export function sizeTake(
  { price, share, bondFactor }: { price: number; share: number; bondFactor: number },
  { collateral, debt, bond }: { collateral: number; debt: number; bond: number },
  wanted: number,
  out: Take,
): void {
  const borrowersPrice = price * (1 - (5 * bondFactor - share) / 4)
  const isCleared = collateral * borrowersPrice >= debt
  const most = isCleared ? debt / borrowersPrice : collateral
  out.units = Math.min(most, wanted)
  out.paid = out.units * price
  out.repaid = isCleared && out.units === most ? debt : out.units * borrowersPrice
  out.reward = Math.max(-bond, share * out.paid)
}

/**
 * Auctions under way as columns, in no order that means anything: the last takes the place of one
 * that ends.
 *
 * Shape: `place` by account: its row + 1, 0 or nothing without an auction; the others `count` rows.
 * Units: prices in quote per collateral; `bond` in units of the quote asset; seconds since the
 *        opening.
 */
export interface AjnaAuctions {
  count: number
  readonly place: number[]
  readonly account: number[]
  readonly kicker: number[]
  readonly kickedAt: number[]
  readonly reference: number[]
  readonly neutral: number[]
  readonly threshold: number[]
  readonly bond: number[]
}

const COLUMNS = [
  'account',
  'kicker',
  'kickedAt',
  'reference',
  'neutral',
  'threshold',
  'bond',
] as const

/** No auction yet. */
export function noAuctions(): AjnaAuctions {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, [] as number[]]))
  return { count: 0, place: [], ...(columns as Record<(typeof COLUMNS)[number], number[]>) }
}

/** Row of an account's auction; -1 where there is none. */
export function rowOf({ place }: AjnaAuctions, account: number): number {
  return account < place.length ? place[account] - 1 : -1
}

/** Opens an auction and returns its row; its columns are the caller's to fill. */
export function open(auctions: AjnaAuctions, account: number): number {
  const row = auctions.count++
  while (auctions.place.length <= account) auctions.place.push(0)
  auctions.place[account] = row + 1
  auctions.account[row] = account
  return row
}

/** Takes an auction off the list. */
export function close(auctions: AjnaAuctions, row: number): void {
  const last = --auctions.count
  auctions.place[auctions.account[row]] = 0
  if (row === last) return
  for (const name of COLUMNS) auctions[name][row] = auctions[name][last]
  auctions.place[auctions.account[row]] = row + 1
}

/** Makes one list of auctions equal to another. */
export function refill(auctions: AjnaAuctions, from: AjnaAuctions): void {
  auctions.count = from.count
  for (const name of ['place', ...COLUMNS] as const) {
    auctions[name].length = from[name].length
    for (let i = 0; i < from[name].length; i++) auctions[name][i] = from[name][i]
  }
}
