/** Light and dark: the tokens of the figures, as variables of the page. */

import { create } from 'zustand'
import { themes } from '../../src/figures/theme.ts'
import { pageTokens } from './tokens.ts'

export type ThemeName = keyof typeof themes

/** The theme in use: what the user chose, else what the system says. */
export const useTheme = create<{ readonly name: ThemeName }>()(() => ({ name: systemTheme() }))

/** Puts the tokens on the page, now and whenever they change. */
export function paintPage(): void {
  apply(useTheme.getState().name)
  useTheme.subscribe(({ name }) => apply(name))
}

export function switchTheme(): void {
  useTheme.setState(({ name }) => ({ name: name === 'light' ? 'dark' : 'light' }))
}

function apply(name: ThemeName): void {
  const { documentElement: page } = document
  page.dataset.theme = name
  for (const [role, value] of Object.entries({ ...themes[name], ...pageTokens[name] }))
    page.style.setProperty(`--${role}`, String(value))
}

function systemTheme(): ThemeName {
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
