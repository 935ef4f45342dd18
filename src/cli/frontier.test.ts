import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SweepReport } from '../sweep/report.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-frontier-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function sweep(words: string, options: Parameters<typeof recorder>[0] = {}) {
  const host = recorder({ folder, ...options })
  const code = await main(['sweep', ...words.split(' ')], host)
  return { code, out: host.out(), err: host.err() }
}

const keys =
  '--vary drop=10%..30%:5% --vary protocols.market.rules.assets.ETH.threshold=76%..84%:2%'
const aims = '--pareto bad_debt_usd,ETH.threshold:higher,total_liquidated_usd'
const grid = `eth-lending ${keys} ${aims} --runs 3`

describe('firebreak sweep --pareto', () => {
  it('default: a grid has its front on the page, in the JSON and in its files', async () => {
    const { code, out, err } = await sweep(`${grid} --out a --format json,md,svg`)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/FRONT .*drop .*threshold .*bad debt .*95 % interval/)
    expect(out).toContain('every combination, 25 cells of 3 runs, the same for all')
    const report = JSON.parse(readFileSync(join(folder, 'a', 'result.json'), 'utf8')) as SweepReport
    const { points, dominated, search } = report.front!
    expect(points.length + dominated.length).toBe(25)
    expect(search).toMatchObject({ method: 'grid', budget: 25, rounds: [25] })
    for (const { cell } of points) expect(report.cells[cell].values[0]).toBe('10%')
    expect(readFileSync(join(folder, 'a', 'sweep.md'), 'utf8')).toMatch(
      /## Front\n\n\d+ of 25 cells/,
    )
    expect(existsSync(join(folder, 'a', 'frontier-dark.svg'))).toBe(true)
    const plain = await sweep(`eth-lending ${keys} --runs 3 --out b --json`)
    expect(plain.out).not.toContain('"front"')
  })

  it('behaviour: a search stays in its budget and its limits, and comes to the same again', async () => {
    writeFileSync(join(folder, 'limits.yaml'), LIMITS)
    const words = `${grid} --search 12 --limits limits.yaml --json`
    const once = await sweep(`${words} --out a`)
    expect([once.code, once.err]).toEqual([0, ''])
    const report = JSON.parse(once.out) as SweepReport
    const { search, limits, refused, points, dominated } = report.front!
    expect(report.cells.length).toBe(12)
    expect(search).toMatchObject({ budget: 12, combinations: 25, within_limits: 15, unread: [] })
    expect(search.rounds[0]).toBe(6)
    expect(limits).toEqual(['ETH.threshold: step 4% from 83%', 'total_liquidated_usd < 200M'])
    for (const { values } of report.cells) expect(['80%', '82%', '84%']).toContain(values[1])
    for (const { by } of refused) expect(by).toEqual(['total_liquidated_usd < 200M'])
    expect(points.length + dominated.length + refused.length).toBe(12)
    expect((await sweep(`${words} --out b`)).out).toBe(once.out)
    expect((await sweep(words)).out).toBe(once.out)
    expect((await sweep(words)).out).toBe(once.out)
  })

  it('law: a search with room for all is the grid', async () => {
    const whole = JSON.parse((await sweep(`${grid} --search 25 --out a --json`)).out) as SweepReport
    const all = JSON.parse((await sweep(`${grid} --out b --json`)).out) as SweepReport
    expect(whole.cells).toEqual(all.cells)
    expect(whole.front!.points).toEqual(all.front!.points)
    expect(whole.run_id).toBe(all.run_id)
  })

  it('behaviour: what does not read as a scenario is told of, and the search goes on', async () => {
    const bonus = '--vary protocols.market.rules.assets.ETH.bonus=5%..205%:40%'
    const { code, out, err } = await sweep(`${grid} ${bonus} --search 20 --out a --json`)
    expect([code, err]).toEqual([0, ''])
    const { front, cells } = JSON.parse(out) as SweepReport
    const { unread, rounds } = front!.search
    expect(unread.length).toBeGreaterThan(0)
    expect(unread[0].text).toMatch(/^FB2/)
    expect(rounds.reduce((sum, one) => sum + one, 0)).toBe(cells.length)
    expect(cells.length + unread.length).toBe(20)
  })

  it('error: flags and files that cannot be, before anything is run', async () => {
    writeFileSync(join(folder, 'limits.yaml'), LIMITS)
    writeFileSync(join(folder, 'tight.yaml'), 'keys: { drop: { most: 5% } }')
    writeFileSync(join(folder, 'other.yaml'), 'keys: { depth.haircut: { most: 5% } }')
    writeFileSync(join(folder, 'odd.yaml'), 'measures: [nothing < 1]')
    writeFileSync(join(folder, 'broken.yaml'), 'keys: [')
    const wrong: [string, string][] = [
      [`eth-lending ${keys} --search 10`, 'FB2024'],
      [`eth-lending ${keys} --limits limits.yaml`, 'FB2024'],
      [`${grid} --limits tight.yaml --search 10`, 'FB2025'],
      [`eth-lending ${keys} --pareto bad_debt_usd,nothing`, 'FB2026'],
      [`eth-lending ${keys} --pareto bad_debt_usd(q96)`, 'FB2026'],
      [`eth-lending ${keys} --pareto liquidator_profit_usd`, 'FB2026'],
      [`eth-lending ${keys} --pareto drop`, 'FB2026'],
      [`eth-lending --vary drop=10%,30%,20% ${aims.split(',')[0]} --search 10`, 'FB2027'],
      [`eth-lending --vary order=batch,worst-first ${aims.split(',')[0]} --search 10`, 'FB2027'],
      [`eth-lending ${aims.split(',')[0]} --search 10`, 'FB2027'],
      [`${grid} --limits broken.yaml`, 'FB2028'],
      [`${grid} --limits none.yaml`, 'FB2028'],
      [`${grid} --limits other.yaml`, 'FB2029'],
      [`${grid} --limits odd.yaml`, 'FB2022'],
      [`${grid} --search 1`, 'FB2087'],
      [`${grid} --tornado`, 'FB2007'],
      [`${grid} --search 10 --resume`, 'FB2007'],
      [`${grid} --search 10 --until bad_debt_usd<5%`, 'FB2007'],
    ]
    for (const [words, code] of wrong) {
      const { err, out } = await sweep(words)
      expect([words, err.slice(6, 12), out]).toEqual([words, code, ''])
    }
    expect(existsSync(join(folder, '.firebreak'))).toBe(false)
  })

  it('error: a folder that holds a sweep is refused before a search', async () => {
    expect((await sweep(`eth-lending --vary drop=10%,20% --out a`)).code).toBe(0)
    const { err } = await sweep(`${grid} --search 10 --out a`)
    expect(err).toMatch(/FB2086[\s\S]*--fresh/)
    expect((await sweep(`${grid} --search 10 --out a --fresh`)).code).toBe(0)
  })

  it('behaviour: Ctrl-C ends a search', async () => {
    const words = `${grid.replace('--runs 3', '--runs 40')} --search 20 --task 20 --out a`
    const host = recorder({ folder })
    const timer = setInterval(host.interrupt, 50)
    expect(await main(['sweep', ...words.split(' ')], host)).toBe(130)
    clearInterval(timer)
    expect(host.err()).toContain('a search keeps nothing')
    expect(existsSync(join(folder, 'a'))).toBe(false)
  })
})

const LIMITS = `keys:
  protocols.market.rules.assets.ETH.threshold: { step: 4% }
measures:
  - total_liquidated_usd < 200M
`
