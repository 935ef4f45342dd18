/** Random histories of Maker's vaults and auctions, played to the exact twin and the rules. */

import { health } from '../book.ts'
import {
  BIDDER,
  BORROWERS,
  FIRST_TAKER,
  LENDERS,
  offerList,
  type Protocol,
  pushOffer,
  RESERVE,
  type Rules,
} from '../rules.ts'
import {
  agree,
  BAND,
  compare,
  type Dice,
  diceOf,
  distance,
  float,
  saw,
  type Tally,
} from './dice.suite.ts'
import { asked } from './maker/auctions.ts'
import { act, auctionsIn, DAI, ETH, movedIn, standingAt } from './makerFlip.suite.ts'
import {
  type FlipBid,
  type FlipTwin,
  type FlipTwinSpec,
  flipTwin,
  RAD,
  RAY,
  type Refusal,
  WAD,
} from './makerFlip.twin.suite.ts'
import {
  type BidAct,
  dentOf,
  type FlipAct,
  rulesOf,
  specOf,
  tendOf,
} from './makerFlipDraws.suite.ts'
import { offersOf, protocolOf, publish } from './vectors.suite.ts'

/** What the twin answered, and the world that it did it in. */
export interface FlipStep {
  readonly of: FlipTwinSpec
  readonly twin: FlipTwin
  readonly act: FlipAct
  readonly now: bigint
  readonly refusal: Refusal
}

export const URNS = ['urn 0', 'urn 1', 'urn 2']

interface World {
  readonly of: FlipTwinSpec
  readonly twin: FlipTwin
  readonly dice: Dice
  readonly tally: Tally
  readonly mat: bigint
  readonly rules: Rules
  /** Of each vault at its opening: below a small part of it floats are not compared. */
  readonly opened: Map<string, bigint>
  now: bigint
  /** Each bid of the float rules has a taker of its own: there nobody bids against itself. */
  takers: number
}

/**
 * Plays history number `at`; throws where the float rules and the twin disagree.
 *
 * Rule: a history ends with a decision inside the band, for then either outcome is right.
 */
export function* flipHistory(
  version: FlipTwinSpec['version'],
  seed: number,
  at: number,
  tally: Tally,
): Generator<FlipStep> {
  const dice = diceOf(seed, at)
  const price = dice.wide(0.3, 30_000, WAD)
  const mat = dice.between(1.1, 2, RAY)
  const of = specOf(version, dice)
  const twin = flipTwin(of)
  const rules = rulesOf(of, mat)
  const opened = new Map<string, bigint>()
  const world: World = { of, twin, dice, tally, mat, rules, opened, now: 1_000_000n, takers: 0 }
  twin.rate = dice.isHit(0.3) ? RAY : dice.between(1, 1.6, RAY)
  twin.spot = spotAt(price, mat)
  yield note(world, { name: 'file', rate: twin.rate, spot: twin.spot }, null)
  for (const urn of URNS) yield open(world, urn)
  if (opened.size === 0) return
  const protocol = protocolFrom(world, [...opened.keys()])
  fall(world, price)
  yield note(world, { name: 'file', rate: twin.rate, spot: twin.spot }, null)
  publish(protocol, ETH, float(twin.spot, RAY) * float(mat, RAY))
  for (let n = 0; n < ACTS; n++) {
    world.now += BigInt(dice.pick([1, 1, 13, 600]))
    const isBite = twin.bids.size === 0 || dice.isHit(n < 4 ? 0.8 : 0.15)
    const played = isBite ? bite(world, protocol) : auctionAct(world, protocol)
    if (played === null) continue
    yield played.step
    if (played.isClose) return
  }
}

const ACTS = 24

function spotAt(price: bigint, mat: bigint): bigint {
  return (price * 10n ** 9n * RAY) / mat
}

function note({ of, twin, now }: World, act: FlipAct, refusal: Refusal): FlipStep {
  return { of, twin, act, now, refusal }
}

/** A vault is opened, or refused as unsafe, dusty or above the ceiling. */
function open(world: World, urn: string): FlipStep {
  const { twin, dice, opened, tally, rules } = world
  const ink = dice.wide(0.05, 5000, WAD)
  const most = (ink * twin.spot) / twin.rate
  const edge = most + dice.pick([-1n, 0n, 1n])
  const art = dice.isHit(0.1) ? edge : (most * WAD) / dice.between(0.9, 1.8, WAD)
  const refusal = twin.frob(urn, ink, art)
  if (refusal === null) opened.set(urn, ink)
  if (refusal === null || refusal === 'Vat/not-safe') {
    const isClose = distance(ink * twin.spot, art * twin.rate) < BAND
    const at = protocolOf(
      rules,
      [1, float(twin.spot, RAY) * float(world.mat, RAY)],
      [
        [0, ETH, float(ink, WAD)],
        [0, DAI, -float(art, WAD)],
      ],
    )
    setRate(at, twin)
    agree(tally, health(at.book, at.values, 0) >= 0, refusal === null, isClose)
  }
  saw(tally, 'frob', refusal)
  return note(world, { name: 'frob', urn, dink: ink, dart: art }, refusal)
}

