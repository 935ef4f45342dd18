/**
 * Aave v3 in the chain's own integers, for tests: account data, liquidationCall and indices of
 * every version, written from the rule sheet and from no float code.
 *
 * Units: amounts in the token's smallest units, prices in 1e-8 USD, ratios in basis points, indices
 *        and rates in rays (1e27), health factors in wads (1e18).
 */

export type Version = '3.0' | '3.1' | '3.2' | '3.3' | '3.4' | '3.5' | '3.6' | '3.7'

/** One reserve at the moment of the call: interest up to it is in the indices. */
export interface TwinReserve {
  /** 10 to the decimals. */
  readonly unit: bigint
  readonly price: bigint
  readonly threshold: bigint
  /** 10500 is a bonus of 5 %. */
  readonly bonus: bigint
  readonly protocolFee: bigint
  readonly supplyIndex: bigint
  readonly borrowIndex: bigint
}

/** What replaces a reserve's terms for the accounts of a category, where it lists the reserve. */
export interface TwinMode {
  readonly threshold: bigint
  readonly bonus: bigint
  readonly reserves: readonly number[]
}

/** One account: scaled balances and flags by reserve. */
export interface TwinAccount {
  readonly supplied: readonly bigint[]
  readonly owed: readonly bigint[]
  readonly isCollateral: readonly boolean[]
  readonly mode: TwinMode | null
}

export interface TwinData {
  readonly collateral: bigint
  readonly debt: bigint
  readonly healthFactor: bigint
}

/** What a call would exchange, of what there is. */
export interface TwinSale {
  readonly take: bigint
  readonly need: bigint
  readonly held: bigint
  readonly debt: bigint
}

/** A call that is done, or the reason why it is not. */
export type TwinOutcome =
  | { readonly reason: 'healthy' | 'notCollateral' | 'notBorrowed' }
  | { readonly reason: 'dust'; readonly sale: TwinSale }
  | {
      readonly reason: ''
      readonly sale: TwinSale
      /** Of what is taken, for the protocol; and as a scaled balance. */
      readonly fee: bigint
      readonly feeScaled: bigint
      /** By reserve. */
      readonly deficit: readonly bigint[]
      readonly after: TwinAccount
    }

const RAY = 10n ** 27n
const WAD = 10n ** 18n
const YEAR = 31_536_000n
const NO_DEBT = 2n ** 256n - 1n
const CLOSE_FACTOR_HF_THRESHOLD = 95n * 10n ** 16n
const MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD = 2000n * 10n ** 8n
const MIN_LEFTOVER_BASE = 1000n * 10n ** 8n

const ceil = (a: bigint, b: bigint) => (a + b - 1n) / b
const halfUp = (a: bigint, b: bigint) => (a + b / 2n) / b
const floor = (a: bigint, b: bigint) => a / b
const least = (a: bigint, b: bigint) => (a < b ? a : b)
const minor = (version: Version) => Number(version.slice(2))

/** Supply index after so many seconds at a rate. */
export function supplyIndexAfter(index: bigint, rate: bigint, seconds: bigint): bigint {
  return halfUp((RAY + (rate * seconds) / YEAR) * index, RAY)
}

/** Borrow index after so many seconds at a rate: three terms of the binomial. */
export function borrowIndexAfter(
  version: Version,
  index: bigint,
  rate: bigint,
  seconds: bigint,
): bigint {
  const growth = minor(version) < 4 ? growthBefore34(rate, seconds) : growthSince34(rate, seconds)
  return halfUp((RAY + growth) * index, RAY)
}

function growthSince34(rate: bigint, seconds: bigint): bigint {
  const x = (rate * seconds) / YEAR
  return x + halfUp(x * (x / 2n + halfUp(x * (x / 6n), RAY)), RAY)
}

/** The powers of the rate per second first, which cuts digits. */
function growthBefore34(rate: bigint, seconds: bigint): bigint {
  if (seconds === 0n) return 0n
  const two = halfUp(rate * rate, RAY) / (YEAR * YEAR)
  const three = halfUp(two * rate, RAY) / YEAR
  const pairs = seconds * (seconds - 1n)
  const triples = pairs * (seconds > 2n ? seconds - 2n : 0n)
  return (rate * seconds) / YEAR + (pairs * two) / 2n + (triples * three) / 6n
}

/** How each version rounds balances, and the scaled amounts that leave an account. */
function rounding(version: Version) {
  const isNew = minor(version) >= 5
  return {
    balance: isNew ? floor : halfUp,
    debt: isNew ? ceil : halfUp,
    debtBase: isNew ? ceil : floor,
    leaves: isNew ? ceil : halfUp,
    repays: isNew ? floor : halfUp,
  }
}

const termsIn = (of: TwinReserve, i: number, mode: TwinMode | null) =>
  mode?.reserves.includes(i) ? mode : of

/** Total collateral and debt in base units, and the health factor. */
export function accountData(
  version: Version,
  reserves: readonly TwinReserve[],
  account: TwinAccount,
): TwinData {
  const round = rounding(version)
  let collateral = 0n
  let weighted = 0n
  let debt = 0n
  reserves.forEach((of, i) => {
    if (account.isCollateral[i]) {
      const base = (round.balance(account.supplied[i] * of.supplyIndex, RAY) * of.price) / of.unit
      collateral += base
      weighted += base * termsIn(of, i, account.mode).threshold
    }
    debt += round.debtBase(round.debt(account.owed[i] * of.borrowIndex, RAY) * of.price, of.unit)
  })
  if (debt === 0n) return { collateral, debt, healthFactor: NO_DEBT }
  if (minor(version) >= 5)
    return { collateral, debt, healthFactor: halfUp(weighted * WAD, debt) / 10_000n }
  const average = collateral === 0n ? 0n : weighted / collateral
  return {
    collateral,
    debt,
    healthFactor: halfUp(halfUp(collateral * average, 10_000n) * WAD, debt),
  }
}

