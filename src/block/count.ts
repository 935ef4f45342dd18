/** Liquidations are counted, by account, generation, protocol and block. */

import type { Slots } from '../book.ts'
import type { Closings } from '../house.ts'
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

/** Counts what a house closed, by account: who was deleveraged as a counterparty was not liable. */
export function countClosings(
  stage: Stage,
  j: number,
  out: Closings,
  generation: Uint8Array,
): void {
  noteRows(stage, j, out, generation)
  const { tally, opening, clock } = stage
  const { block, generationCount, generationUsd } = tally
  let count = 0
  let { repaidUsd, feedbackUsd } = block
  for (let n = 0; n < out.count; n++) {
    const units = out.units[n]
    if (!isCounted(out, n) || units === 0) continue
    const usd = Math.abs(units) * opening[out.asset[n]]
    const by = generation[out.account[n]]
    count++
    generationCount[by]++
    generationUsd[by] += usd
    repaidUsd += usd
    if (by > 0) feedbackUsd += usd
  }
  if (count === 0) return
  tally.liquidations[j] += count
  if (tally.firstLiquidation === 0) tally.firstLiquidation = clock.block
  tally.lastLiquidation = clock.block
  block.liquidations += count
  block.repaidUsd = repaidUsd
  block.feedbackUsd = feedbackUsd
}

// Rows lie far apart: a loop that does little else waits for several of them at once.
function noteRows(
  { tally, offset, opening, clock }: Stage,
  j: number,
  out: Closings,
  generation: Uint8Array,
): void {
  const { firstBlock, repaidUsd } = tally
  for (let n = 0; n < out.count; n++) {
    if (!isCounted(out, n)) continue
    const row = offset[j] + out.account[n]
    if (firstBlock[row] === 0) {
      firstBlock[row] = clock.block
      tally.generation[row] = generation[out.account[n]]
    }
    repaidUsd[row] += Math.abs(out.units[n]) * opening[out.asset[n]]
  }
}

function isCounted({ account, ending }: Closings, n: number): boolean {
  return account[n] >= 0 && ending[n] !== 2
}
