/** The state of a LLAMMA market beside its book: bands filled by the positions. */

import { exp, log } from '../../math/exponential.ts'
import type { Items } from '../../rules.ts'
import type { Positions } from '../../scenario.ts'
import { check } from '../terms.ts'
import { BANDS_MAX, type Bands, bandsFrom, copyBands, narrowing, resetBands } from './bands.ts'
import { effectiveCollateral } from './loans.ts'
import type { CrvUsdSpec } from './parameters.ts'
import type { Memory } from './swap.ts'

/** Bands, and what the AMM remembers of its last swap. */
export interface CrvUsdItems extends Items {
  readonly bands: Bands
  readonly memory: Memory
  /** Since the opening: the rules' own clock. */
  seconds: number
  stamp: number
  /** Rows of bands with loans; and first row and number of bands of every kind of loan. */
  readonly rows: Uint32Array
  readonly firstRow: Uint32Array
  readonly count: Uint32Array
  copy(): CrvUsdItems
  reset(from: CrvUsdItems): void
}

/** A loan as positions say it: the same number of shares in each of its bands. */
export interface Loan {
  readonly account: number
  readonly band: number
  readonly count: number
  readonly share: number
  readonly collateral: number
  readonly stable: number
  readonly debt: number
}

/** Shares that a token of collateral gets in an untouched band: DEAD_SHARES / WEI. */
const SHARES_PER_TOKEN = 1000
const LEAST_BANDS = 4
/** The last swap was long ago: the oracle is free. */
const LONG_AGO = -1e9

/** The opening state: `positions` put into their bands. */
export function marketOf(of: CrvUsdSpec, positions: Positions | null): CrvUsdItems {
  const loans = positions === null ? [] : loansOf(of, positions)
  const bands = bandsFrom({
    amplification: of.amplification,
    base: of.basePrice,
    first: of.firstBand,
    last: of.lastBand,
  })
  bands.active = activeBand(of, loans)
  bands.lowest = bands.highest = bands.active
  for (const loan of loans) put(bands, loan)
  const kinds = new Set(loans.map(({ band, count }) => (band - bands.first) * 64 + count))
  const rows = [...bands.shares.keys()].filter((row) => bands.shares[row] > 0)
  return marketItems({
    bands,
    memory: { price: of.basePrice, fee: 0, seconds: LONG_AGO },
    seconds: 0,
    stamp: 0,
    rows: Uint32Array.from(rows),
    firstRow: Uint32Array.from(kinds, (kind) => Math.floor(kind / 64)),
    count: Uint32Array.from(kinds, (kind) => kind % 64),
  })
}

function marketItems(state: Omit<CrvUsdItems, 'copy' | 'reset'>): CrvUsdItems {
  const self: CrvUsdItems = {
    ...state,
    copy: () => marketItems({ ...self, bands: copyBands(self.bands), memory: { ...self.memory } }),
    reset(from) {
      resetBands(self.bands, from.bands)
      self.memory.price = from.memory.price
      self.memory.fee = from.memory.fee
      self.memory.seconds = from.memory.seconds
      self.seconds = from.seconds
      self.stamp = from.stamp
    },
  }
  return self
}

/**
 * The loans of positions, by rising account; one of an account without anything in bands has 0 of
 * them.
 *
 * Throws: ParameterError FB2282 to FB2284
 */
export function loansOf(of: CrvUsdSpec, positions: Positions): Loan[] {
  const { accounts, account, side, asset, amount } = positions
  const sums = accounts.map(() => ({ collateral: 0, stable: 0, debt: 0, isIn: false }))
  for (let k = 0; k < amount.length; k++) {
    const sum = sums[account[k]]
    if (side[k] < 0) sum.debt += amount[k]
    else if (asset[k] === of.collateral) sum.collateral += amount[k]
    else sum.stable += amount[k]
    if (side[k] > 0) sum.isIn = true
  }
  const [counts, firsts] = [said(positions, 'bands'), said(positions, 'n1')]
  const placed = sums.map(({ isIn, ...sum }, i) => {
    const count = isIn ? (counts.get(i) ?? DEFAULT_BANDS) : 0
    const given = isIn ? firsts.get(i) : 0
    const band = given ?? placeOf(of, sum.collateral, sum.debt, count)
    if (isIn) checkPlace(of, accounts[i], band, count)
    return { account: i, band, count, ...sum }
  })
  const active = activeBand(of, placed)
  return placed.map((loan) => ({
    ...loan,
    share: shareOf(of, accounts[loan.account], active, loan),
  }))
}

