/** Colours of the page that no figure needs, beside those of `src/figures/theme.ts`. */

export interface PageTokens {
  /** Under the cards. */
  readonly page: string
  readonly shortfall: string
  readonly shortfallText: string
  readonly warningSurface: string
}

export const pageTokens: Readonly<Record<'light' | 'dark', PageTokens>> = {
  light: {
    page: '#F5F6F8',
    shortfall: '#CC79A7',
    shortfallText: '#97416F',
    warningSurface: '#FFF4DC',
  },
  dark: {
    page: '#0E1116',
    shortfall: '#D48FB5',
    shortfallText: '#E0A8C6',
    warningSurface: '#2B2313',
  },
}
