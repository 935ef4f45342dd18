/** Day-long paths of one book: what a second thread brings, what the process holds, what a queue costs. */

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sharingBooks } from '../../dist/farm/books.js'
import { threads } from '../../dist/farm/executor.js'
import { planOf } from '../../dist/farm/plan.js'
import { queued } from '../../dist/farm/queue.js'
import { diskSource } from '../../dist/ingest/files.js'
import { measuresOf } from '../../dist/sweep/meter.js'
import { calmDay, lendingPositions } from '../days.js'
import { interleave, missing, part, same } from '../measure.js'

/** Paths of the row, and how many of them a turn runs: its time is multiplied. */
const PATHS = 1000
const EACH_TURN = 48
const TURNS = 3
const JOBS = 400
const MB = 1e6

export async function paths(size, { node }) {
  const scenario = sharingBooks()(calmDay(lendingPositions(size)))
  const measures = measuresOf(scenario, { extra: 'none' }).length
  const supply = { extra: 'none', measures, scenario: () => scenario }
  const pools = { one: threads(1, supply, null), two: threads(2, supply, null) }
  try {
    await Promise.all(Object.values(pools).map((pool) => turn(pool)))
    const contestants = Object.fromEntries(
      Object.entries(pools).map(([name, pool]) => [name, () => turn(pool)]),
    )
    const { one, two } = await interleave(contestants, TURNS)
    return [
      part({
        name: `${PATHS} paths on 2 threads, ${EACH_TURN} of them run`,
        value: (two.ms * PATHS) / EACH_TURN / 1000,
        unit: 's',
        budget: 45,
      }),
      part({
        name: '2 threads against one',
        value: two.ms,
        unit: 'ms',
        reference: one.ms,
        budget: 1 / 1.8,
        bounds: 'ratio',
      }),
      same('paths, same on 1 and 2 threads', 'digest', two.answer, one.answer),
      ...held(size, node),
      ...(await queueCost()),
    ]
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.close()))
  }
}

/** Runs all paths of a turn, one a task, and returns a number that stands for their results. */
async function turn(executor) {
  const tasks = Array.from({ length: EACH_TURN }, (_, from) => ({
    id: String(from),
    spans: [{ cell: 0, from, count: 1 }],
  }))
  const before = performance.now()
  const rows = []
  for await (const { id, values } of executor.outcomes(tasks, () => false)) rows[id] = values
  const ms = performance.now() - before
  const hash = createHash('sha256')
  for (const { buffer } of rows) hash.update(new Uint8Array(buffer))
  return { ms, answer: Number.parseInt(hash.digest('hex').slice(0, 12), 16) }
}

/** What a process with 1 and with 2 threads holds at most, beside the book's own columns. */
function held(size, node) {
  const child = new URL('./pathsChild.js', import.meta.url).pathname
  const words = (count) => [...node, child, String(size), String(count)]
  const read = (count) =>
    JSON.parse(execFileSync(process.execPath, words(count), { encoding: 'utf8' }))
  return [1, 2].map((count) => {
    const { peak, book } = read(count)
    return part({
      name: `peak of a sweep on ${count} thread${count > 1 ? 's' : ''}, book of ${(book / MB).toFixed(1)} MB`,
      value: peak / MB,
      unit: 'MB',
      budget: book / MB + 150 + 60 * count,
    })
  })
}

/** Milliseconds that a job costs beside its work, with one worker that has one thread. */
async function queueCost() {
  const name = 'a job in the queue, beside its work'
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
  const port = await freePort()
  const redis = spawn('redis-server', words(port, folder), { stdio: 'ignore' })
  const absent = await new Promise((resolve) => {
    redis.once('error', () => resolve(true))
    redis.once('spawn', () => resolve(false))
  })
  if (absent) return [missing(name, 'ms', null, 'redis-server is not installed')]
  const url = `redis://127.0.0.1:${port}`
  const bin = new URL('../../bin/firebreak.js', import.meta.url).pathname
  const worker = ['sweep', '--worker', '--queue', url, '--workers', '1']
  let child
  try {
    const wanted = { entry: 'eth-lending', overrides: [], variations: [], oneAtATime: false }
    const planned = await planOf({ ...wanted, runs: JOBS, extra: 'none' }, diskSource('.'))
    const executor = await connected(url, planned)
    child = spawn(process.execPath, [bin, ...worker], { stdio: 'ignore' })
    await take(executor, planned, 0, 50)
    const { wall, work } = await take(executor, planned, 50, JOBS)
    await executor.close()
    return [part({ name, value: (wall - work) / JOBS, unit: 'ms', budget: 1 })]
  } finally {
    child?.kill('SIGKILL')
    redis.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function take(executor, { plan }, first, count) {
  const tasks = Array.from({ length: count }, (_, k) => ({
    id: `${plan.id.slice(0, 20)}-${first + k}`,
    spans: [{ cell: 0, from: first + k, count: 1 }],
  }))
  const before = performance.now()
  let work = 0
  for await (const { milliseconds } of executor.outcomes(tasks, () => false)) work += milliseconds
  return { wall: performance.now() - before, work }
}

async function connected(url, planned) {
  for (let tries = 0; ; tries++)
    try {
      return await queued(url, planned)
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
}

const words = (port, folder) => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
  ...['--appendonly', 'yes', '--save', ''],
]

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
