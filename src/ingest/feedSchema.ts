/** Shape of a protocol's price feeds in the scenario file, by kind. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import {
  amountField,
  amountOrNone,
  durationField,
  durationOrNone,
  moneyField,
  nameField,
  numberField,
  rateField,
  ratioField,
} from './fields.ts'
import { fits, needs } from './keyChecks.ts'

const delay = durationField(fromZero)

const spot = z.strictObject({ kind: z.literal('spot') })
const pushed = z
  .strictObject({
    kind: z.literal('pushed'),
    deviation: ratioField().describe('Move since the last round that starts a new one.'),
    heartbeat: durationOrNone().describe('Time after which a round comes anyway; none: never.'),
    delay: delay.describe('Median time from the decision on a round to its inclusion.'),
    delaySpread: numberField(fromZero).describe('Standard deviation of the log of the delay.'),
    calmGas: amountField().optional().describe('Gas price up to which the delay holds, in gwei.'),
    congestionPower: numberField(fromZero).describe(
      'The delay grows as (gas / calmGas) ^ power above it; 0: not at all.',
    ),
    min: moneyField().optional().describe('Least answer of the feed, in USD.'),
    max: moneyField().optional().describe('Largest answer of the feed, in USD.'),
  })
  .check(needs('calmGas', (keys) => keys.congestionPower !== 0))
const securityModule = z.strictObject({
  kind: z.literal('securityModule'),
  hop: durationField().describe('Time between two pokes.'),
  feedDelays: z.array(delay).min(1).describe('Each feed of the median, by how late it is.'),
  pokeMaxGas: amountOrNone().describe('Gas price above which pokes wait, in gwei; none: never.'),
})
const twap = z.strictObject({
  kind: z.literal('twap'),
  window: durationField().describe('Time over which the price is averaged.'),
  mean: z.enum(['arithmetic', 'geometric']),
})
const ema = z.strictObject({
  kind: z.literal('ema'),
  time: durationField().describe('Time in which an old price loses 1 - 1/e of its weight.'),
})
const confident = z.strictObject({
  kind: z.literal('confident'),
  width: ratioField().describe('Half-width of the interval at rest, of the price.'),
  volatilityWidth: numberField(fromZero).describe('Standard deviations that volatility adds.'),
  halfLife: durationField().describe('Half-life of the realised variance.'),
  widthMax: ratioField().describe('Above this half-width the price is not valid.'),
  delay: delay.describe('How late the price is.'),
})

const hasMean = (keys: Record<string, unknown>): boolean => keys.component !== 'index'
const mark = z
  .strictObject({
    kind: z.literal('mark'),
    component: z
      .enum(['index', 'book', 'median'])
      .describe(
        'index alone; book: index + mean of market - index; median: of these and the market.',
      ),
    time: durationField().optional().describe('Time constant of the mean of market - index.'),
    ownWeight: ratioField()
      .optional()
      .describe('Weight of the own market in the index; default 0.'),
    funding: z
      .strictObject({
        rate: ratioField({ from: -1, to: 1, open: 'both' }).describe('Of one interval.'),
        interval: durationField().describe('Time between two fundings.'),
        due: durationField(fromZero).describe('Time from the opening to the next funding.'),
      })
      .optional()
      .describe('Funding that index and median add to the index; by default none.'),
  })
  .check(needs('time', hasMean), fits('time', hasMean))
  .check(fits('funding', (keys) => keys.component !== 'book'))

const plain = [spot, pushed, securityModule, twap, ema, confident, mark] as const
const word = z.literal('spot')
const WHAT = 'spot, or a map with the kind of the feed'

const capped = z.strictObject({
  kind: z.literal('capped'),
  growth: rateField({ from: 0, to: 1000 }).describe('Growth of the cap per year, of the snapshot.'),
  snapshotRatio: amountField().describe('Cap when the snapshot was taken.'),
  snapshotAge: durationField(fromZero).describe('How long before the opening that was.'),
  under: z
    .union([word, z.discriminatedUnion('kind', [...plain])], { error: WHAT })
    .describe('The feed beneath the cap.'),
})

const feed = z.discriminatedUnion('kind', [...plain, capped])

/** One feed for all assets, or feeds by asset with `others` for the rest. */
export const oracleSchema = z
  .union([word, feed, z.record(nameField, z.union([word, feed], { error: WHAT }))], {
    error: `${WHAT}, or a map of feeds by asset`,
  })
  .describe('What the protocol believes prices to be: one feed, or { ETH: ..., others: spot }.')

export type OracleKeys = z.output<typeof oracleSchema>
/** Parameters of a feed; meanings and sources stand at the factories in `oracles/`. */
export type FeedKeys = z.output<typeof feed> | 'spot'
