import { describe, expect, it } from 'vitest'
import { headline } from './analysis/headline.ts'
import { benchOf } from './analysis/simulate.ts'
import { definitionOf } from './definitions.ts'
import { instantRun } from './instant.ts'
import type { MetricAt, Order } from './report.ts'
import type { Positions, Scenario, VenueSpec } from './scenario.ts'
import { setup } from './setup.ts'

const stamp = { runId: 'id', engineVersion: '0', data: [] }
const [USD, ETH, COIN] = [0, 1, 2]

// Fifty borrowers from the edge down, one who owns nothing and, at will, one who is short of ETH.
function positions(short: boolean): Positions {
  const rows: [number, number, 1 | -1, number][] = []
  for (let k = 0; k < 50; k++) {
    const units = 4 + ((k * 7) % 11)
    rows.push([k, ETH, 1, units], [k, COIN, -1, 0.8 * units * (98 - 0.8 * k)])
  }
  rows.push([50, COIN, -1, 70])
  if (short) rows.push([51, COIN, 1, 2000], [51, ETH, -1, 16])
  return {
    accounts: Array.from({ length: 52 }, (_, k) => `account ${k}`),
    account: Uint32Array.from(rows, ([account]) => account),
    asset: Uint16Array.from(rows, ([, asset]) => asset),
    side: Int8Array.from(rows, ([, , side]) => side),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(rows, ([, , , amount]) => amount),
    synthetic: true,
    asOf: null,
  }
}

const common = {
  name: 'eth',
  base: ETH,
  quoteAsset: USD,
  outside: 100,
  fee: 0,
  asOf: null,
} as const
const pool: VenueSpec = {
  ...common,
  kind: 'constantProduct',
  beyond: 'wall',
  reserve: 4000,
  keepsFee: false,
  reprice: 'arbitrage',
}
const wall: VenueSpec = {
  ...common,
  kind: 'orderBook',
  beyond: 'wall',
  levels: 'relative',
  price: [99, 95, 90],
  size: [30, 30, 30],
}
const terms = (asset: number) => ({ asset, threshold: 0.8, bonus: 0.05 })

function scenarioOf(changed: Partial<Scenario> = {}, short = false): Scenario {
  const rules = { kind: 'stopOut', assets: [terms(ETH), terms(COIN)] } as const
  return {
    name: 'small',
    seed: 1,
    asOf: null,
    assets: ['USD', 'ETH', 'COIN'].map((name, a) => ({
      name,
      price: a === ETH ? 100 : 1,
      in: null,
    })),
    cash: USD,
    protocols: [{ name: 'bank', rules, positions: positions(short), oracles: [] }],
    venues: [pool],
    hop: [[], [0], []],
    haircut: 0,
    liquidators: { disposal: 'all', buys: false },
    shock: { asset: ETH, drop: 0.08 },
    time: null,
    order: 'worst-first',
    feedback: true,
    gainDrops: [0.02, 0.1],
    ignitionTolerance: 0.01,
    warnings: [],
    ...changed,
  }
}

