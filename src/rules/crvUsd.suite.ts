/** Small markets of crvUSD loans for tests: ETH, its price, and loans by hand. */

import { type Protocol, protocolFrom } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { CrvUsdItems } from './crvUsd/market.ts'
import type { CrvUsdSpec } from './crvUsd/parameters.ts'
import { crvUsd } from './crvUsd.ts'

export const CRVUSD = 0
export const ETH = 1

/** The commonly deployed parameters, band 0 at 2000. */
export const deployed: CrvUsdSpec = {
  collateral: ETH,
  borrowed: CRVUSD,
  amplification: 100,
  basePrice: 2000,
  fee: 0.006,
  loanDiscount: 0.09,
  liquidationDiscount: 0.06,
  borrowRate: 0,
  firstBand: -50,
  lastBand: 150,
  swapGas: 0,
  liquidationGas: 0,
}

/** A loan by hand: without `n1` its debt says where it goes. */
export interface PlainLoan {
  readonly collateral: number
  readonly debt: number
  readonly stable?: number
  readonly n1?: number
  readonly bands?: number
}

export function positionsOf(loans: readonly PlainLoan[]): Positions {
  const rows = loans.flatMap((loan, account) =>
    [
      { account, asset: ETH, side: 1, amount: loan.collateral, loan },
      { account, asset: CRVUSD, side: 1, amount: loan.stable ?? 0, loan },
      { account, asset: CRVUSD, side: -1, amount: loan.debt, loan },
    ].filter(({ amount }) => amount > 0),
  )
  return {
    accounts: loans.map((_, i) => `borrower ${i}`),
    account: Uint32Array.from(rows, ({ account }) => account),
    asset: Uint16Array.from(rows, ({ asset }) => asset),
    side: Int8Array.from(rows, ({ side }) => side),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    own: {
      n1: Float64Array.from(rows, ({ loan }) => loan.n1 ?? Number.NaN),
      bands: Float64Array.from(rows, ({ loan }) => loan.bands ?? 10),
    },
    synthetic: false,
    asOf: null,
  }
}

/** A market of loans at a price of ETH; crvUSD at par. */
export function marketWith(
  loans: readonly PlainLoan[],
  price: number,
  changed: Partial<CrvUsdSpec> = {},
): Protocol {
  const rules = crvUsd({ ...deployed, ...changed })
  const positions = positionsOf(loans)
  return protocolFrom({
    name: 'market',
    rules,
    book: rules.book!(positions, new Float64Array(0)),
    prices: Float64Array.of(1, price),
    accounts: positions.accounts,
    positions,
  })
}

/** The state of its bands. */
export function stateOf({ items }: Protocol): CrvUsdItems {
  return items as CrvUsdItems
}
