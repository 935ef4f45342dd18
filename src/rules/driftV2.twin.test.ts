/** Drift v2 beside its exact twin: every size, every account, every fund. */

import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import type { Offers, Protocol } from '../rules.ts'
import {
  agree,
  BAND,
  compare,
  type Dice,
  diceOf,
  float,
  parts,
  type Tally,
  tallyOf,
} from './dice.suite.ts'
import type { DriftSpec } from './driftV2/parameters.ts'
import { amountOf, booksOf, cash, type Held, opened, perp, spot } from './driftV2.suite.ts'
import { driftV2 } from './driftV2.ts'
import {
  calculateMargin,
  type DriftTwin,
  FEE,
  isLiquidatable,
  MARGIN,
  perpTransfer,
  sizePremium,
  spotTransfer,
  type Transfer,
  type TwinUser,
  takePerp,
  takeSpot,
  UNIT,
} from './driftV2.twin.suite.ts'
import { act } from './settling.suite.ts'
import { offersOf } from './vectors.suite.ts'

/** Of four assets the first is the settlement asset; two are under contract. */
const PERPS = [1, 2]
const SLOT_SECONDS = 0.4

interface Worlds {
  readonly twin: DriftTwin
  readonly users: TwinUser[]
  readonly protocol: Protocol
}

function randomTwin(dice: Dice): DriftTwin {
  const bps = (from: number, to: number) => dice.between(from, to, MARGIN)
  const ppm = (from: number, to: number) => dice.between(from, to, FEE)
  const units = (from: number, to: number) => dice.wide(from, to, UNIT)
  const imf = () => (dice.isHit(0.5) ? 0n : ppm(0.00001, 0.001))
  const price = [1, 0, 0, 0].map((at) =>
    at === 1 ? dice.between(0.98, 1.02, UNIT) : units(0.01, 60_000),
  )
  return {
    perps: PERPS.map((asset) => ({
      marginRatioMaintenance: bps(0.02, 0.15),
      imfFactor: imf(),
      liquidatorFee: dice.isHit(0.1) ? ppm(0.05, 0.25) : ppm(0, 0.03),
      ifLiquidationFee: ppm(0, 0.02),
      outside: dice.isHit(0.5) ? 0n : units(1, 1e6),
      price: price[asset],
      maxInsurance: units(1, 1e5),
      feePool: dice.isHit(0.7) ? 0n : units(1, 1e5),
      baseLong: 0n,
      baseShort: 0n,
      cumulativeFunding: 0n,
      borne: 0n,
    })),
    spots: price.map((at, n) => ({
      assetWeight: n === 0 ? MARGIN : bps(0.5, 0.95),
      liabilityWeight: n === 0 ? MARGIN : bps(1.05, 1.5),
      imfFactor: n === 0 ? 0n : imf(),
      liquidatorFee: ppm(0, 0.05),
      ifLiquidationFee: ppm(0, 0.02),
      outside: units(1, 1e6),
      price: at,
      insuranceFund: dice.isHit(0.5) ? 0n : units(1, 1e5),
      cumulativeDepositInterest: UNIT,
      deposits: 0n,
      socialLoss: 0n,
    })),
    marginBuffer: bps(0.005, 0.05),
    initialPct: dice.isHit(0.3) ? 0n : bps(0, 0.4),
    duration: dice.isHit(0.3) ? 0n : BigInt(Math.floor(1 + dice.next() * 3000)),
    slot: 0n,
  }
}

/** A user of some markets, with cash that puts the account around its edge, or far past it. */
function randomUser(dice: Dice, twin: DriftTwin): TwinUser {
  const worth = 10 ** (1 + 7 * dice.next())
  const signed = (price: bigint) => {
    const units = dice.wide((worth / float(price, UNIT)) * 0.1, worth / float(price, UNIT), UNIT)
    return dice.isHit(0.5) ? units : -units
  }
  const base = twin.perps.map(({ price }) => (dice.isHit(0.5) ? signed(price) : 0n))
  const tokens = twin.spots.map(({ price }, n) => (n > 0 && dice.isHit(0.5) ? signed(price) : 0n))
  const firstPerp = base.findIndex((units) => units !== 0n)
  const still = { isBeingLiquidated: false, lastActiveSlot: 0n, marginFreed: 0n }
  const user: TwinUser = { base, tokens, firstPerp, ...still }
  const { collateral, requirement, liabilities } = calculateMargin(twin, user)
  const missing = dice.isHit(0.3)
    ? parts(1e-9 * (1 + dice.next()), UNIT) * (dice.isHit(0.5) ? 1n : -1n)
    : parts(dice.next(), UNIT) / (dice.isHit(0.5) ? 3n : 20n)
  const of = liabilities > 0n ? liabilities : collateral
  const equity = requirement - (missing * of) / UNIT
  tokens[0] = ((equity - collateral) * UNIT) / twin.spots[0].price
  return user
}

