/**
 * Exact integers of Liquity v1's TroveManager and StabilityPool: what the float rules are compared
 * with. Native words; amounts, prices and ratios in wads, 1e18.
 */

export const WAD = 10n ** 18n
export const MCR = 11n * 10n ** 17n
export const CCR = 15n * 10n ** 17n
export const LUSD_GAS_COMPENSATION = 200n * WAD
const PERCENT_DIVISOR = 200n
const SCALE_FACTOR = 10n ** 9n

interface TwinTrove {
  coll: bigint
  debt: bigint
  stake: bigint
  /** L_ETH and L_LUSDDebt when it was last touched. */
  eth: bigint
  lusd: bigint
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
  epoch: bigint
  lossError: bigint
  gainError: bigint
  readonly sums: Map<string, bigint>
  readonly deposits: Map<string, TwinDeposit>
}

interface TwinDeposit {
  readonly units: bigint
  readonly P: bigint
  readonly S: bigint
  readonly scale: bigint
  readonly epoch: bigint
}

/** Troves, their pool, and what redistribution has added. */
export interface LiquityTwin {
  readonly troves: Map<string, TwinTrove>
  readonly pool: TwinPool
  active: { coll: bigint; debt: bigint }
  pending: { coll: bigint; debt: bigint }
  totalStakes: bigint
  stakesSnapshot: bigint
  collSnapshot: bigint
  lEth: bigint
  lLusd: bigint
  ethError: bigint
  lusdError: bigint
}

/** No troves, an empty pool. */
export function liquityTwin(): LiquityTwin {
  return {
    troves: new Map(),
    pool: emptyPool(),
    active: { coll: 0n, debt: 0n },
    pending: { coll: 0n, debt: 0n },
    totalStakes: 0n,
    stakesSnapshot: 0n,
    collSnapshot: 0n,
    lEth: 0n,
    lLusd: 0n,
    ethError: 0n,
    lusdError: 0n,
  }
}

/** A pool without deposits. */
export function emptyPool(): TwinPool {
  return {
    total: 0n,
    P: WAD,
    scale: 0n,
    epoch: 0n,
    lossError: 0n,
    gainError: 0n,
    sums: new Map(),
    deposits: new Map(),
  }
}

/** Opens a trove; `debt` includes the gas compensation. */
export function openTrove(twin: LiquityTwin, id: string, coll: bigint, debt: bigint): void {
  const stake = twin.collSnapshot === 0n ? coll : (coll * twin.stakesSnapshot) / twin.collSnapshot
  twin.troves.set(id, { coll, debt, stake, eth: twin.lEth, lusd: twin.lLusd })
  twin.totalStakes += stake
  twin.active.coll += coll
  twin.active.debt += debt
}

/** Collateral and debt of a trove with all that was redistributed to it. */
export function entire(twin: LiquityTwin, id: string): { coll: bigint; debt: bigint } {
  const trove = twin.troves.get(id)!
  const coll = trove.coll + (trove.stake * (twin.lEth - trove.eth)) / WAD
  return { coll, debt: trove.debt + (trove.stake * (twin.lLusd - trove.lusd)) / WAD }
}

/** Collateral ratio of a trove, rounded down. */
export function icrOf(twin: LiquityTwin, id: string, price: bigint): bigint {
  const { coll, debt } = entire(twin, id)
  return debt > 0n ? (coll * price) / debt : 1n << 255n
}

/** Collateral ratio of all troves. */
export function tcrOf({ active, pending }: LiquityTwin, price: bigint): bigint {
  const debt = active.debt + pending.debt
  return debt > 0n ? ((active.coll + pending.coll) * price) / debt : 1n << 255n
}

/** Liquidates one trove; null where the contract reverts. */
export function liquidate(twin: LiquityTwin, id: string, price: bigint): TwinDivision | null {
  const division = divisionOf(twin, id, price)
  if (division === null || twin.troves.size <= 1) return null
  const trove = twin.troves.get(id)!
  const { coll, debt } = entire(twin, id)
  // Pending rewards move into the active pool before the trove is closed.
  twin.pending.coll -= coll - trove.coll
  twin.pending.debt -= debt - trove.debt
  twin.active.coll += coll - trove.coll
  twin.active.debt += debt - trove.debt
  twin.totalStakes -= trove.stake
  twin.troves.delete(id)
  offset(twin.pool, division.offset, division.toPool)
  twin.active.coll -= division.toPool
  twin.active.debt -= division.offset
  redistribute(twin, division)
  twin.active.coll -= division.surplus
  twin.stakesSnapshot = twin.totalStakes
  twin.collSnapshot = twin.active.coll + twin.pending.coll - division.gas
  twin.active.coll -= division.gas
  return division
}

