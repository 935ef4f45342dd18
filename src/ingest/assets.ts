/** Assets of a scenario by index, with their opening prices. */

import type { AssetSpec } from '../scenario.ts'
import type { ScenarioKeys } from './schema.ts'
import { didYouMean } from './suggest.ts'
import { type Step, short, type Tree } from './tree.ts'
import { keyError } from './validate.ts'

/** The cash asset: always there, always 1. */
export const cashName = 'USD'

/** Assets in the order of the scenario, cash last. */
export interface Assets {
  readonly names: readonly string[]
  readonly specs: readonly AssetSpec[]
  readonly cash: number
  /** Opening prices in USD. */
  readonly usd: readonly number[]
}

/**
 * Reads assets. Throws: ScenarioKeyError for an unknown `in`, a circle of them, or a price for
 * cash.
 */
export function assetsFrom(keys: ScenarioKeys, tree: Tree): Assets {
  const own = Object.keys(keys.assets)
  if (own.includes(cashName)) {
    throw keyError(tree, ['assets', cashName], {
      code: 'FB2055',
      rule: 'USD is the cash that everything is valued in, and is always there',
      remedy: 'Remove it from assets:',
    })
  }
  const names = [...own, cashName]
  const specs = names.map((name) => {
    if (name === cashName) return { name, price: 1, in: null }
    const { price, in: unit } = keys.assets[name]
    const inUsd = unit === undefined || unit === cashName
    const index = inUsd ? null : indexOf(names, unit, tree, ['assets', name, 'in'])
    return { name, price, in: index }
  })
  const usd = specs.map((_, asset) => usdPrice(specs, asset, tree))
  return { names, specs, cash: names.length - 1, usd }
}

/**
 * Index of a name that the scenario refers to. Throws: ScenarioKeyError, with what was probably
 * meant.
 */
export function indexOf(
  names: readonly string[],
  name: string,
  tree: Tree,
  path: readonly Step[],
  what = 'asset',
): number {
  const index = names.indexOf(name)
  if (index >= 0) return index
  throw keyError(tree, path, {
    code: 'FB2054',
    rule: `the scenario has no such ${what}`,
    came: short(name),
    remedy: didYouMean(name, names),
  })
}

function usdPrice(specs: readonly AssetSpec[], asset: number, tree: Tree): number {
  let price = 1
  let at: number | null = asset
  for (let hops = 0; at !== null; hops++) {
    if (hops > specs.length) {
      throw keyError(tree, ['assets', specs[asset].name, 'in'], {
        code: 'FB2056',
        rule: 'prices must lead to USD',
        came: 'a circle of assets priced in each other',
        remedy: 'Price one of them in USD: leave its in: out',
      })
    }
    price *= specs[at].price
    at = specs[at].in
  }
  return price
}
