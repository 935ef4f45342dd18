/** What is wrong with a position that rules have no terms for, where it is about its group. */

import type { Rules } from '../rules.ts'
import type { Groups } from './parameterValues.ts'

/** A rule and what to do about it; null where no group has terms for such a position. */
export function lacking(
  slotOf: Rules['slotOf'],
  { key, names }: Groups,
  asset: number,
  side: 1 | -1,
  group: number,
): { readonly rule: string; readonly remedy: string } | null {
  const fitting = names.filter((_, g) => slotOf(asset, side, g + 1) >= 0)
  if (fitting.length === 0) return null
  const shown = fitting.slice(0, shownMost).join(', ')
  const rest = fitting.length > shownMost ? ` or ${fitting.length - shownMost} more` : ''
  const what = side > 0 ? 'as collateral' : 'as a debt'
  const rule =
    group === 0
      ? `these rules have this asset ${what} only in their ${key}, and no group is named`
      : `${key}: ${names[group - 1]} does not have this asset ${what}`
  return { rule, remedy: `Name one of ${key} as its group: ${shown}${rest}` }
}

const shownMost = 8
