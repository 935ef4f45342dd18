/** The part of a scenario that only a run in time has. */

import { chainFrom } from '../chain.ts'
import { InputError } from '../errors.ts'
import { pathSampler } from '../paths/sample.ts'
import type { Sampling } from '../paths/sampling.ts'
import type {
  ChainSpec,
  FormationSpec,
  FundSpec,
  Scenario,
  TimeSpec,
  VenueSpec,
} from '../scenario.ts'
import { rulesFrom } from '../setup.ts'
import { agentsFrom } from './agents.ts'
import { indexOf } from './assets.ts'
import { at, type Context } from './context.ts'
import { coursesFrom } from './courses.ts'
import type { TimeKeys } from './timeKeys.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/**
 * Reads a run in time.
 *
 * Rule:   a shock is a course of its asset: a step that stands in the first block, after the
 *         asset's own courses, so that no random number depends on it.
 * Throws: ScenarioKeyError, TableError
 */
export async function timeFrom(
  time: TimeKeys,
  context: Context,
  venues: readonly VenueSpec[],
): Promise<TimeSpec> {
  const chain = chainSpec(time.chain, context)
  at(context, ['chain'], () => chainFrom(chain))
  const seconds = time.blocks * chain.blockSeconds
  const prices = await pricesFrom(time, seconds, context)
  const gwei = chain.gwei > 0 ? { gwei: chain.gwei } : {}
  const of = (name: 'gas' | 'depth') => ({
    ...{ name, path: ['paths', name], seconds },
    units: name === 'gas' ? { factor: 1, ...gwei } : { factor: 1 },
  })
  const spec: TimeSpec = {
    blocks: time.blocks,
    chain,
    prices,
    correlation: correlationOf(time, prices, context),
    pricesAre: time.paths.are,
    gas: await coursesFrom(time.paths.gas, of('gas'), context),
    depth: await coursesFrom(time.paths.depth, of('depth'), context),
    formation: formationOf(time, context, venues),
    takers: agentsFrom(time.agents, context),
    generations: time.generations,
    path: time.path,
    sample: time.sample,
    sampling: samplingOf(time),
    funds: fundsFrom(time.funds, context),
  }
  checkPaths(spec, context)
  return spec
}

/** Paths of a batch where the file does not say. */
const BATCH = 32

function samplingOf({ paths: { sampling } }: TimeKeys): Sampling | null {
  if (sampling === undefined) return null
  const { kind, batch = BATCH } = sampling
  return { kind, batch: kind === 'antithetic' ? 2 : batch }
}

/** Shared funds, with a share for each protocol. */
function fundsFrom(keys: TimeKeys['funds'], { keys: all, tree }: Context): FundSpec[] {
  const protocols = Object.keys(all.protocols)
  return Object.entries(keys).map(([name, { capital, draws }]) => {
    for (const one of Object.keys(draws))
      indexOf(protocols, one, tree, ['funds', name, 'draws', one], 'protocol')
    return { name, capitalUsd: capital, draws: protocols.map((one) => draws[one] ?? 0) }
  })
}

/**
 * The shock of a scenario.
 *
 * Rule:   where a run in time has none, a fall of 0 of what it is about: the first price that
 *         moves of itself, else the first collateral that is sold.
 * Throws: ScenarioKeyError
 */
export function shockFrom(
  context: Context,
  protocols: Scenario['protocols'],
  hop: Scenario['hop'],
): Scenario['shock'] {
  const { keys, assets, tree, time } = context
  if (keys.shock !== undefined) {
    const { asset, drop } = keys.shock
    return { asset: ownIndex(asset, context, ['shock', 'asset']), drop }
  }
  const moved = Object.keys(time?.paths.prices ?? {})[0]
  if (moved !== undefined) return { asset: assets.names.indexOf(moved), drop: 0 }
  const sold = assets.specs.findIndex(
    (_, asset) =>
      hop[asset].length > 0 &&
      protocols.some(({ rules }) => {
        const { slots } = rulesFrom(rules)
        return slots.asset.some((of, s) => of === asset && slots.side[s] === 1)
      }),
  )
  if (sold >= 0) return { asset: sold, drop: 0 }
  throw keyError(tree, ['shock'], {
    code: 'FB2051',
    rule: 'no price moves and no collateral is sold, so this key is required',
    remedy: 'Add shock: { asset: ETH, drop: 15% }',
  })
}

/** Index of an asset that has a price of its own: any but cash. */
function ownIndex(name: string, { assets, tree }: Context, path: readonly Step[]): number {
  return indexOf(assets.names.slice(0, -1), name, tree, path)
}

function chainSpec(keys: TimeKeys['chain'], context: Context): ChainSpec {
  const { names } = context.assets
  const { gasAsset } = keys
  return {
    blockSeconds: keys.block.value,
    gasLimit: keys.gasLimit.value,
    demand: keys.demand?.value ?? 0,
    priceSpread: keys.priceSpread ?? 0,
    feeMarket: keys.feeMarket ?? 'first-price',
    gwei: keys.gas ?? 0,
    gasAsset:
      gasAsset === undefined ? -1 : indexOf(names, gasAsset, context.tree, ['chain', 'gasAsset']),
    gasTokenUsd: keys.gasToken ?? 0,
    failedGasShare: keys.failedGas ?? 0,
  }
}

