import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AttackReport } from '../attack/report.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'

async function run(words: string, terminal = false) {
  const host = recorder({ terminal })
  const code = await main(['run', ...words.split(' ')], host)
  return { code, out: host.out(), err: host.err() }
}

const few =
  'attack-thin-oracle --attack --set attack.evaluations=40 --set attack.blocks=2 --set blocks=6'

describe('firebreak run --attack', () => {
  it('default: the example is attacked at a profit, and a long mean or an oracle guard ends that', async () => {
    const { code, out, err } = await run(`${few} --json`)
    expect([code, err]).toEqual([0, ''])
    const report = JSON.parse(out) as AttackReport
    expect(report).toMatchObject({ schema: 'firebreak.attack/1', scenario: 'attack-thin-oracle' })
    expect(report.found.is_profitable).toBe(true)
    expect(report.found.best!.profit_usd).toBeGreaterThan(1e5)
    expect(report.search.plans).toBeLessThanOrEqual(5 * 40)
    const [short, long, breaker, guard] = report.guards
    expect(guard.found.is_profitable).toBe(false)
    expect(breaker.set).toEqual({ 'protocols.market.defences.breaker': {} })
    expect(long.found.is_profitable).toBe(false)
    expect(long.same_plan_usd).toBeLessThan(0)
    const cost = ({ corruption }: Pick<AttackReport, 'corruption'>) =>
      corruption[0].capital_usd ?? Number.POSITIVE_INFINITY
    expect(cost(short)).toBeGreaterThan(cost(report))
    expect(cost(long)).toBeGreaterThan(cost(short))
    expect((await run(`${few} --json`)).out).toBe(out)
  }, 60_000)

  it('behaviour: the page begins with what pays and what ends it', async () => {
    const { code, out } = await run(few)
    expect(code).toBe(0)
    expect(out).toMatch(/An attacker makes \$[\d.]+[kM]: it .* Of the guards\s+tried/s)
    expect((await run(`${few} --quiet`)).out).toBe('')
  }, 60_000)

  it('error: no attacker, flags that do not go with it, no time', async () => {
    const none = await run('slow-oracle --attack')
    expect(none.code).toBe(2)
    expect(none.err).toMatch(/FB2096.*--attack needs an attacker/)
    expect((await run(`${few} --out x`)).err).toMatch(/FB2007.*--attack.*--out/s)
    expect((await run(`${few} --set feedback=false`)).err).toMatch(/FB2094/)
    const wrong = await run(`${few} --set attack.loans.market.GOLD={"units":1,"upTo":"50%"}`)
    expect(wrong.err).toMatch(/FB2054.*GOLD/s)
    const guard = await run(`${few} --set attack.guards.mad={"blocks":0}`)
    expect(guard.err).toMatch(/at attack\.guards\.mad/)
    expect((await run(`${few} --set attack.cash=0`)).err).toMatch(/FB2013.*attack\.cash/s)
  }, 60_000)

  it('law: without --attack the example runs like any other', async () => {
    const { code, out } = await run('attack-thin-oracle --json')
    expect(code).toBe(0)
    expect(JSON.parse(out).schema).toBe('firebreak.run/1')
    expect(readFileSync('examples/attack-thin-oracle.yaml', 'utf8')).toContain('simulated')
  })
})
