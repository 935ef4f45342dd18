/** Shape of an attacker in the scenario file. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  amountField,
  moneyField,
  moneyFromZero,
  nameField,
  numberField,
  ratioField,
} from './fields.ts'

/** A search of a longer hold, or of more plans, would hardly end. */
const BLOCKS_MAX = 100_000
const EVALUATIONS_MAX = 1_000_000

const flashLoan = z.union(
  [
    z.literal('none'),
    z.strictObject({
      most: moneyField().describe('The most that is lent for one block.'),
      fee: ratioField().describe('Fee on it.'),
    }),
  ],
  { error: 'none, or a map with most and fee' },
)

const outside = z.strictObject({
  capacity: moneyField().describe('The largest position that the market outside takes.'),
  margin: ratioField({ from: 0, to: 1, open: 'lower' }).describe('Margin for it.'),
  fee: ratioField().describe('Fee on its value, when it opens and when it closes.'),
})

const loan = z.strictObject({
  units: amountField().describe('Units that the protocol still has to lend.'),
  upTo: ratioField({ from: 0, to: 1, open: 'lower' }).describe(
    'Share of the debt at which a borrower could be liquidated that is lent at most.',
  ),
})

/** An attacker: what it has, how long it acts, and what may stop it. */
export const attackSchema = z.strictObject({
  cash: moneyField().describe('Its own money.'),
  flashLoan: flashLoan.describe('What it may borrow within one block; none: nothing.'),
  gas: numberField(fromZero).describe('Gas of its trades in one block, units.'),
  blocks: z.int().min(1).max(BLOCKS_MAX).describe('The most blocks over which it holds a price.'),
  move: ratioField({ from: 0, to: 1, open: 'both' }).describe(
    'The move of a published price whose cost is stated.',
  ),
  minProfit: moneyFromZero().describe('The least profit that is worth it.'),
  depthShare: ratioField({ from: 0, to: 1, open: 'upper' })
    .default(0)
    .describe('Share of all depth that is its own, and that it may take away before it strikes.'),
  evaluations: z
    .int()
    .min(1)
    .max(EVALUATIONS_MAX)
    .default(2000)
    .describe('Plans that a search tries at most; each guard is searched anew.'),
  outside: z
    .record(nameField, outside)
    .default({})
    .describe('By asset: perpetuals or shorts elsewhere that close at the mid.'),
  loans: z
    .record(nameField, z.record(nameField, loan))
    .default({})
    .describe('By protocol and asset: what is lent against collateral at its published price.'),
  guards: z
    .record(nameField, z.record(z.string().min(1), z.json()))
    .default({})
    .describe('By name: scenario keys, with dots, and their values, as --set has them.'),
})

/** The keys of an attacker, in numbers. */
export type AttackKeys = z.output<typeof attackSchema>
