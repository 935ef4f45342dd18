/** Protocols of a scenario: rules in numbers, and the book as columns. */

import { type Choice, type Cohort, syntheticPositions } from '../cohorts.ts'
import { pledgedBook } from '../pledgedBooks.ts'
import type { Rules, RulesFactory } from '../rules.ts'
import type { Positions, Scenario } from '../scenario.ts'
import { rulesFactories } from '../setup.ts'
import { bookSeed } from '../sweep/draw.ts'
import { indexOf } from './assets.ts'
import { at, type Context, checkAge } from './context.ts'
import { defencesFrom } from './defences.ts'
import { feedsFrom } from './feeds.ts'
import { lacking } from './lacking.ts'
import { type Groups, groupsOf, valuesOf } from './parameterValues.ts'
import { type Known, positionsFrom } from './positions.ts'
import { reservesFrom } from './reserveParameters.ts'
import { ruled } from './ruleErrors.ts'
import type { BookKeys, CohortKeys, ProtocolKeys, RuleKeys } from './ruleSchema.ts'
import { readTable } from './table.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/** Reads all protocols. Throws: ScenarioKeyError, TableError */
export async function protocolsFrom(context: Context): Promise<Scenario['protocols']> {
  const protocols: Scenario['protocols'][number][] = []
  const entries = Object.entries(context.keys.protocols)
  if (entries.length === 0) {
    throw keyError(context.tree, ['protocols'], {
      code: 'FB2051',
      rule: 'a scenario needs at least one protocol',
      remedy: 'Add one with rules: and book:',
    })
  }
  const deployed: Rules[] = []
  for (const [name, { rules: keys, book, oracle, pledged, defences }] of entries) {
    const path = ['protocols', name]
    const factory = rulesFactories[keys.kind]
    const { parameters } = factory
    const whole = await withReserves(keys, factory, context, [...path, 'rules'])
    const given = valuesOf(parameters, whole, context, [...path, 'rules'])
    const rules = ruled(parameters, whole, context, [...path, 'rules'], () => factory(given))
    const known = { factory, rules, groups: groupsOf(parameters, keys) }
    const positions =
      book.synthetic === undefined
        ? await recorded(book, known, context, [...path, 'book'])
        : drawn(book.synthetic, known, protocols.length, context, path)
    const prices = Float64Array.from(context.assets.usd)
    at(context, [...path, 'book'], () => rules.book?.(positions, prices))
    const oracles =
      context.time === null ? [] : feedsFrom(oracle!, rules, context, [...path, 'oracle'])
    deployed.push(rules)
    const from = pledged === undefined ? {} : { pledged: pledgedFrom(pledged, context, name) }
    const held = defencesFrom(defences ?? {}, context, path)
    const spec = { name, rules: { kind: keys.kind, ...given }, positions, oracles }
    protocols.push({ ...spec, ...from, ...held })
  }
  protocols.forEach(({ name }, j) => {
    at(context, ['protocols', name, 'pledged'], () => pledgedBook(protocols, deployed, j))
  })
  return protocols
}

/**
 * What a protocol's accounts pledge to it from another, by index.
 *
 * Throws: ScenarioKeyError FB2307 where a cohort that is drawn against it sets its debts
 */
function pledgedFrom(
  keys: NonNullable<ProtocolKeys['pledged']>,
  { keys: { protocols }, assets, tree }: Context,
  name: string,
): { readonly in: number; readonly assets: readonly number[] } {
  const path = ['protocols', name, 'pledged']
  protocols[name].book.synthetic?.forEach((cohort, c) => {
    const { collateral } = cohort
    const backing = typeof collateral === 'string' ? [collateral] : Object.keys(collateral)
    const set = SIZES.find((key) => cohort[key] !== undefined)
    if (set === undefined || !backing.some((asset) => keys.assets.includes(asset))) return
    throw keyError(tree, ['protocols', name, 'book', 'synthetic', c, set], {
      code: 'FB2307',
      rule: 'debts against what is pledged follow from it and from the health factor',
      remedy: `Remove ${set}; medianHealth and healthSpread say how much is borrowed`,
    })
  })
  return {
    in: indexOf(Object.keys(protocols), keys.in, tree, [...path, 'in'], 'protocol'),
    assets: keys.assets.map((asset, n) =>
      indexOf(assets.names, asset, tree, [...path, 'assets', n]),
    ),
  }
}

/** What sizes the debts of a cohort. */
const SIZES = ['totalDebt', 'largestShare', 'medianDebt', 'debtSpread'] as const

/** Keys of rules with the assets that a file has for them; what is written out goes before it. */
async function withReserves(
  keys: RuleKeys,
  factory: RulesFactory,
  context: Context,
  path: readonly Step[],
): Promise<RuleKeys> {
  if (keys.parameters === undefined) return keys
  const written = keys.assets as Readonly<Record<string, unknown>>
  const place = [...path, 'parameters']
  const read = await reservesFrom(keys.parameters, factory, written, context, place)
  return { ...keys, assets: { ...read, ...written } }
}

/** The rules that positions are for. */
interface Deployed {
  readonly factory: RulesFactory
  readonly rules: Rules
  readonly groups: Groups
}

