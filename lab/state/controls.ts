/** The controls of the Lab: what of a scenario a person turns by hand. */

import { price } from '../../src/format.ts'
import type { Override } from '../../src/ingest/compose.ts'
import type { Resolved } from '../engine/protocol.ts'

/** One number that a slider moves. */
export interface Control {
  readonly id: string
  readonly label: string
  /** The key path that it writes, as `--set` names it. */
  readonly key: string
  readonly unit: Unit
  readonly value: number
  readonly least: number
  readonly most: number
  readonly step: number
  /** What the scenario is told when the slider stands at a value. */
  write(value: number): Override
}

/** How a control's number is shown: 0.15 as 15.0 %, dollars as money. */
export type Unit = 'percent' | 'usd' | 'seconds' | 'count'

/** A defence that can be switched on and off; see docs/defences.md. */
export interface DefenceSwitch {
  readonly name: string
  readonly label: string
  readonly key: string
  readonly isOn: boolean
}

/** Everything that the rail shows of one scenario. Groups without controls are empty. */
export interface Controls {
  /** The outside drop; null where prices follow a path in time. */
  readonly drop: Control | null
  readonly asset: {
    readonly key: string
    readonly value: string
    readonly names: readonly string[]
  }
  readonly book: readonly Control[]
  /** The first protocol whose rules have a threshold or a bonus; null without one. */
  readonly protocol: {
    readonly name: string
    readonly kind: string
    readonly isAlone: boolean
  } | null
  readonly terms: readonly Control[]
  readonly feeds: readonly Control[]
  /** Null where the scenario is not timed: defences act in time. */
  readonly defences: readonly DefenceSwitch[] | null
}

/**
 * Returns the controls of a scenario.
 *
 * Rule:  a control that a scenario does not have is not shown: bids need a book whose bands stand
 *        in the file, refill, feeds, liquidators and defences need a run in time.
 * Units: as the keys of the scenario; the range grows where the scenario lies beyond it.
 */
export function controlsOf(resolved: Resolved): Controls {
  const tree = mapOf(resolved)
  const isTimed = tree.chain !== undefined || tree.blocks !== undefined
  const shock = mapOf(tree.shock)
  const asset = typeof shock.asset === 'string' ? shock.asset : (assetsSold(tree)[0] ?? '')
  const terms = termsOf(tree, asset)
  return {
    drop: dropOf(shock),
    asset: { key: 'shock.asset', value: asset, names: assetsSold(tree) },
    book: [...bidsOf(tree, asset), ...haircutOf(tree), ...refillOf(tree)],
    ...terms,
    feeds: isTimed ? [...oracleOf(tree, asset), ...liquidatorsOf(tree)] : [],
    defences: isTimed ? defencesOf(tree, terms.protocol?.name ?? firstProtocol(tree)) : null,
  }
}

function dropOf({ drop }: Map): Control | null {
  if (typeof drop !== 'number') return null
  const most = Math.min(0.95, Math.max(0.4, Math.ceil((drop + 0.05) * 10) / 10))
  return ratio('drop', 'Outside drop', 'shock.drop', drop, { most, step: 0.001 })
}

/** Assets that some venue buys: a shock of any other would move nothing. */
function assetsSold(tree: Map): string[] {
  const venues = Object.values(mapOf(mapOf(tree.market).venues)).map(mapOf)
  const sold = new Set(venues.flatMap(({ asset }) => (typeof asset === 'string' ? [asset] : [])))
  return Object.keys(mapOf(tree.assets)).filter((name) => sold.has(name))
}

