/** Builds everything that a run in time holds, from a resolved scenario. */

import { accountList } from './accountList.ts'
import { arrangedWorld } from './arrange.ts'
import { backlogFrom } from './backlog.ts'
import type { Guards } from './block/defend.ts'
import { openFunds } from './block/funds.ts'
import { houseState } from './block/house.ts'
import { numbersOf } from './block/numbers.ts'
import { usdPerGwei } from './block/open.ts'
import { pressureOf } from './block/pressure.ts'
import type { Counterfactual, Post, SeenView, Stage, Tally } from './block/stage.ts'
import { untoldOf } from './block/twins.ts'
import { accountsOf } from './book.ts'
import { chainFrom, transactionList } from './chain.ts'
import type { Sight } from './defence.ts'
import { assert } from './errors.ts'
import { type Formation, formationFrom } from './formation.ts'
import { type Kind, type Kinds, kindsOf } from './kinds.ts'
import { ledgerFrom } from './ledger.ts'
import type { Market } from './market.ts'
import { type Random, randomAt } from './math/random.ts'
import type { Oracle } from './oracle.ts'
import { oracleFrom } from './oracles/oracleFrom.ts'
import { type Paths, pathsFor, samplePaths } from './paths/sample.ts'
import { countedTwice, NO_PLEDGES } from './pledges.ts'
import { ACCOUNTS, LENDERS, offerList, type Protocol, rowOf } from './rules.ts'
import type { Scenario, TimeSpec } from './scenario.ts'
import { defenceFrom, setup } from './setup.ts'
import type { Numbers } from './sleepers.ts'
import { liquidator } from './takers/liquidator.ts'
import { type Watchlist, watchlistFrom } from './watchlist.ts'
import type { World } from './world.ts'

/** Streams of random numbers; paths use those below 1024. */
const TAKER_STREAM = 1024
const ORACLE_STREAM = 32768
/** Whose stock is held against flow, and who earns interest. */
const HOLDERS = { accounts: ACCOUNTS, lenders: LENDERS }
/** Gas of a liquidation where there are no takers to say. */
const GAS_MOST = 1e9

/** What is found by a look at all accounts of a protocol in its opening state. */
export interface Found {
  readonly kinds: Kinds
  /** Has looked once, at the opening values; a run uses it up. */
  readonly watch: Watchlist
}

/** Where runs of a scenario begin: its world, and what was found in it. A run uses it up. */
export interface Opening {
  readonly world: World
  readonly found: readonly Found[]
}

/**
 * The opening of a scenario; accounts lie as they are read fastest.
 *
 * Throws: InputError as `setup` does
 */
export function openingOf(
  scenario: Scenario,
  world: World = arrangedWorld(setup(scenario)),
): Opening {
  return { world, found: world.protocols.map(foundIn) }
}

/** Another opening in the same state. */
export function copyOpening({ world, found }: Opening): Opening {
  const copy = world.copy()
  return {
    world: copy,
    found: found.map(({ kinds, watch }, j) => ({
      kinds,
      watch: watch.copy(copy.protocols[j].book),
    })),
  }
}

/** Puts a used copy back. */
export function resetOpening(used: Opening, from: Opening): void {
  used.world.reset(from.world)
  used.found.forEach(({ watch }, j) => {
    watch.reset(from.found[j].watch)
  })
}

/** Looks at all accounts of a protocol. */
function foundIn({ book, rules, values, row }: Protocol): Found {
  const kinds = kindsOf(book)
  return { kinds, watch: watchlistFrom(book, rules.edge, values, kinds, row) }
}

/**
 * The stage of a scenario with a time, before its first block.
 *
 * Rule:   `paths` are those of the scenario, or those that a stage which `infers` has left: it
 *         reads its own as a record, and overwrites them with the outside move beneath it.
 *         What is breached at the opening waits in the backlog for block 1. Without feedback, or
 *         where prices are a record, there are no twins: nothing could differ.
 *         `from` is used up.
 * Throws: InputError when the scenario cannot be set up
 */
