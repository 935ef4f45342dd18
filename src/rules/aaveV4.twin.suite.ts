/**
 * Exact integers of the Spoke's liquidation: what the float rules are compared with. Native units:
 * prices with 8 decimals, health factors in wad, config in basis points, 1e26 of value per USD.
 */

const WAD = 10n ** 18n
const RAY = 10n ** 27n
const BPS = 10_000n
/** DUST_LIQUIDATION_THRESHOLD: 1000 USD. */
const DUST = 1000n * 10n ** 26n

/** LiquidationConfig of a spoke. */
export interface SpokeSpec {
  readonly targetHealthFactor: bigint
  readonly healthFactorForMaxBonus: bigint
  readonly liquidationBonusFactor: bigint
}

/** A supply position with its dynamic config. Shares are worth 1 unit of the asset. */
export interface TwinSupply {
  supplied: bigint
  readonly price: bigint
  readonly decimals: bigint
  readonly collateralFactor: bigint
  readonly maxLiquidationBonus: bigint
  readonly liquidationFee: bigint
}

/** A debt position: drawn shares x index (ray) + premium (ray). */
export interface TwinDebt {
  drawnShares: bigint
  premiumRay: bigint
  readonly drawnIndex: bigint
  readonly price: bigint
  readonly decimals: bigint
}

export interface TwinAccount {
  readonly supplies: TwinSupply[]
  readonly debts: TwinDebt[]
}

