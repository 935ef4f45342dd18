/** What is for sale is listed, the largest margin first, and takers bid for it. */

import { rowOf } from '../rules.ts'
import { admitAll, shapeAll } from './defend.ts'
import { bestOf, type Glance } from './margin.ts'
import { isHopeless, leaveAlone } from './rest.ts'
import type { Post, Stage } from './stage.ts'

/**
 * Lists offers and collects the bids.
 *
 * Rule:  auctions and reserves of the rules come first, then accounts by falling margin, as many as
 *        an empty block has room for. What nobody wants at these prices sleeps until they have
 *        moved; what waits for somebody's latency comes again in the next block.
 */
export function listAndBid(stage: Stage): void {
  if (stage.takers.every((taker) => taker.hasLeft)) return
  for (let j = 0; j < stage.posts.length; j++) {
    const post = stage.posts[j]
    const { protocol, offers } = post
    if (!post.isOpen) continue
    protocol.rules.standing?.(protocol, stage.clock, offers)
    post.standing = offers.count
    for (let i = 0; i < post.standing; i++) bidsFor(stage, j, i, i + 1)
    listAccounts(stage, j)
  }
}

function listAccounts(stage: Stage, j: number): void {
  const post = stage.posts[j]
  const { protocol, backlog, watch, offers } = post
  const fallToLimit = fallToALimit(stage)
  let room = Math.max(1, stage.chain.room(stage.leastGas))
  for (let account = backlog.next(); account >= 0; account = backlog.next()) {
    if (!watch.isBreached(account)) continue
    const from = offers.count
    protocol.rules.offers(protocol, account, offers)
    const isHeld = shapeAll(post, offers, from)
    const glance = bestOf(stage, post, offers, from, offers.count)
    const isFull = offers.count > from && !admitAll(post, offers, from)
    const answer = isFull ? 'waits' : answerTo(stage, j, from, glance, isHeld)
    if (answer === 'declines')
      leaveAlone(stage, post, account, offers.count > from ? glance : null, fallToLimit)
    else keep(post, account, glance.margin)
    if (answer !== 'bids') offers.count = from
    if (isFull || (answer !== 'waits' && --room <= 0)) return
  }
}

/** `isHeld`: a defence keeps something back that time alone may free. */
function answerTo(
  stage: Stage,
  j: number,
  from: number,
  glance: Glance,
  isHeld: boolean,
): Interest {
  const { offers } = stage.posts[j]
  if (offers.count === from) return isHeld ? 'waits' : 'declines'
  if (isHopeless(stage, glance)) return 'declines'
  return bidsFor(stage, j, from, offers.count)
}

/** What one account, or one item of the rules, is answered: the keenest answer of all takers. */
function bidsFor(stage: Stage, j: number, from: number, upTo: number): Interest {
  const { takers, view, posts, transactions, time } = stage
  const { protocol, offers } = posts[j]
  let interest: Interest = 'declines'
  for (let t = 0; t < takers.length; t++) {
    if (takers[t].hasLeft || (time.takers[t].only ?? j) !== j) continue
    const before = transactions.count
    const answer = takers[t].bid(view, protocol, j, offers, from, upTo, transactions)
    for (let i = before; i < transactions.count; i++)
      transactions.lot[i] = lotOf(stage, t, j, offers.account[from])
    if (answer === 'bids' || interest === 'declines') interest = answer
  }
  return interest
}

/** A number drawn for this bid, so that of equal bids not the same taker always wins. */
function lotOf({ random, clock, posts }: Stage, t: number, j: number, account: number): number {
  const row = account < 0 ? account : rowOf(posts[j].protocol, account)
  return random.uniform(clock.block, LOT_STREAM + j * 256 + t, row & 0xffff)
}

type Interest = 'bids' | 'waits' | 'declines'

/** The fall of gas after which one more taker is within the most that it pays; 1: none is out. */
function fallToALimit({ time, clock }: Stage): number {
  let fall = 1
  for (const { maxGwei } of time.takers)
    if (maxGwei < clock.gwei) fall = Math.min(fall, 1 - maxGwei / clock.gwei)
  return fall
}

/** Remembers an account to be judged again when the block closes, and its rank till then. */
function keep(
  { listed, listedMargin, listedVersion, protocol }: Post,
  account: number,
  margin: number,
) {
  listedMargin[listed.count] = margin
  listedVersion[listed.count] = protocol.book.version[account]
  listed.account[listed.count++] = account
}

/** Stream of random numbers; those below are paths, takers and feeds. */
const LOT_STREAM = 49152
