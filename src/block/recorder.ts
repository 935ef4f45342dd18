/** Keeps a frame of every block and an event of every settlement. */

import { shareOf } from '../market.ts'
import { addRow, type Column, type Table, tableOf } from '../table.ts'
import { type Done, KINDS } from './done.ts'
import { forcedGain } from './gain.ts'
import type { Stage } from './stage.ts'

/** The tables of a run, growing. */
export interface Recorder {
  readonly frames: Table
  readonly events: Table
  frame(stage: Stage): void
  event(stage: Stage, done: Done): void
}

/** How an account's liquidation compares with the run without feedback. */
export const FATES = ['primary', 'hastened', 'feedback only', 'delayed'] as const

/** Samples of loop gain in a run at most, and accounts that all of them may look at. */
const GAIN_SAMPLES = 200
const GAIN_LOOKS = 1e7

/**
 * Empty tables for a run.
 *
 * Shape: one frame per block, in order; `frames` has columns for every asset that is sold and for
 *        every feed of one. One event per settlement, in the order of execution.
 * Units: see the columns. Missing is NaN.
 */
export function recorderFor(stage: Stage): Recorder {
  const sold = soldAssets(stage)
  const feeds = feedsOf(stage, sold)
  const frames = tableOf('frames', frameColumns(stage, sold, feeds))
  const events = tableOf('events', eventColumns(stage))
  const every = Math.max(1, Math.ceil(stage.time.blocks / samplesOf(stage)))
  const bids = new Map<string, number>()
  const frameCells = cellsOf(frames)
  const eventCells = cellsOf(events)
  const triggerOf = triggers(stage)
  let pricedOut = 0
  return {
    frames,
    events,
    frame(of) {
      const put = frameCells()
      put(of.clock.block)
      put(of.clock.atSeconds)
      putMarket(of, sold, feeds, put)
      putBlock(of, put)
      const before = pricedOut
      pricedOut = pricedOutSoFar(of)
      put(pricedOut - before)
      const { asset } = of.scenario.shock
      putState(of, asset, put)
      put(of.clock.block % every === 0 ? forcedGain(of, asset) : Number.NaN)
      putGauges(of, put)
    },
    event(of, done) {
      const trigger = triggerOf(of, done, events.rows)
      putEvent(of, done, bidOf(bids, done), trigger, eventCells())
    },
  }
}

/** A large book is sampled less often: each time all of it is looked at. */
function samplesOf({ offset, posts }: Stage): number {
  return Math.min(GAIN_SAMPLES, Math.max(1, GAIN_LOOKS / Math.max(1, offset[posts.length])))
}

/** Writes the next cell of a row. */
type Put = (value: number) => void

/** Returns what opens a row and writes its cells from the first column on. */
function cellsOf(table: Table): () => Put {
  let row = 0
  let c = 0
  const put: Put = (value) => {
    table.values[c++][row] = value
  }
  return () => {
    row = addRow(table)
    c = 0
    return put
  }
}

function putMarket(of: Stage, sold: readonly number[], feeds: readonly Feed[], put: Put): void {
  const { mids, posts, clock, chain, tally } = of
  for (const a of sold) {
    put(of.outsideUsd[a])
    put(mids[a])
    put(depthOf(of, a))
    put(bidsWithin(of, a))
  }
  for (const { j, asset } of feeds) {
    const feed = posts[j].feeds[asset]
    put(feed.price())
    put(clock.atSeconds - feed.seenAt())
  }
  put(clock.gwei)
  put(chain.baseGwei())
  put(tally.block.lowestGwei === 0 ? Number.NaN : tally.block.lowestGwei)
  put(tally.block.lowestGwei === 0 ? Number.NaN : tally.block.highestGwei)
}

function putBlock({ tally: { block } }: Stage, put: Put): void {
  put(block.liquidations)
  put(block.repaidUsd)
  put(block.feedbackUsd)
  put(block.soldUsd)
  put(block.failed)
}

function putState(of: Stage, headline: number, put: Put): void {
  put(badDebtUsd(of))
  put(waiting(of))
  put(capital(of))
  put(1 - of.mids[headline] / of.opening[headline])
}

function putGauges({ posts }: Stage, put: Put): void {
  for (const { protocol } of posts) {
    const { house } = protocol.rules
    if (house === undefined) continue
    house.gauge(protocol, gauges)
    for (let g = 0; g < house.gauges.length; g++) put(gauges[g])
  }
}

const gauges = new Float64Array(16)

function putEvent(of: Stage, done: Done, bidUsd: number, trigger: number, put: Put): void {
  const { clock, mids, posts, market, offset } = of
  put(clock.block)
  put(clock.atSeconds)
  put(done.kind)
  put(done.protocol)
  put(done.account < 0 ? Number.NaN : offset[done.protocol] + done.account)
  put(done.taker)
  put(done.sells)
  put(done.seized)
  put(done.pays)
  put(done.repaid)
  put(done.repaidUsd)
  put(done.proceedsUsd)
  put(bidUsd)
  put(done.lostUsd)
  put(posts[done.protocol].protocol.prices[done.sells])
  put(market.price(done.sells))
  put(mids[done.sells])
  put(done.gwei)
  put(done.gasUsd)
  put(fateOf(of, done))
  put(done.generation)
  put(trigger)
}

