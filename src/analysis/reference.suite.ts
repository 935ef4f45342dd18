/** A second, slow cascade, written from the definitions alone: what the engine is compared with. */

import { health } from '../book.ts'
import { offerList, type Protocol, settlement, WHOLE_OFFER } from '../rules.ts'
import type { World } from '../world.ts'
import type { CascadeOptions } from './walk.ts'

/** What the slow cascade found. Rows count the accounts of all protocols, one after the other. */
export interface ReferenceRun {
  readonly row: number[]
  readonly round: number[]
  /** USD at opening prices, by row. */
  readonly repaidUsd: number[]
  readonly badDebtUsd: number[]
  readonly prices: number[]
}

/** The outside move, and the one asset whose price can change, or null where several can. */
export interface ReferenceShock {
  readonly asset: number
  readonly drop: number
  readonly only: number | null
}

interface Row {
  readonly protocol: Protocol
  readonly account: number
  readonly row: number
}

interface State {
  readonly world: World
  readonly options: CascadeOptions
  readonly shock: ReferenceShock
  readonly rows: readonly Row[]
  readonly opening: number[]
  readonly outside: number
  readonly run: ReferenceRun
  readonly ties: readonly number[]
}

/**
 * Runs one cascade on a copy of an untouched world, looking at every account after every
 * settlement. Where accounts stand equally bad to TIE, the order of service is free: `ties` (rows
 * in a possible order) decides.
 */
export function referenceCascade(
  opening: World,
  shock: ReferenceShock,
  options: CascadeOptions,
  ties: readonly number[],
): ReferenceRun {
  const world = opening.copy()
  const rows = rowsOf(world)
  const { market } = world
  const before = pricesOf(world)
  market.move(shock.asset, market.outside(shock.asset) * (1 - shock.drop))
  const none = rows.map(() => 0)
  const run: ReferenceRun = {
    row: [],
    round: [],
    repaidUsd: [...none],
    badDebtUsd: [...none],
    prices: [],
  }
  const outside = market.price(shock.asset)
  const state: State = { world, options, shock, rows, opening: before, outside, run, ties }
  if (options.order === 'batch') inBatches(state)
  else oneByOne(state)
  run.prices.push(...pricesOf(world))
  return run
}

function oneByOne(state: State): void {
  const { options, shock, outside } = state
  const seen = pricesOf(state.world)
  let round = 0
  let opened = seen
  for (;;) {
    const now = options.feedback ? pricesOf(state.world) : seen
    const at = (row: Row) =>
      options.order === 'at-trigger' ? atTrigger(state, row, now[shock.asset], outside) : now
    const due = ranked(state, now, at)
    if (due.length === 0) return
    const { row, prices } = takeWorst(state, due)
    if (round === 0 || !isBreachedAt(row, opened)) {
      round++
      opened = now
    }
    serve(state, row, prices, round)
  }
}

function inBatches(state: State): void {
  const seen = pricesOf(state.world)
  for (let round = 1; ; round++) {
    const now = state.options.feedback ? pricesOf(state.world) : seen
    const due = ranked(state, now, () => now)
    if (due.length === 0) return
    while (due.length > 0) serve(state, takeWorst(state, due).row, now, round)
  }
}

interface Due {
  readonly row: Row
  readonly prices: number[]
  readonly badness: number
}

function takeWorst({ run, ties }: State, due: Due[]): Due {
  const worst = due[0].badness * (1 - TIE)
  const next = ties[run.row.length]
  const k = due.findIndex(({ row, badness }) => row.row === next && badness >= worst)
  return due.splice(Math.max(0, k), 1)[0]
}

/** All accounts that list something, the worst first. */
function ranked(state: State, now: number[], at: (row: Row) => number[] | null): Due[] {
  return state.rows
    .map((row) => ({ row, prices: at(row), badness: badness(state, row, now) }))
    .filter(({ row, prices }) => prices !== null && bestOffer(row, prices) !== null)
    .map(({ row, prices, badness }) => ({ row, prices: prices!, badness }))
    .sort((a, b) => b.badness - a.badness)
}

