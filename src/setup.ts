/** Builds the world of a resolved scenario: rules, books, venues, market. */

import type { Book } from './book.ts'
import type { Defence, DefenceFactory, DefenceSpec } from './defence.ts'
import * as defences from './defences/index.ts'
import { assert, InputError } from './errors.ts'
import { marketFrom } from './market.ts'
import { holdingsFrom, pledgedBook } from './pledgedBooks.ts'
import * as models from './rules/index.ts'
import { type Protocol, protocolFrom, type Rules, type RulesFactory } from './rules.ts'
import type { Positions, RulesSpec, Scenario, VenueSpec } from './scenario.ts'
import type { Venue } from './venue.ts'
import { concentrated } from './venues/concentrated.ts'
import { constantProduct } from './venues/constantProduct.ts'
import { impactCurve } from './venues/impactCurve.ts'
import { orderBook } from './venues/orderBook.ts'
import { poolShare } from './venues/poolShare.ts'
import { quoteLadder } from './venues/quoteLadder.ts'
import { redemption } from './venues/redemption.ts'
import { stableSwap } from './venues/stableSwap.ts'
import { withdrawableVenue } from './venues/withdrawable.ts'
import { type World, worldFrom } from './world.ts'

/** Factors on the inputs of a scenario, 1 each by default: what sensitivities turn. */
export interface Factors {
  readonly depth?: number
  readonly collateral?: number
  readonly debt?: number
  readonly threshold?: number
  readonly bonus?: number
  readonly closeFactor?: number
}

/** The opening world of a scenario. */
export function setup(scenario: Scenario, factors: Factors = {}): World {
  const depth = (1 - scenario.haircut) * (factors.depth ?? 1)
  const venues = scenario.venues.map((spec, v) => {
    const venue = scaledVenue(venueFrom(spec), depth)
    return hasShares(scenario.venues, v) ? withdrawableVenue(venue) : venue
  })
  const market = marketFrom({
    assets: scenario.assets.map((asset) => asset.name),
    cash: scenario.cash,
    venues,
    hop: scenario.hop,
    outside: Float64Array.from(scenario.assets, (asset) => asset.price),
  })
  const prices = new Float64Array(scenario.assets.length)
  market.prices(prices)
  const rules = scenario.protocols.map((spec) => scaledRules(rulesFrom(spec.rules), factors))
  const books = scenario.protocols.map((_, j) => pledgedBook(scenario.protocols, rules, j))
  const protocols = scenario.protocols.map(({ name }, j) =>
    protocolOf(name, rules[j], books[j].positions, prices, scenario, factors),
  )
  return worldFrom(market, protocols, holdingsFrom(books, protocols))
}

/** The venue of a specification. */
export function venueFrom(spec: VenueSpec): Venue {
  switch (spec.kind) {
    case 'orderBook':
      return orderBook(spec)
    case 'constantProduct':
      return constantProduct(spec)
    case 'concentrated':
      return concentrated(spec)
    case 'stableSwap':
      return stableSwap(spec)
    case 'quoteLadder':
      return quoteLadder(spec)
    case 'impactCurve':
      return impactCurve(spec)
    case 'redemption':
      return redemption(spec)
    case 'poolShare':
      return poolShare(spec)
  }
}

function hasShares(venues: readonly VenueSpec[], pool: number): boolean {
  return venues.some((spec) => spec.kind === 'poolShare' && spec.pool === pool)
}

/** All rules, by the name of their factory. */
export const rulesFactories: Readonly<Record<string, RulesFactory>> = models

/** The rules of a specification. Throws: InputError on parameters outside their range */
export function rulesFrom(spec: RulesSpec): Rules {
  assert(Object.hasOwn(rulesFactories, spec.kind), `there are no rules called ${spec.kind}`)
  return rulesFactories[spec.kind](spec)
}

/** All defences, by the name of their factory. */
export const defenceFactories: Readonly<Record<string, DefenceFactory>> = defences

/** The defence of a specification, as it stands at the opening. */
export function defenceFrom(spec: DefenceSpec): Defence {
  assert(Object.hasOwn(defenceFactories, spec.kind), `there is no defence called ${spec.kind}`)
  return defenceFactories[spec.kind](spec)
}

/** The scenario with what its defences bring to it: liquidators, venues, funds. */
export function withDefences(scenario: Scenario): Scenario {
  let whole = scenario
  scenario.protocols.forEach(({ defences: specs = [] }, j) => {
    for (const spec of specs) whole = defenceFrom(spec).extend?.(whole, j) ?? whole
  })
  return whole
}

function scaledVenue(venue: Venue, depth: number): Venue {
  return depth === 1 ? venue : venue.scaled(depth)
}

function scaledRules(rules: Rules, factors: Factors): Rules {
  let scaled = rules
  for (const parameter of ['threshold', 'bonus', 'closeFactor'] as const) {
    const by = factors[parameter] ?? 1
    if (by !== 1) scaled = scaled.scaled(parameter, by) ?? scaled
  }
  return scaled
}

function protocolOf(
  name: string,
  rules: Rules,
  positions: Positions,
  prices: Float64Array,
  scenario: Scenario,
  factors: Factors,
): Protocol {
  const scaled = scaledPositions(positions, factors)
  const { accounts } = positions
  const book = rules.book?.(scaled, prices) ?? plainBook(name, rules, scaled, scenario)
  return protocolFrom({ name, rules, book, prices, accounts, positions: scaled })
}

function scaledPositions(positions: Positions, { collateral = 1, debt = 1 }: Factors): Positions {
  if (collateral === 1 && debt === 1) return positions
  const amount = positions.amount.map(
    (units, k) => units * (positions.side[k] > 0 ? collateral : debt),
  )
  return { ...positions, amount }
}

/** One leg per position, in the slot of its asset, side and group; in their order by account. */
function plainBook(name: string, rules: Rules, positions: Positions, { assets }: Scenario): Book {
  const { accounts, account, asset, side, group } = positions
  const start = new Uint32Array(accounts.length + 1)
  for (let k = 0; k < account.length; k++) start[account[k] + 1]++
  for (let i = 0; i < accounts.length; i++) start[i + 1] += start[i]
  const next = start.slice()
  const slot = new Uint16Array(account.length)
  const amount = new Float64Array(account.length)
  for (let k = 0; k < account.length; k++) {
    const found = rules.slotOf(asset[k], side[k] as 1 | -1, group[k])
    if (found < 0) throw new UnknownSlotError(name, accounts[account[k]], assets[asset[k]].name)
    const leg = next[account[k]]++
    slot[leg] = found
    amount[leg] = positions.amount[k] * side[k]
  }
  return { start, slot, amount, version: new Uint32Array(accounts.length) }
}

/** A position that the protocol's rules have no slot for. */
export class UnknownSlotError extends InputError {
  constructor(protocol: string, account: string, asset: string) {
    super({
      code: 'FB2301',
      rule: 'every position needs liquidation terms in its protocol',
      place: `protocols.${protocol}.rules.assets`,
      came: `account ${account} with ${asset}`,
      remedy: `Add ${asset} there, with a threshold if it serves as collateral`,
    })
  }
}