/**
 * Finds the sale that set a liquidation off: the last one of the same collateral and of the
 * generation before that was made in an earlier block than that in which the account became
 * liquidatable.
 *
 * Shape: returns the row of its event; NaN for generation 0, and where there is none.
 */
function triggers({ time, market }: Stage): (of: Stage, done: Done, row: number) => number {
  const assets = market.assets.length
  const sales = Array.from({ length: time.generations * assets }, () => ({
    row: [] as number[],
    block: [] as number[],
  }))
  return ({ posts, clock }, { protocol, account, generation, kind, sells }, row) => {
    const since = posts[protocol].since[account]
    const before = generation === 0 ? null : sales[(generation - 1) * assets + sells]
    if (SOLD[kind]) {
      const own = sales[generation * assets + sells]
      own.row.push(row)
      own.block.push(clock.block)
    }
    if (before === null) return Number.NaN
    const at = firstAtLeast(before.block, since) - 1
    return at < 0 ? Number.NaN : before.row[at]
  }
}

/** By kind: whether collateral reached a liquidator, who sells it. */
const SOLD = KINDS.map((kind) => kind === 'liquidation' || kind === 'won' || kind === 'sale')

/** Index of the first entry of a rising list that is at least `wanted`. */
function firstAtLeast(list: readonly number[], wanted: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle] < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** The bid of this settlement; for a lot that changed hands, the bid that won it. */
function bidOf(bids: Map<string, number>, { kind, protocol, item, bidUsd }: Done): number {
  if (kind !== 2 && kind !== 3) return bidUsd
  const lot = `${protocol} ${item}`
  if (kind === 2) bids.set(lot, bidUsd)
  return bids.get(lot) ?? Number.NaN
}

function pricedOutSoFar({ takers }: Stage): number {
  let sum = 0
  for (const { books } of takers) sum += books.pricedOut
  return sum
}

/** Assets that venues buy, the headline first. */
export function soldAssets({ market, scenario }: Stage): number[] {
  const all = market.assets.map((_, a) => a).filter((a) => market.hop[a].length > 0)
  return [...new Set([scenario.shock.asset, ...all])].filter((a) => market.hop[a].length > 0)
}

/** Fate of an account's liquidation, as an index into FATES; NaN without a counterfactual. */
export function fateOf({ counterfactual, offset, tally }: Stage, done: Done): number {
  if (counterfactual === null || done.account < 0) return Number.NaN
  const row = offset[done.protocol] + done.account
  return fateIndex(tally.firstBlock[row], counterfactual.firstBlock[row])
}

/** Index into FATES for blocks of first liquidation with and without feedback; 0 is never. */
export function fateIndex(actual: number, without: number): number {
  if (without === 0) return 2
  return actual === without ? 0 : actual < without ? 1 : 3
}

/** USD of debt written off so far, at opening prices. */
export function badDebtUsd({ posts, opening }: Stage): number {
  let sum = 0
  for (const { protocol } of posts)
    for (let a = 0; a < opening.length; a++) sum += protocol.badDebt[a] * opening[a]
  return sum
}

/** USD price that an asset would have at the outside prices of this block. */
export function usdOutside(
  { market, outside }: Pick<Stage, 'market' | 'outside'>,
  asset: number,
): number {
  let price = 1
  for (let a = asset; ; a = market.venues[market.hop[a][0]].quoteAsset) {
    const worth = shareOf(market, a)?.worth ?? null
    if (worth !== null)
      return price * worth((side) => usdOutside({ market, outside }, side), outside[a])
    price *= outside[a]
    if (market.hop[a].length === 0) return price
  }
}

function depthOf({ market, formation }: Stage, asset: number): number {
  let sum = 0
  for (const v of market.hop[asset]) sum += formation.depth(v)
  return sum / market.hop[asset].length
}

/** USD that venues pay within 2 % of the mid. */
function bidsWithin({ market, mids }: Stage, asset: number): number {
  let units = 0
  for (const v of market.hop[asset]) {
    const venue = market.venues[v]
    units += venue.capacity(venue.mid() * (1 - BAND))
  }
  return units === Number.POSITIVE_INFINITY ? Number.NaN : units * mids[asset] * (1 - BAND / 2)
}

const BAND = 0.02

function waiting({ posts }: Stage): number {
  let sum = 0
  for (const { watch } of posts) sum += watch.breached()
  return sum
}

function capital({ takers }: Stage): number {
  let sum = 0
  for (const { cash, hasLeft } of takers) if (!hasLeft) sum += Math.max(0, cash)
  return sum === Number.POSITIVE_INFINITY ? Number.NaN : sum
}

interface Feed {
  readonly j: number
  readonly asset: number
}

