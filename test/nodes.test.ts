/** The same scenario and seed give the same bytes on another Node. */

import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const script = join(root, 'bin/firebreak.js')
// Installed by the test line, since as a dependency it would replace node in every script.
const other = join(root, '.cache/node24/node_modules/node/bin/node')
const isReady = existsSync(other) && existsSync(join(root, 'dist/cli/process.js'))
const examples = readdirSync(join(root, 'examples'))
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('aave-'))
  .map((name) => name.replace('.yaml', ''))

describe.skipIf(!isReady)('node 24', () => {
  it.each(examples)('law: %s is the same bytes', async (example) => {
    const [own, that] = await Promise.all(
      [process.execPath, other].map((node) => json(node, example)),
    )
    expect(own.length).toBeGreaterThan(1000)
    if (own !== that) expect(JSON.parse(that)).toEqual(JSON.parse(own))
    expect(that === own, 'the same values in other bytes').toBe(true)
  })

  it('default: it is another Node', async () => {
    const { stdout } = await run(other, ['--version'])
    expect(stdout).toMatch(/^v24\./)
    expect(stdout.trim()).not.toBe(process.version)
  })
})

const run = promisify(execFile)

async function json(node: string, example: string): Promise<string> {
  const { stdout } = await run(node, [script, 'run', example, '--json'], { maxBuffer: 1e9 })
  return stdout
}
