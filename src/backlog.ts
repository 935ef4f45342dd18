/** Breached and not yet settled: who is offered next, and who is left alone until prices move. */

import { heap } from './math/heap.ts'

/** What the margins of some accounts depend on beside gas: prices, slot values, depth. */
export interface Numbers {
  /** How many there are. */
  readonly count: number
  /**
   * Writes them as they are now, and returns the ratio of the largest to the least move from what
   * stood there; Infinity where a number became 0 or was.
   */
  read(out: Float64Array): number
}

/**
 * The breached accounts of one protocol.
 *
 * Law: an account that arrived is inside until it is taken by `next` and not put back.
 * Law: a sleeper wakes before the numbers of its kind have moved by its gap, in either direction,
 *      and before gas has fallen by its fall; by twice the least width (1 %) and the least fall
 *      (4 %) where its own are smaller.
 */
export interface Backlog {
  /** It became breached; nothing happens if it is inside already. Margin in USD, of all it has. */
  arrive(account: number, margin: number): void
  /** Takes out the account of the largest margin, of equals the first listed; -1: none is awake. */
  next(): number
  /**
   * Leaves it alone until the numbers of its kind have moved by a fraction `gap` (Infinity: for
   * good) or gas has fallen by a fraction `fall` (1: whatever gas does).
   */
  sleep(account: number, margin: number, gap: number, fall: number): void
  /**
   * Opens a block: reads the numbers anew. `gas` is the price of gas in USD; `isNew`: what accounts
   * may offer has changed by something else, and every sleeper wakes.
   */
  wake(gas: number, isNew?: boolean): void
  has(account: number): boolean
  clear(): void
}

/**
 * An empty backlog.
 *
 * Rule:   margins are those of the last look, so the order is that of the last looks. Sleepers of a
 *         kind lie in layers of width 0.5 % x 2^k. A layer wakes once the ratio of the largest to
 *         the least move since its base passes its width. An account goes into the widest layer for
 *         which width x (moves since the base) cannot pass its gap; within it onto the level of gas
 *         (64 to a doubling) that its fall leads to, and wakes once gas has come down to that
 *         level. A rise of gas wakes nobody.
 * Shape:  `kindOf` has an index into `kinds` for every account; `row` as of the protocol. After
 *         the first sleepers of each kind nothing is allocated.
 * Source: own. Spreads multiply: spread(base, later) >= spread(now, later) / spread(base, now).
 */
export function backlogFrom(
  kindOf: Uint8Array,
  kinds: readonly Numbers[],
  row: Uint32Array | null = null,
): Backlog {
  const accountAt = inverseOf(row)
  const cards = cardsOf(kindOf.length)
  const { margins, links } = cards
  const queue = heap(64)
  const sleepers = sleepersOf(kindOf, cards, kinds, join)

  function join(account: number): void {
    links[4 * account + INSIDE] = 1
    queue.push(-margins[2 * account], row === null ? account : row[account])
  }

  return {
    arrive(account, margin) {
      if (links[4 * account + INSIDE] === 1) return
      margins[2 * account] = margin
      join(account)
    },
    next() {
      if (queue.size === 0) return -1
      const first = queue.popItem()
      const account = accountAt === null ? first : accountAt[first]
      links[4 * account + INSIDE] = 0
      return account
    },
    sleep(account, margin, gap, fall) {
      links[4 * account + INSIDE] = 1
      margins[2 * account] = margin
      if (gap < Number.POSITIVE_INFINITY) sleepers.add(account, gap, fall)
    },
    wake: sleepers.wake,
    has: (account) => links[4 * account + INSIDE] === 1,
    clear() {
      links.fill(0)
      queue.clear()
      sleepers.clear()
    },
  }
}

function inverseOf(row: Uint32Array | null): Uint32Array | null {
  if (row === null) return null
  const inverse = new Uint32Array(row.length)
  for (let i = 0; i < row.length; i++) inverse[row[i]] = i
  return inverse
}

/** A card for each account; what is used together lies together, as most accounts are far apart. */
interface Cards {
  /** The first half of a card: the margin at the last look. */
  readonly margins: Float64Array
  /** The last two quarters: who sleeps behind it on its level; 1 inside, 0 outside. */
  readonly links: Int32Array
}

const FOLLOWING = 2
const INSIDE = 3

function cardsOf(accounts: number): Cards {
  const buffer = new ArrayBuffer(16 * accounts)
  return { margins: new Float64Array(buffer), links: new Int32Array(buffer) }
}

/** Those who sleep, until `join` is called for them. */
interface Sleepers {
  add(account: number, gap: number, fall: number): void
  wake(gas: number, isNew?: boolean): void
  clear(): void
}

