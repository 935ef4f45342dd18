/** A scenario without time, given one: what a comparison of defences needs. */

import type { FileSource } from './bytes.ts'
import { composed, type Override } from './compose.ts'
import { isMap, type Tree } from './tree.ts'

/**
 * The overrides that make a scenario without blocks a run in time; none where it has them.
 *
 * Rule:    three hours of Ethereum. The shock comes as a ramp over half an hour, with volatility of
 *          80 % a year around it; feeds are pushed at half a per cent; the book refills with a
 *          half-life of ten minutes and keeps a tenth of what is sold; two searchers with flash
 *          loans compete. What the scenario says of these itself stays.
 * Assumes: round numbers, none of them measured: what differs between two arms of a comparison
 *          depends on them, and the report lists them.
 */
export function timeOverrides(
  entry: string,
  source: FileSource,
  overrides: readonly Override[],
): Override[] {
  const { tree } = composed(entry, source, overrides)
  const has = (...path: string[]) => found(tree, path) !== undefined
  if (has('blocks')) return []
  const added: Override[] = [['blocks', '900']]
  const add = (path: string, value: string) => {
    if (!has(...path.split('.'))) added.push([path, value])
  }
  const assets = keysOf(found(tree, ['assets']))
  const gas = assets.includes('ETH') ? 'gasAsset: ETH' : 'gasToken: $2000'
  add('chain', `{ block: 12s, gasLimit: 30M, demand: 80%, priceSpread: 0.4, ${CHAIN}, ${gas} }`)
  const asset = textOf(found(tree, ['shock', 'asset'])) ?? assets[0]
  const drop = textOf(found(tree, ['shock', 'drop'])) ?? '15%'
  const ramp = `{ kind: ramp, drop: ${drop}, from: 10min, to: 40min }`
  const noise = '{ kind: gbm, drift: 0%, volatility: 80% }'
  if (!has('paths'))
    added.push(
      ['paths', `{ are: outside, prices: { ${asset}: [${ramp}, ${noise}] } }`],
      ['shock', `{ asset: ${asset}, drop: 0% }`],
    )
  add('depth.recovery', '{ halfLife: 10min, permanent: 10% }')
  add('depth.arbitrage', 'none')
  add('depth.withdrawal', 'none')
  add('liquidators.agents', `{ searcher: { ${SEARCHER} } }`)
  for (const name of keysOf(found(tree, ['protocols'])))
    add(`protocols.${name}.oracle`, `{ ${FEED} }`)
  return added
}

const CHAIN = 'feeMarket: eip1559, gas: 30, failedGas: 30%'
const FEED =
  'kind: pushed, deviation: 0.5%, heartbeat: 1h, delay: 15s, delaySpread: 0.3, congestionPower: 0'
const SEARCHER = [
  'count: 2, capital: $20M, flashLoan: 0.05%, latency: { blocks: 1 }, minProfit: $20',
  'size: profitable, gas: 450k, bid: { auction: 30% }, maxGas: none, route: public',
  'valuation: 95%, sells: now',
].join(', ')

/** What differs from pair to pair where the scenario does not say. */
export const SAMPLE: Override = ['sample', '{ depth: 0.25, drop: 0.2, books: true }']

/** The sample of a comparison: that of the scenario, or the one above. */
export function sampleOverrides(
  entry: string,
  source: FileSource,
  overrides: readonly Override[],
): Override[] {
  const { tree } = composed(entry, source, overrides)
  return found(tree, ['sample']) === undefined ? [SAMPLE] : []
}

function found(tree: Tree, path: readonly string[]): Tree | undefined {
  let at: Tree | undefined = tree
  for (const step of path) at = at !== undefined && isMap(at.value) ? at.value.get(step) : undefined
  return at
}

function keysOf(tree: Tree | undefined): string[] {
  return tree !== undefined && isMap(tree.value) ? [...tree.value.keys()] : []
}

function textOf(tree: Tree | undefined): string | undefined {
  const value = tree?.value
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
