/** The float rules of Aave v3 asked the same as the chain's integers, and how they differ. */

import { bookFrom } from '../book.ts'
import { type Protocol, protocolFrom, type Rules } from '../rules.ts'
import { aaveV3 } from './aaveV3.ts'
import {
  accountData,
  type TwinAccount,
  type TwinMode,
  type TwinOutcome,
  type TwinReserve,
  type Version,
} from './aaveV3.twin.suite.ts'
import { offersOf, take } from './vectors.suite.ts'

/** One call: an account, a collateral, a debt, and how much of it to cover. */
export interface Call {
  readonly version: Version
  readonly reserves: readonly TwinReserve[]
  /** Categories of the market; category n is the n-th, from 1. */
  readonly modes: readonly TwinMode[]
  readonly account: TwinAccount
  readonly own: number
  readonly other: number
  readonly cover: bigint
}

/** How the float rules differ from the integers in one call. */
export interface Difference {
  /** Whether both do it, or refuse it for one reason. */
  readonly isSame: boolean
  /** Whether the integers stand within the band of a limit, where either decision is right. */
  readonly isEdge: boolean
  /**
   * Largest relative error of an amount. Of an amount so small that it shows what the chain rounds
   * off (two smallest units of each token and of the base currency), the error beyond that.
   */
  readonly error: number
}

/** Share of a limit within which rounding decides, beside what the chain itself rounds off. */
export const BAND = 1e-12
/** Most that a basis point of the average threshold is of a health factor near 1. */
const BASIS_POINT = 2e-4

/** Uniform numbers in (0, 1), one for each draw. */
export type Draw = (draw: number) => number

/**
 * The call with the prices of what is owned but not owed multiplied so that the health factor is as
 * drawn: above 1, at 1 and 0.95 to the last digit of the price, within a basis point of them,
 * between and below; and a pair and a cover drawn.
 */
export function aimed(call: Call, u: Draw): Call {
  const { reserves, account } = call
  const factor = TARGETS[Math.floor(u(0) * TARGETS.length)](u(1))
  const reaches = atHealth(call, BigInt(Math.round(factor * 1e18)))
  const scaled = { ...call, reserves: repriced(call, u(2) < 0.5 ? reaches : reaches - 1n) }
  const pick = (of: readonly number[], at: number) => of[Math.floor(u(at) * of.length)]
  const all = reserves.map((_, i) => i)
  const own = pick(
    all.filter((i) => account.isCollateral[i]),
    3,
  )
  const other = pick(
    all.filter((i) => account.owed[i] > 0n),
    4,
  )
  const chosen = { ...scaled, own, other, cover: NO_LIMIT }
  return { ...chosen, cover: coverOf(chosen, u) }
}

/** No limit, what is listed, what leaves 998 to 1002 USD on a leg, or any part of the debt. */
function coverOf(call: Call, u: Draw): bigint {
  const { reserves, account, own, other } = call
  const kind = u(5)
  if (kind < 0.25) return NO_LIMIT
  if (kind < 0.5) return listedCover(call)
  const debt = (account.owed[other] * reserves[other].borrowIndex) / RAY
  const part = (debt * BigInt(1 + Math.floor(u(6) * 1e6))) / 1_000_000n
  if (kind > 0.75) return part
  const left = BigInt(Math.floor((998 + 4 * u(7)) * 1e8))
  const { unit, price } = reserves[other]
  if (kind < 0.62) return atLeast(debt - (left * unit) / price, part)
  const held = (account.supplied[own] * reserves[own].supplyIndex) / RAY
  const sold = (held * reserves[own].price) / reserves[own].unit - left
  const bonus = account.mode?.reserves.includes(own) ? account.mode.bonus : reserves[own].bonus
  return atLeast((((sold * 10_000n) / bonus) * unit) / price, part)
}

function atLeast(units: bigint, otherwise: bigint): bigint {
  return units > 0n ? units : otherwise
}

const RAY = 10n ** 27n

/** Health factors that calls aim at. */
const TARGETS: readonly ((u: number) => number)[] = [
  (u) => 1 + 0.05 * u,
  () => 1,
  () => 0.95,
  (u) => 1 - 1e-4 * u,
  (u) => 0.95 + 1e-4 * (u - 0.5),
  (u) => 1 - 0.05 * u,
  (u) => 1 - 0.05 * u,
  (u) => 1 - 0.05 * u,
  (u) => 0.7 + 0.25 * u,
  (u) => 0.7 + 0.25 * u,
  (u) => 0.2 + 0.6 * u,
  (u) => 0.2 + 0.6 * u,
]

