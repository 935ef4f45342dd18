/** A plan carried out in the block loop: what the attacker trades, and what it comes to. */

import { usdOutside } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import type { Market } from '../market.ts'
import { borrow, shortfallOf, worthOf } from './loan.ts'
import type { Plan } from './plan.ts'
import { type Means, trade, unitsTo } from './push.ts'
import type { AttackSpec } from './spec.ts'

/** An attack under way. */
export interface Strike {
  /** Before a block's prices are published. */
  act(stage: Stage): void
  /** After a block has closed. */
  close(stage: Stage): void
  /** After the last block. */
  end(stage: Stage): Takings
}

/** What an attacker ends with, USD. */
export interface Takings {
  readonly profitUsd: number
  /** The most of its own and lent money that was tied up at once. */
  readonly capitalUsd: number
  /** What was lent to it and is not covered at the last prices. */
  readonly unpaidUsd: number
  /** What was lent for one block could not be given back: nothing of it happens but the gas. */
  readonly isReverted: boolean
  /** Largest difference of what it has and what the ledger says, as a share of what moved. */
  readonly gap: number
}

/** Where an attack stands: units of the pushed asset, and USD. */
interface State {
  /** Units borrowed outside and sold, and the cash that is locked up for them. */
  owed: number
  lockedUsd: number
  /** Units bought and not posted. */
  bought: number
  /** Cash, own and lent, that pushes may use. */
  meansUsd: number
  lentUsd: number
  marginUsd: number
  capitalUsd: number
  gasUsd: number
  isReverted: boolean
}

/**
 * The strike of a plan, by taker `t` of the stage. To be made before the first block: depth that is
 * taken away is missing from the first block on.
 *
 * Rule:       see `Plan`. In a plan of one block what is lent for a block counts as cash, and is
 *             given back with its fee when the block closes; where that cannot be paid, all of it
 *             is undone.
 *             profit = cash and units at the last mids, less the opening cash, plus what the
 *             account that borrowed has above its debt. What it still has counts at the mid or the
 *             outside price, the lower of the two: its own push is no gain; what it owes at the
 *             higher. What it need not sell it sells at most 2 % below the outside price.
 *             capital = cash spent + cash locked up for units owed, at its highest: they are backed
 *             one to one at the opening price, and what they were sold for may be spent.
 * Simplifies: the strike opens in block 1. Gas is paid at the price of the moment for each block
 *             with trades. A position outside closes at the mid of the last block held, moves
 *             nothing, and loses no more than its margin; in a plan of one block there is none.
 *             Depth that was taken away stays away.
 */
export function strikeOf(plan: Plan, spec: AttackSpec, stage: Stage, t: number): Strike {
  if (plan.withdraws) withdraw(stage, spec.depthShare)
  if (!plan.liquidates) stage.takers[t].hasLeft = true
  const isIdle = plan.kind === 'idle'
  const scratch = stage.market.copy()
  const state: State = {
    ...{ owed: 0, lockedUsd: 0, bought: 0, meansUsd: 0, lentUsd: 0, marginUsd: 0 },
    ...{ capitalUsd: 0, gasUsd: 0, isReverted: false },
  }
  return {
    act(of) {
      const { block } = of.clock
      if (isIdle || block > plan.blocks) return
      if (block === 1) open(plan, spec, of, t, state)
      push(plan, of, t, scratch, state)
      payGas(spec, of, t, state)
      of.market.prices(of.mids)
      if (of.outlet !== of.market) of.outlet.reset(of.market)
      note(spec, of, t, state)
    },
    close(of) {
      const { block } = of.clock
      if (!isIdle && block < plan.blocks) return
      note(spec, of, t, state)
      if (!isIdle && block === plan.blocks) letGo(plan, spec, of, t, scratch, state)
      else undo(plan, of, t, scratch, state)
    },
    end: (of) => takings(plan, spec, of, t, state),
  }
}

function withdraw({ paths }: Stage, share: number): void {
  for (let block = 0; block < paths.depth.length; block++) paths.depth[block] *= 1 - share
}

/** What comes before the push: money lent for the block, collateral bought, a position taken. */
function open(plan: Plan, spec: AttackSpec, stage: Stage, t: number, state: State): void {
  const taker = stage.takers[t]
  if (plan.blocks === 1) {
    state.lentUsd = spec.flashUsd
    taker.cash += spec.flashUsd
  }
  state.bought = plan.depositUsd / stage.opening[plan.asset]
  take(stage, t, plan.asset, -state.bought, -plan.depositUsd)
  const outside = spec.outside.find(({ asset }) => asset === plan.asset)
  if (outside !== undefined && plan.blocks > 1) {
    const wanted = Math.abs(plan.outsideUsd) * outside.margin
    state.marginUsd = Math.min(wanted, taker.cash)
    take(stage, t, plan.asset, 0, -state.marginUsd)
  }
  state.meansUsd = taker.cash
}

