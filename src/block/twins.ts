/**
 * Markets without the sales of some generation and later ones: they say which sale made which
 * liquidation possible.
 *
 * Rule:   twin r has the sales of generations below r; twin 0 has none, and is the counterfactual.
 *         The generation of a liquidation is the smallest r whose published prices, at the opening
 *         of the block, make the account liquidatable. A twin is made when the first sale of its
 *         own generation is about to happen: until then it would equal the market. The last of the
 *         generations told apart stands for all later ones; with none told apart all is 0.
 * Source: own; twins share outside path, delays and recovery, so their difference is the sales.
 */

import type { AccountList } from '../accountList.ts'
import { health } from '../book.ts'
import { reached } from '../market.ts'
import type { Protocol } from '../rules.ts'
import { observe } from './publish.ts'
import type { Post, Stage, Twin } from './stage.ts'

/** Moves every twin as the market was moved. */
export function openTwins(stage: Stage): void {
  const { twins, clock, outside, paths, posts } = stage
  for (const twin of twins) {
    twin.formation.open(twin.market, clock, outside, paths.depth[clock.block])
    twin.market.prices(twin.mids)
    for (let j = 0; j < twin.posts.length; j++) {
      const { protocol, feeds } = twin.posts[j]
      observe(feeds, stage, twin.mids, protocol, null)
      // Rules of the run itself: defences may have moved their thresholds.
      posts[j].protocol.rules.value(protocol)
    }
  }
}

/** The generation of an account that is liquidated now, at the values of the block's opening. */
export function generationOf({ twins, time }: Stage, j: number, account: number): number {
  for (let r = 0; r < twins.length; r++) {
    const { book, values, rules } = twins[r].posts[j].protocol
    const value = health(book, values, account)
    if (value < 0 || (value === 0 && rules.edge === 'atOrBelow')) return r
  }
  return latestOf(twins.length, time.generations)
}

/**
 * Writes the generations of accounts and returns the latest, -1 of nobody; the list is used up.
 *
 * Rule: whoever is healthy with each leg at the worst of what the twins value it at is healthy in
 *       all of them, by rounded sums too, for these rise with each value.
 */
export function generationsOf(
  { twins, time }: Stage,
  j: number,
  unnamed: AccountList,
  out: Uint8Array,
): number {
  const { account } = unnamed
  const latest = latestOf(twins.length, time.generations)
  let most = nameLatest(twins, j, unnamed, latest, out)
  for (let r = 0; r < twins.length && unnamed.count > 0; r++) {
    const { book, values, rules } = twins[r].posts[j].protocol
    const limit = rules.edge === 'below' ? 0 : Number.MIN_VALUE
    const { count } = unnamed
    unnamed.count = 0
    for (let n = 0; n < count; n++)
      if (health(book, values, account[n]) < limit) out[account[n]] = r
      else account[unnamed.count++] = account[n]
    if (unnamed.count < count && r > most) most = r
  }
  if (unnamed.count === 0) return most
  for (let n = 0; n < unnamed.count; n++) out[account[n]] = latest
  return latest
}

/** Takes from a list whoever is healthy in all twins, and writes its generation. */
function nameLatest(
  twins: readonly Twin[],
  j: number,
  list: AccountList,
  latest: number,
  out: Uint8Array,
): number {
  if (twins.length < 2) return -1
  const { book, rules } = twins[0].posts[j].protocol
  const { start, slot, amount } = book
  const { account, count } = list
  const limit = rules.edge === 'below' ? 0 : Number.MIN_VALUE
  findBounds(twins, j)
  if (first.length < count) first = new Uint32Array(2 * count)
  // Accounts lie far apart. Loops that do little, without branches that go either way, wait for
  // several of them at once.
  for (let n = 0; n < count; n++) first[n] = start[account[n]]
  let left = 0
  for (let n = 0; n < count; n++) {
    const i = account[n]
    const end = start[i + 1]
    let sum = 0
    for (let k = first[n]; k < end; k++) sum += amount[k] * bounds[2 * slot[k] + +(amount[k] < 0)]
    out[i] = latest
    account[left] = i
    left += +!(sum >= limit)
  }
  list.count = left
  return list.count < count ? latest : -1
}