const ONE = 2n ** 40n

/** Least multiple of collateral prices, in parts of 2^40 from 1/8 to 8, that reaches it. */
function atHealth(call: Call, wad: bigint): bigint {
  let below = ONE / 8n
  let reaches = 8n * ONE
  while (reaches - below > 1n) {
    const middle = (below + reaches) / 2n
    const { healthFactor } = accountData(call.version, repriced(call, middle), call.account)
    if (healthFactor >= wad) reaches = middle
    else below = middle
  }
  return reaches
}

function repriced({ reserves, account }: Call, parts: bigint): TwinReserve[] {
  return reserves.map((of, i) =>
    account.isCollateral[i] && account.owed[i] === 0n
      ? { ...of, price: (of.price * parts) / ONE }
      : of,
  )
}

/** Asks both the same. */
export function differenceOf(call: Call, outcome: TwinOutcome): Difference {
  const protocol = protocolFromChain(call)
  const float = floatOutcome(call, protocol)
  const isSame = float.reason === (outcome.reason || 'done')
  const isEdge = standsAtEdge(call, outcome)
  if (!isSame || outcome.reason !== '') return { isSame, isEdge, error: 0 }
  const { own, other, reserves } = call
  const grain = grainsUsd(call)
  const apart = (units: number, integer: bigint, of: number) => {
    const exact = Number(integer) / Number(reserves[of].unit)
    const allowed = (grain + 2 * grainUsd(reserves[of])) / priceUsd(reserves[of])
    const from = Math.abs(units - exact)
    if (exact === 0) return from <= allowed ? 0 : Number.POSITIVE_INFINITY
    return (allowed < 1e-10 * exact ? from : Math.max(0, from - allowed)) / exact
  }
  const { sale, fee } = outcome
  const bad = lost(call, outcome).map((integer, i) => apart(protocol.badDebt[i], integer, i))
  const errors = [
    apart(float.seized, sale.take, own),
    apart(float.repaid, sale.need, other),
    apart(float.fee, fee, own),
    ...bad,
  ]
  return { isSame, isEdge, error: Math.max(...errors) }
}

/** Debts that nobody will pay: the deficit, or what is left on an account without collateral. */
function lost({ version, reserves }: Call, outcome: TwinOutcome & { reason: '' }): bigint[] {
  const { after, deficit } = outcome
  if (Number(version.slice(2)) >= 3) return [...deficit]
  const isBare = after.isCollateral.every((is) => !is)
  return after.owed.map((scaled, i) => (isBare ? (scaled * reserves[i].borrowIndex) / RAY : 0n))
}

/** The most that the float rules list for the pair, in units of the debt; all of it: no limit. */
function listedCover(call: Call): bigint {
  const protocol = protocolFromChain(call)
  const { offers, offer } = listed(call, protocol)
  if (offer < 0) return NO_LIMIT
  const { book, index } = protocol
  const units = (leg: number) => Math.abs(book.amount[leg] * index[book.slot[leg]])
  const isEmptied =
    offers.amount[offer] >= units(offers.own[offer]) ||
    offers.cost[offer] >= units(offers.other[offer])
  const millionths = BigInt(Math.floor(offers.cost[offer] * 1e6))
  return isEmptied ? NO_LIMIT : (millionths * call.reserves[call.other].unit) / 1_000_000n
}

const NO_LIMIT = 2n ** 256n - 1n

function floatOutcome(call: Call, protocol: Protocol) {
  const { offers, offer } = listed(call, protocol)
  if (offer < 0) return { reason: 'healthy', seized: 0, repaid: 0, fee: 0 }
  const { own, other, reserves, cover } = call
  const ratio = priceUsd(reserves[other]) / priceUsd(reserves[own])
  const { bonus } = protocol.rules.terms(own, groupOf(call))!
  const tokens = Number(cover) / Number(reserves[other].unit)
  const moved = take(protocol, offers, offer, tokens * ratio * (1 + bonus))
  return { ...moved, reason: moved.reason === 0 ? 'done' : moved.reason }
}

function listed({ own, other }: Call, protocol: Protocol) {
  const offers = offersOf(protocol, 0)
  for (let offer = 0; offer < offers.count; offer++)
    if (offers.sells[offer] === own && offers.pays[offer] === other) return { offers, offer }
  return { offers, offer: -1 }
}