function protocolFrom({ twin, rules, mat }: World, urns: readonly string[]): Protocol {
  const price = float(twin.spot, RAY) * float(mat, RAY)
  const legs = urns.flatMap((urn, i) => {
    const { ink, art } = twin.urns.get(urn)!
    return [[i, ETH, float(ink, WAD)] as const, [i, DAI, -float(art, WAD)] as const]
  })
  const protocol = protocolOf(rules, [1, price], legs)
  setRate(protocol, twin)
  return protocol
}

function setRate(protocol: Protocol, { rate }: FlipTwin): void {
  protocol.index[protocol.rules.slotOf(DAI, -1, 0)] = float(rate, RAY)
  protocol.rules.value(protocol)
}

/** The price falls, sometimes to where one vault is just safe or unsafe. */
function fall({ twin, dice, mat, opened }: World, price: bigint): void {
  const lower = (price * dice.between(0.3, 0.9, WAD)) / WAD
  twin.spot = spotAt(lower, mat)
  if (!dice.isHit(0.15)) return
  const { ink, art } = twin.urns.get(dice.pick([...opened.keys()]))!
  const edge = (art * twin.rate) / ink
  twin.spot = edge + dice.pick([0n, 1n, edge / 10n ** 11n, -edge / 10n ** 11n])
}

interface Played {
  readonly step: FlipStep
  readonly isClose: boolean
}

function bite(world: World, protocol: Protocol): Played | null {
  const { of, twin, dice, tally, opened } = world
  const urns = [...opened.keys()]
  const urn = dice.pick(urns)
  const account = urns.indexOf(urn)
  const { ink, art } = twin.urns.get(urn)!
  if (ink * 1_000_000n < opened.get(urn)!) return null
  const room = of.box - twin.litter
  const edges = [distance(ink * twin.spot, art * twin.rate)]
  if (of.version === '1.2') edges.push(distance(room, of.dust), float(room, of.box))
  const refusal = twin.bite(urn, world.now)
  const isClose = refusal === 'Cat/null-auction' || edges.some((edge) => Math.abs(edge) < BAND)
  const offers = offersOf(protocol, account)
  const isListed = offers.count > 0
  const own = protocol.book.start[account]
  if (!isListed) pushOffer(offers, account, ETH, 0, DAI, 0, 0, own, 0)
  const { reason } = act(protocol, offers, 0, { atSeconds: Number(world.now) })
  agree(tally, isListed, refusal === null, isClose)
  agree(tally, reason === 0, refusal === null, isClose)
  saw(tally, 'bite', refusal)
  if (refusal === null && !isClose) compareBite(world, protocol, account, urn, { ink, art })
  return { step: note(world, { name: 'bite', urn }, refusal), isClose }
}

function compareBite(
  { of, twin, tally }: World,
  protocol: Protocol,
  account: number,
  urn: string,
  was: { ink: bigint; art: bigint },
): void {
  const auctions = auctionsIn(protocol)
  const row = auctions.count - 1
  const { lot, tab, end } = twin.bids.get(twin.kicks)!
  const { ink, art } = twin.urns.get(urn)!
  compare(tally, auctions.lot[row], float(lot, WAD))
  compare(tally, auctions.debt[row], float((was.art - art) * twin.rate, RAD))
  compare(tally, auctions.tab[row], float(tab, RAD))
  compare(tally, auctions.ends[row], Number(end))
  const own = protocol.book.start[account]
  const { amount } = protocol.book
  compare(tally, amount[own], float(ink, WAD), float(was.ink, WAD))
  compare(tally, -amount[own + 1], float(art, WAD), float(was.art, WAD))
  if (of.version === '1.2') compare(tally, asked(auctions), float(twin.litter, RAD))
}

/** A bid, a deal or a restart, mostly of the kind that is due. */
function auctionAct(world: World, protocol: Protocol): Played {
  const { twin, dice } = world
  const id = dice.pick([...twin.bids.keys()])
  const at = twin.bids.get(id)!
  const closes = at.tic !== 0n && at.tic < at.end ? at.tic : at.end
  const moment = closes + dice.pick([-1n, 0n, 1n])
  if (dice.isHit(0.3) && moment > world.now) world.now = moment
  const isOver = closes < world.now
  const due = isOver ? (at.tic === 0n ? 'tick' : 'deal') : at.bid === at.tab ? 'dent' : 'tend'
  const name = dice.isHit(0.85) ? due : dice.pick(['tend', 'dent', 'deal', 'tick'] as const)
  if (name === 'tend') return bid(world, protocol, tendOf(dice, id, at, world.of), at)
  if (name === 'dent') return bid(world, protocol, dentOf(dice, id, at, world.of), at)
  return end(world, protocol, name, id, { ...at })
}

/** `Offers.other` of what concerns an auction. */
const KINDS = { tend: 1, dent: 2, deal: 3, tick: 4 } as const

