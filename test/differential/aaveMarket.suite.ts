/** An Aave v3 market on the local chain, from the packages' own contracts: v3.0 and v3.6. */

import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type Artifact,
  type Contract,
  coding,
  compile,
  type Evm,
  type Hex,
  packagePath,
  shipped,
} from './evm.suite.ts'

/** One reserve of the market; ratios in basis points. */
export interface Listing {
  readonly name: string
  readonly decimals: number
  readonly threshold: number
  readonly bonus: number
  readonly protocolFee: number
  /** Opening price, USD. */
  readonly price: number
}

export const LISTINGS: readonly Listing[] = [
  { name: 'USDC', decimals: 6, threshold: 7800, bonus: 10450, protocolFee: 1000, price: 1 },
  { name: 'WETH', decimals: 18, threshold: 8250, bonus: 10500, protocolFee: 1000, price: 1900 },
  { name: 'WBTC', decimals: 8, threshold: 7500, bonus: 10650, protocolFee: 2000, price: 64000 },
  { name: 'DAI', decimals: 18, threshold: 7700, bonus: 10400, protocolFee: 0, price: 1 },
  { name: 'wstETH', decimals: 18, threshold: 7933, bonus: 10701, protocolFee: 1533, price: 2250 },
]

/** One e-mode category; reserves by their place in the listings. */
export interface Category {
  readonly threshold: number
  readonly bonus: number
  readonly collateral: readonly number[]
  readonly borrowable: readonly number[]
}

/** Contracts of a market, and what its versions differ in. */
export interface Market {
  readonly evm: Evm
  readonly version: '3.0' | '3.6'
  readonly pool: Contract
  readonly oracle: Contract
  readonly tokens: readonly Contract[]
  readonly supplied: readonly Contract[]
  readonly owed: readonly Contract[]
  /** Category n of the chain is the n-th, from 1. */
  readonly categories: readonly Category[]
  readonly treasury: Hex
}

/** What a version brings of its own; the rest is the same in both. */
interface Edition {
  artifact(name: string): Artifact
  readonly poolName: string
  readonly configuratorName: string
  readonly categories: readonly Category[]
  /** Arguments of the pool, after the provider. */
  poolArguments(deploy: Deploy, provider: Contract): Promise<readonly Hex[]>
  /** Initialisation of each reserve. */
  inputs(deploy: Deploy, parts: Parts): Promise<readonly Record<string, unknown>[]>
  categorise(parts: Parts): Promise<void>
}

type Deploy = (name: string, args?: readonly unknown[]) => Promise<Contract>

interface Parts {
  readonly evm: Evm
  readonly provider: Contract
  readonly pool: Contract
  readonly configurator: Contract
  readonly tokens: readonly Contract[]
  readonly treasury: Hex
}

const NOBODY: Hex = '0x0000000000000000000000000000000000000000'

/** Deploys a market with deep reserves, of which whales have borrowed a good part. */
export async function deployMarket(evm: Evm, version: Market['version']): Promise<Market> {
  const edition = version === '3.0' ? v30() : v36()
  const deploy = deployer(evm, edition)
  const { provider, oracle } = await foundation(evm, deploy)
  const more = await edition.poolArguments(deploy, provider)
  const poolCode = await deploy(edition.poolName, [provider.address, ...more])
  await evm.must(provider, 'setPoolImpl', [poolCode.address])
  const configuratorCode = await deploy(edition.configuratorName)
  await evm.must(provider, 'setPoolConfiguratorImpl', [configuratorCode.address])
  const proxied = async (of: Contract, getter: string) => ({
    address: (await evm.read(provider, getter)) as Hex,
    abi: [...of.abi, ...edition.artifact('Errors').abi],
  })
  const pool = await proxied(poolCode, 'getPool')
  const configurator = await proxied(configuratorCode, 'getPoolConfigurator')
  const tokens: Contract[] = []
  for (const { name, decimals } of LISTINGS)
    tokens.push(await deploy('MintableERC20', [name, name, decimals]))
  const parts = { evm, provider, pool, configurator, tokens, treasury: evm.accounts[9] }
  await evm.must(configurator, 'initReserves', [await edition.inputs(deploy, parts)])
  await configure(parts)
  await edition.categorise(parts)
  const market = { ...parts, version, oracle, categories: edition.categories }
  const whole = { ...market, ...(await claims(parts, tokens[0])) }
  await fill(whole)
  return whole
}

function deployer(evm: Evm, edition: Edition): Deploy {
  const libraries: Record<string, Hex> = {}
  return async function deploy(name, args = []) {
    const made = edition.artifact(name)
    for (const library of Object.keys(made.links))
      libraries[library] ??= (await deploy(library)).address
    return evm.deploy(made, args, libraries)
  }
}

