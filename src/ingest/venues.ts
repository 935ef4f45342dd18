/** Venues of a scenario in numbers, and the routes by which assets are sold. */

import type { Scenario, VenueCommon, VenueSpec } from '../scenario.ts'
import { venueFrom } from '../setup.ts'
import { cashName, indexOf } from './assets.ts'
import { poolShareOf, redemptionOf, warnOfUsed } from './claims.ts'
import { at, type Context, checkAge, secondsOf } from './context.ts'
import {
  firstNotRising,
  levelsFromBands,
  orderBookFrom,
  quotesFrom,
  rangesFrom,
  ticksFrom,
} from './depth.ts'
import { readTable, type Table } from './table.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'
import type { VenueKeys } from './venueSchema.ts'

/** Reads all venues. Throws: ScenarioKeyError, TableError */
export async function venuesFrom(context: Context): Promise<VenueSpec[]> {
  const venues: VenueSpec[] = []
  for (const [name, keys] of Object.entries(context.keys.market.venues)) {
    const path = ['market', 'venues', name]
    const table = await tableOf(keys, context, path)
    const spec = specOf(keys, commonOf(name, keys, context, path), table, context, path)
    const venue = at(context, path, () => venueFrom(spec))
    warn(keys, name, context)
    warnOfUsed(keys, venue, context)
    venues.push(spec)
  }
  return venues
}

async function tableOf(
  keys: VenueKeys,
  context: Context,
  path: readonly Step[],
): Promise<Table | null> {
  if (!('file' in keys) || keys.file === undefined) return null
  const file = { ...keys, file: keys.file }
  checkAge(file, context, path)
  const table = await readTable(file, context.path, context.source)
  const { name, sha256, rows } = table
  const as_of = keys.asOf ?? null
  context.data.push({ name, role: 'depth', sha256, rows: rows.length, as_of })
  return table
}

function commonOf(
  name: string,
  keys: VenueKeys,
  context: Context,
  path: readonly Step[],
): VenueCommon {
  const { names, usd } = context.assets
  const base = indexOf(names, keys.asset, context.tree, [...path, 'asset'])
  const quoteAsset = indexOf(names, keys.quote, context.tree, [...path, 'quote'])
  if (base === quoteAsset || keys.asset === cashName) {
    throw keyError(context.tree, [...path, 'asset'], {
      code: 'FB2059',
      rule: 'a venue sells one asset, not cash, for another',
      came: `${keys.asset} for ${keys.quote}`,
      remedy: 'Correct asset: or quote:',
    })
  }
  const { price, in: unit } = context.assets.specs[base]
  const outside = (unit ?? context.assets.cash) === quoteAsset ? price : usd[base] / usd[quoteAsset]
  // Venues without an edge never ask what is past it.
  const beyond = 'beyond' in keys && keys.beyond !== undefined ? keys.beyond : 'wall'
  return { name, base, quoteAsset, outside, fee: keys.fee, asOf: secondsOf(keys.asOf), beyond }
}

function specOf(
  keys: VenueKeys,
  common: VenueCommon,
  table: Table | null,
  context: Context,
  path: readonly Step[],
): VenueSpec {
  switch (keys.kind) {
    case 'orderBook': {
      if (keys.bands !== undefined) {
        const { bands } = keys
        checkBands(bands, context, path)
        return {
          ...common,
          kind: 'orderBook',
          ...levelsFromBands(bands, common.outside),
          levels: 'relative',
        }
      }
      const levels = table === null ? keys.bids! : orderBookFrom(keys, table)
      if (table === null) checkBids(levels, context, path)
      const by = keys.mid === undefined ? 1 : common.outside / keys.mid
      const price = levels.map(([level]) => level * by)
      const size = levels.map(([, units]) => units)
      return { ...common, kind: 'orderBook', price, size, levels: keys.levels! }
    }
    case 'constantProduct': {
      const { kind, reserve, keepsFee, reprice } = keys
      return { ...common, kind, reserve, keepsFee, reprice }
    }
    case 'concentrated':
      return {
        ...common,
        ...(table === null ? rangesOf(keys, context, path) : ticksFrom(keys, table)),
      }
    case 'stableSwap': {
      const { kind, amplification, baseBalance, quoteBalance } = keys
      return { ...common, kind, amplification, baseBalance, quoteBalance }
    }
    case 'quoteLadder': {
      const quotes = table === null ? keys.quotes! : quotesFrom(keys, table)
      const amountIn = quotes.map(([given]) => given)
      const amountOut = quotes.map(([, got]) => got)
      return { ...common, kind: 'quoteLadder', amountIn, amountOut }
    }
    case 'impactCurve': {
      const { kind, shape, coefficient = 0, crossover = 0, observed = null } = keys
      return { ...common, kind, shape, coefficient, crossover, observedUnits: observed }
    }
    case 'redemption':
      return redemptionOf(keys, common, context, path)
    case 'poolShare':
      return poolShareOf(keys, common, context, path)
  }
}

function rangesOf(
  keys: Extract<VenueKeys, { kind: 'concentrated' }>,
  context: Context,
  path: readonly Step[],
) {
  const ranges = keys.ranges!
  const wrong = ranges.findIndex(([lower, upper]) => lower >= upper)
  if (wrong >= 0) failOrder(context, [...path, 'ranges', wrong], 'the lower price comes first')
  return rangesFrom(ranges)
}