function sleepersOf(
  kindOf: Uint8Array,
  { links }: Cards,
  kinds: readonly Numbers[],
  join: (account: number) => void,
): Sleepers {
  const rooms: (Dormitory | null)[] = kinds.map(() => null)
  const levels = gasLevels()
  let gas = 0
  let level = WITHOUT_GAS

  /** Wakes the highest level of a layer, which is left empty, and returns how many it was. */
  function rouse(layer: Layer): number {
    let count = 0
    let account = layer.first[layer.top]
    for (; account >= 0; account = links[4 * account + FOLLOWING]) {
      join(account)
      count++
    }
    layer.first[layer.top--] = -1
    layer.sleepers -= count
    return count
  }

  function wakeLayer(layer: Layer, room: Dormitory, isNew: boolean): number {
    const wakesAll = isNew || hasPassed(layer, room)
    const lowest = wakesAll ? WITHOUT_GAS : Math.max(level, WITHOUT_GAS + 1)
    let count = 0
    while (layer.sleepers > 0 && layer.top >= lowest) count += rouse(layer)
    return count
  }

  return {
    add(account, gap, fall) {
      const kind = kindOf[account]
      const room = rooms[kind] ?? dormitory(kinds[kind].count)
      rooms[kind] = room
      if (room.sleepers++ === 0) kinds[kind].read(room.now)
      const layer = layerFor(room, gap)
      const to = fall < 1 ? levels.of(gas * (1 - Math.max(fall, LEAST_FALL))) : WITHOUT_GAS
      if (to > layer.top) layer.top = to
      links[4 * account + FOLLOWING] = layer.first[to]
      layer.first[to] = account
    },
    wake(gasNow, isNew = false) {
      gas = gasNow
      level = levels.of(gas)
      for (let k = 0; k < rooms.length; k++) {
        const room = rooms[k]
        if (room === null || room.sleepers === 0) continue
        room.way *= kinds[k].read(room.now)
        for (let n = 0; n < LAYERS; n++) {
          const layer = room.layers[n]
          if (layer.sleepers > 0) room.sleepers -= wakeLayer(layer, room, isNew)
        }
      }
    },
    clear() {
      rooms.fill(null)
    },
  }
}

/** Layers of widths from 0.5 % to 256 %. */
const LAYERS = 10
const LEAST_WIDTH = 0.005
/** So that rounding of the way wakes nobody too late. */
const CERTAIN = 1 - 1e-9
/** Falls of gas below this count as this. */
const LEAST_FALL = 0.04

/** Sleepers of one width, in a list for each level of gas that wakes them too. */
interface Layer {
  readonly width: number
  readonly base: Float64Array
  /** By level: the first of the list. */
  readonly first: Int32Array
  /** The highest level that may have sleepers, where any has. */
  top: number
  sleepers: number
  /** From `base` to where the numbers were when it was last worked out, and the way to there. */
  spread: number
  way: number
}

/** The sleepers of one kind. */
interface Dormitory {
  readonly layers: readonly Layer[]
  readonly now: Float64Array
  sleepers: number
  /** The spreads of all blocks so far, multiplied: no spread is more than its part of the way. */
  way: number
}

function dormitory(numbers: number): Dormitory {
  const layers = Array.from({ length: LAYERS }, (_, k) => ({
    width: 1 + LEAST_WIDTH * (1 << k),
    base: new Float64Array(numbers),
    first: new Int32Array(GAS_LEVELS).fill(-1),
    top: WITHOUT_GAS,
    sleepers: 0,
    spread: 1,
    way: 1,
  }))
  return {
    layers,
    now: new Float64Array(numbers),
    sleepers: 0,
    way: 1,
  }
}

/** Whether numbers have moved by more than the width of a layer; mostly the way says no. */
function hasPassed(layer: Layer, room: Dormitory): boolean {
  const most = layer.spread * (room.way / layer.way)
  return !(most < layer.width * CERTAIN) && spreadIn(layer, room) > layer.width
}

/** The spread from the base of a layer to now. */
function spreadIn(layer: Layer, { now, way }: Dormitory): number {
  if (layer.way === way && way < Number.POSITIVE_INFINITY) return layer.spread
  layer.way = way
  layer.spread = spreadOf(layer.base, now)
  return layer.spread
}

/** The widest layer that wakes in time for a gap, the narrowest where none does; one more in it. */
function layerFor(room: Dormitory, gap: number): Layer {
  const { layers } = room
  let k = LAYERS - 1
  while (k > 0 && !(widthNow(layers[k], room) <= 1 + gap)) k--
  const layer = layers[k]
  if (layer.sleepers++ === 0) {
    layer.base.set(room.now)
    layer.spread = 1
    layer.way = room.way
  }
  return layer
}

/** How far numbers may move from now on before a layer wakes for certain. */
function widthNow(layer: Layer, room: Dormitory): number {
  return layer.width * (layer.sleepers === 0 ? 1 : spreadIn(layer, room))
}

/** Of those whom no gas wakes; below the levels of prices. */
const WITHOUT_GAS = 0
/** Levels in a doubling of the price; the lowest, as a power of two beside the first price. */
const LEVELS_BITS = 6
const LOWEST_POWER = -16
const GAS_LEVELS = 32 << LEVELS_BITS

/**
 * Levels of gas prices: a price's exponent and the first bits of its mantissa, beside the first
 * price above 0 that is asked for. Below 2^-16 of it all is one level, and above 2^16.
 */
function gasLevels(): { of(gas: number): number } {
  const price = new Float64Array(1)
  const words = new Uint32Array(price.buffer)
  let unit = 0
  return {
    of(gas) {
      if (!(gas > 0)) return WITHOUT_GAS
      if (unit === 0) unit = gas
      price[0] = gas / unit
      const at = (words[1] >>> (20 - LEVELS_BITS)) - ((1023 + LOWEST_POWER) << LEVELS_BITS)
      return Math.min(GAS_LEVELS - 1, Math.max(WITHOUT_GAS + 1, at))
    },
  }
}

/** Ratio of the largest to the least move; Infinity where a number became 0 or was. */
function spreadOf(base: Float64Array, now: Float64Array): number {
  let low = 1
  let high = 1
  for (let k = 0; k < now.length; k++) {
    if (base[k] === now[k]) continue
    const ratio = now[k] / base[k]
    if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
    if (ratio < low) low = ratio
    if (ratio > high) high = ratio
  }
  return high / low
}
