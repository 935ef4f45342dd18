/**
 * Reports for the figures' tests, from a market small enough to write down: one asset, accounts
 * sold whole at their triggers, and a book that a sale of D dollars takes from X to X / (1 + D /
 * depth).
 */

import { pow } from '../math/exponential.ts'
import type { Avalanche, LevelBin, Metric, MetricAt, Report, Round } from '../report.ts'

const now = 2400
const depth = 470e6
const observed = 0.1

/** Debt with a trigger above a share of the opening price, USD: two walls on a slope. */
const waiting: readonly (readonly [number, number])[] = [
  [1, 0],
  [0.95, 1.6e6],
  [0.9, 6.5e6],
  [0.85, 15e6],
  [0.825, 22e6],
  [0.8, 31.5e6],
  [0.785, 39.4e6],
  [0.775, 48e6],
  [0.768, 60e6],
  [0.76, 69e6],
  [0.734, 73e6],
  [0.7, 77e6],
  [0.67, 83e6],
  [0.6385, 153e6],
  [0.615, 190e6],
  [0.595, 198e6],
  [0.575, 205e6],
  [0.4, 215e6],
]

interface Sale {
  readonly trigger: number
  readonly debt: number
}

const sales = spread(700)

/** What a test may change about the report. */
export interface SampleOptions {
  readonly beyond?: string
  readonly checks?: Report['checks']
}

/** Returns the report of a drop, as a fraction. */
export function sampleReport(drop: number, options: SampleOptions = {}): Report {
  const shocked = now * (1 - drop)
  const rounds = staircase(shocked)
  const final = rounds.at(-1)?.price_after ?? shocked
  const total = sold(final)
  const curve = responseOf(Array.from({ length: 161 }, (_, i) => i * 0.0025))
  const first = sold(shocked)
  const ignition =
    curve.avalanches.length > 0 ? curve.avalanches.map((a) => a.drop).sort()[0] : null
  return {
    ...frame,
    run_id: `${Math.round(1e6 * drop)
      .toString(16)
      .padStart(4, '7')}${frame.run_id.slice(8)}`,
    shock: { asset: 'WETH', drop },
    assets: [{ name: 'WETH', price: now, shocked, final }],
    metrics: {
      first_round_usd: metric(first, 'usd'),
      total_liquidated_usd: metric(total, 'usd'),
      final_drop: metric(1 - final / now, 'ratio'),
      rounds: metric(rounds.length, 'count'),
      amplification: metric(drop > 0 ? (1 - final / now) / drop : null, 'ratio'),
      ignition_drop: metric(ignition, 'ratio'),
      toxic_ltv: [{ ...metric(1 / 1.05, 'ratio'), asset: 'WETH' } as MetricAt],
    },
    rounds,
    curve,
    map: mapOf(shocked, final),
    levels: levelsOf(shocked, final),
    depth: [depthOf(options.beyond ?? 'linear')],
    health: healthOf(),
    checks: options.checks ?? [{ name: 'conservation', ok: true, detail: '$0.00 unaccounted' }],
  }
}

function metric(value: number | null, unit: string): Metric {
  return { value, unit, basis: 'debt repaid', definition: 'As in the sample.' }
}

/** Accounts of uneven size, the same ones every time, with their triggers read off `waiting`. */
function spread(count: number): Sale[] {
  const all = waiting[waiting.length - 1][1]
  let state = 12345
  const weights = Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 0.2 + (state / 4_294_967_296) * (state / 4_294_967_296) * 3
  })
  const sum = weights.reduce((a, b) => a + b, 0)
  let above = 0
  return weights.map((weight) => {
    const debt = (weight / sum) * all
    const trigger = now * shareAt(above + debt / 2)
    above += debt
    return { trigger, debt }
  })
}

function shareAt(usd: number): number {
  const i = waiting.findIndex(([, until]) => until >= usd)
  const [from, to] = [waiting[i - 1], waiting[i]]
  return from[0] + ((usd - from[1]) / (to[1] - from[1])) * (to[0] - from[0])
}

function sold(price: number): number {
  return sales.reduce((sum, sale) => (sale.trigger > price ? sum + sale.debt : sum), 0)
}

function settle(shocked: number, usd: number): number {
  return shocked / (1 + usd / depth)
}

function staircase(shocked: number): Round[] {
  const rounds: Round[] = []
  let before = shocked
  let done = 0
  for (let round = 1; round <= sales.length; round++) {
    const all = sold(before)
    if (all === done) break
    const after = settle(shocked, all)
    const [previous] = rounds.slice(-1)
    const repaid = all - done
    const accounts = sales.filter(
      ({ trigger }) => trigger > before && trigger <= (previous?.price_before ?? now),
    ).length
    rounds.push({
      round,
      price_before: before,
      price_after: after,
      repaid_usd: repaid,
      sold_units: repaid / after,
      proceeds_usd: repaid,
      accounts,
      settlements: accounts,
      gain: previous === undefined ? null : repaid / previous.repaid_usd,
    })
    done = all
    before = after
  }
  return rounds
}

function finalOf(drop: number): number {
  return staircase(now * (1 - drop)).at(-1)?.price_after ?? now * (1 - drop)
}