/** liquidationCall of `cover` smallest units of one debt for one collateral. */
export function liquidationCall(
  version: Version,
  reserves: readonly TwinReserve[],
  account: TwinAccount,
  own: number,
  other: number,
  cover: bigint,
): TwinOutcome {
  const round = rounding(version)
  const data = accountData(version, reserves, account)
  if (data.healthFactor >= WAD) return { reason: 'healthy' }
  if (!account.isCollateral[own]) return { reason: 'notCollateral' }
  const held = round.balance(account.supplied[own] * reserves[own].supplyIndex, RAY)
  const debt = round.debt(account.owed[other] * reserves[other].borrowIndex, RAY)
  if (debt === 0n) return { reason: 'notBorrowed' }
  const bonus = termsIn(reserves[own], own, account.mode).bonus
  const most = closable(version, data, reserves[own], reserves[other], held, debt)
  const deal = { own: reserves[own], other: reserves[other], held, bonus }
  const sale = { held, debt, ...exchange(version, deal, least(cover, most)) }
  if (minor(version) >= 3 && leavesDust(version, deal, sale)) return { reason: 'dust', sale }
  const fee = feeOf(version, sale.take, bonus, reserves[own].protocolFee)
  const isBare = emptied(version, reserves[own], account.supplied[own], sale, fee, data)
  return settled(version, reserves, account, own, other, sale, fee, isBare)
}

interface Deal {
  readonly own: TwinReserve
  readonly other: TwinReserve
  readonly held: bigint
  readonly bonus: bigint
}

function closable(
  version: Version,
  { debt: total, healthFactor }: TwinData,
  own: TwinReserve,
  other: TwinReserve,
  held: bigint,
  debt: bigint,
): bigint {
  const isNear = healthFactor > CLOSE_FACTOR_HF_THRESHOLD
  if (minor(version) < 3) return isNear ? halfUp(debt * 5000n, 10_000n) : debt
  const debtBase = rounding(version).debtBase(debt * other.price, other.unit)
  const heldBase = (held * own.price) / own.unit
  const isSmall =
    heldBase < MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD || debtBase < MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD
  const half = halfUp(total * 5000n, 10_000n)
  if (isSmall || !isNear || debtBase <= half) return debt
  return (half * other.unit) / other.price
}

/** Collateral that leaves the account, and debt that is paid for it. */
function exchange(version: Version, { own, other, held, bonus }: Deal, cover: bigint) {
  const base = (other.price * cover * own.unit) / (own.price * other.unit)
  const most = (minor(version) >= 7 ? floor : halfUp)(base * bonus, 10_000n)
  if (most <= held) return { take: most, need: cover }
  const worth = (own.price * held * other.unit) / (other.price * own.unit)
  return { take: held, need: (minor(version) >= 5 ? ceil : halfUp)(worth * 10_000n, bonus) }
}

function feeOf(version: Version, take: bigint, bonus: bigint, protocolFee: bigint): bigint {
  if (protocolFee === 0n) return 0n
  const isNew = minor(version) >= 7
  const part = take - (isNew ? floor : halfUp)(take * 10_000n, bonus)
  return (isNew ? ceil : halfUp)(part * protocolFee, 10_000n)
}

function leavesDust(version: Version, { own, other }: Deal, sale: TwinSale): boolean {
  const { take, need, held, debt } = sale
  if (need >= debt || take >= held) return false
  const debtLeft = rounding(version).debtBase((debt - need) * other.price, other.unit)
  const heldLeft = ((held - take) * own.price) / own.unit
  return debtLeft < MIN_LEFTOVER_BASE || heldLeft < MIN_LEFTOVER_BASE
}

/** Whether the account is left without any collateral of worth, so that its debts are a deficit. */
function emptied(
  version: Version,
  { price, unit, supplyIndex }: TwinReserve,
  scaled: bigint,
  { take }: TwinSale,
  fee: bigint,
  { collateral }: TwinData,
): boolean {
  if (minor(version) < 3) return false
  if (minor(version) < 7) return (take * price) / unit === collateral
  const leaving = ceil((take - fee) * RAY, supplyIndex) + ceil(fee * RAY, supplyIndex)
  return (((least(leaving, scaled) * supplyIndex) / RAY) * price) / unit === collateral
}

function settled(
  version: Version,
  reserves: readonly TwinReserve[],
  account: TwinAccount,
  own: number,
  other: number,
  sale: TwinSale,
  fee: bigint,
  isBare: boolean,
): TwinOutcome {
  const { take, need, held, debt } = sale
  const round = rounding(version)
  const supplied = [...account.supplied]
  const owed = [...account.owed]
  const isCollateral = [...account.isCollateral]
  const deficit = reserves.map(() => 0n)
  const { supplyIndex } = reserves[own]
  supplied[own] -= round.leaves((take - fee) * RAY, supplyIndex)
  const feeScaled = least(round.leaves(fee * RAY, supplyIndex), supplied[own])
  supplied[own] -= feeScaled
  if (take === held) isCollateral[own] = false
  owed[other] -= round.repays((isBare ? debt : need) * RAY, reserves[other].borrowIndex)
  if (isBare) {
    reserves.forEach((of, i) => {
      deficit[i] = round.debt(owed[i] * of.borrowIndex, RAY)
      owed[i] = 0n
    })
    deficit[other] = debt - need
  }
  const after = { supplied, owed, isCollateral, mode: account.mode }
  return { reason: '', sale, fee, feeScaled, deficit, after }
}
