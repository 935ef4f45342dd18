/** Liquidations are counted, by account, generation, protocol and block. */

import type { Done } from './done.ts'
import type { Stage } from './stage.ts'

/** Counts a sale of what the rules hold themselves. */
export function countSale({ tally, mids }: Stage, { protocol, sells, seized }: Done): void {
  tally.sales[protocol]++
  tally.salesUsd[protocol] += Math.abs(seized) * mids[sells]
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
