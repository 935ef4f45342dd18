/** Ajna: no oracle; lenders' own prices decide, and loans go to auctions that fall for days. */

import { health } from '../book.ts'
import { page } from '../codes.ts'
import type { Moment } from '../moment.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  FIRST_TAKER,
  ITEMS,
  LENDERS,
  type Moves,
  type Offers,
  POOL,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Rules,
  type Settlement,
} from '../rules.ts'
import {
  auctionPrice,
  bondFactorOf,
  COLLATERALISATION,
  close,
  open,
  rewardShare,
  rowOf,
  SETTLE_SECONDS,
  sizeTake,
  type Take,
} from './ajna/auctions.ts'
import { forgive, type Settled, swap } from './ajna/buckets.ts'
import { type AjnaSpec, ajnaParameters, checkPool } from './ajna/parameters.ts'
import {
  COLLATERAL,
  collateralLeg,
  DEBT,
  followOf,
  highestThreshold,
  lower,
  lupOf,
  type Pool,
  pass,
  poolFrom,
  unitsOf,
  worthOf,
} from './ajna/pool.ts'

/**
 * Rules of an Ajna pool of fungible collateral, as deployed in 2024.
 *
 * | native word                 | here                                                       |
 * | --------------------------- | ---------------------------------------------------------- |
 * | LUP, lowest utilised price  | what health counts collateral at, whatever the market says |
 * | threshold price TP          | debt / collateral of an account                            |
 * | neutral price NP            | 1.04 x TP x `npTpRatio`, at the kick                       |
 * | HTP                         | 1.04 x the highest TP of all loans not under auction       |
 * | kick, bond, bond factor     | call, with a bond that the caller puts up                  |
 * | take                        | standing offer on the account, in parts, price by the time |
 * | BPF                         | the kicker's reward, as a share of what a taker pays       |
 * | settle                      | call, from 72 hours after the kick                         |
 * | t0 debt, inflator           | the debt leg, its index                                    |
 *
 * Rule:       Breached iff collateral x LUP < 1.04 x debt. LUP is the price of the bucket in which
 *             deposits, from the highest price down, reach the debt of all accounts. A kick posts
 *             factor x debt, factor = (npTpRatio - 1) / 10 within 0.5 % and 3 %. The price then
 *             falls from 256 x max(HTP, NP): halved every 20 minutes for 2 hours, every 2 hours up
 *             to 14, then every hour. A taker pays that price; of it 1 - (5 x factor - BPF) / 4
 *             repays the debt, BPF = factor x (NP - price) / (NP - TP) within -factor and factor is
 *             added to the bond or, below 0, taken from it; the rest is the reserve's. An auction
 *             goes on when the account has recovered, and ends when its debt is paid: the bond is
 *             the kicker's again. From 72 hours on, or without collateral, it may be settled:
 *             buckets from the highest price down take collateral at their prices; what debt is
 *             left falls on the reserves, then on the highest buckets.
 * Units:      prices and bonds in quote; health in USD at the published price of quote. Collateral
 *             and debt stay legs of the account under auction. What a taker pays beyond the debt
 *             goes BIDDER -> RESERVE and a reward RESERVE -> ITEMS; a bond BIDDER -> ITEMS and back
 *             to its kicker. Buckets that swap at a settlement are POOL; what reserves lack is bad
 *             debt of LENDERS.
 * Shape:      `Offers.own` is a collateral leg of the account, `other` says what of three.
 * Source:     ajna-finance/ajna-core, src/libraries/external/KickerActions.sol kick(),
 *             TakerActions.sol take(), helpers/PoolHelper.sol, commit 0f59e780; of earlier states
 *             SettlerActions.sol settlePoolDebt(), commit 0f5ec56d, and internal/Deposits.sol
 *             getLup(), commit 01bb424c. None of these says how HTP is formed.
 * Simplifies: no rounding, to the grid of bucket prices neither; one npTpRatio for all loans; the
 *             rate is fixed and lenders earn all of it, in proportion to their deposits; no bucket
 *             takes, no least debt, no NFT pools, no reserve auctions; a borrower neither adds
 *             collateral nor repays. Debt that even all deposits do not cover is forgiven.
 *             Instant (taker -1): a price that falls for hours has no meaning without time, so a
 *             kick sells at the published price what the debt needs, as a take at that price whose
 *             taker is the kicker; what is left is bad debt at once, and reserves bear none of it.
 * Assumes:    HTP counts the 1.04 of a breach, as NP does: without it, an auction would open up to
 *             4 % lower where another loan's TP is above npTpRatio times that of the account.
 *             Lenders, who have no oracle either, leave their buckets where they are
 *             (`lendersFollow: none`), or keep them at a constant ratio to the published price, all
 *             alike and with one half-life; without time they do so at once. Wrong where they
 *             leave, or where each looks at another market. Whoever calls a settlement is moved by
 *             the debt in it: in truth lenders are, who may not withdraw before.
 * Throws:     ParameterError on parameters outside their range.
 */
