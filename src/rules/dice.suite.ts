/** Random integers for histories of contracts, and how far floats are off. */

import { pow } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'

/** Draws of one case, one after the other. */
export interface Dice {
  /** Uniform in (0, 1). */
  next(): number
  /** Whether something happens that does so with this probability. */
  isHit(probability: number): boolean
  pick<T>(of: readonly T[]): T
  /** Uniform or log-uniform between two numbers, in whole parts of `unit`. */
  between(from: number, to: number, unit: bigint): bigint
  wide(from: number, to: number, unit: bigint): bigint
}

export function diceOf(seed: number, at: number): Dice {
  const random = randomAt(seed, 0)
  let draw = 0
  const next = () => random.uniform(at, 0, draw++)
  return {
    next,
    isHit: (probability) => next() < probability,
    pick: (of) => of[Math.floor(next() * of.length)],
    between: (from, to, unit) => parts(from + (to - from) * next(), unit),
    wide: (from, to, unit) => parts(from * pow(to / from, next()), unit),
  }
}

/** A number as whole parts of a unit; digits beyond the double's are odd, not zero. */
export function parts(of: number, unit: bigint): bigint {
  const whole = (BigInt(Math.floor(of * 1e9)) * unit) / 1_000_000_000n
  return whole > 1_000_000_000_000n ? whole + (whole % 9_999_991n) : whole
}

/** Parts of a unit as a double. */
export function float(of: bigint, unit: bigint): number {
  return Number(of) / Number(unit)
}

/** How close two integers are, as a share of the second. */
export function distance(of: bigint, edge: bigint): number {
  const apart = of > edge ? of - edge : edge - of
  return apart === 0n ? 0 : Number(apart) / Math.max(1, Math.abs(Number(edge)))
}

/** What a comparison found so far. */
export interface Tally {
  cases: number
  /** Decisions inside the band, which may go either way. */
  close: number
  largestError: number
  /** By name of the act and outcome, how many there were. */
  readonly seen: Map<string, number>
}

export function tallyOf(): Tally {
  return { cases: 0, close: 0, largestError: 0, seen: new Map() }
}

/** Decisions nearer than this to their edge may differ. */
export const BAND = 1e-12

/** Notes the error of a number, as a share of `scale` or of itself. */
export function compare(tally: Tally, actual: number, exact: number, scale = exact): void {
  const error = actual === exact ? 0 : Math.abs(actual - exact) / Math.abs(scale)
  if (!(error <= 1e-9)) throw new Error(`${actual} is ${error} off ${exact}`)
  tally.largestError = Math.max(tally.largestError, error)
}

/** Counts a decision, and throws where it differs outside the band. */
export function agree(
  tally: Tally,
  isDone: boolean,
  isExactlyDone: boolean,
  isClose: boolean,
): void {
  tally.cases++
  tally.close += +isClose
  if (isDone === isExactlyDone || isClose) return
  throw new Error(`the float rules ${isDone ? 'do' : 'refuse'} what exact ones do not`)
}

/** Counts an act by its outcome. */
export function saw({ seen }: Tally, name: string, refusal: string | null): void {
  const key = `${name}: ${refusal ?? 'done'}`
  seen.set(key, (seen.get(key) ?? 0) + 1)
}