/** What the rows of each account say of its loan in one column; all that say it agree. */
function said({ accounts, account, own }: Positions, column: 'n1' | 'bands'): Map<number, number> {
  const values = new Map<number, number>()
  own?.[column]?.forEach((value, k) => {
    if (Number.isNaN(value)) return
    const before = values.get(account[k]) ?? value
    const rule = `all rows of a loan name one ${column}`
    const came = `${before} and ${value}`
    check(before === value, 'FB2283', `positions of ${accounts[account[k]]}`, rule, came)
    values.set(account[k], value)
  })
  return values
}

const DEFAULT_BANDS = 10

/** Where a new loan of this debt would go, whatever the price; kept within the range. */
function placeOf(of: CrvUsdSpec, collateral: number, debt: number, count: number): number {
  const { amplification, loanDiscount, basePrice, firstBand, lastBand } = of
  const last = lastBand - count + 1
  if (!(debt > 0)) return last
  const effective = effectiveCollateral(amplification, collateral, count, loanDiscount)
  const steps = log((effective * basePrice) / debt) / -log(narrowing(amplification))
  return Math.min(Math.max(Math.floor(steps), firstBand), last)
}

function checkPlace(of: CrvUsdSpec, name: string, band: number, count: number): void {
  const place = `positions of ${name}`
  const isCount = Number.isInteger(count) && count >= LEAST_BANDS && count <= BANDS_MAX
  check(isCount, 'FB2283', place, 'bands, of a loan, is a whole number from 4 to 50', count)
  const isWhole = Number.isInteger(band)
  check(isWhole, 'FB2283', place, 'n1, the first band of a loan, is a whole number', band)
  const { firstBand, lastBand } = of
  const isIn = band >= firstBand && band + count - 1 <= lastBand
  const rule = `the bands of a loan, from n1 on, lie between ${firstBand} and ${lastBand}`
  check(isIn, 'FB2283', place, rule, `n1 ${band}`)
}

/** The given band, or the one above all loans, which then hold no crvUSD. */
function activeBand(of: CrvUsdSpec, loans: readonly Omit<Loan, 'share'>[]): number {
  if (of.activeBand !== undefined) return of.activeBand
  const held = loans.filter(({ count }) => count > 0)
  const soft = held.find(({ stable }) => stable > 0)
  const rule = 'the active band is known where a loan holds crvUSD in its bands'
  check(soft === undefined, 'FB2282', 'activeBand', rule, 'none')
  const first = held.reduce((least, { band }) => Math.min(least, band), of.lastBand)
  return Math.max(of.firstBand, first - 1)
}

/** Bands of a loan that may hold collateral, and those that may hold crvUSD only. */
function split(active: number, { band, count }: Pick<Loan, 'band' | 'count'>) {
  const sold = Math.min(count, Math.max(0, active - band))
  return { sold, left: count - sold }
}

function shareOf(of: CrvUsdSpec, name: string, active: number, loan: Omit<Loan, 'share'>): number {
  const { band, count, collateral, stable } = loan
  const { sold, left } = split(active, loan)
  const isSound = (collateral === 0 || left > 0) && (stable === 0 || band <= active)
  const rule = 'collateral lies in bands from the active one on, and crvUSD in bands up to it'
  check(isSound, 'FB2284', `positions of ${name}`, rule, `bands ${band} to ${band + count - 1}`)
  if (collateral > 0) return (SHARES_PER_TOKEN * collateral) / left
  if (stable === 0) return 0
  const step = log(narrowing(of.amplification))
  let price = 0
  for (let k = 0; k < Math.max(1, sold); k++) price += of.basePrice * exp((band + k) * step)
  return (SHARES_PER_TOKEN * stable) / price
}

/** Puts a loan's shares, collateral and crvUSD into its bands. */
function put(bands: Bands, loan: Loan): void {
  const { band, count, share, collateral, stable } = loan
  if (count === 0) return
  const { sold, left } = split(bands.active, loan)
  let tops = 0
  for (let k = 0; k < Math.max(1, sold); k++) tops += bands.top[band + k - bands.first]
  for (let k = 0; k < count; k++) {
    const row = band + k - bands.first
    bands.shares[row] += share
    if (k >= sold) bands.collateral[row] += collateral / left
    if (k < Math.max(1, sold)) bands.stable[row] += (stable * bands.top[row]) / tops
  }
  bands.lowest = Math.min(bands.lowest, band)
  bands.highest = Math.max(bands.highest, band + count - 1)
}
