/** What happened to the prices of all assets, where more than the shocked one moved. */

import { movedAssets } from '../../document/facts.ts'
import { price } from '../../format.ts'
import type { Report } from '../../report.ts'
import type { View } from '../terminal.ts'
import { type Column, grid } from './grid.ts'
import { fall } from './head.ts'

/** One line an asset: price before, after the outside move, at the end, and how far it fell. */
export function priceLines(report: Report, view: View): string[] {
  const assets = movedAssets(report)
  if (assets.length < 2) return []
  const columns: Column[] = [
    { title: 'before', cells: assets.map((asset) => price(asset.price)), rank: 1 },
    { title: 'shocked', cells: assets.map((asset) => price(asset.shocked)), rank: 2 },
    { title: 'final', cells: assets.map((asset) => price(asset.final)), rank: 0 },
    { title: 'fall', cells: assets.map((asset) => fall(1 - asset.final / asset.price)), rank: 0 },
  ]
  return grid(
    'PRICES',
    assets.map(({ name }) => name),
    columns,
    view,
  )
}
