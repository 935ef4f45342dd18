/** Which prices a defence watches. */

import type { Slots } from '../book.ts'

/** The asset that is named, or every collateral of the rules. */
export function watchedAssets(asset: number | undefined, { side, asset: of }: Slots): number[] {
  return asset !== undefined ? [asset] : [...new Set(of.filter((_, s) => side[s] > 0))]
}
