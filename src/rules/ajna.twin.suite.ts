/**
 * Exact twin of an Ajna pool without interest: integers of 18 decimals, as the chain has them.
 * Written from ajna-finance/ajna-core (PoolHelper.sol, KickerActions.sol, TakerActions.sol as they
 * stand at commit 0f59e780, SettlerActions.sol at 0f5ec56d), not from the float code.
 */

export const WAD = 10n ** 18n

const COLLATERALIZATION_FACTOR = 104n * 10n ** 16n
const MIN_PRICE = 99_836_282_890n
const BOND_LEAST = 5n * 10n ** 15n
const BOND_MOST = 3n * 10n ** 16n
const SETTLE_AFTER = 72n * 3600n

const least = (a: bigint, b: bigint) => (a < b ? a : b)
const most = (a: bigint, b: bigint) => (a > b ? a : b)
const wmul = (a: bigint, b: bigint) => (a * b + WAD / 2n) / WAD
const wdiv = (a: bigint, b: bigint) => (a * WAD + b / 2n) / b
const floorWmul = (a: bigint, b: bigint) => (a * b) / WAD
const ceilWdiv = (a: bigint, b: bigint) => (a * WAD + b - 1n) / b

/** A float in 18 decimals; exact for the doubles that tests draw on a grid. */
export function wad(value: number): bigint {
  return BigInt(Math.round(value * 1e9)) * 10n ** 9n
}

/** Back to a float, rounded once. */
export function float(value: bigint): number {
  return Number(value) / 1e18
}

const ONE = 10n ** 40n

function lnTwo(): bigint {
  let sum = 0n
  for (let n = 1n; n < 140n; n++) sum += ONE / (n * 2n ** n)
  return sum
}

const LN2 = lnTwo()

/** 2^-x for x >= 0 in 18 decimals; rounded down, as PRBMath does for negative exponents. */
export function halved(x: bigint): bigint {
  const whole = x / WAD
  const rest = ((x % WAD) * LN2) / WAD
  let term = ONE
  let sum = ONE
  for (let n = 1n; n < 40n; n++) {
    term = (term * rest) / (ONE * n)
    sum += term
  }
  return (ONE * WAD) / sum / 2n ** whole
}

/** _auctionPrice. */
export function twinPrice(reference: bigint, seconds: bigint): bigint {
  const minutes = wdiv(seconds * WAD, 60n * WAD)
  if (minutes < 120n * WAD) return 256n * wmul(reference, halved(minutes / 20n))
  if (minutes < 840n * WAD) return 4n * wmul(reference, halved((minutes - 120n * WAD) / 120n))
  return wmul(reference, halved((minutes - 840n * WAD) / 60n)) / 16n
}

/** _bondParams: the share of the debt. */
export function twinBondFactor(npTpRatio: bigint): bigint {
  return least(BOND_MOST, most(BOND_LEAST, (npTpRatio - WAD) / 10n))
}

/** _bpf. */
export function twinReward(threshold: bigint, neutral: bigint, factor: bigint, price: bigint) {
  const part = ((neutral - price) * WAD) / (neutral - threshold)
  return (factor * least(WAD, most(-WAD, part))) / WAD
}

export interface TwinLoan {
  collateral: bigint
  debt: bigint
  auction: null | {
    readonly at: bigint
    readonly reference: bigint
    readonly neutral: bigint
    readonly threshold: bigint
    bond: bigint
  }
}

/** A pool; buckets by falling price. */
export interface TwinPool {
  readonly buckets: { price: bigint; deposit: bigint }[]
  readonly loans: TwinLoan[]
  readonly npTpRatio: bigint
  reserves: bigint
  lost: bigint
}

/** getLup. */
export function twinLup({ buckets, loans }: TwinPool): bigint {
  const debt = loans.reduce((all, loan) => all + loan.debt, 0n)
  let sum = 0n
  for (const { price, deposit } of buckets) {
    sum += deposit
    if (sum >= debt && deposit > 0n) return price
  }
  return MIN_PRICE
}

