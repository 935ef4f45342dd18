/** Maps values to pixels, and picks the values worth a tick. */

import { log } from '../math/exponential.ts'

export interface Scale {
  (value: number): number
  readonly domain: readonly [number, number]
  readonly range: readonly [number, number]
}

type Span = readonly [number, number]

/** Returns the straight map of `domain` onto `range`; an empty domain lands in the middle. */
export function linear(domain: Span, range: Span): Scale {
  const width = domain[1] - domain[0]
  const place = (value: number) =>
    width === 0
      ? (range[0] + range[1]) / 2
      : range[0] + ((value - domain[0]) / width) * (range[1] - range[0])
  return Object.assign(place, { domain, range })
}

/** Returns the logarithmic map of a positive `domain` onto `range`. */
export function logarithmic(domain: Span, range: Span): Scale {
  const straight = linear([log(domain[0]), log(domain[1])], range)
  return Object.assign((value: number) => straight(log(value)), { domain, range })
}

/** Returns the step of 1, 2 or 5 times a power of ten that cuts `width` in about `count` parts. */
export function niceStep(width: number, count: number): number {
  const rough = width / Math.max(1, count)
  if (!(rough > 0)) return 1
  const decade = decadeBelow(rough)
  const times = [1, 2, 5].find((times) => rough <= times * decade * (1 + 1e-9)) ?? 10
  return times * decade
}

/** Returns the multiples of a nice step inside the domain, rising. */
export function niceTicks([from, to]: Span, count: number): number[] {
  const step = niceStep(to - from, count)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  // Whole multiples, then one rounding: 0.3 and not 0.30000000000000004.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

/** Returns the powers of ten inside a positive domain, rising; at most `count`, evenly thinned. */
export function decadeTicks([from, to]: Span, count: number): number[] {
  const ticks: number[] = []
  for (let at = decadeBelow(from); at <= to * (1 + 1e-9); at = next(at)) {
    if (at >= from * (1 - 1e-9)) ticks.push(at)
  }
  const every = Math.max(1, Math.ceil(ticks.length / Math.max(1, count)))
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0)
}

/** Returns how many decimals tell the multiples of a step apart. */
export function decimalsOf(step: number): number {
  let decimals = 0
  for (let at = step; decimals < 12 && Math.abs(at - Math.round(at)) > 1e-6 * at; at *= 10) {
    decimals++
  }
  return decimals
}

/** The largest power of ten not above a positive value. */
export function decadeBelow(value: number): number {
  // The shortest decimal form has the exact exponent where a logarithm could miss by an ulp.
  return Number(`1e${value.toExponential().split('e')[1]}`)
}

function next(decade: number): number {
  return Number((decade * 10).toPrecision(12))
}
