/** Shape of a protocol in the scenario file: its rules and its book. */

import { z } from 'zod'
import { rulesFactories } from '../setup.ts'
import { defencesSchema } from './defenceSchema.ts'
import { oracleSchema } from './feedSchema.ts'
import {
  amountField,
  columnsField,
  fileKeys,
  moneyField,
  nameField,
  numberField,
  ratioField,
} from './fields.ts'
import { objectOf } from './parameterSchema.ts'
import { type ReserveKeys, reserveSchema, takesReserves } from './reserveParametersSchema.ts'

/** Rules by kind. Meanings and sources of the parameters stand at the factories in `rules/`. */
const ruleSchema = z.discriminatedUnion('kind', schemas())

function schemas() {
  const [first, ...others] = Object.entries(rulesFactories).map(([kind, factory]) => {
    const file = takesReserves(factory) ? { parameters: reserveSchema.optional() } : {}
    return objectOf(factory.parameters, { kind: z.literal(kind), ...file })
  })
  return [first, ...others] as const
}

/** Columns that some rules read beside those of every book. */
const ownColumns = Object.values(rulesFactories).flatMap(({ columns = [] }) =>
  columns.map(({ name }) => name),
)

const share = z.union([
  nameField,
  z.record(nameField, ratioField({ from: 0, to: 1, open: 'lower' })),
])

const cohort = z
  .strictObject({
    accounts: z.int().min(1).max(5_000_000).describe('How many accounts.'),
    seed: z.int().min(0).max(4294967295).optional().describe('By default that of the scenario.'),
    collateral: share.describe('One asset, or shares of the accounts: { ETH: 70%, stETH: 30% }.'),
    debt: share.describe('One asset, or shares of the accounts.'),
    group: nameField
      .optional()
      .describe('Group that all accounts are in: an e-mode, market, vault or branch of the rules.'),
    totalDebt: moneyField().optional().describe('Debts are scaled to this sum in USD.'),
    largestShare: ratioField({ from: 0, to: 1, open: 'lower' })
      .optional()
      .describe('No account owes more than this share of all debt.'),
    medianDebt: moneyField().optional().describe('By default fitted to a recorded book.'),
    debtSpread: amountField().optional().describe('Standard deviation of log debt; else fitted.'),
    medianHealth: numberField({ from: 1, to: 1000, open: 'lower' })
      .optional()
      .describe('Median health factor; else fitted.'),
    healthSpread: amountField()
      .optional()
      .describe('Standard deviation of log log health factor; else fitted.'),
  })
  .describe('Accounts of one kind; what is not given is fitted to a recorded book.')

const book = z
  .strictObject({
    ...fileKeys,
    file: fileKeys.file.optional(),
    columns: columnsField(['account', 'asset', 'side', 'amount', 'group', ...ownColumns]),
    synthetic: z.array(cohort).min(1).max(1024).optional().describe('A seeded book, kind by kind.'),
  })
  .check((context) => {
    const { file, columns, format, sha256, asOf, maxAge, synthetic } = context.value
    const named = [columns, format, sha256, asOf, maxAge].some((value) => value !== undefined)
    if ((file === undefined) !== (synthetic === undefined) && !(synthetic && named)) return
    context.issues.push({
      code: 'custom',
      input: context.value,
      params: {
        code: 'FB2052',
        rule: 'a book is either a file with its keys or synthetic',
        remedy: 'Write file: positions.csv, or synthetic: [{ accounts: 1000, ... }]',
      },
    })
  })
  .describe('Positions: account, asset, side and amount in whole coins.')

/** Keys of some rules; what they are for a kind is declared by its factory. */
export interface RuleKeys {
  readonly kind: string
  /** A file that fills assets; only where the rules have them. */
  readonly parameters?: ReserveKeys
  readonly [key: string]: unknown
}

export const protocolSchema = z.strictObject({
  rules: ruleSchema as unknown as z.ZodType<RuleKeys>,
  book,
  oracle: oracleSchema.optional(),
  defences: defencesSchema
    .optional()
    .describe('What holds its cascade back; firebreak help NAME says what each does.'),
  pledged: z
    .strictObject({
      in: nameField.describe('Protocol in which it stands.'),
      assets: z.array(nameField).min(1).describe('Which assets its accounts borrow against here.'),
    })
    .optional()
    .describe('Collateral of accounts of the same names that stands in another protocol.'),
})

export type ProtocolKeys = z.output<typeof protocolSchema>
export type BookKeys = z.output<typeof book>
export type CohortKeys = z.output<typeof cohort>
