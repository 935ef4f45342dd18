/**
 * Exact integers of an exchange that settles fills at bankruptcy prices: what the float rules are
 * compared with. Native words and units: base quantums 1e-10, quote quantums 1e-6, prices 1e-5 USD,
 * ppm 1e-6.
 */

const PPM = 1_000_000n
/** Base quantums x price per quote quantum. */
const PER_QUOTE = 10n ** 9n

/** A perpetual position; a short's quantums are below 0. */
export interface TwinPosition {
  quantums: bigint
  readonly price: bigint
  readonly initialMarginPpm: bigint
  readonly maintenanceFractionPpm: bigint
}

/** A subaccount. */
export interface TwinAccount {
  quote: bigint
  readonly positions: TwinPosition[]
}

/** LiquidationsConfig. */
export interface TwinConfig {
  readonly bankruptcyAdjustmentPpm: bigint
  readonly spreadToMaintenanceMarginRatioPpm: bigint
  readonly minPositionNotionalLiquidated: bigint
  readonly maxPositionPortionLiquidatedPpm: bigint
  readonly maxNotionalLiquidated: bigint
  readonly maxQuantumsInsuranceLost: bigint
  readonly maxLiquidationFeePpm: bigint
}

/** Net collateral, initial and maintenance margin requirement. */
export interface TwinRisk {
  readonly nc: bigint
  readonly imr: bigint
  readonly mmr: bigint
}

/** Quote quantums of base quantums at a price, cut towards 0. */
export function notional(quantums: bigint, price: bigint): bigint {
  return (quantums * price) / PER_QUOTE
}

/** What a position adds to its subaccount. */
export function positionRisk(of: TwinPosition, quantums = of.quantums): TwinRisk {
  const nc = notional(quantums, of.price)
  const imr = ceil(abs(nc) * of.initialMarginPpm, PPM)
  return { nc, imr, mmr: ceil(imr * of.maintenanceFractionPpm, PPM) }
}

/** Sum over a subaccount. */
export function totalRisk({ quote, positions }: TwinAccount): TwinRisk {
  let [nc, imr, mmr] = [quote, 0n, 0n]
  for (const position of positions) {
    const risk = positionRisk(position)
    nc += risk.nc
    imr += risk.imr
    mmr += risk.mmr
  }
  return { nc, imr, mmr }
}

/** Whether a subaccount may be liquidated. */
export function isLiquidatable({ nc, mmr }: TwinRisk): boolean {
  return mmr > 0n && nc < mmr
}

/** Price that an order may go to, as a fraction of quote quantums per base quantum. */
export function fillablePriceRat(
  account: TwinAccount,
  at: number,
  config: TwinConfig,
): { readonly num: bigint; readonly den: bigint } {
  const total = totalRisk(account)
  const position = account.positions[at]
  const { nc, mmr } = positionRisk(position)
  const unbounded = config.bankruptcyAdjustmentPpm * (total.mmr - total.nc)
  const most = PPM * total.mmr
  const rating = unbounded < 0n ? 0n : unbounded > most ? most : unbounded
  const spread = rating * config.spreadToMaintenanceMarginRatioPpm * mmr
  const scale = most * PPM
  return { num: nc * scale - spread, den: scale * position.quantums }
}

/** Quote quantums that a change of a position must bring: rounded up. */
export function bankruptcyQuote(account: TwinAccount, at: number, delta: bigint): bigint {
  const total = totalRisk(account)
  const position = account.positions[at]
  const before = positionRisk(position)
  const after = positionRisk(position, position.quantums + delta)
  return before.nc - after.nc - floor(total.nc * (before.mmr - after.mmr), total.mmr)
}

/** Signed base quantums that an order closes. */
export function liquidatableDelta(account: TwinAccount, at: number, config: TwinConfig): bigint {
  const { quantums, price } = account.positions[at]
  const all = abs(notional(quantums, price))
  const least = min(config.minPositionNotionalLiquidated, all)
  const portion = (all * config.maxPositionPortionLiquidatedPpm) / PPM
  const most = min(portion > least ? portion : least, config.maxNotionalLiquidated)
  const size = all <= most ? abs(quantums) : min((most * PER_QUOTE) / price, abs(quantums))
  return quantums > 0n ? -size : size
}

/** What a fill pays the insurance fund, or takes from it. */
export function insuranceFundDelta(
  account: TwinAccount,
  at: number,
  delta: bigint,
  fillPrice: bigint,
  config: TwinConfig,
): bigint {
  const fillQuote = notional(-delta, fillPrice)
  const surplus = fillQuote - bankruptcyQuote(account, at, delta)
  if (surplus <= 0n) return surplus
  return min((abs(fillQuote) * config.maxLiquidationFeePpm) / PPM, surplus)
}

/** Whether a counterparty may close `delta` of a position for `quote`. */
export function mayOffset(account: TwinAccount, at: number, delta: bigint, quote: bigint): boolean {
  const before = totalRisk(account)
  const positions = account.positions.map((each, p) =>
    p === at ? { ...each, quantums: each.quantums + delta } : each,
  )
  const after = totalRisk({ quote: account.quote + quote, positions })
  if (after.nc >= after.imr) return true
  return after.mmr > 0n && after.nc * before.mmr >= before.nc * after.mmr
}

export const abs = (of: bigint) => (of < 0n ? -of : of)
export const min = (a: bigint, b: bigint) => (a < b ? a : b)
const ceil = (a: bigint, b: bigint) => (a + b - 1n) / b
const floor = (a: bigint, b: bigint) => (a >= 0n ? a / b : -((-a + b - 1n) / b))
