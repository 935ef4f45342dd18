/** Everything that a run in time holds. Only the steps of a block read and write it. */

import type { AccountList } from '../accountList.ts'
import type { Backlog } from '../backlog.ts'
import type { Chain, Transactions } from '../chain.ts'
import type { Formation } from '../formation.ts'
import type { Ledger } from '../ledger.ts'
import type { Market } from '../market.ts'
import type { Random } from '../math/random.ts'
import type { Moment } from '../moment.ts'
import type { Oracle } from '../oracle.ts'
import type { Paths } from '../paths/sample.ts'
import type { CountedTwice, Pledges } from '../pledges.ts'
import type { Offers, Protocol } from '../rules.ts'
import type { Scenario, TimeSpec } from '../scenario.ts'
import type { Taker, View } from '../taker.ts'
import type { Watchlist } from '../watchlist.ts'
import type { Guards } from './defend.ts'
import type { SharedFund } from './funds.ts'
import type { HouseState } from './house.ts'
import type { Pressure } from './pressure.ts'
import type { Untold } from './twins.ts'

/** A clock that the loop sets; all others read it as a `Moment`. */
export type Clock = { -readonly [key in keyof Moment]: Moment[key] }

/** What takers see of gas is set as a block opens. */
export type SeenView = Omit<View, Seen> & { -readonly [key in Seen]: View[key] }
type Seen = 'gwei' | 'usdPerGwei' | 'contestedGwei'

/** One protocol with what surrounds it in time. */
export interface Post {
  readonly protocol: Protocol
  /** One feed per asset. */
  readonly feeds: readonly Oracle[]
  /** Assets of its slots that have venues. */
  readonly traded: readonly number[]
  readonly watch: Watchlist
  readonly backlog: Backlog
  /** What was offered in this block; the first `standing` of it by the rules themselves. */
  readonly offers: Offers
  standing: number
  /** Block in which each account became liquidatable last. */
  readonly since: Uint32Array
  /** Accounts that were bid on in this block, or wait for the latency of a taker. */
  readonly listed: AccountList
  /** Of those: the margin at which each was listed, and the version of its legs then. */
  readonly listedMargin: Float64Array
  readonly listedVersion: Uint32Array
  /** Breached accounts of a house, and what it needs from block to block; null without one. */
  readonly waiting: AccountList
  readonly house: HouseState | null
  /** Its defences; null without any. */
  readonly guards: Guards | null
  /** `Items.stamp` and those of its defences, at the opening of the block. */
  stamp: number
  /** Whether any feed published another price in this block. */
  isPublished: boolean
  /** False while a feed is not valid or a defence pauses: then nothing is liquidated. */
  isOpen: boolean
  /** Scratch: indices before interest; accounts that changed side. */
  readonly indexBefore: Float64Array
  readonly fallen: AccountList
  readonly risen: AccountList
}

/** A market without the sales of some generation and later ones; see `twins.ts`. */
export interface Twin {
  readonly market: Market
  readonly formation: Formation
  readonly mids: Float64Array
  /** By protocol: its own prices and values over the book of the run. */
  readonly posts: readonly { readonly protocol: Protocol; readonly feeds: readonly Oracle[] }[]
}

/** What the counterfactual run knows of each account row: 0 block for never. */
export interface Counterfactual {
  readonly firstBlock: Uint32Array
  readonly repaidUsd: Float64Array
  readonly badDebtUsd: number
  readonly accounts: number
}

