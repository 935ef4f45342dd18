/**
 * Exact integers of a Drift v2 deployment: what the float rules are compared with. Native words;
 * margin ratios and weights 1e4, fees 1e6, shares 1e4. Amounts, prices and money have 1e18 parts
 * where the chain has 1e6 and 1e9: they are not cut here, and neither are they in the rules.
 */

export const UNIT = 10n ** 18n
export const MARGIN = 10_000n
export const FEE = 1_000_000n
const DOLLAR = UNIT

/** A perpetual market. */
export interface TwinPerp {
  readonly marginRatioMaintenance: bigint
  readonly imfFactor: bigint
  readonly liquidatorFee: bigint
  readonly ifLiquidationFee: bigint
  readonly outside: bigint
  price: bigint
  /** quote_max_insurance - quote_settled_insurance, and the fee pool. */
  maxInsurance: bigint
  feePool: bigint
  baseLong: bigint
  baseShort: bigint
  /** cumulative_funding_rate_long, of social losses alone; that of shorts is its negative. */
  cumulativeFunding: bigint
  borne: bigint
}

/** A spot market; the first is the one that everything is settled in. */
export interface TwinSpot {
  readonly assetWeight: bigint
  readonly liabilityWeight: bigint
  readonly imfFactor: bigint
  readonly liquidatorFee: bigint
  readonly ifLiquidationFee: bigint
  readonly outside: bigint
  price: bigint
  insuranceFund: bigint
  cumulativeDepositInterest: bigint
  deposits: bigint
  socialLoss: bigint
}

/** One user: signed base by market, signed tokens by spot market. */
export interface TwinUser {
  readonly base: bigint[]
  readonly tokens: bigint[]
  /** First market that the user had a position in; -1: none. */
  readonly firstPerp: number
  isBeingLiquidated: boolean
  lastActiveSlot: bigint
  marginFreed: bigint
}

/** A deployment. */
export interface DriftTwin {
  readonly perps: readonly TwinPerp[]
  readonly spots: readonly TwinSpot[]
  readonly marginBuffer: bigint
  readonly initialPct: bigint
  /** Slots; 0: everything may go at once. */
  readonly duration: bigint
  slot: bigint
}

const max = (one: bigint, other: bigint) => (one > other ? one : other)
const min = (first: bigint, ...of: readonly bigint[]) =>
  of.reduce((least, each) => -max(-least, -each), first)
const abs = (of: bigint) => (of < 0n ? -of : of)

/** The root of an integer, cut. */
function isqrt(of: bigint): bigint {
  let x = BigInt(Math.floor(Math.sqrt(Number(of))))
  while (x * x > of) x--
  while ((x + 1n) * (x + 1n) <= of) x++
  return x
}

/** nth_root(2) of 10 x size + 1, sizes with nine decimals. */
function sizeRoot(units: bigint): bigint {
  return isqrt((abs(units) / 10n ** 9n) * 10n + 1n)
}

/** max(base, 0.8 base + imf x root / 1e5). */
export function sizePremium(units: bigint, imf: bigint, base: bigint): bigint {
  if (imf === 0n) return base
  return max(base, base - base / 5n + (sizeRoot(units) * imf) / 10_000_000n)
}

/** min(weight, 1.1 / (1 + imf x root / 1e5)). */
export function sizeDiscount(units: bigint, imf: bigint, weight: bigint): bigint {
  if (imf === 0n) return weight
  return min(weight, (1_100_000n * MARGIN) / (FEE + (sizeRoot(units) * imf) / 100_000n))
}

/** Total collateral, requirement, and what the buffer is a share of. */
export function calculateMargin(twin: DriftTwin, user: TwinUser) {
  let [collateral, requirement, liabilities] = [0n, 0n, 0n]
  const owe = (value: bigint, ratio: bigint) => {
    requirement += value * ratio
    liabilities += value
  }
  twin.perps.forEach((perp, m) => {
    const base = user.base[m]
    const value = (abs(base) * perp.price) / UNIT
    const funding = (abs(base) * perp.cumulativeFunding) / UNIT
    collateral += (base * perp.price - funding * twin.spots[0].price) / UNIT
    owe(value, sizePremium(base, perp.imfFactor, perp.marginRatioMaintenance))
  })
  twin.spots.forEach((spot, n) => {
    const tokens = tokenAmount(spot, user.tokens[n])
    const value = (tokens * spot.price) / UNIT
    if (n === 0 && (tokens >= 0n || user.firstPerp >= 0)) collateral += value
    else if (tokens >= 0n)
      collateral += (value * sizeDiscount(tokens, spot.imfFactor, spot.assetWeight)) / MARGIN
    else owe(-value, sizePremium(tokens, spot.imfFactor, spot.liabilityWeight))
  })
  requirement /= MARGIN
  return { collateral, requirement, liabilities }
}

/** Balances of deposits carry their interest; borrows bear none here. */
function tokenAmount(spot: TwinSpot, balance: bigint): bigint {
  return balance > 0n ? (balance * spot.cumulativeDepositInterest) / UNIT : balance
}

