/** The fields that scenario keys are made of: quantities with units, names, references to files. */

import { z } from 'zod'
import { fromZero, type Limits, positive } from '../parameters.ts'
import {
  amount,
  drop,
  duration,
  instant,
  type Reading,
  rate,
  ratio,
  ratioText,
  span,
  spanText,
} from './quantity.ts'

/**
 * A quantity that a plain number would not read back to: a span of time, a ratio above 1, or none
 * at all, which is Infinity. As JSON it is what a scenario file says.
 */
export class Written {
  constructor(
    readonly value: number,
    private readonly text: number | string,
  ) {}

  toJSON(): number | string {
    return this.text
  }
}

/** A fraction such as a threshold, within limits; by default from 0 to 1. */
export function ratioField(limits: Limits = { from: 0, to: 1 }) {
  return quantity((given) => ratio(given, limits))
}

/** How far a price falls: positive, below 1. */
export function dropField(open: 'upper' | 'both' = 'both') {
  return quantity((given) => drop(given, { from: 0, to: 1, open }))
}

/** Money, above 0 unless told otherwise. */
export function moneyField(limits: Limits = positive) {
  return quantity((given) => amount(given, limits, true))
}

/** Money, 0 or more. */
export function moneyFromZero() {
  return quantity((given) => amount(given, fromZero, true))
}

/** Units of a coin, or another positive number without a unit. */
export function amountField() {
  return quantity((given) => amount(given, positive, false))
}

/** A plain number within limits. */
export function numberField(limits: Limits) {
  return quantity((given) => amount(given, limits, false))
}

/** A ratio that may well be above 1, such as a volatility per year. */
export function rateField(limits: Limits) {
  return writtenField((given) => rate(given, limits), ratioText)
}

/** A span of time. */
export function durationField(limits: Limits = positive) {
  return writtenField((given) => span(given, limits), spanText)
}

/** A span of time, or none: it never ends. */
export function durationOrNone(limits: Limits = positive) {
  return orNone((given) => span(given, limits), spanText)
}

/** A ratio from 0 to 1, or none. */
export function ratioOrNone() {
  return orNone((given) => ratio(given, { from: 0, to: 1 }), ratioText)
}

/** Money, or none: without limit. */
export function moneyOrNone(limits: Limits = fromZero) {
  return orNone((given) => amount(given, limits, true))
}

/** A positive number without a unit, or none: without limit. */
export function amountOrNone() {
  return orNone((given) => amount(given, positive, false))
}

/** A time in UTC; kept as written. */
export function instantField() {
  return z.string().superRefine((given, context) => {
    const reading = instant(given)
    if ('fault' in reading) context.addIssue({ code: 'custom', params: { ...reading.fault } })
  })
}

/** A name of an asset, a protocol or a venue. */
export const nameField = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._/+-]{0,63}$/u, {
  error: 'names are letters, digits, . _ / + -',
})

/** Keys that every reference to a file has. */
export const fileKeys = {
  file: z.string().min(1).describe('Path, relative to the scenario or to --data. May end in .gz.'),
  format: z.enum(['csv', 'parquet']).optional().describe('By default told from the name.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'a digest has 64 hexadecimal digits in lower case' })
    .optional()
    .describe('Digest that the file must have.'),
  asOf: instantField().optional().describe('When it was recorded, ISO-8601 in UTC.'),
  maxAge: z
    .string()
    .superRefine((given, context) => {
      const reading = duration(given)
      if ('fault' in reading) context.addIssue({ code: 'custom', params: { ...reading.fault } })
    })
    .optional()
    .describe('Refuse the file when it is older than this at the asOf of the scenario: 30d, 12h.'),
}

/** Which rows of a table count: column by column, the value it must have. */
export const whereField = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .optional()
  .describe('Only rows with these values in these columns count.')

/** Names that the file gives to the columns we read. */
export function columnsField<const Name extends string>(names: readonly Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, z.string().min(1).optional()]))
  return z
    .strictObject(shape as Record<Name, z.ZodOptional<z.ZodString>>)
    .optional()
    .describe('What the file calls the columns; by default as named here.')
}

type Read = (given: number | string) => Reading

function quantity(read: Read) {
  return transformed(read, (value) => value)
}

function writtenField(read: Read, write: (value: number) => number | string) {
  return transformed(read, (value) => new Written(value, write(value)))
}

function orNone(read: Read, write: (value: number) => number | string = (value) => value) {
  const readAll = (given: number | string): Reading =>
    given === 'none' ? { value: Number.POSITIVE_INFINITY } : read(given)
  return writtenField(readAll, (value) =>
    value === Number.POSITIVE_INFINITY ? 'none' : write(value),
  )
}

function transformed<Result>(read: Read, result: (value: number) => Result) {
  return z.union([z.number(), z.string()]).transform((given, context) => {
    const reading = read(given)
    if ('value' in reading) return result(reading.value)
    context.issues.push({ code: 'custom', input: given, params: { ...reading.fault } })
    return z.NEVER
  })
}
