import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { health } from '../book.ts'
import { BORROWERS, type Offers, offerList, type Protocol } from '../rules.ts'
import type { CometReserves } from './comet/reserves.ts'
import { comet } from './comet.ts'
import {
  absorb,
  accrue,
  buyCollateral,
  type CometTwin,
  type CometTwinUser,
  getReserves,
  liquidity,
  presentValue,
  principalValue,
  quoteCollateral,
} from './comet.twin.suite.ts'
import {
  agree,
  BAND,
  compare,
  type Dice,
  diceOf,
  distance,
  float,
  parts,
  type Tally,
  tallyOf,
} from './dice.suite.ts'
import { act, standingOf } from './settling.suite.ts'
import { type PlainLeg, protocolOf } from './vectors.suite.ts'

const WAD = 10n ** 18n
const PRICE = 10n ** 8n
const INDEX = 10n ** 15n
const BASE = 0

/** The chain and the house side by side. */
interface Worlds {
  readonly twin: CometTwin
  readonly protocol: Protocol
  /** By collateral, what all users held at the opening: the scale of what is left of it. */
  readonly supplied: readonly number[]
}

function user(collateral: bigint[], principal: bigint): CometTwinUser {
  return { collateral, principal }
}

/** A market of one to three collaterals, and users around the edge. */
function worldsFrom(dice: Dice): Worlds {
  const twin = randomTwin(dice)
  const yearly = dice.between(0.01, 2, WAD)
  const opening = float(getReserves(twin), twin.baseScale)
  const protocol = protocolFor(twin, opening, float(yearly, WAD))
  if (dice.isHit(0.5)) {
    // A rate per second that is whole on the chain leaves nothing to round.
    const seconds = Math.floor(1 + dice.next() * 86_400)
    const reserves = getReserves(twin)
    accrue(twin, yearly, BigInt(seconds))
    // In the house interest is the lenders' alone.
    twin.cash -= getReserves(twin) - reserves
    protocol.rules.accrue!(protocol, seconds)
    protocol.rules.value(protocol)
  }
  const supplied = twin.assets.map(({ scale }, i) =>
    float(
      twin.users.reduce((sum, { collateral }) => sum + collateral[i], 0n),
      scale,
    ),
  )
  return { twin, protocol, supplied }
}

function randomTwin(dice: Dice): CometTwin {
  const baseScale = dice.pick([10n ** 6n, 10n ** 18n])
  const twin: CometTwin = {
    baseScale,
    storeFrontPriceFactor: dice.between(0, 1, 10n ** 4n) * 10n ** 14n,
    targetReserves: dice.wide(1e4, 1e9, baseScale),
    basePrice: dice.between(0.5, baseScale === WAD ? 3000 : 2, PRICE),
    cash: 0n,
    supplyIndex: dice.between(1, 1.3, INDEX),
    borrowIndex: dice.between(1, 1.5, INDEX),
    totalSupply: 0n,
    totalBorrow: 0n,
    assets: Array.from({ length: 1 + Math.floor(dice.next() * 3) }, () => {
      const liquidateCF = dice.between(0.5, 0.93, 10n ** 4n) * 10n ** 14n
      return {
        scale: dice.pick([10n ** 8n, WAD]),
        liquidateCF,
        liquidationFactor: dice.between(float(liquidateCF, WAD), 1, 10n ** 4n) * 10n ** 14n,
        // A feed has 8 digits: of a price below 10 they alone are more than the tolerance.
        price: dice.wide(20, 60_000, PRICE),
        reserves: 0n,
      }
    }),
    users: [],
  }
  for (let n = 0; n < 4; n++) twin.users.push(randomUser(dice, twin))
  for (const { principal } of twin.users) twin.totalBorrow -= principal
  twin.totalSupply = (twin.totalBorrow * 3n) / 2n
  const owed = presentValue(twin, twin.totalSupply) + presentValue(twin, -twin.totalBorrow)
  twin.cash = owed + dice.wide(1e2, 2e9, baseScale)
  return twin
}

/** A debt of a health factor around 1, now and then as near to it as integers come. */
function randomUser(dice: Dice, twin: CometTwin): CometTwinUser {
  const { assets, basePrice, baseScale } = twin
  const collateral = assets.map(({ scale, price }) =>
    dice.isHit(0.8) ? dice.wide(1e7, 1e9, scale) / (price / PRICE + 1n) : 0n,
  )
  if (!collateral.some((units) => units > 0n)) collateral[0] = 10n ** 6n * assets[0].scale
  const worth = assets.reduce<bigint>(
    (usd, { price, scale, liquidateCF }, i) =>
      usd + (((collateral[i] * price) / scale) * liquidateCF) / WAD,
    0n,
  )
  const factor = dice.isHit(0.3) ? 1 + (dice.next() - 0.5) * 1e-8 : 0.6 + dice.next() * 0.55
  const debt = (((worth * baseScale) / basePrice) * 10n ** 18n) / parts(factor, WAD)
  return user(collateral, principalValue(twin, -debt))
}