/** Trades until the price stands where the plan wants it, as far as the means reach. */
function push(plan: Plan, stage: Stage, t: number, scratch: Market, state: State): void {
  const { market, opening, takers } = stage
  const target = plan.to * opening[plan.asset]
  const falls = plan.to < 1
  const price = market.price(plan.asset)
  if (falls ? price <= target : price >= target) return
  const means: Means = falls
    ? { units: Math.max(0, state.meansUsd / opening[plan.asset] - state.owed), cashUsd: 0 }
    : { units: Number.POSITIVE_INFINITY, cashUsd: Math.max(0, takers[t].cash) }
  const units = unitsTo(market, scratch, plan.asset, plan.venue, target, means)
  if (units === 0) return
  const done = trade(market, plan.asset, plan.venue, units)
  take(stage, t, plan.asset, done.units, done.cash)
  if (!falls) {
    state.bought -= done.units
    return
  }
  const lock = done.units * opening[plan.asset]
  state.owed += done.units
  state.lockedUsd += lock
  takers[t].cash -= lock
}

/** Units go to the market, cash comes from it; below 0 the other way. */
function take(
  { takers, ledger, market }: Stage,
  t: number,
  asset: number,
  units: number,
  cash: number,
) {
  const { taker: place, market: venue } = ledger.holders
  takers[t].cash += cash
  ledger.move(asset, place(t), venue, units)
  ledger.move(market.cash, venue, place(t), cash)
}

function payGas(spec: AttackSpec, stage: Stage, t: number, state: State): void {
  const { takers, view, ledger, market, clock } = stage
  const usd = spec.gas * clock.gwei * view.usdPerGwei
  takers[t].cash -= usd
  takers[t].books.gasUsd += usd
  state.gasUsd += usd
  ledger.move(market.cash, ledger.holders.taker(t), ledger.holders.validators, usd)
}

/** Remembers how much is tied up, when it is most. */
function note(spec: AttackSpec, stage: Stage, t: number, state: State): void {
  const { lentUsd, lockedUsd } = state
  const spent = spec.cashUsd + lentUsd - (stage.takers[t].cash + lockedUsd)
  state.capitalUsd = Math.max(state.capitalUsd, Math.max(0, spent) + lockedUsd)
}

/** The last block held has closed: positions end, loans are taken or given back. */
function letGo(
  plan: Plan,
  spec: AttackSpec,
  stage: Stage,
  t: number,
  scratch: Market,
  state: State,
): void {
  stage.takers[t].cash += state.lockedUsd
  state.lockedUsd = 0
  endOutside(plan, spec, stage, t, state)
  if (plan.loan >= 0) leave(plan, spec, stage, t, state)
  else undo(plan, stage, t, scratch, state)
  payGas(spec, stage, t, state)
  if (state.lentUsd === 0) return
  const taker = stage.takers[t]
  const used = Math.min(state.lentUsd, Math.max(0, state.capitalUsd - spec.cashUsd))
  const fee = used * spec.flashFee
  raise(plan, stage, t, state.lentUsd + fee - taker.cash)
  taker.cash -= state.lentUsd + fee
  taker.books.flashUsd += fee
  const { holders, move } = stage.ledger
  move(stage.market.cash, holders.taker(t), holders.flash, fee)
  state.lentUsd = 0
  state.isReverted = taker.cash < 0
}

function endOutside(plan: Plan, spec: AttackSpec, stage: Stage, t: number, state: State): void {
  const outside = spec.outside.find(({ asset }) => asset === plan.asset)
  if (outside === undefined || state.marginUsd === 0) return
  const held = (Math.sign(plan.outsideUsd) * state.marginUsd) / outside.margin
  const factor = stage.market.price(plan.asset) / stage.opening[plan.asset]
  const fees = outside.fee * Math.abs(held) * (1 + factor)
  const gain = Math.max(-state.marginUsd, held * (factor - 1) - fees)
  take(stage, t, plan.asset, 0, state.marginUsd + gain)
  state.marginUsd = 0
}

