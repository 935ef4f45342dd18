/** Those of a backlog whom nobody wants at these prices, until that could have changed. */

import {
  BASE,
  CARD,
  type Cards,
  type Dormitory,
  dormitory,
  FOLLOWING,
  LEVELS,
  LEVELS_BITS,
  lieDown,
  NOBODY,
  STEP,
  SWING,
  WITHOUT_GAS,
  wakeUp,
} from './dormitory.ts'

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

/** For how long an account is left alone. Reused between calls. */
export interface Rest {
  /** Looked at before the numbers of its kind have moved by this fraction; Infinity: never. */
  gap: number
  /** And before gas has fallen by this one; 1: whatever gas does. */
  fall: number
  /** The price of gas, in USD, up to which it pays; Infinity where that is not known. */
  pays: number
  /** What `pays` may rise by, times the fraction by which numbers have moved. */
  swing: number
  /** The move of numbers after which `pays` and `swing` say nothing. */
  step: number
}

/** Those who sleep. */
export interface Sleepers {
  add(account: number, rest: Rest): void
  /** As in `Backlog`. */
  doubt(account: number): void
  /**
   * Reads the numbers anew. Whoever could pay at this price of gas is handed to `join`; how many
   * woke and lay down again is returned. `isNew`: everybody is handed over.
   */
  wake(gas: number, isNew?: boolean): number
  clear(): void
}

/** The fall of gas that brings half of what is lacking; 1 where all of gas is not as much. */
export const fallFor = (lack: number, gas: number): number =>
  gas <= lack / 2 ? 1 : lack / (2 * gas)

/**
 * Nobody sleeps yet.
 *
 * Rule:   sleepers of a kind lie in layers of width 0.5 % x 2^k. A layer wakes once the ratio of
 *         the largest to the least move since its base passes its width. An account goes into the
 *         widest layer for which width x (moves since the base) cannot pass its gap; within it onto
 *         the level of gas (64 to a doubling) that its fall leads to, and wakes once gas has come
 *         down to that level. A rise of gas wakes nobody. Whoever wakes and cannot pay by what is
 *         known of it, whichever way numbers went, lies down again and is not looked at.
 * Shape:  `kindOf` has an index into `kinds` for every account. After the first sleepers of each
 *         kind nothing is allocated.
 * Source: own. Spreads multiply: spread(base, later) >= spread(now, later) / spread(base, now), and
 *         spread(first, later) <= spread(first, base) x spread(base, later).
 */
export function sleepersOf(
  kindOf: Uint8Array,
  cards: Cards,
  kinds: readonly Numbers[],
  join: (account: number) => void,
): Sleepers {
  const { halves, links } = cards
  const rooms: (Dormitory | null)[] = kinds.map(() => null)
  const levels = gasLevels()
  let gas = 0

  function lie(account: number, gap: number, fall: number): void {
    const kind = kindOf[account]
    const room = rooms[kind] ?? dormitory(kinds[kind].count)
    rooms[kind] = room
    if (room.sleepers === 0) kinds[kind].read(room.now)
    const level = fall < 1 ? levels.of(gas * (1 - Math.max(fall, LEAST_FALL))) : WITHOUT_GAS
    lieDown(room, cards, account, gap, level)
  }

  /** Hands over those of a chain who could pay; the others lie down again, and are counted. */
  function look(chain: number, isNew: boolean): number {
    let count = 0
    for (let account = chain, next = NOBODY; account >= 0; account = next) {
      const at = CARD * account
      next = links[at + FOLLOWING]
      const swing = halves[at + SWING] * ROUNDED_UP
      const pays = halves[at + BASE] + swing
      const step = halves[at + STEP] / ROUNDED_UP
      if (isNew || !(pays < gas) || !(step > 1)) {
        join(account)
        continue
      }
      const lack = gas - pays
      const fall = fallFor(lack, gas)
      lie(account, Math.min((lack - fall * gas) / swing, step - 1), fall)
      count++
    }
    return count
  }

  return {
    add(account, { gap, fall, pays, swing, step }) {
      const at = CARD * account
      halves[at + BASE] = pays - swing
      halves[at + SWING] = swing
      halves[at + STEP] = 1 + step
      lie(account, gap, fall)
    },
    doubt(account) {
      halves[CARD * account + BASE] = Number.POSITIVE_INFINITY
    },
    wake(gasNow, isNew = false) {
      gas = gasNow
      const level = Math.max(levels.of(gas), WITHOUT_GAS + 1)
      let chain = NOBODY
      for (let k = 0; k < rooms.length; k++) {
        const room = rooms[k]
        if (room === null || room.sleepers === 0) continue
        room.way *= kinds[k].read(room.now)
        chain = wakeUp(room, cards, level, isNew, chain)
      }
      return look(chain, isNew)
    },
    clear() {
      rooms.fill(null)
    },
  }
}

/** Falls of gas below this count as this. */
const LEAST_FALL = 0.04
/** More than what is lost by keeping cards in single precision. */
const ROUNDED_UP = 1 + 1e-6

/** The lowest level, as a power of two beside the first price. */
const LOWEST_POWER = -16

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
      return Math.min(LEVELS - 1, Math.max(WITHOUT_GAS + 1, at))
    },
  }
}
