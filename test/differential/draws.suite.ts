/** Random numbers one after another, for cases that differ in shape. */

import { exp, log } from '../../src/math/exponential.ts'
import { randomAt } from '../../src/math/random.ts'

/** Draws from one seed; the same seed gives the same numbers in the same order. */
export interface Draws {
  /** Uniform between two numbers. */
  between(low: number, high: number): number
  /** As likely in each decade between two positive numbers. */
  scale(low: number, high: number): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** A number as an integer of so many decimals, with random last digits. */
  raw(value: number, decimals: number): bigint
}

/** Draws number `stream` of a seed. */
export function drawsOf(seed: number, stream: number): Draws {
  const random = randomAt(seed, stream)
  let drawn = 0
  const uniform = (): number => random.uniform(drawn++, 0)
  const between = (low: number, high: number): number => low + (high - low) * uniform()
  const whole = (low: number, high: number): number =>
    low + Math.floor((high - low + 1) * uniform())
  return {
    between,
    whole,
    scale: (low, high) => exp(between(log(low), log(high))),
    chance: (probability) => uniform() < probability,
    pick: (from) => from[whole(0, from.length - 1)],
    raw(value, decimals) {
      const rough = BigInt(Math.round(value * 2 ** 20)) * 10n ** BigInt(decimals)
      return (rough >> 20n) + BigInt(whole(0, 997))
    },
  }
}

/** The number that an integer of so many decimals stands for. */
export function plain(raw: bigint, decimals: number): number {
  return Number(raw) / 10 ** decimals
}
