/** How an error looks on a terminal and in JSON, and the exit code it has. */

import { FirebreakError, SourceError } from '../errors.ts'
import type { Host } from './host.ts'
import { wrap } from './layout.ts'
import type { Paint } from './paint.ts'

/** Exit codes that scripts may rely on. */
export const exit = {
  ok: 0,
  internal: 1,
  input: 2,
  gate: 3,
  source: 4,
  unsettled: 6,
  interrupted: 130,
} as const

/** An error as plain data: what `--json` prints and what crosses a thread. */
export interface Failure {
  readonly code: string
  readonly exit: number
  readonly rule: string
  readonly place: string | null
  readonly came: string | null
  readonly remedy: string | null
  /** Only for our own faults. */
  readonly stack: string | null
}

/** Thrown where a failure arrives ready made, from another thread. */
export class FailureError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.rule)
    this.name = 'FailureError'
    this.failure = failure
  }
}

/** Any thrown value as a failure; what we did not throw on purpose is our own fault, exit 1. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  if (error instanceof FirebreakError) {
    return {
      code: error.code,
      exit: error instanceof SourceError ? exit.source : exit.input,
      rule: error.rule,
      place: error.place ?? null,
      came: error.came ?? null,
      remedy: error.remedy ?? null,
      stack: null,
    }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return {
    code: 'FB1000',
    exit: exit.internal,
    rule: message,
    place: null,
    came: null,
    remedy: 'This is a fault in Firebreak. Run it again with FIREBREAK_DEBUG=1 and report it',
    stack: stack ?? null,
  }
}

/** The failure for a person: code and rule, then place, remedy and where to read more. */
export function failureLines(failure: Failure, host: Host, paint: Paint): string[] {
  const { code, rule, place, came, remedy, stack } = failure
  const what = came === null ? rule : `${rule}, got ${came}`
  const head = wrap(`error ${code}  ${what}`, 98, 2)
  return [
    head[0].replace(`error ${code}`, paint.total(`error ${code}`)),
    ...head.slice(1),
    ...(place === null ? [] : wrap(`at ${place}`, 96).map((line) => `  ${line}`)),
    ...(remedy === null ? [] : wrap(remedy, 96).map((line) => `  ${line}`)),
    ...(code === 'FB1000' ? [] : [`  ${paint.quiet(`${host.program} help ${code}`)}`]),
    ...(stack !== null && host.env.FIREBREAK_DEBUG ? [stack] : []),
  ]
}

/** The failure as one JSON document. */
export function failureJson({ stack: _, exit: __, ...facts }: Failure): string {
  return `${JSON.stringify({ error: facts })}\n`
}
