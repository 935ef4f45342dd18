/** Protocols of a scenario: rules in numbers, and the book as columns. */

import type { Rules, RulesFactory } from '../rules.ts'
import type { Positions, Scenario } from '../scenario.ts'
import { rulesFactories } from '../setup.ts'
import { indexOf } from './assets.ts'
import { at, type Context, checkAge } from './context.ts'
import { feedsFrom } from './feeds.ts'
import { groupNames, valuesOf } from './parameterValues.ts'
import { type Known, positionsFrom } from './positions.ts'
import { reservesFrom } from './reserveParameters.ts'
import type { BookKeys, CohortKeys, RuleKeys } from './ruleSchema.ts'
import { type Choice, type Cohort, syntheticPositions } from './synthetic.ts'
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
  for (const [name, { rules: keys, book, oracle }] of entries) {
    const path = ['protocols', name]
    const factory = rulesFactories[keys.kind]
    const whole = await withReserves(keys, factory, context, [...path, 'rules'])
    const given = valuesOf(factory.parameters, whole, context, [...path, 'rules'])
    const rules = at(context, [...path, 'rules'], () => factory(given))
    const known = { factory, rules, groups: groupNames(factory.parameters, keys) }
    const positions =
      book.synthetic === undefined
        ? await recorded(book, known, context, [...path, 'book'])
        : drawn(book.synthetic, known, protocols.length, context, path)
    const oracles =
      context.time === null ? [] : feedsFrom(oracle!, rules, context, [...path, 'oracle'])
    protocols.push({ name, rules: { kind: keys.kind, ...given }, positions, oracles })
  }
  return protocols
}

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
  /** Names of the groups; group n is the n-th, counted from 1. */
  readonly groups: readonly string[]
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
  const { name, sha256, rows } = table
  context.data.push({ name, role: 'positions', sha256, rows: rows.length, as_of: asOf })
  if (empty > 0) {
    const text = `${empty} of ${rows.length} rows of ${name} have amount 0 and are left out`
    context.warnings.push({ code: 'FB4104', text, effect: 'none' })
  }
  return positions
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
        seed: keys.seed ?? context.keys.seed,
        path: protocol * cohortsMax + c,
        collateral: choices('collateral', keys.collateral, rules, group, context, under),
        debt: choices('debt', keys.debt, rules, group, context, under),
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
  groups: readonly string[],
  context: Context,
  path: readonly Step[],
): number {
  if (name === undefined) return 0
  return indexOf(groups, name, context.tree, [...path, 'group'], 'group') + 1
}

function choices(
  side: 'collateral' | 'debt',
  keys: CohortKeys['debt'],
  rules: Rules,
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
      rule: side === 'debt' ? 'the rules have no terms for this asset' : 'no threshold here',
      came: name,
      remedy: `Add ${name} to the assets of the rules${side === 'debt' ? '' : ', with a threshold'}`,
    })
  })
}
