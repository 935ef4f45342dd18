/** Maker since Clip: collateral of an unsafe vault goes to Dutch auctions. */

import { health } from '../book.ts'
import { page } from '../codes.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  ITEMS,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Rules,
  type Settlement,
} from '../rules.ts'
import {
  type ClipAuctions,
  isBelowLevel,
  noSales,
  rewardFor,
  roomFor,
  startSale,
  watchPrices,
} from './maker/clipAuctions.ts'
import { checkClip, clipParameters, type MakerClipSpec } from './maker/clipParameters.ts'
import { listSales, settleSale } from './maker/clipSales.ts'
import { debtOf, REMAINDER, sellAtWorth, takeDebt, takeUnits, unitsOf } from './maker/vault.ts'
import { interestAt, scaledAssets, type Terms, termsFrom } from './terms.ts'

/**
 * Rules of Maker's Liquidations 2.0 (Dog and Clip): Dutch auctions whose price starts above the
 * market and falls until somebody buys, at once and in parts.
 *
 * | native word           | here                                                                |
 * | --------------------- | ------------------------------------------------------------------- |
 * | urn, ink, art x rate  | account, its collateral leg, its debt leg x index                   |
 * | mat, spot             | 1 / `threshold`; published price x threshold                        |
 * | bark, kick            | a call that puts a breached account, or a part, up for auction      |
 * | hole, Hole            | `holeUsd`, `totalHoleUsd`                                           |
 * | dirt, Dirt            | the sum of the tabs of running auctions of an asset, and of all     |
 * | chop, tab             | 1 + `penalty`; the lot's debt x chop, less what was paid            |
 * | buf, top              | 1 + `buf`; published price x buf                                    |
 * | tail, cusp            | `tailSeconds`; `cusp`                                               |
 * | Abacus: tau, cut, step| `abacus`, with `tauSeconds`, `cut`, `stepSeconds`                   |
 * | take                  | offer at the price of the moment, in parts                          |
 * | redo                  | call that restarts an auction at the price of now                   |
 * | tip, chip             | `tipUsd` + `chip` x tab: reward of a bark and of a redo             |
 * | dust, chost           | `dustUsd`; dust x chop                                              |
 * | stopped, tolerance    | `stopped`; `tolerance`                                              |
 *
 * Rule:       Breached iff ink x price x threshold < debt in DAI at par. room = min(Hole - Dirt,
 *             hole - dirt), above 0. A bark takes min(debt, room / chop) and collateral in
 *             proportion: all of the debt where less than dust would stay (the room may be
 *             passed), nothing where less than dust would go. tab = that debt x chop, top = price x
 *             buf.
 *             Price after t: linear top x (1 - t / tau), stairstep top x cut ^ floor(t / step),
 *             exponential top x cut ^ t. After tail, or below cusp x top, nothing is sold until
 *             somebody restarts it.
 *             A take gets min(lot, amount) at the price, not for more than tab. A part that would
 *             leave a tab below chost leaves chost; where the tab is no more than that, only the
 *             whole is sold. At lot 0 the rest of the tab is lost, at tab 0 the rest of the lot is
 *             the borrower's.
 *             A bark is paid tip + chip x tab; a redo too, unless tab or the lot's worth is below
 *             chost. Breaker: 1 no bark, 2 no redo either, 3 no take; it goes to 2, for good, when
 *             a price is below tolerance x the price of the block before.
 * Units:      offers and settlements in units. In time `seized` and `repaid` are 0 and every
 *             movement stands in `moves`: a bark takes the lot ACCOUNTS -> ITEMS and the debt the
 *             other way (ITEMS then holds -debt); a take pays BIDDER -> ITEMS and gets the lot
 *             ITEMS -> BIDDER; at the end what is left of the lot goes ITEMS -> BORROWERS, and what
 *             was raised less the debt above 0 ITEMS -> RESERVE, below 0 LENDERS -> ITEMS. Rewards
 *             go RESERVE -> BIDDER.
 * Shape:      `Offers.own` is a leg for a bark, else the id of an auction; `other` says which. A
 *             bark with a reward is listed twice: as an offer of the reward, and as a call for
 *             whoever comes for the lot. `account` of an auction is the one barked at; the book has
 *             no part in it any more, so `version` says nothing there.
 * Source:     makerdao/dss, src/dog.sol bark(), src/clip.sol kick(), take(), redo(), src/abaci.sol,
 *             commit fa4f6630; makerdao/clipper-mom, src/ClipperMom.sol tripBreaker(), commit
 *             1473b448
 * Simplifies: no rounding; one set of parameters and one stability fee for all collateral; what is
 *             raised reaches the system when its auction ends, not at once; no cancelled auctions,
 *             no surplus or debt auctions, so the reserve may fall below 0. The breaker is set when
 *             a price is published, where the chain sets it up to an hour before, as soon as the
 *             next price of the security module is known. Several collaterals on an account stand
 *             for several vaults: each carries debt in proportion to its value x threshold. `terms`
 *             gives the penalty as the bonus.
 *             Instant (taker -1): an auction has no meaning without time, so a bark sells what the
 *             collateral leg needs for its tab at its worth, within the hole: seized = min(ink,
 *             tab / price), repaid = min(debt, worth) and the penalty BIDDER -> RESERVE; what is
 *             missing is bad debt. There are no rewards, and auctions are not touched.
 * Assumes:    debt counts at 1 USD a DAI whatever it trades at, as Maker counts it.
 * Throws:     ParameterError on a parameter outside its range.
 */
