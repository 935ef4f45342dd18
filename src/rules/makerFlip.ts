/** Maker before Clip: collateral of an unsafe vault goes to English auctions, lot by lot. */

import { health } from '../book.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  ITEMS,
  LENDERS,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Rules,
  type Settlement,
} from '../rules.ts'
import { type FlipAuctions, noAuctions, start } from './makerFlipAuctions.ts'
import { listAuctions, settleAuction } from './makerFlipBidding.ts'
import { checkFlip, flipParameters, type MakerFlipSpec } from './makerFlipParameters.ts'
import { interestAt, scaledAssets, type Terms, termsFrom } from './terms.ts'

/**
 * Rules of Maker's Liquidations 1.0 (Cat and Flip), as deployed on 12 March 2020.
 *
 * | native word           | here                                                                |
 * | --------------------- | ------------------------------------------------------------------- |
 * | urn, ink, art x rate  | account, its collateral leg, its debt leg x index                   |
 * | mat, spot             | 1 / `threshold`; published price x threshold                        |
 * | bite                  | a call that puts one lot of a breached account up for auction       |
 * | lump, chop, tab       | `lotUnits`; 1 + `penalty`; the lot's debt x chop                    |
 * | tend                  | free offer: the whole lot, at least `beg` above the bid before      |
 * | dent                  | free offer: at the full tab, a lot smaller by `beg`                 |
 * | deal, tick            | call reserved for the winner; call that restarts an unbid auction   |
 * | ttl and tic, tau, end | `ttlSeconds` from the last bid; `tauSeconds` from the bite          |
 *
 * Rule:       Breached iff ink x price x threshold < debt in DAI at par. A bite takes min(ink,
 *             lotUnits) and debt in proportion; tab = that debt x (1 + penalty). Bids rise to tab:
 *             at least min(tab, bid x (1 + beg)), the first at least 1e-18 DAI; more than tab is
 *             not taken. Then lots fall: lot / (1 + beg) for tab, the difference is the borrower's.
 *             Bids are taken before min(bid + ttl, end); after it the winner may deal, and without
 *             a bid anybody restarts the auction. At a deal, the bid above the debt is the
 *             reserve's, what it lacks is bad debt. So a lone bidder wins a lot for almost nothing.
 * Units:      offers and settlements in units. In time `seized` and `repaid` are 0 and every
 *             movement stands in `moves`: a bite takes the lot ACCOUNTS -> ITEMS and the debt the
 *             other way (ITEMS then holds -debt); a bid goes BIDDER -> ITEMS, the bid before ITEMS
 *             -> its taker, and in dent the difference of lots ITEMS -> BORROWERS; a deal takes the
 *             lot ITEMS -> BIDDER and closes bid - debt: above 0 ITEMS -> RESERVE, below 0 LENDERS
 *             -> ITEMS.
 * Shape:      `Offers.own` is a leg for a bite, else the id of an auction; `other` says which.
 *             `reserved` of a bid is -2 - t where taker t leads: anybody but t. `account` of an
 *             auction is the bitten one; the book has no part in it any more, so `version` says
 *             nothing there.
 * Source:     makerdao/dss, src/cat.sol bite(), src/flip.sol tend(), dent(), deal(), tick(), commit
 *             44330065
 * Simplifies: no rounding; one stability fee for all collateral; bids wait in escrow and reach the
 *             system at the deal, not at once; whoever leads may not bid against itself (refused:
 *             'nothing'), and only the winner deals; no limit on the sum of auctions (there was
 *             none before Liquidations 1.2) and no surplus or debt auctions. Several collaterals on
 *             an account stand for several vaults: each carries debt in proportion to its value x
 *             threshold. `terms` gives the penalty as the bonus. At most 32 bites of a leg are
 *             listed at once.
 *             Instant (taker -1): an auction has no meaning without time, so a bite sells what the
 *             collateral leg needs for its tab at its worth, all lots at once: seized = min(ink,
 *             tab / price), and what dent would give back stays on the account. repaid = min(debt,
 *             worth) and the penalty BIDDER -> RESERVE; what is missing is bad debt. Bids and deals
 *             are refused.
 * Assumes:    debt counts at 1 USD a DAI whatever it trades at, as Maker counted it.
 * Throws:     ParameterError on a parameter outside its range.
 */
export function makerFlip(of: MakerFlipSpec): Rules {
  checkFlip(of)
  const terms = termsFrom(of.assets.map((asset) => ({ ...asset, bonus: of.penalty })))
  const { slots, factor, rate } = terms
  return {
    name: 'makerFlip',
    slots,
    edge: 'below',
    sale: 'repeated',
    slotOf: (asset, side, group) =>
      side < 0 && asset !== of.dai ? -1 : terms.slotOf(asset, side, group),
    terms: terms.of,
    value({ values, prices, confidence, index }) {
      for (let s = 0; s < slots.count; s++) {
        const asset = slots.asset[s]
        const price = slots.side[s] < 0 ? PAR : Math.max(0, prices[asset] - confidence[asset])
        values[s] = price * factor[s] * index[s]
      }
    },
    ...interestAt(rate),
    items: noAuctions,
    standing: (protocol, at, out) => listAuctions(of, protocol, at, out),
    offers: (protocol, account, out) => listBites(of, terms, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      if (offers.other[offer] !== BITE)
        return settleAuction(of, protocol, offers, offer, bid, out.moves)
      return bite(of, terms, protocol, offers.account[offer], offers.own[offer], bid, out)
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      if (parameter === 'bonus') return makerFlip({ ...of, penalty: of.penalty * by })
      const assets = of.assets.map((asset) => ({ ...asset, bonus: 0 }))
      return makerFlip({ ...of, assets: scaledAssets(assets, parameter, by) })
    },
  }
}

