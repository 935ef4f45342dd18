/** Uniswap's factories, two tokens and a trader on a local chain. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TwinPool } from '../../src/venues/concentrated.twin.suite.ts'
import { type Contract, compile, type Evm, shipped, startEvm } from './evm.suite.ts'

/** What every test of Uniswap shares. */
export interface Exchange {
  readonly evm: Evm
  readonly trader: Contract
  /** In the order of their addresses: token 0 and token 1. */
  readonly tokens: readonly [Contract, Contract]
}

/** A chain with two tokens and a trader. */
export async function exchange(): Promise<Exchange> {
  const evm = await startEvm()
  const source = readFileSync(join(import.meta.dirname, 'Trader.sol'), 'utf8')
  const ours = compile({
    solc: '0.8.19',
    root: '',
    entries: [],
    sources: { 'Trader.sol': source },
  })
  const pair = [await evm.deploy(ours.Token), await evm.deploy(ours.Token)]
  pair.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
  return { evm, trader: await evm.deploy(ours.Trader), tokens: [pair[0], pair[1]] }
}

/** The v2 pair of the two tokens. */
export async function pairOf({ evm, tokens, trader }: Exchange): Promise<Contract> {
  const built = shipped('@uniswap', 'v2-core', 'build', 'UniswapV2Factory.json')
  const factory = await evm.deploy({ ...built, bytecode: `0x${built.bytecode}` }, [trader.address])
  const addresses = tokens.map(({ address }) => address)
  await evm.must(factory, 'createPair', addresses)
  const { abi } = shipped('@uniswap', 'v2-core', 'build', 'UniswapV2Pair.json')
  return { address: await evm.read(factory, 'getPair', addresses), abi }
}

const v3 = ['@uniswap', 'v3-core', 'artifacts', 'contracts'] as const

/** The factory of v3 pools. */
export async function poolFactory({ evm }: Exchange): Promise<Contract> {
  return evm.deploy(shipped(...v3, 'UniswapV3Factory.sol', 'UniswapV3Factory.json'))
}

/** A new pool of the two tokens; its fee must be new, or one of the factory's own. */
export async function poolOf(
  { evm, tokens }: Exchange,
  factory: Contract,
  { fee, spacing, root }: TwinPool,
): Promise<Contract> {
  const known = await evm.read(factory, 'feeAmountTickSpacing', [Number(fee)])
  if (known === 0) await evm.must(factory, 'enableFeeAmount', [Number(fee), spacing])
  const key = [tokens[0].address, tokens[1].address, Number(fee)]
  await evm.must(factory, 'createPool', key)
  const address = await evm.read(factory, 'getPool', key)
  const { abi } = shipped(...v3, 'UniswapV3Pool.sol', 'UniswapV3Pool.json')
  const pool = { address, abi }
  await evm.must(pool, 'initialize', [root])
  return pool
}

/** What the trader's last swap with a v3 pool did. */
export async function lastSwap({ evm, trader }: Exchange) {
  const [amount0, amount1, root, tick, liquidity] = await evm.read(trader, 'last')
  return { amount0, amount1, root, tick, liquidity }
}
