/** The account from which an attacker borrows: empty until it does. */

import { arrive } from '../block/publish.ts'
import { usdOutside } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { assert, InputError } from '../errors.ts'
import { ACCOUNTS, type Protocol } from '../rules.ts'
import type { Positions, Scenario } from '../scenario.ts'
import { rulesFrom } from '../setup.ts'
import type { AttackSpec, LoanSpec } from './spec.ts'

/** Units that stand in the account before it is used: it needs legs to write to. */
const SPECK = 1e-9
/** The name of the account. */
export const ATTACKER = '(attacker)'

/**
 * The scenario with an account for the attacker in every protocol that has something to lend: a leg
 * for each collateral and each loan.
 *
 * Throws: InputError FB2095 where the positions of a protocol are more than amounts of assets
 */
export function withAccounts(scenario: Scenario, { loans }: AttackSpec): Scenario {
  const protocols = scenario.protocols.map((spec, j) => {
    const own = loans.filter(({ protocol }) => protocol === j)
    if (own.length === 0) return spec
    const rules = rulesFrom(spec.rules)
    const columns = Object.keys(spec.positions.own ?? {})
    if (rules.book !== undefined || rules.house !== undefined || columns.length > 0)
      throw new NoPlainLoanError(spec.name, rules.name)
    const taken = scenario.assets.flatMap((_, asset) =>
      rules.slotOf(asset, 1, 0) >= 0 ? [asset] : [],
    )
    const lent = new Set(own.map(({ asset }) => asset))
    return { ...spec, positions: withAccount(spec.positions, taken, [...lent]) }
  })
  return { ...scenario, protocols }
}

function withAccount(of: Positions, taken: number[], lent: number[]): Positions {
  const assets = [...taken, ...lent]
  const end = of.accounts.length
  const more = <T extends Uint8Array | Int8Array | Uint16Array | Uint32Array | Float64Array>(
    column: T,
    value: (n: number) => number,
  ): T => {
    const grown = new (column.constructor as new (size: number) => T)(column.length + assets.length)
    grown.set(column as never)
    for (let n = 0; n < assets.length; n++) grown[column.length + n] = value(n)
    return grown
  }
  return {
    ...of,
    accounts: [...of.accounts, ATTACKER],
    account: more(of.account, () => end),
    asset: more(of.asset, (n) => assets[n]),
    side: more(of.side, (n) => (n < taken.length ? 1 : -1)),
    group: more(of.group, () => 0),
    // A thousandth of it is owed: safe at any threshold.
    amount: more(of.amount, (n) => (n < taken.length ? SPECK : SPECK / 1000)),
  }
}

/**
 * Posts units of an asset and borrows as much as may be against them, at the published prices;
 * returns the units borrowed.
 *
 * Rule: borrowed = min(units to lend, upTo x collateral at its threshold / worth of a unit of
 *       debt). Nothing is lent while the protocol does not act.
 */
export function borrow(
  stage: Stage,
  taker: number,
  { protocol: j, asset: debt, units: most, upTo }: LoanSpec,
  asset: number,
  units: number,
): number {
  const { posts, ledger } = stage
  const post = posts[j]
  if (!post.isOpen) return 0
  const { protocol } = post
  const { book, values, index } = protocol
  const account = accountOf(protocol)
  const own = legOf(protocol, account, asset, 1)
  const owed = legOf(protocol, account, debt, -1)
  const weighed = (book.amount[own] + units / index[book.slot[own]]) * values[book.slot[own]]
  const each = values[book.slot[owed]] / index[book.slot[owed]]
  const lent = Math.max(0, Math.min(most, (upTo * weighed) / each))
  const { holders } = ledger
  ledger.take(j, account)
  book.amount[own] += units / index[book.slot[own]]
  book.amount[owed] -= lent / index[book.slot[owed]]
  book.version[account]++
  ledger.put(j, account)
  ledger.move(asset, holders.taker(taker), holders.of(j, ACCOUNTS), units)
  ledger.move(debt, holders.of(j, ACCOUNTS), holders.taker(taker), lent)
  if (post.watch.touch(account)) arrive(stage, post, account)
  return lent
}

/** USD that the account owes above what it has; below 0: has above what it owes. */
export function shortfallOf(stage: Stage, j: number): number {
  const { protocol } = stage.posts[j]
  const { book, index, rules } = protocol
  const account = accountOf(protocol)
  let usd = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const s = book.slot[k]
    const asset = rules.slots.asset[s]
    const price = book.amount[k] > 0 ? worthOf(stage, asset) : stage.market.price(asset)
    usd -= book.amount[k] * index[s] * price
  }
  return usd
}

/** USD that a unit is worth for good: at the mid, or at the outside price where that is lower. */
export function worthOf(stage: Stage, asset: number): number {
  return Math.min(stage.market.price(asset), usdOutside(stage, asset))
}

function accountOf({ accounts }: Protocol): number {
  return accounts.lastIndexOf(ATTACKER)
}

function legOf({ book, rules }: Protocol, account: number, asset: number, side: 1 | -1): number {
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const s = book.slot[k]
    if (rules.slots.asset[s] === asset && rules.slots.side[s] === side) return k
  }
  assert(false, 'the account of an attacker has a leg for what it posts and what it borrows')
}

/** A protocol in which a position is more than an amount of an asset. */
export class NoPlainLoanError extends InputError {
  constructor(protocol: string, rules: string) {
    super({
      code: 'FB2095',
      place: `attack.loans.${protocol}`,
      rule: 'loans against inflated collateral need positions that are amounts of assets',
      came: `rules ${rules}`,
      remedy: 'Take the loans of this protocol out: pushes of its oracle are still tried',
    })
  }
}
