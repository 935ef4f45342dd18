/** Where the sleepers of one kind lie: by the move of numbers, and by the gas, that wakes them. */

/** A card for each account; what is used together lies together, as most accounts are far apart. */
export interface Cards {
  /** 4 an account, of which the backlog has the first. */
  readonly numbers: Float64Array
  /** The same bytes, 8 an account. */
  readonly halves: Float32Array
  readonly links: Int32Array
}

// What a card holds: 8 bytes of the backlog's, then the price of gas it pays at less its swing, its
// swing by now, the move that is left to its step, who sleeps behind it, and 4 of the backlog's.
export const CARD = 8
export const BASE = 2
export const SWING = 3
export const STEP = 4
export const FOLLOWING = 6
export const INSIDE = 7

export function cardsOf(accounts: number): Cards {
  const buffer = new ArrayBuffer(4 * CARD * accounts)
  return {
    numbers: new Float64Array(buffer),
    halves: new Float32Array(buffer),
    links: new Int32Array(buffer),
  }
}

/** Nobody sleeps behind this one. */
export const NOBODY = -1
/** Of those whom no gas wakes; below the levels of prices. */
export const WITHOUT_GAS = 0
/** As many levels as 32 doublings have. */
export const LEVELS_BITS = 6
export const LEVELS = 32 << LEVELS_BITS

/** Layers of widths from 0.5 % to 256 %. */
const LAYERS = 10
const LEAST_WIDTH = 0.005
/** So that rounding of the way wakes nobody too late. */
const CERTAIN = 1 - 1e-9

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
export interface Dormitory {
  readonly layers: readonly Layer[]
  readonly now: Float64Array
  sleepers: number
  /** The spreads of all blocks so far, multiplied: no spread is more than its part of the way. */
  way: number
  /** The way before which no layer can have passed its width, and the highest level of any. */
  due: number
  top: number
}

/** An empty one for so many numbers. */
export function dormitory(numbers: number): Dormitory {
  const layers = Array.from({ length: LAYERS }, (_, k) => ({
    width: 1 + LEAST_WIDTH * (1 << k),
    base: new Float64Array(numbers),
    first: new Int32Array(LEVELS).fill(NOBODY),
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
    due: Number.POSITIVE_INFINITY,
    top: WITHOUT_GAS,
  }
}

/** Lays an account into the layer for its gap, on a level of gas. */
export function lieDown(
  room: Dormitory,
  cards: Cards,
  account: number,
  gap: number,
  level: number,
): void {
  const layer = layerFor(room, gap)
  if (layer.sleepers++ > 0) moved(cards, account, spreadIn(layer, room))
  room.sleepers++
  if (level > layer.top) layer.top = level
  room.top = Math.max(room.top, level)
  room.due = Math.min(room.due, dueOf(layer))
  cards.links[CARD * account + FOLLOWING] = layer.first[level]
  layer.first[level] = account
}

/**
 * Wakes who sleeps on this level of gas or above it, and whole layers whose width numbers have
 * passed, all where `isNew`. Returns the first of a chain of them, `first` at its end.
 */
export function wakeUp(
  room: Dormitory,
  cards: Cards,
  level: number,
  isNew: boolean,
  first: number,
): number {
  if (!isNew && room.way < room.due && room.top < level) return first
  room.due = Number.POSITIVE_INFINITY
  room.top = WITHOUT_GAS
  let chain = first
  for (let n = 0; n < LAYERS; n++) {
    const layer = room.layers[n]
    if (layer.sleepers === 0) continue
    const lowest = isNew || hasPassed(layer, room) ? WITHOUT_GAS : level
    while (layer.sleepers > 0 && layer.top >= lowest) chain = rouse(layer, room, cards, chain)
    if (layer.sleepers === 0) continue
    room.due = Math.min(room.due, dueOf(layer))
    room.top = Math.max(room.top, layer.top)
  }
  return chain
}

/** Wakes the highest level of a layer, which is left empty. */
function rouse(layer: Layer, room: Dormitory, cards: Cards, first: number): number {
  const { links } = cards
  const spread = spreadIn(layer, room)
  let chain = first
  let account = layer.first[layer.top]
  while (account >= 0) {
    const next = links[CARD * account + FOLLOWING]
    moved(cards, account, spread)
    links[CARD * account + FOLLOWING] = chain
    chain = account
    account = next
    layer.sleepers--
    room.sleepers--
  }
  layer.first[layer.top--] = NOBODY
  return chain
}

/** Notes on a card that numbers may have moved so far. */
function moved({ halves }: Cards, account: number, spread: number): void {
  halves[CARD * account + SWING] *= spread
  halves[CARD * account + STEP] /= spread
}

/** The way before which a layer cannot have passed its width. */
function dueOf({ width, way, spread }: Layer): number {
  return (width * CERTAIN * way) / spread
}

/** Whether numbers have moved by more than the width of a layer; mostly the way says no. */
function hasPassed(layer: Layer, room: Dormitory): boolean {
  return !(room.way < dueOf(layer)) && spreadIn(layer, room) > layer.width
}

/** The spread from the base of a layer to now. */
function spreadIn(layer: Layer, { now, way }: Dormitory): number {
  if (layer.way === way && way < Number.POSITIVE_INFINITY) return layer.spread
  layer.way = way
  layer.spread = spreadOf(layer.base, now)
  return layer.spread
}

/** The widest layer that wakes in time for a gap, the narrowest where none does. */
function layerFor(room: Dormitory, gap: number): Layer {
  const { layers } = room
  let k = LAYERS - 1
  while (k > 0 && !(widthNow(layers[k], room) <= 1 + gap)) k--
  const layer = layers[k]
  if (layer.sleepers === 0) {
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
