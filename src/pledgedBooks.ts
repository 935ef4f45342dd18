/** Books whose accounts borrow against what they hold in another protocol. */

import { InputError } from './errors.ts'
import { type Holding, type PledgedLeg, type Pledges, pledgesFrom } from './pledges.ts'
import type { Protocol, Rules } from './rules.ts'
import type { Positions, Scenario } from './scenario.ts'

type Deployments = Scenario['protocols']

/** A position that stands in another protocol. */
interface Pledge {
  readonly asset: number
  readonly units: number
  /** Account and group in the protocol of the book. */
  readonly account: number
  readonly group: number
  /** Where it stands. */
  readonly in: number
  readonly inAccount: number
  readonly inGroup: number
}

/** The book of one protocol, and which of its positions stand elsewhere. */
export interface PledgedBook {
  /** All that counts for health. */
  readonly positions: Positions
  /** Without what stands elsewhere. */
  readonly own: Positions
  readonly pledges: readonly Pledge[]
}

/**
 * The book of protocol `j` with what its accounts pledge to it.
 *
 * Rule:   an account borrows against what the account of its name holds in the other protocol. In a
 *         synthetic book the k-th account is that of the other book's k-th: it owes what brings its
 *         drawn health factor against what stands there.
 * Throws: PledgeError FB2303 for rules that hold more than plain legs; FB2304 for a pledge of what
 *         is itself pledged; FB2305 for an asset that is not collateral in both; FB2306 where no
 *         account pledges anything; FB2307 for a position that stands in both books
 */
export function pledgedBook(
  protocols: Deployments,
  rules: readonly Rules[],
  j: number,
): PledgedBook {
  const { pledged, positions } = protocols[j]
  if (pledged === undefined) return { positions, own: positions, pledges: [] }
  checkPair(protocols, rules, j)
  const host = holdingsOf(protocols, j)
  const own = positions.cohorts === undefined ? positions : fitted(protocols, j, host)
  const pledges = pledgesOf(protocols, rules, j, own, host)
  return { positions: withPledges(own, pledges), own, pledges }
}

/** The holdings of a world, whose books were made of these. */
export function holdingsFrom(
  books: readonly PledgedBook[],
  protocols: readonly Protocol[],
): Pledges {
  const byLeg = new Map<string, { asset: number; legs: PledgedLeg[] }>()
  books.forEach(({ pledges }, j) => {
    for (const pledge of pledges) {
      const { asset, account, group, inAccount, inGroup } = pledge
      const first = legOf(protocols, pledge.in, inAccount, asset, inGroup)
      const key = `${first.protocol} ${first.leg}`
      const holding = byLeg.get(key) ?? { asset, legs: [first] }
      byLeg.set(key, holding)
      holding.legs.push(legOf(protocols, j, account, asset, group))
    }
  })
  const holdings: Holding[] = [...byLeg.values()]
  return pledgesFrom(holdings, protocols)
}

function legOf(
  protocols: readonly Protocol[],
  protocol: number,
  account: number,
  asset: number,
  group: number,
): PledgedLeg {
  const { book, rules } = protocols[protocol]
  const slot = rules.slotOf(asset, 1, group)
  let leg = book.start[account]
  while (book.slot[leg] !== slot) leg++
  return { protocol, account, leg }
}

/** What can be pledged: rows of the other book by its account and asset. */
interface Host {
  readonly accounts: ReadonlyMap<string, number>
  row(account: number, asset: number): number
}

function holdingsOf(protocols: Deployments, j: number): Host {
  const { in: host, assets } = protocols[j].pledged!
  const { positions, name } = protocols[host]
  const rows = new Map<number, number>()
  for (let k = 0; k < positions.amount.length; k++) {
    const { account, asset, side, amount } = positions
    if (side[k] < 0 || !assets.includes(asset[k]) || !(amount[k] > 0)) continue
    const key = account[k] * 65536 + asset[k]
    if (rows.has(key))
      throw new PledgeError('FB2307', protocols[j].name, {
        rule: 'a pledged holding is one position',
        came: `account ${positions.accounts[account[k]]} with two in ${name}`,
        remedy: `Give it one position of that asset in ${name}`,
      })
    rows.set(key, k)
  }
  return {
    accounts: new Map(positions.accounts.map((account, i) => [account, i])),
    row: (account, asset) => rows.get(account * 65536 + asset) ?? -1,
  }
}

/** A synthetic book: named after the other's accounts, debts in proportion to what stands there. */
function fitted(protocols: Deployments, j: number, host: Host): Positions {
  const { positions, pledged, name } = protocols[j]
  const { positions: theirs, name: hostName } = protocols[pledged!.in]
  const count = positions.accounts.length
  if (count > theirs.accounts.length)
    throw new PledgeError('FB2306', name, {
      rule: 'each account of a synthetic book that pledges is one of the other book',
      came: `${count} accounts for ${theirs.accounts.length} of ${hostName}`,
      remedy: `Draw as many as ${hostName} has, or fewer`,
    })
  const factor = new Float64Array(count).fill(1)
  const kept: number[] = []
  for (let k = 0; k < positions.amount.length; k++) {
    const account = positions.account[k]
    const row = positions.side[k] > 0 ? host.row(account, positions.asset[k]) : -1
    if (row < 0) kept.push(k)
    else factor[account] = theirs.amount[row] / positions.amount[k]
  }
  const rows = pick(positions, kept)
  const amount = rows.amount.map((units, k) =>
    rows.side[k] < 0 ? units * factor[rows.account[k]] : units,
  )
  return { ...rows, amount, accounts: theirs.accounts.slice(0, count) }
}

