/** What frames, events and their Parquet files add to a day. */

import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import { tableFiles } from '../../dist/cli/tables.js'
import { BLOCKS, fallingDay, lendingPositions } from '../days.js'
import { live, liveRecorded, proof, turnsOf } from '../loop.js'
import { interleave, part, same } from '../measure.js'
import { cache } from '../references.js'

/** Blocks between two writes. */
const EVERY = 256
const MB = 1e6

export async function record(size) {
  const scenario = fallingDay(lendingPositions(size))
  const folder = join(cache, `record-${process.pid}`)
  const plain = turnsOf(() => live(scenario))
  const recorded = turnsOf(() => liveRecorded(scenario, () => {}))
  const written = turnsOf(() => liveWritten(scenario, folder))
  try {
    const best = await interleave({
      plain: plain.turn,
      recorded: recorded.turn,
      written: written.turn,
    })
    for (const { digests } of [recorded, written])
      for (const digest of digests) plain.digests.add(digest)
    return [...times(best), ...files(best.written, folder), ...proof('day', best.plain, plain)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function liveWritten(scenario, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const out = tableFiles(folder, 'parquet', true)
  const { ms, answer } = await liveRecorded(scenario, ({ frames, events }, block) =>
    block % EVERY === 0 ? out.keep([frames, events]) : undefined,
  )
  const before = performance.now()
  const { frames, events } = answer.recorder
  await out.keep([frames, events])
  await out.finish('bench', true)
  return { ms: ms + performance.now() - before, answer }
}

function times({ plain, recorded, written }) {
  const against = (name, { ms }, budget) =>
    part({ name, value: ms, unit: 'ms', reference: plain.ms, budget, bounds: 'ratio' })
  return [
    against('recorded and written as Parquet, against the bare run', written, 1.2),
    against('recorded, against the bare run', recorded, null),
  ]
}

function files({ answer }, folder) {
  const { events, frames } = answer.recorder
  const megabytes = (table) => statSync(join(folder, `${table}.parquet`)).size / MB
  const share = 10_000 / answer.settlements
  return [
    part({
      name: `files of 10,000 settlements and ${BLOCKS} blocks`,
      value: megabytes('frames') + megabytes('events') * share,
      unit: 'MB',
      budget: 50,
    }),
    same('events, same in settlements', 'rows', events.rows, answer.settlements),
    same('events, same in their file', 'rows', events.rows, rowsOf(folder, 'events')),
    same('frames, same in their file', 'rows', frames.rows, rowsOf(folder, 'frames')),
  ]
}

function rowsOf(folder, table) {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${table}.parquet`))
  return Number(parquetMetadata(buffer.slice(byteOffset, byteOffset + byteLength)).num_rows)
}
