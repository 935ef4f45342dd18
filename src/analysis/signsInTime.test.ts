import { describe, expect, it } from 'vitest'
import { COIN, ETH, plainTime, positionsOf, timedScenario, USD } from '../blocks.suite.ts'
import { atGas, fall, metric, ran, searcher } from '../defences/defences.suite.ts'
import { count } from '../format.ts'
import { randomAt } from '../math/random.ts'
import type { OracleSpec, Scenario, TakerSpec, TimeSpec, VenueSpec } from '../scenario.ts'
import type { TimedReport } from '../timedReport.ts'
import { type Pair, page, quantileOf, quartiles, rowOf, signsOf } from './signs.suite.ts'

const SEEDS = 30
const ACCOUNTS = 40

interface Changes {
  readonly halfLifeSeconds?: number
  readonly gwei?: number
  readonly taker?: Partial<TakerSpec>
  readonly oracle?: OracleSpec
  readonly wholeBelow?: number
  /** Between two collaterals at random prices; without it one falls. */
  readonly correlation?: number
}

/** Loans on two collaterals, all on the first but for a share; health factors from 1.02 to 1.5. */
function loans(seed: number, shareOfCoin: (i: number) => number) {
  const random = randomAt(seed, 5)
  return positionsOf(
    Array.from({ length: ACCOUNTS }, (_, i) => {
      const units = 4 + 36 * random.uniform(i, 0)
      const health = 1.02 + 0.48 * random.uniform(i, 1)
      const coin = shareOfCoin(i)
      const legs: [number, number, 1 | -1, number][] = [
        [i, ETH, 1, units * (1 - coin)],
        [i, COIN, 1, units * coin],
        [i, USD, -1, (units * 100 * 0.8) / health],
      ]
      return legs.filter(([, , , amount]) => amount > 0)
    }).flat(),
  )
}

const pool = (base: number, name: string): VenueSpec => ({
  ...{ name, base, quoteAsset: USD, outside: 100, fee: 0.003, asOf: null, beyond: 'linear' },
  ...{ kind: 'constantProduct', reserve: 3000, keepsFee: false, reprice: 'arbitrage' },
})

const terms = (asset: number) => ({ asset, threshold: 0.8, bonus: 0.06 })

/** A fall of one collateral in 5 to 20 minutes, with five hours to act; or an hour at random. */
function pricesOf(seed: number, correlation: number | undefined): Partial<TimeSpec> {
  const random = randomAt(seed, 6)
  if (correlation === undefined) {
    const drop = 0.15 + 0.25 * random.uniform(0, 0)
    const seconds = 300 + 900 * random.uniform(0, 1)
    return { blocks: 1500, prices: [{ asset: ETH, courses: [fall(drop, 120, 120 + seconds)] }] }
  }
  const courses = [{ kind: 'gbm', drift: 0, volatility: VOLATILITY }] as const
  return {
    blocks: 300,
    prices: [ETH, COIN].map((asset) => ({ asset, courses })),
    correlation: [
      [1, correlation],
      [correlation, 1],
    ],
  }
}

/** A year; 32 % in an hour. */
const VOLATILITY = 30

/** The book and the prices of a seed, with what is changed. */
function scenarioOf(seed: number, of: Changes): Scenario {
  const { halfLifeSeconds = 300, gwei = 20, wholeBelow = 0.95, correlation, oracle } = of
  const random = randomAt(seed, 7)
  const formation = {
    ...plainTime.formation,
    halfLifeSeconds: [halfLifeSeconds, halfLifeSeconds],
    permanentShare: [0, 0],
  }
  const takers = [{ ...searcher, ...of.taker }]
  const scenario = timedScenario(
    loans(seed, (i) => (correlation === undefined ? 0 : random.uniform(i, 0))),
    { ...atGas(gwei), ...pricesOf(seed, correlation), formation, takers },
    {
      seed,
      venues: [pool(ETH, 'ETH pool'), pool(COIN, 'COIN pool')],
      hop: [[], [0], [1]],
      rules: {
        kind: 'lending',
        assets: [terms(ETH), terms(COIN), { asset: USD, threshold: null, bonus: 0 }],
        ...{ closeFactor: 0.5, wholeBelow, dustUsd: 20, target: null },
      },
      ...(oracle === undefined ? {} : { oracle }),
    },
  )
  const assets = scenario.assets.map((one, a) => ({ ...one, price: a === USD ? 1 : 100 }))
  return { ...scenario, assets }
}