/** The bids of the first order book that has a band of 2 %; the slider scales all its bands. */
function bidsOf(tree: Map, asset: string): Control[] {
  for (const [name, venue] of Object.entries(mapOf(mapOf(tree.market).venues))) {
    const { kind, bands, asset: sold } = mapOf(venue)
    if (kind !== 'orderBook' || sold !== asset || !isBands(bands)) continue
    const within = bands.find(([band]) => band === BAND)?.[1]
    if (within === undefined || !(within > 0)) continue
    const step = 10 ** Math.floor(Math.log10(within) - 1)
    const key = `market.venues.${name}.bands`
    const most = Math.ceil((3 * within) / step) * step
    return [
      {
        ...{ id: 'bids', label: 'Bids within 2 %', key, unit: 'usd' },
        ...{ value: within, least: step, most, step },
        write: (value) => [
          key,
          `[${bands.map(([band, usd]) => `[${band}, ${(usd * value) / within}]`).join(', ')}]`,
        ],
      },
    ]
  }
  return []
}

function haircutOf(tree: Map): Control[] {
  const { haircut } = mapOf(tree.depth)
  if (typeof haircut !== 'number') return []
  const range = { most: 0.9, step: 0.01 }
  return [ratio('haircut', 'Haircut when it starts', 'depth.haircut', haircut, range)]
}

function refillOf(tree: Map): Control[] {
  const { halfLife, permanent } = mapOf(mapOf(tree.depth).recovery)
  const from = 'depth.recovery'
  return [
    ...seconds('refill', 'Refill, half-life', `${from}.halfLife`, halfLife, 3600, 10),
    ...(typeof permanent === 'number'
      ? [ratio('permanent', 'Never comes back', `${from}.permanent`, permanent, { step: 0.01 })]
      : []),
  ]
}

function termsOf(tree: Map, asset: string): Pick<Controls, 'protocol' | 'terms'> {
  for (const [name, protocol] of Object.entries(mapOf(tree.protocols))) {
    const rules = mapOf(mapOf(protocol).rules)
    const root = `protocols.${name}.rules`
    const terms = [
      ...term('threshold', 'Liquidation threshold', root, pathTo(rules, 'threshold', asset), 0.99),
      ...term('bonus', 'Liquidation bonus', root, pathTo(rules, 'bonus', asset), 0.25),
    ]
    const isAlone = Object.keys(mapOf(tree.protocols)).length === 1
    if (terms.length > 0) return { protocol: { name, kind: String(rules.kind), isAlone }, terms }
  }
  return { protocol: null, terms: [] }
}

function term(id: string, label: string, root: string, found: Found | null, most: number) {
  if (found === null) return []
  const least = id === 'threshold' ? 0.01 : 0
  const key = [root, ...found.path].join('.')
  return [ratio(id, label, key, found.value, { least, most, step: 0.001 })]
}

interface Found {
  readonly path: readonly string[]
  readonly value: number
}

/** The number of that name nearest to the root; the terms of the shocked asset come first. */
function pathTo(rules: Map, name: string, asset: string): Found | null {
  const own = mapOf(mapOf(rules.assets)[asset])[name]
  if (typeof own === 'number') return { path: ['assets', asset, name], value: own }
  let level: readonly Found['path'][] = [[]]
  while (level.length > 0) {
    for (const path of level) {
      const value = path.reduce<Map>((at, step) => mapOf(at[step]), rules)[name]
      if (typeof value === 'number') return { path: [...path, name], value }
    }
    level = level.flatMap((path) => {
      const at = path.reduce<Map>((at, step) => mapOf(at[step]), rules)
      return Object.keys(at)
        .filter((key) => isMap(at[key]))
        .map((key) => [...path, key])
    })
  }
  return null
}

function oracleOf(tree: Map, asset: string): Control[] {
  for (const [name, protocol] of Object.entries(mapOf(tree.protocols))) {
    const { oracle } = mapOf(protocol)
    const feed = mapOf(mapOf(oracle)[asset])
    const key = `protocols.${name}.oracle.${asset}`
    const found = [
      ...seconds('delay', `Oracle delay, ${name}`, `${key}.delay`, feed.delay, 900, 1),
      ...seconds('window', `Oracle window, ${name}`, `${key}.window`, feed.window, 7200, 60),
      ...seconds('hop', `Oracle hop, ${name}`, `${key}.hop`, feed.hop, 7200, 60),
    ]
    if (found.length > 0) return found
  }
  return []
}

