/** Sweeps over processes that are killed: nothing is lost, nothing stands twice, same bytes. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inline } from '../src/farm/executor.ts'
import { type Planned, planOf } from '../src/farm/plan.ts'
import { queued } from '../src/farm/queue.ts'
import { openStore } from '../src/farm/store.ts'
import { conduct } from '../src/farm/sweep.ts'
import { variationOf } from '../src/farm/variations.ts'
import { diskSource } from '../src/ingest/files.ts'
import { randomAt } from '../src/math/random.ts'

const bin = join(import.meta.dirname, '..', 'bin', 'firebreak.js')
const hasRedis = isThere('redis-server')
if (!hasRedis) console.log('redis-server is not installed: sweeps over a queue are not tested')

const folder = mkdtempSync(join(tmpdir(), 'firebreak-faults-'))
const children = new Set<ChildProcess>()
let port = 0
let redis: ChildProcess | null = null

beforeAll(async () => {
  port = await freePort()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  redis?.kill('SIGKILL')
  await pause(200)
  rmSync(folder, { recursive: true, force: true })
})

const RUNS = 20
const drops = 'drop=4%..40%:4%'
const url = () => `redis://127.0.0.1:${port}`

const plan = () =>
  planOf(
    {
      ...{ entry: 'eth-lending', overrides: [['gain.drops', '[5%]']] as [string, string][] },
      ...{ variations: [variationOf(drops)], oneAtATime: false, runs: RUNS, extra: 'none' },
    },
    diskSource('.'),
  )

/** What an undisturbed run in this process writes. */
async function undisturbed(planned: Planned): Promise<Buffer[]> {
  const { extra, measures } = planned.plan
  const supply = { extra, measures: measures.length, scenario: planned.scenario }
  const store = await openStore(null, planned.plan, 'new')
  await conduct(planned, RUNS, store, inline(supply), { seen: () => {}, stopped: () => false })
  const bytes = await exported(store, 'undisturbed')
  store.close()
  return bytes
}

async function exported(store: Awaited<ReturnType<typeof openStore>>, name: string) {
  const files = (['parquet', 'csv'] as const).map((format) => join(folder, `${name}.${format}`))
  await store.write(files[0], 'parquet', RUNS)
  await store.write(files[1], 'csv', RUNS)
  return files.map((path) => readFileSync(path))
}

describe('a sweep on threads', () => {
  it('law: killed with SIGKILL wherever it stands, it resumes to the same bytes', async () => {
    const [parquet] = await undisturbed(await plan())
    const out = join(folder, 'threads')
    const words = ['sweep', 'eth-lending', '--set', 'gain.drops=[5%]', '--vary', drops]
    const all = [...words, '--runs', String(RUNS), '--out', out, '--resume', '--task', '20']
    const random = randomAt(2026, 1)
    let killed = 0
    for (let kill = 0; kill < 4; kill++) {
      const child = start(process.execPath, [bin, ...all, '--workers', '2'])
      await Promise.race([ended(child), pause(700 + 900 * random.uniform(kill, 0))])
      if (child.exitCode === null) killed++
      child.kill('SIGKILL')
      await ended(child)
    }
    expect(killed).toBeGreaterThan(0)
    const text = execFileSync(process.execPath, [bin, ...all, '--workers', '2'], {
      encoding: 'utf8',
    })
    expect(text).toContain('10 cells × 20 runs')
    expect(readFileSync(join(out, 'sweep.parquet'))).toEqual(parquet)
  })
})

/** A book that takes no time: where bytes are compared, and nothing is killed in the middle. */
const SMALL =
  'protocols.market.book={ synthetic: [{ accounts: 150, collateral: ETH, debt: USDC, ' +
  'totalDebt: $150M, largestShare: 2%, medianHealth: 1.24, healthSpread: 0.28 }] }'
const smallSweep = ['sweep', 'eth-lending', '--set', SMALL, '--vary', drops]

/** What a whole sweep prints with --json and writes. */
function everything(name: string, how: string[]): (string | Buffer)[] {
  const out = join(folder, name)
  const all = [bin, ...smallSweep, '--runs', '8', '--task', '20', '--out', out, '--json']
  const { stdout, status } = spawnSync(process.execPath, [...all, '--format', formats, ...how])
  expect(status).toBe(0)
  const files = formats.split(',').map((format) => {
    return readFileSync(join(out, format === 'json' ? 'result.json' : `sweep.${format}`))
  })
  return [String(stdout), ...files]
}