/** One moving asset: the trigger price. Several: 1 / health factor. */
function badness({ shock }: State, row: Row, now: number[]): number {
  if (shock.only === null) return 1 / factorAt(row, now)
  const price = (p: number) => now.map((old, asset) => (asset === shock.only ? p : old))
  const atZero = healthAt(row, price(0))
  const slope = healthAt(row, price(1)) - atZero
  return slope > 0 ? -atZero / slope : Number.POSITIVE_INFINITY
}

/**
 * Prices at which an account sells in the order `at trigger`; null while its trigger is not passed.
 */
function atTrigger(state: State, row: Row, mid: number, outside: number): number[] | null {
  const trigger = badness(state, row, pricesOf(state.world))
  if (!(mid < trigger)) return null
  const price = Math.min(outside, trigger * (1 - 1e-12))
  return pricesOf(state.world).map((p, asset) => (asset === state.shock.only ? price : p))
}

function serve(
  state: State,
  { protocol, account, row }: Row,
  prices: number[],
  round: number,
): void {
  const { world, options, run, opening } = state
  const offer = bestOffer({ protocol, account, row }, prices)!
  const lost = dollars(protocol.badDebt, opening)
  const done = settlement()
  const { list, best } = offer
  const taken = protocol.rules.settle(protocol, list, best, WHOLE_OFFER, done)
  if (taken !== 0) throw new Error(`refused: ${taken}`)
  run.row.push(row)
  run.round.push(round)
  run.repaidUsd[row] += done.repaid * opening[list.pays[best]]
  run.badDebtUsd[row] += dollars(protocol.badDebt, opening) - lost
  if (!options.feedback) return
  const owed = done.repaid * prices[list.pays[best]]
  const own = done.seized - done.fee
  const enough = options.disposal === 'all' ? own : world.market.unitsFor(list.sells[best], owed)
  world.market.sell(list.sells[best], Math.min(own, enough))
  const bought = options.buys && world.market.hop[list.pays[best]].length > 0
  if (bought) world.market.sell(list.pays[best], -done.repaid)
}

function bestOffer({ protocol, account }: Row, prices: number[]) {
  publish(protocol, prices)
  const list = offerList()
  protocol.rules.offers(protocol, account, list)
  const margin = (n: number) =>
    list.amount[n] * prices[list.sells[n]] - list.cost[n] * prices[list.pays[n]]
  let best = -1
  for (let n = 0; n < list.count; n++) if (best < 0 || margin(n) > margin(best)) best = n
  return best < 0 ? null : { list, best }
}

function publish(protocol: Protocol, prices: number[]): void {
  protocol.prices.set(prices)
  protocol.rules.value(protocol)
}

function healthAt({ protocol, account }: Row, prices: number[]): number {
  publish(protocol, prices)
  return health(protocol.book, protocol.values, account)
}

function isBreachedAt(row: Row, prices: number[]): boolean {
  return healthAt(row, prices) < 0
}

function factorAt({ protocol, account }: Row, prices: number[]): number {
  publish(protocol, prices)
  const { book, values } = protocol
  let [owns, owes] = [0, 0]
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    if (worth > 0) owns += worth
    else owes -= worth
  }
  return owns / owes
}

function rowsOf(world: World): Row[] {
  const pairs = world.protocols.flatMap((protocol) =>
    protocol.accounts.map((_, account) => ({ protocol, account })),
  )
  return pairs.map((pair, row) => ({ ...pair, row }))
}

function pricesOf(world: World): number[] {
  const out = new Float64Array(world.market.assets.length)
  world.market.prices(out)
  return [...out]
}

function dollars(units: Float64Array, prices: number[]): number {
  return units.reduce((sum, amount, asset) => sum + amount * prices[asset], 0)
}

const TIE = 1e-10
