/** The outside world moves, and the market around it. */

import { inferOutside } from '../formation.ts'
import { hopMid } from '../router.ts'
import type { ChainSpec } from '../scenario.ts'
import { usdOutside } from './recorder.ts'
import type { Stage } from './stage.ts'

/** Opens a block: clock, outside prices, gas, depth; venues recover towards them. */
export function openBlock(stage: Stage, block: number): void {
  const { clock, time, paths, chain, formation, market } = stage
  clock.block = block
  clock.seconds = time.chain.blockSeconds
  clock.atSeconds = block * time.chain.blockSeconds
  moveOutside(stage, block)
  for (let a = 0; a < stage.outside.length; a++) stage.outsideUsd[a] = usdOutside(stage, a)
  formation.open(market, clock, stage.outside, paths.depth[block])
  market.prices(stage.mids)
  if (stage.outlet !== market) stage.outlet.reset(market)
  if (stage.infers) noteInference(stage)
  chain.open(time.chain.gwei * paths.gas[block])
  clock.gwei = chain.gwei()
  seeGas(stage)
  clearBlock(stage)
}

/** Writes the outside prices: as the scenario has them, or so that the mids are the record. */
function moveOutside(stage: Stage, block: number): void {
  const { paths, outside, openingOutside, time } = stage
  const assets = outside.length
  for (let a = 0; a < assets; a++) outside[a] = openingOutside[a] * paths.price[block * assets + a]
  if (!stage.infers) return
  const { formation, market, clock, record } = stage
  record.fill(Number.NaN)
  for (const { asset } of time.prices) record[asset] = outside[asset]
  inferOutside(formation, market, clock, record, outside)
  for (const { asset } of time.prices) {
    const factor = outside[asset] / openingOutside[asset]
    paths.price[block * assets + asset] = factor
    // Exactly what the run with these paths will read: an account may stand on the edge.
    outside[asset] = openingOutside[asset] * factor
  }
}

/** How far the mids are from the record, and the outside move from both. */
function noteInference({ record, market, outside, tally, time, clock }: Stage): void {
  const { inference } = tally
  for (const { asset } of time.prices) {
    const miss = Math.abs(
      hopMid(market.hop[asset].map((v) => market.venues[v])) / record[asset] - 1,
    )
    if (miss > inference.miss) {
      inference.miss = miss
      inference.missAt = clock.block
    }
    inference.factor = Math.max(inference.factor, outside[asset] / record[asset])
  }
}

/** What takers see of gas until the block is closed. */
function seeGas({ view, clock, chain, time, mids }: Stage): void {
  view.gwei = clock.gwei
  view.contestedGwei = chain.contestedGwei()
  view.usdPerGwei = usdPerGwei(time.chain, mids)
}

/** USD for one unit of gas at 1 gwei; 0 on a chain without a limit, where gas is free. */
export function usdPerGwei(chain: ChainSpec, mids: Float64Array): number {
  const { gasAsset, gasTokenUsd, gasLimit } = chain
  if (gasLimit === Number.POSITIVE_INFINITY) return 0
  return (gasAsset < 0 ? gasTokenUsd : mids[gasAsset]) * 1e-9
}

function clearBlock({ tally: { block }, transactions, posts }: Stage): void {
  block.liquidations = 0
  block.repaidUsd = 0
  block.feedbackUsd = 0
  block.soldUsd = 0
  block.failed = 0
  block.gasUsed = 0
  block.lowestGwei = 0
  block.highestGwei = 0
  transactions.count = 0
  for (const post of posts) {
    post.offers.count = 0
    post.standing = 0
    post.listed.count = 0
  }
}
