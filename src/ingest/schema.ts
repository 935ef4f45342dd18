/** The scenario file, as one schema: what the reader checks and what editors complete. */

import { z } from 'zod'
import { agentSchema } from './agentSchema.ts'
import { attackSchema } from './attackSchema.ts'
import { chainSchema } from './chainSchema.ts'
import { defencesSchema } from './defenceSchema.ts'
import {
  amountField,
  dropField,
  instantField,
  moneyField,
  nameField,
  ratioField,
} from './fields.ts'
import { arbitrageSchema, recoverySchema, withdrawalSchema } from './marketTimeSchema.ts'
import { pathsSchema } from './pathSchema.ts'
import { protocolSchema } from './ruleSchema.ts'
import { venueSchema } from './venueSchema.ts'

/** A run of a year in blocks of a second would be longer. */
const BLOCKS_MAX = 10_000_000

const open = { from: 0, to: 1, open: 'both' } as const

const asset = z.strictObject({
  price: moneyField().describe('Opening price, in USD or in the asset that `in` names.'),
  in: nameField.optional().describe('Price is in this asset, so that a move of it moves both.'),
})

/** Every key of a scenario, after `extends` and overrides. */
export const scenarioSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  name: nameField.describe('Name that reports show.'),
  seed: z.int().min(0).max(4294967295).default(42).describe('Seed of all random numbers.'),
  asOf: instantField().optional().describe('The moment that the scenario stands for.'),
  assets: z.record(nameField, asset).describe('Everything with a price. USD is always there.'),
  protocols: z.record(nameField, protocolSchema).describe('Deployments: rules and a book each.'),
  market: z.strictObject({
    venues: z.record(nameField, venueSchema).describe('Places where assets are sold.'),
  }),
  routes: z
    .record(nameField, z.array(nameField).min(1))
    .default({})
    .describe('Venues that an asset is sold on first; by default all that sell it.'),
  depth: z.strictObject({
    haircut: ratioField({ from: 0, to: 1, open: 'upper' }).describe(
      'Fraction of all depth that vanishes when the shock starts.',
    ),
    recovery: recoverySchema.optional().describe('How venues recover, where they do not say.'),
    arbitrage: arbitrageSchema.optional(),
    withdrawal: withdrawalSchema.optional(),
  }),
  liquidators: z.strictObject({
    disposal: z
      .enum(['all', 'cost'])
      .optional()
      .describe(
        'all: sell everything seized. cost: sell just enough to pay the debt. Needed without blocks.',
      ),
    buys: z.boolean().describe('Whether buying the debt asset moves its price.'),
    agents: z
      .record(nameField, agentSchema)
      .optional()
      .describe('Liquidators of a run in time, kind by kind.'),
  }),
  shock: z
    .strictObject({
      asset: nameField.describe('Asset whose outside price falls.'),
      drop: dropField('upper').describe('How far it falls: a positive fraction.'),
    })
    .optional()
    .describe('A fall at once. With blocks it may be left out, and falls in the first block.'),
  blocks: z.int().min(1).max(BLOCKS_MAX).optional().describe('Blocks of a run in time.'),
  chain: chainSchema.optional(),
  paths: pathsSchema.optional(),
  generations: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Generations of sales that attribution tells apart; 8 by default.'),
  path: z.int().min(0).max(4294967295).optional().describe('Which path of the seed; 0 by default.'),
  sample: z
    .strictObject({
      depth: amountField().default(0).describe('Standard deviation of the log of all depth.'),
      drop: amountField().default(0).describe('Standard deviation of the log of steps and ramps.'),
      books: z.boolean().default(false).describe('Whether synthetic books are drawn anew.'),
    })
    .optional()
    .describe('What else differs from path to path, beside random prices.'),
  defences: defencesSchema.optional().describe('Defences that every protocol has.'),
  funds: z
    .record(
      nameField,
      z.strictObject({
        capital: moneyField().describe('What it has at the opening.'),
        draws: z
          .record(nameField, ratioField({ from: 0, to: 1, open: 'lower' }))
          .describe('By protocol: the largest share of the capital that it may draw.'),
      }),
    )
    .optional()
    .describe('Funds that several protocols share: they pay what lenders lost.'),
  order: z
    .enum(['worst-first', 'batch', 'at-trigger'])
    .default('worst-first')
    .describe('Order in which the cascade takes accounts.'),
  feedback: z.boolean().default(true).describe('Whether sales move prices.'),
  gain: z.strictObject({
    drops: z.array(dropField()).min(1).describe('Further drops at which loop gain is stated.'),
  }),
  ignition: z.strictObject({
    tolerance: ratioField(open).describe('Feedback past which a cascade has ignited, of all debt.'),
  }),
  gates: z.array(z.string()).default([]).describe('Conditions such as bad_debt_usd < 1M.'),
  attack: attackSchema.optional().describe('An attacker, for run --attack.'),
})

/** A scenario with every quantity a number and every default filled in. */
export type ScenarioKeys = z.output<typeof scenarioSchema>

/** The file's own shape: `extends` is resolved before the schema is asked. */
export const fileSchema = z.strictObject({
  extends: z
    .string()
    .optional()
    .describe('Scenario that this one changes: maps merge, null removes a key.'),
  ...scenarioSchema.shape,
})

/** JSON Schema of a scenario file as people write it. With `extends`, nothing else is required. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { required, ...whole } = z.toJSONSchema(fileSchema, { target: 'draft-7', io: 'input' })
  const title = 'Firebreak scenario, version 1'
  const either = [['shock'], ['blocks', 'chain', 'paths']].map((keys) => ({
    required: [...(required ?? []), ...keys],
  }))
  return { title, ...whole, anyOf: [{ required: ['extends'] }, ...either] }
}