/** Whether a user may be liquidated, and how far that is from changing. */
export function isLiquidatable(twin: DriftTwin, user: TwinUser) {
  const { collateral, requirement, liabilities } = calculateMargin(twin, user)
  const buffer = (liabilities * twin.marginBuffer) / MARGIN
  const edge = requirement + (user.isBeingLiquidated ? buffer : 0n)
  return { due: collateral < edge, apart: abs(collateral - edge) }
}

function shortageOf(twin: DriftTwin, user: TwinUser): bigint {
  const { collateral, requirement, liabilities } = calculateMargin(twin, user)
  return max(0n, requirement + (liabilities * twin.marginBuffer) / MARGIN - collateral)
}

/** calculate_max_pct_to_liquidate, 1e4; margin that may be freed is money, and not cut. */
function maxPct(twin: DriftTwin, user: TwinUser, shortage: bigint): bigint {
  if (shortage < 50n * DOLLAR || twin.duration === 0n) return MARGIN
  const elapsed = user.isBeingLiquidated ? twin.slot - user.lastActiveSlot : 0n
  const freed = user.isBeingLiquidated ? user.marginFreed : 0n
  const freeable = min(MARGIN, (elapsed * MARGIN) / twin.duration + twin.initialPct)
  return max(0n, (shortage + freed) * freeable - freed * MARGIN) / shortage
}

/** get_liquidation_fee. */
function liquidationFee(twin: DriftTwin, user: TwinUser, perp: TwinPerp): bigint {
  const elapsed = user.isBeingLiquidated ? twin.slot - user.lastActiveSlot : 0n
  if (elapsed < 1500n) return perp.liquidatorFee
  const most = min(3n * perp.liquidatorFee, perp.marginRatioMaintenance * 100n)
  return min(perp.liquidatorFee + elapsed, most)
}

/** What a take-over would move: base or tokens of the liability, of which `most` now. */
export interface Transfer {
  readonly most: bigint
  /** null: nothing ever covers the shortage. */
  readonly cover: bigint | null
  /** What the liquidator gets and pays for `units` of it. */
  gives(units: bigint): bigint
  pays(units: bigint): bigint
  ifFee(units: bigint): bigint
}

function capped(all: bigint, cover: bigint | null, pct: bigint, least: bigint): bigint {
  if (pct === 0n) return min(all, least)
  return cover === null ? all : min(all, max((cover * pct) / MARGIN, least))
}

/** liquidate_perp. */
export function perpTransfer(twin: DriftTwin, user: TwinUser, m: number): Transfer {
  const perp = twin.perps[m]
  const quote = twin.spots[0].price
  const size = abs(user.base[m])
  const { requirement } = calculateMargin(twin, user)
  const shortage = shortageOf(twin, user)
  const value = (size * perp.price) / UNIT
  const ratio = sizePremium(size, perp.imfFactor, perp.marginRatioMaintenance)
  const fee = liquidationFee(twin, user, perp)
  const withBuffer = (ratio + twin.marginBuffer) * (FEE / MARGIN)
  const tracked = (shortage * ((value * ratio) / MARGIN)) / requirement
  let ifFee = 0n
  if (withBuffer > fee) {
    const left = max(0n, withBuffer - fee - (tracked * FEE) / value)
    ifFee = min(perp.ifLiquidationFee, (left * 19n) / 20n)
  }
  const cover =
    withBuffer <= fee ? null : (shortage * UNIT * FEE) / (perp.price * (withBuffer - fee - ifFee))
  const least = value <= 50n * DOLLAR ? size : 0n
  const isLong = user.base[m] > 0n
  const quoted = (units: bigint) =>
    (units * perp.price * (isLong ? FEE - fee : FEE + fee)) / (quote * FEE)
  return {
    cover,
    most: capped(size, cover, maxPct(twin, user, shortage), least),
    gives: (units) => (isLong ? units : quoted(units)),
    pays: (units) => (isLong ? quoted(units) : units),
    ifFee: (units) => (units * perp.price * ifFee) / (quote * FEE),
  }
}

