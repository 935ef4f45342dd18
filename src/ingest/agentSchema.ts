/** Shape of one kind of liquidator in the scenario file. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  amountOrNone,
  durationField,
  moneyFromZero,
  moneyOrNone,
  numberField,
  ratioField,
  ratioOrNone,
} from './fields.ts'
import { fits, needs, oneOf } from './keyChecks.ts'

const share = ratioField({ from: 0, to: 1, open: 'lower' })

const latency = z.union(
  [
    z.literal(0),
    z
      .strictObject({
        blocks: z.int().min(0).optional().describe('Blocks from seeing an offer to acting on it.'),
        mean: durationField().optional().describe('Mean of an exponential waiting time.'),
      })
      .check(oneOf(['blocks', 'mean'])),
  ],
  { error: '0, { blocks: 2 } or { mean: 30s }' },
)

const bid = z
  .strictObject({
    fixed: numberField(fromZero).optional().describe('Always this gas price, in gwei.'),
    market: numberField(fromZero).optional().describe('A multiple of the gas price of the moment.'),
    auction: ratioField().optional().describe('A share of the profit expected.'),
  })
  .check(oneOf(['fixed', 'market', 'auction']))

const sells = z.union(
  [
    z.enum(['now', 'hold']),
    z.strictObject({
      over: durationField().describe('Time over which it is sold.'),
      urgency: numberField(fromZero).describe('Almgren-Chriss kappa per second; 0: evenly.'),
    }),
  ],
  { error: 'now, hold or { over: 10min, urgency: 0 }' },
)

/** A kind of liquidator. What has a default is neutral; everything else decides a cascade. */
export const agentSchema = z
  .strictObject({
    capital: moneyOrNone().describe('Opening cash; none: without limit.'),
    flashLoan: ratioOrNone().describe(
      'Fee on what it borrows for the moment; none: only own cash.',
    ),
    latency: latency.describe('How late it acts.'),
    minProfit: moneyFromZero().default(0).describe('Least profit for which it acts.'),
    size: z
      .enum(['whole', 'profitable'])
      .describe('The whole offer, or as much of it as pays at the margin.'),
    gas: numberField(fromZero).describe('Gas of one liquidation, in units.'),
    bid: bid.describe('What it pays for gas.'),
    maxGas: amountOrNone().prefault('none').describe('Most it pays for gas, in gwei.'),
    route: z
      .enum(['public', 'private', 'oracleAuction'])
      .describe('How its transactions reach the block.'),
    tip: ratioField()
      .optional()
      .describe('Share of the profit paid for a place that is not public.'),
    valuation: share.describe('Most it offers for collateral, as a share of its worth.'),
    outbids: z
      .enum(['valuation', 'least'])
      .default('valuation')
      .describe('What it bids in an auction: all of that at once, or the least accepted.'),
    sells: sells.describe('When it sells what it receives.'),
    leavesAfter: moneyOrNone().prefault('none').describe('Loss past which it leaves for good.'),
    count: z.int().min(1).max(1000).default(1).describe('How many of them: NAME-1, NAME-2, ...'),
  })
  .check(
    needs('tip', (keys) => keys.route !== 'public'),
    fits('tip', (keys) => keys.route !== 'public' || keys.tip === 0),
  )

export type AgentKeys = z.output<typeof agentSchema>
