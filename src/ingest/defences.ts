/** Defences of a protocol, in numbers. */

import type { DefenceSpec } from '../defence.ts'
import { defenceFactories } from '../setup.ts'
import type { Context } from './context.ts'
import { valuesOf } from './parameterValues.ts'
import { ruled } from './ruleErrors.ts'
import type { ProtocolKeys } from './ruleSchema.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/**
 * Reads what a protocol is defended by, in the order of the file.
 *
 * Throws: ScenarioKeyError FB2092 where the scenario has no time; what a factory refuses
 */
export function defencesFrom(
  keys: NonNullable<ProtocolKeys['defences']>,
  context: Context,
  path: readonly Step[],
): DefenceSpec[] {
  if (context.time === null)
    throw keyError(context.tree, [...path, 'defences'], {
      code: 'FB2092',
      rule: 'defences act from block to block',
      remedy: 'Add blocks:, chain: and paths:, or use firebreak compare, which adds them',
    })
  const entries = Object.entries(keys).filter((entry) => entry[1] !== undefined)
  return entries.map(([kind, given = {}]) => {
    const factory = defenceFactories[kind]
    const at = [...path, 'defences', kind]
    const values = valuesOf(factory.parameters, given, context, at)
    ruled(factory.parameters, given, context, at, () => factory(values))
    return { kind, ...values }
  })
}
