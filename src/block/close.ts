/** Touched accounts are judged again, and the books are closed. */

import { closedAll } from './defend.ts'
import { drawOnFunds } from './funds.ts'
import { notePressure } from './pressure.ts'
import { arrive } from './publish.ts'
import type { Stage } from './stage.ts'
import { tellTwins } from './twins.ts'

/** Judges who was bid on, lets takers leave, and holds stock against flow. */
export function closeBlock(stage: Stage): void {
  const { takers, mids, market, ledger, tally, clock } = stage
  stage.posts.forEach((post, j) => {
    const { listed, watch, backlog, protocol } = post
    if (!post.isOpen && watch.breached() > 0) {
      if (tally.closed[j]++ === 0) tally.closedAt[j] = clock.block
    }
    for (let k = 0; k < listed.count; k++) {
      const account = listed.account[k]
      // Nothing was settled with it: the margin at which it was listed is that of its last look.
      if (protocol.book.version[account] === post.listedVersion[k])
        backlog.arrive(account, post.listedMargin[k])
      else if (watch.touch(account)) arrive(stage, post, account)
    }
  })
  tellTwins(stage)
  drawOnFunds(stage)
  market.prices(mids)
  for (const post of stage.posts) closedAll(post)
  for (const taker of takers) taker.judge(mids)
  const gap = ledger.gap()
  if (!(gap <= tally.gap)) tally.gap = gap
  tally.soldUsd += tally.block.soldUsd
  notePressure(stage)
  for (const { guards } of stage.posts)
    tally.borrowing += guards === null ? 1 : guards.stance.threshold * guards.stance.borrowing
  noteExtremes(stage)
}

function noteExtremes(stage: Stage): void {
  const { mids, clock, posts, takers, tally } = stage
  const { lowest, lowestAt, age, gap, gapAt, leftAt } = tally.extremes
  for (let a = 0; a < mids.length; a++) {
    if (mids[a] >= lowest[a]) continue
    lowest[a] = mids[a]
    lowestAt[a] = clock.block
    if (a === stage.scenario.shock.asset) noteTwins(stage)
  }
  for (let j = 0; j < posts.length; j++) {
    const { feeds, protocol, traded } = posts[j]
    for (let k = 0; k < traded.length; k++) {
      const a = traded[k]
      const off = Math.abs(protocol.prices[a] / mids[a] - 1)
      const old = clock.atSeconds - feeds[a].seenAt()
      if (old > age[j]) age[j] = old
      if (!(off > gap[j]) || off === Number.POSITIVE_INFINITY) continue
      gap[j] = off
      gapAt[j] = clock.block
    }
  }
  for (let t = 0; t < takers.length; t++)
    if (takers[t].hasLeft && leftAt[t] === 0) leftAt[t] = clock.block
}

function noteTwins({ twins, scenario, tally, market }: Stage): void {
  const { extremes } = tally
  if (extremes.twinLowest.length !== twins.length + 1)
    extremes.twinLowest = new Float64Array(twins.length + 1)
  const { asset } = scenario.shock
  for (let r = 0; r < twins.length; r++) extremes.twinLowest[r] = twins[r].market.price(asset)
  extremes.twinLowest[twins.length] = market.price(asset)
}
