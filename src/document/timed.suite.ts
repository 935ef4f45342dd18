/**
 * A run in time for tests: 240 points of a day on which the price falls and bounces a little, and
 * two protocols settle through three liquidators.
 */

import type { Metric } from '../report.ts'
import type { EventRow, TimedReport } from '../timedReport.ts'
import { CLOSINGS, FUND } from './gauges.suite.ts'

const points = 240
const step = 360
const opening = 194.2

/** What a test may change. */
export interface TimedOptions {
  /** Only these columns of the timeline, besides `seconds`. */
  readonly columns?: readonly string[]
  readonly calm?: boolean
  readonly feedback?: boolean
  /** Number of points; the same day is cut into as many. */
  readonly points?: number
}

/** Returns the report of the day. */
export function timedReport(options: TimedOptions = {}): TimedReport {
  const calm = options.calm === true
  const feedback = options.feedback !== false
  const all = columnsOf(calm, feedback, options.points ?? points)
  const kept = options.columns
  const events = calm ? [] : eventsOf()
  return {
    ...frame,
    feedback,
    metrics: calm ? calmMetrics : dayMetrics,
    turns: calm ? [] : turns,
    generations: calm ? [] : generations,
    fates: feedback ? (calm ? noFates : fates) : null,
    protocols: calm ? protocols.map((row) => ({ ...row, ...nothing })) : protocols,
    liquidators: calm ? liquidators.map((row) => ({ ...row, ...idle, left: false })) : liquidators,
    timeline: {
      columns: all.filter(({ name }) => name === 'seconds' || (kept?.includes(name) ?? true)),
    },
    events,
  }
}

/** The price without sales: a slide, a plunge around noon, a bounce, a second low. */
function outsideAt(share: number): number {
  const knots: readonly (readonly [number, number])[] = [
    [0, 1],
    [0.35, 0.9],
    [0.42, 0.72],
    [0.5, 0.68],
    [0.6, 0.76],
    [0.8, 0.66],
    [0.92, 0.59],
    [1, 0.61],
  ]
  const i = knots.findIndex(([at]) => at >= share)
  if (i <= 0) return opening
  const [from, to] = [knots[i - 1], knots[i]]
  const along = (share - from[0]) / (to[0] - from[0])
  const wave = 0.006 * (((share * 97) % 1) - 0.5)
  return opening * (from[1] + along * (to[1] - from[1]) + wave)
}

function columnsOf(calm: boolean, feedback: boolean, rows: number) {
  const share = (i: number) => i / (rows - 1)
  const hit = (i: number) =>
    calm ? 0 : bump(share(i), 0.43, 0.04) + 0.6 * bump(share(i), 0.9, 0.03)
  const stretch = points / rows
  const seconds = Array.from({ length: rows }, (_, i) => Math.round(share(i) * (points - 1) * step))
  const outside = seconds.map((_, i) => outsideAt(share(i)))
  const push = (i: number) => (feedback ? 0.09 * hit(i) + 0.03 * hit(Math.max(0, i - 8)) : 0)
  const mid = outside.map((price, i) => price * (1 - push(i)))
  const liquidated = seconds.map((_, i) => (hit(i) < 0.02 ? 0 : 1.26e6 * hit(i) * stretch))
  let owed = 0
  return [
    column('seconds', 's', seconds),
    column('outside_ETH', 'usd', outside),
    column('mid_ETH', 'usd', mid),
    column('oracle_lending_ETH', 'usd', held(mid, 3, 0)),
    column('oracle_vaults_ETH', 'usd', held(mid, 10, 10)),
    column(
      'gwei',
      'gwei',
      seconds.map((_, i) => 8 + 4 * ((i * 7) % 5) + 420 * hit(i)),
    ),
    column(
      'base_gwei',
      'gwei',
      seconds.map((_, i) => 6 + 260 * hit(i)),
    ),
    column('liquidated_usd', 'usd', liquidated),
    column(
      'liquidations',
      'count',
      liquidated.map((usd) => Math.ceil(usd / 90e3)),
    ),
    column(
      'feedback_usd',
      'usd',
      liquidated.map((usd, i) => (feedback ? usd * 0.55 * hit(i) : 0)),
    ),
    column(
      'bad_debt_usd',
      'usd',
      seconds.map((_, i) => {
        owed += hit(i) > 0.8 ? 9e5 * stretch : 0
        return owed
      }),
    ),
    column(
      'waiting',
      'count',
      seconds.map((_, i) => Math.round(60 * hit(i))),
    ),
    column(
      'failed',
      'count',
      seconds.map((_, i) => Math.round(9 * hit(i))),
    ),
    column(
      'capital_usd',
      'usd',
      seconds.map((_, i) => 9e6 * (1 - 0.9 * hit(Math.max(0, i - 2)))),
    ),
    column(
      'depth_ETH',
      'ratio',
      seconds.map((_, i) => 1 - 0.85 * hit(Math.max(0, i - 3))),
    ),
    column(
      'bids_ETH',
      'usd',
      seconds.map((_, i) => 4.2e6 * (1 - 0.85 * hit(i))),
    ),
    column(
      'gain',
      'ratio',
      seconds.map((_, i) => (i % 12 === 0 ? 0.3 + 0.9 * hit(i) : null)),
    ),
  ]
}

