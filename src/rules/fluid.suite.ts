/** Small vaults of Fluid for tests: ETH against USDC, and BTC against ETH. */

import { type Protocol, protocolFrom } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import type { FluidAbsorbed } from './fluid/vaults.ts'
import { fluid } from './fluid.ts'

export const [USDC, ETH, BTC] = [0, 1, 2]

const numbers = { threshold: 0.85, maxLimit: 0.9, penalty: 0.02 }

export const deployed: Parameters<typeof fluid>[0] = {
  vaults: [
    { group: 1, collateral: ETH, debt: USDC, ...numbers, collateralDecimals: 18, debtDecimals: 6 },
    { group: 2, collateral: BTC, debt: ETH, ...numbers, collateralDecimals: 8, debtDecimals: 18 },
  ],
  absorbGas: 250_000,
}

export const rules = fluid(deployed)

/** Rows of [account, vault, collateral, debt] as positions. */
export function positionsOf(
  rows: readonly (readonly [account: number, vault: number, units: number, debt: number])[],
  of = deployed,
): Positions {
  const legs = rows.flatMap(([account, vault, units, debt]) => {
    const { collateral, debt: owed } = of.vaults[vault - 1]
    return [
      { account, group: vault, asset: collateral, side: 1, amount: units },
      { account, group: vault, asset: owed, side: -1, amount: debt },
    ].filter(({ amount }) => amount > 0)
  })
  const count = 1 + Math.max(...rows.map(([account]) => account))
  return {
    accounts: Array.from({ length: count }, (_, k) => `nft ${k}`),
    account: Uint32Array.from(legs, ({ account }) => account),
    asset: Uint16Array.from(legs, ({ asset }) => asset),
    side: Int8Array.from(legs, ({ side }) => side),
    group: Uint16Array.from(legs, ({ group }) => group),
    amount: Float64Array.from(legs, ({ amount }) => amount),
    synthetic: false,
    asOf: null,
  }
}

/** A protocol over rows of [account, vault, collateral, debt]. */
export function vaultsOf(
  rows: Parameters<typeof positionsOf>[0],
  prices: readonly number[],
  of = deployed,
): Protocol {
  const positions = positionsOf(rows, of)
  const own = fluid(of)
  return protocolFrom({
    name: 'fluid',
    rules: own,
    book: own.book!(positions, new Float64Array(0)),
    prices: Float64Array.from(prices),
    accounts: positions.accounts,
    positions,
  })
}

/** What the vaults absorbed. */
export function absorbedIn({ items }: Protocol): FluidAbsorbed {
  return items as FluidAbsorbed
}
