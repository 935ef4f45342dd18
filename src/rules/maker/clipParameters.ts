/** Parameters of Maker's Clip auctions. */

import {
  asset,
  byAsset,
  choice,
  fields,
  fromZero,
  type Given,
  money,
  number,
  optional,
  or,
  ratio,
  seconds,
} from '../../parameters.ts'
import { check, checkOnlyDebt, rates, threshold } from '../terms.ts'

export const clipParameters = {
  assets: byAsset('threshold is 1 / liquidation ratio; borrowRate of dai is the stability fee.', {
    threshold,
    borrowRate: rates.borrowRate,
  }),
  dai: asset('Asset of all debts.'),
  penalty: ratio('What an auction asks above the debt (chop - 1), as a fraction of it.'),
  holeUsd: optional(money('Most DAI that auctions of one collateral ask for (hole).')),
  totalHoleUsd: optional(money('Most DAI that all auctions ask for together (Hole).')),
  dustUsd: or(money('Least debt of a vault (dust): no bark or take may leave less.', fromZero), 0),
  buf: ratio('What an auction opens above the price (buf - 1), as a fraction.', {
    from: 0,
    to: 10,
  }),
  tailSeconds: seconds('How long an auction runs before it must be restarted.'),
  cusp: ratio('Share of its opening price below which an auction must be restarted.'),
  chip: or(ratio('Share of the tab that whoever starts an auction is paid.'), 0),
  tipUsd: or(money('What whoever starts an auction is paid besides.', fromZero), 0),
  abacus: choice('How the price of an auction falls.', ['linear', 'stairstep', 'exponential']),
  tauSeconds: optional(
    seconds('Time after which the price is 0. Needed where abacus is linear, and only there.'),
  ),
  cut: optional(
    ratio('What a step, or a second, leaves of the price. Needed unless abacus is linear.'),
  ),
  stepSeconds: optional(
    seconds('Length of a step. Needed where abacus is stairstep, and only there.'),
  ),
  stopped: or(
    number('Breaker level: 1 no new auctions, 2 no restarts either, 3 no takes.', {
      from: 0,
      to: 3,
    }),
    0,
  ),
  tolerance: optional(ratio('A price below this share of the one before sets the breaker to 2.')),
  gas: fields('Gas of starting an auction, of buying from it, and of restarting it.', {
    bark: number('Gas of putting a vault up.'),
    take: number('Gas of a purchase.'),
    redo: number('Gas of restarting an auction.'),
  }),
}

/**
 * Parameters of `makerClip`.
 *
 * Units: `threshold` is 1 / mat and `borrowRate` of the `dai` entry the yearly stability fee, as
 *        fractions; `holeUsd`, `totalHoleUsd`, `dustUsd` and `tipUsd` in DAI at par; gas in units
 *        of gas.
 */
export type MakerClipSpec = Given<typeof clipParameters>

/** Throws a ParameterError on a parameter outside its range. */
export function checkClip(of: MakerClipSpec): void {
  const debt = of.assets.find(({ asset }) => asset === of.dai)
  const isDebt = debt !== undefined && debt.threshold === null
  check(isDebt, 'FB2265', 'dai', 'DAI is listed, and not as collateral', of.dai)
  checkOnlyDebt(of.assets, of.dai, 'FB2265')
  for (const name of ['penalty', 'dustUsd', 'buf', 'chip', 'tipUsd'] as const)
    check(isFrom(0, of[name]), 'FB2266', name, 'this parameter is finite, 0 or more', of[name])
  for (const name of ['holeUsd', 'totalHoleUsd', 'tailSeconds'] as const) {
    const isAbove = of[name] === undefined || of[name] > 0
    check(isAbove, 'FB2266', name, 'this parameter is above 0', of[name])
  }
  for (const name of ['cusp', 'tolerance'] as const) {
    const isShare = of[name] === undefined || (of[name] >= 0 && of[name] < 1)
    check(isShare, 'FB2267', name, 'a share of a price is at least 0 and below 1', of[name])
  }
  checkAbacus(of)
  const isLevel = [0, 1, 2, 3].includes(of.stopped)
  check(isLevel, 'FB2269', 'stopped', 'a breaker stands at 0, 1, 2 or 3', of.stopped)
  for (const name of ['bark', 'take', 'redo'] as const)
    check(isFrom(0, of.gas[name]), 'FB2266', `gas.${name}`, 'gas is 0 units or more', of.gas[name])
}

/** Each way to fall has its own numbers, and no others. */
function checkAbacus({ abacus, tauSeconds, cut, stepSeconds }: MakerClipSpec): void {
  const needs = {
    tauSeconds: abacus === 'linear',
    cut: abacus !== 'linear',
    stepSeconds: abacus === 'stairstep',
  }
  for (const [name, value] of Object.entries({ tauSeconds, cut, stepSeconds })) {
    const isNeeded = needs[name as keyof typeof needs]
    const rule = `an abacus that is ${abacus} ${isNeeded ? 'needs' : 'has no'} ${name}`
    check((value !== undefined) === isNeeded, 'FB2268', name, rule, value)
    if (value !== undefined) check(value > 0, 'FB2268', name, `${name} is above 0`, value)
  }
  const isBelow = cut === undefined || cut < 1
  check(isBelow, 'FB2268', 'cut', 'a step leaves less than the whole price', cut)
}

function isFrom(least: number, value: number): boolean {
  return value >= least && Number.isFinite(value)
}
