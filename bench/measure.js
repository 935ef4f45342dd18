/** Timing, parts of a row, and the references' processes. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
/** Collects garbage: otherwise a contestant is stopped for what another has left. */
const collect = runInNewContext('gc')

/** Turns of every contestant in a row, one after the other in rotation; the fastest counts. */
export const TURNS = 5

/**
 * One line of a row: `{ name, value, unit, reference, ratio, budget, ok }`.
 *
 * Rule: the budget bounds the ratio where `bounds` says so, otherwise the value. Null: nothing to compare, or no budget.
 */
export function part({ name, value, unit, reference = null, budget = null, bounds = 'value' }) {
  const ratio = value === null || reference === null ? null : value / reference
  const judged = bounds === 'ratio' ? ratio : value
  const ok = budget === null || (judged !== null && judged <= budget)
  return { name, value, unit, reference, ratio, budget, ok }
}

/** A line that says whether two answers are the same, digit for digit. */
export function same(name, unit, value, reference) {
  const ratio = reference === value ? 1 : value / reference
  return { name, value, unit, reference, ratio, budget: null, ok: reference === value }
}

/** A line for a reference that this machine cannot run: the row is not ok, for its answer is not proved. */
export function missing(name, unit, value, reason) {
  const unproved = `${name}: not compared, ${reason}`
  return { name: unproved, value, unit, reference: null, ratio: null, budget: null, ok: false }
}

/** Milliseconds of the fastest of `passes` calls, and what the last one returned. */
export function timed(work, passes = 1) {
  let best = Number.POSITIVE_INFINITY
  let answer
  for (let pass = 0; pass < passes; pass++) {
    const before = performance.now()
    answer = work()
    best = Math.min(best, performance.now() - before)
  }
  return { ms: best, answer }
}

/**
 * Lets the contestants take turns and keeps each one's fastest.
 *
 * Shape: `contestants` maps a name to a function that returns (a promise of) `{ ms, answer }`; so does the result.
 */
export async function interleave(contestants, turns = TURNS) {
  const best = {}
  for (let turn = 0; turn < turns; turn++)
    for (const [name, run] of Object.entries(contestants)) {
      collect()
      const { ms, answer } = await run()
      best[name] = { ms: Math.min(ms, best[name]?.ms ?? Number.POSITIVE_INFINITY), answer }
    }
  return best
}

/**
 * Starts a reference that reads orders line by line and answers each with its milliseconds and its numbers.
 *
 * Why: it loads its data once, and works only while it is asked, so it can take turns with Firebreak.
 */
export function companion(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const failed = new Promise((_, reject) => {
    child.on('error', reject)
    child.stdin.on('error', reject)
  })
  failed.catch(() => {})
  async function ask(order) {
    child.stdin.write(`${order}\n`)
    const { value, done } = await Promise.race([lines.next(), failed])
    if (done) throw new Error(`${command} ended at "${order}"`)
    const [ms, ...answer] = value.split(' ').map(Number)
    return { ms, answer }
  }
  return { ask, close: () => child.stdin.end() }
}
