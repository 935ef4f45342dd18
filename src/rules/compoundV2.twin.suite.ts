/**
 * Exact integers of the Comptroller and of cTokens: what the float rules are compared with. Native
 * units: mantissas of 1e18, prices of 10^(36 - decimals), cTokens of 8 decimals.
 */

const EXP = 10n ** 18n

/** What governance sets for all markets. */
export interface ComptrollerSpec {
  readonly closeFactor: bigint
  readonly liquidationIncentive: bigint
  readonly protocolSeizeShare: bigint
}

/** A market: its state, and the price of its underlying. */
export interface TwinMarket {
  readonly price: bigint
  readonly collateralFactor: bigint
  readonly isDeprecated: boolean
  readonly cash: bigint
  readonly borrows: bigint
  readonly reserves: bigint
  readonly totalSupply: bigint
  readonly borrowIndex: bigint
}

/** What an account has in a market that it entered. */
export interface TwinHolding {
  readonly market: TwinMarket
  cTokens: bigint
  /** Debt, as stored when the borrower's index was `userIndex`. */
  principal: bigint
  userIndex: bigint
}

/** What a liquidation did, in native units. */
export interface TwinDone {
  readonly seizedTokens: bigint
  readonly protocolTokens: bigint
  readonly liquidatorTokens: bigint
  /** Underlying that the protocol's tokens were. */
  readonly toReserves: bigint
}

export type Refusal = 'healthy' | 'too much to repay' | 'too much to seize'

/** Underlying per cToken, floor. */
export function exchangeRateOf({ cash, borrows, reserves, totalSupply }: TwinMarket): bigint {
  return ((cash + borrows - reserves) * EXP) / totalSupply
}

export function borrowOf({ market, principal, userIndex }: TwinHolding): bigint {
  return principal === 0n ? 0n : (principal * market.borrowIndex) / userIndex
}

/** Interest of some blocks: simple within them. */
export function accrued(market: TwinMarket, ratePerBlock: bigint, blocks: bigint): TwinMarket {
  const factor = ratePerBlock * blocks
  return {
    ...market,
    borrows: (factor * market.borrows) / EXP + market.borrows,
    borrowIndex: (factor * market.borrowIndex) / EXP + market.borrowIndex,
  }
}

/** Collateral less debt, negative for a shortfall; 1e18 per USD. */
export function liquidityOf(account: readonly TwinHolding[]): bigint {
  let collateral = 0n
  let debt = 0n
  for (const holding of account) {
    const { price, collateralFactor } = holding.market
    const rate = (collateralFactor * exchangeRateOf(holding.market)) / EXP
    collateral += (((rate * price) / EXP) * holding.cTokens) / EXP
    debt += (price * borrowOf(holding)) / EXP
  }
  return collateral - debt
}

/** Most that one call may repay. */
export function maxRepayOf({ closeFactor }: ComptrollerSpec, debt: TwinHolding): bigint {
  return debt.market.isDeprecated ? borrowOf(debt) : (closeFactor * borrowOf(debt)) / EXP
}

/** cTokens per unit repaid, as a mantissa: few digits where the collateral is dear. */
export function seizeRatioOf(
  { liquidationIncentive }: ComptrollerSpec,
  owned: TwinMarket,
  owed: TwinMarket,
): bigint {
  const numerator = (liquidationIncentive * owed.price) / EXP
  const denominator = (owned.price * exchangeRateOf(owned)) / EXP
  return (numerator * EXP) / denominator
}

/** cTokens that a repayment takes. */
export function seizeTokensFor(
  of: ComptrollerSpec,
  owned: TwinMarket,
  owed: TwinMarket,
  repay: bigint,
): bigint {
  return (seizeRatioOf(of, owned, owed) * repay) / EXP
}

/** Liquidates; a word where the contracts refuse. */
export function liquidateBorrow(
  of: ComptrollerSpec,
  account: readonly TwinHolding[],
  at: { readonly owned: number; readonly owed: number },
  repay: bigint,
): TwinDone | Refusal {
  const owned = account[at.owned]
  const owed = account[at.owed]
  if (!owed.market.isDeprecated && liquidityOf(account) >= 0n) return 'healthy'
  if (repay > maxRepayOf(of, owed)) return 'too much to repay'
  const tokens = seizeTokensFor(of, owned.market, owed.market, repay)
  if (tokens > owned.cTokens) return 'too much to seize'
  owed.principal = borrowOf(owed) - repay
  owed.userIndex = owed.market.borrowIndex
  owned.cTokens -= tokens
  const protocolTokens = (tokens * of.protocolSeizeShare) / EXP
  return {
    seizedTokens: tokens,
    protocolTokens,
    liquidatorTokens: tokens - protocolTokens,
    toReserves: (exchangeRateOf(owned.market) * protocolTokens) / EXP,
  }
}
