/** Drives the blocks of a day, and says what came of it in numbers that can be compared. */

import { createHash } from 'node:crypto'
import { recorderFor } from '../dist/block/recorder.js'
import { blocks } from '../dist/blocks.js'
import { healthSweep } from '../dist/book.js'
import { stageOf } from '../dist/stage.js'
import { part, same } from './measure.js'

/** What stock and flow may differ by, as a share. */
const GAP_MOST = 1e-9

/**
 * The run before of every scenario, until its next has ended. V8 throws optimised code away with the last function that
 * has it, and a collection between two turns would have all compiled again; sweeps do the same.
 */
const held = new Map()

/**
 * Runs all blocks of a scenario; `after` is called when a block is closed, on the clock.
 *
 * Shape: `ms` is the loop alone, `opening` the milliseconds before it: rules, books, their order, the first look.
 */
export function live(scenario, after = () => {}) {
  const start = performance.now()
  const stage = stageOf(scenario, true, null)
  const before = performance.now()
  const loop = blocks(stage, null)
  for (const block of loop) after(stage, block)
  const ms = performance.now() - before
  held.set(scenario, [stage, loop])
  return { ms, answer: { ...outcome(stage), opening: before - start } }
}

/** The same with frames and events; `keep` may return a promise, on the clock. */
export async function liveRecorded(scenario, keep) {
  const stage = stageOf(scenario, true, null)
  const before = performance.now()
  const recorder = recorderFor(stage)
  const loop = blocks(stage, recorder)
  for (const block of loop) {
    const waiting = keep(recorder, block)
    if (waiting !== undefined) await waiting
  }
  const ms = performance.now() - before
  held.set(scenario, [stage, recorder, loop])
  return { ms, answer: { ...outcome(stage), recorder } }
}

/** Of the bank: who is breached by the watchlist and by a look at everybody, and the books. */
function outcome(stage) {
  const { posts, tally, ledger, mids } = stage
  const { watch, protocol } = posts[0]
  const all = new Uint32Array(protocol.accounts.length)
  const found = healthSweep(protocol.book, protocol.values, all)
  const seen = breachedBy(watch, all.length)
  return {
    settlements: tally.liquidations.reduce((sum, n) => sum + n, 0),
    breached: { seen: indexSum(seen), found: indexSum(all.subarray(0, found)), count: found },
    gap: Math.max(tally.gap, ledger.recount()),
    digest: digestOf(protocol.book.amount, mids, tally.repaidUsd, tally.firstBlock),
  }
}

/** Indices of the accounts that a watchlist holds for breached. */
export function breachedBy(watch, accounts) {
  const out = []
  for (let i = 0; i < accounts; i++) if (watch.isBreached(i)) out.push(i)
  return out
}

/** One number for a set of accounts. */
export const indexSum = (indices) => indices.reduce((sum, i) => sum + i + 1, 0)

function digestOf(...columns) {
  const hash = createHash('sha256')
  for (const { buffer, byteOffset, byteLength } of columns)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  return hash.digest('hex')
}

/** Collects what several turns of one day ended with. */
export function turnsOf(run) {
  const digests = new Set()
  return {
    digests,
    async turn() {
      const { ms, answer } = await run()
      digests.add(answer.digest)
      return { ms, answer }
    },
  }
}

/** The lines that prove a day: its breached accounts, its books, its bytes in every turn. */
export function proof(name, { answer }, { digests }) {
  const { breached, gap } = answer
  return [
    same(
      `${name}: sum of breached indices, same in a full scan`,
      'index',
      breached.seen,
      breached.found,
    ),
    part({ name: `${name}: stock less flow`, value: gap, unit: 'share', budget: GAP_MOST }),
    same(`${name}: final states, same in every turn`, 'states', digests.size, 1),
  ]
}