async function pricesFrom(
  time: TimeKeys,
  seconds: number,
  context: Context,
): Promise<TimeSpec['prices']> {
  const prices: TimeSpec['prices'][number][] = []
  for (const [name, keys] of Object.entries(time.paths.prices)) {
    const path = ['paths', 'prices', name]
    const asset = ownIndex(name, context, path)
    const units = { factor: 1, price: context.assets.specs[asset].price }
    const courses = await coursesFrom(keys, { name, path, units, seconds }, context)
    prices.push({ asset, courses })
  }
  return withShock(prices, context)
}

function withShock(prices: TimeSpec['prices'], context: Context): TimeSpec['prices'] {
  const { shock } = context.keys
  if (shock === undefined) return prices
  const asset = ownIndex(shock.asset, context, ['shock', 'asset'])
  const fall = { kind: 'step', drop: shock.drop, atSeconds: 0 } as const
  if (prices.every((price) => price.asset !== asset)) return [...prices, { asset, courses: [fall] }]
  return prices.map((price) =>
    price.asset === asset ? { asset, courses: [...price.courses, fall] } : price,
  )
}

/** The whole matrix from its pairs. Throws: ScenarioKeyError FB2076 where a pair is said twice. */
function correlationOf(
  time: TimeKeys,
  prices: TimeSpec['prices'],
  context: Context,
): TimeSpec['correlation'] {
  const { correlation } = time.paths
  if (correlation === undefined) return null
  const names = Object.keys(time.paths.prices)
  const matrix = prices.map((_, i) => prices.map((_, j) => Number(i === j)))
  const under = ['paths', 'correlation']
  for (const [name, row] of Object.entries(correlation)) {
    const i = indexOf(names, name, context.tree, [...under, name], 'price among paths.prices')
    for (const [other, value] of Object.entries(row)) {
      const path = [...under, name, other]
      const j = indexOf(names, other, context.tree, path, 'price among paths.prices')
      const isSaid = correlation[other]?.[name] !== undefined && correlation[other][name] !== value
      if (isSaid || (i === j && value !== 1)) failPair(name, other, value, path, context)
      matrix[i][j] = value
      matrix[j][i] = value
    }
  }
  return matrix
}

function failPair(
  name: string,
  other: string,
  value: number,
  path: readonly Step[],
  context: Context,
): never {
  const isOne = name === other
  throw keyError(context.tree, path, {
    code: 'FB2076',
    rule: isOne ? 'a price has correlation 1 with itself' : 'a pair has one correlation',
    came: isOne ? String(value) : `${value} here and another under ${other}.${name}`,
    remedy: isOne ? 'Remove it' : 'Write each pair once',
  })
}

function formationOf(
  time: TimeKeys,
  context: Context,
  venues: readonly VenueSpec[],
): FormationSpec {
  const { recovery, arbitrage, withdrawal } = time
  const all = venues.map((spec) => recoveryOf(spec, context, recovery))
  const refills = all.some(({ perSecond }) => perSecond > 0)
  return {
    halfLifeSeconds: all.map(({ halfLife }) => halfLife),
    permanentShare: all.map(({ permanent }) => permanent),
    ...(refills ? { refillPerSecond: all.map(({ perSecond }) => perSecond) } : {}),
    arbitrageSeconds: arbitrage.value,
    withdrawal:
      withdrawal === 'none'
        ? null
        : {
            halfLifeSeconds: withdrawal.halfLife.value,
            calmVolatility: withdrawal.calmVolatility.value,
            power: withdrawal.power,
            floor: withdrawal.floor,
            refillSeconds: withdrawal.refill.value,
          },
  }
}

/** How a venue recovers: a redemption by its own keys, every other one as the market does. */
function recoveryOf(
  spec: VenueSpec,
  { keys }: Context,
  recovery: TimeKeys['recovery'],
): { readonly halfLife: number; readonly permanent: number; readonly perSecond: number } {
  const venue = keys.market.venues[spec.name]
  if (venue.kind === 'redemption') {
    const { capacity, refill, decay } = venue
    const whole = capacity * (1 - keys.depth.haircut)
    const perSecond = refill === undefined ? 0 : whole / refill.value
    return { halfLife: decay?.value ?? Number.POSITIVE_INFINITY, permanent: 0, perSecond }
  }
  const own = ('recovery' in venue ? venue.recovery : undefined) ?? recovery
  return { halfLife: own.halfLife.value, permanent: own.permanent, perSecond: 0 }
}

/** Has the engine check all courses; what it refuses is said at the line of that course. */
function checkPaths(spec: TimeSpec, context: Context): void {
  try {
    pathSampler(spec, context.assets.names.length)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    at(context, pathOf(error.place ?? '', spec, context), () => {
      throw error
    })
  }
}

function pathOf(place: string, spec: TimeSpec, context: Context): Step[] {
  const paths = context.time?.paths
  const price = /^time\.prices\[(\d+)\]\.courses\[(\d+)\]/.exec(place)
  if (price !== null) {
    const name = context.assets.names[spec.prices[Number(price[1])].asset]
    const own = paths?.prices[name]
    return ['paths', 'prices', name, ...(Array.isArray(own) ? [Number(price[2])] : [])]
  }
  const other = /^time\.(gas|depth)\[(\d+)\]/.exec(place)
  if (other !== null) {
    const name = other[1] as 'gas' | 'depth'
    return ['paths', name, ...(Array.isArray(paths?.[name]) ? [Number(other[2])] : [])]
  }
  return place.startsWith('time.correlation') ? ['paths', 'correlation'] : ['paths']
}