/** What a liquidation call did, in native units. */
export interface TwinDone {
  /** Debt paid, exact, in ray of units. */
  readonly debtRay: bigint
  /** Debt paid in whole units, rounded up. */
  readonly restored: bigint
  readonly seized: bigint
  readonly toLiquidator: bigint
  /** By debt position, in ray of units, where the account was left without collateral. */
  readonly deficitRay: bigint[]
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

const worthOf = (units: bigint, decimals: bigint, price: bigint): bigint =>
  units * 10n ** (18n - decimals) * price

/** Debt in ray of units. */
export const debtRayOf = ({ drawnShares, drawnIndex, premiumRay }: TwinDebt): bigint =>
  drawnShares * drawnIndex + premiumRay

const totalDebtRay = ({ debts }: TwinAccount): bigint =>
  debts.reduce((sum, debt) => sum + worthOf(debtRayOf(debt), debt.decimals, debt.price), 0n)

/** In wad; a debt of 0 is not asked. */
export function healthFactorOf(account: TwinAccount): bigint {
  const weighted = account.supplies.reduce(
    (sum, { supplied, decimals, price, collateralFactor }) =>
      sum + collateralFactor * worthOf(supplied, decimals, price),
    0n,
  )
  return (weighted * 10n ** 14n * RAY) / totalDebtRay(account)
}

/** In basis points, 10000 and more. */
export function bonusAt(of: SpokeSpec, maxBonus: bigint, healthFactor: bigint): bigint {
  if (healthFactor <= of.healthFactorForMaxBonus) return maxBonus
  const least = ((maxBonus - BPS) * of.liquidationBonusFactor) / BPS + BPS
  const part = WAD - healthFactor
  return least + ((maxBonus - least) * part) / (WAD - of.healthFactorForMaxBonus)
}

/** Liquidates as the spoke does; a word where it reverts. */
export function liquidate(
  of: SpokeSpec,
  account: TwinAccount,
  at: { readonly supply: number; readonly debt: number },
  debtToCover: bigint,
): TwinDone | 'healthy' | 'dust' {
  const supply = account.supplies[at.supply]
  const debt = account.debts[at.debt]
  const healthFactor = healthFactorOf(account)
  if (healthFactor >= WAD) return 'healthy'
  const bonus = bonusAt(of, supply.maxLiquidationBonus, healthFactor)
  const toTarget = debtRayToTarget(of, account, supply, debt, bonus, healthFactor)
  let pay = coveredDebt(debt, toTarget, debtToCover)
  let seized = collateralFor(supply, debt, pay, bonus)
  const left = worthOf(supply.supplied - seized, supply.decimals, supply.price)
  const leavesDust = seized < supply.supplied && left < DUST && pay.shares < debt.drawnShares
  if (seized > supply.supplied || leavesDust) {
    seized = supply.supplied
    pay = debtFor(supply, debt, bonus)
    if (pay.isCapped) seized = min(seized, collateralFor(supply, debt, pay, bonus))
  }
  const restored = ceil(pay.shares * debt.drawnIndex, RAY) + ceil(pay.premiumRay, RAY)
  if (debtToCover < restored) return 'dust'
  const kept = ceil(seized * supply.liquidationFee * (bonus - BPS), bonus * BPS)
  supply.supplied -= seized
  debt.drawnShares -= pay.shares
  debt.premiumRay -= pay.premiumRay
  return {
    debtRay: pay.shares * debt.drawnIndex + pay.premiumRay,
    restored,
    seized,
    toLiquidator: seized - kept,
    deficitRay: deficitOf(account),
  }
}

/** Part of a debt: drawn shares, and premium in ray. */
interface Part {
  readonly shares: bigint
  readonly premiumRay: bigint
  /** Rounding asked for more shares than there are. */
  readonly isCapped: boolean
}

function debtRayToTarget(
  of: SpokeSpec,
  account: TwinAccount,
  supply: TwinSupply,
  debt: TwinDebt,
  bonus: bigint,
  healthFactor: bigint,
): bigint {
  const penalty = ceil(bonus * 10n ** 14n * supply.collateralFactor, BPS)
  const above =
    totalDebtRay(account) * 10n ** debt.decimals * (of.targetHealthFactor - healthFactor)
  return ceil(above, (of.targetHealthFactor - penalty) * debt.price * WAD)
}

/** Premium first, then drawn shares; all of it where dust would be left. */
function coveredDebt(debt: TwinDebt, toTarget: bigint, debtToCover: bigint): Part {
  const whole = { shares: debt.drawnShares, premiumRay: debt.premiumRay, isCapped: false }
  const premiumRay = min(min(ceil(toTarget, RAY), debtToCover) * RAY, debt.premiumRay)
  let shares = 0n
  if (premiumRay === debt.premiumRay) {
    const rest = toTarget > premiumRay ? toTarget - premiumRay : 0n
    const cover = ((debtToCover - ceil(premiumRay, RAY)) * RAY) / debt.drawnIndex
    shares = min(min(ceil(rest, debt.drawnIndex), cover), debt.drawnShares)
  }
  if (shares === debt.drawnShares) return whole
  const left = debtRayOf(debt) - shares * debt.drawnIndex - premiumRay
  const isDust = worthOf(left, debt.decimals, debt.price) < DUST * RAY
  return isDust ? whole : { shares, premiumRay, isCapped: false }
}

function collateralFor(
  supply: TwinSupply,
  debt: TwinDebt,
  { shares, premiumRay }: Part,
  bonus: bigint,
): bigint {
  const debtRay = shares * debt.drawnIndex + premiumRay
  const over = debtRay * debt.price * 10n ** supply.decimals * bonus
  return over / (10n ** debt.decimals * supply.price * BPS * RAY)
}

/** The debt that all of a collateral pays. */
function debtFor(supply: TwinSupply, debt: TwinDebt, bonus: bigint): Part {
  const worth = supply.supplied * supply.price * 10n ** debt.decimals * BPS * RAY
  const debtRay = ceil(worth, debt.price * 10n ** supply.decimals * bonus)
  if (debtRay <= debt.premiumRay) {
    const premiumRay = min(ceil(debtRay, RAY) * RAY, debt.premiumRay)
    return { shares: 0n, premiumRay, isCapped: false }
  }
  const shares = ceil(debtRay - debt.premiumRay, debt.drawnIndex)
  const isCapped = shares > debt.drawnShares
  return { shares: min(shares, debt.drawnShares), premiumRay: debt.premiumRay, isCapped }
}

/** What the hub is told once no collateral is left. */
function deficitOf({ supplies, debts }: TwinAccount): bigint[] {
  if (supplies.some(({ supplied }) => supplied > 0n)) return debts.map(() => 0n)
  return debts.map((debt) => {
    const lost = debtRayOf(debt)
    debt.drawnShares = 0n
    debt.premiumRay = 0n
    return lost
  })
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
