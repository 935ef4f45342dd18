/** Defences of a protocol, in numbers. */

import type { DefenceSpec } from '../defence.ts'
import { defenceFactories } from '../setup.ts'
import type { Context } from './context.ts'
import type { DefencesKeys } from './defenceSchema.ts'
import { valuesOf } from './parameterValues.ts'
import { ruled } from './ruleErrors.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/**
 * Reads what a protocol is defended by, what all are and its own, in the order of their names.
 *
 * Rule:   its own keys of a defence replace those of all. The order of the file says nothing, as
 *         run ids do not know it.
 * Throws: ScenarioKeyError FB2092 where the scenario has no time; what a factory refuses
 */
export function defencesFrom(
  own: DefencesKeys,
  context: Context,
  path: readonly Step[],
): { readonly defences?: readonly DefenceSpec[] } {
  const ofAll = context.keys.defences ?? {}
  const kinds = Object.keys({ ...ofAll, ...own })
  if (kinds.length === 0) return {}
  return {
    defences: kinds.map((kind) => {
      const isOwn = own[kind] !== undefined
      const keys = (isOwn ? own : ofAll)[kind] ?? {}
      const at = [...(isOwn ? path : []), 'defences', kind]
      if (context.time === null) throw timeless(context, at)
      const { parameters } = defenceFactories[kind]
      const values = valuesOf(parameters, keys, context, at)
      ruled(parameters, keys, context, at, () => defenceFactories[kind](values))
      return { kind, ...values }
    }),
  }
}

function timeless({ tree }: Context, path: readonly Step[]): Error {
  return keyError(tree, path, {
    code: 'FB2092',
    rule: 'defences act from block to block',
    remedy: 'Add blocks:, chain: and paths:, or use firebreak compare, which adds them',
  })
}