/** The account alone, with balances, prices and interest as the chain has them. */
function protocolFromChain(call: Call): Protocol {
  const { reserves, account } = call
  const rules = rulesOf(call)
  const group = groupOf(call)
  const legs = reserves.flatMap(({ unit }, i) => {
    const units = account.isCollateral[i] ? Number(account.supplied[i]) / Number(unit) : 0
    return [
      { account: 0, slot: rules.slotOf(i, 1, group), amount: units },
      {
        account: 0,
        slot: rules.slotOf(i, -1, group),
        amount: -Number(account.owed[i]) / Number(unit),
      },
    ]
  })
  const protocol = protocolFrom({
    name: 'aave',
    rules,
    book: bookFrom(1, legs),
    prices: Float64Array.from(reserves, priceUsd),
    accounts: ['borrower'],
  })
  const { slots } = rules
  for (let s = 0; s < slots.count; s++) {
    const { supplyIndex, borrowIndex } = reserves[slots.asset[s]]
    protocol.index[s] = Number(slots.side[s] === 1 ? supplyIndex : borrowIndex) / 1e27
  }
  rules.value(protocol)
  return protocol
}

function rulesOf({ version, reserves, modes }: Call): Rules {
  const terms = (asset: number, { threshold, bonus }: TwinReserve | TwinMode) => ({
    asset,
    threshold: Number(threshold) / 1e4,
    bonus: Number(bonus - 10_000n) / 1e4,
  })
  return aaveV3({
    version,
    assets: reserves.map((of, i) => ({
      ...terms(i, of),
      protocolFee: Number(of.protocolFee) / 1e4,
    })),
    eModes: modes.map((mode, k) => ({
      group: k + 1,
      assets: mode.reserves.map((asset) => terms(asset, mode)),
    })),
  })
}

function groupOf({ modes, account }: Call): number {
  return account.mode === null ? 0 : modes.indexOf(account.mode) + 1
}

function standsAtEdge(call: Call, outcome: TwinOutcome): boolean {
  const { version, reserves, account, own, other } = call
  const { debt, healthFactor } = accountData(version, reserves, account)
  const grains = grainsUsd(call)
  const near = (value: number, limit: number, grain: number) =>
    Math.abs(value - limit) <= BAND * Math.max(value, limit) + grain
  const debtUsd = Number(debt) / 1e8
  const health = Number(healthFactor) / 1e18
  const step = cutsAverage(call, grains) ? BASIS_POINT : grains / debtUsd
  if (near(health, 1, step) || near(health, 0.95, step)) return true
  if (!('sale' in outcome)) return false
  const { held, debt: owed, take: taken, need } = outcome.sale
  const usd = (units: bigint, of: number) =>
    (Number(units) / Number(reserves[of].unit)) * priceUsd(reserves[of])
  const limits = [
    [usd(held, own), 2000],
    [usd(owed, other), 2000],
    [usd(owed, other), debtUsd / 2],
    [usd(owed - need, other), 1000],
    [usd(held - taken, own), 1000],
  ]
  return limits.some(([value, limit]) => near(value, limit, grains))
}

/** Whether rounding decides to which basis point the average threshold is cut. */
function cutsAverage({ version, reserves, account }: Call, grain: number): boolean {
  if (Number(version.slice(2)) >= 5) return false
  const held = reserves.map((_, i) => i).filter((i) => account.isCollateral[i])
  const base = (i: number) =>
    (account.supplied[i] * reserves[i].supplyIndex * reserves[i].price) / reserves[i].unit
  const threshold = (i: number) =>
    (account.mode?.reserves.includes(i) ? account.mode : reserves[i]).threshold
  if (new Set(held.map(threshold)).size <= 1) return false
  const total = held.reduce((sum, i) => sum + base(i), 0n)
  const weighted = held.reduce((sum, i) => sum + base(i) * threshold(i), 0n)
  const average = Number((weighted * 10n ** 15n) / total) / 1e15
  const totalUsd = Number(total) / 1e35
  return Math.abs(average - Math.round(average)) <= average * BAND + (1e4 * grain) / totalUsd
}

function priceUsd({ price }: TwinReserve): number {
  return Number(price) / 1e8
}

/** Twice `grainUsd` of every token that the account owns or owes. */
function grainsUsd({ reserves, account }: Call): number {
  return reserves.reduce(
    (sum, of, i) =>
      account.isCollateral[i] || account.owed[i] > 0n ? sum + 2 * grainUsd(of) : sum,
    0,
  )
}

/** Worth of one smallest unit, and of one unit of the base currency. */
function grainUsd(of: TwinReserve): number {
  return priceUsd(of) / Number(of.unit) + 1e-8
}