function late(delaySeconds: number): OracleSpec {
  return {
    ...{ kind: 'pushed', deviation: 0.005, heartbeatSeconds: 3600, delaySeconds, delaySpread: 0 },
    ...{ calmGwei: 1e9, congestionPower: 0, answerMin: null, answerMax: null },
  }
}

const usd = (value: number) => `${value < -0.5 ? '-' : ''}$${count(Math.abs(value))}`
const points = (value: number) => `${(100 * value).toFixed(1)} %`
const numbers = {
  fragility_ratio: (value: number) => value.toFixed(1),
  forced_sale_usd: usd,
  lowest_drop: points,
  bad_debt_usd: usd,
} as const
type Name = keyof typeof numbers

/** What is turned, from and to. */
const turns: Readonly<Record<string, readonly [Changes, Changes]>> = {
  'half-life of recovery, 5 to 20 minutes': [{ halfLifeSeconds: 300 }, { halfLifeSeconds: 1200 }],
  'gas price, 20 to 500 gwei': [{ gwei: 20 }, { gwei: 500 }],
  'the same, no debt repaid whole': [
    { gwei: 20, wholeBelow: 0 },
    { gwei: 500, wholeBelow: 0 },
  ],
  'latency of takers, 0 to 10 blocks': [{ taker: slow(0) }, { taker: slow(10) }],
  'delay of the oracle, 0 to 10 minutes': [{ oracle: late(0) }, { oracle: late(600) }],
  'the same, nothing recovers': [
    { oracle: late(0), halfLifeSeconds: Number.POSITIVE_INFINITY },
    { oracle: late(600), halfLifeSeconds: Number.POSITIVE_INFINITY },
  ],
  'correlation of two collaterals, 0 to 0.9': [{ correlation: 0 }, { correlation: 0.9 }],
}

function slow(blocks: number): Partial<TakerSpec> {
  return { latency: { kind: 'blocks', blocks } }
}

type Runs = readonly (readonly [before: TimedReport, after: TimedReport])[]

function runsOf([before, after]: readonly [Changes, Changes]): Runs {
  return Array.from({ length: SEEDS }, (_, seed) => [
    ran(scenarioOf(seed, before)),
    ran(scenarioOf(seed, after)),
  ])
}

const pairsOf = (runs: Runs, of: Name): Pair[] =>
  runs.map(([before, after]) => [metric(before, of), metric(after, of)])

/** Signs of a change over the seeds, where it starts, and how far it goes. */
function rowFor(name: string, of: Name, runs: Runs): string {
  const pairs = pairsOf(runs, of)
  const { down, same, up } = signsOf(pairs)
  const from = numbers[of](
    quantileOf(
      pairs.map(([before]) => before),
      0.5,
    ),
  )
  const size = quartiles(
    pairs.map(([before, after]) => after - before),
    numbers[of],
  )
  return rowOf([name, `\`${of}\``, down, same, up, from, size])
}

/** Those in which forced sales went down. */
const fewer = (runs: Runs) =>
  runs.filter(
    ([before, after]) => metric(after, 'forced_sale_usd') < metric(before, 'forced_sale_usd'),
  )

/** What is said of those on the page. */
const exceptions: Readonly<Record<string, (runs: Runs) => string>> = {
  'latency of takers, 0 to 10 blocks': (runs) => {
    const lost = fewer(runs).filter(
      ([before, after]) => metric(after, 'bad_debt_usd') > metric(before, 'bad_debt_usd'),
    )
    return `In ${lost.length} of the ${fewer(runs).length} books`
  },
  'correlation of two collaterals, 0 to 0.9': (runs) => {
    const pulled = fewer(runs).filter(
      ([before, after]) => after.assets[COIN].undisturbed > before.assets[COIN].undisturbed,
    )
    return `In ${pulled.length} of the ${fewer(runs).length} hours`
  },
}

describe('signs and sizes in time, over random books', () => {
  it.each(Object.entries(turns))('%s: as the page has it', (name, turn) => {
    const runs = runsOf(turn)
    for (const of of Object.keys(numbers) as Name[]) expect(page).toContain(rowFor(name, of, runs))
    if (name in exceptions) expect(page).toContain(exceptions[name](runs))
  })
})
