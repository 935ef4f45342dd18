/** Price feeds of a protocol, by asset. */

import { oracleFrom } from '../oracles/oracleFrom.ts'
import type { Rules } from '../rules.ts'
import type { OracleSpec } from '../scenario.ts'
import { indexOf } from './assets.ts'
import { at, type Context } from './context.ts'
import type { FeedKeys, OracleKeys } from './feedSchema.ts'
import type { Written } from './fields.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/**
 * Reads the feeds of a protocol, one for each asset of the scenario.
 *
 * Rule:   an asset has its own feed, else that of `others`; cash, and assets that the rules do not
 *         know, need none and have the market itself.
 * Throws: ScenarioKeyError FB2073 where an asset of the rules has no feed
 */
export function feedsFrom(
  keys: OracleKeys,
  rules: Rules,
  context: Context,
  path: readonly Step[],
): OracleSpec[] {
  const { names, cash, usd } = context.assets
  const own = byAsset(keys)
  const others = own.get('others')
  for (const name of own.keys()) {
    if (name !== 'others') indexOf(names.slice(0, -1), name, context.tree, [...path, name])
  }
  return names.map((name, asset) => {
    const feed = asset === cash ? undefined : (own.get(name) ?? others)
    if (feed === undefined) {
      const isKnown = asset !== cash && rules.slots.asset.includes(asset)
      if (isKnown) failMissing(name, context, path)
      return { kind: 'spot' }
    }
    const spec = feedSpec(feed)
    const place = own.has(name) ? [...path, name] : [...path, 'others']
    at(context, place, () => oracleFrom(spec, { price: usd[asset], draw: () => 0.5 }))
    return spec
  })
}

function byAsset(keys: OracleKeys): ReadonlyMap<string, FeedKeys> {
  return new Map(isFeed(keys) ? [['others', keys]] : Object.entries(keys))
}

function isFeed(keys: OracleKeys): keys is FeedKeys {
  return typeof keys === 'string' || typeof keys.kind === 'string'
}

function failMissing(name: string, context: Context, path: readonly Step[]): never {
  throw keyError(context.tree, path, {
    code: 'FB2073',
    rule: 'every asset of the rules needs a feed',
    came: `none for ${name}`,
    remedy: `Add ${name}: spot, or others: spot`,
  })
}

function feedSpec(keys: FeedKeys): OracleSpec {
  if (keys === 'spot') return { kind: 'spot' }
  switch (keys.kind) {
    case 'spot':
      return { kind: 'spot' }
    case 'pushed':
      return {
        kind: 'pushed',
        deviation: keys.deviation,
        heartbeatSeconds: keys.heartbeat.value,
        delaySeconds: keys.delay.value,
        delaySpread: keys.delaySpread,
        calmGwei: keys.calmGas ?? 1,
        congestionPower: keys.congestionPower,
        answerMin: keys.min ?? null,
        answerMax: keys.max ?? null,
      }
    case 'securityModule':
      return {
        kind: 'securityModule',
        hopSeconds: keys.hop.value,
        feedDelaysSeconds: keys.feedDelays.map(({ value }) => value),
        pokeMaxGwei: finiteOrNull(keys.pokeMaxGas),
      }
    case 'twap':
      return { kind: 'twap', windowSeconds: keys.window.value, mean: keys.mean }
    case 'ema':
      return { kind: 'ema', timeSeconds: keys.time.value }
    case 'confident':
      return {
        kind: 'confident',
        width: keys.width,
        volatilityWidth: keys.volatilityWidth,
        halfLifeSeconds: keys.halfLife.value,
        widthMax: keys.widthMax,
        delaySeconds: keys.delay.value,
      }
    case 'mark':
      return markSpec(keys)
    case 'capped':
      return {
        kind: 'capped',
        growthPerYear: keys.growth.value,
        snapshotRatio: keys.snapshotRatio,
        snapshotAgeSeconds: keys.snapshotAge.value,
        under: feedSpec(keys.under),
      }
  }
}

function markSpec(keys: Extract<FeedKeys, { kind: 'mark' }>): OracleSpec {
  const { component, time, ownWeight, funding } = keys
  return {
    kind: 'mark',
    component,
    timeSeconds: time?.value ?? null,
    ownWeight: ownWeight ?? 0,
    funding:
      funding === undefined
        ? null
        : {
            rate: funding.rate,
            intervalSeconds: funding.interval.value,
            dueSeconds: funding.due.value,
          },
  }
}

/** `none` as the engine has it where no number means none. */
function finiteOrNull({ value }: Written): number | null {
  return value === Number.POSITIVE_INFINITY ? null : value
}
