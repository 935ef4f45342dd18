/** Light and dark: the tokens of the figures, as variables of the page. */

import { create } from 'zustand'
import { themes } from '../../src/figures/theme.ts'
import { pageTokens } from './tokens.ts'

export type ThemeName = keyof typeof themes

/** The theme in use: what the user chose, else what the system says, also when that changes. */
export const useTheme = create<{ readonly name: ThemeName }>()(() => ({ name: 'light' }))

/** Puts the tokens on the page, now and whenever they change. */
export function paintPage(): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const follow = () => useTheme.setState({ name: chosen ?? (system.matches ? 'dark' : 'light') })
  system.addEventListener('change', follow)
  useTheme.subscribe(({ name }) => apply(name))
  chosen = remembered()
  follow()
  apply(useTheme.getState().name)
}

export function switchTheme(): void {
  chosen = useTheme.getState().name === 'light' ? 'dark' : 'light'
  remember(chosen)
  useTheme.setState({ name: chosen })
}

let chosen: ThemeName | null = null

function apply(name: ThemeName): void {
  const { documentElement: page } = document
  page.dataset.theme = name
  for (const [role, value] of Object.entries({ ...themes[name], ...pageTokens[name] }))
    page.style.setProperty(`--${role}`, String(value))
}

const KEY = 'firebreak-theme'

/** A browser may keep nothing for a page from the disk; then the choice ends with the page. */
function remember(name: ThemeName): void {
  try {
    localStorage.setItem(KEY, name)
  } catch {}
}

function remembered(): ThemeName | null {
  try {
    const name = localStorage.getItem(KEY)
    return name === 'light' || name === 'dark' ? name : null
  } catch {
    return null
  }
}
