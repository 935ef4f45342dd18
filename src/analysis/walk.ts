/** The state of a cascade under way: who waits, in which order, and which prices are published. */

import { type Heap, heap } from '../math/heap.ts'
import type { Order } from '../report.ts'
import type { LiquidatorsSpec } from '../scenario.ts'
import type { World } from '../world.ts'
import { keyOf, type Prepared, protocolOf } from './triggers.ts'

/** How a cascade runs. */
export interface CascadeOptions extends LiquidatorsSpec {
  readonly order: Order
  /**
   * False: sales are quoted but do not move the venues, and what is pledged twice is seized in one
   * protocol alone; what is left is the first round.
   */
  readonly feedback: boolean
  /**
   * False, only without feedback: nobody asks what the sales would bring, which is most of the
   * work.
   */
  readonly quoted?: boolean
  /** By protocol: its sales are quoted and move nothing, its seizures reach no other protocol. */
  readonly silent?: readonly boolean[]
  /** False: nobody asks for settlements one by one, and the trace stays empty. */
  readonly traced?: boolean
  /** Debt repaid after which nobody needs to know more; a walk is left there. USD. */
  readonly enoughUsd?: number
}

/** Every settlement, as columns in the order they happened. */
export interface Trace {
  readonly row: number[]
  readonly round: number[]
  /** Level at which the account stood, and USD mid of the headline asset after the sale. */
  readonly key: number[]
  readonly price: number[]
  readonly asset: number[]
  readonly units: number[]
  readonly repaidUsd: number[]
  readonly proceedsUsd: number[]
  /** Debt written off with it, at opening prices. */
  readonly badDebtUsd: number[]
}

/** A cascade under way. The cobweb's map drives one past its rest state. */
export interface Walk {
  readonly world: World
  readonly prepared: Prepared
  readonly options: Required<CascadeOptions>
  readonly queue: Heap
  readonly stuck: number[]
  readonly trace: Trace
  readonly repaidUsd: Float64Array
  readonly badDebtUsd: Float64Array
  readonly seized: Float64Array[]
  readonly repaid: Float64Array[]
  readonly moved: Float64Array[]
  readonly kept: Float64Array
  readonly unsold: Float64Array
  readonly prices: Float64Array
  readonly outside: number
  level: number
  /**
   * The level passed LEVEL_MAX, as when a price reaches or leaves 0: every key must be taken anew
   * at level 1.
   */
  isLost: boolean
  next: number
  round: number
  /**
   * Level, and slot values by protocol, when the present round opened; 0 where the next settlement
   * opens one.
   */
  roundLevel: number
  readonly roundValues: Float64Array[]
  settlements: number
  settled: boolean
  /** USD of debt repaid so far. */
  repaidTotalUsd: number
  /** USD that takers paid at the prices of the moment: debt repaid, and surplus to borrowers. */
  paidUsd: number
  /** USD that the sales brought. */
  proceedsUsd: number
  extrapolated: boolean
}

/** A cascade that has seen the outside move and sold nothing. */
export function openWalk(world: World, prepared: Prepared, options: CascadeOptions): Walk {
  const assets = world.market.assets.length
  const walk: Walk = {
    world,
    prepared,
    options: whole(options),
    queue: heap(64),
    stuck: [],
    trace: emptyTrace(),
    repaidUsd: new Float64Array(prepared.key.length),
    badDebtUsd: new Float64Array(prepared.key.length),
    seized: world.protocols.map(() => new Float64Array(assets)),
    repaid: world.protocols.map(() => new Float64Array(assets)),
    moved: world.protocols.map(() => new Float64Array(assets)),
    kept: new Float64Array(assets),
    unsold: new Float64Array(assets),
    prices: prepared.opening.slice(),
    outside: prepared.lead < 0 ? 0 : world.market.price(prepared.lead),
    level: 1,
    isLost: false,
    next: 0,
    round: 0,
    roundLevel: 0,
    roundValues: prepared.values.map((values) => values.slice()),
    settlements: 0,
    settled: true,
    repaidTotalUsd: 0,
    paidUsd: 0,
    proceedsUsd: 0,
    extrapolated: false,
  }
  publish(walk)
  return walk
}

