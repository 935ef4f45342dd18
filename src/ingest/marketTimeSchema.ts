/** Shape of what time adds to a market in the scenario file: how depth comes back and withdraws. */

import { z } from 'zod'
import { fromZero } from '../parameters.ts'
import { durationField, durationOrNone, numberField, rateField, ratioField } from './fields.ts'

export const recoverySchema = z.strictObject({
  halfLife: durationOrNone(fromZero).describe(
    'Half-life of what a sale displaced; 0s: gone by the next block, none: it stays.',
  ),
  permanent: ratioField().describe('Share of each sale whose impact moves the outside price.'),
})

/** Half-life of the differences between the venues of one asset. */
export const arbitrageSchema = durationOrNone(fromZero).describe(
  'Half-life of differences between venues of one asset; 0s: at once, none: they stay.',
)

export const withdrawalSchema = z
  .union(
    [
      z.literal('none'),
      z.strictObject({
        halfLife: durationField().describe('Half-life of the realised variance.'),
        calmVolatility: rateField({ from: 0, to: 1000, open: 'lower' }).describe(
          'Volatility per year up to which depth is what was recorded.',
        ),
        power: numberField(fromZero).describe('depth = (calm / realised) ^ power above it.'),
        floor: ratioField().describe('Least share of depth that stays.'),
        refill: durationOrNone(fromZero).describe(
          'Half-life at which withdrawn depth comes back; none: it stays away.',
        ),
      }),
    ],
    { error: 'none, or a map with halfLife, calmVolatility, power, floor and refill' },
  )
  .describe('How makers answer realised volatility; none: depth follows paths.depth alone.')