function checkBands(
  bands: readonly (readonly [number, number])[],
  context: Context,
  path: readonly Step[],
): void {
  for (const column of [0, 1] as const) {
    const wrong = firstNotRising(bands.map((band) => band[column]))
    const what = column === 0 ? 'drops' : 'amounts: they are cumulative, so they'
    if (wrong >= 0) failOrder(context, [...path, 'bands', wrong, column], `${what} must rise`)
  }
}

function checkBids(
  bids: readonly (readonly [number, number])[],
  context: Context,
  path: readonly Step[],
): void {
  const wrong = firstNotRising(bids.map(([price]) => -price))
  if (wrong >= 0) failOrder(context, [...path, 'bids', wrong, 0], 'bids must fall from the best on')
}

function failOrder(context: Context, path: readonly Step[], rule: string): never {
  throw keyError(context.tree, path, {
    code: 'FB2060',
    rule,
    remedy: 'Sort the list, and add up what stands at one price',
  })
}

function warn(keys: VenueKeys, name: string, context: Context): void {
  const where = 'where' in keys ? (keys.where ?? {}) : {}
  if (where.asset !== undefined && String(where.asset) !== keys.asset) {
    const pair = where.quote === undefined ? where.asset : `${where.asset} into ${where.quote}`
    const text = `${name} takes quotes of ${pair} as relative price of ${keys.asset}`
    context.warnings.push({ code: 'FB4102', text, effect: 'unknown' })
  }
  if (keys.kind === 'impactCurve' && keys.shape === 'none') {
    const text = `${keys.asset} is sold at par whatever the amount`
    context.warnings.push({ code: 'FB4103', text, effect: 'optimistic' })
  }
}

/**
 * First hops of all assets.
 *
 * Rule:   `routes` where given, else every venue that sells the asset; all of one hop pay in the
 *         same asset, which is the one that the asset is priced in; hops end in cash, or in an
 *         asset that is not sold further.
 * Throws: ScenarioKeyError
 */
export function hopsFrom(context: Context, venues: readonly VenueSpec[]): Scenario['hop'] {
  const { names } = context.assets
  for (const name of Object.keys(context.keys.routes)) {
    indexOf(names, name, context.tree, ['routes', name])
  }
  const hop = names.map((_, asset) => hopOf(asset, context, venues))
  names.forEach((_, asset) => {
    checkUnit(asset, hop[asset], context, venues)
    checkEnd(asset, hop, context, venues)
  })
  return hop
}

function hopOf(asset: number, context: Context, venues: readonly VenueSpec[]): number[] {
  const name = context.assets.names[asset]
  const route = Object.hasOwn(context.keys.routes, name) ? context.keys.routes[name] : undefined
  const path = ['routes', name]
  const venueNames = venues.map((venue) => venue.name)
  const hop =
    route?.map((one, i) => indexOf(venueNames, one, context.tree, [...path, i], 'venue')) ??
    venues.flatMap((venue, v) => (venue.base === asset ? [v] : []))
  const twice = hop.find((v, i) => hop.indexOf(v) < i)
  const stranger = hop.find((v) => venues[v].base !== asset) ?? twice
  if (stranger !== undefined) {
    failRoute(context, path, `must list venues that sell ${name}, once each`, venueNames[stranger])
  }
  const quotes = [...new Set(hop.map((v) => context.assets.names[venues[v].quoteAsset]))]
  if (quotes.length > 1) {
    const rule = `the venues of ${name} must pay in one asset; choose some under routes:`
    failRoute(
      context,
      route === undefined ? ['market', 'venues'] : path,
      rule,
      quotes.join(' and '),
    )
  }
  return hop
}

function checkUnit(
  asset: number,
  hop: readonly number[],
  context: Context,
  venues: readonly VenueSpec[],
): void {
  const { names, specs, cash } = context.assets
  const unit = specs[asset].in ?? cash
  const paid = hop.length === 0 ? cash : venues[hop[0]].quoteAsset
  if (unit === paid) return
  const name = names[asset]
  throw keyError(context.tree, ['assets', name], {
    code: 'FB2063',
    rule: `${name} must be priced in what its venues pay`,
    came: `a price in ${names[unit]}, ${hop.length === 0 ? 'and no venue' : `paid in ${names[paid]}`}`,
    remedy:
      hop.length === 0
        ? `Add a venue that sells ${name} for ${names[unit]}, or price it in USD`
        : `Write in: ${names[paid]} with a price in it, or sell ${name} for ${names[unit]}`,
  })
}

function checkEnd(
  asset: number,
  hop: Scenario['hop'],
  context: Context,
  venues: readonly VenueSpec[],
): void {
  let now = asset
  for (let step = 0; hop[now].length > 0; step++) {
    if (step > hop.length) {
      failRoute(context, ['market', 'venues'], 'routes must end', context.assets.names[asset])
    }
    now = venues[hop[now][0]].quoteAsset
  }
}

function failRoute(context: Context, path: readonly Step[], rule: string, came: string): never {
  throw keyError(context.tree, path, {
    code: 'FB2062',
    rule,
    came,
    remedy: 'Name the venues of the first hop: routes: { stETH: [curve] }',
  })
}
