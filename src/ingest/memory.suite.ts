/** A scenario in memory, small enough to change one thing at a time. */

import { FirebreakError } from '../errors.ts'
import type { FileSource } from './bytes.ts'
import type { Override } from './compose.ts'
import { type ReadScenario, readScenario } from './read.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** Files by bare name; no folders. */
export function memorySource(files: Files): FileSource {
  return {
    read(path) {
      if (!Object.hasOwn(files, path)) throw new Error(`no file ${path}`)
      const content = files[path]
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
    resolve: (_, name) => name,
  }
}

export const scenarioText = `version: 1
name: small
asOf: 2024-01-02
assets:
  ETH: { price: $2000 }
  stETH: { price: 0.999, in: ETH }
  USDC: { price: $1 }
protocols:
  market:
    rules:
      kind: aaveV3
      assets:
        ETH: { threshold: 83%, bonus: 5%, protocolFee: 10% }
        stETH: { threshold: 8100bps, bonus: 0.06, protocolFee: 10% }
        USDC: {}
      eModes:
        eth: { stETH: { threshold: 95%, bonus: 1% } }
    book: { file: positions.csv, asOf: 2024-01-02, columns: { account: user } }
market:
  venues:
    pool:
      { kind: stableSwap, asset: stETH, quote: ETH, amplification: 70, baseBalance: 10k, quoteBalance: 10k }
    bids:
      kind: orderBook
      asset: ETH
      quote: USD
      file: depth.csv
      levels: relative
      beyond: linear
depth: { haircut: 10% }
liquidators: { disposal: all, buys: false }
shock: { asset: ETH, drop: 15% }
gain: { drops: [1%, 2%] }
ignition: { tolerance: 2% }
`

export const positionsText = `user,asset,side,amount,group
borrower,ETH,collateral,10,
borrower,USDC,debt,12000,
looper,stETH,collateral,100,eth
looper,ETH,debt,90,eth
lost,USDC,debt,50,
`

export const depthText = `price,size
1999,100
1990,500
1900,4000
`

export const smallFiles: Files = {
  'small.yaml': scenarioText,
  'positions.csv': positionsText,
  'depth.csv': depthText,
}

/** Reads the small scenario with some files replaced. */
export function readSmall(
  changed: Files = {},
  overrides: readonly Override[] = [],
): Promise<ReadScenario> {
  return readScenario('small.yaml', memorySource({ ...smallFiles, ...changed }), overrides)
}

/** Reads the small scenario with one part of its text replaced. */
export function readChanged(from: string, to: string): Promise<ReadScenario> {
  if (!scenarioText.includes(from)) throw new Error(`the scenario has no ${from}`)
  return readSmall({ 'small.yaml': scenarioText.replace(from, to) })
}

/** The error that a reading ends with; anything but one of ours is thrown on. */
export async function failureOf(reading: Promise<unknown>): Promise<FirebreakError> {
  try {
    await reading
  } catch (error) {
    if (error instanceof FirebreakError) return error
    throw error
  }
  throw new Error('the reading did not fail')
}