const formats = 'json,csv,parquet'

describe('a sweep on more threads', () => {
  it('law: 1, 2 and 4 threads come to the same bytes', () => {
    const one = everything('threads-1', ['--workers', '1'])
    expect(everything('threads-2', ['--workers', '2'])).toEqual(one)
    expect(everything('threads-4', ['--workers', '4'])).toEqual(one)
    expect(JSON.parse(String(one[0])).cells).toHaveLength(10)
  })
})

describe.runIf(canMount())('a sweep on a disk that is full', () => {
  it('error: says so, loses nothing that was kept, and resumes to the same bytes', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=250k', 'tmpfs', disk])
    try {
      const all = [bin, ...smallSweep, '--runs', '300', '--workers', '2', '--quiet']
      const full = spawnSync(process.execPath, [...all, '--out', join(disk, 'a')])
      expect(String(full.stderr)).toMatch(/FB4301[\s\S]*What was kept is whole[\s\S]*--resume/)
      expect(full.status).toBe(4)
      execFileSync('mount', ['-o', 'remount,size=30m', disk])
      const resumed = spawnSync(process.execPath, [...all, '--out', join(disk, 'a'), '--resume'])
      expect([resumed.status, String(resumed.stdout)]).toEqual([0, ''])
      const whole = spawnSync(process.execPath, [...all, '--out', join(disk, 'b')])
      expect(whole.status).toBe(0)
      const [a, b] = ['a', 'b'].map((name) => readFileSync(join(disk, name, 'sweep.parquet')))
      expect(a).toEqual(b)
    } finally {
      execFileSync('umount', [disk])
    }
  }, 120_000)
})

