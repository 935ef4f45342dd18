import { describe, expect, it } from 'vitest'
import { contrast } from '../../src/figures/contrast.suite.ts'
import { themes } from '../../src/figures/theme.ts'
import { pageTokens } from './tokens.ts'

const texts = ['ink1', 'ink2', 'ink3', 'firstText', 'totalText', 'absorbText'] as const

describe.each(['light', 'dark'] as const)('%s page', (name) => {
  const tokens = { ...themes[name], ...pageTokens[name] }

  it.each([...texts, 'warningText', 'shortfallText'] as const)(
    'law: %s reads at 4.5 to 1 on the page, on cards and on chips',
    (role) => {
      for (const ground of ['page', 'surface', 'sunken'] as const)
        expect(contrast(tokens[role], tokens[ground])).toBeGreaterThanOrEqual(4.5)
    },
  )

  it('law: a warning reads at 4.5 to 1 on its own ground', () => {
    expect(contrast(tokens.warningText, tokens.warningSurface)).toBeGreaterThanOrEqual(4.5)
  })

  it('law: the word of a primary button reads at 4.5 to 1', () => {
    expect(contrast(tokens.surface, tokens.ink1)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['first', 'total', 'absorb', 'control', 'shortfall'] as const)(
    'law: %s stands out at 3 to 1 on cards',
    (role) => {
      expect(contrast(tokens[role], tokens.surface)).toBeGreaterThanOrEqual(3)
    },
  )

  it.each(['first', 'control'] as const)(
    'law: %s, of the focus ring and of switches, stands out at 3 to 1 on chips and page',
    (role) => {
      const grounds = role === 'first' ? (['page', 'sunken'] as const) : (['surface'] as const)
      for (const ground of grounds)
        expect(contrast(tokens[role], tokens[ground])).toBeGreaterThanOrEqual(3)
    },
  )
})