function divisionOf(twin: LiquityTwin, id: string, price: bigint): TwinDivision | null {
  const icr = icrOf(twin, id, price)
  const tcr = tcrOf(twin, price)
  const { coll, debt } = entire(twin, id)
  const inPool = twin.pool.total
  if (tcr >= CCR) return icr < MCR ? split(coll, debt, inPool) : null
  if (icr <= WAD) return split(coll, debt, 0n)
  if (icr < MCR) return split(coll, debt, inPool)
  if (icr >= tcr || debt > inPool || inPool === 0n) return null
  const capped = (debt * MCR) / price
  const gas = capped / PERCENT_DIVISOR
  return {
    gas,
    toPool: capped - gas,
    offset: debt,
    collToRedistribute: 0n,
    debtToRedistribute: 0n,
    surplus: coll - capped,
  }
}

function split(coll: bigint, debt: bigint, inPool: bigint): TwinDivision {
  const gas = coll / PERCENT_DIVISOR
  const rest = coll - gas
  const paid = debt < inPool ? debt : inPool
  const toPool = (rest * paid) / debt
  return {
    gas,
    toPool,
    offset: paid,
    collToRedistribute: rest - toPool,
    debtToRedistribute: debt - paid,
    surplus: 0n,
  }
}

function redistribute(twin: LiquityTwin, division: TwinDivision): void {
  const { collToRedistribute, debtToRedistribute } = division
  if (debtToRedistribute === 0n) return
  const eth = collToRedistribute * WAD + twin.ethError
  const lusd = debtToRedistribute * WAD + twin.lusdError
  const ethPerStake = eth / twin.totalStakes
  const lusdPerStake = lusd / twin.totalStakes
  twin.ethError = eth - ethPerStake * twin.totalStakes
  twin.lusdError = lusd - lusdPerStake * twin.totalStakes
  twin.lEth += ethPerStake
  twin.lLusd += lusdPerStake
  twin.active.coll -= collToRedistribute
  twin.active.debt -= debtToRedistribute
  twin.pending.coll += collToRedistribute
  twin.pending.debt += debtToRedistribute
}

/** Deposits into a pool; one deposit for each name. */
export function provide(pool: TwinPool, name: string, units: bigint): void {
  const { P, scale, epoch } = pool
  pool.deposits.set(name, { units, P, scale, epoch, S: sumAt(pool, epoch, scale) })
  pool.total += units
}

/** Debt paid by a pool, and what it gets for it. */
export function offset(pool: TwinPool, debt: bigint, coll: bigint): void {
  if (pool.total === 0n || debt === 0n) return
  const { total, P } = pool
  const gain = coll * WAD + pool.gainError
  let loss = WAD
  if (debt === total) pool.lossError = 0n
  else {
    const numerator = debt * WAD - pool.lossError
    loss = numerator / total + 1n
    pool.lossError = loss * total - numerator
  }
  const gainPerUnit = gain / total
  pool.gainError = gain - gainPerUnit * total
  const key = `${pool.epoch} ${pool.scale}`
  pool.sums.set(key, (pool.sums.get(key) ?? 0n) + gainPerUnit * P)
  shrink(pool, WAD - loss)
  pool.total -= debt
}

function shrink(pool: TwinPool, factor: bigint): void {
  const { P } = pool
  if (factor === 0n) {
    pool.epoch++
    pool.scale = 0n
    pool.P = WAD
  } else if ((P * factor) / WAD < SCALE_FACTOR) {
    pool.P = (P * factor * SCALE_FACTOR) / WAD
    pool.scale++
  } else pool.P = (P * factor) / WAD
}

/** What is left of a deposit. */
export function compounded(pool: TwinPool, name: string): bigint {
  const { units, P, scale, epoch } = pool.deposits.get(name)!
  if (epoch < pool.epoch) return 0n
  const steps = pool.scale - scale
  if (steps > 1n) return 0n
  const left = (units * pool.P) / P / (steps === 1n ? SCALE_FACTOR : 1n)
  return left < units / SCALE_FACTOR ? 0n : left
}

/** Collateral that a deposit has gained. */
export function gained(pool: TwinPool, name: string): bigint {
  const { units, P, S, scale, epoch } = pool.deposits.get(name)!
  const first = sumAt(pool, epoch, scale) - S
  const second = sumAt(pool, epoch, scale + 1n) / SCALE_FACTOR
  return (units * (first + second)) / P / WAD
}

function sumAt({ sums }: TwinPool, epoch: bigint, scale: bigint): bigint {
  return sums.get(`${epoch} ${scale}`) ?? 0n
}
