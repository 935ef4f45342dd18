/** Shape of paths in the scenario file: how prices, gas and depth run over time, by kind. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  columnsField,
  dropField,
  durationField,
  fileKeys,
  instantField,
  moneyField,
  nameField,
  numberField,
  rateField,
  ratioField,
  Written,
  whereField,
} from './fields.ts'
import { span, spanText } from './quantity.ts'

const drop = dropField('upper').describe('How far it falls: a positive fraction.')
const between = z
  .enum(['linear', 'log', 'hold'])
  .describe('Between two points: straight, straight in the logarithm, or the last one held.')
const unit = z
  .enum(['factor', 'price', 'gwei'])
  .describe('factor on the opening value; price: of an asset, in its own unit; gwei: of gas.')
const recorded = {
  ...fileKeys,
  columns: columnsField(['time', 'price']),
  where: whereField,
  from: instantField().optional().describe('Rows before this moment do not count.'),
  to: instantField().optional().describe('Rows after this moment do not count.'),
}
const rate = { from: -1000, to: 1000 } as const
const diffusion = {
  drift: rateField(rate).describe('Drift per year.'),
  volatility: rateField({ from: 0, to: 1000 }).describe('Volatility per year.'),
}

const pointList = z.array(z.tuple([durationField(fromZero), moneyField()])).min(1)
const pointMap = z.record(z.string(), moneyField()).transform((given, context) =>
  Object.entries(given).map(([time, value]): [Written, number] => {
    const reading = span(time, fromZero)
    if ('value' in reading) return [new Written(reading.value, spanText(reading.value)), value]
    context.issues.push({
      ...{ code: 'custom', input: time, path: [time] },
      params: { ...reading.fault },
    })
    return z.NEVER
  }),
)

/** How one number runs over time. Meanings of the parameters stand at the factories in `paths/`. */
const courseSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step'),
    drop,
    at: durationField(fromZero).describe('When it falls; 0s: in the first block.'),
  }),
  z.strictObject({
    kind: z.literal('ramp'),
    drop,
    from: durationField(fromZero).describe('When it begins to fall.'),
    to: durationField().describe('When it has fallen.'),
  }),
  z.strictObject({
    kind: z.literal('waypoints'),
    unit,
    between,
    points: z
      .union([pointList, pointMap], {
        error: 'a map like { 0s: 194, 1h: 180 }, or a list of [time, value]',
      })
      .describe('Values by time since the opening, which rises.'),
  }),
  z.strictObject({ kind: z.literal('series'), ...recorded, unit, between }),
  z.strictObject({ kind: z.literal('gbm'), ...diffusion }),
  z.strictObject({
    kind: z.literal('jumpDiffusion'),
    ...diffusion,
    jumpsPerYear: numberField(fromZero).describe('How many jumps are expected in a year.'),
    jumpMean: rateField(rate).describe('Mean of the logarithm of the factor of one jump.'),
    jumpDeviation: rateField({ from: 0, to: 1000 }).describe('Its standard deviation.'),
  }),
  z.strictObject({
    kind: z.literal('garch'),
    step: durationField().describe('Time of one return.'),
    omega: numberField(fromZero).describe('Variance of a log return: h = omega + ...'),
    alpha: numberField(fromZero).describe('... alpha x the last return squared + ...'),
    beta: numberField(fromZero).describe('... beta x the last h.'),
    opening: numberField(fromZero).describe('Variance of the first return.'),
  }),
  z.strictObject({
    kind: z.literal('bootstrap'),
    ...recorded,
    step: durationField().describe('Time between two rows: that of one return.'),
    meanRun: numberField({ from: 1, to: 1e9 }).describe('Mean length of a run, in returns.'),
  }),
])

const courses = z.union([z.array(courseSchema).min(1), courseSchema], {
  error: 'a course, or a list of courses that are multiplied',
})

export const pathsSchema = z
  .strictObject({
    are: z
      .enum(['outside', 'given', 'inferred'])
      .optional()
      .describe('Whether prices move from outside, or record what sales had moved already.'),
    prices: z.record(nameField, courses).default({}).describe('Prices that move of themselves.'),
    correlation: z
      .record(nameField, z.record(nameField, ratioField({ from: -1, to: 1 })))
      .optional()
      .describe('Correlation of random prices, each pair once; pairs left out have 0.'),
    gas: courses.optional().describe('How the gas price of the chain runs.'),
    depth: courses.optional().describe('How the depth of all venues runs.'),
    sampling: z
      .strictObject({
        kind: z
          .enum(['antithetic', 'stratified', 'quasi'])
          .describe('Mirrored in pairs, in strata of the first price, or evenly over all.'),
        batch: z
          .int()
          .min(2)
          .max(65536)
          .optional()
          .describe('Paths that are spread together; 2 where mirrored, else 32 by default.'),
      })
      .optional()
      .describe('How the paths of many runs are spread; independently by default.'),
  })
  .describe('How prices, gas and depth run of themselves.')

export type PathKeys = z.output<typeof pathsSchema>
export type CourseKeys = z.output<typeof courseSchema>
export type RecordKeys = Extract<CourseKeys, { kind: 'series' | 'bootstrap' }>
