/** The standard normal distribution and its inverse. */

import { productError } from './exact.ts'
import { exp, log } from './exponential.ts'

/**
 * Returns the x below which a standard normal falls with probability u.
 *
 * Rule:       three rational functions: in u - 1/2 inside, in sqrt(-log(tail)) outside.
 * Units:      u in (0, 1); the result is in standard deviations.
 * Shape:      rises with u; -Infinity at 0 and Infinity at 1.
 * Source:     M. J. Wichura, Algorithm AS 241, The percentage points of the normal distribution,
 *             Applied Statistics 37, 1988 (PPND16).
 * Simplifies: at most 5 units in the last place from the true value (worst of 6,000 points).
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r)
  }
  return q < 0 ? -upperQuantile(u) : upperQuantile(1 - u)
}

/**
 * Returns the probability that a standard normal falls below x.
 *
 * Rule:       x times a rational function of x^2 around 1/2; farther out the density times one of
 *             |x|, at last times Laplace's continued fraction, so that small probabilities keep
 *             their digits.
 * Source:     W. J. Cody, Algorithm 715, SPECFUN, ACM Transactions on Mathematical Software 19,
 *             1993 (ANORM); M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions,
 *             26.2.14.
 * Simplifies: relative error at most 2e-15 where the result is above 1e-300.
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x)
  if (size <= NEAR) return 0.5 + x * nearMiddle(x * x)
  const tail = size <= FAR ? middleTail(size) : farTail(size)
  return x < 0 ? tail : 1 - tail
}

/** The density of a standard normal at x: e^(-x^2 / 2) / sqrt(2 pi). */
export function normalDensity(x: number): number {
  const square = x * x
  if (square > SQUARE_MAX) return 0
  return INVERSE_ROOT_TURN * (exp(-square / 2) * (1 - productError(x, x, square) / 2))
}

const INVERSE_ROOT_TURN = 0.3989422804014327
// From here on the density is 0 in float64.
const SQUARE_MAX = 1492
// Where one rational function ends and the next begins: the upper quartile, and the root of 32.
const NEAR = 0.67448975
const FAR = 5.656854249492381

function nearMiddle(s: number): number {
  const top =
    (((0.06568233791820745 * s + 2.2352520354606837) * s + 161.02823106855587) * s +
      1067.6894854603709) *
      s +
    18154.98125334356
  const bottom =
    (((s + 47.202581904688245) * s + 976.0985517377767) * s + 10260.932208618979) * s +
    45507.78933502673
  return top / bottom
}

function middleTail(x: number): number {
  let top = 1.0765576773720192e-8
  let bottom = 1
  for (let k = 0; k < MIDDLE_TOP.length; k++) {
    top = top * x + MIDDLE_TOP[k]
    bottom = bottom * x + MIDDLE_BOTTOM[k]
  }
  return (normalDensity(x) / INVERSE_ROOT_TURN) * (top / bottom)
}

// density / (x + 1/(x + 2/(x + 3/(x + ...)))); the error falls like e^(-1.8 x sqrt(terms)).
function farTail(x: number): number {
  let below = x
  for (let k = FAR_TERMS; k > 0; k--) below = x + k / below
  return normalDensity(x) / below
}

const FAR_TERMS = 24

const MIDDLE_TOP = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978,
]
const MIDDLE_BOTTOM = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.42967685999,
]

function upperQuantile(tail: number): number {
  const r = Math.sqrt(-log(tail))
  if (r === Number.POSITIVE_INFINITY) return r
  return r <= 5
    ? polynomial(NEAR_TOP, r - 1.6) / polynomial(NEAR_BOTTOM, r - 1.6)
    : polynomial(FAR_TOP, r - 5) / polynomial(FAR_BOTTOM, r - 5)
}

/** Eight coefficients, the constant last. */
type Coefficients = readonly [number, number, number, number, number, number, number, number]

function polynomial(c: Coefficients, x: number): number {
  const upper = ((c[0] * x + c[1]) * x + c[2]) * x + c[3]
  return (((upper * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7]
}

const CENTRE_TOP: Coefficients = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
]
const CENTRE_BOTTOM: Coefficients = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
]
const NEAR_TOP: Coefficients = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
  3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
]
const NEAR_BOTTOM: Coefficients = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
  0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
]
const FAR_TOP: Coefficients = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
]
const FAR_BOTTOM: Coefficients = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
]