export function ajna(of: AjnaSpec): Rules {
  checkPool(of)
  return {
    name: 'ajna',
    slots: {
      count: 2,
      asset: Uint16Array.of(of.collateral, of.quote),
      side: Int8Array.of(1, -1),
      group: new Uint16Array(2),
    },
    edge: 'below',
    sale: 'repeated',
    slotOf(asset, side, group) {
      if (group !== 0) return -1
      if (side > 0) return asset === of.collateral ? COLLATERAL : -1
      return asset === of.quote ? DEBT : -1
    },
    terms: (asset, group) =>
      asset === of.collateral && group === 0
        ? { threshold: 1 / COLLATERALISATION, bonus: 0 }
        : null,
    value(protocol) {
      const { values, prices, index } = protocol
      const usd = prices[of.quote]
      values[COLLATERAL] = lupOf(of, protocol) * usd
      values[DEBT] = COLLATERALISATION * usd * index[DEBT]
    },
    accrue: (protocol, seconds) => pass(of, protocol, seconds),
    items: () => poolFrom(of),
    standing: (protocol, at, out) => listAuctions(of, protocol, at, out),
    offers: (protocol, account, out) => listKick(of, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      const account = offers.account[offer]
      const kind = offers.other[offer]
      if (kind === KICK) return kick(of, protocol, account, bid, out)
      const row = rowOf((protocol.items as Pool).auctions, account)
      if (row < 0) return 'stale'
      return kind === TAKE
        ? take(of, protocol, row, bid, out)
        : end(of, protocol, row, bid.atSeconds, out.moves)
    },
    scaled: () => null,
  }
}

ajna.parameters = ajnaParameters

ajna.codes = {
  FB2292: page('A pool lends its own collateral.', 'Name two assets under collateral: and quote:.'),
  FB2293: page('A bucket has no price, or less than nothing in it.', 'Correct it under buckets:.'),
  FB2294: page(
    'A number of a pool is outside its range.',
    'Write npTpRatio like 1.15, others from 0.',
  ),
  FB2295: page('Lenders follow in no time.', 'Write a half-life above 0, or leave it out.'),
}

/** `Offers.other`. */
const KICK = 0
const TAKE = 1
const SETTLE = 2

function listKick(of: AjnaSpec, protocol: Protocol, account: number, out: Offers): void {
  const { book, values, items } = protocol
  if (!(health(book, values, account) < 0)) return
  if (rowOf((items as Pool).auctions, account) >= 0) return
  const units = unitsOf(protocol, account, COLLATERAL)
  if (!(units > 0)) return
  const { collateral, quote } = of
  const now = book.version[account]
  const own = collateralLeg(protocol, account)
  const gas = of.gas?.kick ?? 0
  const bond = bondFactorOf(of.npTpRatio) * unitsOf(protocol, account, DEBT)
  pushOffer(out, account, collateral, 0, quote, bond, now, own, KICK, gas, -1, 0, units)
}

