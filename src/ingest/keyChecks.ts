/** Checks of keys that depend on their neighbours in one map of the scenario. */

import type { z } from 'zod'

type Payload = z.core.ParsePayload<Record<string, unknown>>
type Condition = (keys: Record<string, unknown>) => boolean

/** Exactly one of the keys is given. */
export function oneOf(names: readonly string[], remedy = 'Keep one of them') {
  return (context: Payload): void => {
    if (names.filter((name) => context.value[name] !== undefined).length === 1) return
    const rule = `exactly one of ${names.join(', ')} must be given`
    push(context, 'FB2052', rule, remedy)
  }
}

/** The key is required where the condition holds. */
export function needs(name: string, when: Condition) {
  return (context: Payload): void => {
    if (context.value[name] !== undefined || !when(context.value)) return
    push(context, 'FB2051', `${name} is missing`, `Add ${name}`)
  }
}

/** The key means something only where the condition holds. */
export function fits(name: string, when: Condition) {
  return (context: Payload): void => {
    if (context.value[name] === undefined || when(context.value)) return
    push(context, 'FB2052', `${name} does not fit the other keys`, `Remove ${name}`)
  }
}

function push(context: Payload, code: string, rule: string, remedy: string): void {
  context.issues.push({ code: 'custom', input: context.value, params: { code, rule, remedy } })
}
