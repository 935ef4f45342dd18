/** Builds the world of a resolved scenario: rules, books, venues, market. */

import { bookFrom, type Leg } from './book.ts'
import { InputError } from './errors.ts'
import { marketFrom } from './market.ts'
import { aaveV2 } from './rules/aaveV2.ts'
import { aaveV3 } from './rules/aaveV3.ts'
import { lending } from './rules/lending.ts'
import { makerFlip } from './rules/makerFlip.ts'
import { stopOut } from './rules/stopOut.ts'
import { type Protocol, protocolFrom, type Rules, type World, worldFrom } from './rules.ts'
import type { Positions, RulesSpec, Scenario, VenueSpec } from './scenario.ts'
import type { Venue } from './venue.ts'
import { concentrated } from './venues/concentrated.ts'
import { constantProduct } from './venues/constantProduct.ts'
import { impactCurve } from './venues/impactCurve.ts'
import { orderBook } from './venues/orderBook.ts'
import { quoteLadder } from './venues/quoteLadder.ts'
import { stableSwap } from './venues/stableSwap.ts'

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
  const venues = scenario.venues.map((spec) => scaledVenue(venueFrom(spec), depth))
  const market = marketFrom({
    assets: scenario.assets.map((asset) => asset.name),
    cash: scenario.cash,
    venues,
    hop: scenario.hop,
    outside: Float64Array.from(scenario.assets, (asset) => asset.price),
  })
  const prices = new Float64Array(scenario.assets.length)
  market.prices(prices)
  const protocols = scenario.protocols.map((spec) => {
    const rules = scaledRules(rulesFrom(spec.rules), factors)
    return protocolOf(spec.name, rules, spec.positions, prices, scenario, factors)
  })
  return worldFrom(market, protocols)
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
  }
}

/** The rules of a specification. */
export function rulesFrom(spec: RulesSpec): Rules {
  switch (spec.kind) {
    case 'lending':
      return lending(spec)
    case 'stopOut':
      return stopOut(spec)
    case 'aaveV2':
      return aaveV2(spec)
    case 'aaveV3':
      return aaveV3(spec)
    case 'makerFlip':
      return makerFlip(spec)
  }
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
  const legs: Leg[] = []
  for (let k = 0; k < positions.amount.length; k++) {
    const side = positions.side[k] as 1 | -1
    const slot = rules.slotOf(positions.asset[k], side, positions.group[k])
    const asset = scenario.assets[positions.asset[k]].name
    if (slot < 0) throw new UnknownSlotError(name, positions.accounts[positions.account[k]], asset)
    const factor = side > 0 ? (factors.collateral ?? 1) : (factors.debt ?? 1)
    const amount = positions.amount[k] * factor * side
    legs.push({ account: positions.account[k], slot, amount })
  }
  legs.sort((a, b) => a.account - b.account)
  const book = bookFrom(positions.accounts.length, legs)
  return protocolFrom({ name, rules, book, prices, accounts: positions.accounts })
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