async function foundation(evm: Evm, deploy: Deploy) {
  const [owner] = evm.accounts
  const provider = await deploy('PoolAddressesProvider', ['market', owner])
  await evm.must(provider, 'setACLAdmin', [owner])
  const roles = await deploy('ACLManager', [provider.address])
  await evm.must(provider, 'setACLManager', [roles.address])
  await evm.must(roles, 'addPoolAdmin', [owner])
  const oracle = await deploy('PriceOracle')
  await evm.must(provider, 'setPriceOracle', [oracle.address])
  return { provider, oracle }
}

/** Borrowing limits are close to liquidation, so that most of a book may be built near it. */
export const LTV_BELOW = 100

async function configure({ evm, configurator, tokens }: Parts): Promise<void> {
  for (const [i, { address }] of tokens.entries()) {
    const { threshold, bonus, protocolFee } = LISTINGS[i]
    const terms = [address, threshold - LTV_BELOW, threshold, bonus]
    await evm.must(configurator, 'configureReserveAsCollateral', terms)
    await evm.must(configurator, 'setReserveBorrowing', [address, true])
    await evm.must(configurator, 'setReserveFactor', [address, 1000])
    await evm.must(configurator, 'setLiquidationProtocolFee', [address, protocolFee])
  }
}

async function claims({ evm, pool, tokens }: Parts, { abi }: Contract) {
  const scaled = coding().parseAbi(['function scaledBalanceOf(address) view returns (uint256)'])
  const of = (address: Hex) => ({ address, abi: [...abi, ...scaled] })
  const reserves = await evm.readAll(tokens.map((t) => [pool, 'getReserveData', [t.address]]))
  return {
    supplied: reserves.map((reserve) => of(reserve.aTokenAddress)),
    owed: reserves.map((reserve) => of(reserve.variableDebtTokenAddress)),
  }
}

/** 1e9 USD of each reserve is supplied by one whale; another borrows 6 tenths of it, and more. */
async function fill(market: Market): Promise<void> {
  const { evm, pool } = market
  const [, lender, debtor, liquidator] = evm.accounts
  await publish(
    market,
    LISTINGS.map(({ price }) => BigInt(price) * 10n ** 8n),
  )
  for (const who of [lender, debtor, liquidator])
    for (const [i, token] of market.tokens.entries()) {
      await evm.must(token, 'mint', [who, worth(i, 10_000_000_000)])
      await evm.must(token, 'approve', [pool.address, 2n ** 256n - 1n], who)
    }
  for (const [i, { address }] of market.tokens.entries()) {
    await evm.must(pool, 'supply', [address, worth(i, 1_000_000_000), lender, 0], lender)
    await evm.must(pool, 'supply', [address, worth(i, 1_000_000_000), debtor, 0], debtor)
  }
  for (const [i, { address }] of market.tokens.entries()) {
    const amount = worth(i, 600_000_000 + 50_000_000 * i)
    await evm.must(pool, 'borrow', [address, amount, 2, 0, debtor], debtor)
  }
}

/** Smallest units of a reserve that are worth so many USD at its opening price. */
export function worth(reserve: number, usd: number): bigint {
  const { decimals, price } = LISTINGS[reserve]
  return (BigInt(Math.round(usd * 1e6)) * 10n ** BigInt(decimals)) / BigInt(price * 1e6)
}

/** Writes prices, in 1e-8 USD, into the oracle. */
export async function publish(
  { evm, oracle, tokens }: Pick<Market, 'evm' | 'oracle' | 'tokens'>,
  prices: readonly bigint[],
) {
  const { encodeAbiParameters, keccak256 } = coding()
  const slot = (token: Hex) =>
    keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [token, 0n]))
  const writes = prices.map((price, i) =>
    evm.setStorageAt(oracle.address, slot(tokens[i].address), price),
  )
  await Promise.all(writes)
}

