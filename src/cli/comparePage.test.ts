import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CompareReport } from '../sweep/compare.ts'
import type { TimedReport } from '../timedReport.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'

let folder: string
let first: Awaited<ReturnType<typeof compare>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-compare-'))
  first = await compare([...GATES, '--out', 'out', '--format', 'json,md,csv,svg'])
}, 60_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A few pairs: what is tested is the page. */
const few = 'eth-lending --defences speed-limit --pairs 2'.split(' ')
const GATES = ['--gate', 'delta:lowest_drop < 1', '--gate', 'forced_sale_usd(none) < 1']

async function compare(words: readonly string[], options: Parameters<typeof recorder>[0] = {}) {
  const host = recorder({ folder, ...options })
  const code = await main(['compare', ...few, ...words], host)
  return { code, out: host.out(), err: host.err() }
}

describe('firebreak compare', () => {
  it('default: prints the page, writes what is asked for, and a gate decides', () => {
    const { code, out, err } = first
    expect([code, err]).toEqual([3, ''])
    expect(out).toContain('✓ delta:lowest_drop < 1  in every arm')
    expect(out).toMatch(/✗ forced_sale_usd\(none\) < 1 {2}got \$/)
    expect(out).toMatch(/Over 2 pairs of eth-lending, /)
    expect(out).toMatch(/none +speed-limit\n/)
    expect(out).toContain('kept in out')
    expect(out).not.toContain('took')
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(
      ['compare-dark.svg', 'compare.csv', 'compare.json', 'compare.md', 'compare.svg'].sort(),
    )
    const text = (name: string) => readFileSync(join(folder, 'out', name), 'utf8')
    const command = 'firebreak compare eth-lending --defences speed-limit --pairs 2'
    expect(text('compare.md')).toContain(command)
    expect(text('compare.svg')).toContain(command)
    const report = JSON.parse(text('compare.json')) as CompareReport
    expect(report.arms.map(({ name }) => name)).toEqual(['none', 'speed-limit'])
  })

  it('law: the last command runs the first pair of an arm', async () => {
    const report = JSON.parse(
      readFileSync(join(folder, 'out', 'compare.json'), 'utf8'),
    ) as CompareReport
    const page = readFileSync(join(folder, 'out', 'compare.md'), 'utf8')
    const command = /^firebreak run (.*)$/m.exec(page)![1]
    // Words as `quoted` writes them.
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, long, short]) => long ?? short)
    expect(words.slice(-4)).toEqual(['--set', 'path=0', '--set', 'defences.speedLimit={}'])
    const sold = async (path: string) => {
      const host = recorder({ folder })
      const at = words.map((word) => (word === 'path=0' ? path : word))
      expect(await main(['run', ...at, '--json'], host)).toBe(0)
      const { metrics } = JSON.parse(host.out()) as TimedReport
      return (metrics.forced_sale_usd as { readonly value: number }).value
    }
    const { mean } = report.measures.find(({ name }) => name === 'forced_sale_usd')!.arms[1]
    // With two pairs the mean and the half-width tell both values.
    expect((await sold('path=0')) + (await sold('path=1'))).toBeCloseTo(2 * mean.value!, 2)
  }, 60_000)

  it('behaviour: --json is the report and nothing else, --quiet what is breached', async () => {
    const json = await compare([...GATES, '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ schema: 'firebreak.compare/1', pairs: 2 })
    expect([json.code, json.err]).toEqual([
      3,
      expect.stringMatching(/^gate breached: forced_sale_usd\(none\) < 1 {2}got \$\S+\n$/),
    ])
    const quiet = await compare(['--quiet', '--set', 'path=5'])
    expect([quiet.code, quiet.out, quiet.err]).toEqual([0, '', ''])
  }, 60_000)

  it('rule: --a is what the others are measured from, and ; stands between keys of an arm', async () => {
    const words = ['--a', 'depth.haircut=20%; order=batch', '--json']
    const report = JSON.parse((await compare(words)).out) as CompareReport
    expect(report.arms.map(({ name, set }) => [name, set.length])).toEqual([
      ['depth.haircut=20%; order=batch', 2],
      ['speed-limit', 1],
    ])
    const { code, err } = await compare(['--a', 'depth.haircut=20%; order'])
    expect([code, err]).toEqual([2, expect.stringContaining('depth.haircut=20%; order')])
  }, 60_000)

  it('behaviour: on a terminal the page says how long it took, and takes its width', async () => {
    const { out } = await compare(['--set', 'path=5'], { terminal: true })
    expect(out).toMatch(/took \d+\.\d s/)
    expect(out).toContain('path 5 to 6')
  }, 60_000)

  it.each([
    [['--json', '--quiet'], /FB2007/],
    [['--format', 'svg'], /FB2033[\s\S]*--out/],
    [['--format', 'png', '--out', 'x'], /FB2008[\s\S]*svg/],
    [['--gate', 'forced_sale_us < 1'], /FB2022[\s\S]*forced_sale_usd/],
    [['--gate', 'forced_sale_usd(speedlimit) < 1'], /FB2023[\s\S]*speed-limit/],
  ])('error: %s is refused before anything runs', async (words, message) => {
    const start = performance.now()
    const { code, err } = await compare(words)
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(performance.now() - start).toBeLessThan(1500)
  })
})
