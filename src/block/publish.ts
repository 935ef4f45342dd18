/** Oracles publish, rules value the books, and the watchlists say who breached. */

import type { Oracle } from '../oracle.ts'
import type { Protocol } from '../rules.ts'
import { reactAll, stampOf } from './defend.ts'
import type { HouseState } from './house.ts'
import { headlineMargin } from './margin.ts'
import { countPricedOut, isHopeless, leaveAlone } from './rest.ts'
import type { Post, Stage } from './stage.ts'

/** Publishes for every protocol; those who breached go to its backlog. */
export function publish(stage: Stage): void {
  for (let j = 0; j < stage.posts.length; j++) {
    const post = stage.posts[j]
    const { feeds, protocol } = post
    post.isPublished = false
    post.isOpen = observe(feeds, stage, stage.mids, protocol, post)
    accrue(stage, j)
    if (!reactAll(post)) post.isOpen = false
    protocol.rules.value(protocol)
    const stamp = (protocol.items?.stamp ?? 0) + stampOf(post)
    const gas = stage.view.gwei * stage.view.usdPerGwei
    countPricedOut(stage, post.backlog.wake(gas, stamp !== post.stamp))
    post.stamp = stamp
    const { fallen, risen, watch, since } = post
    watch.look(post.protocol.values, fallen, risen)
    for (let k = 0; k < fallen.count; k++) {
      since[fallen.account[k]] = stage.clock.block
      arrive(stage, post, fallen.account[k])
    }
  }
}

/**
 * Lets feeds see the market at `mids` and the world outside, and publish; returns whether all of
 * them are valid. `post`, where there is one, learns whether any price is new.
 */
export function observe(
  feeds: readonly Oracle[],
  stage: Stage,
  mids: Float64Array,
  { prices, confidence, rules }: Protocol,
  post: { isPublished: boolean } | null,
): boolean {
  let isValid = true
  for (let a = 0; a < feeds.length; a++) {
    const feed = feeds[a]
    feed.observe(stage.clock, mids[a], stage.outsideUsd[a])
    const price = feed.price()
    if (post !== null && price !== prices[a]) post.isPublished = true
    prices[a] = price
    confidence[a] = feed.confidence()
    if (!feed.valid() && rules.slots.asset.includes(a)) isValid = false
  }
  return isValid
}

/**
 * Puts a breached account into the backlog, ranked by what it offers now, or on the list of its
 * house. What nobody can want at these prices is left alone from the start.
 */
export function arrive(stage: Stage, post: Post, account: number): void {
  if (post.house !== null) {
    waitFor(post, post.house, account)
    return
  }
  const { backlog } = post
  if (backlog.has(account)) {
    backlog.doubt(account)
    return
  }
  const glance = headlineMargin(stage, post, account)
  const isOffered = glance.gross > Number.NEGATIVE_INFINITY
  if (stage.clock.block > 0 && isOffered && isHopeless(stage, glance))
    leaveAlone(stage, post, account, glance, 1)
  else backlog.arrive(account, glance.margin)
}

function accrue(stage: Stage, j: number): void {
  const { protocol, indexBefore } = stage.posts[j]
  if (protocol.rules.accrue === undefined) return
  indexBefore.set(protocol.index)
  protocol.rules.accrue(protocol, stage.clock.seconds)
  stage.ledger.interest(j, indexBefore)
}

function waitFor({ waiting }: Post, { isWaiting }: HouseState, account: number): void {
  if (isWaiting[account] === 1) return
  isWaiting[account] = 1
  waiting.account[waiting.count++] = account
}
