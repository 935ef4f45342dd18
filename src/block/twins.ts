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

import { health } from '../book.ts'
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

/** The generation of what none of so many twins has; 0 where generations are not told apart. */
export function latestOf(twins: number, generations: number): number {
  return Math.max(0, Math.min(twins, generations - 1))
}

/** Applies a sale of this generation to the twins that have it. */
export function soldInTwins(
  { twins }: Stage,
  asset: number,
  units: number,
  generation: number,
): void {
  for (let r = generation + 1; r < twins.length; r++) twins[r].market.sell(asset, units)
}

/** Makes the twin of this generation, if it is the first of its kind and among those told apart. */
export function twinFor(stage: Stage, generation: number): void {
  const { twins, time, market, formation, mids, posts } = stage
  if (generation !== twins.length || generation >= time.generations) return
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
      protocol: {
        ...protocol,
        prices: protocol.prices.slice(),
        confidence: protocol.confidence.slice(),
        values: protocol.values.slice(),
      },
      feeds: feeds.map((feed) => feed.copy()),
    })),
  }
}
