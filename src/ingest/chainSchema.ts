/** Shape of the chain in the scenario file. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  amountOrNone,
  durationField,
  moneyFromZero,
  nameField,
  numberField,
  rateField,
  ratioField,
  type Written,
} from './fields.ts'
import { needs, oneOf } from './keyChecks.ts'

const isPriced = (keys: Record<string, unknown>): boolean =>
  (keys.gasLimit as Written).value < Number.POSITIVE_INFINITY
const gasUnit = oneOf(['gasAsset', 'gasToken'], 'Write gasAsset: ETH, or gasToken: $0.5')

export const chainSchema = z
  .strictObject({
    block: durationField().describe('Time from one block to the next.'),
    gasLimit: amountOrNone().describe('Gas in a block; none: no limit, and gas is free.'),
    demand: rateField({ from: 0, to: 1000 })
      .optional()
      .describe('Gas that others want in a block, as a share of the limit, at any price.'),
    priceSpread: numberField(fromZero)
      .optional()
      .describe('Standard deviation of the logarithm of what others pay around the gas price.'),
    feeMarket: z.enum(['first-price', 'eip1559']).optional().describe('How gas is priced.'),
    gas: numberField(fromZero).optional().describe('Opening gas price, in gwei.'),
    gasAsset: nameField.optional().describe('Asset that gas is paid in.'),
    gasToken: moneyFromZero()
      .optional()
      .describe('USD price of what gas is paid in, where it is no asset of the scenario.'),
    failedGas: ratioField().optional().describe('Share of its gas that a failed one burns.'),
  })
  .check(
    ...['demand', 'priceSpread', 'feeMarket', 'gas', 'failedGas'].map((key) =>
      needs(key, isPriced),
    ),
    (context) => {
      if (isPriced(context.value)) gasUnit(context)
    },
  )
  .describe('The chain that orders transactions.')

export type ChainKeys = z.output<typeof chainSchema>
