/** Shape of a venue in the scenario file, by kind. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  amountField,
  columnsField,
  dropField,
  durationField,
  durationOrNone,
  fileKeys,
  instantField,
  moneyField,
  nameField,
  rateField,
  ratioField,
  whereField,
} from './fields.ts'
import { fits, needs, oneOf } from './keyChecks.ts'
import { recoverySchema } from './marketTimeSchema.ts'

const beyond = z
  .enum(['wall', 'linear', 'sqrt'])
  .describe('What happens past the observed edge. No default: it decides how deep a cascade goes.')

const HOLDS = 'Keep the one that holds the depth'

const sides = {
  asset: nameField.describe('Asset sold here.'),
  quote: nameField.describe('Asset paid here.'),
}
const proceedsFee = ratioField({ from: 0, to: 1, open: 'upper' })
  .default(0)
  .describe('Fraction taken from the proceeds.')
const pair = {
  ...sides,
  fee: proceedsFee,
  recovery: recoverySchema
    .optional()
    .describe('How this venue recovers in a run in time; by default as depth.recovery says.'),
}
const recorded = { asOf: instantField().optional().describe('When the depth was recorded.') }
const fromFile = { ...fileKeys, file: fileKeys.file.optional(), where: whereField }
const fileOnly = (['columns', 'format', 'sha256', 'maxAge', 'where'] as const).map((name) =>
  fits(name, (keys) => keys.file !== undefined),
)

const orderBook = z
  .strictObject({
    kind: z.literal('orderBook'),
    ...pair,
    beyond,
    ...fromFile,
    columns: columnsField(['price', 'size']),
    bids: z
      .array(z.tuple([amountField(), amountField()]))
      .optional()
      .describe('Levels, best first: [price in quote, size in units].'),
    bands: z
      .array(z.tuple([dropField(), moneyField()]))
      .min(1)
      .optional()
      .describe('Depth by drop from the mid: [drop, quote amount within it], both rising.'),
    levels: z
      .enum(['absolute', 'relative'])
      .optional()
      .describe('Whether bids stay at their prices or move with the outside price.'),
    mid: amountField()
      .optional()
      .describe('Mid when the bids were recorded; relative levels are fractions of it.'),
  })
  .check(
    oneOf(['bids', 'bands', 'file'], HOLDS),
    needs('levels', (keys) => keys.bands === undefined),
    fits('levels', (keys) => keys.bands === undefined),
    fits('mid', (keys) => keys.levels === 'relative'),
    ...fileOnly,
  )

const constantProduct = z.strictObject({
  kind: z.literal('constantProduct'),
  ...pair,
  ...recorded,
  reserve: amountField().describe('Units of the asset in the pool.'),
  keepsFee: z.boolean().describe('Whether the fee stays in the pool, as in Uniswap v2.'),
  reprice: z
    .enum(['arbitrage', 'cash'])
    .default('arbitrage')
    .describe('How an outside move reaches the pool: along its curve, or by scaling its cash.'),
})

const concentrated = z
  .strictObject({
    kind: z.literal('concentrated'),
    ...pair,
    beyond,
    ...fromFile,
    columns: columnsField(['tick', 'liquidityNet']),
    ranges: z
      .array(z.tuple([amountField(), amountField(), amountField()]))
      .min(1)
      .optional()
      .describe('Positions: [lower price, upper price, liquidity in sqrt(units x quote)].'),
    baseDecimals: z.int().min(0).max(36).optional(),
    quoteDecimals: z.int().min(0).max(36).optional(),
    baseIsToken0: z.boolean().optional().describe('Whether the asset sold is token0 of the pool.'),
  })
  .check(
    oneOf(['ranges', 'file'], HOLDS),
    ...(['baseDecimals', 'quoteDecimals', 'baseIsToken0'] as const).flatMap((key) => [
      needs(key, (keys) => keys.file !== undefined),
      fits(key, (keys) => keys.file !== undefined),
    ]),
    ...fileOnly,
  )

const stableSwap = z.strictObject({
  kind: z.literal('stableSwap'),
  ...pair,
  ...recorded,
  amplification: amountField().describe('A, as the contract reports it.'),
  baseBalance: amountField(),
  quoteBalance: amountField(),
})

const quoteLadder = z
  .strictObject({
    kind: z.literal('quoteLadder'),
    ...pair,
    beyond,
    ...fromFile,
    columns: columnsField(['amountIn', 'amountOut']),
    quotes: z
      .array(z.tuple([amountField(), amountField()]))
      .min(1)
      .optional()
      .describe('Aggregator quotes: [units in, quote out], in any order.'),
  })
  .check(oneOf(['quotes', 'file'], HOLDS), ...fileOnly)

const impactCurve = z
  .strictObject({
    kind: z.literal('impactCurve'),
    ...pair,
    ...recorded,
    beyond: beyond.optional(),
    shape: z.enum(['none', 'linear', 'exponential', 'squareRoot']).describe('none sells at par.'),
    coefficient: amountField()
      .optional()
      .describe('Drop per unit, log drop per unit, or drop per root.'),
    crossover: amountField().optional().describe('Units below which a square root is a line.'),
    observed: amountField().optional().describe('Units up to which the curve was observed.'),
  })
  .check(
    needs('coefficient', (keys) => keys.shape !== 'none'),
    fits('coefficient', (keys) => keys.shape !== 'none'),
    needs('crossover', (keys) => keys.shape === 'squareRoot'),
    fits('crossover', (keys) => keys.shape === 'squareRoot'),
    needs('beyond', (keys) => keys.observed !== undefined),
  )

const redemption = z
  .strictObject({
    kind: z.literal('redemption'),
    ...sides,
    ...recorded,
    rate: amountField().describe('Quote asset for one unit of the claim: its par value.'),
    fee: ratioField({ from: 0, to: 1, open: 'upper' }).describe(
      'Fraction of the rate kept by who redeems, and added by who mints.',
    ),
    capacity: amountField().describe('Units that can be redeemed at once: reserves, or a queue.'),
    refill: durationOrNone()
      .optional()
      .describe('Time in which a used-up capacity comes back, evenly; none: it does not.'),
    feePerShare: rateField({ from: 0, to: 1000 })
      .optional()
      .describe('Fee added per share of the supply redeemed: 50% where BETA is 2.'),
    supply: amountField().optional().describe('Units that the share redeemed is a share of.'),
    decay: durationField()
      .optional()
      .describe('Half-life of what was redeemed, in the rising fee and in the capacity.'),
    wait: durationField(fromZero).optional().describe('From redeeming to being paid.'),
    waitCost: rateField({ from: 0, to: 1000 })
      .optional()
      .describe('What a year of waiting is worth to who buys the claim now.'),
    mints: amountField().optional().describe('Units that can be minted at once.'),
    pays: nameField.optional().describe('Asset handed out, for the rate of quote asset.'),
  })
  .check(
    needs('supply', (keys) => keys.feePerShare !== undefined),
    fits('supply', (keys) => keys.feePerShare !== undefined),
    needs('waitCost', (keys) => keys.wait !== undefined),
    fits('waitCost', (keys) => keys.wait !== undefined),
    fits('refill', (keys) => keys.decay === undefined),
    fits('mints', (keys) => keys.pays === undefined),
  )

const poolShare = z.strictObject({
  kind: z.literal('poolShare'),
  ...sides,
  ...recorded,
  fee: proceedsFee,
  pool: nameField.describe('The constantProduct venue that shares are redeemed from.'),
})

export const venueSchema = z.discriminatedUnion('kind', [
  orderBook,
  constantProduct,
  concentrated,
  stableSwap,
  quoteLadder,
  impactCurve,
  redemption,
  poolShare,
])

export type VenueKeys = z.output<typeof venueSchema>
