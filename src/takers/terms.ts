/** The checks that liquidators make on their parameters. */

import { InputError } from '../errors.ts'
import type { TakerSpec } from '../scenario.ts'

/** Throws InputError FB2442, FB2443, FB2444 unless all of a liquidator's numbers make sense. */
export function checkTaker(spec: TakerSpec): void {
  const place = `takers.${spec.name}`
  checkAmount(spec.capitalUsd, `${place}.capitalUsd`)
  checkAmount(spec.maxGwei, `${place}.maxGwei`)
  checkAmount(spec.leavesAfterUsd, `${place}.leavesAfterUsd`)
  checkFinite(spec.gas, `${place}.gas`)
  // Below 0 it acts at a loss, as whoever must liquidate does.
  // Below 0 it acts at a loss, as whoever must liquidate does.
  checkFinite(Math.abs(spec.minProfitUsd), `${place}.minProfitUsd`)
  checkFinite(spec.valuation, `${place}.valuation`)
  if (spec.flashFee !== null) checkShare(spec.flashFee, `${place}.flashFee`)
  checkShare(spec.tipShare, `${place}.tipShare`)
  checkBidding(spec.bidding, `${place}.bidding`)
  checkTimes(spec, place)
}

function checkBidding(bidding: TakerSpec['bidding'], place: string): void {
  if (bidding.kind === 'fixed') checkFinite(bidding.gwei, `${place}.gwei`)
  else if (bidding.kind === 'market') checkFinite(bidding.times, `${place}.times`)
  else checkShare(bidding.share, `${place}.share`)
}

function checkTimes({ latency, disposal }: TakerSpec, place: string): void {
  if (latency.kind === 'blocks') checkTime(latency.blocks, `${place}.latency.blocks`)
  else checkTime(latency.meanSeconds, `${place}.latency.meanSeconds`)
  if (disposal.kind !== 'schedule') return
  checkTime(disposal.seconds > 0 ? disposal.seconds : Number.NaN, `${place}.disposal.seconds`)
  checkTime(disposal.urgency, `${place}.disposal.urgency`)
}

function checkAmount(value: number, place: string): void {
  if (!(value >= 0)) refuseAmount(value, place, 'an amount of a liquidator must not be negative')
}

function checkFinite(value: number, place: string): void {
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return
  refuseAmount(value, place, 'this number of a liquidator must be finite and not negative')
}

function refuseAmount(value: number, place: string, rule: string): never {
  throw new InputError({
    code: 'FB2442',
    place,
    rule,
    came: String(value),
    remedy: 'Only capitalUsd, maxGwei and leavesAfterUsd may be Infinity: no limit',
  })
}

function checkShare(value: number, place: string): void {
  if (value >= 0 && value <= 1) return
  throw new InputError({
    code: 'FB2443',
    place,
    rule: 'a share must be a fraction from 0 to 1',
    came: String(value),
    remedy: 'Write 0.09 % as 0.0009',
  })
}

function checkTime(value: number, place: string): void {
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return
  throw new InputError({
    code: 'FB2444',
    place,
    rule: 'a time or pace of a liquidator must be finite and not negative, a schedule above 0',
    came: String(value),
    remedy: 'Write it in seconds, like 3600; a liquidator that never sells has disposal hold',
  })
}