describe.runIf(hasRedis)('a sweep over a queue', () => {
  beforeAll(async () => {
    redis = await startRedis()
  })

  it('law: workers and Redis killed ten times, nothing is lost, nothing twice', async () => {
    const planned = await plan()
    const wanted = await undisturbed(planned)
    let workers = [startWorker(), startWorker()]
    const random = randomAt(2026, 2)
    let kills = 0
    const disturb = async (done: number) => {
      if (kills >= 10 || done < 15 * (kills + 1)) return
      kills++
      if (random.uniform(kills, 0) < 0.4) {
        redis!.kill('SIGKILL')
        await ended(redis!)
        redis = await startRedis()
      } else {
        const [one, ...rest] = workers
        one.kill('SIGKILL')
        workers = [...rest, startWorker()]
      }
    }
    const store = await openStore(join(folder, 'queue'), planned.plan, 'new')
    const executor = await queued(url(), planned)
    const tasks: string[] = []
    const counted = {
      ...executor,
      async *outcomes(...given: Parameters<typeof executor.outcomes>) {
        for await (const outcome of executor.outcomes(...given)) {
          tasks.push(outcome.id)
          yield outcome
          await disturb(tasks.length)
        }
      },
    }
    const watcher = { seen: () => {}, stopped: () => false }
    expect(await conduct(planned, RUNS, store, counted, watcher, 1)).toBe(true)
    expect(kills).toBe(10)
    expect(tasks).toHaveLength(200)
    expect(new Set(tasks).size).toBe(200)
    expect(store.count).toBe(200)
    expect(await exported(store, 'queue')).toEqual(wanted)
    await executor.close()
    store.close()
    for (const worker of workers) worker.kill('SIGKILL')
  }, 240_000)

  it('law: 1, 2 and 3 workers come to the same bytes', async () => {
    const wanted = everything('one-thread', ['--workers', '1'])
    for (const count of [1, 2, 3]) {
      const workers = Array.from({ length: count }, startWorker)
      expect(everything(`workers-${count}`, ['--queue', url()])).toEqual(wanted)
      for (const worker of workers) worker.kill('SIGKILL')
    }
  }, 120_000)

  it('law: the one who conducts it killed, it resumes to the same bytes', async () => {
    const [parquet] = await undisturbed(await plan())
    const out = join(folder, 'conductor')
    const words = ['sweep', 'eth-lending', '--set', 'gain.drops=[5%]', '--vary', drops]
    const all = [...words, '--runs', String(RUNS), '--out', out, '--resume', '--task', '20']
    const worker = startWorker()
    let killed = 0
    for (const ms of [900, 1300]) {
      const child = start(process.execPath, [bin, ...all, '--queue', url()])
      await Promise.race([ended(child), pause(ms)])
      if (child.exitCode === null) killed++
      child.kill('SIGKILL')
      await ended(child)
    }
    expect(killed).toBeGreaterThan(0)
    expect(await ended(start(process.execPath, [bin, ...all, '--queue', url()]))).toBe(0)
    expect(readFileSync(join(out, 'sweep.parquet'))).toEqual(parquet)
    worker.kill('SIGKILL')
  }, 60_000)

  it('behaviour: without a worker it says so, with the line that starts one', async () => {
    const words = ['sweep', 'eth-lending', '--set', 'gain.drops=[5%]', '--runs', '4', '--fresh']
    const all = [bin, ...words, '--out', join(folder, 'alone'), '--queue', url()]
    const child = start(process.execPath, all)
    const said: [string, number][] = []
    const began = performance.now()
    child.stderr!.on('data', (bytes) => {
      // How far it is may be said beside.
      if (/worker/.test(String(bytes))) said.push([String(bytes), performance.now() - began])
    })
    const line = /no worker is connected.*sweep --worker --queue redis:\/\/127\.0\.0\.1:\d+\n/
    while (said.length < 2 && performance.now() - began < 20_000) await pause(50)
    expect(said.map(([text]) => text)).toEqual([
      expect.stringMatching(line),
      expect.stringMatching(line),
    ])
    // Node and Redis take their time before it is a sweep.
    expect(said[0][1]).toBeLessThan(4000)
    expect(said[1][1] - said[0][1]).toBeGreaterThan(9000)
    expect(said[1][1] - said[0][1]).toBeLessThan(11_000)
    const worker = startWorker()
    expect(await ended(child)).toBe(0)
    worker.kill('SIGKILL')
    expect(said).toHaveLength(2)
  }, 60_000)

  it('error: a worker of another version is refused, and says why', async () => {
    const planned = await plan()
    const other = { ...planned, plan: { ...planned.plan, engineVersion: '9.9.9' } }
    const executor = await queued(url(), other)
    const child = startWorker()
    let said = ''
    child.stderr!.on('data', (bytes) => {
      said += bytes
    })
    expect(await ended(child)).toBe(4)
    expect(said).toContain('FB4303')
    expect(said).toMatch(/engine 0\.1\.0 here, and it\s+needs\s+9\.9\.9/)
    await executor.close()
  })

  it('error: a queue that is none, or not there', async () => {
    const planned = await plan()
    await expect(queued('redis://127.0.0.1:1', planned)).rejects.toThrow(/FB4302.*ECONNREFUSED/)
    await expect(queued('http://127.0.0.1', planned)).rejects.toThrow(/FB4302.*no address/)
    const deaf = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    const { port: wrong } = deaf.address() as { port: number }
    await expect(queued(`redis://127.0.0.1:${wrong}`, planned)).rejects.toThrow(/FB4302/)
    deaf.close()
  })
})

function startWorker(): ChildProcess {
  const words = ['sweep', '--worker', '--queue', url(), '--workers', '1']
  return start(process.execPath, [bin, ...words])
}

function start(command: string, words: string[]): ChildProcess {
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  children.add(child)
  return child
}

async function startRedis(): Promise<ChildProcess> {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const child = start('redis-server', [...words, '--appendonly', 'yes', '--save', ''])
  for (let tries = 0; tries < 200; tries++) {
    const answer = spawnPing()
    if (answer === 'PONG') return child
    await pause(50)
  }
  throw new Error('redis-server did not start')
}

function spawnPing(): string {
  try {
    const words = ['-p', String(port), 'ping']
    return execFileSync('redis-cli', words, { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', resolve))
}

function canMount(): boolean {
  const place = join(folder, 'try')
  mkdirSync(place)
  const can = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', place]).status === 0
  if (can) execFileSync('umount', [place])
  else console.log('mount is not allowed here: a full disk is not tested')
  return can
}

function isThere(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: free } = server.address() as { port: number }
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return free
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