function protocolFor(twin: CometTwin, opening: number, borrowRate: number): Protocol {
  const rules = comet({
    assets: [
      { asset: BASE, threshold: null, liquidationFactor: 1, borrowRate },
      ...twin.assets.map(({ liquidateCF, liquidationFactor }, i) => ({
        asset: i + 1,
        threshold: float(liquidateCF, WAD),
        liquidationFactor: float(liquidationFactor, WAD),
      })),
    ],
    base: BASE,
    storeFrontPriceFactor: float(twin.storeFrontPriceFactor, WAD),
    reservesUnits: opening,
    targetReservesUnits: float(twin.targetReserves, twin.baseScale),
    gas: { absorb: 300_000, buy: 150_000 },
    absorbPaused: false,
    buyPaused: false,
  })
  const prices = [twin.basePrice, ...twin.assets.map(({ price }) => price)]
  const legs = twin.users.flatMap(({ principal, collateral }, account): PlainLeg[] => [
    ...collateral.map((units, i): PlainLeg => [account, i + 1, float(units, twin.assets[i].scale)]),
    [account, BASE, float(principal, twin.baseScale)],
  ])
  const held = legs.filter(([, , units]) => units !== 0)
  const protocol = protocolOf(
    rules,
    prices.map((price) => float(price, PRICE)),
    held,
  )
  protocol.index[rules.slotOf(BASE, -1, 0)] = float(twin.borrowIndex, INDEX)
  rules.value(protocol)
  return protocol
}

/** Health relative to debt, and how near integers may come to their own edge. */
function edge({ twin, protocol }: Worlds, account: number): boolean {
  const { book, values } = protocol
  let debt = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    debt += Math.max(0, -book.amount[k] * values[book.slot[k]])
  // One unit of every integer that was cut: base, and a price's worth for each collateral.
  const cut = float(2n * twin.basePrice, twin.baseScale * PRICE) + 4e-8 * (1 + twin.assets.length)
  return Math.abs(health(book, values, account)) <= BAND * debt + cut
}

/** Absorbs an account in both worlds, alone or with a purchase of some of a collateral. */
function absorbBoth(worlds: Worlds, account: number, dice: Dice, tally: Tally): void {
  const { twin, protocol } = worlds
  const offers = offerList()
  protocol.rules.offers(protocol, account, offers)
  const user = twin.users[account]
  const isOwing = user.principal < 0n && user.collateral.some((units) => units > 0n)
  const { isLiquidatable } = liquidity(twin, user)
  if (!isOwing) return
  agree(tally, offers.count > 0, isLiquidatable, edge(worlds, account))
  if (offers.count === 0 || !isLiquidatable) return
  const debt = float(-presentValue(twin, user.principal), twin.baseScale)
  const left = absorb(twin, user)!
  const isBuying = offers.count > 1
  agree(tally, isBuying, getReserves(twin) < twin.targetReserves, nearTarget(worlds))
  const o = isBuying && dice.isHit(0.5) ? 0 : offers.count - 1
  const part = 0.1 + dice.next()
  const moved = act(protocol, offers, o, { amount: part * offers.amount[o] })
  expect(moved.reason).toBe(0)
  const given = moved.moves.to.findIndex((to, m) => m < moved.moves.count && to === BORROWERS)
  const surplus = given < 0 ? 0 : moved.moves.amount[given]
  compare(tally, surplus, float(left, twin.baseScale), debt)
  note(tally, left > 0n ? 'surplus' : 'loss')
  if (offers.amount[o] > 0) buyBoth(worlds, offers, o, moved.seized, tally)
  compareReserves(worlds, tally)
}

/** What the house sold is bought from the twin, for what the house's offer costs. */
function buyBoth(worlds: Worlds, offers: Offers, o: number, units: number, tally: Tally): void {
  const { twin } = worlds
  const i = offers.sells[o] - 1
  const { scale } = twin.assets[i]
  const cost = (offers.cost[o] * units) / offers.amount[o]
  const base = BigInt(Math.round(cost * Number(twin.baseScale)))
  compare(tally, units, float(quoteCollateral(twin, i, base), scale))
  const bought = buyCollateral(twin, i, base)
  // All of it costs a rounding more than there is.
  if (bought === null) {
    twin.cash += base
    twin.assets[i].reserves = 0n
  }
  note(tally, 'buy')
}

function note({ seen }: Tally, name: string): void {
  seen.set(name, 1 + (seen.get(name) ?? 0))
}

function compareReserves({ twin, protocol, supplied }: Worlds, tally: Tally): void {
  const items = protocol.items as CometReserves
  const scale = float(presentValue(twin, twin.totalSupply), twin.baseScale)
  compare(tally, items.base, float(getReserves(twin), twin.baseScale), scale)
  twin.assets.forEach(({ reserves, scale: unit }, i) => {
    compare(tally, items.units[i + 1], float(reserves, unit), supplied[i])
  })
}

/** Within rounding of the target, either world may sell or not. */
function nearTarget({ twin }: Worlds): boolean {
  return distance(getReserves(twin), twin.targetReserves) < 1e-9
}

describe('comet', () => {
  it('law: agrees with the exact twin, in every amount and in every decision', () => {
    const tally = tallyOf()
    for (let at = 0; at < 250; at++) {
      const dice = diceOf(20_260_529, at)
      const worlds = worldsFrom(dice)
      for (let account = 0; account < 4; account++) absorbBoth(worlds, account, dice, tally)
      const shelf = standingOf(worlds.protocol)
      for (let o = 0; o < shelf.count; o++) {
        const open = getReserves(worlds.twin) < worlds.twin.targetReserves
        const moved = act(worlds.protocol, shelf, o, {
          amount: shelf.amount[o] * (0.1 + dice.next()),
        })
        agree(tally, moved.reason === 0, open, nearTarget(worlds))
        if (moved.reason !== 0) continue
        buyBoth(worlds, shelf, o, moved.moves.amount[0], tally)
        compareReserves(worlds, tally)
      }
    }
    expect(tally.cases).toBeGreaterThan(500)
    expect(tally.close).toBeLessThan(tally.cases / 20)
    for (const name of ['surplus', 'loss', 'buy']) expect(tally.seen.get(name)).toBeGreaterThan(50)
    const { cases, largestError } = tally
    recordComparison({
      protocol: 'comet',
      version: '',
      source: 'compound-finance/comet d5a30b0a',
      against: 'twin',
      cases,
      largestError,
    })
  })
})
