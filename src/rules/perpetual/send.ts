/** What the engine of a perpetual exchange closes in a block. */

import type { AccountList } from '../../accountList.ts'
import type { Orders, Quote } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import type { Protocol } from '../../rules.ts'
import { marginOf } from './accounts.ts'
import { deleverageInstead } from './adl.ts'
import type { PerpetualBooks } from './books.ts'
import { drawOf, type Engine, MARKET, order, plan as push, TAKEOVER } from './engine.ts'
import { holdToLimits } from './limits.ts'
import { planVault } from './vault.ts'

/** Plans what is closed now, and sends it. */
export function send(
  engine: Engine,
  protocol: Protocol,
  breached: AccountList,
  at: Moment,
  quote: Quote,
  out: Orders,
): void {
  const { plan, margin, layout, of, adl } = engine
  plan.count = 0
  const most = Math.min(breached.count, of.perBlock?.accounts ?? breached.count)
  const first = most < breached.count ? Math.floor(drawOf(at) * breached.count) : 0
  for (let n = 0; n < most; n++) {
    const account = breached.account[(first + n) % breached.count]
    marginOf(layout, protocol, account, margin)
    if (margin.notional === 0) planCollateral(engine, protocol, account, out)
    else if (margin.equity < margin.maintenance) planPositions(engine, protocol, account, at, out)
  }
  if (plan.count > 0) holdToLimits(engine, protocol, at, quote, out)
  const isSettledByFill = of.fundSettles === 'fill'
  if (adl?.basis === 'notional' && !isSettledByFill && plan.count > 0)
    deleverageInstead(engine, protocol, quote, out)
  planVault(engine, protocol, at, out)
}

function planPositions(
  engine: Engine,
  protocol: Protocol,
  account: number,
  at: Moment,
  out: Orders,
): void {
  const { layout, of, plan, margin } = engine
  const { book, items, prices } = protocol
  const { coolUntil } = items as PerpetualBooks
  const { equity, maintenance, notional, hasCollateral } = margin
  const isTakeover =
    of.backstop !== undefined && !hasCollateral && equity < of.backstop.below * maintenance
  const until = coolUntil.size === 0 ? undefined : coolUntil.get(account)
  if (!isTakeover && until !== undefined && at.atSeconds < until) return
  const { portion = 1, portionAboveUsd = 0, portionRepeats = false, cooldownSeconds = 0 } = of
  const mayBePart = portionRepeats || until === undefined
  const isPart = !isTakeover && mayBePart && notional > portionAboveUsd && portion < 1
  if (isPart) coolUntil.set(account, at.atSeconds + cooldownSeconds)
  let leftUsd = isTakeover ? Number.POSITIVE_INFINITY : of.perBlock?.accountNotionalUsd
  findPositions(engine, protocol, account)
  const isOne = of.oneByOne === true && !isTakeover
  const first = isOne ? Math.floor(drawOf(at) * open.count) : 0
  for (let n = 0; n < (isOne ? 1 : open.count); n++) {
    const k = open.leg[(first + n) % open.count]
    const asset = layout.slots.asset[book.slot[k]]
    let units = isPart ? partOf(engine, book.amount[k], prices[asset]) : book.amount[k]
    if (leftUsd !== undefined) {
      const usd = Math.abs(units) * prices[asset]
      if (usd > leftUsd) units *= leftUsd / usd
      leftUsd = Math.max(0, leftUsd - usd)
    }
    if (units === 0) continue
    push(plan, account, k, units, isTakeover ? TAKEOVER : MARKET, margin)
    if (!isTakeover) order(asset, units, out)
  }
}

function findPositions({ layout }: Engine, { book }: Protocol, account: number): void {
  open.count = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (layout.marketOf[book.slot[k]] >= 0 && book.amount[k] !== 0) open.leg[open.count++] = k
}

/** Units of a part: at least `portionMinUsd`, as far as there are. */
function partOf({ of }: Engine, units: number, mark: number): number {
  const { portion = 1, portionMinUsd = 0 } = of
  const usd = Math.abs(units) * mark
  if (portionMinUsd <= portion * usd) return units * portion
  return portionMinUsd < usd ? units * (portionMinUsd / usd) : units
}

/** Positions are gone: collateral is sold as far as the account still owes cash. */
function planCollateral(
  { layout, plan, margin }: Engine,
  { book, prices }: Protocol,
  account: number,
  out: Orders,
): void {
  const { slots, cash, allowance } = layout
  let owedUsd = -book.amount[margin.cashLeg] * prices[slots.asset[cash]]
  for (let k = book.start[account]; k < book.start[account + 1] && owedUsd > 0; k++) {
    const slot = book.slot[k]
    if (slot === cash || slot === allowance || !(book.amount[k] > 0)) continue
    const units = Math.min(book.amount[k], owedUsd / prices[slots.asset[slot]])
    owedUsd -= units * prices[slots.asset[slot]]
    push(plan, account, k, units, MARKET, margin)
    order(slots.asset[slot], units, out)
  }
}

const open = { count: 0, leg: [] as number[] }