async function recorded(
  book: BookKeys,
  { factory, rules, groups }: Deployed,
  context: Context,
  path: readonly Step[],
): Promise<Positions> {
  const file = { ...book, file: book.file! }
  checkAge(file, context, path)
  const table = await readTable(file, context.path, context.source)
  const known: Known = {
    assets: context.assets.names,
    slotOf: rules.slotOf,
    groups,
    own: factory.columns ?? [],
  }
  const asOf = book.asOf ?? null
  const { positions, empty } = positionsFrom(table, book.columns ?? {}, known, asOf)
  warnOfGuesses(positions, known, table.name, context)
  const { name, sha256, rows } = table
  context.data.push({ name, role: 'positions', sha256, rows: rows.length, as_of: asOf })
  if (empty > 0) {
    const text = `${empty} of ${rows.length} rows of ${name} have amount 0 and are left out`
    context.warnings.push({ code: 'FB4104', text, effect: 'none' })
  }
  return positions
}

/** A loan whose place the rules work out may lie elsewhere in truth. */
function warnOfGuesses(positions: Positions, { own }: Known, name: string, context: Context): void {
  const { accounts, account, side } = positions
  const owning = new Set(account.filter((_, k) => side[k] > 0))
  for (const { name: column, guess } of own) {
    const values = positions.own?.[column]
    if (guess === undefined || values === undefined) continue
    const given = new Set(account.filter((_, k) => !Number.isNaN(values[k])))
    const lack = [...owning].filter((one) => !given.has(one)).length
    if (lack === 0) continue
    const text = `${name} has no ${column} for ${lack} of ${accounts.length} accounts: ${guess}`
    context.warnings.push({ code: 'FB4124', text, effect: 'unknown' })
  }
}

/** As the schema has it: no two cohorts of a scenario share their random numbers. */
const cohortsMax = 1024

function drawn(
  cohorts: readonly CohortKeys[],
  { rules, groups }: Deployed,
  protocol: number,
  context: Context,
  path: readonly Step[],
): Positions {
  const positions = syntheticPositions(
    cohorts.map((keys, c): Cohort => {
      const under = [...path, 'book', 'synthetic', c]
      const group = groupOf(keys.group, groups, context, under)
      return {
        accounts: keys.accounts,
        seed: keys.seed ?? bookSeedOf(context),
        isFixed: keys.seed !== undefined,
        path: protocol * cohortsMax + c,
        collateral: choices('collateral', keys.collateral, rules, groups, group, context, under),
        debt: choices('debt', keys.debt, rules, groups, group, context, under),
        group,
        totalDebtUsd: keys.totalDebt ?? null,
        largestShare: keys.largestShare ?? null,
        medianDebtUsd: keys.medianDebt ?? null,
        debtSpread: keys.debtSpread ?? null,
        medianHealth: keys.medianHealth ?? null,
        healthSpread: keys.healthSpread ?? null,
      }
    }),
  )
  const name = `${path[1]}: synthetic`
  const rows = positions.amount.length
  context.data.push({ name, role: 'positions', sha256: null, rows, as_of: null })
  return positions
}

function groupOf(
  name: string | undefined,
  groups: Groups,
  context: Context,
  path: readonly Step[],
): number {
  if (name === undefined) return 0
  return indexOf(groups.names, name, context.tree, [...path, 'group'], 'group') + 1
}

function choices(
  side: 'collateral' | 'debt',
  keys: CohortKeys['debt'],
  rules: Rules,
  groups: Groups,
  group: number,
  context: Context,
  path: readonly Step[],
): Choice[] {
  const shares = Object.entries(typeof keys === 'string' ? { [keys]: 1 } : keys)
  const whole = shares.reduce((sum, [, share]) => sum + share, 0)
  if (Math.abs(whole - 1) > 1e-9) {
    throw keyError(context.tree, [...path, side], {
      code: 'FB2057',
      rule: 'shares must sum to 100%',
      came: `${Number((whole * 100).toFixed(6))}%`,
      remedy: 'Correct one of them',
    })
  }
  return shares.map(([name, share]) => {
    const key = typeof keys === 'string' ? [...path, side] : [...path, side, name]
    const asset = indexOf(context.assets.names, name, context.tree, key)
    const threshold =
      side === 'debt'
        ? rules.slotOf(asset, -1, group) < 0
          ? null
          : 1
        : (rules.terms(asset, group)?.threshold ?? null)
    if (threshold !== null) return { asset, share, factor: context.assets.usd[asset] * threshold }
    throw keyError(context.tree, key, {
      code: 'FB2058',
      came: name,
      ...(lacking(rules.slotOf, groups, asset, side === 'debt' ? -1 : 1, group) ?? {
        rule: side === 'debt' ? 'the rules have no terms for this asset' : 'no threshold here',
        remedy: `Add ${name} to the rules${side === 'debt' ? '' : ', with a threshold'}`,
      }),
    })
  })
}

/** Books of a sample are drawn anew for every path. */
function bookSeedOf({ keys: { seed, path = 0, sample } }: Context): number {
  return sample?.books === true ? bookSeed(seed, path) : seed
}