export function stageOf(
  scenario: Scenario,
  isFelt: boolean,
  counterfactual: Counterfactual | null,
  paths: Paths = pathsOf(scenario),
  infers = false,
  from: Opening = openingOf(scenario),
): Stage {
  const { time } = scenario
  assert(time !== null, 'a stage needs a scenario with a time')
  const { world, found } = from
  const { market, protocols } = world
  const random = randomAt(scenario.seed, time.path)
  const count = market.assets.length
  const opening = new Float64Array(count)
  market.prices(opening)
  const openingOutside = Float64Array.from(opening, (_, a) => market.outside(a))
  const takers = time.takers.map((spec, t) => liquidator(spec, t, count))
  const formation = formationFrom(time.formation, market)
  const clock = { block: 0, seconds: 0, atSeconds: 0, gwei: time.chain.gwei }
  const mids = opening.slice()
  const funds = openFunds(time.funds ?? [])
  const around = { at: clock, market, mids, opening, takers, funds }
  const posts = postsOf(scenario, protocols, found, random, formation, around)
  const chain = chainFrom(time.chain)
  const offset = offsets(protocols)
  const pledged = pledgedOf(world, opening, scenario, isFelt)
  return {
    scenario,
    time,
    isFelt,
    random,
    paths,
    infers,
    market,
    outlet: time.pricesAre === 'given' && scenario.feedback ? market.copy() : market,
    posts,
    protocols,
    ...pledged,
    formation,
    pressure: pressureOf(time, market),
    chain,
    takers,
    ...temperOf(time),
    ledger: ledgerFrom(protocols, count, takers.length, HOLDERS, pledged.pledges.elsewhere),
    twins: [],
    untold: untoldOf(market, time.generations),
    clock,
    view: viewOf({ clock, market, mids, chain, posts, random, time }),
    opening,
    openingOutside,
    outside: openingOutside.slice(),
    outsideUsd: opening.slice(),
    mids,
    ...emptyLists(count),
    stock: new Float64Array(takers.length * count * (time.generations + 1)),
    shelf: new Float64Array(protocols.length * count * (time.generations + 1)),
    funds,
    offset,
    tally: tallyOf(offset[protocols.length], protocols.length, opening, time),
    counterfactual,
  }
}

function emptyLists(
  assets: number,
): Pick<Stage, 'record' | 'transactions' | 'order' | 'standingBids'> {
  return {
    record: new Float64Array(assets),
    transactions: transactionList(),
    order: new Uint32Array(64),
    standingBids: new Map(),
  }
}

/** What holds for all takers of a run. */
function temperOf(time: TimeSpec): Pick<Stage, 'leastGas' | 'seeksProfit' | 'paysForGas' | 'hope'> {
  return {
    leastGas: Math.min(...time.takers.map(({ gas }) => gas), GAS_MOST),
    seeksProfit: time.takers.every(({ minProfitUsd }) => minProfitUsd >= 0),
    paysForGas: time.takers.every(
      ({ bidding }) =>
        bidding.kind === 'auction' || (bidding.kind === 'market' && bidding.times >= 1),
    ),
    hope: time.takers.reduce((most, { valuation }) => Math.max(most, 1 - valuation), 0),
  }
}

/** Without feedback each protocol has for itself what is pledged to it. */
function pledgedOf(
  { pledges, protocols }: World,
  opening: Float64Array,
  { feedback, time }: Scenario,
  isFelt: boolean,
): Pick<Stage, 'pledges' | 'countedTwice'> {
  const isSeized = feedback && (isFelt || time!.pricesAre === 'given')
  return {
    pledges: isSeized ? pledges : NO_PLEDGES,
    countedTwice: countedTwice(pledges, protocols, opening),
  }
}

/** What surrounds a protocol, without what it shows of itself. */
type Around = Omit<Sight, 'breached' | 'since' | 'gasUsd'>

/** The defences of a protocol, and what they may know. */
function guardsOf({ protocols, time }: Scenario, of: Around, post: () => Post): Guards | null {
  const { defences = [] } = protocols[of.index]
  if (defences.length === 0) return null
  const sight: Sight = {
    ...of,
    breached: () => post().watch.breached(),
    since: (account) => post().since[account],
    gasUsd: (units) => units * of.at.gwei * usdPerGwei(time!.chain, of.mids),
  }
  const stance = { isPaused: false, threshold: 1, borrowing: 1 }
  return { all: defences.map(defenceFrom), sight, stance, rules: new Map([[1, of.protocol.rules]]) }
}

function postsOf(
  scenario: Scenario,
  protocols: readonly Protocol[],
  found: readonly Found[],
  random: Random,
  formation: Formation,
  around: Omit<Around, 'protocol' | 'index'>,
): Post[] {
  const { market, opening, mids } = around
  const posts: Post[] = protocols.map((protocol, j) =>
    postOf(
      protocol,
      found[j],
      feedsOf(scenario, j, opening, random),
      tradedIn(protocol, market),
      guardsOf(scenario, { ...around, protocol, index: j }, () => posts[j]),
      scenario.time!.generations,
      (kind) => numbersOf(kind, protocol, market, formation, mids),
    ),
  )
  return posts
}

