/** What histories of Maker's auctions are drawn from: parameters and bids. */

import { type Dice, float } from './dice.suite.ts'
import { DAI, deployed, ETH } from './makerFlip.suite.ts'
import { makerFlip } from './makerFlip.ts'
import { type FlipBid, type FlipTwinSpec, RAD, RAY, WAD } from './makerFlip.twin.suite.ts'

/** One act of a history: what the chain is asked as well. */
export type FlipAct =
  | { readonly name: 'file'; readonly rate: bigint; readonly spot: bigint }
  | { readonly name: 'frob'; readonly urn: string; readonly dink: bigint; readonly dart: bigint }
  | { readonly name: 'bite'; readonly urn: string }
  | BidAct
  | { readonly name: 'deal' | 'tick'; readonly id: bigint }

export interface BidAct {
  readonly name: 'tend' | 'dent'
  readonly id: bigint
  readonly guy: string
  readonly lot: bigint
  readonly bid: bigint
}

export const GUYS = ['guy 0', 'guy 1', 'guy 2']

/** Parameters of one market. */
export function specOf(version: FlipTwinSpec['version'], dice: Dice): FlipTwinSpec {
  const isOld = version === '1.0'
  const dust = dice.pick([0n, dice.wide(1, 500, RAD)])
  const most = isOld ? dice.wide(0.2, 500, WAD) : dice.wide(100, 1e6, RAD)
  return {
    version,
    chop: dice.between(1, 1.3, isOld ? RAY : WAD),
    most,
    box: (most * dice.wide(0.4, 8, WAD)) / WAD,
    dust,
    line: dice.wide(1e5, 1e9, RAD),
    beg: dice.between(1.005, 1.2, WAD),
    ttl: BigInt(dice.pick([60, 600, 10_800, 21_600])),
    tau: BigInt(dice.pick([3600, 21_600, 172_800])),
  }
}

/** The float rules with the same parameters. */
export function rulesOf(
  { version, chop, most, box, dust, beg, ttl, tau }: FlipTwinSpec,
  mat: bigint,
) {
  const { lotUnits: _, ...others } = deployed
  const isOld = version === '1.0'
  const limits = isOld
    ? { lotUnits: float(most, WAD) }
    : { dunkUsd: float(most, RAD), boxUsd: float(box, RAD), dustUsd: float(dust, RAD) }
  return makerFlip({
    ...others,
    ...limits,
    assets: [
      { asset: DAI, threshold: null },
      { asset: ETH, threshold: 1 / float(mat, RAY) },
    ],
    penalty: float(chop, isOld ? RAY : WAD) - 1,
    beg: float(beg, WAD) - 1,
    ttlSeconds: Number(ttl),
    tauSeconds: Number(tau),
  })
}

/** A bid at, above or below the least, up to the tab and past it. */
export function tendOf(dice: Dice, id: bigint, at: FlipBid, { beg }: FlipTwinSpec): BidAct {
  const least = (beg * at.bid) / WAD
  const sliver = least / 10n ** 11n + 1n
  const bid =
    at.bid === 0n
      ? dice.pick([0n, 1n, RAD, (at.tab * dice.between(0.01, 1, WAD)) / WAD, at.tab])
      : dice.pick([
          least + sliver,
          least - sliver,
          at.bid,
          (least * dice.between(1, 1.3, WAD)) / WAD,
          at.tab,
          at.tab + 1n,
        ])
  const lot = dice.isHit(0.04) ? at.lot - 1n : at.lot
  return { name: 'tend', id, guy: dice.pick(GUYS), lot, bid }
}

/** A lot at, below or above the most. */
export function dentOf(dice: Dice, id: bigint, at: FlipBid, { beg }: FlipTwinSpec): BidAct {
  const most = (at.lot * WAD) / beg
  const less = (most * dice.between(0.5, 1, WAD)) / WAD
  const lot = dice.pick([most, most, most + most / 10n ** 11n + 1n, less, at.lot])
  const bid = dice.isHit(0.05) ? at.bid + 1n : at.bid
  return { name: 'dent', id, guy: dice.pick(GUYS), lot, bid }
}
