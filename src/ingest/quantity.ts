/** Numbers as people write them, with units: 83%, 8300bps, $1.2m, 12M, 30d, 2023-06-19. */

import type { Limits } from '../parameters.ts'

/** What is wrong with a quantity, and what to write instead. */
export interface Fault {
  readonly code: string
  readonly rule: string
  readonly remedy: string
}

/** A number, or why there is none. Faults are data here: the reader adds the place and throws. */
export type Reading = { readonly value: number } | { readonly fault: Fault }

/**
 * Reads a ratio as a fraction.
 *
 * Rule:   `83%` and `8300bps` are 0.83. A bare number is a fraction already; above 1 it is refused,
 *         since 83 may mean either.
 * Units:  result as a fraction.
 */
export function ratio(given: number | string, limits: Limits): Reading {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(%|bps)?$/i.exec(textOf(given))
  if (match === null) return notA('a ratio', 'Write it like 83%, 8300bps or 0.83')
  const [, digits, unit] = match
  if (unit === undefined && Number(digits) > 1) return ambiguous(Number(digits))
  const shift = unit === undefined ? 0 : unit === '%' ? -2 : -4
  return within(shifted(digits, shift), limits, (value) => `${Number((value * 100).toFixed(9))}%`)
}

/** Reads a ratio that may well be above 1, such as a volatility per year: `150%`. */
export function rate(given: number | string, limits: Limits): Reading {
  const reading = ratio(given, limits)
  if ('value' in reading || reading.fault.code !== 'FB2011') return reading
  const value = Number(textOf(given))
  return { fault: { ...reading.fault, remedy: `Write ${ratioText(value)} or ${value}%` } }
}

/** Reads a drop: a ratio that says how far a price falls, so it is positive. */
export function drop(given: number | string, limits: Limits): Reading {
  const text = textOf(given)
  if (!text.startsWith('-')) return ratio(given, limits)
  return fault('FB2012', 'a drop is positive', `Write ${text.slice(1)} for a fall of that size`)
}

/**
 * Reads an amount of money or of coins.
 *
 * Rule:   k, M, B and T, in either case, are thousands to trillions; `$` is allowed where the
 *         amount is money.
 */
export function amount(given: number | string, limits: Limits, isMoney: boolean): Reading {
  const match = /^([+-]?)(\$?)\s*((?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(k|m|b|t)?$/i.exec(
    textOf(given),
  )
  const example = isMoney ? '$1.2m, 12M or 1200000' : '12M, 40k or 1200000'
  if (match === null || (match[2] === '$' && !isMoney)) {
    return notA(isMoney ? 'an amount of money' : 'a number of units', `Write it like ${example}`)
  }
  const [, sign, , digits, suffix] = match
  return within(shifted(sign + digits, powers[suffix?.toLowerCase() ?? '']), limits, String)
}

/** Reads a span of time in seconds: `45s`, `10min`, `12h`, `30d`; `10m` is ten minutes too. */
export function duration(given: number | string): Reading {
  const match = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(s|min|m|h|d)$/i.exec(textOf(given))
  if (match === null) return notA('a span of time', 'Write it like 45s, 10min, 12h or 30d')
  const seconds = { s: 1, m: 60, min: 60, h: 3600, d: 86400 }[
    match[2].toLowerCase() as 's' | 'm' | 'min' | 'h' | 'd'
  ]
  return { value: Number(match[1]) * seconds }
}

/** Reads a span of time within limits, in seconds. Only 0 needs no unit. */
export function span(given: number | string, limits: Limits): Reading {
  const reading = textOf(given) === '0' ? { value: 0 } : duration(given)
  return 'fault' in reading ? reading : within(reading.value, limits, spanText)
}

/** A span as text that `span` reads back to the same number. */
export function spanText(seconds: number): string {
  return `${seconds}s`
}

/** A ratio as a number or, where that would be ambiguous, as percent of the same digits. */
export function ratioText(value: number): number | string {
  if (value <= 1) return value
  const [whole, fraction = ''] = String(value).split('.')
  const digits = fraction.padEnd(2, '0')
  const rest = digits.slice(2)
  return `${whole}${digits.slice(0, 2)}${rest === '' ? '' : `.${rest}`}%`
}

/** Reads an ISO-8601 date or UTC time as unix seconds. */
export function instant(given: string): Reading {
  const match = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/.exec(given.trim())
  const parsed = match === null ? Number.NaN : Date.parse(match[1] + (match[2] ?? 'T00:00:00Z'))
  const exists = Number.isFinite(parsed) && new Date(parsed).toISOString().startsWith(match![1])
  if (exists) return { value: parsed / 1000 }
  return fault('FB2014', 'a time must be ISO-8601 in UTC', 'Write it like 2023-06-19T17:10:00Z')
}

/** The calendar day of unix seconds: `2023-06-19`. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

const powers: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, b: 9, t: 12 }

/** Digits times a power of ten, rounded once: 1.1 x 1e6 as a product is not 1100000. */
function shifted(digits: string, power: number): number {
  const [mantissa, exponent = '0'] = digits.toLowerCase().split('e')
  return Number(`${mantissa}e${Number(exponent) + power}`)
}

function textOf(given: number | string): string {
  return String(given).trim()
}

function within(value: number, limits: Limits, write: (value: number) => string): Reading {
  const { from, to, open } = limits
  const aboveFrom = open === 'both' || open === 'lower' ? value > from : value >= from
  const belowTo = open === 'both' || open === 'upper' ? value < to : value <= to
  if (Number.isFinite(value) && aboveFrom && belowTo) return { value }
  const low = `${open === 'both' || open === 'lower' ? 'above' : 'from'} ${write(from)}`
  const high = open === 'both' || open === 'upper' ? 'below' : 'up to'
  const range = Number.isFinite(to) ? `${low}, ${high} ${write(to)}` : `${low}, and finite`
  return fault('FB2013', `the value must be ${range}`, 'Write a value within these limits')
}

function ambiguous(value: number): Reading {
  const text = String(value)
  const fraction = Number(`${value}e-2`)
  const remedy =
    value < 100
      ? `Write ${text}%, ${value * 100}bps or ${fraction}`
      : 'Write it like 83%, 8300bps or 0.83'
  return fault('FB2011', 'a bare number above 1 is ambiguous for a ratio', remedy)
}

function notA(what: string, remedy: string): Reading {
  return fault('FB2010', `the value must be ${what}`, remedy)
}

function fault(code: string, rule: string, remedy: string): Reading {
  return { fault: { code, rule, remedy } }
}
