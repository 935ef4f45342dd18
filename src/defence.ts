/** The contract of a defence: what holds a cascade back. Models are in `defences/`. */

import { healthFactor } from './book.ts'
import type { CodePage } from './codes.ts'
import type { Market } from './market.ts'
import type { Moment } from './moment.ts'
import type { Fields } from './parameters.ts'
import { type Offers, offerList, type Protocol, type Rules } from './rules.ts'
import type { Scenario } from './scenario.ts'
import type { Taker } from './taker.ts'

/**
 * What a defence may know when it acts: the past, and what the block opens with. Reused between
 * blocks.
 */
export interface Sight {
  readonly at: Moment
  /** The protocol that it defends; `protocol.prices` are published. It may write to these alone. */
  readonly protocol: Protocol
  readonly market: Market
  /** USD prices of the market at the opening of the block. */
  readonly mids: Float64Array
  /** Prices at which the run opened. */
  readonly opening: Float64Array
  /** How many accounts could be liquidated when the block before closed. */
  breached(): number
  /** Block in which an account became liquidatable. */
  since(account: number): number
  /** Number of the protocol. */
  readonly index: number
  /** Everybody's cash and stock lie open. Only to be read. */
  readonly takers: readonly Taker[]
  readonly funds: readonly Fund[]
  /** What so much gas costs at the price of the moment, USD. */
  gasUsd(units: number): number
}

/** A fund, as it stands. Units: USD. */
export interface Fund {
  readonly name: string
  readonly leftUsd: number
  /** By protocol: what it was paid. */
  readonly drawnUsd: Float64Array
}

/** What the defences of a protocol make of a block. It opens as `OPEN`, and each adds to it. */
export interface Stance {
  /** Nothing is liquidated in this block. */
  isPaused: boolean
  /** Factor on every liquidation threshold; each defence multiplies it. */
  threshold: number
  /** Factor on what may be borrowed anew; nobody who has borrowed is judged by it. */
  borrowing: number
}

/** One number of a defence: what it did so far. */
export interface Reading {
  readonly name: string
  readonly unit: 'usd' | 'count' | 'seconds' | 'ratio'
  readonly definition: string
}

/** What was settled with one offer of an account. USD at the mids of the block's opening. */
export interface Settled {
  readonly account: number
  /** Who took it, by index. */
  readonly taker: number
  readonly sells: number
  readonly pays: number
  readonly repaidUsd: number
  /** Worth of the collateral that the taker got. */
  readonly seizedUsd: number
}

/**
 * A defence of one protocol in one run, with its state.
 *
 * Law: it reacts only to what it was shown.
 * Law: without need it changes nothing: prices that never move leave every number as it was.
 */
export interface Defence {
  /** Name of its file; the command line writes it in kebab case. */
  readonly name: string
  /** Named numbers of what it did, for reports: blocks paused, USD refused. */
  readonly readings: readonly Reading[]
  /**
   * The scenario with what it brings: liquidators, venues, funds. Asked once, before anything is
   * built; `j` is its protocol.
   */
  extend?(scenario: Scenario, j: number): Scenario
  /** Once a block, after prices were published and before accounts are valued. */
  react?(sight: Sight, stance: Stance): void
  /**
   * Whether an account keeps the thresholds of the opening, whatever the stance is. Asked each time
   * that it is listed or settled while thresholds are moved.
   */
  keeps?(sight: Sight, account: number): boolean
  /**
   * Goes up whenever what it does to offers has changed by something else than prices: whoever
   * sleeps is asked again.
   */
  readonly stamp?: number
  /**
   * Makes less of the offers from `from` on, all of one account, or makes them dearer. It may drop
   * offers, all of them by lowering `count` to `from`. Returns whether it holds something back that
   * time alone may free.
   */
  shape?(sight: Sight, offers: Offers, from: number): boolean
  /**
   * Keeps these offers for a taker, or from one; asked once all defences have shaped them. Returns
   * as `shape` does.
   */
  claim?(sight: Sight, offers: Offers, from: number): boolean
  /**
   * Whether the offers from `from` on, all of one account, may be bid for in this block; asked in
   * the order in which accounts are listed. The first that is not ends the list of the block.
   */
  admits?(sight: Sight, offers: Offers, from: number): boolean
  /** The most units of an offer that may be settled now; 0 refuses it. */
  most?(sight: Sight, offers: Offers, offer: number, units: number): number
  /** Something was settled. */
  settled?(sight: Sight, done: Settled): void
  /** Once a block, after its last sale. */
  closed?(sight: Sight): void
  /** Writes the readings as they stand. */
  read(out: Float64Array): void
}

/**
 * What makes a defence from its parameters: the function that carries the name of its file. Its
 * docstring is the page that `firebreak help` prints.
 */
export interface DefenceFactory {
  // biome-ignore lint/suspicious/noExplicitAny: each factory states its own parameters
  (of: any): Defence
  readonly parameters: Fields
  /** Help on the codes of errors that only this defence gives. */
  readonly codes?: Readonly<Record<string, CodePage>>
}

/** Parameters of a defence, by the name of its factory. */
export interface DefenceSpec {
  readonly kind: string
  readonly [parameter: string]: unknown
}

/** Makes an offer dearer by so many units of what it is paid in, for the borrower. */
export function returnToBorrower(offers: Offers, offer: number, units: number): void {
  offers.cost[offer] += units
  offers.returned[offer] += units
}

/** Makes an offer dearer by so many units of what it is paid in, which the protocol keeps. */
export function keepForProtocol(offers: Offers, offer: number, units: number): void {
  offers.cost[offer] += units
  offers.kept[offer] += units
}

/** Leaves so much of an offer, as a share. */
export function leaveOf(offers: Offers, offer: number, share: number): void {
  offers.amount[offer] *= share
  offers.cost[offer] *= share
  offers.passed[offer] *= share
  offers.returned[offer] *= share
  offers.kept[offer] *= share
}

/** Takes an offer out; those behind it move up. */
export function dropOffer(offers: Offers, offer: number): void {
  for (const column of COLUMNS) offers[column].copyWithin(offer, offer + 1, offers.count)
  offers.count--
}

/** Health factor that an account would have under other rules of the same slots. */
export function factorUnder(rules: Rules, protocol: Protocol, account: number): number {
  const { values, book } = protocol
  if (saved.length < values.length) saved = new Float64Array(values.length)
  saved.set(values)
  rules.value(protocol)
  const factor = healthFactor(book, values, account)
  values.set(saved.subarray(0, values.length))
  return factor
}

const { count: _, ...columns } = offerList()
const COLUMNS = Object.keys(columns) as (keyof typeof columns)[]
let saved = new Float64Array(0)
