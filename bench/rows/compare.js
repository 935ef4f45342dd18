/** What a comparison of five defences costs, and what pairing saves. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { part, same } from '../measure.js'

const program = join(import.meta.dirname, '..', '..', 'bin', 'firebreak.js')
const DEFENCES = 'breaker,dynamic-threshold,dutch-auction,fund,backstop'
const PAIRS = 200

export function compare(_size, { node }) {
  const [first, second] = [2, 1].map((workers) => compared(node, workers))
  const sales = first.report.measures.find(({ name }) => name === 'forced_sale_usd')
  const narrowest = Math.min(
    ...sales.arms.slice(1).flatMap(({ difference }) => difference.unpaired ?? []),
  )
  return [
    part({
      name: `${PAIRS} pairs, five defences on eth-lending, 2 threads`,
      value: first.ms / 1000,
      unit: 's',
      budget: 30,
    }),
    part({ name: 'the same on one thread', value: second.ms / 1000, unit: 's' }),
    part({
      name: 'samples apart: intervals of forced sales wider by, at least',
      value: narrowest,
      unit: 'x',
    }),
    same('runs, same on 1 and 2 threads', 'pairs', first.text === second.text ? PAIRS : 0, PAIRS),
  ]
}

function compared(node, workers) {
  const words = ['compare', 'eth-lending', '--defences', DEFENCES, '--pairs', String(PAIRS)]
  const args = [...node, program, ...words, '--workers', String(workers), '--json']
  const before = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { ms: performance.now() - before, text: stdout, report: JSON.parse(stdout) }
}
