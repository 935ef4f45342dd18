/** Where a claim is redeemed at a stated rate, and perhaps minted, by whom it is a claim on. */

import { InputError } from '../errors.ts'
import type { Claim, Market } from '../market.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Curve, Fill, Venue } from '../venue.ts'
import { NOTHING, pathIndependentVenue, type StatefulVenue } from './pathIndependent.ts'
import { checkPositive, checkTerms } from './terms.ts'

export type RedemptionSpec = Omit<Extract<VenueSpec, { kind: 'redemption' }>, 'kind'>

/** A bid that falls with what was redeemed, and ends; and an ask for what is minted. */
interface Terms {
  /** What the first unit brings, and by how much that falls with each unit redeemed. */
  readonly bid: number
  readonly slope: number
  /** Units redeemed at most. */
  readonly most: number
  /** What a minted unit costs. */
  readonly ask: number
}

/**
 * Redeems a claim at a rate stated in the quote asset, up to a capacity, and mints it where that is
 * offered too.
 *
 * Rule:       a unit brings rate x (1 - fee - s x R / S) x (1 - r T): R units redeemed before it
 *             and not yet decayed, S = `supply`, s = `feePerShare`, T = `waitSeconds` in years of
 *             365 days, r = `yearRate`: what is paid later is worth that much to who buys the claim
 *             now. After `capacity` units, or where the fee has eaten the rate, nothing is given.
 *             Minting costs rate x (1 + fee), up to `mints` units. The fee is in the price: the
 *             venue's own fee is 0.
 *             While the outside price stands below what redemption brings, arbitrage has redeemed
 *             down to it: a claim in the open at 0.96 says that par cannot be had. A rise of the
 *             outside price gives that capacity back.
 *             `pays`: for the rate of quote asset so much of that asset is handed out at its mid,
 *             and sold in its own market at once; oracle and fee of that sale follow the mid.
 * Units:      rate in quote asset per unit; capacity, supply and mints in units; fees as fractions.
 * Source:     flat: Lido withdrawal queue; makerdao/dss-psm psm.sol buyGem() and sellGem(), tout
 *             and tin; rising: liquity/dev TroveManager.sol
 *             _updateBaseRateFromRedemption(), where s is 1 / BETA.
 * Simplifies: a fee is a part of the rate; where a contract adds it to what is handed in instead,
 *             its square is missed. A rising fee is paid slice by slice, not at its last value on
 *             the whole. Minting back what was redeemed costs what the redemption brought. A
 *             haircut or makers who leave take their part of the capacity. Arbitrage that redeems
 *             moves no market of `pays`. Where what is handed out cannot be sold for the whole
 *             rate, nothing is redeemed.
 * Throws:     InputError FB2111, FB2112, FB2113, FB2117
 */
export function redemption(spec: RedemptionSpec): Venue {
  checkTerms(spec)
  checkOwn(spec)
  const terms = termsOf(spec)
  const venue = pathIndependentVenue(
    { ...spec, fee: 0, beyond: 'wall' },
    {
      kind: 'redemption',
      feeFrom: 'proceeds',
      curve: curveOf(terms),
      bid: (outside, sold) => nextBid(terms, outside, sold),
      edgePrice: (outside) => Math.min(outside, bidAt(terms, terms.most)),
      edgeUnits: (outside) => Math.max(0, terms.most - usedAt(terms, outside)),
      fewest: (outside) => fewest(spec, terms, outside),
      fewestObserved: () => Number.NEGATIVE_INFINITY,
      scaled: (by) => redemption(scaledSpec(spec, by)),
    },
  )
  return spec.pays === null ? venue : inKind(venue, spec.pays)
}

function termsOf(spec: RedemptionSpec): Terms {
  const now = spec.rate * (1 - (spec.yearRate * spec.waitSeconds) / YEAR_SECONDS)
  const bid = now * (1 - spec.fee)
  const slope = spec.supply === null ? 0 : (now * spec.feePerShare) / spec.supply
  const most = slope === 0 ? spec.capacity : Math.min(spec.capacity, bid / slope)
  return { bid, slope, most, ask: spec.rate * (1 + spec.fee) }
}

function scaledSpec(spec: RedemptionSpec, by: number): RedemptionSpec {
  return {
    ...spec,
    capacity: spec.capacity * by,
    supply: spec.supply === null ? null : spec.supply * by,
    mints: spec.mints * by,
  }
}

/** Only who mints sells claims, and at a price that nobody outside pays less than. */
function fewest({ mints }: RedemptionSpec, { ask }: Terms, outside: number): number {
  if (mints === 0) return Number.POSITIVE_INFINITY
  return outside > ask ? 0 : -mints
}

function bidAt({ bid, slope }: Terms, redeemed: number): number {
  return Math.max(0, bid - slope * redeemed)
}

/** The most units with which the next one still brings the price; 0 where none does. */
function unitsTo({ bid, slope, most }: Terms, price: number): number {
  if (price > bid) return 0
  return slope === 0 ? most : Math.min(most, (bid - price) / slope)
}

