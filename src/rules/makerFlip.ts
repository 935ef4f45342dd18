/** Maker before Clip: collateral of an unsafe vault goes to English auctions, lot by lot. */

import { health } from '../book.ts'
import { page } from '../codes.ts'
import {
  ACCOUNTS,
  type Bid,
  ITEMS,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Rules,
  type Settlement,
} from '../rules.ts'
import { asked } from './maker/auctions.ts'
import { type FlipAuctions, noAuctions, start } from './maker/flipAuctions.ts'
import { listAuctions, settleAuction } from './maker/flipBidding.ts'
import { checkFlip, flipParameters, type MakerFlipSpec } from './maker/flipParameters.ts'
import { debtOf, REMAINDER, sellAtWorth, takeDebt, takeUnits, unitsOf } from './maker/vault.ts'
import { interestAt, scaledAssets, type Terms, termsFrom } from './terms.ts'

/**
 * Rules of Maker's Liquidations 1.0 (Cat and Flip), as deployed on 12 March 2020, and 1.2, their
 * last form, which cuts lots by debt and limits all auctions together.
 *
 * | native word           | here                                                                |
 * | --------------------- | ------------------------------------------------------------------- |
 * | urn, ink, art x rate  | account, its collateral leg, its debt leg x index                   |
 * | mat, spot             | 1 / `threshold`; published price x threshold                        |
 * | bite                  | a call that puts one lot of a breached account up for auction       |
 * | lump, chop, tab       | `lotUnits`; 1 + `penalty`; the lot's debt x chop                    |
 * | dunk, box, dust       | `dunkUsd`, `boxUsd`, `dustUsd`: 1.2 alone                           |
 * | litter                | the sum of the tabs of running auctions                             |
 * | tend                  | free offer: the whole lot, at least `beg` above the bid before      |
 * | dent                  | free offer: at the full tab, a lot smaller by `beg`                 |
 * | deal, tick            | call reserved for the winner; call that restarts an unbid auction   |
 * | ttl and tic, tau, end | `ttlSeconds` from the last bid; `tauSeconds` from the bite          |
 *
 * Rule:       Breached iff ink x price x threshold < debt in DAI at par. A bite takes min(ink,
 *             lotUnits) and debt in proportion; tab = that debt x (1 + penalty). With `dunkUsd` it
 *             takes min(debt, min(dunk, room) / (1 + penalty)) and collateral in proportion, room
 *             being box - litter; nothing where that is 0 or below dust, whatever is left of the
 *             vault. Bids rise to tab: at least min(tab, bid x (1 + beg)), the first at least 1e-45
 *             DAI (one rad); more than tab is not taken. Then lots fall: lot / (1 + beg) or less
 *             for tab, the difference is the borrower's. Bids are taken before min(bid + ttl, end);
 *             after it the winner may deal, and without a bid anybody restarts the auction. At a
 *             deal, the bid above the debt is the reserve's, what it lacks is bad debt. So a lone
 *             bidder wins a lot for almost nothing.
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
 *             44330065 (1.0); 1.2 is compared with the bytecode in @makerdao/testchain 1.1.32
 * Simplifies: no rounding; one stability fee for all collateral; bids wait in escrow and reach the
 *             system at the deal, not at once; whoever leads may not bid against itself (refused:
 *             'nothing'), and only the winner deals; a bid above tab counts as tab, where the chain
 *             refuses it; no surplus or debt auctions. Several collaterals on an account stand for
 *             several vaults: each carries debt in proportion to its value x threshold. `terms`
 *             gives the penalty as the bonus. At most 32 bites of a leg are listed at once.
 *             Instant (taker -1): an auction has no meaning without time, so a bite sells what the
 *             collateral leg needs for its tab at its worth, all lots at once and whatever the box:
 *             seized = min(ink, tab / price), and what dent would give back stays on the account.
 *             repaid = min(debt, worth) and the penalty BIDDER -> RESERVE; what is missing is bad
 *             debt. Bids and deals are refused.
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
makerFlip.codes = {
  FB2240: page(
    'DAI is missing from the assets, or is collateral, or another asset has a borrowRate.',
    'List DAI without a threshold; its borrowRate is the stability fee of all vaults.',
  ),
  FB2241: page('An auction penalty is negative or not finite.', 'Write it like 13%.'),
  FB2242: page('A lot holds nothing.', 'Give the most units in one auction, like 50.'),
  FB2243: page('Bids need not rise.', 'Give a step above 0, like 3%.'),
  FB2244: page('A bid or an auction lasts no time.', 'Give a time above 0, like 10 min.'),
  FB2245: page('Gas of an auction call is negative.', 'Give units of gas, 0 or more.'),
  FB2247: page(
    'A Flip auction has no limit, or two.',
    'Give either lot (Liquidations 1.0) or dunk (1.2).',
  ),
  FB2248: page('The most DAI of one Flip auction is not above 0.', 'Write dunk: $50k.'),
  FB2249: page(
    'The box or dust of Flip makes no sense.',
    'A box above 0 goes with dunk, dust of 0 or more with box.',
  ),
}

/** `Offers.other` of a bite; others are auctions. */
const BITE = 0