function kick(
  of: AjnaSpec,
  protocol: Protocol,
  account: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { book, values, items } = protocol
  const { auctions } = items as Pool
  const collateral = unitsOf(protocol, account, COLLATERAL)
  const debt = unitsOf(protocol, account, DEBT)
  if (!(collateral > 0 && debt > 0) || rowOf(auctions, account) >= 0) return 'stale'
  if (!(health(book, values, account) < 0)) return 'healthy'
  const threshold = debt / collateral
  const neutral = COLLATERALISATION * threshold * of.npTpRatio
  if (bid.taker < 0) {
    sellAtWorth(of, protocol, account, threshold, neutral, out)
    return 0
  }
  const highest = COLLATERALISATION * highestThreshold(protocol)
  const bond = bondFactorOf(of.npTpRatio) * debt
  const row = open(auctions, account)
  auctions.kicker[row] = bid.taker
  auctions.kickedAt[row] = bid.atSeconds
  auctions.reference[row] = Math.max(highest, neutral)
  auctions.neutral[row] = neutral
  auctions.threshold[row] = threshold
  auctions.bond[row] = bond
  pushMove(out.moves, of.quote, BIDDER, ITEMS, bond)
  book.version[account]++
  return 0
}

/** Appends one offer for every auction: a take, or the call that settles it. */
function listAuctions(of: AjnaSpec, protocol: Protocol, at: Moment, out: Offers): void {
  const { auctions } = protocol.items as Pool
  const { collateral, quote } = of
  for (let row = 0; row < auctions.count; row++) {
    const account = auctions.account[row]
    const now = protocol.book.version[account]
    const own = collateralLeg(protocol, account)
    if (isOver(protocol, row, at.atSeconds)) {
      const debt = unitsOf(protocol, account, DEBT)
      const gas = of.gas?.settle ?? 0
      pushOffer(out, account, quote, 0, quote, 0, now, own, SETTLE, gas, -1, 0, debt)
    } else if (at.atSeconds > auctions.kickedAt[row]) {
      sizeAt(of, protocol, row, at.atSeconds, Number.POSITIVE_INFINITY)
      const { units, paid } = taken
      const gas = of.gas?.take ?? 0
      pushOffer(out, account, collateral, units, quote, paid, now, own, TAKE, gas)
    }
  }
}

function isOver(protocol: Protocol, row: number, atSeconds: number): boolean {
  const { account, kickedAt } = (protocol.items as Pool).auctions
  const isLate = atSeconds - kickedAt[row] >= SETTLE_SECONDS
  return isLate || !(unitsOf(protocol, account[row], COLLATERAL) > 0)
}

/** Fills `taken` with a take at a time. */
function sizeAt(of: AjnaSpec, protocol: Protocol, row: number, atSeconds: number, wanted: number) {
  const { auctions } = protocol.items as Pool
  const account = auctions.account[row]
  const bondFactor = bondFactorOf(of.npTpRatio)
  const price = auctionPrice(auctions.reference[row], atSeconds - auctions.kickedAt[row])
  const share = rewardShare(price, auctions.neutral[row], auctions.threshold[row], bondFactor)
  const collateral = unitsOf(protocol, account, COLLATERAL)
  const debt = unitsOf(protocol, account, DEBT)
  const bond = auctions.bond[row]
  sizeTake({ price, share, bondFactor }, { collateral, debt, bond }, wanted, taken)
}

function take(of: AjnaSpec, protocol: Protocol, row: number, bid: Bid, out: Settlement): Reason {
  const pool = protocol.items as Pool
  const { auctions } = pool
  if (isOver(protocol, row, bid.atSeconds) || !(bid.atSeconds > auctions.kickedAt[row]))
    return 'stale'
  sizeAt(of, protocol, row, bid.atSeconds, bid.amount)
  const { units, paid, repaid, reward } = taken
  if (!(units > 0)) return 'nothing'
  const account = auctions.account[row]
  out.seized = units
  out.repaid = repaid
  lower(protocol, account, COLLATERAL, units)
  lower(protocol, account, DEBT, repaid)
  auctions.bond[row] += reward
  // As much as the bond factor goes to the kicker: then nothing is kept, but for rounding.
  pool.reserves += Math.max(0, paid - repaid - reward)
  pushMove(out.moves, of.quote, BIDDER, RESERVE, paid - repaid)
  if (reward > 0) pushMove(out.moves, of.quote, RESERVE, ITEMS, reward)
  if (reward < 0) pushMove(out.moves, of.quote, ITEMS, RESERVE, -reward)
  if (unitsOf(protocol, account, DEBT) === 0) release(of, pool, row, out.moves)
  protocol.book.version[account]++
  return 0
}