/** What arbitrage has redeemed at an outside price. */
function usedAt(terms: Terms, outside: number): number {
  return outside < terms.bid ? unitsTo(terms, outside) : 0
}

/** What the next unit brings: where some were minted, what they cost. */
function nextBid(terms: Terms, outside: number, sold: number): number {
  if (sold < 0) return Math.max(outside, terms.ask)
  const at = usedAt(terms, outside) + sold
  return at < terms.most ? Math.min(outside, bidAt(terms, at)) : 0
}

function curveOf(terms: Terms): Curve {
  const { most, ask } = terms

  function redeemed(from: number, to: number): number {
    const end = Math.min(to, most)
    return end > from ? (end - from) * bidAt(terms, (from + end) / 2) : 0
  }

  function proceeds(outside: number, sold: number, units: number): number {
    if (units < 0) return -proceeds(outside, sold + units, -units)
    const end = sold + units
    const minted = Math.min(0, end) - Math.min(0, sold)
    const used = usedAt(terms, outside)
    return minted * ask + redeemed(used + Math.max(0, sold), used + Math.max(0, end))
  }

  return {
    price: (outside, sold) => (sold === 0 ? outside : nextBid(terms, outside, sold)),
    outside(trigger, sold) {
      if (!(trigger > 0)) return 0
      if (sold === 0) return trigger
      if (sold < 0) return ask < trigger ? trigger : 0
      const room = unitsTo(terms, trigger) - sold
      if (room < 0 || sold >= most) return Number.POSITIVE_INFINITY
      return Math.max(trigger, bidAt(terms, room))
    },
    units(outside, sold, price) {
      if (price > (sold < 0 ? Math.max(outside, ask) : outside)) return 0
      const open = price > outside ? 0 : unitsTo(terms, price) - usedAt(terms, outside)
      return sold < 0 ? Math.max(0, open) - sold : Math.max(0, open - sold)
    },
    proceeds,
  }
}

/** A redemption that hands out another asset than it is quoted in. It only redeems. */
function inKind(venue: StatefulVenue, pays: number, bound: Market | null = null): Claim & Venue {
  let market = bound

  /** Units of what is handed out that raise the cash; Infinity where nothing does. */
  function handedOut(cash: number): number {
    return market === null ? 0 : market.unitsFor(pays, cash)
  }

  function quote(units: number): Fill {
    const fill = units > 0 ? venue.quote(units) : NOTHING
    return handedOut(fill.proceeds) < Number.POSITIVE_INFINITY ? fill : NOTHING
  }

  return {
    ...venue,
    curve: null,
    reaches: [pays],
    worth: null,
    bind(to) {
      market = to
    },
    quote,
    sell(units) {
      const fill = quote(units)
      if (fill.units === 0) return NOTHING
      const out = handedOut(fill.proceeds)
      venue.sell(units)
      const sale = market?.sell(pays, out)
      return sale?.extrapolated ? { ...fill, extrapolated: true } : fill
    },
    scaled: (depth) => inKind(venue.scaled(depth) as StatefulVenue, pays, market),
    copy: () => inKind(venue.copy() as StatefulVenue, pays, market),
  }
}

function checkOwn(spec: RedemptionSpec): void {
  const place = `venues.${spec.name}`
  checkPositive(spec.rate, `${place}.rate`, 'FB2113', 'a rate')
  checkPositive(spec.capacity, `${place}.capacity`, 'FB2113', 'a capacity')
  if (spec.supply !== null) checkPositive(spec.supply, `${place}.supply`, 'FB2113', 'a supply')
  const isWaited = spec.waitSeconds >= 0 && spec.yearRate >= 0
  checkRange(isWaited && spec.waitSeconds * spec.yearRate < YEAR_SECONDS, {
    place: `${place}.wait`,
    rule: 'a wait must cost less than all that is paid at its end',
    came: `${spec.waitSeconds} s at ${spec.yearRate} per year`,
  })
  checkRange(spec.feePerShare === 0 || (spec.feePerShare > 0 && spec.supply !== null), {
    place: `${place}.feePerShare`,
    rule: 'a fee that rises needs the supply that it rises with',
    came: String(spec.feePerShare),
  })
  checkRange(spec.mints >= 0 && spec.mints < Number.POSITIVE_INFINITY, {
    place: `${place}.mints`,
    rule: 'what can be minted must be finite, 0 or more',
    came: String(spec.mints),
  })
  checkRange(spec.pays === null || spec.mints === 0, {
    place: `${place}.mints`,
    rule: 'a redemption that hands out another asset does not mint',
    came: String(spec.mints),
  })
}

function checkRange(
  holds: boolean,
  facts: { readonly place: string; readonly rule: string; readonly came: string },
): void {
  if (holds) return
  throw new InputError({ code: 'FB2117', ...facts, remedy: 'Correct it, or leave it out' })
}