/** liquidate_spot, and liquidate_perp_pnl_for_deposit where the liability is a loss. */
export function spotTransfer(
  twin: DriftTwin,
  user: TwinUser,
  asset: number,
  liability: number,
): Transfer {
  const [own, owed] = [twin.spots[asset], twin.spots[liability]]
  const isLoss = liability === 0 && user.firstPerp >= 0
  const owned = tokenAmount(own, user.tokens[asset])
  const debt = -user.tokens[liability]
  const { requirement } = calculateMargin(twin, user)
  const shortage = shortageOf(twin, user)
  const value = (debt * owed.price) / UNIT
  const ratio = isLoss ? MARGIN : sizePremium(debt, owed.imfFactor, owed.liabilityWeight)
  const weight = isLoss ? MARGIN : ratio + twin.marginBuffer
  const premium = FEE + own.liquidatorFee
  const discount = FEE - (isLoss ? twin.perps[user.firstPerp].liquidatorFee : owed.liquidatorFee)
  let ifFee = 0n
  if (!isLoss && own.assetWeight < weight && value >= DOLLAR / 100n) {
    const tracked = (shortage * ((value * ratio) / MARGIN)) / requirement
    const scaled = weight * (FEE / MARGIN)
    const given = (own.assetWeight * (FEE / MARGIN) * premium) / discount
    const left = max(0n, scaled - given - (tracked * FEE) / value)
    ifFee = min(owed.ifLiquidationFee, (left * FEE) / scaled)
  }
  const freed =
    (weight * 10n - (own.assetWeight * 10n * premium) / discount) * FEE - ifFee * weight * 10n
  const cover = freed <= 0n ? null : (shortage * UNIT * FEE * 100_000n) / (owed.price * freed)
  const implied = (owned * own.price * discount) / (owed.price * premium)
  const least = value <= 10n * DOLLAR ? debt : 0n
  return {
    cover,
    most: capped(min(debt, implied), cover, maxPct(twin, user, shortage), least),
    gives: (units) => (units * owed.price * premium) / (own.price * discount),
    pays: (units) => units,
    ifFee: (units) => (units * ifFee) / FEE,
  }
}

/** Takes units of a position over. */
export function takePerp(twin: DriftTwin, user: TwinUser, m: number, units: bigint): void {
  const transfer = perpTransfer(twin, user, m)
  const perp = twin.perps[m]
  const before = shortageOf(twin, user)
  const isLong = user.base[m] > 0n
  const loss = (units * perp.cumulativeFunding) / UNIT
  const fee = transfer.ifFee(units)
  user.tokens[0] += (isLong ? transfer.pays(units) : -transfer.gives(units)) - fee - loss
  user.base[m] += isLong ? -units : units
  if (isLong) perp.baseLong -= units
  else perp.baseShort -= units
  perp.borne += loss
  twin.spots[0].insuranceFund += fee
  finish(twin, user, before, transfer.cover !== null && units >= transfer.cover)
  if (isBankrupt(user)) resolve(twin, user, m)
}

/** Takes units of a borrow or a loss over, for a deposit. */
export function takeSpot(
  twin: DriftTwin,
  user: TwinUser,
  asset: number,
  liability: number,
  units: bigint,
): void {
  const transfer = spotTransfer(twin, user, asset, liability)
  const before = shortageOf(twin, user)
  const own = twin.spots[asset]
  const owned = tokenAmount(own, user.tokens[asset])
  const given = min(owned, transfer.gives(units))
  // What cutting leaves of a deposit that goes whole is none.
  const isAll = owned - given <= owned / 10n ** 12n
  const scaled = isAll ? user.tokens[asset] : (user.tokens[asset] * given) / owned
  const fee = transfer.ifFee(units)
  user.tokens[asset] -= scaled
  if (asset > 0) own.deposits -= scaled
  user.tokens[liability] += units - fee
  twin.spots[liability].insuranceFund += fee
  finish(twin, user, before, transfer.cover !== null && units >= transfer.cover)
  if (isBankrupt(user)) resolve(twin, user, user.firstPerp)
}

function finish(twin: DriftTwin, user: TwinUser, before: bigint, isCovered: boolean): void {
  if (!user.isBeingLiquidated) {
    user.lastActiveSlot = twin.slot
    user.marginFreed = 0n
  }
  user.marginFreed += max(0n, before - shortageOf(twin, user))
  const owes = user.base.some((base) => base !== 0n) || user.tokens.some((units) => units < 0n)
  user.isBeingLiquidated = owes && !isCovered
}

function isBankrupt({ base, tokens }: TwinUser): boolean {
  return (
    base.every((each) => each === 0n) &&
    tokens.every((each) => each <= 0n) &&
    tokens.some((each) => each < 0n)
  )
}

/** resolve_perp_bankruptcy for a loss, resolve_spot_bankruptcy for borrows. */
function resolve(twin: DriftTwin, user: TwinUser, market: number): void {
  user.isBeingLiquidated = false
  twin.spots.forEach((spot, n) => {
    let loss = -user.tokens[n]
    user.tokens[n] = 0n
    if (loss === 0n) return
    const perp = n === 0 && market >= 0 ? twin.perps[market] : null
    const fund = min(loss, spot.insuranceFund, perp?.maxInsurance ?? loss)
    spot.insuranceFund -= fund
    loss -= fund
    if (perp !== null) {
      perp.maxInsurance -= fund
      const fees = min(loss, perp.feePool)
      perp.feePool -= fees
      loss -= fees
      const base = perp.baseLong + perp.baseShort + perp.outside
      if (base > 0n) perp.cumulativeFunding += (loss * UNIT) / base
      const known = min(loss, perp.borne)
      perp.borne -= known
      spot.socialLoss += loss - known
      return
    }
    spot.socialLoss += loss
    const all = ((spot.deposits + spot.outside) * spot.cumulativeDepositInterest) / UNIT
    if (n > 0 && all > 0n)
      spot.cumulativeDepositInterest -= (spot.cumulativeDepositInterest * min(loss, all)) / all
  })
}