// Of one shape however they were put together, so that the steps of every walk are the same code.
function whole(options: CascadeOptions): Required<CascadeOptions> {
  const { disposal, buys, order, feedback } = options
  const { quoted = true, silent = NOBODY, traced = true } = options
  const { enoughUsd = Number.POSITIVE_INFINITY } = options
  return { disposal, buys, order, feedback, quoted, silent, traced, enoughUsd }
}

/**
 * Reads the venues, publishes their prices to every protocol, and raises the level by the spread of
 * the move.
 */
export function publish(walk: Walk): void {
  const { world, prepared, prices } = walk
  let high = 1
  let low = 1
  world.market.prices(fresh(prices.length))
  for (let a = 0; a < prices.length; a++) {
    const ratio = scratch[a] === prices[a] ? 1 : scratch[a] / prices[a]
    if (ratio > high) high = ratio
    if (ratio < low) low = ratio
    prices[a] = scratch[a]
  }
  if (prepared.lead < 0) raiseLevel(walk, high / low)
  else walk.level = Math.max(walk.level, prepared.opening[prepared.lead] / prices[prepared.lead])
  for (const protocol of world.protocols) {
    protocol.prices.set(prices)
    protocol.rules.value(protocol)
  }
}

function raiseLevel(walk: Walk, spread: number): void {
  walk.level *= spread
  if (walk.level < LEVEL_MAX) return
  walk.isLost = true
  walk.level = 1
}

/**
 * Publishes the lead asset at the lower of the outside price and just below the trigger of this
 * key.
 */
export function publishAt(walk: Walk, key: number, mid = walk.outside): void {
  const { lead, opening } = walk.prepared
  const price = key > 0 ? Math.min(mid, (opening[lead] / key) * (1 - 1e-12)) : mid
  for (const protocol of walk.world.protocols) {
    protocol.prices[lead] = price
    protocol.rules.value(protocol)
  }
}

/** Lowest key that waits, sorted opening keys and re-queued accounts together. */
export function peekKey(walk: Walk): number {
  if (walk.isLost) restart(walk)
  const { key, order } = walk.prepared
  const first = walk.next < order.length ? key[order[walk.next]] : Number.POSITIVE_INFINITY
  return walk.queue.size > 0 ? Math.min(first, walk.queue.peekKey()) : first
}

/** Takes the row of the lowest key. */
export function pop(walk: Walk): number {
  const { key, order } = walk.prepared
  if (walk.queue.size === 0) return order[walk.next++]
  const first = walk.next < order.length ? key[order[walk.next]] : Number.POSITIVE_INFINITY
  return first <= walk.queue.peekKey() ? order[walk.next++] : walk.queue.popItem()
}

/** Puts a row back with its key of now, where it need ever be looked at again. */
export function requeue(walk: Walk, row: number): void {
  const key = keyNow(walk, row)
  if (key !== Number.POSITIVE_INFINITY) walk.queue.push(key, row)
}

/** A row's key from the present state of its account. */
export function keyNow({ prepared, world, level }: Walk, row: number): number {
  const j = protocolOf(prepared, row)
  const account = row - prepared.offset[j]
  return keyOf(world.protocols[j], account, prepared, prepared.values[j], level)
}

// All keys taken anew: what waits apart is asked again, too.
function restart(walk: Walk): void {
  walk.isLost = false
  walk.level = 1
  walk.queue.clear()
  walk.stuck.length = 0
  walk.next = walk.prepared.order.length
  for (let row = 0; row < walk.prepared.key.length; row++) requeue(walk, row)
}

function emptyTrace(): Trace {
  return {
    row: [],
    round: [],
    key: [],
    price: [],
    asset: [],
    units: [],
    repaidUsd: [],
    proceedsUsd: [],
    badDebtUsd: [],
  }
}

const NOBODY: readonly boolean[] = []
const LEVEL_MAX = 1e100

// Reused between calls.
let scratch = new Float64Array(0)

function fresh(length: number): Float64Array {
  if (scratch.length !== length) scratch = new Float64Array(length)
  return scratch
}
