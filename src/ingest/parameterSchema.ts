/** Schemas of scenario keys, from the parameters that a factory declares. */

import { z } from 'zod'
import { type Field, type Fields, keyOf, type Shape } from '../parameters.ts'
import {
  durationField,
  moneyField,
  nameField,
  numberField,
  rateField,
  ratioField,
} from './fields.ts'

/** The keys of a map, strict, in the order of the declaration; `before` goes first. */
export function objectOf(fields: Fields, before: Readonly<Record<string, z.ZodType>> = {}) {
  return z.strictObject({ ...before, ...keysOf(fields, withDefault) })
}

type Fill = (schema: z.ZodType, field: Field<unknown>) => z.ZodType

function keysOf(fields: Fields, fill: Fill): Record<string, z.ZodType> {
  const keys = Object.entries(fields).map(([name, field]): [string, z.ZodType] => {
    const { shape, about, isOptional, otherwise } = field
    const plain = otherwise === null ? schemaOf(shape).nullable() : schemaOf(shape)
    const filled = isOptional ? plain.optional() : fill(plain, field)
    return [keyOf(name, shape), filled.describe(about)]
  })
  return Object.fromEntries(keys)
}

function withDefault(schema: z.ZodType, { shape, otherwise }: Field<unknown>): z.ZodType {
  if (otherwise === undefined) return schema
  if (shape.type === 'groups') return schema.default({})
  if (otherwise === null || !isWritten(shape)) return schema.default(otherwise)
  return schema.prefault(shape.type === 'seconds' ? `${otherwise}s` : `${Number(otherwise) * 100}%`)
}

/** Terms of an asset that is only borrowed stay away: what they are then is not written down. */
function mayStayAway(schema: z.ZodType, { otherwise }: Field<unknown>): z.ZodType {
  return otherwise === undefined ? schema : schema.optional()
}

/** Whether the reader keeps it as written; see `Written`. */
function isWritten({ type }: Shape): boolean {
  return type === 'seconds' || type === 'rate'
}

function schemaOf(shape: Shape): z.ZodType {
  switch (shape.type) {
    case 'ratio':
      return ratioField(shape.limits)
    case 'rate':
      return rateField(shape.limits)
    case 'money':
      return moneyField(shape.limits)
    case 'number':
      return numberField(shape.limits)
    case 'seconds':
      return durationField(shape.limits)
    case 'flag':
      return z.boolean()
    case 'choice':
      return choiceOf(shape.of)
    case 'asset':
      return nameField
    case 'fields':
      return objectOf(shape.fields)
    case 'list':
      return z.array(objectOf(shape.fields)).min(1)
    case 'byAsset':
      return z.record(
        nameField,
        z.strictObject(keysOf(shape.fields, mayStayAway)).check(needsAll(shape.together)),
      )
    case 'groups':
      return z.record(nameField, schemaOf(shape.each))
  }
}

/** One of some words. YAML reads a version such as 3.6 as a number: it means the word. */
function choiceOf(words: readonly string[]): z.ZodType {
  const word = z.enum([...words])
  if (words.every((one) => Number.isNaN(Number(one)))) return word
  const asWord = (given: unknown) =>
    typeof given === 'number' ? words.find((one) => Number(one) === given) : given
  return z.preprocess((given) => asWord(given) ?? given, word)
}

/** Collateral needs all of its terms, an asset that is only borrowed none of them. */
function needsAll(keys: readonly string[]) {
  return (context: z.core.ParsePayload<Record<string, unknown>>): void => {
    const missing = keys.filter((key) => context.value[key] === undefined)
    if (missing.length === 0 || missing.length === keys.length) return
    context.issues.push({
      code: 'custom',
      input: context.value,
      params: {
        code: 'FB2051',
        rule: `collateral needs ${keys.join(', ')}; ${missing.join(', ')} is missing`,
        remedy: `Add ${missing.join(' and ')}, or write {} for an asset that is only borrowed`,
      },
    })
  }
}
