/** Laws of what rules say of themselves: slots, terms, and parameters that scale. */

import { expect, it } from 'vitest'
import type { Rules } from '../rules.ts'
import { ASSETS, close } from './conformance.world.suite.ts'

/** Registers the laws of a model's tables. */
export function tableLaws(
  { rules, groups }: { readonly rules: Rules; readonly groups: readonly number[] },
  { table, scaled }: { readonly table?: string; readonly scaled?: string },
): void {
  const { slots, slotOf, terms } = rules
  const own = (s: number) => slotOf(slots.asset[s], slots.side[s] === 1 ? 1 : -1, slots.group[s])
  // A slot in which no position may open is nowhere to be found.
  const found = Array.from({ length: slots.count }, (_, s) => own(s))
  const isAnother = (slot: number, s: number) => slot !== s && slot !== -1

  it('law: slots, slotOf and terms agree', () => {
    found.forEach((slot, s) => {
      if (slot === -1) return
      for (const column of ['asset', 'side', 'group'] as const)
        if (slots[column][slot] !== slots[column][s]) throw new Error(`${column} of slot ${s}`)
    })
    expect(found.some((slot, s) => slot === s)).toBe(true)
    for (const group of groups)
      for (let asset = 0; asset < ASSETS; asset++)
        expect(terms(asset, group) === null).toBe(slotOf(asset, 1, group) === -1)
    expect(slotOf(ASSETS, 1, 0)).toBe(-1)
    expect(terms(0, 999)).toBeNull()
  })

  const unique = 'a slot is found by its asset, side and group'
  if (table === undefined)
    it(`law: ${unique}`, () => {
      expect(found.some(isAnother)).toBe(false)
    })
  else
    it(`exception: not "${unique}", because ${table}`, () => {
      expect(found.some(isAnother)).toBe(true)
    })

  const alone = 'threshold and bonus scale in every group, each alone'
  if (scaled === undefined)
    it(`law: ${alone}`, () => {
      expect(scaleAlone(rules, groups)).toBe(true)
    })
  else
    it(`exception: not "${alone}", because ${scaled}`, () => {
      expect(scaleAlone(rules, groups)).toBe(false)
    })

  it('law: whatever scales, a threshold moves the same way and slots stay', () => {
    for (const parameter of ['threshold', 'bonus'] as const) {
      const other = rules.scaled(parameter, 0.99)
      if (other === null) continue
      expect(other.slots).toEqual(slots)
      for (const group of groups)
        for (let asset = 0; asset < ASSETS; asset++) {
          const before = terms(asset, group)
          // What is paid with counts whole, whatever is asked of the rest.
          const factor = parameter === 'threshold' && before?.threshold !== 1 ? 0.99 : 1
          if (before === null) expect(other.terms(asset, group)).toBeNull()
          else close(other.terms(asset, group)!.threshold, before.threshold * factor, 1e-12)
        }
    }
  })
}

function scaleAlone(rules: Rules, groups: readonly number[]): boolean {
  return (['threshold', 'bonus'] as const).every((parameter) => {
    const other = parameter === 'bonus' ? 'threshold' : 'bonus'
    const scaled = rules.scaled(parameter, 0.99)
    if (scaled === null) return false
    return groups.every((group) =>
      Array.from({ length: ASSETS }, (_, asset) => asset).every((asset) => {
        const before = rules.terms(asset, group)
        const after = scaled.terms(asset, group)
        if (before === null || after === null) return before === after
        const isScaled = Math.abs(after[parameter] - before[parameter] * 0.99) < 1e-15
        return isScaled && after[other] === before[other]
      }),
    )
  })
}
