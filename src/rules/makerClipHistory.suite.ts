/** Random histories of Maker's Dutch auctions, played to the exact twin and the float rules. */

import {
  BIDDER,
  BORROWERS,
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
import { ethA, salesIn } from './makerClip.suite.ts'
import { makerClip } from './makerClip.ts'
import {
  type AbacusTwin,
  type ClipTwin,
  type ClipTwinSpec,
  clipTwin,
  type SaleTwin,
} from './makerClip.twin.suite.ts'
import { act, DAI, ETH, movedIn, standingAt } from './makerFlip.suite.ts'
import { RAD, RAY, WAD } from './makerFlip.twin.suite.ts'
import { offersOf, protocolOf, publish } from './vectors.suite.ts'

const URNS = ['urn 0', 'urn 1', 'urn 2', 'urn 3']

interface World {
  readonly of: ClipTwinSpec
  readonly twin: ClipTwin
  readonly dice: Dice
  readonly tally: Tally
  readonly rules: Rules
  readonly protocol: Protocol
  readonly opened: Map<string, bigint>
  readonly mat: bigint
  /** DAI that each auction brought so far. */
  readonly raised: Map<bigint, bigint>
  /** What each auction opened with. */
  readonly lots: Map<bigint, bigint>
  now: bigint
}

/**
 * Plays history number `at`; throws where the float rules and the twin disagree.
 *
 * Rule: a history ends with a decision inside the band, for then either outcome is right.
 */
export function clipHistory(seed: number, at: number, tally: Tally): void {
  const dice = diceOf(seed, at)
  const world = worldOf(dice, tally)
  for (let n = 0; n < ACTS; n++) {
    world.now += BigInt(dice.pick([1, 13, 90, 900]))
    const { twin } = world
    if (dice.isHit(0.1)) setPrice(world, (twin.feed * dice.between(0.9, 1.08, WAD)) / WAD)
    if (dice.isHit(0.03)) setBreaker(world)
    const isBark = twin.sales.size === 0 || dice.isHit(n < 4 ? 0.8 : 0.15)
    const isClose = isBark ? bark(world) : saleAct(world)
    if (isClose) return
  }
}

const ACTS = 24

function worldOf(dice: Dice, tally: Tally): World {
  const mat = dice.between(1.1, 2, RAY)
  const of = specOf(dice)
  const { cut: _, stepSeconds: __, ...others } = ethA
  const rules = makerClip({
    ...others,
    ...floats(of),
    assets: [
      { asset: DAI, threshold: null },
      { asset: ETH, threshold: 1 / float(mat, RAY) },
    ],
  })
  const twin = clipTwin(of)
  twin.rate = dice.isHit(0.3) ? RAY : dice.between(1, 1.6, RAY)
  const feed = dice.wide(0.3, 30_000, RAY)
  const opened = new Map<string, bigint>()
  for (const urn of URNS) {
    const ink = dice.wide(0.5, 5000, WAD)
    const most = (ink * ((feed * RAY) / mat)) / twin.rate
    twin.urns.set(urn, { ink, art: (most * WAD) / dice.between(0.6, 1.1, WAD) })
    opened.set(urn, ink)
  }
  const legs = URNS.flatMap((urn, i) => {
    const { ink, art } = twin.urns.get(urn)!
    return [[i, ETH, float(ink, WAD)] as const, [i, DAI, -float(art, WAD)] as const]
  })
  const protocol = protocolOf(rules, [1, float(feed, RAY)], legs)
  protocol.index[rules.slotOf(DAI, -1, 0)] = float(twin.rate, RAY)
  const raised = new Map<bigint, bigint>()
  const lots = new Map<bigint, bigint>()
  const world = { of, twin, dice, tally, rules, protocol, opened, mat, raised, lots, now: 1000n }
  setPrice(world, feed)
  if (dice.isHit(0.15)) moveToEdge(world)
  standingAt(protocol, Number(world.now))
  return world
}

function specOf(dice: Dice): ClipTwinSpec {
  const hole = dice.wide(1000, 1e6, RAD)
  return {
    chop: dice.between(1, 1.3, WAD),
    hole,
    allHole: (hole * dice.between(0.7, 2, WAD)) / WAD,
    dust: dice.pick([0n, dice.wide(10, 20_000, RAD)]),
    buf: dice.between(1, 1.5, RAY),
    tail: BigInt(dice.pick([1200, 3600, 8400])),
    cusp: dice.pick([0n, dice.between(0.2, 0.9, RAY)]),
    chip: dice.pick([0n, dice.between(0.0005, 0.02, WAD)]),
    tip: dice.pick([0n, dice.wide(10, 500, RAD)]),
    calc: abacusOf(dice),
  }
}

function abacusOf(dice: Dice): AbacusTwin {
  const kind = dice.pick(['linear', 'stairstep', 'exponential'] as const)
  if (kind === 'linear') return { kind, tau: BigInt(dice.pick([3000, 10_000])) }
  if (kind === 'exponential') return { kind, cut: dice.between(0.9995, 0.99999, RAY) }
  return { kind, cut: dice.between(0.95, 0.999, RAY), step: BigInt(dice.pick([30, 90, 120])) }
}

/** The same parameters for the float rules. */
function floats(of: ClipTwinSpec) {
  const { calc } = of
  const abacus = {
    linear: () => ({ tauSeconds: Number((calc as { tau: bigint }).tau) }),
    stairstep: () => ({
      cut: float((calc as { cut: bigint }).cut, RAY),
      stepSeconds: Number((calc as { step: bigint }).step),
    }),
    exponential: () => ({ cut: float((calc as { cut: bigint }).cut, RAY) }),
  }
  return {
    penalty: float(of.chop, WAD) - 1,
    holeUsd: float(of.hole, RAD),
    totalHoleUsd: float(of.allHole, RAD),
    dustUsd: float(of.dust, RAD),
    buf: float(of.buf, RAY) - 1,
    tailSeconds: Number(of.tail),
    cusp: float(of.cusp, RAY),
    chip: float(of.chip, WAD),
    tipUsd: float(of.tip, RAD),
    abacus: calc.kind,
    ...abacus[calc.kind](),
  }
}

function setPrice({ twin, protocol, mat }: World, feed: bigint): void {
  twin.feed = feed
  twin.spot = (feed * RAY) / mat
  publish(protocol, ETH, float(feed, RAY))
}

function setBreaker({ twin, dice, protocol }: World): void {
  twin.stopped = dice.pick([0, 0, 1, 2, 3])
  salesIn(protocol).tripped[ETH] = twin.stopped
}

function moveToEdge(world: World): void {
  const { ink, art } = world.twin.urns.get(world.dice.pick(URNS))!
  const edge = (((art * world.twin.rate) / ink) * world.mat) / RAY
  const sliver = edge / 10n ** 11n
  setPrice(world, edge + world.dice.pick([0n, 1n, sliver, -sliver]))
}

function bark(world: World): boolean {
  const { of, twin, dice, tally, opened, protocol, now } = world
  const urn = dice.pick(URNS)
  const account = URNS.indexOf(urn)
  const was = twin.urns.get(urn)!
  if (was.ink * 1_000_000n < opened.get(urn)!) return false
  const room = roomIn(world)
  // What is left of a nearly full hole is the rounding of what fills it.
  if (room > 0n && room * 100_000n < of.hole) return false
  const isClose = isBarkClose(world, was, room)
  const paid = twin.dai.get('kpr') ?? 0n
  const refusal = twin.bark(urn, 'kpr', now)
  saw(tally, 'bark', refusal)
  const offers = offersOf(protocol, account)
  const isListed = offers.count > 0
  if (!isListed) pushOffer(offers, account, ETH, 0, DAI, 0, 0, protocol.book.start[account], 0)
  const last = Math.max(0, offers.count - 1)
  const done = act(protocol, offers, last, { atSeconds: Number(now) })
  agree(tally, isListed, refusal === null, isClose)
  agree(tally, done.reason === 0, refusal === null, isClose)
  if (refusal !== null || isClose) return isClose
  const row = salesIn(protocol).count - 1
  world.lots.set(twin.kicks, was.ink - twin.urns.get(urn)!.ink)
  const reward = float((twin.dai.get('kpr') ?? 0n) - paid, RAD)
  compare(tally, movedIn(done, DAI, RESERVE, BIDDER), reward)
  compareSale(tally, protocol, row, twin.sales.get(twin.kicks)!)
  const { ink, art } = twin.urns.get(urn)!
  compare(tally, salesIn(protocol).debt[row], float((was.art - art) * twin.rate, RAD))
  const own = protocol.book.start[account]
  compare(tally, protocol.book.amount[own], float(ink, WAD), float(was.ink, WAD))
  compare(tally, -protocol.book.amount[own + 1], float(art, WAD), float(was.art, WAD))
  compare(tally, asked(salesIn(protocol)), float(twin.dirt, RAD))
  if (offers.other[last] === 1) compare(tally, offers.amount[last], reward)
  return false
}

function roomIn({ of, twin }: World): bigint {
  return [of.allHole, of.hole].sort((a, b) => Number(a - b))[0] - twin.dirt
}

/** Whether any test that a bark makes stands inside the band. */
function isBarkClose(
  { of, twin }: World,
  { ink, art }: { readonly ink: bigint; readonly art: bigint },
  room: bigint,
): boolean {
  if (distance(ink * twin.spot, art * twin.rate) < BAND) return true
  if (Math.abs(float(room, of.hole)) < BAND) return true
  const dart = (room * WAD) / twin.rate / of.chop
  if (dart <= 0n) return false
  const edges = [distance(dart, art), distance((art - dart) * twin.rate, of.dust)]
  return [...edges, distance(dart * twin.rate, of.dust)].some((edge) => edge < BAND)
}

/** A purchase or a restart, mostly of the kind that is due. */
function saleAct(world: World): boolean {
  const { of, twin, dice } = world
  const id = dice.pick([...twin.sales.keys()])
  const sale = twin.sales.get(id)!
  // What is left of a nearly sold one is the rounding of what was sold.
  if (sale.tab * 500n < sale.due || sale.lot * 500n < world.lots.get(id)!) return false
  const moment = sale.tic + of.tail + dice.pick([-1n, 0n, 1n])
  if (dice.isHit(0.15) && moment > world.now) world.now = moment
  const { done } = twin.status(id, world.now)
  const isRedo = dice.isHit(0.85) ? done : !done
  return isRedo ? redo(world, id, { ...sale }) : take(world, id, { ...sale })
}

/** Whether the fall of a price stands inside the band around cusp. */
function isCuspClose({ of, twin, now }: World, id: bigint, { top, tic }: SaleTwin): boolean {
  if (now - tic > of.tail) return false
  return distance((twin.status(id, now).price * RAY) / top, of.cusp) < BAND
}

function take(world: World, id: bigint, was: SaleTwin): boolean {
  const { of, twin, tally, protocol, now } = world
  const { price, done } = twin.status(id, now)
  const chost = (of.dust * of.chop) / WAD
  const [amt, full] = amountOf(world, was, price, chost)
  const left = was.tab - amt * price
  const isClose =
    isCuspClose(world, id, was) ||
    (amt < was.lot && distance(amt, full) < BAND) ||
    (amt < full && (distance(left, chost) < BAND || distance(was.tab, chost) < BAND))
  const before = balancesOf(twin, was.usr)
  const refusal = twin.take(id, 'who', amt, price, now)
  saw(tally, 'take', refusal)
  const { offers, offer, isListed } = offerFor(world, id, TAKE)
  const isWhole = amt > full || amt >= was.lot
  const amount = isWhole ? Number.POSITIVE_INFINITY : float(amt, WAD)
  const bought = act(protocol, offers, offer, { amount, atSeconds: Number(now) })
  agree(tally, isListed, !done && twin.stopped < 3, isClose)
  agree(tally, bought.reason === 0, refusal === null, isClose)
  if (refusal !== null || isClose) return isClose
  const after = balancesOf(twin, was.usr)
  const slice = float(after.who - before.who, WAD)
  const owe = float(before.dai - after.dai, RAD)
  compare(tally, movedIn(bought, DAI, BIDDER, -1), owe, float(was.tab, RAD))
  compare(tally, movedIn(bought, ETH, -1, BIDDER), slice, float(was.lot, WAD))
  if (isWhole) {
    compare(tally, offers.cost[offer], owe)
    compare(tally, offers.amount[offer], slice)
  }
  world.raised.set(id, (world.raised.get(id) ?? 0n) + before.dai - after.dai)
  const back = float(after.usr - before.usr, WAD)
  compare(tally, movedIn(bought, ETH, -1, BORROWERS), back, float(was.lot, WAD))
  compareAfter(world, id, was, bought)
  return false
}

/** How much is asked for, and the most that is sold. */
function amountOf({ dice }: World, { lot, tab }: SaleTwin, price: bigint, chost: bigint) {
  const full = lot * price <= tab ? lot : tab / price
  const leaving = price === 0n || tab < chost ? full : (tab - chost) / price
  const amt = dice.pick([
    10n * lot,
    full + 1n,
    (full * dice.between(0.01, 0.99, WAD)) / WAD,
    (full * dice.between(0.9, 0.999, WAD)) / WAD,
    (leaving * dice.between(0.98, 1.02, WAD)) / WAD,
  ])
  return [amt === 0n ? 1n : amt, full] as const
}

function balancesOf({ gem, dai }: ClipTwin, usr: string) {
  return { who: gem.get('who') ?? 0n, dai: dai.get('who') ?? 0n, usr: gem.get(usr) ?? 0n }
}

/** The auction goes on, or its books are closed. */
function compareAfter(
  { twin, tally, protocol, raised }: World,
  id: bigint,
  was: SaleTwin,
  bought: ReturnType<typeof act>,
): void {
  const auctions = salesIn(protocol)
  const sale = twin.sales.get(id)
  const row = auctions.place[Number(id) - 1]
  if (sale !== undefined) compareSale(tally, protocol, row, sale, was)
  else {
    const over = float(raised.get(id)! - was.due, RAD)
    const scale = float(was.due, RAD)
    compare(tally, movedIn(bought, DAI, -1, RESERVE), Math.max(0, over), scale)
    compare(tally, movedIn(bought, DAI, LENDERS, -1), Math.max(0, -over), scale)
  }
  compare(tally, asked(auctions), float(twin.dirt, RAD), float(twin.dirt + was.tab, RAD))
}

function redo(world: World, id: bigint, was: SaleTwin): boolean {
  const { of, twin, tally, protocol, now } = world
  const { done } = twin.status(id, now)
  const chost = (of.dust * of.chop) / WAD
  const isClose =
    isCuspClose(world, id, was) ||
    distance(was.tab, chost) < BAND ||
    distance(was.lot * twin.feed, chost) < BAND
  const paid = twin.dai.get('kpr') ?? 0n
  const refusal = twin.redo(id, 'kpr', now)
  saw(tally, 'redo', refusal)
  const { offers, offer, isListed } = offerFor(world, id, REDO)
  const restarted = act(protocol, offers, offer, { atSeconds: Number(now) })
  agree(tally, isListed, done && twin.stopped < 2, isClose)
  agree(tally, restarted.reason === 0, refusal === null, isClose)
  if (refusal !== null || isClose) return isClose
  const reward = float((twin.dai.get('kpr') ?? 0n) - paid, RAD)
  compare(tally, movedIn(restarted, DAI, RESERVE, BIDDER), reward)
  compare(tally, offers.amount[offer], reward)
  const row = salesIn(protocol).place[Number(id) - 1]
  compareSale(tally, protocol, row, twin.sales.get(id)!)
  return false
}

/** `Offers.other` of what concerns an auction. */
const TAKE = 2
const REDO = 3

/** The listed offer of the kind, or one made up where none is listed. */
function offerFor({ protocol, now }: World, id: bigint, kind: number) {
  const own = Number(id) - 1
  const offers = standingAt(protocol, Number(now))
  for (let offer = 0; offer < offers.count; offer++)
    if (offers.own[offer] === own && offers.other[offer] === kind)
      return { offers, offer, isListed: true }
  const made = offerList()
  pushOffer(made, 0, ETH, 0, DAI, 0, 0, own, kind)
  return { offers: made, offer: 0, isListed: false }
}

/** An auction, measured against what it was before a purchase. */
function compareSale(
  tally: Tally,
  protocol: Protocol,
  row: number,
  { lot, tab, top, tic, due }: SaleTwin,
  was: { readonly lot: bigint; readonly tab: bigint } = { lot, tab },
): void {
  const auctions = salesIn(protocol)
  compare(tally, auctions.lot[row], float(lot, WAD), float(was.lot, WAD))
  compare(tally, auctions.tab[row], float(tab, RAD), float(was.tab, RAD))
  compare(tally, auctions.debt[row], float(due, RAD))
  compare(tally, auctions.top[row], float(top, RAY))
  compare(tally, auctions.since[row], Number(tic))
}
