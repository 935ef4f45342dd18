/**
 * exp, log and pow with the same bits on every machine.
 *
 * The built-in ones may differ between engines, so a run that used them could not be replayed
 * elsewhere. These use only + - * and the layout of a double (low word first, as every engine's
 * machine has it).
 */

import { productError } from './exact.ts'
import { LOG_HIGH, LOG_LOW, POWER_HIGH, POWER_LOW, RECIPROCAL } from './exponentialTables.ts'

/**
 * Returns e^x.
 *
 * Rule:       x = k ln2 / 64 + r; e^x = 2^(k / 64) e^r, from a table of double width and a series.
 * Shape:      never falls as x rises; 0 at -Infinity, Infinity from 709.79 on, NaN stays NaN.
 * Source:     P. T. P. Tang, Table-driven implementation of the exponential function in IEEE
 *             floating-point arithmetic, ACM TOMS 15, 1989.
 * Simplifies: rounding; at most 0.52 units in the last place (worst of 150,000 points).
 */
export function exp(x: number): number {
  return expOfSum(x, 0)
}

/**
 * Returns the natural logarithm.
 *
 * Rule:       x = 2^k z; log x = k ln2 - log c + log(z c) with c near 1 / z from a table, so that
 *             z c - 1 is small and known exactly; added up as two doubles.
 * Shape:      never falls as x rises; -Infinity at 0, NaN below 0 and for NaN.
 * Source:     P. T. P. Tang, Table-driven implementation of the logarithm function in IEEE
 *             floating-point arithmetic, ACM TOMS 16, 1990.
 * Simplifies: rounding; at most 0.501 units in the last place (150,000 points: all the nearest).
 */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN
  splitLog(x)
  return logParts[0]
}

/**
 * Returns x^y.
 *
 * Rule:       e^(y log x), with log x and its product with y carried as two doubles.
 * Shape:      special cases as in IEEE 754: pow(x, 0) and pow(1, y) are 1, a negative x takes
 *             whole y only and gives NaN for others.
 * Simplifies: rounding; at most 0.52 units in the last place (worst of 150,000 points).
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (x > 0 && x < Infinity && Math.abs(y) < LARGE) return powPositive(x, y)
  return powSpecial(x, y)
}

// ln2 / 64 in two parts. The high part has 34 bits, so a whole number below 2^17 times it is exact.
const STEP_HIGH = 0.010830424695996044
const STEP_LOW = 2.5310172166650877e-13
const STEPS_PER_UNIT = 92.33248261689366

// Adding and taking away 1.5 * 2^52 rounds to a whole number, 1.5 * 2^32 to a multiple of 2^-20.
const TO_WHOLE = 6755399441055744
const TO_COARSE = 6442450944

// log 2 in two parts, the high one on the grid of 2^-42 where sums below 2^10 are exact.
const GRID = 1 / 4398046511104
const LN2_HIGH = 3048493539143 * GRID
const LN2_LOW = 5.497923018708371e-14

// z runs from 0.6875 to 1.375, so that log z stays small and is exactly 0 at 1.
const Z_START = 0x3fe60000
const NORMAL_MIN = 2.2250738585072014e-308
const TWO_54 = 18014398509481984

// From here on x^y is 0, 1 or Infinity, whatever x; below its reciprocal it is 1.
const LARGE = 1e21
const LOWEST = -1074

const twoTo = powersOfTwo()
const powers = Float64Array.from({ length: 128 }, (_, i) => {
  return (i % 2 === 0 ? POWER_HIGH : POWER_LOW)[i >> 1] / 4503599627370496
})
const reciprocals = Float64Array.from(RECIPROCAL, (n) => n / 2048)
const logHigh = Float64Array.from(LOG_HIGH, (n) => n * GRID)
const logLow = Float64Array.from(LOG_LOW, (n) => n * GRID)

const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** log x as the sum of two doubles, left here by splitLog. */
const logParts = new Float64Array(2)

function powersOfTwo(): Float64Array {
  const column = new Float64Array(1024 - LOWEST)
  for (let i = 0, power = Number.MIN_VALUE; i < column.length; i++, power *= 2) column[i] = power
  return column
}

// e^(x + tail), with |tail| far below |x|.
function expOfSum(x: number, tail: number): number {
  if (!(x < 710 && x > -746)) return x > 0 ? Infinity : x < 0 ? 0 : NaN
  const rounded = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE
  const r = x - rounded * STEP_HIGH - rounded * STEP_LOW + tail
  const r2 = r * r
  const small = r + r2 * (1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120) + r2 * (1 / 720)))
  const k = rounded | 0
  const high = powers[2 * (k & 63)]
  const low = powers[2 * (k & 63) + 1]
  return scale(high + (low + high * small), k >> 6)
}

// Two factors where the power of two or the result leaves the range; only the last step rounds.
function scale(x: number, exponent: number): number {
  if (exponent >= LOWEST && exponent < 1024) return x * twoTo[exponent - LOWEST]
  const half = exponent >> 1
  return x * twoTo[half - LOWEST] * twoTo[exponent - half - LOWEST]
}

function splitLog(x: number): void {
  const shift = x < NORMAL_MIN ? 54 : 0
  if (shift > 0) x *= TWO_54
  bits[0] = x
  const top = (words[1] - Z_START) | 0
  const exponent = top >> 20
  const i = (top >> 13) & 127
  const z = x * twoTo[-exponent - LOWEST]

  // c has 12 bits, so both products are exact, and their sum is r + rest.
  const c = reciprocals[i]
  const coarse = z + TO_COARSE - TO_COARSE
  const first = coarse * c - 1
  const second = (z - coarse) * c
  const r = first + second
  const rest = second - (r - first)

  // log(1 + r) = r - r^2 / 2 + ...: the first two terms are added without loss.
  const k = exponent - shift
  const whole = k * LN2_HIGH + logHigh[i]
  const r2 = r * r
  const sum1 = whole + r
  const lost1 = whole - sum1 + r
  const sum2 = sum1 - 0.5 * r2
  const lost2 = sum1 - sum2 - 0.5 * r2
  const lost = lost1 + lost2 - 0.5 * productError(r, r, r2)
  const low = k * LN2_LOW + logLow[i] + rest * (1 - r) + lost + r * r2 * logSeries(r, r2)
  const high = sum2 + low
  logParts[0] = high
  logParts[1] = sum2 - high + low
}

// (log(1 + r) - r + r^2 / 2) / r^3, |r| below 2^-7.
function logSeries(r: number, r2: number): number {
  const third = 1 / 3 - r * (1 / 4)
  const fifth = 1 / 5 - r * (1 / 6)
  const seventh = 1 / 7 - r * (1 / 8)
  const ninth = 1 / 9 - r * (1 / 10)
  return third + r2 * (fifth + r2 * (seventh + r2 * ninth))
}

function powPositive(x: number, y: number): number {
  if (Math.abs(y) < 1 / LARGE) return 1
  splitLog(x)
  const product = y * logParts[0]
  const tail = productError(y, logParts[0], product) + y * logParts[1]
  return expOfSum(product, tail)
}

function powSpecial(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (Math.abs(y) === Infinity && Math.abs(x) === 1) return 1
  const sign = isNegative(x) && Math.abs(y % 2) === 1 ? -1 : 1
  const size = Math.abs(x)
  if (size === 0 || size === Infinity || Math.abs(y) >= LARGE) {
    if (size === 1) return 1
    return sign * (size > 1 === y > 0 ? Infinity : 0)
  }
  return Number.isInteger(y) ? sign * pow(size, y) : NaN
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0)
}