function column(name: string, unit: string, values: readonly (number | null)[]) {
  return { name, unit, definition: `${name} at the end of the bin.`, values }
}

function bump(share: number, centre: number, half: number): number {
  const away = Math.abs(share - centre) / half
  return away >= 1 ? 0 : (1 - away * away) * (1 - away * away)
}

/** Published every few points, late by some. */
function held(prices: readonly number[], every: number, late: number): number[] {
  return prices.map((_, i) => prices[Math.max(0, Math.floor(i / every) * every - late)])
}

function eventsOf(): EventRow[] {
  const fateNames = ['primary', 'hastened', 'feedback only', 'delayed']
  return Array.from({ length: 25 }, (_, i): EventRow => {
    const late = i >= 17
    const share = late ? 0.87 + 0.007 * (i - 17) : 0.4 + 0.0042 * i
    const price = outsideAt(share) * 0.95
    const repaid = 1.9e6 / (1 + 0.4 * i)
    return {
      block: 1000 + i,
      at_seconds: Math.round(share * (points - 1) * step),
      protocol: i % 3 === 0 ? 'vaults' : 'lending',
      account: `0x${(0x82aa0000 + 7919 * i).toString(16)}00000000000000000000000000008b0a`,
      liquidator: liquidators[i % 2].name,
      sold: 'ETH',
      units: (1.05 * repaid) / price,
      repaid_usd: repaid,
      price,
      gwei: 30 + 16 * i,
      fate: fateNames[i % 5 === 4 ? 1 : i % 4],
      generation: i % 4 === 0 ? 0 : 1 + (i % 3),
    }
  })
}

function metric(value: number | null, unit: string): Metric {
  return { value, unit, basis: 'debt repaid', definition: 'As in the sample.' }
}

const dayMetrics = {
  first_round_usd: metric(9.3e6, 'usd'),
  total_liquidated_usd: metric(14.6e6, 'usd'),
  first_round_accounts: metric(212, 'count'),
  accounts_liquidated: metric(303, 'count'),
  bad_debt_usd: metric(5.4e6, 'usd'),
  first_round_bad_debt_usd: metric(0.7e6, 'usd'),
  lowest_drop: metric(1 - 109.94 / opening, 'ratio'),
  outside_drop_then: metric(0.41, 'ratio'),
  shortfall_usd: metric(0.31e6, 'usd'),
}

const calmMetrics = {
  first_round_usd: metric(0, 'usd'),
  total_liquidated_usd: metric(0, 'usd'),
  first_round_accounts: metric(0, 'count'),
  accounts_liquidated: metric(0, 'count'),
  bad_debt_usd: metric(0, 'usd'),
  first_round_bad_debt_usd: metric(0, 'usd'),
  lowest_drop: metric(1 - 109.94 / opening, 'ratio'),
  outside_drop_then: metric(1 - 109.94 / opening, 'ratio'),
}

const turns: TimedReport['turns'] = [
  turn(
    33480,
    'first liquidation',
    'lending sells the first account: $112k repaid by keeper-a at 31 gwei.',
  ),
  turn(34200, 'first feedback', 'The first account falls that no outside price had reached.'),
  turn(35640, 'oracle gap', 'The price of vaults is 12.4 % above the market, 59 min old.'),
  turn(
    36360,
    'priced out',
    'keeper-b stops bidding: gas of 310 gwei eats the bonus of 41 accounts.',
  ),
  turn(36720, 'won for nothing', 'vaults sells 52.1 ETH to newcomer for $1: nobody else bids.'),
  turn(37080, 'gas peak', 'Gas peaks at 428 gwei, 36 times what it was in the morning.'),
  turn(37440, 'liquidator left', 'keeper-b leaves after 40 failed transactions.'),
  turn(38160, 'bad debt', 'vaults writes off $3.1M; 14 accounts have no collateral left.'),
  turn(78480, 'lowest price', 'ETH trades at $109.94, 43.4 % below the opening.'),
]

function turn(at: number, kind: TimedReport['turns'][number]['kind'], text: string) {
  return { block: Math.round(at / 13), at_seconds: at, text, kind }
}

const generations: TimedReport['generations'] = [
  { generation: 0, and_later: false, liquidations: 190, repaid_usd: 8.1e6, drop: 0.052 },
  { generation: 1, and_later: false, liquidations: 61, repaid_usd: 2.6e6, drop: 0.017 },
  { generation: 2, and_later: false, liquidations: 44, repaid_usd: 3.2e6, drop: 0.013 },
  { generation: 3, and_later: false, liquidations: 8, repaid_usd: 0.7e6, drop: 0.004 },
]

