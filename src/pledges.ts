/** Collateral that stands in one protocol and is borrowed against in others too: one holding. */

import type { Protocol } from './rules.ts'

/** One account's leg. */
export interface PledgedLeg {
  readonly protocol: number
  readonly account: number
  readonly leg: number
}

/** Units that several accounts count as their collateral; the first is where they stand. */
export interface Holding {
  readonly asset: number
  readonly legs: readonly PledgedLeg[]
}

/** All holdings of a world. They never change in a run; the units in the legs do. */
export interface Pledges {
  readonly holdings: readonly Holding[]
  /** Holdings that an account has a part in; null where it has none. */
  of(protocol: number, account: number): readonly Holding[] | null
  /** By protocol: 1 for legs whose units stand elsewhere; null where there are none. */
  readonly elsewhere: readonly (Uint8Array | null)[]
}

/** No account pledges anything twice. */
export const NO_PLEDGES: Pledges = { holdings: [], of: () => null, elsewhere: [] }

/** Seals the holdings of these protocols. */
export function pledgesFrom(
  holdings: readonly Holding[],
  protocols: readonly Pick<Protocol, 'book'>[],
): Pledges {
  if (holdings.length === 0) return NO_PLEDGES
  const byAccount = protocols.map(() => new Map<number, Holding[]>())
  const elsewhere: (Uint8Array | null)[] = protocols.map(() => null)
  for (const holding of holdings)
    holding.legs.forEach(({ protocol, account, leg }, n) => {
      const known = byAccount[protocol].get(account)
      if (known === undefined) byAccount[protocol].set(account, [holding])
      else known.push(holding)
      if (n === 0) return
      elsewhere[protocol] ??= new Uint8Array(protocols[protocol].book.slot.length)
      elsewhere[protocol][leg] = 1
    })
  return { holdings, of: (j, account) => byAccount[j].get(account) ?? null, elsewhere }
}

/** What whoever keeps accounts does around a write to a leg that a settlement elsewhere reached. */
export interface Follower {
  before(leg: PledgedLeg): void
  /** `units` less than before stand in it now. */
  after(leg: PledgedLeg, asset: number, units: number): void
}

/** Notes the units of each holding, as this protocol counts them, before a settlement. */
export function noteUnits(
  protocols: readonly Protocol[],
  holdings: readonly Holding[],
  j: number,
  out: number[],
): void {
  for (let h = 0; h < holdings.length; h++) out[h] = unitsOf(protocols, ownLeg(holdings[h], j))
}

/**
 * Writes what a settlement in protocol `j` left of its holdings into all other legs of them.
 *
 * Rule:       legs that agreed with the settled one are set to its units; where sales of some
 *             protocols are not felt legs may differ, and then as many units leave as left there.
 * Units:      `noted` are the units before, as `noteUnits` wrote them.
 * Simplifies: units are those of the leg times its index, so what stands in a protocol with
 *             interest on collateral earns that, wherever else it counts.
 */
export function follow(
  protocols: readonly Protocol[],
  holdings: readonly Holding[],
  j: number,
  noted: readonly number[],
  follower: Follower,
): void {
  for (let h = 0; h < holdings.length; h++) {
    const now = unitsOf(protocols, ownLeg(holdings[h], j))
    const before = noted[h]
    if (now === before) continue
    for (const leg of holdings[h].legs) {
      if (leg.protocol === j) continue
      const had = unitsOf(protocols, leg)
      const agrees = Math.abs(had - before) <= AGREES * Math.max(had, before)
      const units = agrees ? now : Math.max(0, had - (before - now))
      if (units === had) continue
      follower.before(leg)
      write(protocols[leg.protocol], leg, units)
      follower.after(leg, holdings[h].asset, had - units)
    }
  }
}

/**
 * Puts what stands in the first leg of a holding into the others, where indices have moved apart.
 */
export function followIndex(
  protocols: readonly Protocol[],
  { legs, asset }: Holding,
  follower: Follower,
): void {
  const units = unitsOf(protocols, legs[0])
  for (let n = 1; n < legs.length; n++) {
    const had = unitsOf(protocols, legs[n])
    if (Math.abs(had - units) <= AGREES * units) continue
    follower.before(legs[n])
    write(protocols[legs[n].protocol], legs[n], units)
    follower.after(legs[n], asset, had - units)
  }
}

/**
 * Writes off what an account owes that nothing backs any more, and returns whether it did.
 *
 * Rule: as lending rules do when their own liquidation takes the last collateral.
 */
export function strand(
  { book, badDebt, index, rules: { slots } }: Protocol,
  account: number,
  lose: (asset: number, units: number) => void,
): boolean {
  const from = book.start[account]
  const end = book.start[account + 1]
  for (let k = from; k < end; k++) if (book.amount[k] > 0) return false
  let owed = false
  for (let k = from; k < end; k++) {
    if (book.amount[k] === 0) continue
    const asset = slots.asset[book.slot[k]]
    const lost = -book.amount[k] * index[book.slot[k]]
    badDebt[asset] += lost
    book.amount[k] = 0
    owed = true
    lose(asset, lost)
  }
  return owed
}

/** Collateral that counts again in another protocol than its own, and whose. */
export interface CountedTwice {
  readonly usd: number
  readonly accounts: number
}

/** What counts twice or more often, in USD at these prices, among the legs that are asked for. */
export function countedTwice(
  { holdings }: Pledges,
  protocols: readonly Protocol[],
  prices: Float64Array,
  isAsked: (leg: PledgedLeg) => boolean = () => true,
): CountedTwice {
  let usd = 0
  const accounts = new Set<string>()
  for (const { asset, legs } of holdings)
    for (const leg of legs.filter(isAsked).slice(1)) {
      usd += unitsOf(protocols, leg) * prices[asset]
      accounts.add(`${leg.protocol} ${leg.account}`)
    }
  return { usd, accounts: accounts.size }
}

/** The largest difference between the legs of one holding, as a share of its units. */
export function largestGap({ holdings }: Pledges, protocols: readonly Protocol[]): number {
  let most = 0
  for (const { legs } of holdings) {
    const units = unitsOf(protocols, legs[0])
    for (let n = 1; n < legs.length; n++) {
      const other = unitsOf(protocols, legs[n])
      if (other !== units) most = Math.max(most, Math.abs(other - units) / Math.max(other, units))
    }
  }
  return most
}

function ownLeg({ legs }: Holding, j: number): PledgedLeg {
  let n = 0
  while (legs[n].protocol !== j) n++
  return legs[n]
}

function unitsOf(protocols: readonly Protocol[], { protocol, leg }: PledgedLeg): number {
  const { book, index } = protocols[protocol]
  return book.amount[leg] * index[book.slot[leg]]
}

function write({ book, index }: Protocol, { account, leg }: PledgedLeg, units: number): void {
  book.amount[leg] = units / index[book.slot[leg]]
  book.version[account]++
}

/** Legs whose units differ by less are the same but for rounding. */
const AGREES = 1e-12