function bid(world: World, protocol: Protocol, of: BidAct, at: FlipBid): Played {
  const { twin, tally } = world
  const was = { ...at }
  const isClose =
    of.name === 'tend' &&
    of.bid !== at.tab &&
    (distance(of.bid, at.tab) < BAND ||
      (at.bid > 0n && distance(of.bid * WAD, world.of.beg * at.bid) < BAND))
  const refusal = twin[of.name](of.id, of.guy, of.lot, of.bid, world.now)
  saw(tally, of.name, refusal)
  const step = note(world, of, refusal)
  if (NOT_OURS.has(refusal ?? '')) return { step, isClose: false }
  const { moved, former, isListed } = settle(world, protocol, of.name, of.id, {
    pays: of.bid === at.tab ? Number.POSITIVE_INFINITY : float(of.bid, RAD),
    amount: of.name === 'tend' ? Number.POSITIVE_INFINITY : float(of.lot, WAD),
  })
  const isOver = refusal?.startsWith('Flipper/already-finished') ?? false
  const isDue = of.name === (was.bid === was.tab ? 'dent' : 'tend')
  agree(tally, isListed, isDue && !isOver, false)
  agree(tally, moved.reason === 0, refusal === null, isClose)
  if (moved.reason === 0 && !isClose) {
    compareRow(world, protocol, of.id)
    compare(tally, movedIn(moved, DAI, BIDDER, -1), float(of.bid, RAD))
    if (was.bid > 0n)
      compare(tally, movedIn(moved, DAI, -1, FIRST_TAKER + former), float(was.bid, RAD))
    if (of.name === 'dent') {
      const back = float(was.lot - of.lot, WAD)
      compare(tally, movedIn(moved, ETH, -1, BORROWERS), back, float(was.lot, WAD))
    }
  }
  return { step, isClose }
}

/**
 * Refusals that the float rules do not know: there an offer is an invitation, of which a bidder
 * gets the listed lot at most at the tab.
 */
const NOT_OURS = new Set([
  'Flipper/lot-not-matching',
  'Flipper/higher-than-tab',
  'Flipper/lot-not-lower',
  'Flipper/insufficient-decrease',
  'Flipper/not-matching-bid',
])

function end(
  world: World,
  protocol: Protocol,
  name: 'deal' | 'tick',
  id: bigint,
  was: FlipBid,
): Played {
  const { twin, tally, now } = world
  const auctions = auctionsIn(protocol)
  const debt = auctions.debt[auctions.place[Number(id) - 1]]
  const refusal = twin[name](id, now)
  saw(tally, name, refusal)
  const { moved, isListed } = settle(world, protocol, name, id, {})
  agree(tally, isListed, refusal === null, false)
  agree(tally, moved.reason === 0, refusal === null, false)
  if (refusal === null && name === 'tick') compareRow(world, protocol, id)
  if (refusal === null && name === 'deal') {
    const over = float(was.bid, RAD) - debt
    const [from, to] = over > 0 ? [-1, RESERVE] : [LENDERS, -1]
    compare(tally, movedIn(moved, ETH, -1, BIDDER), float(was.lot, WAD))
    compare(tally, movedIn(moved, DAI, from, to), Math.abs(over), float(was.tab, RAD))
    if (world.of.version === '1.2')
      compare(tally, asked(auctions), float(twin.litter, RAD), float(was.tab + twin.litter, RAD))
  }
  return { step: note(world, { name, id }, refusal), isClose: false }
}

/** Settles the listed offer of the kind, or one made up where none is listed. */
function settle(
  world: World,
  protocol: Protocol,
  name: BidAct['name'] | 'deal' | 'tick',
  id: bigint,
  asks: { readonly pays?: number; readonly amount?: number },
) {
  const own = Number(id) - 1
  const atSeconds = Number(world.now)
  const auctions = auctionsIn(protocol)
  const row = auctions.place[own]
  const former = auctions.leader[row]
  let offers = standingAt(protocol, atSeconds)
  let offer = offers.own.findIndex(
    (of, i) => i < offers.count && of === own && offers.other[i] === KINDS[name],
  )
  const isListed = offer >= 0
  if (!isListed) {
    offers = offerList()
    pushOffer(offers, auctions.account[row], ETH, 0, DAI, 0, 0, own, KINDS[name])
    offer = 0
  }
  const taker = name === 'deal' ? Math.max(0, former) : world.takers++
  const moved = act(protocol, offers, offer, { ...asks, taker, atSeconds })
  return { moved, former, isListed }
}

function compareRow({ twin, tally }: World, protocol: Protocol, id: bigint): void {
  const auctions = auctionsIn(protocol)
  const row = auctions.place[Number(id) - 1]
  const { lot, bid, tic, end } = twin.bids.get(id)!
  compare(tally, auctions.lot[row], float(lot, WAD))
  compare(tally, auctions.bid[row], float(bid, RAD))
  compare(tally, auctions.bidEnds[row], tic === 0n ? Number.POSITIVE_INFINITY : Number(tic))
  compare(tally, auctions.ends[row], Number(end))
}
