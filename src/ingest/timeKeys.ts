/** Whether a scenario is a run in time, and whether its keys are those of one. */

import type { TimeSpec } from '../scenario.ts'
import { rulesFactories } from '../setup.ts'
import { placesOfTime } from './parameterValues.ts'
import type { PathKeys } from './pathSchema.ts'
import type { ScenarioKeys } from './schema.ts'
import { type Step, type Tree, written } from './tree.ts'
import { keyError } from './validate.ts'

/** What a run in time is made of, all of it there. */
export interface TimeKeys {
  readonly blocks: number
  readonly chain: NonNullable<ScenarioKeys['chain']>
  readonly paths: PathKeys & { readonly are: TimeSpec['pricesAre'] }
  readonly recovery: NonNullable<ScenarioKeys['depth']['recovery']>
  readonly arbitrage: NonNullable<ScenarioKeys['depth']['arbitrage']>
  readonly withdrawal: NonNullable<ScenarioKeys['depth']['withdrawal']>
  readonly agents: NonNullable<ScenarioKeys['liquidators']['agents']>
  readonly generations: number
  readonly sample: NonNullable<ScenarioKeys['sample']> | null
  readonly path: number
  readonly funds: NonNullable<ScenarioKeys['funds']>
}

/**
 * The keys of a run in time; null for an instant cascade, which has none of them.
 *
 * Throws: ScenarioKeyError FB2070 for a key that only means something with blocks, FB2071 with
 *         all that a run in time lacks, FB2051 for what an instant cascade lacks, FB2072 where
 *         prices do not say what they are
 */
export function timeKeysOf(keys: ScenarioKeys, tree: Tree): TimeKeys | null {
  if (keys.blocks === undefined) {
    refuseTime(keys, tree)
    checkInstant(keys, tree)
    return null
  }
  checkWhole(keys, tree)
  const { chain, paths, depth, liquidators, generations = 8, path = 0 } = keys
  const { recovery, arbitrage, withdrawal } = depth
  return {
    blocks: keys.blocks,
    chain: chain!,
    paths: { ...paths!, are: pathsAre(paths!, tree) },
    recovery: recovery!,
    arbitrage: arbitrage!,
    withdrawal: withdrawal!,
    agents: liquidators.agents!,
    generations,
    path,
    funds: keys.funds ?? {},
    sample: keys.sample ?? null,
  }
}

/** The keys with what time fills in, as they are resolved. */
export function completed(keys: ScenarioKeys, time: TimeKeys | null): ScenarioKeys {
  if (time === null) return keys
  const { paths, generations, path } = time
  return { ...keys, paths, generations, path }
}

interface Place {
  readonly path: readonly Step[]
  readonly value: unknown
  /** The shortest way to write it; null: it may be left out. */
  readonly example: string | null
}

/** Every key that only a run in time has, where the scenario may have it. */
function timePlaces(keys: ScenarioKeys): Place[] {
  const { chain, paths, depth, liquidators, protocols, market, generations, path } = keys
  const agent = 'liquidators.agents: { anyone: { ... } }'
  return [
    { path: ['chain'], value: chain, example: 'chain: { block: 12s, gasLimit: none }' },
    { path: ['paths'], value: paths, example: 'paths: {}' },
    {
      ...{ path: ['depth', 'recovery'], value: depth.recovery },
      example: 'depth.recovery: { halfLife: none, permanent: 0% }',
    },
    { path: ['depth', 'arbitrage'], value: depth.arbitrage, example: 'depth.arbitrage: none' },
    { path: ['depth', 'withdrawal'], value: depth.withdrawal, example: 'depth.withdrawal: none' },
    { path: ['liquidators', 'agents'], value: liquidators.agents, example: agent },
    ...Object.entries(protocols).flatMap(([name, { oracle, rules }]) => [
      { path: ['protocols', name, 'oracle'], value: oracle, example: `oracle: spot under ${name}` },
      ...placesOfTime(rulesFactories[rules.kind].parameters, rules, [
        'protocols',
        name,
        'rules',
      ]).map((place) => ({ ...place, example: null })),
    ]),
    ...Object.entries(market.venues).flatMap(([name, venue]) =>
      (['recovery', 'refill', 'decay'] as const).map((key) => ({
        path: ['market', 'venues', name, key],
        value: (venue as { readonly [key: string]: unknown })[key],
        example: null,
      })),
    ),
    { path: ['generations'], value: generations, example: null },
    { path: ['path'], value: path, example: null },
    { path: ['funds'], value: keys.funds, example: null },
    { path: ['sample'], value: keys.sample, example: null },
  ]
}

function refuseTime(keys: ScenarioKeys, tree: Tree): void {
  const stray = timePlaces(keys).find(({ value }) => value !== undefined)
  if (stray === undefined) return
  throw keyError(tree, stray.path, {
    code: 'FB2070',
    rule: 'this key belongs to a run in time, and the scenario has no blocks',
    remedy: `Add blocks: 7200, or remove ${written(stray.path)}`,
  })
}

function checkInstant(keys: ScenarioKeys, tree: Tree): void {
  const rule = 'this key is required and has no default'
  if (keys.liquidators.disposal === undefined) {
    const remedy = 'Write one of all, cost'
    throw keyError(tree, ['liquidators', 'disposal'], { code: 'FB2051', rule, remedy })
  }
  if (keys.shock === undefined) {
    throw keyError(tree, ['shock'], { code: 'FB2051', rule, remedy: 'Add shock' })
  }
}

function checkWhole(keys: ScenarioKeys, tree: Tree): void {
  const missing = timePlaces(keys).filter(
    ({ value, example }) => value === undefined && example !== null,
  )
  if (missing.length === 0) return
  const names = missing.map(({ path }) => written(path))
  const others = missing.length > 1 ? ' and the others' : ''
  throw keyError(tree, ['blocks'], {
    code: 'FB2071',
    rule: `a run in time also needs ${names.join(', ')}`,
    remedy: `Add ${missing[0].example}${others}, or remove blocks`,
  })
}

/** A record may hold the falls that sales had made: then it is no outside move. */
function pathsAre(paths: PathKeys, tree: Tree): TimeSpec['pricesAre'] {
  if (paths.are !== undefined) return paths.are
  for (const [name, courses] of Object.entries(paths.prices)) {
    const recorded = [courses].flat().find(({ kind }) => kind === 'series' || kind === 'waypoints')
    if (recorded === undefined) continue
    throw keyError(tree, ['paths'], {
      code: 'FB2072',
      rule: 'are is required where a price follows a record',
      came: `${recorded.kind} of ${name}`,
      remedy: 'Write are: given for a record of the whole market, outside for a move of your own',
    })
  }
  return 'outside'
}
