/** Shape of the key that fills assets of rules from a file of reserve parameters. */

import { z } from 'zod'
import type { RulesFactory } from '../rules.ts'
import { fileKeys, nameField, ratioField, whereField } from './fields.ts'

/** How a file writes a ratio: 0.83, 83 or 8300. */
const unitField = z.enum(['fraction', 'percent', 'bps'])

const columnField = z.union([
  z.string().min(1),
  z.strictObject({
    column: z.string().min(1).describe('What the file calls it.'),
    unit: unitField.optional().describe('How this column writes ratios; else as all do.'),
    less: ratioField({ from: 0, to: 1 })
      .optional()
      .describe('Taken off every value: 100% where 10500 means a bonus of 5%.'),
  }),
])

/** Keys of a file of reserve parameters. */
export const reserveSchema = z
  .strictObject({
    ...fileKeys,
    where: whereField,
    asset: z.string().min(1).describe('Column that names the asset of a row.'),
    rename: z
      .record(z.string(), nameField)
      .optional()
      .describe('Assets that the file calls otherwise: { WETH: ETH }.'),
    unit: unitField.describe('How the file writes ratios: 0.83, 83 or 8300.'),
    columns: z.record(z.string(), columnField).describe('Columns by the terms of an asset.'),
    always: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .optional()
      .describe('Terms that the file lacks, the same for all of its assets.'),
  })
  .describe('File whose rows fill the assets that are not written out.')

export type ReserveKeys = z.output<typeof reserveSchema>

/** Whether rules have assets that a file may fill. */
export function takesReserves({ parameters }: Pick<RulesFactory, 'parameters'>): boolean {
  return parameters.assets?.shape.type === 'byAsset'
}