export function makerClip(of: MakerClipSpec): Rules {
  checkClip(of)
  const terms = termsFrom(of.assets.map((asset) => ({ ...asset, bonus: of.penalty })))
  const { slots, factor, rate } = terms
  return {
    name: 'makerClip',
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
    items: noSales,
    standing(protocol, at, out) {
      watchPrices(of, protocol)
      listSales(of, protocol, at, out)
    },
    offers: (protocol, account, out) => listBarks(of, terms, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      if (offers.other[offer] > PAID_BARK)
        return settleSale(of, protocol, offers, offer, bid, out.moves)
      if (offers.other[offer] === PAID_BARK && bid.taker < 0) return 'nothing'
      return bark(of, terms, protocol, offers.account[offer], offers.own[offer], bid, out)
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      if (parameter === 'bonus') return makerClip({ ...of, penalty: of.penalty * by })
      const assets = of.assets.map((asset) => ({ ...asset, bonus: 0 }))
      return makerClip({ ...of, assets: scaledAssets(assets, parameter, by) })
    },
  }
}

makerClip.parameters = clipParameters
makerClip.codes = {
  FB2265: page(
    'DAI is missing from the assets, or is collateral, or another asset has a borrowRate.',
    'List DAI without a threshold; its borrowRate is the stability fee of all vaults.',
  ),
  FB2266: page(
    'A number of makerClip is outside its range.',
    'Penalty, dust, buf, chip, tip and gas are 0 or more; holes and tail above 0.',
  ),
  FB2267: page('A share of a price is not below 1.', 'Write cusp: 40% and tolerance: 50%.'),
  FB2268: page(
    'The abacus lacks a number, or has one that is not its own.',
    'linear: tau; stairstep: cut and step; exponential: cut. A cut is between 0 and 1.',
  ),
  FB2269: page('A breaker has no such level.', 'Write stopped: 0, 1, 2 or 3.'),
}

/** `Offers.other` of a bark for the lot, and of one for the reward; others are auctions. */
const BARK = 0
const PAID_BARK = 1

const PAR = 1

function listBarks(
  of: MakerClipSpec,
  { slots }: Terms,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  const { book, values } = protocol
  if (!(health(book, values, account) < 0)) return
  const { dai, gas } = of
  const auctions = protocol.items as ClipAuctions
  const now = book.version[account]
  for (let own = book.start[account]; own < book.start[account + 1]; own++) {
    const slot = book.slot[own]
    if (!(book.amount[own] > 0 && values[slot] > 0)) continue
    const sells = slots.asset[slot]
    if (!isBelowLevel(of, auctions, sells, 1)) continue
    const debt = debtOf(protocol, account, own)
    const part = partOf(of, debt, roomFor(of, auctions, sells))
    if (!(part > 0)) continue
    const lot = part * unitsOf(protocol, own)
    pushOffer(out, account, sells, 0, dai, 0, now, own, BARK, gas.bark, -1, 0, lot)
    const reward = rewardFor(of, part * debt * (1 + of.penalty))
    if (reward > 0 && auctions.isTimed[0] === 1)
      pushOffer(out, account, dai, reward, dai, 0, now, own, PAID_BARK, gas.bark)
  }
}

/**
 * Share of a vault that a bark takes; 0 where there is no room.
 *
 * Rule: all, where less than dust would stay; nothing, where less than dust would go.
 */
function partOf({ penalty, dustUsd }: MakerClipSpec, debt: number, room: number): number {
  if (!(room > 0)) return 0
  const part = room / (1 + penalty) / debt
  if (part >= 1 - REMAINDER || (1 - part) * debt < dustUsd) return 1
  return part * debt < dustUsd ? 0 : part
}

function bark(
  of: MakerClipSpec,
  { slots }: Terms,
  protocol: Protocol,
  account: number,
  own: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { book, values } = protocol
  const slot = book.slot[own]
  const asset = slots.asset[slot]
  if (!(book.amount[own] > 0)) return 'stale'
  if (!(health(book, values, account) < 0)) return 'healthy'
  if (!(values[slot] > 0)) return 'nothing'
  const auctions = protocol.items as ClipAuctions
  if (!isBelowLevel(of, auctions, asset, 1)) return 'paused'
  if (bid.taker < 0) sellAtWorth(of, protocol, account, own, asset, out)
  else {
    const room = roomFor(of, auctions, asset)
    const part = partOf(of, debtOf(protocol, account, own), room)
    if (!(part > 0)) return room > 0 ? 'dust' : 'nothing'
    kick(of, protocol, account, own, asset, part, bid.atSeconds, out)
  }
  book.version[account]++
  return 0
}

/** Puts a part of a vault up, and pays whoever did it. */
function kick(
  of: MakerClipSpec,
  protocol: Protocol,
  account: number,
  own: number,
  asset: number,
  part: number,
  now: number,
  { moves }: Settlement,
): void {
  const units = unitsOf(protocol, own)
  const lot = part === 1 ? units : part * units
  const debt = takeDebt(protocol, account, own, part)
  takeUnits(protocol, own, lot, units)
  const tab = debt * (1 + of.penalty)
  const top = protocol.prices[asset] * (1 + of.buf)
  startSale(protocol.items as ClipAuctions, account, asset, lot, debt, tab, top, now)
  pushMove(moves, asset, ACCOUNTS, ITEMS, lot)
  pushMove(moves, of.dai, ITEMS, ACCOUNTS, debt)
  const reward = rewardFor(of, tab)
  if (reward > 0) pushMove(moves, of.dai, RESERVE, BIDDER, reward)
}
