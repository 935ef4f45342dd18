import { describe, expect, it } from 'vitest'
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

/** WCAG 2.2 contrast ratio of two #RRGGBB colours. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

function blend(top: string, ground: string, opacity: number): string {
  const under = channels(ground)
  const mixed = channels(top).map((c, i) => Math.round(c * opacity + under[i] * (1 - opacity)))
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}