function postOf(
  protocol: Protocol,
  { kinds, watch }: Found,
  feeds: readonly Oracle[],
  traded: readonly number[],
  guards: Guards | null,
  generations: number,
  numbersFor: (kind: Kind) => Numbers,
): Post {
  const { book, rules } = protocol
  const accounts = accountsOf(book)
  const isHouse = rules.house !== undefined
  // Whoever is breached waits for the orders of a house, or is offered to takers.
  const [offered, waiting] = isHouse ? [0, accounts] : [accounts, 0]
  return {
    protocol,
    feeds,
    traded,
    guards,
    watch,
    backlog: backlogFrom(
      kinds.of.subarray(0, offered),
      kinds.kinds.map(numbersFor),
      isHouse ? null : protocol.row,
    ),
    offers: offerList(),
    standing: 0,
    stamp: 0,
    since: new Uint32Array(accounts),
    listed: accountList(offered),
    listedMargin: new Float64Array(offered),
    listedVersion: new Uint32Array(offered),
    waiting: accountList(waiting),
    house: !isHouse ? null : houseState(protocol, accounts, generations),
    isPublished: false,
    isOpen: true,
    indexBefore: protocol.index.slice(),
    fallen: accountList(accounts),
    risen: accountList(accounts),
  }
}

function tradedIn({ rules }: Protocol, { hop }: Market): number[] {
  const { asset } = rules.slots
  return hop.flatMap((venues, a) => (venues.length > 0 && asset.includes(a) ? [a] : []))
}

function feedsOf(scenario: Scenario, j: number, opening: Float64Array, random: Random): Oracle[] {
  return scenario.protocols[j].oracles.map((spec, a) => {
    const stream = ORACLE_STREAM + j * opening.length + a
    return oracleFrom(spec, { price: opening[a], draw: (block) => random.uniform(block, stream) })
  })
}

/** The outside paths of a scenario. */
function pathsOf(scenario: Scenario): Paths {
  const time = scenario.time!
  const assets = scenario.assets.length
  const paths = pathsFor(time, assets)
  samplePaths(time, scenario.seed, assets, paths)
  return paths
}

function viewOf(
  parts: Pick<Stage, 'clock' | 'market' | 'mids' | 'chain' | 'posts' | 'random' | 'time'>,
): SeenView {
  const { clock, market, mids, chain, posts, random, time } = parts
  return {
    at: clock,
    market,
    mids,
    gwei: clock.gwei,
    contestedGwei: chain.contestedGwei(),
    usdPerGwei: usdPerGwei(time.chain, mids),
    isPublished: (j) => posts[j].isPublished,
    since: (j, account) => posts[j].since[account],
    draw: (t, j, account) =>
      random.uniform(
        rowOf(posts[j].protocol, account),
        TAKER_STREAM + j * 256 + t,
        posts[j].since[account] & 0xffff,
      ),
  }
}

function offsets(protocols: readonly Protocol[]): Uint32Array {
  const offset = new Uint32Array(protocols.length + 1)
  for (let j = 0; j < protocols.length; j++)
    offset[j + 1] = offset[j] + accountsOf(protocols[j].book)
  return offset
}

function tallyOf(
  rows: number,
  protocols: number,
  opening: Float64Array,
  { generations, takers }: TimeSpec,
): Tally {
  const assets = opening.length
  return {
    firstBlock: new Uint32Array(rows),
    generation: new Uint8Array(rows),
    repaidUsd: new Float64Array(rows),
    reached: new Uint8Array(rows),
    generationCount: new Float64Array(generations + 1),
    generationUsd: new Float64Array(generations + 1),
    lost: Array.from({ length: protocols }, () => new Float64Array(assets)),
    coveredUsd: new Float64Array(protocols),
    liquidations: new Float64Array(protocols),
    sales: new Float64Array(protocols),
    salesUsd: new Float64Array(protocols),
    block: {
      liquidations: 0,
      repaidUsd: 0,
      feedbackUsd: 0,
      soldUsd: 0,
      failed: 0,
      gasUsed: 0,
      lowestGwei: 0,
      highestGwei: 0,
    },
    sold: new Float64Array(assets),
    unsold: new Float64Array(assets),
    extrapolated: false,
    inference: { miss: 0, missAt: 0, factor: 1 },
    closed: new Uint32Array(protocols),
    closedAt: new Uint32Array(protocols),
    fragility: 0,
    soldUsd: 0,
    borrowing: 0,
    borrowersLostUsd: new Float64Array(protocols),
    returnedUsd: new Float64Array(protocols),
    keptUsd: new Float64Array(protocols),
    extremes: {
      lowest: opening.slice(),
      lowestAt: new Uint32Array(assets),
      age: new Float64Array(protocols),
      gap: new Float64Array(protocols),
      gapAt: new Uint32Array(protocols),
      leftAt: new Uint32Array(takers.length),
      twinLowest: new Float64Array(0),
    },
    gap: 0,
    firstLiquidation: 0,
    lastLiquidation: 0,
  }
}
