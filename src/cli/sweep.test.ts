import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineVersion } from '../ingest/version.ts'
import type { SweepReport } from '../sweep/report.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-sweep-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function sweep(words: string, options: Parameters<typeof recorder>[0] = {}) {
  const host = recorder({ folder, ...options })
  const code = await main(['sweep', ...words.split(' ')], host)
  return { code, out: host.out(), err: host.err() }
}

const few = 'eth-lending --vary drop=10%,30% --runs 3'

describe('firebreak sweep', () => {
  it('default: keeps its results in a folder of its own, and prints what was found', async () => {
    const { code, out, err } = await sweep(few)
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('2 cells × 3 runs · seed 42 to 44')
    expect(out).toMatch(/BAD DEBT.*mean.*q95/)
    const [name] = readdirSync(join(folder, '.firebreak', 'sweeps'))
    expect(name).toMatch(/^eth-lending-[0-9a-f]{12}$/)
    const files = readdirSync(join(folder, '.firebreak', 'sweeps', name)).sort()
    expect(files).toEqual(['result.json', 'sweep.duckdb', 'sweep.meta.json', 'sweep.parquet'])
  })

  it('law: --json is one document, the same each time, and more runs extend it', async () => {
    const once = await sweep(`${few} --out a --json`)
    const again = await sweep(`${few} --out b --json`)
    expect(once.out).toBe(again.out)
    const report = JSON.parse(once.out) as SweepReport
    expect(report).toMatchObject({
      ...{ schema: 'firebreak.sweep/1', engine_version: engineVersion, draw: 'seed', first: 42 },
      ...{ runs: 3, one_at_a_time: false, failed: [] },
    })
    expect(report.cells.map(({ values }) => values)).toEqual([['10%'], ['30%']])
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/)
    const longer = few.replace('--runs 3', '--runs 5')
    const extended = await sweep(`${longer} --out a --resume --json`)
    expect(extended.out).toBe((await sweep(`${longer} --out d --json`)).out)
  })

  it('behaviour: a folder that holds a sweep is left alone unless it is said', async () => {
    await sweep(`${few} --out a`)
    const before = readFileSync(join(folder, 'a', 'sweep.parquet'))
    const refused = await sweep(`${few} --out a`)
    expect(refused.code).toBe(2)
    expect(refused.err).toMatch(/FB2086.*\n.*a\n.*--resume/)
    expect((await sweep(`${few} --vary order=batch --out a --resume`)).err).toContain('FB2086')
    expect(readFileSync(join(folder, 'a', 'sweep.parquet'))).toEqual(before)
    expect((await sweep(`${few} --vary order=batch --out a --fresh`)).code).toBe(0)
  })

  it('behaviour: --fresh leaves no page or table of the sweep before it', async () => {
    await sweep(`${few} --out a --format md,json,csv,svg`)
    writeFileSync(join(folder, 'a', 'notes.md'), 'mine')
    const again = 'eth-lending --vary drop=10%,20% --runs 1 --out a --fresh --format json'
    expect((await sweep(again)).code).toBe(0)
    const names = ['notes.md', 'result.json', 'sweep.duckdb', 'sweep.meta.json']
    expect(readdirSync(join(folder, 'a')).sort()).toEqual(names)
    const report = JSON.parse(readFileSync(join(folder, 'a', 'result.json'), 'utf8'))
    expect(report).toMatchObject({ runs: 1, variations: [{ values: ['10%', '20%'] }] })
  })

  it('error: --out is a file, or holds one that is no sweep', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect((await sweep(`${few} --out file`)).err).toMatch(/FB4301[\s\S]*name a folder with --out/)
    mkdirSync(join(folder, 'b'))
    writeFileSync(join(folder, 'b', 'sweep.duckdb'), 'something else, long enough for a header')
    for (const flag of ['', ' --resume', ' --fresh']) {
      const { err, code } = await sweep(`${few} --out b${flag}`)
      expect(code).toBe(4)
      expect(err).toMatch(/FB4301[\s\S]*Move the file away, or name another --out/)
    }
  })

  it('behaviour: Ctrl-C keeps what there is, and --resume goes on with it', async () => {
    const words = ['sweep', ...'eth-lending --runs 200 --out a --task 20'.split(' ')]
    const host = recorder({ folder })
    // Again and again: a busy machine may not listen yet.
    const timer = setInterval(host.interrupt, 400)
    expect(await main(words, host)).toBe(130)
    clearInterval(timer)
    expect(host.err()).toMatch(/interrupted: \d+ of 200 runs are kept in .*--resume/)
    expect(host.out()).toBe('')
    expect(existsSync(join(folder, 'a', 'sweep.parquet'))).toBe(false)
    const resumed = await sweep('eth-lending --runs 200 --out a --resume --json')
    const whole = await sweep('eth-lending --runs 200 --out b --json')
    expect(resumed.out).toBe(whole.out)
  })

  it('behaviour: a gate must hold in every cell', async () => {
    const good = await sweep(`${few} --out a --gate total_liquidated_usd(q95)<10B`)
    expect([good.code, good.out.includes('✓ total_liquidated_usd(q95)<10B')]).toEqual([0, true])
    const bad = await sweep(`${few} --out b --quiet --gate total_liquidated_usd<50M`)
    expect([bad.code, bad.out]).toEqual([3, ''])
    expect(bad.err).toMatch(/gate breached: .*got \$\d.* at drop 30%/)
  })

  it('behaviour: a run that throws is kept with what repeats it, and the rest goes on', async () => {
    const words = 'lst-depeg --vary order=worst-first,at-trigger --runs 2 --out a'
    const { code, out } = await sweep(words)
    expect(code).toBe(0)
    expect(out).toContain('2 runs failed and are left out')
    expect(out).toContain('FB2302')
    const all = await sweep('lst-depeg --order at-trigger --runs 2 --out b')
    expect([all.code, all.out.includes('FB4128')]).toEqual([2, false])
    const quiet = await sweep('lst-depeg --order at-trigger --runs 2 --out c --quiet')
    expect(quiet.err).toContain('2 runs failed')
    const rerun = /firebreak (run lst-depeg --order at-trigger --set seed=42)/.exec(out)
    expect(rerun).not.toBeNull()
    const host = recorder({ folder })
    expect(await main(rerun![1].split(' '), host)).toBe(2)
    expect(host.err()).toContain('FB2302')
    const { cells } = JSON.parse(readFileSync(join(folder, 'a', 'result.json'), 'utf8'))
    expect(cells.map(({ failed }: { failed: number }) => failed)).toEqual([0, 2])
  })

  it('behaviour: keys one at a time are compared with the scenario as it is', async () => {
    const { out } = await sweep(
      'eth-lending --tornado --vary drop=10%,20% --vary depth.haircut=0%,50% --out a',
    )
    expect(out).toMatch(/total liquidated: \$\d.* as the scenario is/)
    const order = ['depth.haircut 50%', 'drop 10%'].map((name) => out.indexOf(name))
    expect(order[0]).toBeGreaterThan(0)
    expect(order[0]).toBeLessThan(order[1])
    expect(out).toMatch(/drop 10% .*│.*−\$/)
  })

  it('behaviour: with a wanted width it stops as soon as that is reached, and says so', async () => {
    const words = 'eth-lending --runs 400 --until total_liquidated_usd<4%'
    const { code, out, err } = await sweep(`${words} --out a --json`)
    expect(code).toBe(0)
    expect(err).toMatch(/^50 runs: total_liquidated_usd is known to within \d+\.\d%, wanted 4/)
    const report = JSON.parse(out) as SweepReport
    expect(report.runs).toBeLessThan(400)
    expect(report.level).toBe(1 - 0.05 / 4)
    const { low, high, value } = report.cells[0].metrics.total_liquidated_usd.mean
    expect((high! - low!) / 2 / value!).toBeLessThan(0.04)
    const never = await sweep('eth-lending --runs 60 --until bad_debt_usd(q99)<1% --out b --json')
    expect((JSON.parse(never.out) as SweepReport).runs).toBe(60)
    expect(never.err).toMatch(/^60 runs: too few for an interval of bad_debt_usd/)
  })

  it('behaviour: an interval may hold at any time, and stops the sweep sooner', async () => {
    const words = ['sweep', 'day.yaml', '--runs', '700', '--out', 'a', '--json']
    writeFileSync(join(folder, 'day.yaml'), FIXED.replace(', seed: 1', ''))
    const host = recorder({ folder })
    const until = 'first_round_usd < 52% at any time'
    expect(await main([...words, '--until', until], host)).toBe(0)
    expect(host.err()).toMatch(/^500 runs: first_round_usd is known to within 5\d\.\d%, wanted 52/)
    const report = JSON.parse(host.out()) as SweepReport
    expect(report).toMatchObject({ runs: 625, level: 0.95, anytime: true })
    const { mean, nonzero, quantiles, n, sd } = report.cells[0].metrics.first_round_usd
    const m = n * 0.0159 + 1
    const half = (sd! / n) * Math.sqrt((2 * m * Math.log(Math.sqrt(m) / 0.05)) / 0.0159)
    expect((mean.high! - mean.low!) / 2 / half).toBeCloseTo(1, 9)
    expect([nonzero.low !== null, quantiles.q95.low]).toEqual([true, null])
    const meta = JSON.parse(readFileSync(join(folder, 'a', 'result.json'), 'utf8'))
    expect(meta.anytime).toBe(true)
  })

  it('behaviour: paths may be spread in batches, and any of them can be run again', async () => {
    writeFileSync(join(folder, 'day.yaml'), DAY)
    const spread = await sweep('day.yaml --runs 64 --sampling stratified --out a --json')
    const report = JSON.parse(spread.out) as SweepReport
    expect([report.batch, report.draw, report.runs]).toEqual([32, 'path', 64])
    const { mean, quantiles } = report.cells[0].metrics.lowest_drop
    expect(mean.high! - mean.low!).toBeGreaterThan(0)
    expect(quantiles.q95).toMatchObject({ low: null, high: null })
    expect((await sweep('day.yaml --runs 40 --sampling quasi')).err).toMatch(
      /FB2089[\s\S]*--runs 64/,
    )
    const later = 'day.yaml --runs 64 --sampling quasi --set path=7'
    expect((await sweep(later)).err).toContain('Let path be a multiple of 32')
    const mixed = 'day.yaml --runs 64 --sampling quasi --vary paths.sampling.batch=16,32'
    expect((await sweep(mixed)).err).toContain('FB2084')
    expect((await sweep('eth-lending --runs 64 --sampling quasi')).err).toContain('FB2070')
  })

  it('behaviour: --find ignition states it for every cell', async () => {
    const { out } = await sweep('eth-lending --find ignition --vary depth.haircut=0%,50% --out a')
    expect(out).toMatch(/ignition drop/)
  })

  it('behaviour: a map has a contour where a gate is, or the shock of all cells', async () => {
    const map = (name: string) => readFileSync(join(folder, name, 'phase.svg'), 'utf8')
    const keys = '--vary depth.haircut=0%,50% --vary ignition.tolerance=2%,10% --format svg'
    expect((await sweep(`eth-lending --find ignition ${keys} --out a`)).code).toBe(0)
    expect(map('a')).toMatch(/contour at 15\.0/)
    const gate = '--gate total_liquidated_usd<=90M --metric total_liquidated_usd'
    await sweep(`eth-lending ${keys} ${gate} --out b`)
    expect(map('b')).toMatch(/contour at \$90\.0M/)
    await sweep(`eth-lending ${keys} --gate total_liquidated_usd(q95)<=90M --out c`)
    expect(map('c')).not.toContain('contour')
    const drops = '--vary depth.haircut=0%,50% --vary drop=10%,20% --format svg'
    await sweep(`eth-lending --find ignition ${drops} --out d`)
    expect(map('d')).not.toContain('contour')
  })

  it('behaviour: runs that all came to the same are said to be alike', async () => {
    const { code, out } = await sweep('rules/perpetual --set blocks=60 --runs 3 --out a')
    expect(code).toBe(0)
    expect(out).toMatch(/! all runs of a cell are alike.*help FB4128/)
  })

  it('error: flags that cannot be, before anything is run or written', async () => {
    const wrong: [string, string][] = [
      ['eth-lending --vary drop', 'FB2080'],
      ['eth-lending --vary drop=5%..1%:1%', 'FB2081'],
      ['eth-lending --vary drop=5%,5%', 'FB2082'],
      ['eth-lending --vary nothing=5%', 'FB2050'],
      ['eth-lending --vary drop=500%', 'FB2013'],
      ['eth-lending --runs 0', 'FB2087'],
      ['eth-lending --runs many', 'FB2087'],
      ['eth-lending --workers -1', 'FB2087'],
      ['eth-lending --format pdf', 'FB2008'],
      ['eth-lending --stat median', 'FB2008'],
      ['eth-lending --gate bad_debt_usd(q96)<1M', 'FB2021'],
      ['eth-lending --until bad_debt_usd', 'FB2090'],
      ['eth-lending --until bad_debt_usd(q96)<1%', 'FB2090'],
      ['eth-lending --until nothing<1%', 'FB2008'],
      ['eth-lending --metric nothing', 'FB2008'],
      ['eth-lending --gate nothing<1', 'FB2022'],
      ['eth-lending --resume --fresh', 'FB2007'],
      ['--worker', 'FB2088'],
      ['--runs 3', 'FB2003'],
      ['eth-lending --queue redis://127.0.0.1:1', 'FB4302'],
    ]
    for (const [words, code] of wrong) {
      const { err, out } = await sweep(words)
      expect([words, err.slice(6, 12), out]).toEqual([words, code, ''])
    }
    expect(readdirSync(folder).filter((name) => name !== '.firebreak')).toEqual([])
    for (const until of ['bad_debt_usd(q95) < 1% at any time', 'bad_debt_usd < 1% at all times']) {
      const host = recorder({ folder })
      expect(await main(['sweep', 'eth-lending', '--until', until], host)).toBe(2)
      expect(host.err()).toContain('FB2090')
    }
    const host = recorder({ folder })
    const until = ['--until', 'bad_debt_usd < 1% at any time']
    expect(await main(['sweep', 'slow-oracle', '--control', ...until], host)).toBe(2)
    expect(host.err()).toContain('FB2007')
  })

  it('error: many runs of what has no chance in it', async () => {
    writeFileSync(join(folder, 'own.yaml'), FIXED)
    expect((await sweep('own.yaml --runs 3')).err).toContain('FB2083')
    expect((await sweep('own.yaml')).code).toBe(0)
  })
})

const FIXED = `version: 1
name: fixed
assets: { ETH: { price: $2000 }, USDC: { price: $1 } }
protocols:
  one:
    rules:
      kind: lending
      closeFactor: 50%
      dust: $100
      assets: { ETH: { threshold: 80%, bonus: 5% }, USDC: {} }
    book:
      synthetic: [{ accounts: 50, seed: 1, collateral: ETH, debt: USDC, totalDebt: $1M }]
market:
  venues:
    book: { kind: orderBook, asset: ETH, quote: USD, bands: [[5%, $5M]], beyond: linear }
    par: { kind: impactCurve, asset: USDC, quote: USD, shape: none }
depth: { haircut: 0% }
liquidators: { disposal: all, buys: false }
shock: { asset: ETH, drop: 15% }
gain: { drops: [5%] }
ignition: { tolerance: 5% }
`

const DAY = `extends: slow-oracle
name: day
blocks: 300
paths: { prices: { ETH: [{ kind: gbm, drift: 0%, volatility: 300% }] } }
`
