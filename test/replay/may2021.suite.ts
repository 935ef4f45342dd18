/**
 * 19 May 2021 on Aave v2 as a scenario: prices, gas and pool as recorded, and a book rebuilt from
 * the liquidations, the only trace of it.
 */

import { positionsOf, stamp, still, unlimited } from '../../src/blocks.suite.ts'
import type { CourseSpec, FormationSpec, Scenario, VenueSpec } from '../../src/scenario.ts'
import type { Table } from '../../src/table.ts'
import { timedRun } from '../../src/timed.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { DAY, type Day, type Points, type Position, valueAt } from './recordedDay.suite.ts'

const BLOCK = 13

/** What is varied between replays. */
export interface Variant {
  /** Sizes from the whole day's liquidations, or from each position's first alone. */
  readonly sizes: 'whole day' | 'first event'
  /** Factor on every trigger price: 1 is the recorded first price. */
  readonly shift: number
  readonly path: 'bars' | 'closes'
  /** Times the recorded pool in which WETH is sold; Infinity: at the mid. */
  readonly pools: number
  /** Whether liquidators leave alone what does not pay after gas. */
  readonly mustPay: boolean
  readonly pricesAre: 'given' | 'inferred'
  readonly deviation: number
  readonly delaySeconds: number
  /** How the delay grows with gas above that of the opening. */
  readonly congestionPower: number
  /** Liquidation threshold of every collateral; null: as listed in 2022. */
  readonly threshold: number | null
  readonly permanentShare: number
  readonly halfLifeSeconds: number
  readonly only: string | null
}

/**
 * The main replay. Its oracle was fixed before the first comparison; its path was not: highs and
 * lows of one thin exchange were tried first, and came hours too early.
 */
export const MAIN: Variant = {
  sizes: 'first event',
  shift: 1,
  path: 'closes',
  pools: Number.POSITIVE_INFINITY,
  mustPay: true,
  pricesAre: 'given',
  deviation: 0.005,
  delaySeconds: 30,
  congestionPower: 0,
  threshold: null,
  permanentShare: 0,
  halfLifeSeconds: 600,
  only: null,
}

/** Only what was seized in WETH. */
export const ETH: Variant = { ...MAIN, only: 'WETH' }

/** Gas of a liquidation: 302,000 measured for the call of v3.0, the rest is a sale in one pool. */
export const GAS = 450_000

/** The scenario of a variant, and the positions of its accounts in their order. */
export function scenarioOf(
  day: Day,
  variant: Variant,
): { readonly scenario: Scenario; readonly positions: readonly Position[] } {
  const positions = day.positions.filter(
    ({ collateral }) => variant.only === null || collateral === variant.only,
  )
  const assets = ['USD', ...day.collaterals]
  const eth = assets.indexOf('WETH')
  const path = variant.path === 'bars' ? day.bars : day.closes
  const threshold = (name: string) => variant.threshold ?? day.threshold.get(name)!
  const factors = assets.map((name) => factorsOf(day, name, path))
  const isSold = variant.pools < Number.POSITIVE_INFINITY
  const opening = path.value[0]
  return {
    positions,
    scenario: {
      name: 'ETH on 19 May 2021',
      seed: 1,
      asOf: null,
      assets: assets.map((name, a) => ({ name, price: factors[a].value[0], in: null })),
      cash: 0,
      protocols: [
        {
          name: 'Aave v2',
          rules: {
            kind: 'aaveV2',
            dustUsd: 1,
            assets: assets.map((name, asset) =>
              asset === 0
                ? { asset, threshold: null, bonus: 0 }
                : { asset, threshold: threshold(name), bonus: day.bonus.get(name)! },
            ),
          },
          positions: positionsOf(
            positions.flatMap((position, account) => {
              const owed = owedBy(position, variant.sizes)
              const price = position.events[0].price * variant.shift
              const units = owed / (threshold(position.collateral) * price)
              return [
                [account, assets.indexOf(position.collateral), 1, units] as const,
                [account, 0, -1, owed] as const,
              ]
            }),
          ),
          oracles: assets.map((_, a) =>
            a === 0 ? ({ kind: 'spot' } as const) : oracleOf(variant, day),
          ),
        },
      ],
      venues: assets
        .slice(1)
        .map((name, k) =>
          name === 'WETH' && isSold
            ? poolOf(day, eth, opening, variant.pools)
            : boundlessVenue(name, k + 1, factors[k + 1].value[0]),
        ),
      hop: assets.map((_, a) => (a === 0 ? [] : [a - 1])),
      haircut: 0,
      liquidators: { disposal: 'all', buys: false },
      shock: { asset: eth, drop: 0 },
      order: 'batch',
      feedback: true,
      gainDrops: [0.05],
      ignitionTolerance: 0.01,
      warnings: [],
      time: {
        blocks: Math.floor(DAY / BLOCK),
        chain: {
          blockSeconds: BLOCK,
          gasLimit: 15_000_000,
          demand: 1,
          priceSpread: 0,
          feeMarket: 'first-price',
          gwei: day.gwei.value[0],
          gasAsset: eth,
          gasTokenUsd: 0,
          failedGasShare: 1,
        },
        prices: assets.flatMap((_, asset) =>
          asset === 0 ? [] : [{ asset, courses: [courseOf(factors[asset], 'linear')] }],
        ),
        correlation: null,
        pricesAre: variant.pricesAre,
        gas: [courseOf(day.gwei, 'hold')],
        depth: isSold ? [courseOf(day.pool, 'linear')] : [],
        formation: formationOf(variant, assets.length - 1),
        takers: [
          {
            ...unlimited,
            name: 'liquidators',
            minProfitUsd: variant.mustPay ? 0 : -1e300,
            gas: GAS,
          },
        ],
        generations: 8,
        path: 0,
      },
    },
  }
}

