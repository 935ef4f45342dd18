/**
 * Exact integers of one branch of Liquity v2's TroveManager and StabilityPool: what the float rules
 * are compared with. Native words; amounts, prices and ratios in wads, 1e18.
 */

export const WAD = 10n ** 18n
const COLL_GAS_COMPENSATION_DIVISOR = 200n
const COLL_GAS_COMPENSATION_CAP = 2n * WAD
export const MIN_BOLD_IN_SP = WAD
const P_PRECISION = 10n ** 36n
const SCALE_FACTOR = 10n ** 9n
const SCALE_SPAN = 2n
const MAX_SCALE_FACTOR_EXPONENT = 8n

/** What a branch is deployed with, in wads. */
export interface BranchTwinSpec {
  readonly mcr: bigint
  readonly penaltySp: bigint
  readonly penaltyRedistribution: bigint
}

interface TwinTrove {
  coll: bigint
  debt: bigint
  stake: bigint
  /** L_coll and L_boldDebt when it was last touched. */
  lColl: bigint
  lDebt: bigint
}

/** What a liquidation does with a trove. */
export interface TwinDivision {
  gas: bigint
  toPool: bigint
  offset: bigint
  collToRedistribute: bigint
  debtToRedistribute: bigint
  surplus: bigint
}

/** Deposits and their product-sum. */
export interface TwinPool {
  total: bigint
  P: bigint
  scale: bigint
  readonly sums: Map<bigint, bigint>
  readonly deposits: Map<string, TwinDeposit>
}

interface TwinDeposit {
  readonly units: bigint
  readonly P: bigint
  readonly S: bigint
  readonly scale: bigint
}

/** Troves of a branch, their pool, and what redistribution has added. */
export interface BranchTwin {
  readonly of: BranchTwinSpec
  readonly troves: Map<string, TwinTrove>
  readonly pool: TwinPool
  totalStakes: bigint
  lColl: bigint
  lDebt: bigint
  collError: bigint
  debtError: bigint
}

/** No troves, an empty pool. */
export function branchTwin(of: BranchTwinSpec): BranchTwin {
  return {
    of,
    troves: new Map(),
    pool: emptyPool(),
    totalStakes: 0n,
    lColl: 0n,
    lDebt: 0n,
    collError: 0n,
    debtError: 0n,
  }
}

/** A pool without deposits. */
export function emptyPool(): TwinPool {
  return { total: 0n, P: P_PRECISION, scale: 0n, sums: new Map(), deposits: new Map() }
}

/** Opens a trove before anything was redistributed. */
export function openTrove(twin: BranchTwin, id: string, coll: bigint, debt: bigint): void {
  twin.troves.set(id, { coll, debt, stake: coll, lColl: twin.lColl, lDebt: twin.lDebt })
  twin.totalStakes += coll
}

/** Collateral and debt of a trove with all that was redistributed to it. */
export function entire(twin: BranchTwin, id: string): { coll: bigint; debt: bigint } {
  const trove = twin.troves.get(id)!
  const coll = trove.coll + (trove.stake * (twin.lColl - trove.lColl)) / WAD
  return { coll, debt: trove.debt + (trove.stake * (twin.lDebt - trove.lDebt)) / WAD }
}

/** Collateral ratio of a trove, rounded down. */
export function icrOf(twin: BranchTwin, id: string, price: bigint): bigint {
  const { coll, debt } = entire(twin, id)
  return debt > 0n ? (coll * price) / debt : 1n << 255n
}

/** Liquidates one trove; null where the contract reverts. */
export function liquidate(twin: BranchTwin, id: string, price: bigint): TwinDivision | null {
  if (!(icrOf(twin, id, price) < twin.of.mcr) || twin.troves.size <= 1) return null
  const { coll, debt } = entire(twin, id)
  const { total } = twin.pool
  const forOffsets = total > MIN_BOLD_IN_SP ? total - MIN_BOLD_IN_SP : 0n
  const division = split(twin.of, coll, debt, forOffsets, price)
  twin.totalStakes -= twin.troves.get(id)!.stake
  twin.troves.delete(id)
  offset(twin.pool, division.offset, division.toPool)
  redistribute(twin, division)
  return division
}

/** How a trove is divided: what the pool can pay first, the rest to the other troves. */
export function split(
  of: BranchTwinSpec,
  coll: bigint,
  debt: bigint,
  forOffsets: bigint,
  price: bigint,
): TwinDivision {
  const paid = debt < forOffsets ? debt : forOffsets
  const part = (coll * paid) / debt
  const gas = least(part / COLL_GAS_COMPENSATION_DIVISOR, COLL_GAS_COMPENSATION_CAP)
  const toPool = least(part - gas, (paid * (WAD + of.penaltySp)) / price)
  let surplus = part - gas - toPool
  const left = debt - paid
  let shared = 0n
  if (left > 0n) {
    const rest = coll - part + surplus
    shared = least(rest, (left * (WAD + of.penaltyRedistribution)) / price)
    surplus = rest - shared
  }
  return {
    gas,
    toPool,
    offset: paid,
    collToRedistribute: shared,
    debtToRedistribute: left,
    surplus,
  }
}

function redistribute(twin: BranchTwin, division: TwinDivision): void {
  const { collToRedistribute, debtToRedistribute } = division
  if (debtToRedistribute === 0n) return
  const coll = collToRedistribute * WAD + twin.collError
  const debt = debtToRedistribute * WAD + twin.debtError
  const collPerStake = coll / twin.totalStakes
  const debtPerStake = debt / twin.totalStakes
  twin.collError = coll - collPerStake * twin.totalStakes
  twin.debtError = debt - debtPerStake * twin.totalStakes
  twin.lColl += collPerStake
  twin.lDebt += debtPerStake
}

/** Deposits into a pool; one deposit for each name. */
export function provide(pool: TwinPool, name: string, units: bigint): void {
  const { P, scale } = pool
  pool.deposits.set(name, { units, P, scale, S: pool.sums.get(scale) ?? 0n })
  pool.total += units
}

/** Debt paid by a pool, and what it gets for it. */
export function offset(pool: TwinPool, debt: bigint, coll: bigint): void {
  if (debt === 0n) return
  const { total, P, scale } = pool
  pool.sums.set(scale, (pool.sums.get(scale) ?? 0n) + (P * coll) / total)
  let numerator = P * (total - debt)
  while (numerator / total < P_PRECISION / SCALE_FACTOR) {
    numerator *= SCALE_FACTOR
    pool.scale++
  }
  pool.P = numerator / total
  pool.total -= debt
}

/** What is left of a deposit. */
export function compounded(pool: TwinPool, name: string): bigint {
  const { units, P, scale } = pool.deposits.get(name)!
  const steps = pool.scale - scale
  if (steps > MAX_SCALE_FACTOR_EXPONENT) return 0n
  return (units * pool.P) / P / SCALE_FACTOR ** steps
}

/** Collateral that a deposit has gained. */
export function gained(pool: TwinPool, name: string): bigint {
  const { units, P, S, scale } = pool.deposits.get(name)!
  let sum = (pool.sums.get(scale) ?? 0n) - S
  for (let step = 1n; step <= SCALE_SPAN; step++)
    sum += (pool.sums.get(scale + step) ?? 0n) / SCALE_FACTOR ** step
  return (units * sum) / P
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