function worldsFrom(dice: Dice): Worlds {
  const twin = randomTwin(dice)
  const users = Array.from({ length: 4 }, () => randomUser(dice, twin))
  for (const { base, tokens } of users) {
    twin.perps.forEach((each, m) => {
      if (base[m] > 0n) each.baseLong += base[m]
      else each.baseShort -= base[m]
    })
    twin.spots.forEach((each, n) => {
      if (n > 0 && tokens[n] > 0n) each.deposits += tokens[n]
    })
  }
  const held = users.flatMap(({ base, tokens }, i): Held[] => [
    ...base.map((units, m): Held => [i, PERPS[m], float(units, UNIT), m + 1]),
    ...tokens.map((units, n): Held => [i, n, float(units, UNIT), 0]),
  ])
  const prices = twin.spots.map(({ price }) => float(price, UNIT))
  return { twin, users, protocol: opened(driftV2(specOf(twin)), prices, held) }
}

function specOf(twin: DriftTwin): DriftSpec {
  const coin = float(twin.spots[0].price, UNIT)
  return {
    settlement: 0,
    perps: twin.perps.map((of, m) => ({
      ...perp,
      group: m + 1,
      asset: PERPS[m],
      maintenance: float(of.marginRatioMaintenance, MARGIN),
      imf: float(of.imfFactor, FEE),
      liquidationFee: float(of.liquidatorFee, FEE),
      fundFee: float(of.ifLiquidationFee, FEE),
      maxClaimUsd: float(of.maxInsurance, UNIT) * coin,
      feePoolUsd: float(of.feePool, UNIT) * coin,
      outsideUnits: float(of.outside, UNIT),
    })),
    spot: twin.spots.map((of, asset) => ({
      ...(asset === 0 ? cash : spot),
      asset,
      assetWeight: float(of.assetWeight, MARGIN),
      liabilityWeight: float(of.liabilityWeight, MARGIN),
      imf: float(of.imfFactor, FEE),
      liquidationFee: float(of.liquidatorFee, FEE),
      fundFee: float(of.ifLiquidationFee, FEE),
      fundUnits: float(of.insuranceFund, UNIT),
      outsideUnits: float(of.outside, UNIT),
    })),
    buffer: float(twin.marginBuffer, MARGIN),
    initialShare: float(twin.initialPct, MARGIN),
    ...(twin.duration > 0n ? { durationSeconds: Number(twin.duration) * SLOT_SECONDS } : {}),
  }
}

/** What an offer of the rules is to the twin. */
function transferFor({ twin, users, protocol }: Worlds, offers: Offers, o: number) {
  const user = users[offers.account[o]]
  const { slots } = protocol.rules
  const of = (leg: number) => slots.asset[protocol.book.slot[leg]]
  const own = of(offers.own[o])
  if (offers.other[o] >= 0) {
    const owed = of(offers.other[o])
    const take = (units: bigint) => takeSpot(twin, user, own, owed, units)
    return { transfer: spotTransfer(twin, user, own, owed), take, all: -user.tokens[owed] }
  }
  const m = PERPS.indexOf(own)
  const take = (units: bigint) => takePerp(twin, user, m, units)
  const all = user.base[m] < 0n ? -user.base[m] : user.base[m]
  return { transfer: perpTransfer(twin, user, m), take, all }
}