const fates = {
  primary: { accounts: 150, repaid_usd: 6.2e6 },
  hastened: { accounts: 58, repaid_usd: 2.4e6 },
  feedback_only: { accounts: 91, repaid_usd: 5.6e6 },
  delayed: { accounts: 4, repaid_usd: 0.4e6 },
  averted: { accounts: 3, repaid_usd: 0.3e6 },
}

const none = { accounts: 0, repaid_usd: 0 }
const noFates = { primary: none, hastened: none, feedback_only: none, delayed: none, averted: none }

const undefended = { borrowers_lost_usd: 0, returned_usd: 0, kept_usd: 0, defences: [] }
const protocols: TimedReport['protocols'] = [
  {
    name: 'lending',
    rules: 'aaveV2',
    liquidations: 221,
    accounts: 219,
    repaid_usd: 10.4e6,
    bad_debt_usd: 0.2e6,
    shortfall_usd: 0.05e6,
    in_auction_usd: 0,
    waiting: 2,
    oracle_age_seconds: 1080,
    oracle_gap: 0.031,
    gap_at_seconds: 36000,
    ...{ sales: 14, sales_usd: 2_400_000, gauges: [], closings: [] },
    ...undefended,
  },
  {
    name: 'vaults',
    rules: 'makerFlip',
    liquidations: 82,
    accounts: 84,
    repaid_usd: 4.2e6,
    bad_debt_usd: 5.2e6,
    shortfall_usd: 0.26e6,
    in_auction_usd: 0,
    waiting: 11,
    oracle_age_seconds: 7200,
    ...undefended,
    oracle_gap: 0.124,
    gap_at_seconds: 35640,
    ...{ sales: 0, sales_usd: 0, gauges: [FUND], closings: CLOSINGS },
  },
]

const nothing = { ...none, liquidations: 0, bad_debt_usd: 0, waiting: 0, sales: 0, sales_usd: 0 }

const liquidators: TimedReport['liquidators'] = [
  {
    name: 'keeper-a',
    won: 214,
    failed: 97,
    proceeds_usd: 11.2e6,
    paid_usd: 10.4e6,
    gas_usd: 61e3,
    tips_usd: 22e3,
    flash_usd: 9e3,
    inventory_usd: 120e3,
    profit_usd: 828e3,
    capital_usd: 6e6,
    priced_out: 18,
    out_of_capital: 31,
    left: false,
  },
  {
    name: 'keeper-b',
    won: 71,
    failed: 140,
    proceeds_usd: 3.9e6,
    paid_usd: 3.8e6,
    gas_usd: 152e3,
    tips_usd: 0,
    flash_usd: 0,
    inventory_usd: 0,
    profit_usd: -52e3,
    capital_usd: 3e6,
    priced_out: 41,
    out_of_capital: 0,
    left: true,
  },
  {
    name: 'newcomer',
    won: 18,
    failed: 0,
    proceeds_usd: 2.3e6,
    paid_usd: 18,
    gas_usd: 1900,
    tips_usd: 0,
    flash_usd: 0,
    inventory_usd: 0,
    profit_usd: 2298082,
    capital_usd: null,
    priced_out: 0,
    out_of_capital: 0,
    left: false,
  },
]

const idle: Partial<TimedReport['liquidators'][number]> = Object.fromEntries(
  Object.entries(liquidators[0]).flatMap(([key, value]) =>
    key === 'capital_usd' || typeof value !== 'number' ? [] : [[key, 0]],
  ),
)

const frame: TimedReport = {
  schema: 'firebreak.run/1',
  run_id: '7c1e5b2f90d84c6f8f0f7a53d2c4be17a1d06a2c5f3e49d48a5fb0a6e0c9a90f',
  engine_version: '0.2.0',
  ...{ scenario: 'black-thursday', seed: 42, path: 0, funds: [] },
  feedback: true,
  prices_are: 'outside',
  as_of: '2020-03-12T00:00:00Z',
  blocks: 6646,
  block_seconds: 13,
  service: 'largest margin first',
  headline: 'ETH',
  assets: [
    {
      name: 'ETH',
      opening,
      lowest: 109.94,
      lowest_at_seconds: 78480,
      final: 117.1,
      undisturbed: 118.46,
    },
  ],
  book: {
    protocols: [
      { name: 'lending', rules: 'aaveV2' },
      { name: 'vaults', rules: 'makerFlip' },
    ],
    accounts: 2418,
    legs: 4836,
    debt_usd: 92e6,
    collateral_usd: 174e6,
    synthetic: true,
  },
  metrics: {},
  turns: [],
  generations: [],
  fates: null,
  protocols: [],
  liquidators: [],
  timeline: { columns: [] },
  events: [],
  checks: [
    { name: 'stock is flow', ok: true, detail: 'largest gap $0.00' },
    { name: 'twins telescope', ok: true, detail: '1e-12' },
  ],
  warnings: [{ code: 'FB4107', text: 'the book of vaults is synthetic', effect: 'unknown' }],
  data: [{ name: 'prices.csv', role: 'scenario', sha256: 'ab12cd34', rows: 1440, as_of: null }],
}
