/** Accounts of a watchlist that the same slots move, and how far each is from its edge. */

import { type AccountList, accountList } from './accountList.ts'
import type { Band } from './bands.ts'
import { reachOf } from './edges.ts'
import type { Kind } from './kinds.ts'
import { type Shelves, shelves } from './shelves.ts'

/** How far values may spread since the base of the near list. */
export const NEAR_SPREAD = 1.012
/** Beyond it nobody is near, whatever rounding says. */
const NEAR_MOST = reachOf(NEAR_SPREAD) + 1e-9
/** Looks without lists when they fail for the first time. */
export const REST_LEAST = 16

/** Accounts of one kind, and how far each is from its edge. */
export interface Group {
  readonly kind: Kind
  /** Where accounts turn, if all members have two legs in the two slots of the kind. */
  readonly band: Band | null
  /** Whether the band is followed; else the lists, where accounts stand by |H| / G. */
  isBanded: boolean
  /** False before anything is drawn, and while lists rest. */
  isDrawn: boolean
  /** Accounts that both spreads together, since `farBase`, could turn; in a band scratch. */
  readonly far: AccountList
  /** Accounts that the near spread could turn, by |H| / G at `nearBase` less the guard. */
  readonly near: Shelves
  readonly farBase: Float64Array
  readonly nearBase: Float64Array
  /** Reach of the spread from `nearBase` to `last`. */
  reach: number
  /** What lists have cost beyond one full scan per look, not yet saved again. */
  arrears: number
  /** Looks still to be made without lists, now and when lists next fail. */
  rest: number
  nextRest: number
}

/** A group of which nothing is drawn yet; `place` has an entry for every account of the book. */
export function groupOf(kind: Kind, band: Band | null, slots: number, place: Uint32Array): Group {
  const accounts = kind.members.length
  return {
    kind,
    band,
    isBanded: false,
    isDrawn: false,
    far: accountList(accounts),
    near: shelves(accounts, place, -NEAR_MOST, NEAR_MOST),
    farBase: new Float64Array(slots),
    nearBase: new Float64Array(slots),
    reach: 0,
    arrears: 0,
    rest: 0,
    nextRest: REST_LEAST,
  }
}

/** Takes over the state of the same group in a copy. */
export function resetGroup(group: Group, from: Group): void {
  group.farBase.set(from.farBase)
  group.nearBase.set(from.nearBase)
  group.far.count = from.far.count
  for (let k = 0; k < from.far.count; k++) group.far.account[k] = from.far.account[k]
  if (from.isBanded) group.band!.reset(from.band!)
  else group.near.reset(from.near)
  group.isBanded = from.isBanded
  group.isDrawn = from.isDrawn
  group.reach = from.reach
  group.arrears = from.arrears
  group.rest = from.rest
  group.nextRest = from.nextRest
}
