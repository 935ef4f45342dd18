/** What Fluid's vaults hold themselves: positions that were absorbed whole, and sums of debt. */

import {
  BIDDER,
  type Bid,
  ITEMS,
  type Items,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
} from '../../rules.ts'

/**
 * One vault.
 *
 * Units: threshold, limit and penalty as fractions; `scale` turns a ratio of tokens into one of
 *        their smallest units.
 */
export interface FluidVault {
  readonly collateral: number
  readonly debt: number
  readonly threshold: number
  readonly maxLimit: number
  readonly penalty: number
  readonly scale: number
}

/**
 * Absorbed positions, by vault.
 *
 * Units: `units` of collateral for sale and the `debt` asked for all of them, in tokens; `total` is
 *        what accounts owe in scaled units, NaN before it was asked for.
 */
export interface FluidAbsorbed extends Items {
  readonly units: Float64Array
  readonly debt: Float64Array
  readonly total: Float64Array
}

/** Nothing absorbed yet in so many vaults. */
export function nothingAbsorbed(vaults: number): FluidAbsorbed {
  const self: FluidAbsorbed = {
    units: new Float64Array(vaults),
    debt: new Float64Array(vaults),
    total: new Float64Array(vaults).fill(Number.NaN),
    copy() {
      const other = nothingAbsorbed(vaults)
      other.reset(self)
      return other
    },
    reset(other) {
      const from = other as FluidAbsorbed
      self.units.set(from.units)
      self.debt.set(from.debt)
      self.total.set(from.total)
    },
  }
  return self
}

/** Lists what was absorbed, each vault's collateral for all of its debt. */
export function listAbsorbed(vaults: readonly FluidVault[], protocol: Protocol, out: Offers): void {
  const { units, debt } = protocol.items as FluidAbsorbed
  for (let v = 0; v < vaults.length; v++) {
    if (!(units[v] > 0)) continue
    const { collateral, debt: pays } = vaults[v]
    pushOffer(out, -1, collateral, units[v], pays, debt[v], 0, v, ABSORBED)
  }
}

/** Sells some or all of what a vault absorbed, in proportion. */
export function sellAbsorbed(
  { collateral, debt: pays }: FluidVault,
  v: number,
  protocol: Protocol,
  bid: Bid,
  moves: Moves,
): Reason {
  const { units, debt } = protocol.items as FluidAbsorbed
  const onSale = units[v]
  if (!(onSale > 0 && bid.amount > 0)) return 'nothing'
  const isAll = onSale - bid.amount <= REMAINDER * onSale
  const sold = isAll ? onSale : bid.amount
  const paid = isAll ? debt[v] : debt[v] * (sold / onSale)
  if (!isAll && isTooLittle(protocol, v, paid)) return 'dust'
  units[v] = isAll ? 0 : onSale - sold
  debt[v] = isAll ? 0 : debt[v] - paid
  pushMove(moves, collateral, ITEMS, BIDDER, sold)
  pushMove(moves, pays, BIDDER, ITEMS, paid)
  return 0
}

/**
 * Whether a part that somebody asks for is below what a vault takes: a billionth of all its debt.
 */
export function isTooLittle(protocol: Protocol, v: number, repaid: number): boolean {
  const { total, debt } = protocol.items as FluidAbsorbed
  if (Number.isNaN(total[v])) total[v] = totalOf(protocol, debtSlot(v))
  return repaid < LEAST * (total[v] * protocol.index[debtSlot(v)] + debt[v])
}

/** Notes debt that an account of a vault owes no more, in tokens. */
export function forget(protocol: Protocol, v: number, repaid: number): void {
  // NaN stays NaN.
  const { total } = protocol.items as FluidAbsorbed
  total[v] -= repaid / protocol.index[debtSlot(v)]
}

/** Slots of a vault: its collateral, then its debt. */
export function collateralSlot(v: number): number {
  return 2 * v
}

export function debtSlot(v: number): number {
  return 2 * v + 1
}

/** Scaled units that accounts owe at a slot. */
function totalOf({ book: { slot, amount } }: Protocol, of: number): number {
  let sum = 0
  for (let k = 0; k < amount.length; k++) if (slot[k] === of) sum -= amount[k]
  return sum
}

/** `Offers.other` of what was absorbed. */
export const ABSORBED = 2
/** Below this share a remainder is rounding. */
export const REMAINDER = 1e-12
const LEAST = 1e-9
