/**
 * Numbers as a person reads them, on a screen or in a plain terminal. A value that is not 0, not 1
 * and not missing never prints as one that is.
 */

/** `screen`: a narrow no-break space before `%` and U+2212 as minus. `plain`: ASCII, no space. */
export type Style = 'screen' | 'plain'

/** What stands for a value that does not exist; never 0. */
export const missing = '–'

/**
 * Returns dollars in a short form: $18.1M, $756k, $1.20B.
 *
 * Rule:   one decimal for millions, two for billions and above, none below. A figure that would
 *         round to 1,000 of its unit takes the next one: 999,600 is $1.0M.
 * Units:  USD. Below a dollar but not zero prints <$1.
 */
export function money(value: number | null, style: Style = 'screen'): string {
  if (value === null) return missing
  const size = Math.abs(value)
  if (size > 0 && size < 1) return value > 0 ? '<$1' : `>${minus(style)}$1`
  const scale = moneyScales.find((scale) => size >= scale.from) ?? dollars
  const digits = grouped((size / scale.unit).toFixed(scale.decimals))
  return `${value < 0 ? minus(style) : ''}$${digits}${scale.suffix}`
}

/**
 * Returns a price: $1,468, $186.25, $1.0453, $0.0004213.
 *
 * Rule:   no decimals from 1,000, two from 10, four from 1, four significant figures below.
 *         `decimals` overrides this, so that an axis prints all its ticks alike.
 * Units:  USD per token.
 */
export function price(value: number | null, decimals?: number): string {
  if (value === null) return missing
  return `$${grouped(value.toFixed(decimals ?? priceDecimals(value)))}`
}

/** Returns a whole number with commas: 2,418. */
export function count(value: number | null): string {
  return value === null ? missing : grouped(value.toFixed(0))
}

/** Returns a whole number and what it counts: `1 account`, `2,418 accounts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/**
 * Returns a fraction as a percentage: 0.266 is `26.6 %` on screen and `26.6%` plain.
 *
 * Rule:   not zero but too small to show prints `<0.1 %`; not one but too close to it prints
 *         `<100 %` or `>100 %`.
 */
export function percent(ratio: number | null, decimals = 1, style: Style = 'screen'): string {
  if (ratio === null) return missing
  const size = guarded(100 * Math.abs(ratio), 100, decimals)
  return signed(ratio < 0, size, style) + percentSign(style)
}

/** Returns a change as a percentage with its sign: `−15.0 %`, `+2.0%`; zero has none. */
export function signedPercent(ratio: number | null, decimals = 1, style: Style = 'screen'): string {
  return (ratio !== null && ratio > 0 ? '+' : '') + percent(ratio, decimals, style)
}

/**
 * Returns a change with one decimal, or with as many as tell it from another: an ignition at
 * -14.97 % beside a drop of 15 % must not print as -15.0 %.
 */
export function signedPercentApart(
  ratio: number | null,
  other: number | null,
  style: Style = 'screen',
): string {
  const differs = (decimals: number) =>
    signedPercent(ratio, decimals, style) !== signedPercent(other, decimals, style)
  const decimals = ratio === other ? 1 : [1, 2, 3].find(differs)
  return signedPercent(ratio, decimals ?? 4, style)
}

/**
 * Returns an outside drop with no more decimals than it needs, at most two: `15 %`, `14.8 %`.
 *
 * Units:  a fraction; a drop is positive and printed without a sign.
 */
export function shortPercent(ratio: number | null, style: Style = 'screen'): string {
  if (ratio === null) return missing
  const decimals = [0, 1].find((places) => isExact(100 * ratio, places)) ?? 2
  return percent(ratio, decimals, style)
}

/** Returns the difference of two fractions in percentage points: 0.002 is `0.2 points`. */
export function points(difference: number | null, style: Style = 'screen'): string {
  if (difference === null) return missing
  const size = tooSmall(100 * Math.abs(difference), 1) ?? (100 * Math.abs(difference)).toFixed(1)
  return `${signed(difference < 0, size, style)} points`
}

/**
 * Returns an amplification or a loop gain with two decimals: 1.77.
 *
 * Rule:   0.998 prints `<1` and 1.002 prints `>1`: which side of 1 is the whole message.
 *         0.004 prints `<0.01`.
 */
export function factor(value: number | null, style: Style = 'screen'): string {
  if (value === null) return missing
  return signed(value < 0, guarded(Math.abs(value), 1, 2), style)
}

/** Returns a time span in its largest whole unit: `48 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return missing
  const unit = timeUnits.find((unit) => seconds >= 2 * unit.seconds) ?? second
  return `${grouped(Math.floor(seconds / unit.seconds).toFixed(0))} ${unit.name}`
}

/** Returns the first and last four characters of a run id, without a `sha256:` in front. */
export function shortId(runId: string): string {
  const id = runId.slice(runId.indexOf(':') + 1)
  return id.length <= 9 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`
}

const dollars = { from: 0, unit: 1, decimals: 0, suffix: '' }

const moneyScales = [
  { from: 999.995e9, unit: 1e12, decimals: 2, suffix: 'T' },
  { from: 999.95e6, unit: 1e9, decimals: 2, suffix: 'B' },
  { from: 999.5e3, unit: 1e6, decimals: 1, suffix: 'M' },
  { from: 999.5, unit: 1e3, decimals: 0, suffix: 'k' },
]

const second = { name: 's', seconds: 1 }

const timeUnits = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
]

function minus(style: Style): string {
  return style === 'screen' ? '\u2212' : '-'
}

function percentSign(style: Style): string {
  return style === 'screen' ? '\u202f%' : '%'
}

/** A negative `<0.1` is a number above -0.1: the bound turns round with the sign. */
function signed(negative: boolean, size: string, style: Style): string {
  if (!negative) return size
  if (size.startsWith('<')) return `>${minus(style)}${size.slice(1)}`
  if (size.startsWith('>')) return `<${minus(style)}${size.slice(1)}`
  return minus(style) + size
}

/** Fixed decimals, but a bound where rounding would reach 0 or the threshold. */
function guarded(size: number, threshold: number, decimals: number): string {
  const text = size.toFixed(decimals)
  if (size !== threshold && text === threshold.toFixed(decimals)) {
    // Exact inputs such as 100 * 0.07 miss by an ulp; the bound is for what a reader would miss.
    if (Math.abs(size - threshold) > 1e-9 * threshold) {
      return (size < threshold ? '<' : '>') + String(threshold)
    }
  }
  return tooSmall(size, decimals) ?? grouped(text)
}

function tooSmall(size: number, decimals: number): string | null {
  if (size === 0 || Number(size.toFixed(decimals)) > 0) return null
  return `<${decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`}`
}

function isExact(value: number, decimals: number): boolean {
  return Math.abs(Number(value.toFixed(decimals)) - value) < 1e-7
}

function priceDecimals(value: number): number {
  const size = Math.abs(value)
  if (size >= 999.995 || size === 0) return 0
  if (size >= 10) return 2
  if (size >= 1) return 4
  let decimals = 4
  for (let at = 0.1; size < at && decimals < 12; at /= 10) decimals++
  return decimals
}

/** Commas between thousands, before the decimal point only. */
function grouped(digits: string): string {
  const [whole, rest] = digits.split('.')
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return rest === undefined ? commas : `${commas}.${rest}`
}
