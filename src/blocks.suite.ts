/** Small scenarios in time, shared by tests: one bank, one coin, one pool or curve. */

import type {
  FormationSpec,
  OracleSpec,
  Positions,
  RulesSpec,
  Scenario,
  TakerSpec,
  TimeSpec,
  VenueSpec,
} from './scenario.ts'

export const [USD, ETH, COIN] = [0, 1, 2]
export const stamp = { runId: 'id', engineVersion: '0', data: [] }

/** Rows of [account, asset, side, amount] as positions. */
export function positionsOf(
  rows: readonly (readonly [number, number, 1 | -1, number])[],
): Positions {
  const count = 1 + rows.reduce((most, [account]) => Math.max(most, account), 0)
  return {
    accounts: Array.from({ length: count }, (_, k) => `account ${k + 1}`),
    account: Uint32Array.from(rows, ([account]) => account),
    asset: Uint16Array.from(rows, ([, asset]) => asset),
    side: Int8Array.from(rows, ([, , side]) => side),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(rows, ([, , , amount]) => amount),
    synthetic: true,
    asOf: null,
  }
}

/** A taker without limit that buys everything at once, at any loss. */
export const unlimited: TakerSpec = {
  name: 'anybody',
  capitalUsd: Number.POSITIVE_INFINITY,
  flashFee: null,
  latency: { kind: 'blocks', blocks: 0 },
  minProfitUsd: -1e300,
  size: 'whole',
  gas: 0,
  bidding: { kind: 'market', times: 1 },
  maxGwei: Number.POSITIVE_INFINITY,
  route: 'public',
  tipShare: 0,
  valuation: 1,
  outbids: 'valuation',
  disposal: { kind: 'now' },
  leavesAfterUsd: Number.POSITIVE_INFINITY,
}

/** A formation of so many venues in which nothing decays and nothing stays. */
export function still(venues: number): FormationSpec {
  return {
    halfLifeSeconds: Array.from({ length: venues }, () => Number.POSITIVE_INFINITY),
    permanentShare: Array.from({ length: venues }, () => 0),
    arbitrageSeconds: Number.POSITIVE_INFINITY,
    withdrawal: null,
  }
}

/** Blocks of a second on a chain without limit, prices at rest, one unlimited taker. */
export const plainTime: TimeSpec = {
  blocks: 10,
  chain: {
    blockSeconds: 1,
    gasLimit: Number.POSITIVE_INFINITY,
    demand: 0,
    priceSpread: 0,
    feeMarket: 'first-price',
    gwei: 0,
    gasAsset: -1,
    gasTokenUsd: 0,
    failedGasShare: 0,
  },
  prices: [],
  correlation: null,
  pricesAre: 'outside',
  gas: [],
  depth: [],
  formation: still(1),
  takers: [unlimited],
  generations: 8,
  path: 0,
}

/** An exponential curve of 1 % a unit at 100 USD. */
export const curve: VenueSpec = {
  name: 'curve',
  base: ETH,
  quoteAsset: USD,
  outside: 100,
  fee: 0,
  asOf: null,
  beyond: 'linear',
  kind: 'impactCurve',
  shape: 'exponential',
  coefficient: 0.01,
  crossover: 0,
  observedUnits: null,
}

const terms = (asset: number) => ({ asset, threshold: 0.8, bonus: 0 })
export const stopOutRules: RulesSpec = { kind: 'stopOut', assets: [terms(ETH), terms(COIN)] }

/** A scenario in time over these positions. */
export function timedScenario(
  positions: Positions,
  time: Partial<TimeSpec> = {},
  changed: Partial<Scenario> & { rules?: RulesSpec; oracle?: OracleSpec } = {},
): Scenario {
  const { rules = stopOutRules, oracle = { kind: 'spot' }, ...rest } = changed
  const names = ['USD', 'ETH', 'COIN']
  return {
    name: 'small',
    seed: 1,
    asOf: null,
    assets: names.map((name, a) => ({ name, price: a === ETH ? 100 : 1, in: null })),
    cash: USD,
    protocols: [{ name: 'bank', rules, positions, oracles: names.map(() => oracle) }],
    venues: [curve],
    hop: [[], [0], []],
    haircut: 0,
    liquidators: { disposal: 'all', buys: false },
    shock: { asset: ETH, drop: 0 },
    time: { ...plainTime, ...time },
    order: 'batch',
    feedback: true,
    gainDrops: [0.05],
    ignitionTolerance: 0.01,
    warnings: [],
    ...rest,
  }
}
