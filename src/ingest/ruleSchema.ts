/** Shape of a protocol in the scenario file: its rules and its book. */

import { z } from 'zod'
import { oracleSchema } from './feedSchema.ts'
import {
  amountField,
  columnsField,
  durationField,
  fileKeys,
  moneyField,
  moneyFromZero,
  nameField,
  numberField,
  rateField,
  ratioField,
} from './fields.ts'

const threshold = ratioField({ from: 0, to: 1, open: 'both' })
  .optional()
  .describe('Liquidation threshold. Left out: the asset is never collateral.')
const bonus = ratioField()
  .optional()
  .describe('What a liquidator receives above the debt repaid, as a fraction of it.')
const protocolFee = ratioField().optional().describe('Share of the bonus that the protocol keeps.')

const rates = {
  borrowRate: rateField({ from: 0, to: 1000 }).optional().describe('Interest on debt, per year.'),
  supplyRate: rateField({ from: 0, to: 1000 })
    .optional()
    .describe('Interest on collateral, per year.'),
}

const modeTerms = z.strictObject({ threshold, bonus }).check(needsBoth(['threshold', 'bonus']))
const terms = z
  .strictObject({ threshold, bonus, ...rates })
  .check(needsBoth(['threshold', 'bonus']))
const feeTerms = z
  .strictObject({ threshold, bonus, protocolFee, ...rates })
  .check(needsBoth(['threshold', 'bonus', 'protocolFee']))

const flipTerms = z.strictObject({ threshold, borrowRate: rates.borrowRate })

const assets = z
  .record(nameField, terms)
  .describe('Liquidation terms by asset; {} for one that is only borrowed.')

/** Rules by kind. Meanings and sources of the parameters stand at the factories in `rules/`. */
export const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lending'),
    assets,
    closeFactor: ratioField({ from: 0, to: 1, open: 'lower' }).describe(
      'Share of a debt repayable at once.',
    ),
    wholeBelow: numberField({ from: 0, to: 1 })
      .default(0)
      .describe('Health factor below which a debt is repaid whole.'),
    dust: moneyFromZero().describe('Debts up to this are repaid whole.'),
    target: numberField({ from: 1, to: 10 })
      .nullable()
      .default(null)
      .describe('Health factor that one repayment restores; null: the close factor decides.'),
  }),
  z.strictObject({ kind: z.literal('stopOut'), assets }),
  z.strictObject({
    kind: z.literal('aaveV2'),
    assets,
    dust: moneyField().describe('Repayable debts below this are left alone.'),
  }),
  z.strictObject({
    kind: z.literal('aaveV3'),
    assets: z.record(nameField, feeTerms).describe('Liquidation terms by asset.'),
    eModes: z
      .record(nameField, z.record(nameField, modeTerms))
      .default({})
      .describe('Terms that replace those of assets, for accounts of the named group.'),
  }),
  z.strictObject({
    kind: z.literal('makerFlip'),
    assets: z
      .record(nameField, flipTerms)
      .describe('threshold is 1 / liquidation ratio; borrowRate of dai is the stability fee.'),
    dai: nameField.describe('Asset of all debts.'),
    penalty: ratioField().describe('What an auction asks above the debt, as a fraction of it.'),
    lot: amountField().describe('Most collateral in one auction, in coins.'),
    beg: ratioField().describe('Least step of a bid above the one before.'),
    ttl: durationField().describe('How long a bid must stand to win.'),
    tau: durationField().describe('How long an auction takes bids.'),
    gas: z
      .strictObject({ bite: amountField(), tend: amountField(), deal: amountField() })
      .describe('Gas of starting an auction, of a bid, and of closing it.'),
  }),
])

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
    group: nameField.optional().describe('E-mode that all accounts are in.'),
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
    columns: columnsField(['account', 'asset', 'side', 'amount', 'group']),
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

export const protocolSchema = z.strictObject({
  rules: ruleSchema,
  book,
  oracle: oracleSchema.optional(),
})

export type RuleKeys = z.output<typeof ruleSchema>
export type TermKeys = z.output<typeof terms>
export type BookKeys = z.output<typeof book>
export type CohortKeys = z.output<typeof cohort>

/** Collateral needs all of its terms, an asset that is only borrowed none of them. */
function needsBoth(keys: readonly string[]) {
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
