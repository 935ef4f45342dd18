/** Liquidations are counted, by account, generation, protocol and block. */

import type { Slots } from '../book.ts'
import type { Done } from './done.ts'
import type { Stage } from './stage.ts'

/** Counts a sale of what the rules hold themselves; buying back is none. */
export function countSale({ tally, mids, posts }: Stage, done: Done): void {
  const { protocol, sells, pays, seized } = done
  if (buysBack(posts[protocol].protocol.rules.slots, sells, pays)) return
  tally.sales[protocol]++
  tally.salesUsd[protocol] += Math.abs(seized) * mids[sells]
}

/** Whether rules that part with `sells` buy collateral for it: they lend it, and lend no `pays`. */
export function buysBack(slots: Slots, sells: number, pays: number): boolean {
  let isLent = false
  for (let s = 0; s < slots.count; s++) {
    if (slots.side[s] > 0) continue
    if (slots.asset[s] === pays) return false
    isLent ||= slots.asset[s] === sells
  }
  return isLent
}

/** Counts a liquidation of an account row. */
export function countLiquidation(stage: Stage, done: Done, row: number, isFirst: boolean): void {
  const { tally, clock } = stage
  if (isFirst) {
    tally.firstBlock[row] = clock.block
    tally.generation[row] = done.generation
  }
  // A call for an auction that leaves everything with the account, for now.
  if (done.seized === 0 && done.repaid === 0) return
  tally.repaidUsd[row] += done.repaidUsd
  tally.generationCount[done.generation]++
  tally.generationUsd[done.generation] += done.repaidUsd
  tally.liquidations[done.protocol]++
  if (tally.firstLiquidation === 0) tally.firstLiquidation = clock.block
  tally.lastLiquidation = clock.block
  const { block } = tally
  block.liquidations++
  block.repaidUsd += done.repaidUsd
  if (done.generation > 0) block.feedbackUsd += done.repaidUsd
}
