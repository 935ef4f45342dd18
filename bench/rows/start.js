/** How long a person waits for the command line, beside a node that does nothing. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { interleave, part, timed } from '../measure.js'

const program = join(import.meta.dirname, '..', '..', 'bin', 'firebreak.js')
const examples = ['eth-lending', 'lst-depeg', 'uniswap-thin']

export async function start(_size, { node }) {
  const contestants = {
    bare: child([...node, '-e', '0']),
    help: child([...node, program, '--help']),
  }
  for (const example of examples) contestants[example] = child([...node, program, 'run', example])
  const best = await interleave(contestants)
  const reference = best.bare.ms
  const row = (name, value, budget) => part({ name, value, unit: 'ms', reference, budget })
  return [
    row('firebreak --help beside bare node', best.help.ms, 150),
    ...examples.map((example) => row(`run ${example} beside bare node`, best[example].ms, 1000)),
  ]
}

function child(args) {
  return () =>
    timed(() => {
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    })
}