/** Paths of all numbers that JSON cannot hold, and of all that is undefined. */
function holes(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`]
  if (value === undefined) return [`${path} is undefined`]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => holes(inner, `${path}.${key}`))
}

describe('run', () => {
  it('default: one document that holds together', () => {
    const report = instantRun(scenarioOf(), stamp)
    expect(holes(report)).toEqual([])
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.map.fixed[0]).toEqual({ price: report.map.final, stable: true })
    expect(report.rounds[report.rounds.length - 1].price_after).toBe(report.map.final)
    expect(report.book.already_bad).toEqual([{ account: 'account 50', debt_usd: 70 }])
    expect(report.curve.method).toBe('one pass')
    for (const [name, metric] of Object.entries(report.metrics)) {
      expect(definitionOf(name), name).toBeDefined()
      for (const one of [metric].flat()) expect(one.definition, name).not.toBe('')
    }
    const at = report.curve.drop.indexOf(0.08)
    const total = report.metrics.total_liquidated_usd as MetricAt
    expect(report.curve.total_usd[at]).toBe(total.value)
  })

  it('law: the same scenario gives the same bytes', () => {
    const [once, twice] = [scenarioOf(), scenarioOf()].map((of) => instantRun(of, stamp))
    expect(JSON.stringify(twice)).toBe(JSON.stringify(once))
  })

  it.each(['worst-first', 'batch', 'at-trigger'] as Order[])(
    'law: a price of 0 behind a wall leaves no hole in the report (%s)',
    (order) => {
      for (const drop of [0, 0.05, 0.6, 0.999])
        for (const feedback of [true, false])
          for (const disposal of ['all', 'cost'] as const) {
            const liquidators = { disposal, buys: false }
            const shock = { asset: ETH, drop }
            const changed = { venues: [wall], order, feedback, liquidators, shock }
            const report = instantRun(scenarioOf(changed), stamp)
            expect(holes(report), JSON.stringify(changed)).toEqual([])
            if (feedback && drop === 0.6) expect(report.assets[ETH].final).toBe(0)
          }
    },
  )

  it('law: sensitivities are the numbers of a rerun by hand', () => {
    const scenario = scenarioOf()
    const { sensitivity } = instantRun(scenario, stamp)
    const options = { ...scenario.liquidators, order: scenario.order, feedback: true }
    for (const input of ['depth', 'collateral', 'debt', 'threshold', 'bonus'] as const) {
      const { metrics } = sensitivity.find((row) => row.input === input)!
      for (const [end, factor] of [
        ['down', 0.99],
        ['up', 1.01],
      ] as const) {
        const bench = benchOf(setup(scenario, { [input]: factor }), ETH, options)
        const { numbers } = headline(bench, scenario.shock.drop)
        for (const [name, value] of Object.entries(numbers))
          expect(metrics[name][end], `${name} ${input} ${end}`).toBe(value)
      }
    }
    const { up } = sensitivity.find((row) => row.input === 'shock.drop')!.metrics.final_drop
    const deeper = instantRun({ ...scenario, shock: { asset: ETH, drop: 0.08 * 1.01 } }, stamp)
    expect(up).toBe((deeper.metrics.final_drop as MetricAt).value)
  })

  it('behaviour: with purchases of what others own, the report bounds who is liquidated', () => {
    const liquidators = { disposal: 'all', buys: true } as const
    const report = instantRun(scenarioOf({ liquidators }, true), stamp)
    const [least, most] = (report.metrics.liquidated_bracket as MetricAt[]).map((at) => at.value!)
    const shown = report.accounts.filter((row) => row.repaid_usd > 0)
    const owed = shown.reduce((sum, row) => sum + row.debt_usd, 0)
    expect(least).toBeLessThan(most)
    expect(owed).toBeLessThanOrEqual(most * (1 + 1e-12))
    expect(holes(report)).toEqual([])
    expect(instantRun(scenarioOf(), stamp).metrics.liquidated_bracket).toBeUndefined()
  })

  it('behaviour: the gain after the outside move stands beside the gain now', () => {
    const { metrics } = instantRun(scenarioOf(), stamp)
    const rows = (name: string) => (metrics[name] as MetricAt[]).map(({ h }) => h)
    expect(rows('loop_gain_shocked')).toEqual(rows('loop_gain'))
  })

  it('behaviour: the shock of an asset that nobody sells, and an asset without a venue', () => {
    const report = instantRun(scenarioOf({ shock: { asset: COIN, drop: 0.1 } }, true), stamp)
    expect(holes(report)).toEqual([])
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('error: at-trigger order where several prices move', () => {
    const liquidators = { disposal: 'all', buys: true } as const
    expect(() => instantRun(scenarioOf({ liquidators, order: 'at-trigger' }, true), stamp)).toThrow(
      /FB2302/,
    )
  })
})
