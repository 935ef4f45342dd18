/**
 * Exact integers of an Euler vault's liquidation module: what the float rules are compared with.
 * Native units: LTVs and the largest discount in basis points, values in units of account of 18
 * decimals, prices in those per whole token.
 */

const WAD = 10n ** 18n
const BPS = 10_000n
/** MIN_SOCIALIZATION_LIABILITY_VALUE. */
const LEAST_SOCIALISED = 1_000_000n

/** Liquidation LTV of a collateral in the debt's vault, perhaps on its way down. */
export interface TwinLtv {
  readonly initial: bigint
  readonly target: bigint
  readonly rampDuration: bigint
  readonly targetTimestamp: bigint
}

export interface TwinCollateral {
  balance: bigint
  readonly decimals: bigint
  readonly price: bigint
  readonly ltv: TwinLtv
}

/** An account with its controller, the vault that it owes to. */
export interface TwinAccount {
  readonly collaterals: TwinCollateral[]
  /** Assets owed, rounded up. */
  debt: bigint
  readonly debtDecimals: bigint
  readonly debtPrice: bigint
  readonly maxDiscount: bigint
}

export interface TwinDone {
  readonly repay: bigint
  readonly yieldBalance: bigint
  /** Debt cancelled at the lenders' cost. */
  readonly socialised: bigint
}

const quote = (units: bigint, decimals: bigint, price: bigint): bigint =>
  (units * price) / 10n ** decimals

/** In basis points, at a time. */
export function liquidationLtv(
  { initial, target, rampDuration, targetTimestamp }: TwinLtv,
  now: bigint,
): bigint {
  if (now >= targetTimestamp || target >= initial) return target
  return target + ((initial - target) * (targetTimestamp - now)) / rampDuration
}

/** Collateral x LTV, and debt, in units of account. */
export function liquidityOf(account: TwinAccount, now: bigint) {
  const adjusted = account.collaterals.reduce(
    (sum, { balance, decimals, price, ltv }) =>
      sum + (quote(balance, decimals, price) * liquidationLtv(ltv, now)) / BPS,
    0n,
  )
  return { adjusted, liability: quote(account.debt, account.debtDecimals, account.debtPrice) }
}

/** Most that may be repaid and what it yields; null where the account is healthy. */
export function maxLiquidation(account: TwinAccount, at: number, now: bigint) {
  const { adjusted, liability } = liquidityOf(account, now)
  if (account.debt === 0n || adjusted > liability) return null
  const least = WAD - (WAD * account.maxDiscount) / BPS
  const health = (adjusted * WAD) / liability
  const factor = health < least ? least : health
  const { balance, decimals, price } = account.collaterals[at]
  const worth = quote(balance, decimals, price)
  if (worth === 0n) return { repay: 0n, yieldBalance: balance, liability }
  const yieldValue = (liability * WAD) / factor
  const isShort = worth < yieldValue
  const repayValue = isShort ? (worth * factor) / WAD : liability
  return {
    repay: (repayValue * account.debt) / liability,
    yieldBalance: ((isShort ? worth : yieldValue) * balance) / worth,
    liability,
  }
}

/** Liquidates; null: all that may be repaid. A word where the vault refuses or does nothing. */
export function liquidate(
  account: TwinAccount,
  at: number,
  desired: bigint | null,
  now: bigint,
): TwinDone | 'healthy' | 'too much to repay' {
  const most = maxLiquidation(account, at, now)
  if (most === null) return 'healthy'
  if (desired !== null && desired > most.repay) return 'too much to repay'
  const isPart = desired !== null && most.repay > 0n
  const repay = isPart ? desired : most.repay
  const yieldBalance = isPart ? (desired * most.yieldBalance) / most.repay : most.yieldBalance
  account.debt -= repay
  account.collaterals[at].balance -= yieldBalance
  const isBare = account.collaterals.every(({ balance }) => balance === 0n)
  const socialised = isBare && most.liability >= LEAST_SOCIALISED ? account.debt : 0n
  account.debt -= socialised
  return { repay, yieldBalance, socialised }
}
