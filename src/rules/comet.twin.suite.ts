/**
 * Exact integers of a Comet: what the float rules are compared with. Native words and units:
 * factors 1e18, prices 1e8, indices 1e15.
 */

const FACTOR = 10n ** 18n
const INDEX = 10n ** 15n
const YEAR = 31_536_000n

/** A collateral as getAssetInfo() has it. */
export interface CometTwinAsset {
  readonly scale: bigint
  readonly liquidateCF: bigint
  readonly liquidationFactor: bigint
  price: bigint
  /** Balance of the contract less what accounts hold: for sale. */
  reserves: bigint
}

/** One user: a signed principal, and collateral by asset. */
export interface CometTwinUser {
  principal: bigint
  readonly collateral: bigint[]
}

/** One market. `cash` is the base that the contract holds. */
export interface CometTwin {
  readonly baseScale: bigint
  readonly storeFrontPriceFactor: bigint
  readonly targetReserves: bigint
  basePrice: bigint
  cash: bigint
  supplyIndex: bigint
  borrowIndex: bigint
  totalSupply: bigint
  totalBorrow: bigint
  readonly assets: CometTwinAsset[]
  readonly users: CometTwinUser[]
}

/** Balance of a principal: base owned or, below 0, owed. */
export function presentValue(twin: CometTwin, principal: bigint): bigint {
  if (principal >= 0n) return (principal * twin.supplyIndex) / INDEX
  return -((-principal * twin.borrowIndex) / INDEX)
}

/** Principal of a balance: rounded against the user. */
export function principalValue(twin: CometTwin, balance: bigint): bigint {
  if (balance >= 0n) return (balance * INDEX) / twin.supplyIndex
  return -((-balance * INDEX + twin.borrowIndex - 1n) / twin.borrowIndex)
}

/** Moves the borrow index by a yearly rate [1e18], as a rate per second. */
export function accrue(twin: CometTwin, yearly: bigint, seconds: bigint): void {
  twin.borrowIndex += (twin.borrowIndex * ((yearly / YEAR) * seconds)) / FACTOR
}

/** Sum of collateral x liquidateCF less debt [1e8 USD], and whether it is a liquidation. */
export function liquidity(
  twin: CometTwin,
  user: CometTwinUser,
): { readonly sum: bigint; readonly isLiquidatable: boolean } {
  // Division of a negative number cuts towards 0 on the chain, and so it does here.
  let sum = (presentValue(twin, user.principal) * twin.basePrice) / twin.baseScale
  for (let i = 0; i < twin.assets.length; i++) {
    if (user.collateral[i] === 0n) continue
    if (sum >= 0n) return { sum, isLiquidatable: false }
    const { price, scale, liquidateCF } = twin.assets[i]
    sum += (((user.collateral[i] * price) / scale) * liquidateCF) / FACTOR
  }
  return { sum, isLiquidatable: sum < 0n }
}

/** Takes an account; null where it may not be taken. Returns the balance that it is left with. */
export function absorb(twin: CometTwin, user: CometTwinUser): bigint | null {
  if (!liquidity(twin, user).isLiquidatable) return null
  const old = presentValue(twin, user.principal)
  let delta = 0n
  twin.assets.forEach((asset, i) => {
    const seized = user.collateral[i]
    user.collateral[i] = 0n
    asset.reserves += seized
    delta += (((seized * asset.price) / asset.scale) * asset.liquidationFactor) / FACTOR
  })
  const balance = old + (delta * twin.baseScale) / twin.basePrice
  const left = balance > 0n ? balance : 0n
  const before = user.principal
  user.principal = principalValue(twin, left)
  twin.totalBorrow -= before < 0n ? -before : 0n
  twin.totalSupply += user.principal
  return left
}

/** Reserves in base, below 0 where absorbed debts were paid and collateral is unsold. */
export function getReserves(twin: CometTwin): bigint {
  const supplied = presentValue(twin, twin.totalSupply)
  return twin.cash - supplied - presentValue(twin, -twin.totalBorrow)
}

/** Units of collateral for so much base. */
export function quoteCollateral(twin: CometTwin, i: number, base: bigint): bigint {
  const { liquidationFactor, price, scale } = twin.assets[i]
  const discount = (twin.storeFrontPriceFactor * (FACTOR - liquidationFactor)) / FACTOR
  const discounted = (price * (FACTOR - discount)) / FACTOR
  return (twin.basePrice * base * scale) / discounted / twin.baseScale
}

/** Buys collateral; null where it is not for sale or there is not so much. */
export function buyCollateral(twin: CometTwin, i: number, base: bigint): bigint | null {
  const reserves = getReserves(twin)
  if (reserves >= 0n && reserves >= twin.targetReserves) return null
  const units = quoteCollateral(twin, i, base)
  if (units > twin.assets[i].reserves) return null
  twin.cash += base
  twin.assets[i].reserves -= units
  return units
}
