/** Sales and payments of takers: the market moves, the ledger and the twins follow. */

import type { Stage } from './stage.ts'
import { soldInTwins } from './twins.ts'

/**
 * Sells for a taker what is already its own; returns the units that venues took.
 *
 * Rule: where sales are not felt each is a quote on the market as it stands; where prices are a
 *       record they press on a copy of the market that lasts for the block.
 */
export function sellFor(
  stage: Stage,
  t: number,
  asset: number,
  units: number,
  generation: number,
): number {
  const { market, outlet, tally, ledger, takers, isFelt } = stage
  const isQuoted = !isFelt && outlet === market
  const sale = isQuoted ? market.quote(asset, units) : outlet.sell(asset, units)
  const taker = takers[t]
  const { taker: place, market: venue } = ledger.holders
  taker.cash += sale.proceeds
  taker.books.proceedsUsd += sale.proceeds
  ledger.move(asset, place(t), venue, sale.units)
  ledger.move(market.cash, venue, place(t), sale.proceeds)
  tally.sold[asset] += sale.units
  tally.block.soldUsd += sale.proceeds
  tally.extrapolated ||= sale.extrapolated
  if (isFelt) soldInTwins(stage, asset, sale.units, generation)
  return sale.units
}

/** A taker gets units: sells what it sells at once, and keeps the rest. */
export function receive(
  stage: Stage,
  t: number,
  asset: number,
  units: number,
  generation: number,
): void {
  const { market, tally, takers, clock, ledger } = stage
  const taker = takers[t]
  if (asset === market.cash) {
    taker.cash += units
    taker.books.proceedsUsd += units
    return
  }
  if (market.hop[asset].length === 0) {
    const usd = units * market.price(asset)
    taker.cash += usd
    taker.books.proceedsUsd += usd
    ledger.move(asset, ledger.holders.taker(t), ledger.holders.market, units)
    ledger.move(market.cash, ledger.holders.market, ledger.holders.taker(t), usd)
    return
  }
  const wanted = Math.min(units, taker.sellsAtOnce(market, asset, units))
  const taken = wanted > 0 ? sellFor(stage, t, asset, wanted, generation) : 0
  const kept = units - taken
  tally.unsold[asset] += wanted - taken
  if (kept === 0) return
  taker.inventory[asset] += kept
  stage.stock[stockAt(stage, t, asset) + generation] += kept
  taker.received(clock, asset, kept)
}

/** A bid that was beaten comes back out of escrow, at the mid: nothing is bought or sold for it. */
export function refund(stage: Stage, t: number, asset: number, units: number): void {
  const { market, takers, ledger } = stage
  const usd = asset === market.cash ? units : units * market.price(asset)
  takers[t].cash += usd
  takers[t].books.paidUsd -= usd
  if (asset === market.cash) return
  const { taker: place, market: venue } = ledger.holders
  ledger.move(asset, place(t), venue, units)
  ledger.move(market.cash, venue, place(t), usd)
}

/**
 * A taker pays units of an asset: from its cash, at the mid; where buying is felt, through the
 * venues.
 */
export function pay(
  stage: Stage,
  t: number,
  asset: number,
  units: number,
  generation: number,
): void {
  const { market, takers, ledger, isFelt, scenario } = stage
  const taker = takers[t]
  const { taker: place, market: venue } = ledger.holders
  let cost = units
  if (asset !== market.cash) {
    const isBought = scenario.liquidators.buys && isFelt && market.hop[asset].length > 0
    const bought = isBought ? market.sell(asset, -units) : null
    if (bought !== null && bought.units < 0) {
      soldInTwins(stage, asset, -units, generation)
      cost = -bought.proceeds
    } else cost = units * market.price(asset)
    ledger.move(market.cash, place(t), venue, cost)
    ledger.move(asset, venue, place(t), units)
  }
  taker.cash -= cost
  taker.books.paidUsd += cost
}

/** Sells inventories as their schedules say. */
export function dispose(stage: Stage): void {
  const { takers, clock, market } = stage
  for (let t = 0; t < takers.length; t++) {
    const { inventory } = takers[t]
    for (let a = 0; a < inventory.length; a++) {
      if (!(inventory[a] > 0) || market.hop[a].length === 0) continue
      const units = Math.min(inventory[a], takers[t].sellsNow(clock, a))
      if (units > 0) sellStock(stage, t, a, units)
    }
  }
}

/** Sells inventory, of every generation in proportion to what is left of it. */
function sellStock(stage: Stage, t: number, asset: number, units: number): void {
  const { inventory } = stage.takers[t]
  const at = stockAt(stage, t, asset)
  const share = units / inventory[asset]
  let left = inventory[asset]
  for (let g = 0; g <= stage.time.generations; g++) {
    const held = stage.stock[at + g]
    if (held <= 0) continue
    const taken = sellFor(stage, t, asset, held * share, g)
    stage.stock[at + g] -= taken
    left -= taken
  }
  inventory[asset] = left < REMAINDER * inventory[asset] ? 0 : left
  if (inventory[asset] === 0) stage.stock.fill(0, at, at + stage.time.generations + 1)
}

function stockAt({ time, mids }: Stage, t: number, asset: number): number {
  return (t * mids.length + asset) * (time.generations + 1)
}

/** Below this share of what was there a remainder is rounding. */
const REMAINDER = 1e-12