/** v3.0: an asset has one category of its own, so a category lends what it takes. */
function v30(): Edition {
  const base = ['@aave', 'core-v3', 'artifacts', 'contracts']
  const files = artifactFiles(packagePath(...base))
  const categories = [
    { threshold: 9500, bonus: 10100, collateral: [1, 4], borrowable: [1, 4] },
    { threshold: 9300, bonus: 10200, collateral: [0, 3], borrowable: [0, 3] },
  ]
  return {
    categories,
    poolName: 'Pool',
    configuratorName: 'PoolConfigurator',
    artifact: (name) => shipped(...base, files[`${name}.json`]),
    poolArguments: async () => [],
    async inputs(deploy, { provider, pool, tokens, treasury }) {
      const rates = [8, 0, 0.4, 0.6, 0.02, 0.6, 0.02, 0.05, 0.2].map(
        (share, i) => BigInt((i === 0 ? share / 10 : share) * 1e9) * 10n ** 18n,
      )
      const strategy = await deploy('DefaultReserveInterestRateStrategy', [
        provider.address,
        ...rates,
      ])
      const code = (name: string) => deploy(name, [pool.address])
      const aTokenImpl = (await code('AToken')).address
      const variableDebtTokenImpl = (await code('VariableDebtToken')).address
      const stableDebtTokenImpl = (await code('StableDebtToken')).address
      return LISTINGS.map(({ name, decimals }, i) => ({
        ...{ aTokenImpl, variableDebtTokenImpl, stableDebtTokenImpl, treasury },
        underlyingAssetDecimals: decimals,
        interestRateStrategyAddress: strategy.address,
        incentivesController: NOBODY,
        ...namesOf(name, tokens[i]),
        stableDebtTokenName: `s${name}`,
        stableDebtTokenSymbol: `s${name}`,
      }))
    },
    async categorise({ evm, configurator, tokens }) {
      for (const [k, { threshold, bonus, collateral }] of categories.entries()) {
        const terms = [k + 1, threshold - LTV_BELOW, threshold, bonus, NOBODY, `mode ${k + 1}`]
        await evm.must(configurator, 'setEModeCategory', terms)
        for (const i of collateral)
          await evm.must(configurator, 'setAssetEModeCategory', [tokens[i].address, k + 1])
      }
    },
  }
}

/** v3.6: bitmaps, so an asset may be in several categories and be lent where it is not taken. */
function v36(): Edition {
  const made = compile({
    solc: '0.8.27',
    root: '',
    entries: V36_SOURCES.map((path) => `@aave-dao/aave-v3-origin/src/contracts/${path}.sol`),
    remappings: [
      'openzeppelin-contracts/=@openzeppelin/',
      'openzeppelin-contracts-upgradeable/=@openzeppelin/contracts-upgradeable/',
      'solidity-utils/=@bgd-labs/solidity-utils/src/',
    ],
  })
  const categories = [
    { threshold: 9500, bonus: 10100, collateral: [1, 4], borrowable: [1, 4] },
    { threshold: 9300, bonus: 10200, collateral: [0, 3], borrowable: [0, 3, 1] },
    { threshold: 8800, bonus: 10375, collateral: [4, 2], borrowable: [0, 3] },
  ]
  return {
    categories,
    poolName: 'PoolInstance',
    configuratorName: 'PoolConfiguratorInstance',
    artifact: (name) => made[name],
    async poolArguments(deploy, provider) {
      return [(await deploy('DefaultReserveInterestRateStrategyV2', [provider.address])).address]
    },
    async inputs(deploy, { pool, tokens, treasury }) {
      const aToken = await deploy('ATokenInstance', [pool.address, NOBODY, treasury])
      const debtToken = await deploy('VariableDebtTokenInstance', [pool.address, NOBODY])
      const numbers = Array(4).fill({ type: 'uint256' })
      const interestRateData = coding().encodeAbiParameters(numbers, [8000n, 0n, 4000n, 6000n])
      return LISTINGS.map(({ name }, i) => ({
        aTokenImpl: aToken.address,
        variableDebtTokenImpl: debtToken.address,
        interestRateData,
        ...namesOf(name, tokens[i]),
      }))
    },
    async categorise({ evm, configurator, tokens }) {
      const list = (name: string, i: number, k: number) =>
        evm.must(configurator, name, [tokens[i].address, k + 1, true])
      for (const [k, { threshold, bonus, collateral, borrowable }] of categories.entries()) {
        const terms = [k + 1, threshold - LTV_BELOW, threshold, bonus, `mode ${k + 1}`]
        await evm.must(configurator, 'setEModeCategory', terms)
        for (const i of collateral) await list('setAssetCollateralInEMode', i, k)
        for (const i of borrowable) await list('setAssetBorrowableInEMode', i, k)
      }
    },
  }
}

const V36_SOURCES = [
  'instances/PoolInstance',
  'instances/PoolConfiguratorInstance',
  'instances/ATokenInstance',
  'instances/VariableDebtTokenInstance',
  'misc/DefaultReserveInterestRateStrategyV2',
  'protocol/configuration/PoolAddressesProvider',
  'protocol/configuration/ACLManager',
  'protocol/libraries/helpers/Errors',
  'mocks/oracle/PriceOracle',
  'mocks/tokens/MintableERC20',
]

function namesOf(name: string, { address }: Contract) {
  return {
    underlyingAsset: address,
    aTokenName: `a${name}`,
    aTokenSymbol: `a${name}`,
    variableDebtTokenName: `v${name}`,
    variableDebtTokenSymbol: `v${name}`,
    params: '0x10',
  }
}

/** Where each contract's file is, below a folder of hardhat artifacts. */
function artifactFiles(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => path.endsWith('.json') && !path.endsWith('.dbg.json'))
  return Object.fromEntries(files.map((path) => [basename(path), path]))
}
