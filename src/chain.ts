/** The contract of a chain: who gets into a block, in which order, at what price; and the chain. */

import { assert, InputError } from './errors.ts'
import { exp, log } from './math/exponential.ts'
import { normalCdf, normalQuantile } from './math/normal.ts'
import type { ChainSpec } from './scenario.ts'

/** How a transaction reaches the block. Declared order: oracle auction, private, then public. */
export type Route = 0 | 1 | 2
/** Right behind an oracle update, won in an auction for it; it pays a share of its profit. */
export const ORACLE_AUCTION: Route = 0
/** Handed to a builder, unseen; it pays a share of its profit. */
export const PRIVATE: Route = 1
/** In the open: it pays a fee, and the highest goes first. */
export const PUBLIC: Route = 2

/**
 * Transactions of liquidators, as growing columns; `count` entries are valid.
 *
 * Units: `gwei` is what it pays for one unit of gas in all, `gas` the units it burns when it
 *        succeeds.
 */
export interface Transactions {
  count: number
  readonly taker: number[]
  readonly protocol: number[]
  /** Index into the offers of that protocol in this block. */
  readonly offer: number[]
  readonly amount: number[]
  readonly pays: number[]
  readonly gas: number[]
  readonly gwei: number[]
  readonly route: Route[]
  /** Cash that its sale must bring when its turn comes, or it fails. */
  readonly minProceeds: number[]
  /** USD paid for the place: to the builder, or to the oracle auction. */
  readonly tipUsd: number[]
  /** A number drawn for this bid: the lower goes first where all else is equal. */
  readonly lot: number[]
}

/**
 * A chain with state. The rest of the world bids for the same gas.
 *
 * Law: `order` puts each transaction at most once, never more gas than the block has left, and
 *      among public ones never a lower fee before a higher.
 */
export interface Chain {
  readonly blockSeconds: number
  /** Opens a block at the outside gas price of the moment; others fill it as far as they pay. */
  open(outsideGwei: number): void
  /** Gas price that a transaction needs to be included now, gwei: what the rest pays. */
  gwei(): number
  /** Highest price that a liquidator was passed over with in the block before, gwei; 0: none. */
  contestedGwei(): number
  /** The base fee, gwei; 0 on a chain without one. Burnt, not earned by builders. */
  baseGwei(): number
  /** How many transactions of this much gas fit at any price: what is worth listing at all. */
  room(gas: number): number
  /**
   * Writes the indices of the included transactions in the order of execution and returns how many.
   */
  order(transactions: Transactions, out: Uint32Array): number
  /** Closes the block: `used` units of gas were burnt by liquidators. */
  close(used: number): void
  copy(): Chain
  reset(from: Chain): void
}

/** Empty columns. */
export function transactionList(): Transactions {
  return {
    count: 0,
    taker: [],
    protocol: [],
    offer: [],
    amount: [],
    pays: [],
    gas: [],
    gwei: [],
    route: [],
    minProceeds: [],
    tipUsd: [],
    lot: [],
  }
}

/** Appends one transaction; the argument order is that of the columns. */
export function pushTransaction(
  out: Transactions,
  taker: number,
  protocol: number,
  offer: number,
  amount: number,
  pays: number,
  gas: number,
  gwei: number,
  route: Route,
  minProceeds: number,
  tipUsd: number,
): void {
  const n = out.count++
  out.taker[n] = taker
  out.protocol[n] = protocol
  out.offer[n] = offer
  out.amount[n] = amount
  out.pays[n] = pays
  out.gas[n] = gas
  out.gwei[n] = gwei
  out.route[n] = route
  out.minProceeds[n] = minProceeds
  out.tipUsd[n] = tipUsd
  out.lot[n] = 0
}

/** Gas price that needs no more room than this leaves: one liquidation, as a share of the block. */
const HEADROOM = 1 / 16

/** Share of the rest of the world that pays more than its cheapest part, which sets a floor. */
const MOST_BELOW = 0.95

/** A base fee below 8 wei no longer falls in whole wei; it rests here. In gwei. */
const BASE_GWEI_MIN = 7e-9

/** How many fit on a chain without a gas limit. */
const ROOM_MAX = 1e9

