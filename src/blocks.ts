/** The block loop. */

import { sortByRow } from './accountList.ts'
import { listAndBid } from './block/bid.ts'
import { closeBlock } from './block/close.ts'
import { runHouses } from './block/house.ts'
import { openBlock } from './block/open.ts'
import { accruePledges } from './block/pledged.ts'
import { arrive, publish } from './block/publish.ts'
import type { Recorder } from './block/recorder.ts'
import { settleAll } from './block/settle.ts'
import type { Stage } from './block/stage.ts'
import { dispose } from './block/trade.ts'
import { openTwins } from './block/twins.ts'
import { accountsOf } from './book.ts'

/**
 * Runs the blocks of a stage, which it changes; yields the number of each block when it is closed.
 *
 * Rule:   outside prices move and venues recover; oracles publish and rules value the books; houses
 *         close who breached with them; elsewhere who breached is listed and bid for, and the chain
 *         orders and settles one by one, each sale moving the price of the next; inventories are
 *         sold; whoever was touched is judged again and the ledger closes.
 * Shape:  block 0 is the opening and does not run; blocks 1 to `time.blocks` do. `strike`, where
 *         there is one, may trade in the market of a block before anything of it is published.
 */
export function* blocks(
  stage: Stage,
  recorder: Recorder | null,
  strike: ((stage: Stage) => void) | null = null,
): Generator<number, void> {
  waitAtOpening(stage)
  for (let block = 1; block <= stage.time.blocks; block++) {
    openBlock(stage, block)
    strike?.(stage)
    publish(stage)
    accruePledges(stage)
    openTwins(stage)
    runHouses(stage, recorder)
    listAndBid(stage)
    settleAll(stage, recorder)
    dispose(stage)
    closeBlock(stage)
    recorder?.frame(stage)
    yield block
  }
}

/** What could be liquidated before anything moved waits for the first block. */
function waitAtOpening(stage: Stage): void {
  for (const post of stage.posts) {
    const { protocol, watch, fallen } = post
    const accounts = accountsOf(protocol.book)
    fallen.count = 0
    for (let i = 0; i < accounts; i++) if (watch.isBreached(i)) fallen.account[fallen.count++] = i
    sortByRow(fallen, protocol.row)
    for (let k = 0; k < fallen.count; k++) arrive(stage, post, fallen.account[k])
  }
}
