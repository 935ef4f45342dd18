/**
 * Ladders and sale columns of a real book, derived from the rules' own `value`, `offers` and
 * `settle`.
 */

import { assert } from '../errors.ts'
import { follow, noteUnits } from '../pledges.ts'
import { offerList, type Protocol, settlement, WHOLE_OFFER } from '../rules.ts'
import type { LiquidatorsSpec } from '../scenario.ts'
import type { World } from '../world.ts'
import { bestOffer, SETTLEMENTS_PER_ACCOUNT_MAX } from './cascade.ts'
import { type SaleColumns, saleColumns } from './columnWalk.ts'
import { type Ladder, ladderFrom } from './ladder.ts'
import { type Prepared, protocolOf } from './triggers.ts'

/** A ladder with the account rows behind it and what they owe. */
export interface WorldLadder {
  readonly ladder: Ladder
  /** Account row of each ladder position, and its debt in USD. */
  readonly row: Uint32Array
  readonly debtUsd: Float64Array
}

/**
 * Units of the lead asset that each account sells when it is first reached, at its trigger.
 *
 * Rule:   publish the price just below the trigger and settle the best offer until none is left.
 *         Accounts that sell none of the lead asset, or never fall, are left out.
 * Units:  triggers in USD per unit of the lead asset; what a liquidator keeps (`cost`) or the
 *         protocol takes as its fee is not sold. Exact beyond the first visit only where `sale` is
 *         `units`.
 * Simplifies: with `cost` the slippage of the account's own sale is left out. What is pledged twice
 *             is sold once, by whose trigger is first; that the other then falls earlier is left
 *             out.
 */
export function worldLadder(
  world: World,
  prepared: Prepared,
  disposal: LiquidatorsSpec['disposal'],
): WorldLadder {
  const copies = world.protocols.map((protocol) => protocol.copy())
  const rows: number[] = []
  const triggers: number[] = []
  const units: number[] = []
  const debts: number[] = []
  const isPledged = world.pledges.holdings.length > 0
  for (let n = 0; n < prepared.key.length; n++) {
    const row = isPledged ? prepared.order[n] : n
    const trigger = prepared.opening[prepared.lead] / prepared.key[row]
    if (!(trigger > 0) || trigger === Number.POSITIVE_INFINITY) continue
    const j = protocolOf(prepared, row)
    const account = row - prepared.offset[j]
    if (copies[j].items !== null) copies[j].reset(world.protocols[j])
    const holdings = world.pledges.of(j, account)
    if (holdings !== null) noteUnits(copies, holdings, j, noted)
    const amount = soldAt(copies[j], account, prepared.lead, trigger, disposal)
    if (holdings !== null) follow(copies, holdings, j, noted, NOBODY)
    if (amount <= 0) continue
    rows.push(row)
    triggers.push(trigger)
    units.push(amount)
    debts.push(debtOf(world.protocols[j], account, prepared.opening))
  }
  const ladder = ladderFrom(Float64Array.from(triggers), Float64Array.from(units))
  const row = Uint32Array.from(ladder.origin, (i) => rows[i])
  return { ladder, row, debtUsd: Float64Array.from(ladder.origin, (i) => debts[i]) }
}

/**
 * Columns for the closed-form walks, or null where a book has accounts that they cannot hold: rules
 * that come back, an account with more than one collateral or debt, collateral pledged twice.
 */
export function worldColumns(world: World, prepared: Prepared): SaleColumns | null {
  if (world.protocols.some((protocol) => protocol.rules.sale !== 'value')) return null
  if (world.pledges.holdings.length > 0) return null
  const n = prepared.key.length
  const trigger = new Float64Array(n)
  const collateral = new Float64Array(n)
  const cash = new Float64Array(n)
  const debt = new Float64Array(n)
  let used = 0
  for (let row = 0; row < n; row++) {
    const j = protocolOf(prepared, row)
    const pair = soleLegs(world.protocols[j], row - prepared.offset[j])
    if (pair === null) return null
    const at = prepared.opening[prepared.lead] / prepared.key[row]
    if (pair.owns === 0 || !(at > 0) || at === Number.POSITIVE_INFINITY) continue
    if (pair.asset !== prepared.lead) return null
    trigger[used] = at
    collateral[used] = pair.owns
    debt[used] = pair.owes * prepared.opening[pair.pays]
    cash[used++] = debt[used - 1] * (1 + pair.bonus)
  }
  return saleColumns({
    trigger: trigger.subarray(0, used),
    collateral: collateral.subarray(0, used),
    cash: cash.subarray(0, used),
    debt: debt.subarray(0, used),
  })
}

/** USD debt of an account at given prices. */
export function debtOf(protocol: Protocol, account: number, prices: Float64Array): number {
  return -sumOf(protocol, account, prices, -1)
}

/** USD collateral of an account at given prices. */
export function collateralOf(protocol: Protocol, account: number, prices: Float64Array): number {
  return sumOf(protocol, account, prices, 1)
}

function sumOf(protocol: Protocol, account: number, prices: Float64Array, side: 1 | -1): number {
  const { book, rules, index } = protocol
  let sum = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    if (book.amount[k] * side > 0)
      sum += book.amount[k] * index[slot] * prices[rules.slots.asset[slot]]
  }
  return sum
}

function soleLegs(protocol: Protocol, account: number) {
  const { book, rules } = protocol
  const pair = { owns: 0, asset: -1, owes: 0, pays: -1, bonus: 0 }
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const asset = rules.slots.asset[book.slot[k]]
    if (book.amount[k] > 0) {
      if (pair.owns > 0) return null
      pair.owns = book.amount[k]
      pair.asset = asset
      pair.bonus = rules.terms(asset, rules.slots.group[book.slot[k]])?.bonus ?? 0
    } else if (book.amount[k] < 0) {
      if (pair.owes > 0) return null
      pair.owes = -book.amount[k]
      pair.pays = asset
    }
  }
  return pair
}

function soldAt(
  protocol: Protocol,
  account: number,
  lead: number,
  trigger: number,
  disposal: LiquidatorsSpec['disposal'],
): number {
  const { prices, rules } = protocol
  prices[lead] = trigger * (1 - 1e-12)
  rules.value(protocol)
  let units = 0
  for (let n = 0; ; n++) {
    assert(n < SETTLEMENTS_PER_ACCOUNT_MAX, 'an account at one price is done at last')
    offers.count = 0
    rules.offers(protocol, account, offers)
    const best = bestOffer(offers, prices)
    if (best < 0) return units
    rules.settle(protocol, offers, best, WHOLE_OFFER, done)
    if (offers.sells[best] !== lead) continue
    const own = done.seized - done.fee
    const cost = (done.repaid * prices[offers.pays[best]]) / prices[lead]
    units += disposal === 'all' ? own : Math.min(own, cost)
  }
}

const done = settlement()
const noted: number[] = []
const NOBODY = { before: () => {}, after: () => {} }
const offers = offerList()
