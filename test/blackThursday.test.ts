/**
 * The zero bids of 12 March 2020: there on the bundled day, gone when gas stays low, and gone under
 * the rules that Maker wrote afterwards.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { memorySource } from '../src/ingest/memory.suite.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Metric } from '../src/report.ts'
import { columnOf, type Table } from '../src/table.ts'
import { timedRun } from '../src/timed.ts'

const example = readFileSync(join(import.meta.dirname, '../examples/black-thursday.yaml'), 'utf8')

/** Liquidations 2.0 for the same vaults, in place of the auctions of the day. */
const clip = {
  kind: 'makerClip',
  dai: 'DAI',
  penalty: '13%',
  hole: '$40M',
  dust: '$100',
  buf: '20%',
  tail: '2h',
  cusp: '40%',
  chip: '0.1%',
  tip: '$300',
  abacus: 'stairstep',
  cut: 0.99,
  step: '90s',
  gas: { bark: '250k', take: '150k', redo: '100k' },
}

/** What the lots of a day went for. */
async function dayWith(change: (keys: Keys) => void) {
  const keys = parse(example) as Keys
  change(keys)
  const source = memorySource({ 'day.json': JSON.stringify(keys) })
  const { scenario, runId } = await readScenario('day.json', source)
  const blocks = timedRun(scenario, { runId, engineVersion: '0', data: [] })
  let events: Table | undefined
  for (;;) {
    const next = blocks.next()
    if (next.done) return { report: next.value, ...sold(events!) }
    events = next.value.tables[1]
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the tree of a scenario file
type Keys = any

/** Units of collateral won, and the share that went for less than 1 % of its worth. */
function sold(events: Table) {
  const column = (name: string) => columnOf(events, name)
  const [kind, units, price, bid] = ['kind', 'units', 'price_before', 'bid_usd'].map(column)
  let won = 0
  let forNothing = 0
  kind.forEach((of, row) => {
    if (of !== WON) return
    won += units[row]
    if (bid[row] < 0.01 * units[row] * price[row]) forNothing += units[row]
  })
  return { won, forNothing: forNothing / won }
}

const WON = 3

type Day = Awaited<ReturnType<typeof dayWith>>

const badDebt = ({ report }: Day) => (report.metrics.bad_debt_usd as Metric).value!
const broken = ({ report }: Day) => report.checks.filter(({ ok }) => !ok)
const of = ({ report }: Day, kind: string) =>
  report.liquidators.filter(({ name }) => name.startsWith(kind))

describe('12 March 2020', async () => {
  const day = await dayWith(() => {})
  const calm = await dayWith(({ paths }) => {
    paths.gas.points = { '0s': 10, '30h': 10 }
  })
  const later = await dayWith(({ protocols: { maker } }) => {
    maker.rules = { ...clip, assets: maker.rules.assets }
  })

  it('law: every block of each holds', () => {
    for (const each of [day, calm, later]) expect(broken(each)).toEqual([])
  })

  it('behaviour: keepers are priced out, and lots go to who is left, for nothing', () => {
    for (const keeper of of(day, 'keeper')) expect(keeper.priced_out).toBeGreaterThan(10_000)
    expect(day.won).toBeGreaterThan(100_000)
    expect(day.forNothing).toBeGreaterThan(0.2)
    expect(badDebt(day)).toBeGreaterThan(1e6)
    const [vulture] = of(day, 'vulture')
    expect(vulture.paid_usd).toBeLessThan(0.001 * vulture.proceeds_usd)
  })

  it('behaviour: with low gas keepers bid, and no lot goes for nothing', () => {
    for (const keeper of of(calm, 'keeper')) expect(keeper.priced_out).toBe(0)
    expect(calm.won).toBeGreaterThan(5000)
    expect(calm.forNothing).toBeLessThan(0.001)
    expect(badDebt(calm)).toBeLessThan(0.001 * badDebt(day))
  })

  it('behaviour: with Dutch auctions even a lone buyer pays, however dear gas is', () => {
    for (const keeper of of(later, 'keeper')) expect(keeper.priced_out).toBeGreaterThan(100)
    expect(later.won).toBeGreaterThan(100_000)
    expect(badDebt(later)).toBe(0)
    const [vulture] = of(later, 'vulture')
    expect(vulture.won).toBeGreaterThan(100)
    expect(vulture.paid_usd).toBeGreaterThan(0.9 * vulture.proceeds_usd)
  })
})
