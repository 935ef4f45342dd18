/** A liquidator: sees an offer, weighs what it brings against what it costs, and bids for gas. */

import {
  ORACLE_AUCTION,
  PRIVATE,
  PUBLIC,
  pushTransaction,
  type Route,
  type Transactions,
} from '../chain.ts'
import { assert } from '../errors.ts'
import { log } from '../math/exponential.ts'
import type { Offers } from '../rules.ts'
import type { TakerSpec } from '../scenario.ts'
import type { Taker, TakerBooks, View } from '../taker.ts'
import { type Deal, emptyDeal, ROUNDED_DOWN, wantedGwei, weigh } from './deal.ts'
import { type SaleOrders, saleOrders } from './schedule.ts'
import { checkTaker } from './terms.ts'

/**
 * A liquidator of one kind; `index` is its own number, `assets` how many there are.
 *
 * Rule:       acts on an account once `latency` has passed since it became liquidatable: blocks, or
 *             -mean log(u) seconds; on what stands for itself (account below 0) at once. Of the
 *             offers of an account it takes the one with the highest profit, if that is at least
 *             `minProfitUsd`, and above 0 unless that is negative: then it bears a loss.
 *             profit = worth - cost - flash fee - gas - tip. Worth is what the market quotes when
 *             the lot is sold now, units x mid when it is held or sold by a schedule. Cost is units
 *             x mid. size `profitable`: of a lot sold now, only units whose marginal worth covers
 *             their marginal cost.
 *             Own cash pays; what it lacks is borrowed for the moment where there is a `flashFee`
 *             and the lot is sold now, else less is taken. Cash promised in a block is not
 *             promised again: to gas, and to lots that do not pay themselves back at once.
 *             gas price: `fixed`; `market`: times x the price of the moment; `auction`: share x
 *             profit before gas, at least the price of the moment; a private or auctioned place
 *             pays the price of the moment and a tip of tipShare x profit after gas. Never above
 *             `maxGwei`; where that is below the price of the moment it does not bid.
 *             An English auction (`free`): is willing to pay valuation x worth at mid, at most its
 *             own cash, and bids that, or the least that is accepted (`outbids`), if it reaches the
 *             asked. An oracle auction is there only where a price was published in the block.
 *             A call (nothing for nothing) is made, when no offer of the account pays, as long as
 *             its gas costs at most what the taker hopes for: (1 - valuation) x worth of the lot
 *             that it puts up, all of the worth of one that it has won.
 * Units:      `pricedOut` counts bids not made that would have paid before gas and tip,
 *             `outOfCapital` those that would have paid with cash without limit: at most one of
 *             them per account and block.
 * Shape:      appends at most one transaction, or one for each call.
 *             minProceeds is cost + flash fee + gas for a lot sold now, 0 for any other.
 * Source:     gas auctions: P. Daian et al., Flash Boys 2.0, IEEE S&P 2020; bidders that do not
 *             follow the gas price: 12 March 2020; selling over time: Almgren and Chriss 2000.
 * Simplifies: a fixed bid below the gas price is sent, and waits in vain. Debt is bought at its
 *             mid.
 * Assumes:    it judges each account alone, on the block's opening market: it foresees neither its
 *             own other bids nor those of rivals.
 * Throws:     InputError FB2442, FB2443, FB2444
 */
export function liquidator(spec: TakerSpec, index: number, assets: number): Taker {
  checkTaker(spec)
  const { disposal } = spec
  return withState(spec, index, {
    cash: spec.capitalUsd,
    escrowUsd: 0,
    hasLeft: false,
    inventory: new Float64Array(assets),
    promised: Float64Array.of(-1, 0),
    orders:
      disposal.kind === 'schedule' ? saleOrders(assets, disposal.seconds, disposal.urgency) : null,
    books: emptyBooks(),
  })
}

interface State {
  readonly cash: number
  readonly escrowUsd: number
  readonly hasLeft: boolean
  readonly inventory: Float64Array
  /** The block of the last promise, and the USD promised in it. */
  readonly promised: Float64Array
  readonly orders: SaleOrders | null
  readonly books: TakerBooks
}

interface StatefulTaker extends Taker {
  readonly promised: Float64Array
  readonly orders: SaleOrders | null
}

const ROUTES: Readonly<Record<TakerSpec['route'], Route>> = {
  public: PUBLIC,
  private: PRIVATE,
  oracleAuction: ORACLE_AUCTION,
}

