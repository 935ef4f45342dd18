/** Who owns how much of what, from the movements alone; and whether the books agree with it. */

import { accountsOf, type Book, type Slots } from './book.ts'
import type { Protocol } from './rules.ts'

/** A place that units come from or go to; see `Holders`. */
export type Place = number

/** The places of a run, as indices. */
export interface Holders {
  /** Of protocol `j`: one of its own holders (ACCOUNTS to POOL). */
  of(j: number, holder: number): Place
  taker(t: number): Place
  readonly market: Place
  /** Base fees and priority fees; tips for a place in the block; fees of flash loans. */
  readonly validators: Place
  readonly builders: Place
  readonly flash: Place
  /** Funds that protocols share. */
  readonly funds: Place
  readonly count: number
}

/** The places of a run of so many protocols and takers. */
export function holdersOf(protocols: number, takers: number): Holders {
  const first = protocols * PER_PROTOCOL
  const market = first + takers
  return {
    of: (j, holder) => j * PER_PROTOCOL + holder,
    taker: (t) => first + t,
    market,
    validators: market + 1,
    builders: market + 2,
    flash: market + 3,
    funds: market + 4,
    count: market + 5,
  }
}

/** Holders of a protocol: BIDDER and above are takers. */
const PER_PROTOCOL = 6

/**
 * Movements since the opening, and running totals of what the books hold.
 *
 * Law: `move` has two ends, so all balances of an asset sum to 0; that check has no teeth. The one
 *      that has is stock = flow: totals of the legs, which only `take` and `put` change, against
 *      the balance of the accounts, which only `move` changes.
 */
export interface Ledger {
  readonly holders: Holders
  /** Units of an asset from one place to another; debt is a negative holding. */
  move(asset: number, from: Place, to: Place, amount: number): void
  /** What a place received less what it gave since the opening, units. */
  balance(place: Place, asset: number): number
  /** Everything that ever moved of an asset, units: the scale of rounding. */
  moved(asset: number): number
  /** Takes the legs of an account out of the totals, before they change; `put` puts them back. */
  take(j: number, account: number): void
  put(j: number, account: number): void
  /** Books interest: the indices of protocol `j` moved from `before` to what they are. */
  interest(j: number, before: Float64Array): void
  /** The largest difference of stock and flow, as a share of what there is of that asset. */
  gap(): number
  /** The largest difference of the totals and all legs counted anew, by the same measure. */
  recount(): number
}

/** What the ledger watches: books and indices of the protocols; it never changes them. */
type Watched = Pick<Protocol, 'book' | 'index' | 'rules'>

/**
 * A ledger at the opening.
 *
 * Units:  amounts in whole tokens, index included.
 * Shape:  `elsewhere` flags, by protocol, legs whose units are another protocol's: no stock here.
 * Source: stock-flow consistency of national accounts, per protocol and asset.
 */
export function ledgerFrom(
  protocols: readonly Watched[],
  assets: number,
  takers: number,
  holder: { readonly accounts: Place; readonly lenders: Place },
  elsewhere: readonly (Uint8Array | null)[] = [],
): Ledger {
  const holders = holdersOf(protocols.length, takers)
  const balances = new Float64Array(holders.count * assets)
  const turnover = new Float64Array(assets)
  const stocks = protocols.map((protocol, j) => stocksOf(protocol, assets, elsewhere[j] ?? null))
  const flows = stocks.map((_, j) => {
    const first = holders.of(j, holder.accounts) * assets
    return balances.subarray(first, first + assets)
  })

  function move(asset: number, from: Place, to: Place, amount: number): void {
    balances[from * assets + asset] -= amount
    balances[to * assets + asset] += amount
    turnover[asset] += Math.abs(amount)
  }

  return {
    holders,
    move,
    balance: (place, asset) => balances[place * assets + asset],
    moved: (asset) => turnover[asset],
    take: (j, account) => stocks[j].change(account, -1),
    put: (j, account) => stocks[j].change(account, 1),
    interest(j, before) {
      const { index, rules } = protocols[j]
      const [lenders, accounts] = [holders.of(j, holder.lenders), holders.of(j, holder.accounts)]
      for (let s = 0; s < index.length; s++) {
        const earned = stocks[j].totals[s] * (index[s] - before[s])
        if (earned !== 0) move(rules.slots.asset[s], lenders, accounts, earned)
      }
    },
    gap() {
      let most = 0
      for (let j = 0; j < stocks.length; j++)
        most = Math.max(most, stocks[j].gap(flows[j], turnover))
      return most
    },
    recount() {
      let most = 0
      for (let j = 0; j < stocks.length; j++) most = Math.max(most, stocks[j].recount())
      return most
    },
  }
}

/** What the accounts of one protocol hold. */
interface Stocks {
  /** Scaled units by slot. */
  readonly totals: Float64Array
  change(account: number, sign: 1 | -1): void
  /** Largest difference of units since the opening and `flow`, by asset, as a share. */
  gap(flow: Float64Array, turnover: Float64Array): number
  recount(): number
}

function stocksOf(
  { book, index, rules: { slots } }: Watched,
  assets: number,
  elsewhere: Uint8Array | null,
): Stocks {
  const gross = new Float64Array(slots.count)
  const totals = totalsOf(book, slots, elsewhere, gross)
  const opening = unitsOf(totals, index, slots, new Float64Array(assets))
  const size = unitsOf(gross, index, slots, new Float64Array(assets))
  const now = new Float64Array(assets)
  return {
    totals,
    change(account, sign) {
      const { start, slot, amount } = book
      const end = start[account + 1]
      for (let k = start[account]; k < end; k++)
        if (elsewhere === null || elsewhere[k] === 0) totals[slot[k]] += sign * amount[k]
    },
    gap(flow, turnover) {
      unitsOf(totals, index, slots, now)
      let most = 0
      for (let a = 0; a < assets; a++)
        most = Math.max(most, part(now[a] - opening[a] - flow[a], size[a] + turnover[a]))
      return most
    },
    recount() {
      const fresh = totalsOf(book, slots, elsewhere)
      let most = 0
      for (let s = 0; s < fresh.length; s++)
        most = Math.max(most, part(fresh[s] - totals[s], gross[s]))
      return most
    },
  }
}

function part(off: number, of: number): number {
  return of > 0 ? Math.abs(off) / of : Math.abs(off)
}

/** Scaled units by slot, over all accounts; adds to `gross` what they are without their signs. */
function totalsOf(
  book: Book,
  slots: Slots,
  elsewhere: Uint8Array | null,
  gross = new Float64Array(slots.count),
): Float64Array {
  const { start, slot, amount } = book
  const totals = new Float64Array(slots.count)
  const end = start[accountsOf(book)]
  for (let k = 0; k < end; k++) {
    if (elsewhere !== null && elsewhere[k] !== 0) continue
    totals[slot[k]] += amount[k]
    gross[slot[k]] += Math.abs(amount[k])
  }
  return totals
}

function unitsOf(
  totals: Float64Array,
  index: Float64Array,
  slots: Slots,
  out: Float64Array,
): Float64Array {
  out.fill(0)
  for (let s = 0; s < totals.length; s++) out[slots.asset[s]] += totals[s] * index[s]
  return out
}
