/** Breached and not yet settled: who is offered next, and who is left alone until prices move. */

import { heap } from './math/heap.ts'

/**
 * The breached accounts of one protocol.
 *
 * Law: an account that arrived is inside until it is taken by `next` and not put back.
 * Law: a sleeper wakes before prices have moved by its gap, in either direction; by the least
 *      width (0.5 %) where its gap is smaller.
 */
export interface Backlog {
  /** It became breached; nothing happens if it is inside already. Margin in USD, of all it has. */
  arrive(account: number, margin: number): void
  /** Takes out the account of the largest margin, the first of equals; -1 when none is awake. */
  next(): number
  /** Leaves it alone until prices have moved by a fraction `gap`; Infinity: for good. */
  sleep(account: number, margin: number, gap: number): void
  /** Opens a block at these numbers, on which margins depend: prices, gas, depth. */
  wake(numbers: Float64Array): void
  has(account: number): boolean
  clear(): void
}

/**
 * An empty backlog.
 *
 * Rule:   margins are those of the last look, so the order is that of the last looks. Sleepers lie
 *         in layers of width 0.5 % x 2^k. A layer wakes as a whole once the ratio of the largest
 *         to the least move since its base passes its width. An account goes into the widest layer
 *         for which width x (moves since the base) cannot pass its gap.
 * Shape:  `numbers` is as long in every call. No allocation after the first blocks.
 * Source: own. Spreads multiply: spread(base, later) >= spread(now, later) / spread(base, now).
 */
export function backlogFrom(accounts: number, numbers: number): Backlog {
  const inside = new Uint8Array(accounts)
  const margins = new Float64Array(accounts)
  const nextInLayer = new Int32Array(accounts)
  const queue = heap(64)
  const layers = Array.from({ length: LAYERS }, (_, k) => ({
    width: 1 + LEAST_WIDTH * (1 << k),
    base: new Float64Array(numbers),
    first: -1,
    spread: 1,
  }))
  const now = new Float64Array(numbers)

  function join(account: number, margin: number): void {
    inside[account] = 1
    margins[account] = margin
    queue.push(-margin, account)
  }

  return {
    arrive(account, margin) {
      if (inside[account] === 0) join(account, margin)
    },
    next() {
      if (queue.size === 0) return -1
      const account = queue.popItem()
      inside[account] = 0
      return account
    },
    sleep(account, margin, gap) {
      inside[account] = 1
      margins[account] = margin
      if (gap === Number.POSITIVE_INFINITY) return
      let k = LAYERS - 1
      while (k > 0 && !(layers[k].width * layers[k].spread <= 1 + gap)) k--
      const layer = layers[k]
      if (layer.first < 0) layer.base.set(now)
      nextInLayer[account] = layer.first
      layer.first = account
    },
    wake(numbers) {
      now.set(numbers)
      for (const layer of layers) {
        layer.spread = layer.first < 0 ? 1 : spreadOf(layer.base, now)
        if (layer.first < 0 || layer.spread <= layer.width) continue
        for (let account = layer.first; account >= 0; account = nextInLayer[account])
          join(account, margins[account])
        layer.first = -1
        layer.spread = 1
      }
    },
    has: (account) => inside[account] === 1,
    clear() {
      inside.fill(0)
      queue.clear()
      for (const layer of layers) layer.first = -1
    },
  }
}

/** Layers of widths from 0.5 % to 256 %. */
const LAYERS = 10
const LEAST_WIDTH = 0.005

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
