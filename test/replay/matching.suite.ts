/** Lays a replay beside the record: who was liquidated when. */

import { randomAt } from '../../src/math/random.ts'
import { columnOf } from '../../src/table.ts'
import { type Outcome, outcomeOf, scenarioOf, type Variant } from './may2021.suite.ts'
import { BAR, type Day, type Position } from './recordedDay.suite.ts'

/** One liquidation of the replay. */
export interface Replayed {
  readonly seconds: number
  readonly price: number
  readonly repaid: number
  readonly units: number
}

/** A replay beside the record: the liquidations of each position's account, in their order. */
export interface Compared {
  readonly positions: readonly Position[]
  readonly lists: readonly (readonly Replayed[])[]
  readonly outcome: Outcome
}

/** Replays a variant of the day. */
export function compare(day: Day, variant: Variant): Compared {
  const { scenario, positions } = scenarioOf(day, variant)
  const outcome = outcomeOf(scenario)
  const { accounts } = scenario.protocols[0].positions
  return { positions, lists: replayedOf(outcome, accounts), outcome }
}

export function sum(values: Iterable<number>): number {
  return [...values].reduce((a, b) => a + b, 0)
}

/** Debt that a replay repays. */
export function repaidUsd({ lists }: Compared): number {
  return sum(lists.flat().map(({ repaid }) => repaid))
}

function replayedOf({ events }: Outcome, accounts: readonly string[]): Replayed[][] {
  const lists: Replayed[][] = accounts.map(() => [])
  const listed = new Map(accounts.map((name, i) => [name, i]))
  const { words } = events.columns.find(({ name }) => name === 'account')!
  const [account, seconds, price, repaid, units] = [
    'account',
    'seconds',
    'oracle_price',
    'repaid',
    'units',
  ].map((name) => columnOf(events, name))
  for (let row = 0; row < events.rows; row++)
    lists[listed.get(words![account[row]])!].push({
      seconds: seconds[row],
      price: price[row],
      repaid: repaid[row],
      units: units[row],
    })
  return lists
}

/** Bars from the record to the replay; NaN where the replay has none. */
export function lag(recordedSeconds: number, replayed: Replayed | undefined): number {
  if (replayed === undefined) return Number.NaN
  return Math.floor(replayed.seconds / BAR) - Math.floor(recordedSeconds / BAR)
}

/** How lags spread. Shares are of all. */
export interface Spread {
  readonly count: number
  readonly earlier: number
  readonly oneEarlier: number
  readonly same: number
  readonly next: number
  readonly later: number
  readonly never: number
  /** In the same bar or the next, by number and by recorded dollars; within a bar either way. */
  readonly hit: number
  readonly hitUsd: number
  readonly near: number
}

export function spreadOf(lags: readonly number[], usd: readonly number[]): Spread {
  const number = (holds: (each: number) => boolean) => lags.filter(holds).length
  const isHit = (each: number) => each === 0 || each === 1
  const hitUsd = usd.reduce((a, b, k) => a + (isHit(lags[k]) ? b : 0), 0)
  return {
    count: lags.length,
    earlier: number((each) => each < -1),
    oneEarlier: number((each) => each === -1),
    same: number((each) => each === 0),
    next: number((each) => each === 1),
    later: number((each) => each > 1),
    never: number(Number.isNaN),
    hit: number(isHit) / lags.length,
    hitUsd: hitUsd / sum(usd),
    near: number((each) => Math.abs(each) <= 1) / lags.length,
  }
}

/**
 * Whether each position's first liquidation was made within 1 % of the lowest price at which its
 * collateral had been liquidated so far. Only such a one can come from a book at rest: any other
 * would have been liquidated before. Decided by the record alone.
 */
export function atLows(positions: readonly Position[]): boolean[] {
  return positions.map(({ collateral, events: [first] }) => {
    let lowest = Number.POSITIVE_INFINITY
    for (const other of positions)
      if (other.collateral === collateral)
        for (const { seconds, price } of other.events)
          if (seconds < first.seconds) lowest = Math.min(lowest, price)
    return first.price <= 1.01 * lowest
  })
}

/** Mean share within a bar when the recorded times are dealt out anew at random. */
export function shuffledNear(
  recorded: readonly number[],
  replayed: readonly (Replayed | undefined)[],
): number {
  const rounds = 200
  let near = 0
  for (let round = 0; round < rounds; round++) {
    const random = randomAt(1, round)
    const draw = recorded.map((_, k) => random.uniform(k, 0))
    const dealt = recorded.map((_, k) => k).sort((a, b) => draw[a] - draw[b])
    near += replayed.filter((each, k) => Math.abs(lag(recorded[dealt[k]], each)) <= 1).length
  }
  return near / rounds / recorded.length
}

/** Of pairs at different times in both, the share in the same order. */
export function concordance(
  recorded: readonly number[],
  replayed: readonly (Replayed | undefined)[],
): number {
  let alike = 0
  let pairs = 0
  for (let i = 0; i < recorded.length; i++)
    for (let k = 0; k < i; k++) {
      const order = recorded[i] - recorded[k]
      const found = (replayed[i]?.seconds ?? Number.NaN) - (replayed[k]?.seconds ?? Number.NaN)
      if (Number.isNaN(found) || order === 0 || found === 0) continue
      pairs++
      if (order > 0 === found > 0) alike++
    }
  return alike / pairs
}
