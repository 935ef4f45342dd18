/** Parameters of a LLAMMA market, and the slots of its bands. */

import type { Slots } from '../../book.ts'
import {
  asset,
  fromZero,
  type Given,
  type Limits,
  number,
  type OwnColumn,
  optional,
  or,
  rate,
  ratio,
} from '../../parameters.ts'
import { check } from '../terms.ts'
import { BANDS_MAX } from './bands.ts'

const anyBand: Limits = { from: -10_000, to: 10_000 }
const inside: Limits = { from: 0, to: 1, open: 'both' }

export const crvUsdParameters = {
  collateral: asset('What secures the loans.'),
  borrowed: asset('Asset of all debts: crvUSD.'),
  amplification: number('A: a band is 1 / A wide.'),
  basePrice: number('Upper price of band 0 at the opening, crvUSD per coin of collateral.'),
  fee: ratio('Least fee of a swap.', inside),
  loanDiscount: ratio('Taken off collateral when a loan opens.', inside),
  liquidationDiscount: ratio('Taken off it when a loan is judged.', inside),
  borrowRate: or(rate('Interest per year, with crvUSD at par.'), 0),
  sigma: optional(ratio('The rate grows e-fold for each such fall of crvUSD. Else: it stays.')),
  activeBand: optional(
    number('Band in which the AMM trades. Else: next above all loans.', anyBand),
  ),
  firstBand: or(number('First band of the range that loans may be in.', anyBand), -50),
  lastBand: or(number('Last band of it.', anyBand), 150),
  swapGas: or(number('Gas of a swap; 0: as the taker knows it.', fromZero), 0),
  liquidationGas: or(number('Gas of a liquidation; 0: as the taker knows it.', fromZero), 0),
}

export const crvUsdColumns: readonly OwnColumn[] = [
  {
    name: 'n1',
    about:
      'First band of the loan, the highest-priced one, in any row of its account. Else: where ' +
      'its debt would put it.',
    otherwise: Number.NaN,
    isWhole: true,
    guess: 'their loans lie in the bands that a new loan of their debt would get',
  },
  {
    name: 'bands',
    about: 'How many bands the loan is in, from 4 to 50, in any row of its account. Else: 10.',
    otherwise: Number.NaN,
    isWhole: true,
  },
]

/**
 * Parameters of `crvUsd`.
 *
 * Units: `basePrice` in crvUSD per token; discounts, fee and sigma as fractions; rate per year; gas
 *        in units of gas.
 */
export type CrvUsdSpec = Given<typeof crvUsdParameters>

/** Slots end here: they are counted in 16 bits. */
const SLOTS_MOST = 65_536

/** Throws a ParameterError on a parameter outside its range. */
export function checkCrvUsd(of: CrvUsdSpec): void {
  const { amplification, basePrice, fee, firstBand, lastBand } = of
  const isBand = amplification >= 2 && amplification <= 10_000
  check(isBand, 'FB2280', 'amplification', 'A lies between 2 and 10000', amplification)
  const isPrice = basePrice > 0 && Number.isFinite(basePrice)
  check(isPrice, 'FB2280', 'basePrice', 'a base price is above 0', basePrice)
  check(fee > 0 && fee < 1, 'FB2280', 'fee', 'a fee is a fraction above 0', fee)
  checkDiscounts(of)
  const range = 'bands run from a whole number to a higher one'
  check(Number.isInteger(firstBand), 'FB2282', 'firstBand', range, firstBand)
  const isRange = Number.isInteger(lastBand) && lastBand > firstBand
  check(isRange, 'FB2282', 'lastBand', range, lastBand)
  const count = slotCount(lastBand - firstBand + 1)
  check(count <= SLOTS_MOST, 'FB2282', 'lastBand', 'the range has at most 1260 bands', lastBand)
  const active = of.activeBand ?? firstBand
  const isIn = Number.isInteger(active) && active >= firstBand && active <= lastBand
  check(isIn, 'FB2282', 'activeBand', 'the active band is one of the range', active)
}

function checkDiscounts({ loanDiscount, liquidationDiscount }: CrvUsdSpec): void {
  const isOrdered = liquidationDiscount > 0 && liquidationDiscount < loanDiscount
  check(
    isOrdered && loanDiscount < 1,
    'FB2281',
    'liquidationDiscount',
    'a liquidation discount lies between 0 and the loan discount, that below 1',
    liquidationDiscount,
  )
}

/**
 * Slots of a market with `rows` bands: the debt; per band its collateral and its crvUSD, whose
 * legs are the loan's shares; per first band and number of bands what full health adds.
 *
 * Shape: `group` of a slot is the slot, so that (asset, side, group) names it.
 */
export function bandSlots(of: CrvUsdSpec): Slots {
  const rows = of.lastBand - of.firstBand + 1
  const count = slotCount(rows)
  const isStable = (slot: number) => slot === DEBT || (slot > rows && slot <= 2 * rows)
  return {
    count,
    asset: Uint16Array.from({ length: count }, (_, slot) =>
      isStable(slot) ? of.borrowed : of.collateral,
    ),
    side: Int8Array.from({ length: count }, (_, slot) => (slot === DEBT ? -1 : 1)),
    group: Uint16Array.from({ length: count }, (_, slot) => slot),
  }
}

export const DEBT = 0

export function collateralSlot(row: number): number {
  return 1 + row
}

export function stableSlot(rows: number, row: number): number {
  return 1 + rows + row
}

/** Slot of what full health adds to a loan of `count` bands from `row` on. */
export function aboveSlot(rows: number, row: number, count: number): number {
  return 1 + 2 * rows + row * BANDS_MAX + count - 1
}

function slotCount(rows: number): number {
  return 1 + rows * (2 + BANDS_MAX)
}
