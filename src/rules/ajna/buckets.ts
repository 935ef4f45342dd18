/** What lenders have in an Ajna pool: buckets of deposits by price, and what debts do to them. */

/** Quote per collateral that a bucket pays, and the units of the quote asset in it. */
export interface Bucket {
  readonly price: number
  readonly depositUnits: number
}

/** MIN_PRICE: of the lowest bucket, where debt stands that deposits do not cover. */
export const LOWEST_PRICE = 9.983628289e-8

/**
 * Deposits that stand and fall with the pool.
 *
 * Shape: one entry per bucket, by falling price.
 * Units: `price` as at the opening; all of them are moved by one factor, the `follow` of the
 *        functions below. `deposit` in units of the quote asset.
 */
export interface Buckets {
  readonly price: Float64Array
  readonly deposit: Float64Array
}

/** Buckets at the opening. */
export function bucketsFrom(given: readonly Bucket[]): Buckets {
  const sorted = [...given].sort((a, b) => b.price - a.price)
  return {
    price: Float64Array.from(sorted, ({ price }) => price),
    deposit: Float64Array.from(sorted, ({ depositUnits }) => depositUnits),
  }
}

/**
 * The lowest utilised price: where deposits, counted from the highest price, have lent all debt.
 *
 * Source: ajna-finance/ajna-core, src/libraries/internal/Deposits.sol, getLup(), commit 01bb424c
 */
export function lowestUtilisedPrice(
  { price, deposit }: Buckets,
  debt: number,
  follow: number,
): number {
  let sum = 0
  for (let b = 0; b < price.length; b++) {
    sum += deposit[b]
    if (sum >= debt && deposit[b] > 0) return price[b] * follow
  }
  return LOWEST_PRICE
}

/** Gives lenders interest, in proportion to what they have in the pool. */
export function credit({ deposit }: Buckets, units: number): void {
  let sum = 0
  for (let b = 0; b < deposit.length; b++) sum += deposit[b]
  if (!(sum > 0)) return
  const growth = 1 + units / sum
  for (let b = 0; b < deposit.length; b++) deposit[b] *= growth
}

/** Collateral and debt of one account that is settled. */
export interface Settled {
  collateral: number
  debt: number
}

/**
 * Pays a debt from deposits, the highest price first, for collateral at the price of the bucket,
 * until one of the two is gone; `left` becomes what remains.
 *
 * Source: ajna-finance/ajna-core, src/libraries/external/SettlerActions.sol, settlePoolDebt(),
 *         commit 0f5ec56d, an earlier state
 */
export function swap({ price, deposit }: Buckets, follow: number, left: Settled): void {
  for (let b = 0; b < price.length && left.debt > 0 && left.collateral > 0; b++) {
    const at = price[b] * follow
    const worth = left.collateral * at
    const paid = Math.min(deposit[b], left.debt, worth)
    left.collateral = paid === worth ? 0 : left.collateral - paid / at
    deposit[b] -= paid
    left.debt -= paid
  }
}

/** Takes a debt that nothing covers off the deposits, the highest price first. */
export function forgive({ deposit }: Buckets, debt: number): void {
  let left = debt
  for (let b = 0; b < deposit.length && left > 0; b++) {
    const lost = Math.min(deposit[b], left)
    deposit[b] -= lost
    left -= lost
  }
}
