/** The checks that feeds make on their parameters. */

import { InputError } from '../errors.ts'
import type { OracleOpening } from './opening.ts'

/**
 * Logarithms stop here, so that a market at 0 gives a very low price and not minus infinity.
 *
 * Units:  USD per unit.
 * Source: the price of the lowest tick, 1.0001^-887272: Uniswap/v3-core libraries/TickMath.sol.
 */
export const LEAST_PRICE = 2.938956807e-39

/** Throws InputError FB2405 unless the opening price is positive and finite. */
export function checkOpening(opening: OracleOpening): void {
  checkPositive(opening.price, 'oracle', 'the opening price of a feed')
}

/** Throws InputError FB2405 unless the price, of an asset or of gas, is positive and finite. */
export function checkPositive(value: number, place: string, what: string): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return
  throw new InputError({
    code: 'FB2405',
    place,
    rule: `${what} must be positive and finite`,
    came: String(value),
    remedy: 'Write null where there is none; a missing price is not 0',
  })
}

/** Throws InputError FB2401 unless the time is above 0 and finite. */
export function checkDuration(seconds: number, place: string): void {
  if (seconds > 0) checkDelay(seconds, place)
  else refuseTime(seconds, place, 'a time of a feed must be above 0 and finite')
}

/** Throws InputError FB2401 unless the time is finite and not negative. */
export function checkDelay(seconds: number, place: string): void {
  if (seconds >= 0 && seconds < Number.POSITIVE_INFINITY) return
  refuseTime(seconds, place, 'a delay of a feed must be finite and not negative')
}

/** Throws InputError FB2402 unless the ratio is finite and not negative. */
export function checkRatio(ratio: number, place: string): void {
  if (ratio >= 0 && ratio < Number.POSITIVE_INFINITY) return
  throw new InputError({
    code: 'FB2402',
    place,
    rule: 'a ratio of a feed must be finite and not negative',
    came: String(ratio),
    remedy: 'Write 0.5 % as 0.005',
  })
}

/** Throws InputError FB2404 unless low is at most high. */
export function checkBounds(low: number, high: number, place: string, rule: string): void {
  if (low <= high) return
  throw new InputError({
    code: 'FB2404',
    place,
    rule,
    came: `${low} above ${high}`,
    remedy: 'Exchange the two, or move one of them',
  })
}

function refuseTime(seconds: number, place: string, rule: string): never {
  throw new InputError({
    code: 'FB2401',
    place,
    rule,
    came: String(seconds),
    remedy: 'Write it in seconds, like 3600',
  })
}