function pick(positions: Positions, rows: readonly number[]): Positions {
  const { account, asset, side, group, amount, own } = positions
  const columns = Object.entries(own ?? {}).map(([name, values]) => [
    name,
    Float64Array.from(rows, (k) => values[k]),
  ])
  return {
    ...positions,
    account: Uint32Array.from(rows, (k) => account[k]),
    asset: Uint16Array.from(rows, (k) => asset[k]),
    side: Int8Array.from(rows, (k) => side[k]),
    group: Uint16Array.from(rows, (k) => group[k]),
    amount: Float64Array.from(rows, (k) => amount[k]),
    ...(own === undefined ? {} : { own: Object.fromEntries(columns) }),
  }
}

function pledgesOf(
  protocols: Deployments,
  rules: readonly Rules[],
  j: number,
  own: Positions,
  host: Host,
): Pledge[] {
  const { name, pledged } = protocols[j]
  const { in: other, assets } = pledged!
  const { positions: theirs, name: hostName } = protocols[other]
  const stated = ownCollateral(own)
  const found: Pledge[] = []
  firstRows(own).forEach((first, account) => {
    if (first < 0) return
    const inAccount = host.accounts.get(own.accounts[account]) ?? -1
    for (const asset of assets) {
      const row = inAccount < 0 ? -1 : host.row(inAccount, asset)
      if (row < 0) continue
      const group = own.group[first]
      if (stated.has(account * 65536 + asset))
        throw new PledgeError('FB2307', name, {
          rule: 'what is pledged stands in one book',
          came: `account ${own.accounts[account]} with the asset in both`,
          remedy: `Leave it to ${hostName}`,
        })
      if (rules[j].terms(asset, group) === null)
        throw new PledgeError('FB2305', name, {
          rule: 'a pledged asset is collateral in both protocols',
          came: `account ${own.accounts[account]}, for which it is none in ${name}`,
          remedy: 'Give it a threshold there, or leave it out of assets',
        })
      const place = { account, group, in: other, inAccount, inGroup: theirs.group[row] }
      found.push({ asset, units: theirs.amount[row], ...place })
    }
  })
  if (found.length > 0) return found
  throw new PledgeError('FB2306', name, {
    rule: 'a pledge needs accounts that hold the assets in the other protocol',
    came: `none by the names of ${name} in ${hostName}`,
    remedy: 'Name the accounts alike in both books, or remove pledged',
  })
}

function ownCollateral({ account, asset, side, amount }: Positions): Set<number> {
  const stated = new Set<number>()
  for (let k = 0; k < amount.length; k++) if (side[k] > 0) stated.add(account[k] * 65536 + asset[k])
  return stated
}

/** By account, one of its rows. */
function firstRows({ accounts, account }: Positions): Int32Array {
  const first = new Int32Array(accounts.length).fill(-1)
  for (let k = account.length - 1; k >= 0; k--) first[account[k]] = k
  return first
}

function withPledges(own: Positions, pledges: readonly Pledge[]): Positions {
  const join = <T>(column: Iterable<T>, of: (pledge: Pledge) => T) => [
    ...column,
    ...pledges.map(of),
  ]
  const columns = Object.entries(own.own ?? {}).map(([name, values]) => [
    name,
    Float64Array.from(join(values, () => Number.NaN)),
  ])
  return {
    ...own,
    account: Uint32Array.from(join(own.account, ({ account }) => account)),
    asset: Uint16Array.from(join(own.asset, ({ asset }) => asset)),
    side: Int8Array.from(join(own.side, () => 1)),
    group: Uint16Array.from(join(own.group, ({ group }) => group)),
    amount: Float64Array.from(join(own.amount, ({ units }) => units)),
    ...(own.own === undefined ? {} : { own: Object.fromEntries(columns) }),
  }
}

function checkPair(protocols: Deployments, rules: readonly Rules[], j: number): void {
  const { name, pledged } = protocols[j]
  const host = pledged!.in
  const hostName = protocols[host].name
  if (host === j || protocols[host].pledged !== undefined)
    throw new PledgeError('FB2304', name, {
      rule: 'what is pledged stands in a protocol that pledges nothing itself',
      came: host === j ? `${name} itself` : `${hostName}, whose accounts pledge too`,
      remedy: 'Name the protocol that holds the collateral in the end',
    })
  for (const one of [j, host])
    if (rules[one].house !== undefined || rules[one].items !== undefined)
      throw new PledgeError('FB2303', name, {
        rule: 'both protocols hold collateral as plain legs: no auctions, bands, pools or houses',
        came: `${rules[one].name} in ${protocols[one].name}`,
        remedy: 'Use rules that sell plain legs, such as lending, in both',
      })
  for (const asset of pledged!.assets)
    for (const one of [j, host])
      if (!hasCollateral(rules[one], asset))
        throw new PledgeError('FB2305', name, {
          rule: 'a pledged asset is collateral in both protocols',
          came: `none in ${protocols[one].name}`,
          remedy: 'Give it a threshold there, or leave it out of assets',
        })
}

function hasCollateral({ slots }: Rules, asset: number): boolean {
  for (let s = 0; s < slots.count; s++)
    if (slots.asset[s] === asset && slots.side[s] > 0) return true
  return false
}

/** Collateral cannot be pledged so. */
export class PledgeError extends InputError {
  constructor(
    code: string,
    protocol: string,
    facts: { readonly rule: string; readonly came: string; readonly remedy: string },
  ) {
    super({ code, place: `protocols.${protocol}.pledged`, ...facts })
  }
}