/**
 * A chain whose blocks the rest of the world fills too.
 *
 * Rule:       others want demand x gasLimit of gas in a block, at log-normal prices around the
 *             median given to `open`. Auctioned transactions go first, then private ones (each by
 *             tip, falling), then public ones by gas price, falling; equal ones by lot, taker and
 *             offer.
 *             A public one is in when outside gas that pays more, what liquidators used before it
 *             and its own gas fit into the limit. One that does not fit is passed over, and a
 *             smaller one after it may still fit. `gwei` is the price at which the rest of the
 *             world leaves a sixteenth of the block, at least what its cheapest twentieth pays,
 *             and at least the base fee. Liquidators do not move it but through the base fee.
 *             eip1559: base x (1 + (used - target) / target / 8), target half the limit, used =
 *             min(limit, outside gas that pays the base + liquidators'). Opens at `spec.gwei`.
 * Units:      gas in units, prices in gwei. gasLimit Infinity: all are in, and gas is free.
 * Source:     EIP-1559; the base fee rests at 7 wei, where its integer rule stops.
 * Simplifies: outside gas is a fluid of no grain; whoever pays as much as others goes before them.
 *             Priority is by the whole price. A private place is never lost to outside gas: its
 *             tip is not compared with fees.
 * Throws:     InputError FB2441
 */
export function chainFrom(spec: ChainSpec): Chain {
  checkSpec(spec)
  const state = new Float64Array(STATE_LENGTH)
  state[BASE] = spec.feeMarket === 'eip1559' ? Math.max(spec.gwei, BASE_GWEI_MIN) : 0
  state[OUTSIDE] = spec.gwei
  return spec.gasLimit === Number.POSITIVE_INFINITY
    ? withState(spec.blockSeconds, freeGas, state)
    : withState(spec.blockSeconds, pricedGas(spec), state)
}

// The state of a chain: base fee; outside price; highest price passed over in this block, and in
// the block before.
const BASE = 0
const OUTSIDE = 1
const PASSED_OVER = 2
const CONTESTED = 3
const STATE_LENGTH = 4

/** What gas costs, and who gets it; the state is the chain's. */
interface GasMarket {
  gwei(state: Float64Array): number
  base(state: Float64Array): number
  room(gas: number): number
  /** Writes those that get in, in the declared order; returns how many. It uses the queue up. */
  include(list: Transactions, queue: Uint32Array, state: Float64Array, out: Uint32Array): number
  close(used: number, state: Float64Array): void
}

interface StatefulChain extends Chain {
  readonly state: Float64Array
}

function withState(blockSeconds: number, gas: GasMarket, state: Float64Array): StatefulChain {
  let queue = new Uint32Array(64)
  return {
    blockSeconds,
    state,
    open(outsideGwei) {
      state[OUTSIDE] = outsideGwei
      state[PASSED_OVER] = 0
    },
    gwei: () => gas.gwei(state),
    contestedGwei: () => state[CONTESTED],
    baseGwei: () => gas.base(state),
    room: gas.room,
    order(list, out) {
      assert(out.length >= list.count, 'the order needs a place for each transaction')
      if (queue.length < list.count) queue = new Uint32Array(2 * list.count)
      lineUp(list, queue)
      return gas.include(list, queue, state, out)
    },
    close(used) {
      gas.close(used, state)
      state[CONTESTED] = state[PASSED_OVER]
    },
    copy: () => withState(blockSeconds, gas, state.slice()),
    reset(from) {
      assert('state' in from, 'a chain resets from its own copies')
      state.set((from as StatefulChain).state)
    },
  }
}

const freeGas: GasMarket = {
  gwei: () => 0,
  base: () => 0,
  room: () => ROOM_MAX,
  include(list, queue, _state, out) {
    for (let k = 0; k < list.count; k++) out[k] = takeFirst(list, queue, list.count - k)
    return list.count
  },
  close() {},
}

