/** Colours by role. Fills are for marks, `...Text` tones for words: a fill is too pale to read. */

export interface Theme {
  readonly name: 'light' | 'dark'
  readonly surface: string
  readonly sunken: string
  readonly line: string
  readonly control: string
  readonly grid: string
  readonly ink1: string
  readonly ink2: string
  readonly ink3: string
  readonly first: string
  readonly firstText: string
  readonly total: string
  readonly totalText: string
  readonly absorb: string
  readonly absorbText: string
  readonly warning: string
  readonly warningText: string
  /** Untouched bars: decoration, never the only carrier of a fact. */
  readonly untouched: string
  readonly totalTint: number
  readonly absorbTint: number
}

export const themes: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    name: 'light',
    surface: '#FFFFFF',
    sunken: '#EEF1F4',
    line: '#DFE3E8',
    control: '#8A94A1',
    grid: '#E9ECF0',
    ink1: '#12161C',
    ink2: '#46505D',
    ink3: '#616B78',
    first: '#0072B2',
    firstText: '#00629A',
    total: '#D55E00',
    totalText: '#B04A00',
    absorb: '#009E73',
    absorbText: '#00704F',
    warning: '#E69F00',
    warningText: '#7A5200',
    untouched: '#B6BEC8',
    totalTint: 0.13,
    absorbTint: 0.12,
  },
  dark: {
    name: 'dark',
    surface: '#151A21',
    sunken: '#1F2630',
    line: '#2A323D',
    control: '#76818F',
    grid: '#212832',
    ink1: '#EBEFF4',
    ink2: '#B5BEC9',
    ink3: '#929CA9',
    first: '#56B4E9',
    firstText: '#7CC6EF',
    total: '#EC7A33',
    totalText: '#F59A5F',
    absorb: '#2DBE94',
    absorbText: '#4FD0AB',
    warning: '#E69F00',
    warningText: '#F2BC4B',
    untouched: '#4A5562',
    totalTint: 0.2,
    absorbTint: 0.16,
  },
}
