/** What a market of files is made of, before anything is typed; and the choice that it comes to. */

import type { FoundAsset } from '../../src/ingest/guess.ts'
import type { NeededKey, PlainRules } from '../../src/ingest/starter.ts'
import type { LookedAt, MarketChoice } from '../engine/textProtocol.ts'

/** What a person typed, by the name of the field; what is not there stands as it was guessed. */
export type Typed = Readonly<Record<string, string>>

/** Coins that are meant to be a dollar; those that earn interest are not. */
const DOLLARS = /^(USD|USD[CTSe]|USDC\.e|DAI|GHO|FRAX|(L|T|B|crv|py)USD)$/i

/** The price of an asset: of the file, of a dollar coin, of the best bid, or none. */
export function priceOf(asset: FoundAsset, depth: LookedAt | null): string {
  if (asset.price !== null) return `$${asset.price}`
  if (DOLLARS.test(asset.name)) return '$1'
  if (depth?.role !== 'orderBook') return ''
  const column = depth.columns.indexOf(depth.chosen.price ?? '')
  const best = column < 0 ? '' : (depth.sample[0]?.[column] ?? '')
  return best === '' ? '' : `$${best}`
}

/** A tenth of what the collateral is worth, in two digits; empty where its price is not known. */
export function assumedDepth(asset: FoundAsset, price: string): string {
  const usd = (Number(price.replace(/[$,]/g, '')) * asset.collateral) / 10
  if (!(usd > 0) || !Number.isFinite(usd)) return ''
  const [scale, suffix] = SCALES.find(([scale]) => usd >= scale) ?? [1, '']
  return `$${Number((usd / scale).toPrecision(2))}${suffix}`
}

const SCALES = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** A value of terms: that of the file where it has one. */
export function termOf(asset: FoundAsset, { key, usual }: NeededKey): string {
  if (key !== 'threshold' || asset.threshold === null) return usual ?? ''
  const share = asset.threshold > 1 ? asset.threshold : asset.threshold * 100
  return `${Number(share.toFixed(4))}%`
}

/** The asset whose collateral is worth the most; the first where no price is known. */
export function heaviest(assets: readonly FoundAsset[], priceIn: (name: string) => string): string {
  let best = assets[0]?.name ?? ''
  let most = 0
  for (const { name, collateral } of assets) {
    const usd = collateral * Number(priceIn(name).replace(/[$,]/g, ''))
    if (usd > most && !DOLLARS.test(name)) [best, most] = [name, usd]
  }
  return best
}

/** The columns of a table under the names that the file has for them. */
export function chosenColumns({ chosen, role }: LookedAt): Record<string, string> {
  const own = Object.entries(chosen).filter(
    ([ours, theirs]) => theirs !== null && !(role === 'positions' && OPENING.includes(ours)),
  )
  return Object.fromEntries(own) as Record<string, string>
}

const OPENING: readonly string[] = ['price', 'threshold']

/** A name for a scenario, from that of its book. */
export function nameOf(file: string): string {
  return file.replace(/(\.(csv|parquet|gz))+$/i, '').replace(/[^\w-]+/g, '-') || 'my-market'
}

/** The choice that a form comes to. `value` gives a field by its name. */
export function choiceOf(
  book: LookedAt,
  depths: ReadonlyMap<string, LookedAt>,
  rules: PlainRules,
  shock: string,
  value: (field: string) => string,
): MarketChoice {
  const collateral = book.assets.filter((asset) => asset.collateral > 0)
  const files = [book.name, ...[...depths.values()].map(({ name }) => name)]
  return {
    name: nameOf(book.name),
    made: `Made in the lab of ${files.join(' and ')}. What was not in them was typed there.`,
    book: { file: book.name, columns: chosenColumns(book) },
    assets: book.assets.map((asset) => ({
      name: asset.name,
      price: value(`price ${asset.name}`),
      terms: Object.fromEntries(
        asset.collateral > 0
          ? rules.terms.map(({ key }) => [key, value(`${key} ${asset.name}`)])
          : [],
      ),
    })),
    rules: {
      kind: rules.kind,
      keys: Object.fromEntries(rules.keys.map(({ key }) => [key, value(key)])),
    },
    venues: collateral.map(({ name }) => ({
      name,
      asset: name,
      depth: depthOf(depths.get(name) ?? null, value(`depth ${name}`)),
    })),
    shock,
  }
}

function depthOf(
  depth: LookedAt | null,
  within10: string,
): MarketChoice['venues'][number]['depth'] {
  if (depth === null) return { kind: 'orderBook', file: null, within10 }
  const kind = depth.role === 'quoteLadder' ? 'quoteLadder' : 'orderBook'
  return { kind, file: depth.name, columns: chosenColumns(depth) }
}
