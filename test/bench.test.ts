import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasLab } from './browser/lab.suite.ts'

const root = join(import.meta.dirname, '..')
const bench = (...words: string[]) =>
  execFileSync(process.execPath, [join(root, 'bench', 'index.js'), ...words], { encoding: 'utf8' })

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0
const absent = [
  ...(existsSync(join(root, 'dist', 'book.js')) ? [] : ['dist (npm run build)']),
  ...(runs('gcc', '--version') ? [] : ['gcc (apt-get install gcc libc6-dev)']),
  ...(runs('/usr/bin/python3', '-c', 'import numpy')
    ? []
    : ['numpy (apt-get install python3-numpy)']),
]
const unless = absent.length === 0 ? '' : ` [skipped, missing: ${absent.join(', ')}]`

const FIELDS = ['name', 'value', 'unit', 'reference', 'ratio', 'budget', 'ok']

interface Part {
  readonly name: string
  readonly value: number
  readonly reference: number | null
  readonly ok: boolean
}

describe('bench', () => {
  it('default: --list names the rows of the budget table', () => {
    expect(bench('--list').trim().split('\n')).toEqual([
      'sweep-1m',
      'cascade-1m',
      'memory-1m',
      'run-100k',
      'worst-book',
      'record',
      'perps-300k',
      'paths-1000',
      'compare-200',
      'start',
      'lab-page',
      'lab-100k',
      'lab-replay',
    ])
  })

  it('error: an unknown row is refused, with the rows there are', () => {
    const { status, stderr } = spawnSync(process.execPath, [
      join(root, 'bench', 'index.js'),
      'fast',
    ])
    expect(status).toBe(2)
    expect(String(stderr)).toContain('no row fast; there are sweep-1m, cascade-1m')
  })

  it('error: without a browser the row of the lab says so', () => {
    const args = [join(root, 'bench', 'index.js'), 'lab-100k', '--json']
    const json = execFileSync(process.execPath, args, { encoding: 'utf8', env: { PATH: '' } })
    expect(JSON.parse(json)).toMatchObject({ row: 'lab-100k', ok: false })
    expect(json).toContain('not compared, no chromium on PATH')
  })

  it.skipIf(absent.length > 0).each([
    ['sweep-1m', 4],
    ['cascade-1m', 6],
  ])(
    `behaviour: %s is one JSON document whose answers equal the references'${unless}`,
    (row, equal) => {
      const result = JSON.parse(bench(row, '--json', '--size', '2000'))
      expect(Object.keys(result).sort()).toEqual(['row', 'parts', ...FIELDS].sort())
      expect(result.row).toBe(row)
      expect(result).toMatchObject({ ...result.parts[0], ok: result.ok })
      for (const part of result.parts) expect(Object.keys(part)).toEqual(FIELDS)
      const answers = result.parts.filter(({ name }: Part) => name.includes('same in'))
      expect(answers).toHaveLength(equal)
      for (const { name, value, reference, ok } of answers as Part[]) {
        expect([name, value]).toEqual([name, reference])
        expect(ok).toBe(true)
      }
    },
  )

  it.skipIf(absent.length > 0).each([
    ['run-100k', 2, ['bare', 'calm', 'falling', 'twice', 'attributed']],
    ['worst-book', 0, ['worst']],
    ['record', 3, ['day']],
  ])(`behaviour: %s proves the days that it measures${unless}`, (row, equal, days) => {
    const { parts } = JSON.parse(bench(row, '--json', '--size', '2000')) as { parts: Part[] }
    for (const part of parts) expect(Object.keys(part)).toEqual(FIELDS)
    const answers = parts.filter(({ name }) => name.includes('same in'))
    expect(answers).toHaveLength(equal + 2 * days.length)
    for (const { name, value, reference, ok } of answers)
      expect([name, value, ok]).toEqual([name, reference, true])
    for (const day of days) {
      const gap = parts.find(({ name }) => name === `${day}: stock less flow`)!
      expect(gap).toMatchObject({ budget: 1e-9, ok: true })
    }
    for (const { name, value } of parts)
      if (name.includes('settlements') && !name.startsWith('bare')) expect(value).toBeGreaterThan(0)
  })

  it.skipIf(!hasLab)('budget: a first visit to the lab is sent at most 400 kB of scripts', () => {
    const { parts } = JSON.parse(bench('lab-page', '--json')) as { parts: Part[] }
    const [paint, run, scripts] = parts
    for (const { value, reference } of [paint, run]) expect(value).toBeGreaterThan(reference!)
    expect(scripts).toMatchObject({ name: 'scripts of a first visit', ok: true })
  })
})