function liquidatorsOf(tree: Map): Control[] {
  for (const [name, agent] of Object.entries(mapOf(mapOf(tree.liquidators).agents))) {
    const { capital } = mapOf(agent)
    if (typeof capital !== 'number' || !(capital > 0)) continue
    const step = 10 ** Math.floor(Math.log10(capital) - 1)
    const key = `liquidators.agents.${name}.capital`
    const label = `Capital of ${name}`
    const most = 5 * capital
    return [
      plain({ id: 'capital', label, key, unit: 'usd', value: capital, least: step, most, step }),
    ]
  }
  return []
}

function defencesOf(tree: Map, protocol: string): DefenceSwitch[] {
  const given = mapOf(mapOf(mapOf(tree.protocols)[protocol]).defences)
  const known = Object.keys(defenceNames)
  const others = Object.keys(given).filter((name) => !known.includes(name))
  return [...known, ...others].map((name) => ({
    name,
    label: defenceNames[name] ?? name,
    key: `protocols.${protocol}.defences.${name}`,
    isOn: isMap(given[name]),
  }))
}

function firstProtocol(tree: Map): string {
  return Object.keys(mapOf(tree.protocols))[0] ?? ''
}

function ratio(
  id: string,
  label: string,
  key: string,
  value: number,
  range: { readonly least?: number; readonly most?: number; readonly step: number },
): Control {
  const { least = 0, most = 1, step } = range
  return plain({ id, label, key, unit: 'percent', value, least, most, step })
}

function seconds(
  id: string,
  label: string,
  key: string,
  given: unknown,
  most: number,
  step: number,
): Control[] {
  const value =
    typeof given === 'string' && /^[\d.]+s$/.test(given) ? Number.parseFloat(given) : null
  if (value === null) return []
  return [plain({ id, label, key, unit: 'seconds', value, least: step, most, step })]
}

/** A control whose key takes the number itself; its range reaches at least to where it stands. */
function plain(of: Omit<Control, 'write'>): Control {
  return {
    ...of,
    least: Math.min(of.least, of.value),
    most: Math.max(of.most, of.value),
    write: (value) => [of.key, of.unit === 'seconds' ? `${value}s` : String(value)],
  }
}

/** A control's value as people read it: 15.0 %, $11.5M, 15 s. */
export function shownValue({ unit, step }: Pick<Control, 'unit' | 'step'>, value: number): string {
  if (unit === 'percent') return `${(100 * value).toFixed(step < 0.01 ? 1 : 0)}\u202f%`
  if (unit === 'usd') return value >= 1e6 ? `$${(value / 1e6).toFixed(1)}M` : price(value, 0)
  return unit === 'seconds' ? `${value} s` : String(value)
}

/** A value as typed into a control's field: `15`, `15 %`, `$11.5M`, `90 s`; null if it is none. */
export function parsedValue({ unit }: Pick<Control, 'unit'>, text: string): number | null {
  const found = /^[^\d.]*([\d.,]+)\s*([a-z%]*)/i.exec(text)
  const number = found === null ? Number.NaN : Number(found[1].replaceAll(',', ''))
  if (!Number.isFinite(number)) return null
  if (unit === 'percent') return number / 100
  const by = { k: 1e3, m: 1e6, b: 1e9 }[found![2].toLowerCase()] ?? 1
  return unit === 'usd' ? number * by : number
}

const defenceNames: Readonly<Record<string, string>> = {
  breaker: 'Circuit breaker',
  speedLimit: 'Speed limit',
  priceBand: 'Price band',
  dutchAuction: 'Dutch auction',
  backstop: 'Backstop',
  softLiquidation: 'Soft liquidation',
}

const BAND = 0.02

type Map = Readonly<Record<string, unknown>>

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapOf(value: unknown): Map {
  return isMap(value) ? value : {}
}

function isBands(value: unknown): value is readonly (readonly [number, number])[] {
  const isBand = (one: unknown) => Array.isArray(one) && one.every((x) => typeof x === 'number')
  return Array.isArray(value) && value.every(isBand)
}
