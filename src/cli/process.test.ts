import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { fallingMarket } from './timed.suite.ts'

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

  it('behaviour: Ctrl-C in a run in time keeps tables that DuckDB opens', async () => {
    const place = join(folder, 'timed')
    mkdirSync(place)
    writeFileSync(join(place, 'falling.yaml'), fallingMarket)
    const longer = ['--set', 'blocks=400000', '--set', 'chain.block=1s', '--no-feedback']
    const words = [script, 'run', 'falling.yaml', ...longer, '--out', 'cut']
    const child = spawn(process.execPath, words, { cwd: place, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    const ended = new Promise((done) => child.once('close', done))
    const begun = () => expect(readdirSync(place)).toHaveLength(2)
    await vi.waitFor(begun, { timeout: 20_000, interval: 50 })
    setTimeout(() => child.kill('SIGINT'), 1000)
    expect(await ended).toBe(130)
    expect(said).toMatch(/^\ninterrupted: [\d,]+ rows of frames.parquet .*are kept in cut\n$/)
    const connection = await (await DuckDBInstance.create()).connect()
    const found = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, max(block) FROM '${place}/cut/frames.parquet'`,
    )
    const [[rows, last]] = found.getRows()
    expect(rows).toBeGreaterThan(0)
    expect(last).toBe(rows)
    expect(readdirSync(join(place, 'cut'))).toContain('partial.json')
    expect(readdirSync(place).sort()).toEqual(['cut', 'falling.yaml'])
  })

  it('law: no run loads DuckDB, not even for Parquet', () => {
    const place = join(folder, 'light')
    mkdirSync(place)
    writeFileSync(join(place, 'falling.yaml'), fallingMarket)
    const spy = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
      const { sharedObjects } = process.report.getReport()
      if (sharedObjects.some((name) => name.includes('duckdb'))) process.stderr.write('loaded')
    })`)}`
    const loads = (line: string) => {
      const words = ['--import', spy, script, ...line.split(' ')]
      const { status, stderr } = spawnSync(process.execPath, words, { cwd: place })
      expect(status, line).toBe(0)
      return stderr.toString()
    }
    expect(loads('--help')).toBe('')
    expect(loads('run uniswap-thin --json --out thin')).toBe('')
    expect(loads('run falling.yaml --json --out text --tables csv')).toBe('')
    expect(loads('run falling.yaml --json --out kept')).toBe('')
  })

  it('behaviour: a reader that stops reading is no error', () => {
    const line = `"${process.execPath}" "${script}" run uniswap-thin --json | head -c 10; echo " \${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe('{"schema": 0\n')
  })
})
