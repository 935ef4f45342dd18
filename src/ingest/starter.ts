/** The text of a market that runs at once: of `firebreak init`, or made of files by a page. */

import { keyOf } from '../parameters.ts'
import { rulesFactories } from '../setup.ts'

/** One key on a line of its own. */
export interface KeyLine {
  readonly key: string
  /** As YAML has it; see `word` for names that are not ours. */
  readonly value: string
  /** A remark behind it. */
  readonly note?: string
}

/** A market of one protocol, in the words of a scenario file. */
export interface MarketText {
  /** Remarks above everything, without their sign. */
  readonly opening: readonly string[]
  readonly name: string
  readonly assets: readonly {
    readonly name: string
    readonly price: string
    /** Liquidation terms; empty for one that is only borrowed. */
    readonly terms: readonly KeyLine[]
  }[]
  readonly rules: {
    readonly remark: string | null
    readonly kind: string
    readonly keys: readonly KeyLine[]
  }
  readonly book: { readonly remark: string | null; readonly keys: readonly KeyLine[] }
  readonly venues: readonly { readonly name: string; readonly keys: readonly KeyLine[] }[]
  readonly shock: string
}

/** Writes it. Rule: it reads back as it was told; remarks say what to correct. */
export function marketText({
  opening,
  name,
  assets,
  rules,
  book,
  venues,
  shock,
}: MarketText): string {
  const shocked = word(shock)
  return `${opening.map((line) => `#${line === '' ? '' : ` ${line}`}`).join('\n')}
version: 1
name: ${JSON.stringify(name)}
seed: 42

# Opening prices, in USD. A claim on another asset is priced in it: stETH: { price: 0.999, in: ETH }
assets:
${assets.map((asset) => `  ${word(asset.name)}: { price: ${asset.price} }`).join('\n')}

protocols:
  market:
    rules:
${remark(rules.remark, 6)}${lines([{ key: 'kind', value: rules.kind }, ...rules.keys], 6)}
      assets:
${assets.map((asset) => termsLine(asset.name, asset.terms)).join('\n')}
${remark(book.remark, 4)}    book: ${inBraces(book.keys)}

market:
  venues:
${venues.map((venue) => `    ${word(venue.name)}:\n${lines(venue.keys, 6)}`).join('\n')}
depth: { haircut: 0% } # share of the depth that vanishes when the shock starts

liquidators:
  disposal: all # all: sell everything seized; cost: sell just enough to pay the debt
  buys: false # whether buying the debt asset moves its price

shock: { asset: ${shocked}, drop: 15% } # drops are positive

gain: { drops: [1%, 2%, 5%, 10%] } # further drops at which the loop gain is stated
ignition: { tolerance: 5% } # feedback, as a share of all debt, past which a cascade has ignited

# Conditions for exit code 3, here or with --gate:
# gates: ['bad_debt_usd < 100k', 'amplification < 3']
`
}

/** A name as YAML takes it: plain where that is safe, else in quotes. */
export function word(name: string): string {
  const isPlain =
    /^[A-Za-z][\w./-]*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name)
  return isPlain ? name : JSON.stringify(name)
}

/** Keys in braces, on one line. */
export function inBraces(keys: readonly KeyLine[]): string {
  if (keys.length === 0) return '{}'
  return `{ ${keys.map(({ key, value }) => `${key}: ${value}`).join(', ')} }`
}

function termsLine(name: string, terms: readonly KeyLine[]): string {
  const note = terms.length === 0 ? 'debt only' : 'collateral'
  return `        ${word(name)}: ${inBraces(terms)} # ${note}`
}

function lines(keys: readonly KeyLine[], indent: number): string {
  return keys
    .map(({ key, value, note }) => {
      const behind = note === undefined ? '' : ` # ${note}`
      return `${' '.repeat(indent)}${key}: ${value}${behind}`
    })
    .join('\n')
}

function remark(text: string | null, indent: number): string {
  return text === null ? '' : `${' '.repeat(indent)}# ${text}\n`
}

/** Rules that a handful of numbers tell: what a market of one protocol can be made of. */
export interface PlainRules {
  readonly kind: string
  /** Keys of the rules that are needed. */
  readonly keys: readonly NeededKey[]
  /** Keys of each asset that is collateral. */
  readonly terms: readonly NeededKey[]
}

export interface NeededKey {
  readonly key: string
  readonly about: string
  /** What `firebreak init` writes; null where there is no usual value. */
  readonly usual: string | null
}

/** All of them: those with thresholds by asset whose other needs are single numbers. */
export function plainRules(): readonly PlainRules[] {
  return Object.entries(rulesFactories).flatMap(([kind, { parameters }]) => {
    const { assets, ...others } = parameters
    if (assets?.shape.type !== 'byAsset' || !('threshold' in assets.shape.fields)) return []
    const { fields, together } = assets.shape
    const needed = Object.entries(others).filter(
      ([, { otherwise, isOptional }]) => otherwise === undefined && !isOptional,
    )
    if (!needed.every(([, { shape }]) => SINGLE.includes(shape.type))) return []
    const terms = together.length === 0 ? ['threshold'] : together
    if (!terms.includes('threshold')) return []
    return {
      kind,
      keys: needed.map(([name, { shape, about }]) => neededKey(keyOf(name, shape), about)),
      terms: terms.map((name) => neededKey(name, fields[name].about)),
    }
  })
}

const SINGLE: readonly string[] = ['ratio', 'money', 'number']

function neededKey(key: string, about: string): NeededKey {
  return { key, about, usual: Object.hasOwn(USUAL, key) ? USUAL[key] : null }
}

const USUAL: Readonly<Record<string, string>> = {
  threshold: '83%',
  bonus: '5%',
  protocolFee: '10%',
  closeFactor: '50%',
  dust: '$100',
}
