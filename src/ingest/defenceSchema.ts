/** Shape of defences in the scenario file, by name. */

import { z } from 'zod'
import { defenceFactories } from '../setup.ts'
import { objectOf } from './parameterSchema.ts'

/** Keys of defences; what they are for each is declared by its factory. */
export type DefencesKeys = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/** A map of defences. Meanings and sources of the parameters stand at the factories. */
export const defencesSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(defenceFactories).map(([kind, { parameters }]) => [
      kind,
      objectOf(parameters).optional(),
    ]),
  ),
) as unknown as z.ZodType<DefencesKeys>
