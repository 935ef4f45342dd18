import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const script = join(import.meta.dirname, '../../bin/firebreak.js')
const built = existsSync(join(import.meta.dirname, '../../dist/cli/process.js'))
const folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
afterAll(() => rmSync(folder, { recursive: true }))

// These run the built package: npm run build.
describe.skipIf(!built)('the process', () => {
  it('default: runs a bundled example through its thread', () => {
    const words = [script, 'run', 'uniswap-thin', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'firebreak.result/1' })
  })

  it('behaviour: errors cross the thread whole', () => {
    const words = [script, 'run', 'uniswap-thin', '--drop', '83']
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^error FB2011 {2}.*got 83\n {2}at --drop\n/)
  })

  it('behaviour: Ctrl-C ends with 130, a word on stderr, and nothing written', async () => {
    const words = [script, 'run', 'eth-lending', '--out', 'kept']
    const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    setTimeout(() => child.kill('SIGINT'), 300)
    const code = await new Promise((done) => child.once('close', done))
    expect({ code, said }).toEqual({ code: 130, said: '\ninterrupted: nothing was written\n' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('behaviour: a reader that stops reading is no error', () => {
    const line = `"${process.execPath}" "${script}" run uniswap-thin --json | head -c 10; echo " \${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe('{"schema": 0\n')
  })
})