const PAR = 1
/** No block of the time held more bites than this. */
const BITES_LISTED_MAX = 32
function listBites(
  of: MakerFlipSpec,
  { slots }: Terms,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  const { book, values } = protocol
  if (!(health(book, values, account) < 0)) return
  const { dai, gas } = of
  const now = book.version[account]
  for (let own = book.start[account]; own < book.start[account + 1]; own++) {
    const slot = book.slot[own]
    if (!(book.amount[own] > 0 && values[slot] > 0)) continue
    const sells = slots.asset[slot]
    let left = unitsOf(protocol, own)
    const debtPerUnit = debtOf(protocol, account, own) / left
    let litter = asked(protocol.items as FlipAuctions)
    for (let n = 0; n < BITES_LISTED_MAX && left > 0; n++) {
      const lot = nextLot(of, left, left * debtPerUnit, litter)
      if (!(lot > 0)) break
      pushOffer(out, account, sells, 0, dai, 0, now, own, BITE, gas.bite, -1, 0, lot)
      litter += lot * debtPerUnit * (1 + of.penalty)
      left -= lot
    }
  }
}

/** Units that the next bite of a vault takes; 0 where the box is full. */
function nextLot(
  { lotUnits, dunkUsd, boxUsd, dustUsd, penalty }: MakerFlipSpec,
  units: number,
  debt: number,
  litter: number,
): number {
  if (dunkUsd === undefined) return units - lotUnits! <= REMAINDER * lotUnits! ? units : lotUnits!
  const room = (boxUsd ?? Number.POSITIVE_INFINITY) - litter
  if (!(room > 0 && room >= (dustUsd ?? 0))) return 0
  const part = Math.min(dunkUsd, room) / (1 + penalty) / debt
  return part >= 1 - REMAINDER ? units : units * part
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
  else if (!startAuction(of, protocol, account, own, asset, bid.atSeconds, out.moves))
    return 'nothing'
  book.version[account]++
  return 0
}

/** Puts a lot up; returns whether there was room for one. */
function startAuction(
  of: MakerFlipSpec,
  protocol: Protocol,
  account: number,
  own: number,
  asset: number,
  now: number,
  moves: Moves,
): boolean {
  const auctions = protocol.items as FlipAuctions
  const units = unitsOf(protocol, own)
  const lot = nextLot(of, units, debtOf(protocol, account, own), asked(auctions))
  if (!(lot > 0)) return false
  const debt = takeDebt(protocol, account, own, lot / units)
  takeUnits(protocol, own, lot, units)
  const ends = now + of.tauSeconds
  start(auctions, account, asset, lot, debt, debt * (1 + of.penalty), ends)
  pushMove(moves, asset, ACCOUNTS, ITEMS, lot)
  pushMove(moves, of.dai, ITEMS, ACCOUNTS, debt)
  return true
}
