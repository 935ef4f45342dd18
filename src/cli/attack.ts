/** `firebreak run --attack`: what an attacker could gain in a scenario, and which guard ends it. */

import { setImmediate } from 'node:timers/promises'
import { attackReport, type Guarded } from '../attack/report.ts'
import { retyped } from '../document/retyped.ts'
import { InputError } from '../errors.ts'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf } from './flags.ts'
import { coloursOf, columnsOf, drawsUnicode, type Host } from './host.ts'
import { paintFor } from './paint.ts'
import { renderAttack } from './terminal/attack.ts'
import { ConflictingFlagsError } from './usage.ts'

/**
 * Searches, and prints a page or one JSON document.
 *
 * Rule:   each guard of the scenario is the same scenario with its keys overridden, after those of
 *         the command line.
 * Throws: NoAttackerError FB2096; FB2093 to FB2095 as the attack says
 */
export async function attack(entry: string, flags: Flags, host: Host): Promise<number> {
  for (const other of ['ndjson', 'out', 'tables', 'gate'])
    if (flags[other] !== undefined) throw new ConflictingFlagsError('--attack', `--${other}`)
  const start = performance.now()
  const job = jobOf(entry, flags, host.folder, false)
  const source = diskSource(job.folder, job.data)
  const read = await readScenario(entry, source, job.overrides)
  if (read.attack === null) throw new NoAttackerError(entry)
  const { scenario, attack } = read
  const guards: Guarded[] = []
  for (const guard of attack.guards) {
    const own = await guarded(guard.name, () =>
      readScenario(entry, source, [...job.overrides, ...guard.overrides]),
    )
    const { name, set } = guard
    guards.push({ name, set, scenario: own.scenario, spec: own.attack?.spec ?? attack.spec })
  }
  const steps = attackReport({ scenario, spec: attack.spec }, guards, read)
  const progress = progressOn(host)
  let step = steps.next()
  while (!step.done) {
    progress(`searching for attacks, ${step.value.at + 1} of ${step.value.all}`)
    await setImmediate()
    step = steps.next()
  }
  progress('')
  if (flags.json) host.stdout.write(`${JSON.stringify(step.value)}\n`)
  else if (!flags.quiet)
    host.stdout.write(
      renderAttack(step.value, {
        columns: columnsOf(host.stdout),
        paint: paintFor(coloursOf(host.stdout, host.env, flags.color === false)),
        unicode: drawsUnicode(host.env),
        program: host.program,
        entry: retyped(job),
        ...{ gates: [], saved: null },
        milliseconds: host.stdout.isTerminal ? performance.now() - start : null,
      }),
    )
  return exit.ok
}

/** Reads a scenario with a guard; what is wrong with it is said of the guard. */
async function guarded<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { code, rule, came, remedy } = error
    throw new InputError({
      ...{ code, rule, place: `attack.guards.${name}`, cause: error },
      ...(came === undefined ? {} : { came }),
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
}

/** Writes what is going on, over itself, where a person watches. */
function progressOn({ stderr, env }: Host): (text: string) => void {
  if (!stderr.isTerminal || env.TERM === 'dumb' || env.CI) return () => {}
  return (text) => stderr.write(`\r\x1b[2K${text === '' ? '' : `${text} ...`}`)
}

/** A scenario that says nothing of an attacker. */
class NoAttackerError extends InputError {
  constructor(entry: string) {
    super({
      code: 'FB2096',
      place: entry,
      rule: '--attack needs an attacker in the scenario',
      came: 'no attack:',
      remedy:
        'Add attack: { cash: $1M, flashLoan: none, gas: 500k, blocks: 10, move: 20%, ' +
        'minProfit: $1k }, ' +
        'or look at the example attack-thin-oracle',
    })
  }
}