makerFlip.parameters = flipParameters

/** `Offers.other` of a bite; others are auctions. */
const BITE = 0

const PAR = 1
/** No block of the time held more bites than this. */
const BITES_LISTED_MAX = 32
/** Below this share of a lot a remainder is rounding, not another lot. */
const REMAINDER = 1e-12

function listBites(
  of: MakerFlipSpec,
  { slots }: Terms,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  const { book, values } = protocol
  if (!(health(book, values, account) < 0)) return
  for (let own = book.start[account]; own < book.start[account + 1]; own++) {
    const slot = book.slot[own]
    if (!(book.amount[own] > 0 && values[slot] > 0)) continue
    const lots = Math.ceil(unitsOf(protocol, own) / of.lotUnits - REMAINDER)
    const sells = slots.asset[slot]
    const { dai, gas } = of
    const lot = Math.min(of.lotUnits, unitsOf(protocol, own))
    const now = book.version[account]
    for (let n = Math.min(Math.max(lots, 1), BITES_LISTED_MAX); n > 0; n--)
      pushOffer(out, account, sells, 0, dai, 0, now, own, BITE, gas.bite, -1, 0, lot)
  }
}

function bite(
  of: MakerFlipSpec,
  { slots }: Terms,
  protocol: Protocol,
  account: number,
  own: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { book, values } = protocol
  const slot = book.slot[own]
  if (!(book.amount[own] > 0)) return 'stale'
  if (!(health(book, values, account) < 0)) return 'healthy'
  if (!(values[slot] > 0)) return 'nothing'
  const asset = slots.asset[slot]
  if (bid.taker < 0) sellAtWorth(of, protocol, account, own, asset, out)
  else startAuction(of, protocol, account, own, asset, bid.atSeconds, out.moves)
  book.version[account]++
  return 0
}

function startAuction(
  of: MakerFlipSpec,
  protocol: Protocol,
  account: number,
  own: number,
  asset: number,
  now: number,
  moves: Moves,
): void {
  const units = unitsOf(protocol, own)
  const isLast = units - of.lotUnits <= REMAINDER * of.lotUnits
  const lot = isLast ? units : of.lotUnits
  const debt = takeDebt(protocol, account, own, lot / units)
  takeUnits(protocol, own, lot, units)
  const ends = now + of.tauSeconds
  const auctions = protocol.items as FlipAuctions
  start(auctions, account, asset, lot, debt, debt * (1 + of.penalty), ends)
  pushMove(moves, asset, ACCOUNTS, ITEMS, lot)
  pushMove(moves, of.dai, ITEMS, ACCOUNTS, debt)
}

function sellAtWorth(
  of: MakerFlipSpec,
  protocol: Protocol,
  account: number,
  own: number,
  asset: number,
  out: Settlement,
): void {
  const { prices, badDebt } = protocol
  const units = unitsOf(protocol, own)
  const worth = (units * prices[asset]) / prices[of.dai]
  const debt = takeDebt(protocol, account, own, 1)
  const tab = debt * (1 + of.penalty)
  const sold = worth * (1 - REMAINDER) <= tab ? units : (units * tab) / worth
  const paid = Math.min(tab, worth)
  takeUnits(protocol, own, sold, units)
  out.seized = sold
  out.repaid = Math.min(debt, paid)
  if (paid > debt) pushMove(out.moves, of.dai, BIDDER, RESERVE, paid - debt)
  if (paid < debt) {
    badDebt[of.dai] += debt - paid
    pushMove(out.moves, of.dai, LENDERS, ACCOUNTS, debt - paid)
  }
}

function unitsOf({ book, index }: Protocol, leg: number): number {
  return book.amount[leg] * index[book.slot[leg]]
}

function takeUnits({ book, index }: Protocol, own: number, taken: number, units: number): void {
  if (taken === units) book.amount[own] = 0
  else book.amount[own] -= taken / index[book.slot[own]]
}

/** Takes the debt that goes with a part of a collateral leg off the account, and returns it. */
function takeDebt(protocol: Protocol, account: number, own: number, part: number): number {
  const { book, values } = protocol
  const { amount, slot } = book
  const end = book.start[account + 1]
  let weighted = 0
  for (let k = book.start[account]; k < end; k++)
    if (amount[k] > 0) weighted += amount[k] * values[slot[k]]
  const share = part * ((amount[own] * values[slot[own]]) / weighted)
  let debt = 0
  for (let k = book.start[account]; k < end; k++) {
    if (!(amount[k] < 0)) continue
    debt -= share * unitsOf(protocol, k)
    amount[k] = share === 1 ? 0 : amount[k] * (1 - share)
  }
  return debt
}