/** Settles an auction that is over: buckets swap, then reserves and lenders bear the rest. */
function end(
  of: AjnaSpec,
  protocol: Protocol,
  row: number,
  atSeconds: number,
  moves: Moves,
): Reason {
  const pool = protocol.items as Pool
  const account = pool.auctions.account[row]
  if (!isOver(protocol, row, atSeconds)) return 'stale'
  const collateral = unitsOf(protocol, account, COLLATERAL)
  const debt = unitsOf(protocol, account, DEBT)
  left.collateral = collateral
  left.debt = debt
  swap(pool.buckets, followOf(of, protocol), left)
  // Where deposits are gone, the lowest bucket takes what collateral is left, for nothing.
  const swapped = left.debt > 0 ? collateral : collateral - left.collateral
  pushMove(moves, of.collateral, ACCOUNTS, POOL, swapped)
  pushMove(moves, of.quote, POOL, ACCOUNTS, debt - left.debt)
  lower(protocol, account, COLLATERAL, swapped)
  lower(protocol, account, DEBT, debt)
  writeOff(of, protocol, left.debt, moves)
  release(of, pool, row, moves)
  protocol.book.version[account]++
  return 0
}

function writeOff(of: AjnaSpec, protocol: Protocol, debt: number, moves: Moves): void {
  const pool = protocol.items as Pool
  const covered = Math.min(pool.reserves, debt)
  if (covered > 0) pushMove(moves, of.quote, RESERVE, ACCOUNTS, covered)
  pool.reserves -= covered
  const lost = debt - covered
  if (!(lost > 0)) return
  forgive(pool.buckets, lost)
  protocol.badDebt[of.quote] += lost
  pushMove(moves, of.quote, LENDERS, ACCOUNTS, lost)
}

/** Gives the bond back and ends the auction. */
function release({ quote }: AjnaSpec, { auctions }: Pool, row: number, moves: Moves): void {
  pushMove(moves, quote, ITEMS, FIRST_TAKER + auctions.kicker[row], auctions.bond[row])
  close(auctions, row)
}

function sellAtWorth(
  of: AjnaSpec,
  protocol: Protocol,
  account: number,
  threshold: number,
  neutral: number,
  out: Settlement,
): void {
  const pool = protocol.items as Pool
  const price = worthOf(of, protocol)
  const bondFactor = bondFactorOf(of.npTpRatio)
  const share = rewardShare(price, neutral, threshold, bondFactor)
  const collateral = unitsOf(protocol, account, COLLATERAL)
  const debt = unitsOf(protocol, account, DEBT)
  const bond = bondFactor * debt
  sizeTake({ price, share, bondFactor }, { collateral, debt, bond }, collateral, taken)
  const kept = Math.max(0, taken.paid - taken.repaid - taken.reward)
  out.seized = taken.units
  out.repaid = taken.repaid
  pool.reserves += kept
  pushMove(out.moves, of.quote, BIDDER, RESERVE, kept)
  lower(protocol, account, COLLATERAL, taken.units)
  lower(protocol, account, DEBT, debt)
  const lost = debt - taken.repaid
  if (lost > 0) {
    forgive(pool.buckets, lost)
    protocol.badDebt[of.quote] += lost
    pushMove(out.moves, of.quote, LENDERS, ACCOUNTS, lost)
  }
  protocol.book.version[account]++
}

const taken: Take = { units: 0.5, paid: 0.5, repaid: 0.5, reward: 0.5 }
const left: Settled = { collateral: 0.5, debt: 0.5 }