/** The feeds worth a column: assets that are sold and that the protocol has a slot for. */
function feedsOf({ posts }: Stage, sold: readonly number[]): Feed[] {
  return posts.flatMap(({ protocol }, j) =>
    sold
      .filter((asset) => protocol.rules.slots.asset.includes(asset))
      .map((asset) => ({ j, asset })),
  )
}

function column(
  name: string,
  unit: string,
  definition: string,
  words: readonly string[] | null = null,
): Column {
  return { name, unit, definition, words }
}

function frameColumns({ market, posts }: Stage, sold: number[], feeds: Feed[]): Column[] {
  const { assets } = market
  return [
    column('block', 'block', 'Number of the block; 1 is the first after the opening.'),
    column('seconds', 'seconds', 'Time since the opening.'),
    ...sold.flatMap((a) => [
      column(`outside_${assets[a]}`, 'usd', 'Price that the outside world alone would make.'),
      column(`mid_${assets[a]}`, 'usd', 'Price in the market when the block closes.'),
      column(`depth_${assets[a]}`, 'ratio', 'Depth of its venues, 1 at the opening.'),
      column(`bids_${assets[a]}`, 'usd', 'Bids within 2 % of the mid of its venues.'),
    ]),
    ...feeds.flatMap(({ j, asset }) => [
      column(`oracle_${posts[j].protocol.name}_${assets[asset]}`, 'usd', 'Published price.'),
      column(
        `age_${posts[j].protocol.name}_${assets[asset]}`,
        'seconds',
        'How long ago the published price was in the market.',
      ),
    ]),
    column('gwei', 'gwei', 'Gas price at which a transaction is likely to be included.'),
    column('base_gwei', 'gwei', 'Base fee; 0 where there is none.'),
    column('won_gwei', 'gwei', 'Lowest gas price of a liquidator that was included.'),
    column('top_gwei', 'gwei', 'Highest gas price of a liquidator that was included.'),
    column('liquidations', 'count', 'Liquidations in the block.'),
    column('liquidated_usd', 'usd', 'Debt repaid in the block, at opening prices.'),
    column('feedback_usd', 'usd', 'Of it, what earlier forced sales made possible.'),
    column('sold_usd', 'usd', 'What sales of liquidators brought in the block.'),
    column('failed', 'count', 'Transactions of liquidators that failed in the block.'),
    column('priced_out', 'count', 'Bids not made that would have paid but for gas.'),
    column('bad_debt_usd', 'usd', 'Bad debt so far, at opening prices.'),
    column('waiting', 'count', 'Accounts that could be liquidated and are not.'),
    column('capital_usd', 'usd', 'Free cash of all liquidators; missing where it has no limit.'),
    column('drawdown', 'ratio', 'Fall of the headline asset since the opening.'),
    column('gain', 'ratio', 'Loop gain at the first stated further drop, sampled.'),
    ...posts.flatMap(({ protocol: { rules, name } }) =>
      (rules.house?.gauges ?? []).map((gauge) =>
        column(`${gauge.name}_${name}`, gauge.unit, gauge.definition),
      ),
    ),
  ]
}

function eventColumns({ posts, market, takers }: Stage): Column[] {
  const accounts = ([] as string[]).concat(...posts.map(({ protocol }) => protocol.accounts))
  const name = posts.map(({ protocol }) => protocol.name)
  return [
    column('block', 'block', 'Block in which it was settled.'),
    column('seconds', 'seconds', 'Time since the opening.'),
    column('kind', 'word', 'What was settled.', KINDS),
    column('protocol', 'word', 'Whose rules.', name),
    column(
      'account',
      'word',
      'Whose position; missing for a sale of what the rules hold.',
      accounts,
    ),
    column(
      'liquidator',
      'word',
      'Who took it.',
      takers.map((taker) => taker.name),
    ),
    column('collateral', 'word', 'Asset that left the account.', market.assets),
    column('units', 'units', 'Units of it that left.'),
    column('debt', 'word', 'Asset that was owed.', market.assets),
    column('repaid', 'units', 'Units of it that were repaid.'),
    column('repaid_usd', 'usd', 'The same at opening prices.'),
    column('proceeds_usd', 'usd', 'What the liquidator got for it in this block.'),
    column('bid_usd', 'usd', 'Its bid, where it names the price.'),
    column('bad_debt_usd', 'usd', 'Debt written off with it, at opening prices.'),
    column('oracle_price', 'usd', 'Published price of the collateral.'),
    column('price_after', 'usd', 'Price in the market right after.'),
    column('price_before', 'usd', 'Price in the market when the block opened.'),
    column('gwei', 'gwei', 'Gas price that it paid.'),
    column('gas_usd', 'usd', 'Gas that it paid.'),
    column('fate', 'word', 'Against the run without feedback.', FATES),
    column('generation', 'count', 'Sales that made it possible: 0 is the outside move alone.'),
    column(
      'trigger',
      'count',
      'Row (from 0) of the last sale of the same collateral by the generation before, made ' +
        'before this account became liquidatable; missing for generation 0.',
    ),
  ]
}