/** Of each slot the least that twins value it at, and the most. */
function findBounds(twins: readonly Twin[], j: number): void {
  const { count } = twins[0].posts[j].protocol.rules.slots
  if (bounds.length < 2 * count) bounds = new Float64Array(2 * count)
  for (let s = 0; s < count; s++) {
    bounds[2 * s] = Number.POSITIVE_INFINITY
    bounds[2 * s + 1] = Number.NEGATIVE_INFINITY
  }
  for (const { posts } of twins)
    for (let s = 0; s < count; s++) {
      bounds[2 * s] = Math.min(bounds[2 * s], posts[j].protocol.values[s])
      bounds[2 * s + 1] = Math.max(bounds[2 * s + 1], posts[j].protocol.values[s])
    }
}

let bounds = new Float64Array(0)
let first = new Uint32Array(0)

/** The generation of what none of so many twins has; 0 where generations are not told apart. */
export function latestOf(twins: number, generations: number): number {
  return Math.max(0, Math.min(twins, generations - 1))
}

/**
 * Applies a sale of this generation to the twins that have it.
 *
 * Rule: sales of a block over venues where slicing changes nothing are told as one when it closes;
 *       nobody looks at the markets of twins before that.
 */
export function soldInTwins(
  { twins, untold }: Stage,
  asset: number,
  units: number,
  generation: number,
): void {
  if (generation + 1 >= twins.length) return
  if (untold.isAdditive[asset] && units > 0) {
    untold.units[asset * untold.generations + generation] += units
    untold.isAny = true
    return
  }
  for (let r = generation + 1; r < twins.length; r++) twins[r].market.sell(asset, units)
}

/** Tells the twins what was sold since they were told last. */
export function tellTwins({ twins, untold }: Stage): void {
  if (!untold.isAny) return
  const { units, generations } = untold
  for (let asset = 0; asset < untold.isAdditive.length; asset++) {
    let sum = 0
    for (let r = 1; r < twins.length; r++) {
      sum += units[asset * generations + r - 1]
      if (sum > 0) twins[r].market.sell(asset, sum)
    }
  }
  units.fill(0)
  untold.isAny = false
}

/** Units sold that twins have not been told of. */
export interface Untold {
  /** By [asset, generation]. */
  readonly units: Float64Array
  readonly generations: number
  /** By asset: whether many sales move the venues on its route as one of their sum does. */
  readonly isAdditive: readonly boolean[]
  isAny: boolean
}

/** Nothing sold. */
export function untoldOf(market: Stage['market'], generations: number): Untold {
  const isAdditive = market.hop.map((_, asset) =>
    reached(market, asset, true).every((step) =>
      market.hop[step].every((v) => market.venues[v].curve !== null),
    ),
  )
  return {
    units: new Float64Array(market.hop.length * generations),
    generations,
    isAdditive,
    isAny: false,
  }
}

/** Makes the twin of this generation, if it is the first of its kind and among those told apart. */
export function twinFor(stage: Stage, generation: number): void {
  const { twins, time, market, formation, mids, posts } = stage
  if (generation !== twins.length || generation >= time.generations) return
  // The new one is a copy of the market, which has all sales already.
  tellTwins(stage)
  twins.push(twinOf(market, formation, mids, posts))
}

/** A twin in the state of the market: it copies what prices depend on, and shares the books. */
export function twinOf(
  market: Stage['market'],
  formation: Stage['formation'],
  mids: Float64Array,
  posts: readonly Pick<Post, 'protocol' | 'feeds'>[],
): Twin {
  return {
    market: market.copy(),
    formation: formation.copy(),
    mids: mids.slice(),
    posts: posts.map(({ protocol, feeds }) => ({
      protocol: seenFrom(protocol),
      feeds: feeds.map((feed) => feed.copy()),
    })),
  }
}

/** A protocol with prices and values of its own over the same book; its keys in one order. */
function seenFrom(of: Protocol): Protocol {
  const { name, rules, book, accounts, row, index, badDebt, items, copy, reset } = of
  return {
    name,
    rules,
    book,
    accounts,
    row,
    prices: of.prices.slice(),
    confidence: of.confidence.slice(),
    index,
    values: of.values.slice(),
    badDebt,
    items,
    copy,
    reset,
  }
}
