/** Protocols of a scenario: rules in numbers, and the book as columns. */

import type { LendingAsset, Positions, RulesSpec, Scenario } from '../scenario.ts'
import { rulesFrom } from '../setup.ts'
import { indexOf } from './assets.ts'
import { at, type Context, checkAge } from './context.ts'
import { feedsFrom } from './feeds.ts'
import { type Known, positionsFrom } from './positions.ts'
import type { BookKeys, CohortKeys, RuleKeys, TermKeys } from './ruleSchema.ts'
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
    const rules = rulesSpec(keys, context, [...path, 'rules'])
    at(context, [...path, 'rules'], () => rulesFrom(rules))
    const groups = 'eModes' in keys ? Object.keys(keys.eModes) : []
    const positions =
      book.synthetic === undefined
        ? await recorded(book, rules, groups, context, [...path, 'book'])
        : drawn(book.synthetic, rules, groups, protocols.length, context, path)
    const oracles =
      context.time === null ? [] : feedsFrom(oracle!, rules, context, [...path, 'oracle'])
    protocols.push({ name, rules, positions, oracles })
  }
  return protocols
}

function rulesSpec(keys: RuleKeys, context: Context, path: readonly Step[]): RulesSpec {
  const terms = <K extends TermKeys>(own: Readonly<Record<string, K>>, under: readonly Step[]) =>
    Object.entries(own).map(([name, given]) => ({
      asset: indexOf(context.assets.names, name, context.tree, [...under, name]),
      threshold: given.threshold ?? null,
      bonus: given.bonus ?? 0,
      ...('borrowRate' in given && given.borrowRate ? { borrowRate: given.borrowRate.value } : {}),
      ...('supplyRate' in given && given.supplyRate ? { supplyRate: given.supplyRate.value } : {}),
      given,
    }))
  const bare = (own: Readonly<Record<string, TermKeys>>, under: readonly Step[]): LendingAsset[] =>
    terms(own, under).map(({ given: _, ...asset }) => asset)
  const under = [...path, 'assets']
  switch (keys.kind) {
    case 'lending': {
      const { closeFactor, wholeBelow, dust, target } = keys
      const assets = bare(keys.assets, under)
      return { kind: 'lending', assets, closeFactor, wholeBelow, dustUsd: dust, target }
    }
    case 'stopOut':
      return { kind: 'stopOut', assets: bare(keys.assets, under) }
    case 'aaveV2':
      return { kind: 'aaveV2', assets: bare(keys.assets, under), dustUsd: keys.dust }
    case 'aaveV3': {
      const assets = terms(keys.assets, under).map(({ given, ...asset }) => ({
        ...asset,
        protocolFee: given.protocolFee ?? 0,
      }))
      const eModes = Object.entries(keys.eModes).map(([name, own], m) => ({
        group: m + 1,
        assets: bare(own, [...path, 'eModes', name]),
      }))
      return { kind: 'aaveV3', assets, eModes }
    }
    case 'makerFlip':
      return {
        kind: 'makerFlip',
        assets: bare(keys.assets, under),
        dai: indexOf(context.assets.names, keys.dai, context.tree, [...path, 'dai']),
        penalty: keys.penalty,
        lotUnits: keys.lot,
        beg: keys.beg,
        ttlSeconds: keys.ttl.value,
        tauSeconds: keys.tau.value,
        gas: keys.gas,
      }
  }
}

async function recorded(
  book: BookKeys,
  rules: RulesSpec,
  groups: readonly string[],
  context: Context,
  path: readonly Step[],
): Promise<Positions> {
  const file = { ...book, file: book.file! }
  checkAge(file, context, path)
  const table = await readTable(file, context.path, context.source)
  const known: Known = {
    assets: context.assets.names,
    terms: new Map(
      rules.assets.map(({ asset, threshold }) => [asset, { isCollateral: threshold !== null }]),
    ),
    groups,
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
  rules: RulesSpec,
  groups: readonly string[],
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
  return indexOf(groups, name, context.tree, [...path, 'group'], 'eMode') + 1
}

function choices(
  side: 'collateral' | 'debt',
  keys: CohortKeys['debt'],
  rules: RulesSpec,
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
    const terms = termsOf(rules, asset, group)
    const threshold =
      side === 'debt' ? (terms === undefined ? null : 1) : (terms?.threshold ?? null)
    if (threshold !== null) return { asset, share, factor: context.assets.usd[asset] * threshold }
    throw keyError(context.tree, key, {
      code: 'FB2058',
      rule: side === 'debt' ? 'the rules have no terms for this asset' : 'no threshold here',
      came: name,
      remedy: `Add ${name} to the assets of the rules${side === 'debt' ? '' : ', with a threshold'}`,
    })
  })
}

function termsOf(
  rules: RulesSpec,
  asset: number,
  group: number,
): Pick<LendingAsset, 'asset' | 'threshold'> | undefined {
  const modes = 'eModes' in rules ? rules.eModes : []
  const mode = modes.find((one) => one.group === group)?.assets ?? []
  return [...mode, ...rules.assets].find((terms) => terms.asset === asset)
}
