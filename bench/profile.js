/** Where the time goes: V8's sampling profiler, summed by function. */

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { cache } from './references.js'

const SHOWN = 12

/**
 * Runs a row under the profiler, its child processes too, and prints the functions that took most time on stderr.
 *
 * Shape: `work` gets the node flags that its child processes must be started with.
 */
export async function profiled(name, work) {
  const folder = join(cache, `profile-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  try {
    const parts = await work(['--cpu-prof', `--cpu-prof-dir=${folder}`])
    const { profile } = await session.post('Profiler.stop')
    report(`${name}, this process`, [profile])
    const children = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    if (children.length > 0)
      report(
        `${name}, its child processes`,
        children.map((text) => JSON.parse(text)),
      )
    return parts
  } finally {
    session.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(title, profiles) {
  const spent = new Map()
  for (const { nodes, samples, timeDeltas } of profiles) {
    const place = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
    samples.forEach((id, i) => {
      const at = place.get(id)
      if (at === '(idle)') return
      spent.set(at, (spent.get(at) ?? 0) + timeDeltas[i] / 1000)
    })
  }
  const total = [...spent.values()].reduce((sum, ms) => sum + ms, 0)
  const longest = [...spent].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
  const lines = longest.map(
    ([at, ms]) =>
      `  ${ms.toFixed(0).padStart(7)} ms ${((100 * ms) / total).toFixed(0).padStart(3)} %  ${at}`,
  )
  process.stderr.write(`where the time goes: ${title}\n${lines.join('\n')}\n`)
}

function placeOf({ functionName, url, lineNumber }) {
  const file = url.replace(/^.*\/(dist|bench|node_modules)\//, '$1/')
  return file === '' ? functionName : `${functionName || '(module)'} ${file}:${lineNumber + 1}`
}
