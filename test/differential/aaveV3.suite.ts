/** Positions on an Aave market of the local chain, read and liquidated as the twin counts them. */

import type { Call, Draw } from '../../src/rules/aaveV3.compare.suite.ts'
import {
  borrowIndexAfter,
  supplyIndexAfter,
  type TwinAccount,
  type TwinMode,
  type TwinReserve,
  type Version,
} from '../../src/rules/aaveV3.twin.suite.ts'
import { LISTINGS, LTV_BELOW, type Market, publish, worth } from './aaveMarket.suite.ts'
import { type Answer, coding, type Hex } from './evm.suite.ts'

/** What the chain holds of one account and of the parties of a liquidation. */
export interface Chain {
  readonly data: readonly Answer[]
  readonly account: TwinAccount
  readonly treasury: readonly bigint[]
  readonly liquidator: readonly bigint[]
  readonly deficit: readonly bigint[]
}

const DAY = 86_400

/** The n-th borrower. */
export function borrowerAt(n: number): Hex {
  return coding().toHex(0xb0770000 + n, { size: 20 })
}

/** Categories of the market as the twin has them; one object each, so that they can be told. */
export function modesOf({ categories }: Market): readonly TwinMode[] {
  return categories.map(({ threshold, bonus, collateral }) => ({
    threshold: BigInt(threshold),
    bonus: BigInt(bonus),
    reserves: collateral,
  }))
}

/** Opens one position by real supplies and borrows; returns its category, 0: none. */
export async function openPosition(market: Market, who: Hex, u: Draw): Promise<number> {
  const { evm, pool, tokens, categories } = market
  const lender = evm.accounts[1]
  const mode = u(0) < 0.55 ? 0 : 1 + Math.floor(u(1) * categories.length)
  const category = categories[mode - 1]
  const all = tokens.map((_, i) => i)
  const owned = some(category?.collateral ?? all, all, u, 10)
  const owed = some(category?.borrowable ?? all, category?.borrowable ?? all, u, 20)
  const size = u(2) < 0.5 ? 1000 + 11_000 * u(3) : 300 * 10 ** (4 * u(3))
  let limit = 0
  for (const i of owned) {
    const usd = size * (0.2 + u(30 + i))
    const terms = category?.collateral.includes(i) ? category : LISTINGS[i]
    limit += (usd * (terms.threshold - LTV_BELOW)) / 10_000
    await evm.must(pool, 'supply', [tokens[i].address, worth(i, usd), who, 0], lender)
  }
  if (mode !== 0) await evm.must(pool, 'setUserEMode', [mode], who)
  const shares = owed.map((i) => 0.1 + u(40 + i))
  const whole = shares.reduce((sum, share) => sum + share, 0)
  for (const [k, i] of owed.entries()) {
    const amount = worth(i, (limit * (0.8 + 0.17 * u(4)) * shares[k]) / whole)
    await evm.must(pool, 'borrow', [tokens[i].address, amount, 2, 0, who], who)
  }
  return mode
}

/** One of `first` and perhaps some of `others`. */
function some(first: readonly number[], others: readonly number[], u: Draw, at: number) {
  const one = first[Math.floor(u(at) * first.length)]
  return [one, ...others.filter((i) => i !== one && u(at + 1 + i) < 0.3)]
}

/** Opens a batch of positions at opening prices, and lets 5 to 200 days pass. */
export async function openBatch(market: Market, from: number, to: number, at: DrawAt) {
  const { evm } = market
  const opening = LISTINGS.map(({ price }) => BigInt(price) * 10n ** 8n)
  await publish(market, opening)
  const modes: number[] = []
  for (let n = from; n < to; n++) modes.push(await openPosition(market, borrowerAt(n), at(n, 0)))
  await evm.nextAt((await evm.now()) + Math.floor(DAY * (5 + 195 * at(from, 0)(60))))
  await evm.mine()
  return modes
}

/** Uniform numbers of the n-th borrower, by purpose. */
export type DrawAt = (n: number, purpose: number) => Draw

/** Reads all that a liquidation of this account may change. */
export async function chainState(market: Market, who: Hex, mode: TwinMode | null): Promise<Chain> {
  const { evm, pool, tokens, supplied, owed, treasury, version } = market
  const liquidator = evm.accounts[3]
  const [flags, ...rest] = await evm.readAll([
    [pool, 'getUserConfiguration', [who]],
    ...tokens.map((t) => [pool, 'getReserveData', [t.address]] as const),
    ...supplied.map((t) => [t, 'scaledBalanceOf', [who]] as const),
    ...owed.map((t) => [t, 'scaledBalanceOf', [who]] as const),
    ...supplied.map((t) => [t, 'scaledBalanceOf', [treasury]] as const),
    ...tokens.map((t) => [t, 'balanceOf', [liquidator]] as const),
    ...(version === '3.0'
      ? []
      : tokens.map((t) => [pool, 'getReserveDeficit', [t.address]] as const)),
  ])
  const part = (k: number) => rest.slice(k * tokens.length, (k + 1) * tokens.length)
  const isCollateral = tokens.map((_, i) => ((flags.data >> BigInt(2 * i + 1)) & 1n) === 1n)
  return {
    data: part(0),
    account: { supplied: part(1), owed: part(2), isCollateral, mode },
    treasury: part(3),
    liquidator: part(4),
    deficit: version === '3.0' ? tokens.map(() => 0n) : part(5),
  }
}

/** The reserves at a moment: interest up to it is in the indices. */
export function reservesAt(
  version: Version,
  { data }: Chain,
  prices: readonly bigint[],
  at: number,
): TwinReserve[] {
  return data.map((of, i) => {
    const seconds = BigInt(at) - BigInt(of.lastUpdateTimestamp)
    const { decimals, threshold, bonus, protocolFee } = LISTINGS[i]
    return {
      unit: 10n ** BigInt(decimals),
      price: prices[i],
      threshold: BigInt(threshold),
      bonus: BigInt(bonus),
      protocolFee: BigInt(protocolFee),
      supplyIndex: supplyIndexAfter(of.liquidityIndex, of.currentLiquidityRate, seconds),
      borrowIndex: borrowIndexAfter(
        version,
        of.variableBorrowIndex,
        of.currentVariableBorrowRate,
        seconds,
      ),
    }
  })
}

/** Publishes the prices of a call and sends it at its moment; the twin's word for a refusal. */
export async function send(market: Market, who: Hex, call: Call, at: number): Promise<string> {
  const { evm, pool, tokens } = market
  await publish(
    market,
    call.reserves.map(({ price }) => price),
  )
  await evm.nextAt(at)
  const pair = [tokens[call.own].address, tokens[call.other].address]
  const { reason, atSeconds } = await evm.send(
    pool,
    'liquidationCall',
    [...pair, who, call.cover, false],
    evm.accounts[3],
  )
  if (atSeconds !== at) throw new Error(`the call was to be at ${at}, and was at ${atSeconds}`)
  return REASONS[reason] ?? reason
}

const REASONS: Readonly<Record<string, string>> = {
  HealthFactorNotBelowThreshold: 'healthy',
  MustNotLeaveDust: 'dust',
  '45': 'healthy',
}