function pricedGas({ gasLimit, demand, priceSpread, feeMarket }: ChainSpec): GasMarket {
  const wanted = demand * gasLimit
  const target = gasLimit / 2
  const kept = gasLimit * (1 - HEADROOM)
  // Standard deviations from the median to the price at which the rest of the world wants `kept`.
  const deviations = wanted > 0 ? -normalQuantile(Math.min(MOST_BELOW, kept / wanted)) : 0
  const clearing = wanted > 0 ? exp(priceSpread * deviations) : 0

  /** Outside gas that pays more than `gwei`; with `orEqual` also what pays just that. */
  function outsideAbove(gwei: number, median: number, orEqual: boolean): number {
    if (!(median > 0)) return orEqual && gwei <= 0 ? wanted : 0
    if (gwei <= 0) return wanted
    if (priceSpread === 0) return median > gwei || (orEqual && median === gwei) ? wanted : 0
    return wanted * normalCdf((log(median) - log(gwei)) / priceSpread)
  }

  return {
    gwei: (state) => Math.max(clearing * state[OUTSIDE], state[BASE]),
    base: (state) => state[BASE],
    room: (gas) => (gas > 0 ? Math.floor(gasLimit / gas) : ROOM_MAX),
    include(list, queue, state, out) {
      const least = leastGas(list)
      let used = 0
      let count = 0
      // Least gas of a public one that was passed over: whoever pays no more and burns no less
      // does not fit either.
      let tooMuch = Number.POSITIVE_INFINITY
      // Many pay the same: what others pay more for is asked once for all of them.
      let askedAt = Number.NaN
      let above = 0
      // Public ones come last, so where none of them fits any more the rest stays in the queue.
      for (let left = list.count; left > 0 && least < tooMuch; left--) {
        const i = takeFirst(list, queue, left)
        const gwei = list.gwei[i]
        const gas = list.gas[i]
        if (gwei < state[BASE]) continue
        const isPublic = list.route[i] === PUBLIC
        let fits = used + gas <= gasLimit
        if (isPublic && fits) {
          if (gas < tooMuch && gwei !== askedAt) {
            above = outsideAbove(gwei, state[OUTSIDE], false)
            askedAt = gwei
          }
          fits = gas < tooMuch && above + used + gas <= gasLimit
        }
        if (fits) {
          used += gas
          out[count++] = i
        } else if (isPublic && gas <= gasLimit) {
          tooMuch = Math.min(tooMuch, gas)
          if (gwei > state[PASSED_OVER]) state[PASSED_OVER] = gwei
        }
      }
      return count
    },
    close(used, state) {
      if (feeMarket !== 'eip1559') return
      const outside = outsideAbove(state[BASE], state[OUTSIDE], true)
      const burnt = Math.min(gasLimit, outside + used)
      const next = state[BASE] * (1 + (burnt - target) / target / 8)
      state[BASE] = Math.max(BASE_GWEI_MIN, next)
    },
  }
}

function leastGas({ count, gas }: Transactions): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) if (gas[i] < least) least = gas[i]
  return least
}

/**
 * Makes a queue of all transactions: most blocks are full long before the last of them.
 *
 * Why: a heap of its own, as `math/heap` goes by one number and this order by several columns.
 */
function lineUp(list: Transactions, queue: Uint32Array): void {
  const { count } = list
  for (let i = 0; i < count; i++) queue[i] = i
  for (let at = (count >> 1) - 1; at >= 0; at--) sink(list, queue, count, at, queue[at])
}

/** Takes the first out of a queue of so many. */
function takeFirst(list: Transactions, queue: Uint32Array, size: number): number {
  const first = queue[0]
  sink(list, queue, size - 1, 0, queue[size - 1])
  return first
}

/** Puts a transaction where the gap is, or behind those that stand before it. */
function sink(list: Transactions, queue: Uint32Array, size: number, gap: number, item: number) {
  let at = gap
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && isBefore(list, queue[child + 1], queue[child])) child++
    if (!isBefore(list, queue[child], item)) break
    queue[at] = queue[child]
    at = child
  }
  queue[at] = item
}

/** Whether transaction `a` must stand before `b`. Equal ones keep the order they came in. */
function isBefore(list: Transactions, a: number, b: number): boolean {
  const route = list.route[a]
  if (route !== list.route[b]) return route < list.route[b]
  const pays = route === PUBLIC ? list.gwei : list.tipUsd
  if (pays[a] !== pays[b]) return pays[a] > pays[b]
  if (list.lot[a] !== list.lot[b]) return list.lot[a] < list.lot[b]
  if (list.taker[a] !== list.taker[b]) return list.taker[a] < list.taker[b]
  if (list.protocol[a] !== list.protocol[b]) return list.protocol[a] < list.protocol[b]
  if (list.offer[a] !== list.offer[b]) return list.offer[a] < list.offer[b]
  return a < b
}

function checkSpec(spec: ChainSpec): void {
  const { blockSeconds, gasLimit, demand, priceSpread, gwei, failedGasShare, gasTokenUsd } = spec
  const finite = Number.POSITIVE_INFINITY
  check(blockSeconds > 0 && blockSeconds < finite, 'blockSeconds', 'positive', blockSeconds)
  check(gasLimit > 0, 'gasLimit', 'positive', gasLimit)
  check(demand >= 0 && demand < finite, 'demand', '0 or more', demand)
  check(priceSpread >= 0 && priceSpread < finite, 'priceSpread', '0 or more', priceSpread)
  check(gwei >= 0 && gwei < finite, 'gwei', '0 or more', gwei)
  check(failedGasShare >= 0 && failedGasShare <= 1, 'failedGasShare', 'from 0 to 1', failedGasShare)
  if (spec.gasAsset < 0)
    check(gasTokenUsd >= 0 && gasTokenUsd < finite, 'gasTokenUsd', '0 or more', gasTokenUsd)
}

function check(holds: boolean, key: string, range: string, came: number): void {
  if (holds) return
  throw new InputError({
    code: 'FB2441',
    place: `chain.${key}`,
    rule: `${key} must be ${range}`,
    came: String(came),
    remedy: 'Only gasLimit may be Infinity: then gas has no limit and is free',
  })
}