/** Lists an account in both worlds, and takes one of its offers over, whole or in part. */
function liquidateBoth(worlds: Worlds, account: number, dice: Dice, tally: Tally): void {
  const { twin, users, protocol } = worlds
  const user = users[account]
  const worth = grossOf(worlds, account)
  if (worth === 0) return
  const offers = offersOf(protocol, account)
  const { due, apart } = isLiquidatable(twin, user)
  const isClose = float(apart, UNIT) <= BAND * worth
  const ways = due ? waysOf(worlds, account) : 0
  agree(tally, offers.count > 0, ways > 0, isClose)
  if (!due || offers.count === 0) return
  expect(offers.count).toBe(ways)
  const o = Math.floor(dice.next() * offers.count)
  const { transfer, take, all } = transferFor(worlds, offers, o)
  const isCall = offers.amount[o] === 0
  compareOffer(tally, offers, o, transfer, all)
  const percent = dice.isHit(0.5) ? 200 : Math.floor(10 + 80 * dice.next())
  const moved = act(
    protocol,
    offers,
    o,
    isCall ? {} : { amount: (percent / 100) * offers.amount[o] },
  )
  expect(moved.reason).toBe(0)
  take((transfer.most * BigInt(Math.min(100, percent))) / 100n)
  const isWhole = transfer.most === all
  note(tally, isCall ? 'call' : isWhole ? 'all' : 'some')
  note(tally, offers.other[o] >= 0 ? 'spot' : offers.cost[o] === moved.repaid ? 'perp' : 'part')
  compareUser(tally, worlds, account, worth)
  compareMarkets(tally, worlds)
}

/** All that an account has and owes, USD. */
function grossOf({ twin, users }: Worlds, account: number): number {
  const { base, tokens } = users[account]
  const usd = (units: bigint, price: bigint) => Math.abs(float(units * price, UNIT * UNIT))
  const held = base.reduce((sum, units, m) => sum + usd(units, twin.perps[m].price), 0)
  return tokens.reduce((sum, units, n) => sum + usd(units, twin.spots[n].price), held)
}

/** How many of its positions and pairs an account offers. */
function waysOf({ twin, users }: Worlds, account: number): number {
  const user = users[account]
  const counts = ({ most, cover }: Transfer) =>
    most > 0n || (!user.isBeingLiquidated && (cover === null || cover > 0n))
  const hasOpen = user.base.some((units) => units !== 0n)
  let ways = 0
  user.base.forEach((units, m) => {
    if (units !== 0n) ways += +counts(perpTransfer(twin, user, m))
  })
  user.tokens.forEach((owned, n) => {
    user.tokens.forEach((owed, d) => {
      const isOffered = owned > 0n && owed < 0n && !(hasOpen && (n === 0 || d === 0))
      if (isOffered) ways += +counts(spotTransfer(twin, user, n, d))
    })
  })
  return ways
}

function compareOffer(tally: Tally, offers: Offers, o: number, of: Transfer, all: bigint): void {
  const [gives, pays] = [of.gives, of.pays].map((by) => float(by(of.most), UNIT))
  compare(tally, offers.amount[o], gives, float(of.gives(all), UNIT))
  compare(tally, offers.cost[o], pays, float(of.pays(all), UNIT))
}

function note({ seen }: Tally, name: string): void {
  seen.set(name, 1 + (seen.get(name) ?? 0))
}

/** Every amount of an account, as a share of what the account was worth. */
function compareUser(tally: Tally, { twin, users, protocol }: Worlds, i: number, worth: number) {
  const { base, tokens, isBeingLiquidated, marginFreed } = users[i]
  const { since, freedUsd } = booksOf(protocol)
  const scale = (price: bigint) => worth / float(price, UNIT)
  base.forEach((units, m) => {
    const amount = amountOf(protocol, i, PERPS[m], m + 1)
    compare(tally, amount, float(units, UNIT), scale(twin.perps[m].price))
  })
  tokens.forEach((units, n) => {
    compare(tally, amountOf(protocol, i, n), float(units, UNIT), scale(twin.spots[n].price))
  })
  expect(since[i] >= 0).toBe(isBeingLiquidated)
  if (isBeingLiquidated) compare(tally, freedUsd[i], float(marginFreed, UNIT), worth)
}

