/** Morpho Blue on a local chain: two tokens, an oracle, a rate model, and markets by threshold. */

import type { TwinMarket, TwinPosition } from '../../src/rules/morphoBlue.twin.suite.ts'
import { type Contract, coding, compile, type Evm, type Hex, startEvm } from './evm.suite.ts'

const PLENTY = 10n ** 37n

/** What every test of Morpho Blue shares; the first account lends and liquidates. */
export interface Morpho {
  readonly evm: Evm
  readonly morpho: Contract
  readonly oracle: Contract
  readonly loan: Contract
  readonly collateral: Contract
  readonly irm: Contract
}

/** A market as the contract names it. */
export interface MarketKey {
  readonly id: Hex
  readonly params: readonly [Hex, Hex, Hex, Hex, bigint]
}

/** Compiles and deploys Morpho Blue with its own mocks. */
export async function morphoOnChain(): Promise<Morpho> {
  const source = (name: string) => `src/${name}.sol`
  const built = compile({
    solc: '0.8.19',
    root: '@morpho-org/morpho-blue',
    entries: ['Morpho', 'mocks/ERC20Mock', 'mocks/OracleMock', 'mocks/IrmMock'].map(source),
    settings: { viaIR: true },
  })
  const evm = await startEvm()
  const [owner] = evm.accounts
  const morpho = await evm.deploy(built.Morpho, [owner])
  const [loan, collateral] = [await evm.deploy(built.ERC20Mock), await evm.deploy(built.ERC20Mock)]
  const oracle = await evm.deploy(built.OracleMock)
  const irm = await evm.deploy(built.IrmMock)
  await evm.must(morpho, 'enableIrm', [irm.address])
  for (const token of [loan, collateral]) {
    await evm.must(token, 'setBalance', [owner, PLENTY])
    await evm.must(token, 'approve', [morpho.address, PLENTY])
  }
  return { evm, morpho, oracle, loan, collateral, irm }
}

/** Creates the market of a threshold. */
export async function openMarket(at: Morpho, lltv: bigint): Promise<MarketKey> {
  const { evm, morpho, oracle, loan, collateral, irm } = at
  const addresses = [loan, collateral, oracle, irm].map(({ address }) => address)
  const params = [addresses[0], addresses[1], addresses[2], addresses[3], lltv] as const
  await evm.must(morpho, 'enableLltv', [lltv])
  await evm.must(morpho, 'createMarket', [params])
  const types = ['address', 'address', 'address', 'address', 'uint256'].map((type) => ({ type }))
  const code = coding()
  return { id: code.keccak256(code.encodeAbiParameters(types, params)), params }
}

/** Lends, and lets a new borrower take so much against so much collateral. */
export async function borrow(
  at: Morpho,
  { params }: MarketKey,
  borrower: Hex,
  amounts: { readonly lent: bigint; readonly collateral: bigint; readonly debt: bigint },
): Promise<void> {
  const { evm, morpho, oracle } = at
  const [owner] = evm.accounts
  await evm.must(morpho, 'supply', [params, amounts.lent, 0n, owner, '0x'])
  await evm.must(morpho, 'supplyCollateral', [params, amounts.collateral, borrower, '0x'])
  const ample = (amounts.debt * 10n ** 38n) / amounts.collateral
  await evm.must(oracle, 'setPrice', [ample])
  await evm.must(morpho, 'borrow', [params, amounts.debt, 0n, borrower, borrower], borrower)
}

/** Totals of a market, its last accrual, and a position in it. */
export async function stateOf(
  { evm, morpho }: Morpho,
  { id, params }: MarketKey,
  borrower: Hex,
): Promise<{ market: TwinMarket; position: TwinPosition; atSeconds: bigint }> {
  const [totals, own] = await evm.readAll([
    [morpho, 'market', [id]],
    [morpho, 'position', [id, borrower]],
  ])
  const [supplyAssets, supplyShares, borrowAssets, borrowShares, atSeconds] = totals
  const market = { lltv: params[4], supplyAssets, supplyShares, borrowAssets, borrowShares }
  return { market, position: { borrowShares: own[1], collateral: own[2] }, atSeconds }
}