export interface Stage {
  readonly scenario: Scenario
  readonly time: TimeSpec
  /** Whether sales move prices: not without feedback, and not where prices are a record. */
  readonly isFelt: boolean
  readonly random: Random
  readonly paths: Paths
  /** Whether `paths` are a record whose outside move is found block by block, and written there. */
  readonly infers: boolean
  readonly market: Market
  /** Where liquidators sell: the market, or where prices are a record a copy for the block. */
  readonly outlet: Market
  readonly posts: readonly Post[]
  /** Those of the posts. */
  readonly protocols: readonly Protocol[]
  /** Collateral that counts in several protocols; none where seizures are not felt. */
  readonly pledges: Pledges
  /** What of it counted twice at the opening. */
  readonly countedTwice: CountedTwice
  readonly formation: Formation
  readonly pressure: Pressure
  readonly chain: Chain
  readonly takers: readonly Taker[]
  /** Gas of the cheapest taker, units, where the rules state none. */
  readonly leastGas: number
  /** Whether every taker wants a profit. */
  readonly seeksProfit: boolean
  /** Whether none of them bids below the gas price of the moment. */
  readonly paysForGas: boolean
  /** Share of an auctioned lot's worth that the keenest bidder keeps. */
  readonly hope: number
  readonly ledger: Ledger
  readonly twins: Twin[]
  readonly untold: Untold
  readonly clock: Clock
  readonly view: SeenView
  /** Opening prices in USD, and opening outside prices of the first hops. */
  readonly opening: Float64Array
  readonly openingOutside: Float64Array
  /** Outside price of each asset's first hop in this block, before permanent impact. */
  readonly outside: Float64Array
  /** The same in USD, through the routes. */
  readonly outsideUsd: Float64Array
  readonly record: Float64Array
  /** USD prices in the market at the opening of the block. */
  readonly mids: Float64Array
  readonly transactions: Transactions
  order: Uint32Array
  /** Units in stock of takers by [taker, asset, generation]. */
  readonly stock: Float64Array
  /** Units that the rules took over from accounts, by [protocol, asset, generation]. */
  readonly shelf: Float64Array
  /** Funds that protocols share, in the order in which they are drawn on. */
  readonly funds: readonly SharedFund[]
  /** USD of the standing bid of each auction, by protocol and item. */
  readonly standingBids: Map<string, number>
  /** Account rows: account i of protocol j is `offset[j] + i`. */
  readonly offset: Uint32Array
  readonly tally: Tally
  /** The run without feedback to compare with; null in that run itself. */
  readonly counterfactual: Counterfactual | null
}

/** What has happened so far. Dollars of debt are units at the opening price of the debt asset. */
export interface Tally {
  /** By account row: block of the first liquidation (0: none), its generation, debt repaid. */
  readonly firstBlock: Uint32Array
  readonly generation: Uint8Array
  readonly repaidUsd: Float64Array
  /** By account row: its generation where a seizure elsewhere was what breached it last; else 0. */
  readonly reached: Uint8Array
  /** By generation. */
  readonly generationCount: Float64Array
  readonly generationUsd: Float64Array
  /** By protocol and asset: written off in settlements, units. */
  readonly lost: readonly Float64Array[]
  /** By protocol: USD of it that shared funds paid. */
  readonly coveredUsd: Float64Array
  readonly liquidations: Float64Array
  /** By protocol: sales of what the rules hold, and USD of them at the mid of the block. */
  readonly sales: Float64Array
  readonly salesUsd: Float64Array
  /** Of this block. */
  readonly block: BlockTally
  /** By asset: units sold so far; what venues refused. */
  readonly sold: Float64Array
  readonly unsold: Float64Array
  extrapolated: boolean
  readonly extremes: Extremes
  readonly inference: Inference
  /** By protocol: blocks in which somebody could be liquidated and a feed was not valid. */
  readonly closed: Uint32Array
  readonly closedAt: Uint32Array
  /** Highest ratio of forced sales to what the book refills in the same time. */
  fragility: number
  /** USD that forced sales brought. */
  soldUsd: number
  /** Sum over blocks and protocols of what defences left of borrowing power. */
  borrowing: number
  /** By protocol, USD: what borrowers lost beside debts; what defences gave them, and kept. */
  readonly borrowersLostUsd: Float64Array
  readonly returnedUsd: Float64Array
  readonly keptUsd: Float64Array
  /** Largest difference of stock and flow in any block, as a share. */
  gap: number
  firstLiquidation: number
  lastLiquidation: number
}

/** How well a record was met, in the run that infers the outside move beneath it. */
export interface Inference {
  /** Largest distance of a mid to its record, as a share, and its block. */
  miss: number
  missAt: number
  /** Largest outside price over its record. */
  factor: number
}

/** The worst of the run so far. Blocks are 0 before there is any. */
export interface Extremes {
  /** By asset: lowest price at which a block closed, and that block. */
  readonly lowest: Float64Array
  readonly lowestAt: Uint32Array
  /** By protocol: oldest published price; largest distance to the market, and its block. */
  readonly age: Float64Array
  readonly gap: Float64Array
  readonly gapAt: Uint32Array
  /** By taker: block in which it left. */
  readonly leftAt: Uint32Array
  /** Headline price of each twin, the market last, when the market was lowest. */
  twinLowest: Float64Array
}

/** What happened in one block. */
export interface BlockTally {
  liquidations: number
  repaidUsd: number
  feedbackUsd: number
  soldUsd: number
  failed: number
  gasUsed: number
  /** Lowest and highest gas price that liquidators paid for what succeeded; 0: none. */
  lowestGwei: number
  highestGwei: number
}