/** Collateral at the lowest utilised price less 1.04 x debt, which decides on a kick. */
export function twinHealth(pool: TwinPool, loan: TwinLoan): bigint {
  return wmul(loan.collateral, twinLup(pool)) - wmul(loan.debt, COLLATERALIZATION_FACTOR)
}

/** kick; returns the bond. */
export function twinKick(pool: TwinPool, loan: TwinLoan, at: bigint): bigint {
  const threshold = wdiv(loan.debt, loan.collateral)
  const due = wmul(loan.debt, COLLATERALIZATION_FACTOR)
  const neutral = (due * pool.npTpRatio) / loan.collateral
  const highest = pool.loans
    .filter(({ auction, collateral }) => auction === null && collateral > 0n)
    .reduce((top, { debt, collateral }) => most(top, wdiv(debt, collateral)), 0n)
  const bond = wmul(twinBondFactor(pool.npTpRatio), loan.debt)
  const reference = most(wmul(highest, COLLATERALIZATION_FACTOR), neutral)
  loan.auction = { at, reference, neutral, threshold, bond }
  return bond
}

/** What a take moved. */
export interface TwinTake {
  readonly units: bigint
  readonly paid: bigint
  readonly repaid: bigint
  readonly reward: bigint
}

/** take of at most `wanted`; null at a price of 0, which reverts. */
export function twinTake(
  pool: TwinPool,
  loan: TwinLoan,
  wanted: bigint,
  now: bigint,
): TwinTake | null {
  const auction = loan.auction!
  const factor = twinBondFactor(pool.npTpRatio)
  const price = twinPrice(auction.reference, now - auction.at)
  if (price === 0n) return null
  const share = twinReward(auction.threshold, auction.neutral, factor, price)
  const penalty = (5n * factor - share + 3n) / 4n
  const borrowersPrice = floorWmul(price, WAD - penalty)
  const offered = least(loan.collateral, wanted)
  const forDebt = borrowersPrice === 0n ? offered + 1n : ceilWdiv(loan.debt, borrowersPrice)
  const isDebt = forDebt <= offered
  const units = isDebt ? forDebt : offered
  const repaid = isDebt ? loan.debt : floorWmul(units, borrowersPrice)
  const paid = isDebt ? wdiv(loan.debt, WAD - penalty) : wmul(units, price)
  const change = wmul(paid, share < 0n ? -share : share)
  const reward = share < 0n ? -least(auction.bond, change) : change
  auction.bond += reward
  pool.reserves += paid - repaid - reward
  loan.collateral -= units
  loan.debt -= repaid
  if (loan.debt === 0n) loan.auction = null
  return { units, paid, repaid, reward }
}

/** Whether an auction may be settled. */
export function twinIsOver({ auction, collateral }: TwinLoan, now: bigint): boolean {
  return auction !== null && (collateral === 0n || now - auction.at >= SETTLE_AFTER)
}

/** settlePoolDebt through all buckets; what all of them together lack is forgiven too. */
export function twinSettle(pool: TwinPool, loan: TwinLoan): void {
  for (const bucket of pool.buckets) {
    if (loan.debt === 0n || loan.collateral === 0n) break
    if (bucket.deposit === 0n) continue
    const worth = floorWmul(loan.collateral, bucket.price)
    const paid = least(bucket.deposit, least(loan.debt, worth))
    loan.collateral -= paid === worth ? loan.collateral : wdiv(paid, bucket.price)
    bucket.deposit -= paid
    loan.debt -= paid
  }
  // No deposit is left: the lowest bucket takes the collateral.
  if (loan.debt > 0n) loan.collateral = 0n
  const covered = least(pool.reserves, loan.debt)
  pool.reserves -= covered
  loan.debt -= covered
  pool.lost += loan.debt
  for (const bucket of pool.buckets) {
    const taken = least(bucket.deposit, loan.debt)
    bucket.deposit -= taken
    loan.debt -= taken
  }
  loan.debt = 0n
  loan.auction = null
}