function withState(spec: TakerSpec, index: number, state: State): StatefulTaker {
  const { inventory, promised, orders, books } = state
  const choose = chooser(spec, index)
  const self: StatefulTaker = {
    name: spec.name,
    index,
    cash: state.cash,
    inventory,
    books,
    escrowUsd: state.escrowUsd,
    hasLeft: state.hasLeft,
    promised,
    orders,
    bid(view, protocol, j, offers, from, upTo, out) {
      if (self.hasLeft || from >= upTo) return 'declines'
      if (!hasWaited(spec, index, view, j, offers.account[from])) return 'waits'
      if (spec.route === 'oracleAuction' && !view.isPublished(j)) return 'waits'
      const promisedUsd = promised[0] === view.at.block ? promised[1] : 0
      const freeUsd = Math.max(0, self.cash - promisedUsd)
      const choice = choose(view, protocol.prices, offers, from, upTo, freeUsd)
      if (choice.offer < 0) {
        const lockedUsd = callAll(spec, index, view, j, offers, from, upTo, freeUsd, out)
        if (lockedUsd !== null) {
          promise(promised, view.at.block, promisedUsd + lockedUsd)
          return 'bids'
        }
        if (choice.isShort) books.outOfCapital++
        else if (choice.isPricedOut) books.pricedOut++
        return choice.isShort && (promisedUsd > 0 || orders !== null) ? 'waits' : 'declines'
      }
      const { deal, offer } = choice
      const isPaidBack = spec.disposal.kind === 'now' && offers.free[offer] === 0
      const spentUsd = deal.gasUsd + (isPaidBack ? 0 : deal.paidUsd)
      promise(promised, view.at.block, promisedUsd + spentUsd)
      const bearable = Math.min(0, spec.minProfitUsd)
      const least = isPaidBack ? deal.paidUsd + deal.flashUsd + deal.gasUsd + bearable : 0
      send(spec, index, j, offer, deal, least, out)
      return 'bids'
    },
    ...selling(spec, state),
    judge(mids) {
      self.hasLeft ||= isLost(spec, self, mids)
    },
    copy: () =>
      withState(spec, index, {
        cash: self.cash,
        escrowUsd: self.escrowUsd,
        hasLeft: self.hasLeft,
        inventory: inventory.slice(),
        promised: promised.slice(),
        orders: orders === null ? null : orders.copy(),
        books: { ...books },
      }),
    reset(from) {
      assert(from.name === spec.name && 'promised' in from, 'a taker resets from its own copies')
      const other = from as StatefulTaker
      self.cash = other.cash
      self.escrowUsd = other.escrowUsd
      self.hasLeft = other.hasLeft
      inventory.set(other.inventory)
      promised.set(other.promised)
      if (other.orders !== null) orders?.reset(other.orders)
      Object.assign(books, other.books)
    },
  }
  return self
}

function promise(promised: Float64Array, block: number, usd: number): void {
  promised[0] = block
  promised[1] = usd
}

function selling(
  { disposal }: TakerSpec,
  { orders, inventory }: State,
): Pick<Taker, 'sellsAtOnce' | 'sellsNow' | 'received'> {
  return {
    sellsAtOnce: (market, asset, units) =>
      disposal.kind === 'now' || asset === market.cash ? units : 0,
    sellsNow(at, asset) {
      if (disposal.kind === 'hold') return 0
      if (orders === null) return inventory[asset]
      const due = orders.due(asset, at.atSeconds)
      // What venues refused in the meantime is tried again once all orders have run out.
      return orders.isOpen(asset) ? Math.min(due, inventory[asset]) : inventory[asset]
    },
    received(at, asset, units) {
      if (units > 0) orders?.open(asset, units, at.atSeconds)
    },
  }
}

/** The best offer of an account, and why there is none. Reused between accounts. */
interface Choice {
  /** Index of the offer; -1 when none pays. */
  offer: number
  deal: Deal
  /** Whether one would have paid with more cash, or before gas and tip. */
  isShort: boolean
  isPricedOut: boolean
}

type Choose = (
  view: View,
  published: Float64Array,
  offers: Offers,
  from: number,
  upTo: number,
  cash: number,
) => Choice