function responseOf(drop: number[]): Report['curve'] {
  const finals = drop.map(finalOf)
  const total = finals.map(sold)
  const avalanches: Avalanche[] = []
  for (let i = 1; i < drop.length; i++) {
    if (total[i] - total[i - 1] < 8e6) continue
    let [low, high] = [drop[i - 1], drop[i]]
    while (high - low > 1e-6) {
      const middle = (low + high) / 2
      if (sold(finalOf(middle)) > (total[i - 1] + total[i]) / 2) high = middle
      else low = middle
    }
    avalanches.push({
      drop: low,
      protocol: 'lending',
      account: '0x82aa000000000000000000000000000000008b0a',
      accounts: 90,
      units: 0,
      repaid_usd: sold(finalOf(high)) - sold(finalOf(low)),
    })
  }
  return {
    asset: 'WETH',
    method: 'one pass',
    drop,
    first_usd: drop.map((d) => sold(now * (1 - d))),
    total_usd: total,
    final_drop: finals.map((final) => 1 - final / now),
    bad_debt_usd: drop.map(() => 0),
    accounts: finals.map((final) => sales.filter(({ trigger }) => trigger > final).length),
    avalanches: avalanches.sort((a, b) => b.repaid_usd - a.repaid_usd),
  }
}

/** Both corners of every step, rising. */
function mapOf(shocked: number, final: number): Report['map'] {
  const corners = [...sales].reverse().flatMap(({ trigger }) => {
    const above = sold(trigger)
    const below = sold(trigger - 1e-9)
    return [
      { before: trigger - 1e-9, after: settle(shocked, below) },
      { before: trigger, after: settle(shocked, above) },
    ]
  })
  corners.push({ before: now * 1.1, after: shocked })
  const fixed: { price: number; stable: boolean }[] = []
  for (let i = 1; i < corners.length; i++) {
    const [low, high] = [corners[i - 1], corners[i]]
    const crossesUp = low.after > low.before && high.after < high.before
    const crossesDown = low.after < low.before && high.after > high.before
    if (crossesUp) fixed.push({ price: low.after, stable: true })
    if (crossesDown) fixed.push({ price: low.before, stable: false })
  }
  return {
    asset: 'WETH',
    now,
    shocked,
    final,
    whole: true,
    before: corners.map((corner) => corner.before),
    after: corners.map((corner) => corner.after),
    fixed: fixed.reverse().filter((point) => point.price <= final + 1e-6),
    observed_to: shocked * (1 - observed),
  }
}

function levelsOf(shocked: number, final: number): LevelBin[] {
  const width = 25
  return Array.from({ length: 42 }, (_, i) => {
    const from = now - i * width
    const to = from - width
    const usd = (low: number, high: number) => Math.max(0, sold(low) - sold(Math.max(low, high)))
    return {
      from,
      to,
      first_usd: usd(Math.max(to, shocked), from),
      feedback_usd: usd(Math.max(to, final), Math.min(from, shocked)),
      untouched_usd: usd(to, Math.min(from, final)),
      bids_usd: depth * (now / to - now / from),
      extrapolated: to < now * (1 - 2 * observed),
    }
  })
}

function depthOf(beyond: string): Report['depth'][number] {
  const edge = (observed / (1 - observed)) * depth
  const sizes = Array.from({ length: 25 }, (_, i) => 10_000 * pow(10, i / 6))
  return {
    asset: 'WETH',
    venues: [
      {
        name: 'ladder',
        kind: 'impactCurve',
        as_of: '2023-06-19T11:45:35Z',
        beyond,
        edge_drop: observed,
      },
    ],
    bands: [0.01, 0.02, 0.05, 0.1].map((band) => ({
      band,
      usd: depth * (1 / (1 - band) - 1),
      units: null,
      extrapolated: band > observed,
    })),
    slippage: sizes.map((usd) => ({
      units: usd / now,
      usd,
      slippage: usd / 2 / (depth + usd / 2),
      impact: usd / (depth + usd),
      extrapolated: usd > edge,
    })),
  }
}

function healthOf(): Report['health'] {
  const edges = [0, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 2, 3]
  return edges.map((from, i) => {
    const to = edges[i + 1] ?? null
    const inside = sales.filter(({ trigger }) => {
      const health = now / trigger
      return health >= from && (to === null || health < to)
    })
    return { from, to, accounts: inside.length, debt_usd: inside.reduce((a, b) => a + b.debt, 0) }
  })
}

const frame: Report = {
  schema: 'firebreak.result/1',
  run_id: '7c1e5b2f90d84c6f8f0f7a53d2c4be17a1d06a2c5f3e49d48a5fb0a6e0c9a90f',
  engine_version: '0.1.0',
  scenario: 'eth-lending',
  seed: 42,
  order: 'worst-first',
  feedback: true,
  shock: { asset: 'WETH', drop: 0 },
  as_of: '2023-06-19T11:46:23Z',
  assets: [],
  book: {
    protocols: [{ name: 'lending', rules: 'stopOut' }],
    accounts: sales.length,
    legs: 2 * sales.length,
    debt_usd: sales.reduce((sum, sale) => sum + sale.debt, 0),
    collateral_usd: 2 * sales.reduce((sum, sale) => sum + sale.debt, 0),
    synthetic: false,
    already_bad: [],
    overhang: { accounts: 0, debt_usd: 0 },
  },
  metrics: {},
  rounds: [],
  curve: responseOf([]),
  map: mapOf(now, now),
  levels: [],
  depth: [],
  health: [],
  at_risk: [],
  accounts: [],
  sensitivity: [],
  contagion: null,
  checks: [],
  warnings: [],
  data: [],
}