/** Posts all that was bought, borrows against it, and sells what was lent. */
function leave(plan: Plan, spec: AttackSpec, stage: Stage, t: number, state: State): void {
  const loan = spec.loans[plan.loan]
  const { market, takers } = stage
  const units = borrow(stage, t, loan, plan.asset, state.bought)
  state.bought = stage.posts[loan.protocol].isOpen ? 0 : state.bought
  if (loan.asset === market.cash) takers[t].cash += units
  else sell(stage, t, loan.asset, units)
}

/** Gives back what is owed, and sells what is left as far as it is not given away. */
function undo(plan: Plan, stage: Stage, t: number, scratch: Market, state: State): void {
  const { inventory } = stage.takers[t]
  for (let asset = 0; asset < inventory.length; asset++) {
    const own = asset === plan.asset ? state.bought - state.owed : 0
    if (!(inventory[asset] > 0) && own === 0) continue
    const units = inventory[asset] + own
    const wanted = units < 0 ? units : soldNow(stage, scratch, asset, units)
    const left = units - (wanted === 0 ? 0 : sell(stage, t, asset, wanted))
    inventory[asset] = Math.max(0, left)
    stage.stock.fill(0, ...rangeOf(stage, t, asset))
    if (asset !== plan.asset) continue
    state.bought = 0
    state.owed = Math.max(0, -left)
  }
}

/** Units that are sold at once: as far as the price stays near the outside price. */
function soldNow(stage: Stage, scratch: Market, asset: number, units: number): number {
  const { market } = stage
  if (market.hop[asset].length === 0) return units
  const least = usdOutside(stage, asset) * (1 - SLIPPAGE)
  if (market.price(asset) <= least) return 0
  return unitsTo(market, scratch, asset, -1, least, { units, cashUsd: 0 })
}

/** How far below the outside price it sells; the rest waits until arbitrage has been there. */
const SLIPPAGE = 0.02

/** Sells what it must to give back what was lent for the block. */
function raise(plan: Plan, stage: Stage, t: number, lackUsd: number): void {
  const { takers, market } = stage
  const { inventory } = takers[t]
  if (!(lackUsd > 0) || !(inventory[plan.asset] > 0)) return
  const units = Math.min(inventory[plan.asset], market.unitsFor(plan.asset, lackUsd))
  inventory[plan.asset] -= sell(stage, t, plan.asset, units)
}

/** Sells units, or buys them (below 0); returns those that were taken. */
function sell(stage: Stage, t: number, asset: number, units: number): number {
  const { market } = stage
  if (market.hop[asset].length > 0) {
    const sale = market.sell(asset, units)
    take(stage, t, asset, sale.units, sale.proceeds)
    return sale.units
  }
  take(stage, t, asset, units, units * market.price(asset))
  return units
}

/** What a taker has in stock of an asset; its own inventory says how much that is. */
function rangeOf({ time, mids }: Stage, t: number, asset: number): [number, number] {
  const size = time.generations + 1
  const from = (t * mids.length + asset) * size
  return [from, from + size]
}

function takings(plan: Plan, spec: AttackSpec, stage: Stage, t: number, state: State): Takings {
  const { capitalUsd, isReverted, gasUsd } = state
  const gap = gapOf(plan, spec, stage, t, state)
  if (isReverted) return { profitUsd: 0 - gasUsd, capitalUsd: 0, unpaidUsd: 0, isReverted, gap }
  const { takers, market } = stage
  const { cash, escrowUsd, inventory } = takers[t]
  let usd = cash + escrowUsd - spec.cashUsd
  for (let a = 0; a < inventory.length; a++) usd += inventory[a] * worthOf(stage, a)
  usd += state.bought * worthOf(stage, plan.asset)
  if (state.owed > 0)
    usd -= state.owed * Math.max(market.price(plan.asset), usdOutside(stage, plan.asset))
  const short = plan.loan < 0 ? 0 : shortfallOf(stage, spec.loans[plan.loan].protocol)
  return {
    profitUsd: usd + Math.max(0, -short),
    capitalUsd,
    unpaidUsd: Math.max(0, short),
    isReverted,
    gap,
  }
}

function gapOf(
  plan: Plan,
  spec: AttackSpec,
  { takers, ledger, market }: Stage,
  t: number,
  state: State,
): number {
  const { cash, inventory } = takers[t]
  let gap = 0
  for (let a = 0; a < inventory.length; a++) {
    const own = a === plan.asset ? state.bought - state.owed : 0
    const has = a === market.cash ? cash - spec.cashUsd : inventory[a] + own
    const off = Math.abs(has - ledger.balance(ledger.holders.taker(t), a))
    if (off > 0) gap = Math.max(gap, off / (spec.cashUsd + ledger.moved(a)))
  }
  return gap
}