function chooser(spec: TakerSpec, index: number): Choose {
  const choice: Choice = { offer: -1, deal: emptyDeal(), isShort: false, isPricedOut: false }
  let trial = emptyDeal()
  const pays = (profitUsd: number): boolean =>
    (profitUsd > 0 || spec.minProfitUsd < 0) && profitUsd >= spec.minProfitUsd
  return (view, published, offers, from, upTo, cash) => {
    choice.offer = -1
    choice.isShort = false
    choice.isPricedOut = false
    for (let i = from; i < upTo; i++) {
      if (!isOpenTo(offers, i, index) || !(offers.amount[i] > 0)) continue
      weigh(spec, view, published, offers, i, cash, trial)
      if (trial.units > 0 && pays(trial.netUsd)) {
        if (choice.offer >= 0 && trial.netUsd <= choice.deal.netUsd) continue
        const spare = choice.deal
        choice.deal = trial
        trial = spare
        choice.offer = i
        continue
      }
      choice.isPricedOut ||= pays(trial.grossUsd)
      if (!trial.isShort || choice.isShort) continue
      weigh(spec, view, published, offers, i, Number.POSITIVE_INFINITY, trial)
      choice.isShort = pays(trial.netUsd)
    }
    return choice
  }
}

/** Whether the latency has passed since the account became liquidatable. */
function hasWaited(
  { latency }: TakerSpec,
  index: number,
  view: View,
  j: number,
  account: number,
): boolean {
  if (account < 0) return true
  const blocks = view.at.block - view.since(j, account)
  if (latency.kind === 'blocks') return blocks >= latency.blocks
  return blocks * view.at.seconds >= -latency.meanSeconds * log(view.draw(index, j, account))
}

function isOpenTo(offers: Offers, i: number, index: number): boolean {
  const reserved = offers.reserved[i]
  return reserved < -1 ? reserved !== -2 - index : reserved < 0 || reserved === index
}

/**
 * Makes every call that the taker may make and has the bond for, where gas is not too dear; returns
 * USD of bonds, and null where it makes none.
 */
function callAll(
  spec: TakerSpec,
  index: number,
  view: View,
  j: number,
  offers: Offers,
  from: number,
  upTo: number,
  cash: number,
  out: Transactions,
): number | null {
  let isAny = false
  let lockedUsd = 0
  if (spec.maxGwei < view.gwei) return null
  for (let i = from; i < upTo; i++) {
    if (offers.amount[i] !== 0 || !isOpenTo(offers, i, index)) continue
    const bondUsd = offers.cost[i] * view.mids[offers.pays[i]]
    if (bondUsd > 0 && lockedUsd + bondUsd > cash * ROUNDED_DOWN) continue
    const gas = offers.gas[i] > 0 ? offers.gas[i] : spec.gas
    const gwei = Math.min(spec.maxGwei, wantedGwei(spec, view.gwei, 0, gas * view.usdPerGwei))
    const hopedUsd = hope(spec, offers.reserved[i] === index) * offers.passed[i]
    if (gwei * gas * view.usdPerGwei > hopedUsd * view.mids[offers.sells[i]]) continue
    pushTransaction(out, index, j, i, 0, 0, gas, gwei, ROUTES[spec.route], 0, 0)
    isAny = true
    lockedUsd += bondUsd
  }
  return isAny ? lockedUsd : null
}

/** Share of a lot's worth that a call may earn it: all of what is its own, else its margin. */
function hope({ valuation }: TakerSpec, isOwn: boolean): number {
  return isOwn ? 1 : Math.max(0, 1 - valuation)
}

function send(
  spec: TakerSpec,
  index: number,
  j: number,
  offer: number,
  { units, pays, gas, gwei, tipUsd }: Deal,
  least: number,
  out: Transactions,
): void {
  pushTransaction(out, index, j, offer, units, pays, gas, gwei, ROUTES[spec.route], least, tipUsd)
}

/** Past the loss it bears, or with less than nothing left. */
function isLost(
  spec: TakerSpec,
  { cash, inventory, books, escrowUsd }: Taker,
  mids: Float64Array,
): boolean {
  let heldUsd = escrowUsd
  for (let a = 0; a < inventory.length; a++) heldUsd += inventory[a] * mids[a]
  const spentUsd = books.paidUsd + books.gasUsd + books.tipUsd + books.flashUsd
  return spentUsd - books.proceedsUsd - heldUsd > spec.leavesAfterUsd || cash + heldUsd < 0
}

function emptyBooks(): TakerBooks {
  return {
    proceedsUsd: 0,
    paidUsd: 0,
    gasUsd: 0,
    tipUsd: 0,
    flashUsd: 0,
    won: 0,
    failed: 0,
    pricedOut: 0,
    outOfCapital: 0,
  }
}
