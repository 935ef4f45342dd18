/** Claims on other assets, from the file to the result: instant, and in time. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskSource } from '../src/ingest/files.ts'
import { memorySource } from '../src/ingest/memory.suite.ts'
import { readScenario } from '../src/ingest/read.ts'
import { instantRun } from '../src/instant.ts'
import type { Metric, Report } from '../src/report.ts'
import { columnOf, type Table } from '../src/table.ts'
import { timedRun } from '../src/timed.ts'

type Override = readonly [string, string]
const examples = join(import.meta.dirname, '../examples')
const NOTHING = '0.001'
const NO_COIN: Override = ['market.venues.coinRedemption.capacity', NOTHING]
const NO_QUEUE: Override = ['market.venues.queue.capacity', NOTHING]

const read = (...overrides: readonly Override[]) =>
  readScenario('claims.yaml', diskSource(examples, null), overrides)

async function reported(...overrides: readonly Override[]): Promise<Report> {
  const { scenario, runId } = await read(...overrides)
  return instantRun(scenario, { runId, engineVersion: '0', data: [] })
}

const finalOf = ({ assets }: Report, name: string) => assets.find((one) => one.name === name)!.final
const value = ({ metrics }: Report, name: string) => (metrics[name] as Metric).value!

const TIME = `
blocks: 300
chain: { block: 12s, gasLimit: none }
paths: {}
`

/** The example in time: three days' decay of the coin's fee, a queue that refills in a day. */
async function inTime(refill: string) {
  const text = readFileSync(join(examples, 'claims.yaml'), 'utf8')
    .replace(
      'depth: { haircut: 0% }',
      'depth: { haircut: 0%, recovery: { halfLife: 1h, permanent: 0% }, arbitrage: 10min, withdrawal: none }',
    )
    .replace(
      'liquidators: { disposal: all, buys: false }',
      `liquidators: { buys: false, agents: { anyone: { capital: none, flashLoan: 0%, latency: 0, size: whole, gas: 1, bid: { fixed: 1 }, route: public, tip: 0%, valuation: 100%, sells: now } } }`,
    )
    .replace('      capacity: 8k\n', `      capacity: 8k\n      refill: ${refill}\n`)
    .replace('      capacity: 150M\n', '      capacity: 150M\n      decay: 12h\n')
    .replace('shock: { asset: coin, drop: 8% }', 'shock: { asset: ETH, drop: 25% }')
    .replace(
      '    book:\n      synthetic:',
      '    oracle: { others: spot }\n    book:\n      synthetic:',
    )
  const { scenario, runId } = await readScenario(
    'claims',
    memorySource({ claims: text + TIME }),
    [],
  )
  const blocks = timedRun(scenario, { runId, engineVersion: '0', data: [] })
  let frames: readonly Table[] = []
  for (;;) {
    const next = blocks.next()
    if (next.done) return { scenario, report: next.value, frames: frames[0] }
    frames = next.value.tables
  }
}

describe('claims', async () => {
  const on = await reported()

  it('behaviour: a scare about the coin makes ETH, staking token and share fall', () => {
    expect(on.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(finalOf(on, 'ETH')).toBeLessThan(2000 * 0.96)
    expect(finalOf(on, 'stETH') / finalOf(on, 'ETH')).toBeCloseTo(0.9995, 12)
    expect(finalOf(on, 'share') / 100).toBeCloseTo(Math.sqrt(finalOf(on, 'ETH') / 2000), 12)
    expect(value(on, 'bad_debt_usd')).toBeLessThan(1000)
  })

  it('behaviour: without its redemption the coin falls alone, and leaves bad debt', async () => {
    const off = await reported(NO_COIN, NO_QUEUE)
    expect(finalOf(off, 'ETH')).toBe(2000)
    expect(finalOf(off, 'coin')).toBeLessThan(0.5)
    expect(value(off, 'bad_debt_usd')).toBeGreaterThan(1e7)
  })

  it('behaviour: what is paid in dollars instead of ETH moves the coin alone', async () => {
    const cash = await reported(['market.venues.coinRedemption.pays', 'null'])
    expect(finalOf(cash, 'ETH')).toBe(2000)
    expect(finalOf(cash, 'coin')).toBeCloseTo(finalOf(on, 'coin'), 6)
  })

  it('behaviour: a claim that opens below its redemption is warned of', async () => {
    const { scenario } = await read(['assets.stETH.price', '0.99'])
    expect(scenario.warnings.map(({ code }) => code)).toContain('FB4125')
    expect(on.warnings.map(({ code }) => code)).not.toContain('FB4125')
  })

  it('error: shares of no constant-product pool, or paid in something else', async () => {
    for (const [path, to] of [
      ['market.venues.shares.pool', 'book'],
      ['market.venues.pool.reprice', 'cash'],
      ['market.venues.shares.quote', 'USDC'],
    ] as const)
      await expect(read([path, to])).rejects.toMatchObject({ code: 'FB2065' })
  })

  it('error: a redemption that hands out itself or cash, and time keys without time', async () => {
    for (const pays of ['coin', 'USD'])
      await expect(read(['market.venues.coinRedemption.pays', pays])).rejects.toMatchObject({
        code: 'FB2059',
      })
    for (const key of ['refill', 'decay'])
      await expect(read([`market.venues.queue.${key}`, '1d'])).rejects.toMatchObject({
        code: 'FB2070',
      })
  })

  it('law: in time stocks are flows, and a queue that refills holds the staking token up', async () => {
    const [slow, quick] = [await inTime('none'), await inTime('10min')]
    const { formation } = quick.scenario.time!
    const venues = quick.scenario.venues.map(({ name }) => name)
    const at = (column: readonly number[], name: string) => column[venues.indexOf(name)]
    expect(at(formation.refillPerSecond!, 'queue')).toBeCloseTo(8000 / 600, 12)
    expect(at(formation.halfLifeSeconds, 'coinRedemption')).toBe(12 * 3600)
    expect(at(formation.halfLifeSeconds, 'pool')).toBe(3600)
    for (const { report } of [slow, quick]) {
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
      expect(report.checks.map(({ name }) => name)).toContain('stock = flow')
    }
    const lowest = ({ frames }: typeof slow) => {
      const eth = columnOf(frames, 'mid_ETH')
      return Math.min(...columnOf(frames, 'mid_stETH').map((mid, k) => mid / eth[k]))
    }
    expect(lowest(quick)).toBeGreaterThan(lowest(slow))
  })
})
