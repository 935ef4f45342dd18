import { describe, expect, it } from 'vitest'
import { blend, contrast } from './contrast.suite.ts'
import { type Theme, themes } from './theme.ts'

const texts = [
  'ink1',
  'ink2',
  'ink3',
  'firstText',
  'totalText',
  'absorbText',
  'warningText',
] as const
const marks = ['first', 'total', 'absorb', 'control', 'ink1', 'ink2'] as const

describe.each(Object.values(themes))('$name theme', (theme: Theme) => {
  it.each(texts)('law: %s reads at 4.5 to 1 on the surface', (role) => {
    expect(contrast(theme[role], theme.surface)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(texts)('law: %s reads at 4.5 to 1 on the played area and the tints', (role) => {
    const tinted = [
      theme.sunken,
      blend(theme.total, theme.surface, theme.totalTint),
      blend(theme.absorb, theme.surface, theme.absorbTint),
    ]
    for (const ground of tinted) expect(contrast(theme[role], ground)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(marks)('law: %s stands out at 3 to 1 on the surface', (role) => {
    expect(contrast(theme[role], theme.surface)).toBeGreaterThanOrEqual(3)
  })
})
