/** What a Comet holds itself: reserves in base, and the collateral that it absorbed and sells. */

import {
  BIDDER,
  type Bid,
  ITEMS,
  type Items,
  LENDERS,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
} from '../../rules.ts'
import type { Terms } from '../terms.ts'

/**
 * Numbers of a Comet, by asset where they are columns.
 *
 * Units: `liquidationFactor` and `discount` are fractions of a collateral's worth, reserves in
 *        units of the base asset.
 */
export interface CometTerms {
  readonly base: number
  readonly terms: Terms
  /** Share of the worth of a collateral that an absorb credits. */
  readonly liquidationFactor: Float64Array
  /** What the storefront takes off its price. */
  readonly discount: Float64Array
  readonly openingReserves: number
  readonly targetReserves: number
  readonly gas: { readonly absorb: number; readonly buy: number }
  readonly absorbPaused: boolean
  readonly buyPaused: boolean
}

/**
 * Reserves of a Comet.
 *
 * Units: `base` in the base asset, as getReserves() counts it: below 0 while absorbed collateral is
 *        unsold. `units` of collateral for sale, and the base that was `credited` for them, by
 *        asset.
 */
export interface CometReserves extends Items {
  /** Goes up when reserves fall from at or above their target: collateral may be bought again. */
  stamp: number
  base: number
  /** What reserves could not bear, and lenders lost. */
  charged: number
  readonly units: Float64Array
  readonly credited: Float64Array
}

/** Reserves at the opening: base, and no collateral. */
export function openingReserves({ discount, openingReserves: base }: CometTerms): CometReserves {
  const assets = discount.length
  return reserves(base, new Float64Array(assets), new Float64Array(assets))
}

function reserves(base: number, units: Float64Array, credited: Float64Array): CometReserves {
  const self: CometReserves = {
    stamp: 0,
    base,
    charged: 0,
    units,
    credited,
    copy() {
      const other = reserves(base, units.slice(), credited.slice())
      other.reset(self)
      return other
    },
    reset(other) {
      const from = other as CometReserves
      self.stamp = from.stamp
      self.base = from.base
      self.charged = from.charged
      units.set(from.units)
      credited.set(from.credited)
    },
  }
  return self
}

/** Whether the storefront sells while reserves are at `base`. */
export function sellsAt({ buyPaused, targetReserves }: CometTerms, base: number): boolean {
  return !buyPaused && base < targetReserves
}

/** Base that a unit of collateral costs at the storefront. */
export function storefrontPrice(of: CometTerms, { prices }: Protocol, asset: number): number {
  return (prices[asset] * (1 - of.discount[asset])) / prices[of.base]
}

/** Puts collateral up for sale that was credited with so much base. */
export function shelve(at: CometReserves, asset: number, units: number, credit: number): void {
  at.units[asset] += units
  at.credited[asset] += credit
}

/**
 * Changes the reserves by what they received less what they gave, in base; lenders lose what
 * neither they nor the collateral, at what was credited for it, can bear.
 */
export function settleReserves(
  of: CometTerms,
  protocol: Protocol,
  change: number,
  moves: Moves,
): void {
  const at = protocol.items as CometReserves
  if (at.base >= of.targetReserves && change < 0) at.stamp++
  at.base += change
  let held = at.base + at.charged
  for (let a = 0; a < at.credited.length; a++) held += at.credited[a]
  // What is left of sums that cancel is no loss.
  if (!(held < -REMAINDER * Math.abs(at.base))) return
  at.charged -= held
  protocol.badDebt[of.base] -= held
  pushMove(moves, of.base, LENDERS, RESERVE, -held)
}

/** Lists absorbed collateral at the storefront. */
export function listStorefront(of: CometTerms, protocol: Protocol, out: Offers): void {
  const { base, units } = protocol.items as CometReserves
  if (!sellsAt(of, base)) return
  for (let asset = 0; asset < units.length; asset++) {
    if (!(units[asset] > 0)) continue
    const cost = units[asset] * storefrontPrice(of, protocol, asset)
    pushOffer(out, -1, asset, units[asset], of.base, cost, 0, asset, STOREFRONT, of.gas.buy)
  }
}

/** Sells some or all of an absorbed collateral. */
export function buyCollateral(
  of: CometTerms,
  protocol: Protocol,
  asset: number,
  bid: Bid,
  moves: Moves,
): Reason {
  const { base, units, credited } = protocol.items as CometReserves
  const onSale = units[asset]
  if (!sellsAt(of, base)) return of.buyPaused ? 'paused' : 'nothing'
  if (!(onSale > 0 && bid.amount > 0)) return 'nothing'
  const isAll = onSale - bid.amount <= REMAINDER * onSale
  const sold = isAll ? onSale : bid.amount
  const paid = sold * storefrontPrice(of, protocol, asset)
  credited[asset] = isAll ? 0 : credited[asset] * (1 - sold / onSale)
  units[asset] = isAll ? 0 : onSale - sold
  pushMove(moves, asset, ITEMS, BIDDER, sold)
  pushMove(moves, of.base, BIDDER, RESERVE, paid)
  settleReserves(of, protocol, paid, moves)
  return 0
}

/** `Offers.other` of collateral at the storefront. */
export const STOREFRONT = 2
/** Below this share a remainder is rounding. */
export const REMAINDER = 1e-12
