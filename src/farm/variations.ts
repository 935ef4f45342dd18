/** Reads what a sweep varies: `drop=5%..40%:2%`, `depth.haircut=0%,25%`. */

import { InputError } from '../errors.ts'
import type { Variation } from '../sweep/plan.ts'

/** Short names of keys, as on the command line. */
const short: Readonly<Record<string, string>> = { drop: 'shock.drop' }

/**
 * Reads one variation.
 *
 * Rule:   KEY=VALUE,... or KEY=FROM..TO:STEP; a comma inside brackets parts nothing. Values of a
 *         range are FROM + k STEP as decimals, up to and with TO, with the signs that they carry.
 * Throws: VariationError FB2080 to FB2082
 */
export function variationOf(text: string): Variation {
  const at = text.indexOf('=')
  const name = text.slice(0, at).trim()
  if (at < 1 || name === '') throw new VariationError('FB2080', text, syntax)
  const rest = text.slice(at + 1).trim()
  // A folder may begin with two points, and a range has no slash.
  const isRange = rest.includes('..') && !rest.includes('/')
  const values = isRange ? rangeOf(rest, text) : listOf(rest)
  if (values.length === 0 || values.some((value) => value === ''))
    throw new VariationError('FB2080', text, syntax)
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice !== undefined) throw new VariationError('FB2082', text, `Leave out the second ${twice}`)
  return { key: keyOf(name), values }
}

/** The key of a short name; any other name is a key itself. */
export function keyOf(name: string): string {
  return Object.hasOwn(short, name) ? short[name] : name
}

const syntax = 'Write it like drop=5%..40%:5% or depth.haircut=0%,25%,50%'

function listOf(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    depth += letter === '[' || letter === '{' ? 1 : letter === ']' || letter === '}' ? -1 : 0
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim())
}

function rangeOf(text: string, place: string): string[] {
  const match = /^(.+?)\.\.(.+?):(.+)$/.exec(text)
  const ends = match === null ? [] : match.slice(1).map(decimalOf)
  const [from, to, step] = ends
  if (match === null || from === null || to === null || step === null)
    throw new VariationError('FB2081', place, syntax)
  const units = new Set([from, to, step].map(({ after }) => after).filter((unit) => unit !== ''))
  if (units.size > 1) throw new VariationError('FB2081', place, 'Write all three in one unit')
  const digits = Math.max(from.digits, to.digits, step.digits)
  const whole = ({ value }: Decimal) => Math.round(value * 10 ** digits)
  const [first, last, by] = [whole(from), whole(to), whole(step)]
  const isRising = by > 0 && last >= first
  if (!isRising && !(by < 0 && last <= first)) throw new VariationError('FB2081', place, syntax)
  const count = Math.floor((last - first) / by) + 1
  if (count > VALUES_MOST) throw new VariationError('FB2081', place, 'Take a longer step')
  const sign = [from, to, step].find(({ before }) => before !== '')?.before ?? ''
  const [unit = ''] = units
  return Array.from({ length: count }, (_, k) => {
    const number = Number(((first + k * by) / 10 ** digits).toFixed(digits))
    return `${sign}${number}${unit}`
  })
}

interface Decimal {
  readonly before: string
  readonly value: number
  readonly digits: number
  readonly after: string
}

function decimalOf(text: string): Decimal | null {
  const match = /^(\$?)([+-]?\d+(?:\.(\d+))?)\s*([a-z%]*)$/i.exec(text.trim())
  if (match === null) return null
  return {
    before: match[1],
    value: Number(match[2]),
    digits: match[3]?.length ?? 0,
    after: match[4],
  }
}

const VALUES_MOST = 10_000

/** A variation that cannot be read. */
export class VariationError extends InputError {
  constructor(code: string, came: string, remedy: string) {
    super({ code, rule: rules[code], place: '--vary', came: JSON.stringify(came), remedy })
  }
}

const rules: Readonly<Record<string, string>> = {
  FB2080: 'what is varied must be a key and its values',
  FB2081: 'a range must be FROM..TO:STEP, and its step must lead from one to the other',
  FB2082: 'a value must stand only once',
}