/** Debt that halves, as often as recorded, to what was repaid; or twice the first repayment. */
function owedBy({ events }: Position, sizes: Variant['sizes']): number {
  if (sizes === 'first event') return 2 * events[0].repaid
  const repaid = events.reduce((sum, event) => sum + event.repaid, 0)
  return repaid / (1 - 0.5 ** events.length)
}

function factorsOf(day: Day, name: string, path: Points): Points {
  if (name === 'USD') return { at: [0], value: [1] }
  if (name === 'WETH') return path
  const ratio = day.ratio.get(name)!
  return { at: path.at, value: path.value.map((price, k) => price * valueAt(ratio, path.at[k])) }
}

function courseOf({ at, value }: Points, between: 'linear' | 'hold'): CourseSpec {
  return {
    kind: 'waypoints',
    atSeconds: at,
    factor: value.map((each) => each / value[0]),
    between,
  }
}

function oracleOf({ deviation, delaySeconds, congestionPower }: Variant, { gwei }: Day) {
  return {
    kind: 'pushed',
    deviation,
    heartbeatSeconds: 3600,
    delaySeconds,
    delaySpread: 0,
    calmGwei: gwei.value[0],
    congestionPower,
    answerMin: null,
    answerMax: null,
  } as const
}

/** So many of the recorded pool in one, as it was when its record begins. */
export function poolOf({ pool }: Day, base: number, outside: number, times: number): VenueSpec {
  return {
    name: 'Uniswap v2 ETH/DAI',
    base,
    quoteAsset: 0,
    outside,
    fee: 0.003,
    asOf: null,
    beyond: 'wall',
    kind: 'constantProduct',
    reserve: (times * pool.value[0]) / Math.sqrt(outside),
    keepsFee: false,
    reprice: 'arbitrage',
  }
}

function boundlessVenue(name: string, base: number, outside: number): VenueSpec {
  return {
    name: `${name} at the mid`,
    base,
    quoteAsset: 0,
    outside,
    fee: 0,
    asOf: null,
    beyond: 'linear',
    kind: 'impactCurve',
    shape: 'none',
    coefficient: 0,
    crossover: 0,
    observedUnits: null,
  }
}

function formationOf(variant: Variant, venues: number): FormationSpec {
  return {
    ...still(venues),
    halfLifeSeconds: Array.from({ length: venues }, () => variant.halfLifeSeconds),
    permanentShare: Array.from({ length: venues }, () => variant.permanentShare),
  }
}

/** What a run leaves. */
export interface Outcome {
  readonly report: TimedReport
  readonly frames: Table
  readonly events: Table
}

/** Runs a scenario to its end. */
export function outcomeOf(scenario: Scenario): Outcome {
  const run = timedRun(scenario, stamp)
  let tables: readonly Table[] = []
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { report: step.value, frames: tables[0], events: tables[1] }
    if (step.value.phase === 'run') tables = step.value.tables
  }
}