function compareMarkets(tally: Tally, { twin, protocol }: Worlds): void {
  const { fund, claim, feePool, loss, borne, open } = booksOf(protocol)
  const all = twin.perps.reduce(
    (sum, of) => sum + float(of.price * (of.baseLong + of.baseShort), UNIT * UNIT),
    1e6,
  )
  twin.perps.forEach((of, m) => {
    compare(tally, claim[m], float(of.maxInsurance, UNIT), all)
    compare(tally, feePool[m], float(of.feePool, UNIT), all)
    compare(tally, borne[m], float(of.borne, UNIT), all)
    compare(
      tally,
      loss[m],
      float(of.cumulativeFunding, UNIT),
      float(of.price, UNIT) + Math.abs(loss[m]),
    )
    compare(
      tally,
      open[2 * m] + open[2 * m + 1],
      float(of.baseLong + of.baseShort, UNIT),
      1 + all / float(of.price, UNIT),
    )
  })
  twin.spots.forEach((of, n) => {
    const scale = 1e6 + all / float(of.price, UNIT)
    compare(tally, fund[n], float(of.insuranceFund, UNIT), scale)
    compare(
      tally,
      protocol.badDebt[n],
      float(of.socialLoss, UNIT),
      scale + float(of.socialLoss, UNIT),
    )
    const index = protocol.index[protocol.rules.slotOf(n, 1, 0)]
    compare(tally, index, float(of.cumulativeDepositInterest, UNIT), 1)
  })
}

describe('driftV2', () => {
  it('law: agrees with the exact twin, in every amount and in every decision', () => {
    const tally = tallyOf()
    for (let at = 0; at < 500; at++) {
      const dice = diceOf(20_260_401, at)
      const worlds = worldsFrom(dice)
      for (let step = 0; step < 16; step++) {
        if (worlds.twin.spots.some((of) => of.cumulativeDepositInterest !== UNIT)) break
        liquidateBoth(worlds, Math.floor(dice.next() * 4), dice, tally)
        const slots = dice.pick([0, 0, 1, 37, 400, 2600])
        worlds.twin.slot += BigInt(slots)
        worlds.protocol.rules.accrue!(worlds.protocol, slots * SLOT_SECONDS)
        worlds.protocol.rules.value(worlds.protocol)
      }
      note(tally, worlds.twin.perps.some((of) => of.cumulativeFunding > 0n) ? 'shared' : 'none')
      note(
        tally,
        worlds.twin.spots.some((of) => of.cumulativeDepositInterest !== UNIT) ? 'cut' : '',
      )
    }
    expect(tally.cases).toBeGreaterThan(2000)
    expect(tally.close).toBeLessThan(tally.cases / 20)
    for (const name of ['call', 'all', 'some', 'spot', 'perp', 'part', 'shared', 'cut'])
      expect([name, tally.seen.get(name)! > 30]).toEqual([name, true])
    const { cases, largestError } = tally
    recordComparison({
      protocol: 'driftV2',
      version: '',
      source: 'drift-labs/protocol-v2 0ae3e3b1, rule sheet',
      against: 'twin',
      cases,
      largestError,
    })
  })

  it('default: the worked example of the rule sheet', () => {
    const dice = diceOf(1, 1)
    const twin = randomTwin(dice)
    const market = {
      ...twin.perps[0],
      ...{ marginRatioMaintenance: 500n, imfFactor: 0n, liquidatorFee: 10_000n },
      ...{ ifLiquidationFee: 5000n, price: 100n * UNIT },
    }
    const quote = { ...twin.spots[0], price: UNIT }
    const exact: DriftTwin = {
      ...twin,
      perps: [market],
      spots: [quote],
      marginBuffer: 200n,
      duration: 0n,
    }
    const user: TwinUser = {
      ...{ base: [10n * UNIT], tokens: [-955n * UNIT], firstPerp: 0 },
      ...{ isBeingLiquidated: false, lastActiveSlot: 0n, marginFreed: 0n },
    }
    expect(sizePremium(10n * UNIT, 0n, 500n)).toBe(500n)
    expect(calculateMargin(exact, user).requirement).toBe(50n * UNIT)
    expect(perpTransfer(exact, user, 0).most).toBe(4_545_454_545_454_545_454n)
  })
})
