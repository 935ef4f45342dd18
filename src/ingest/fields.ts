/** The fields that scenario keys are made of: quantities with units, names, references to files. */

import { z } from 'zod'
import { amount, drop, duration, instant, type Limits, type Reading, ratio } from './quantity.ts'

const positive: Limits = { from: 0, to: Number.POSITIVE_INFINITY, open: 'lower' }
const fromZero: Limits = { from: 0, to: Number.POSITIVE_INFINITY }

/** A fraction such as a threshold, within limits; by default from 0 to 1. */
export function ratioField(limits: Limits = { from: 0, to: 1 }) {
  return quantity((given) => ratio(given, limits))
}

/** How far a price falls: positive, below 1. */
export function dropField(open: 'upper' | 'both' = 'both') {
  return quantity((given) => drop(given, { from: 0, to: 1, open }))
}

/** Money, above 0. */
export function moneyField() {
  return quantity((given) => amount(given, positive, true))
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

function quantity(read: (given: number | string) => Reading) {
  return z.union([z.number(), z.string()]).transform((given, context) => {
    const reading = read(given)
    if ('value' in reading) return reading.value
    context.issues.push({ code: 'custom', input: given, params: { ...reading.fault } })
    return z.NEVER
  })
}
