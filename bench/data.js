/** Seeded books of any size, as columns. The same seed and size give the same bytes on every machine. */

import { randomAt } from '../dist/math/random.js'

export const seed = 42

// Amounts are whole multiples of a power of two, small enough that sums of units and products with values are exact:
// neither the order of adding nor a fused multiply can change a digit, so equal means equal.
const GRAIN = 4096
const onGrain = (x) => Math.max(1, Math.round(x * GRAIN)) / GRAIN

/** What a unit of each slot counts for; the first half backs debt, the second half is owed. */
const VALUES = Float64Array.of(
  1608.5,
  24010.25,
  1,
  0.84375,
  12.5,
  1710.75,
  5.625,
  98.25,
  1.0078125,
  1,
  0.9921875,
  1950.5,
  29870.25,
  1,
  16.125,
  1.5,
)

/**
 * Accounts with one collateral and one debt of any of eight assets each; a third of them are breached, which is the
 * worst case for a branch.
 */
export function twoLegBook(accounts) {
  const random = randomAt(seed, 0)
  const slot = new Uint16Array(2 * accounts)
  const amount = new Float64Array(2 * accounts)
  for (let i = 0; i < accounts; i++) {
    const owned = Math.floor(8 * random.uniform(i, 0))
    const owed = 8 + Math.floor(8 * random.uniform(i, 1))
    const worth = Math.min(100_000, 500 / random.uniform(i, 2))
    slot[2 * i] = owned
    slot[2 * i + 1] = owed
    amount[2 * i] = onGrain(worth / VALUES[owned])
    const ratio = 0.4 + 0.9 * random.uniform(i, 3)
    amount[2 * i + 1] = -onGrain((amount[2 * i] * VALUES[owned] * ratio) / VALUES[owed])
  }
  const start = Uint32Array.from({ length: accounts + 1 }, (_, i) => 2 * i)
  return { book: { start, slot, amount, version: new Uint32Array(accounts) }, values: VALUES }
}

/** Price of the sold asset before any shock. */
export const OPENING = 2000

/**
 * Accounts that sell one asset: triggers from 50 to 99 % of the opening price, a tenth of them on round numbers, sizes
 * with a heavy tail. The pool is as deep as lets forced sales make about half as many again, more near the clusters.
 */
export function fallingBook(accounts) {
  const random = randomAt(seed, 1)
  const trigger = new Float64Array(accounts)
  const units = new Float64Array(accounts)
  const cash = new Float64Array(accounts)
  for (let i = 0; i < accounts; i++) {
    const at = OPENING * (0.5 + 0.49 * random.uniform(i, 0))
    trigger[i] = random.uniform(i, 1) < 0.1 ? 50 * Math.ceil(at / 50) : at
    units[i] = onGrain(Math.min(1000, 0.5 / random.uniform(i, 2)))
    cash[i] = 0.87 * units[i] * trigger[i]
  }
  return { trigger, units, cash, reserve: 32 * accounts }
}

/** Outside prices after drops between 0 and 45 %. */
export function outsidePrices(count) {
  const random = randomAt(seed, 2)
  return Float64Array.from({ length: count }, (_, i) => OPENING * (1 - 0.45 * random.uniform(i, 0)))
}
