import { expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { accountsOf, health } from '../book.ts'
import { ACCOUNTS, BORROWERS, POOL } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import {
  amountOf,
  DEBT,
  diceOf,
  ETH,
  errorsOf,
  finely,
  fromWads,
  held,
  liquidated,
  movedOf,
  protocolOfTroves,
  stateOf,
  takenOf,
  troveOf,
  trovesIn,
} from './liquity.suite.ts'
import { liquityV1 } from './liquityV1.ts'
import {
  CCR,
  compounded,
  emptyPool,
  entire,
  gained,
  icrOf,
  type LiquityTwin,
  liquidate,
  liquityTwin,
  MCR,
  offset,
  openTrove,
  provide,
  tcrOf,
  WAD,
} from './liquityV1.twin.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

const deployed = {
  collateral: ETH,
  debt: DEBT,
  poolUnits: 2000,
  poolSells: null,
  mcr: 1.1,
  ccr: 1.5,
  gasReserveUnits: 200,
}
const source = 'liquity/dev 8cd27505'

/** A random world as numbers and as wads. */
function worldOf(dice: ReturnType<typeof diceOf>) {
  const price = Math.round(dice.between(500, 4000))
  const count = 2 + dice.whole(12)
  // From deep in recovery mode to far from it.
  const spread = [0.3, 0.8, 3][dice.whole(3)]
  const twin = liquityTwin()
  const troves = Array.from({ length: count }, (_, i) => {
    const [coll, collWads] = amountOf(dice.between(1, 50))
    const [debt, debtWads] = amountOf((coll * price) / dice.between(0.9, 1.2 + spread))
    openTrove(twin, `${i}`, collWads, debtWads)
    return { coll, debt }
  })
  const owed = troves.reduce((sum, { debt }) => sum + debt, 0)
  const [poolUnits, poolWads] = amountOf(dice.whole(4) === 0 ? 0 : dice.between(0, owed / 2))
  if (poolWads > 0n) provide(twin.pool, 'depositor', poolWads)
  const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits }), price, troves)
  return { price, troves, twin, protocol }
}

/** Whether integers and doubles may decide differently. */
function isOnEdge(twin: LiquityTwin, id: string, price: bigint): boolean {
  const icr = icrOf(twin, id, price)
  const tcr = tcrOf(twin, price)
  const isNear = (a: bigint, b: bigint) => (a > b ? a - b : b - a) * 10n ** 12n <= b
  const edges = [MCR, WAD, tcr].some((edge) => isNear(icr, edge))
  return edges || isNear(tcr, CCR) || isNear(entire(twin, id).debt, twin.pool.total + 1n)
}

it('law: agrees with the exact twin, in every amount and in every decision', () => {
  const errors = errorsOf(1e-9)
  const seen = { normal: 0, whole: 0, capped: 0, none: 0, edges: 0 }
  let cases = 0
  for (let path = 0; path < 250; path++) {
    const dice = diceOf(20210405, path)
    const { twin, protocol, troves, price: opening } = worldOf(dice)
    let price = opening
    for (let step = 0; step < 12; step++) {
      price = Math.round(price * dice.between(0.93, 1.03))
      publish(protocol, ETH, price)
      const wads = BigInt(price) * WAD
      const account = dice.whole(troves.length)
      const id = `${account}`
      if (!twin.troves.has(id)) {
        expect(liquidated(protocol, account).reason).toBe('stale')
        continue
      }
      if (isOnEdge(twin, id, wads)) {
        seen.edges++
        break
      }
      const debt = fromWads(entire(twin, id).debt)
      const coll = fromWads(entire(twin, id).coll)
      const division = liquidate(twin, id, wads)
      const moved = liquidated(protocol, account)
      cases++
      expect(moved.reason === 0, `path ${path}, step ${step}`).toBe(division !== null)
      if (division === null) {
        seen.none++
        continue
      }
      seen[division.surplus > 0n ? 'capped' : division.offset > 0n ? 'normal' : 'whole']++
      errors.compare(moved.seized, division.gas)
      errors.compare(movedOf(moved, ETH, ACCOUNTS, POOL), division.toPool)
      errors.compare(movedOf(moved, ETH, ACCOUNTS, BORROWERS), division.surplus, coll)
      errors.compare(movedOf(moved, DEBT, POOL, ACCOUNTS), division.offset, debt)
      errors.compare(trovesIn(protocol).pool[0], twin.pool.total, debt)
      for (const other of twin.troves.keys()) {
        const exact = entire(twin, other)
        const float = troveOf(protocol, Number(other))
        errors.compare(float.coll, exact.coll)
        errors.compare(float.debt, exact.debt)
      }
    }
  }
  expect(cases).toBeGreaterThan(1500)
  expect(Math.min(seen.normal, seen.whole, seen.capped, seen.none)).toBeGreaterThan(50)
  recordComparison({
    ...{ protocol: 'liquityV1', version: '', source, against: 'twin' },
    ...{ cases, largestError: errors.largest },
  })
})

it('law: decides as the twin does 4e-12 from every edge, on either side', () => {
  const seen = { done: 0, refused: 0 }
  for (let path = 0; path < 600; path++) {
    const dice = diceOf(21, path)
    const price = Math.round(dice.between(900, 1100))
    const off = (path % 2 === 0 ? 1 : -1) * dice.between(4e-12, 1e-9)
    // ICR at MCR, in normal and in recovery mode; at 1; at TCR; and TCR at CCR.
    const [own, others] = [
      [1.1, 4],
      [1.1, 1.4],
      [1, 1.4],
      [1.3, 1.3],
      [1.5, 1.5],
    ][path % 5]
    const twin = liquityTwin()
    const ratios = [own * (1 - off), path % 5 === 4 ? own * (1 + 3 * off) : others, others]
    const troves = ratios.map((ratio, i) => {
      const [debt, wads] = finely(price / ratio)
      openTrove(twin, `${i}`, WAD, wads)
      return { coll: 1, debt }
    })
    const [poolUnits, poolWads] = amountOf(dice.between(900, 1300))
    provide(twin.pool, 'depositor', poolWads)
    const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits }), price, troves)
    const division = liquidate(twin, '0', BigInt(price) * WAD)
    const moved = liquidated(protocol, 0)
    expect(moved.reason === 0, `path ${path}`).toBe(division !== null)
    seen[division === null ? 'refused' : 'done']++
    if (division === null) continue
    const paid = movedOf(moved, DEBT, POOL, ACCOUNTS)
    expect(Math.abs(paid - fromWads(division.offset))).toBeLessThan(1e-9)
    const surplus = movedOf(moved, ETH, ACCOUNTS, BORROWERS)
    expect(Math.abs(surplus - fromWads(division.surplus))).toBeLessThan(1e-9)
  }
  expect(Math.min(seen.done, seen.refused)).toBeGreaterThan(150)
})

it('law: deposits of the twin’s pool add up to what is left, and their gains to what came', () => {
  for (let path = 0; path < 100; path++) {
    const dice = diceOf(7, path)
    const pool = emptyPool()
    let came = 0n
    const names: string[] = []
    const gainedBefore = new Map<string, bigint>()
    for (let step = 0; step < 12; step++) {
      if (pool.total === 0n || dice.whole(3) === 0) {
        const name = `depositor ${step}`
        provide(pool, name, BigInt(1 + dice.whole(1e6)) * WAD)
        names.push(name)
      }
      const isAll = dice.whole(6) === 0
      const share = BigInt(1 + dice.whole(999_999))
      const coll = BigInt(1 + dice.whole(1000)) * WAD
      offset(pool, isAll ? pool.total : (pool.total * share) / 1_000_000n, coll)
      came += coll
      for (const name of names) {
        expect(gained(pool, name)).toBeGreaterThanOrEqual(gainedBefore.get(name) ?? 0n)
        gainedBefore.set(name, gained(pool, name))
      }
      const left = names.reduce((sum, name) => sum + compounded(pool, name), 0n)
      // A loss rounded up is given back to whoever is there later: a few wei more than there is.
      const off = Number(pool.total - left)
      expect(off).toBeGreaterThanOrEqual(-1e-15 * Number(pool.total) - 1e6)
      expect(off).toBeLessThanOrEqual(1e-8 * Number(pool.total) + 1e18)
    }
    const got = names.reduce((sum, name) => sum + gained(pool, name), 0n)
    expect(got <= came).toBe(true)
    expect(Number(came - got)).toBeLessThan(1e-8 * Number(came))
  }
})

it('law: what leaves the troves reaches somebody; redistribution moves nothing between holders', () => {
  for (let path = 0; path < 200; path++) {
    const { protocol, troves } = worldOf(diceOf(3, path))
    for (let account = 0; account < troves.length; account++) {
      const before = [held(protocol, ETH), held(protocol, DEBT)]
      const offers = offersOf(protocol, account)
      const moved = liquidated(protocol, account, account % 3 === 0 ? -1 : 0)
      expect(moved.reason === 0).toBe(offers.count === 1)
      const after = [held(protocol, ETH), held(protocol, DEBT)]
      for (const asset of [ETH, DEBT]) {
        const was = before[asset === ETH ? 0 : 1]
        const change = was - after[asset === ETH ? 0 : 1]
        const taken = moved.reason === 0 ? takenOf(moved, ETH, DEBT, asset) : 0
        expect(Math.abs(change - taken)).toBeLessThanOrEqual(1e-12 * Math.abs(was))
      }
    }
  }
})

it('law: 323 redistributions over 3,000 troves equal the eager loop', () => {
  const dice = diceOf(323, 0)
  const troves = Array.from({ length: 3323 }, (_, i) => {
    const coll = dice.between(1, 20)
    const ratio = i < 323 ? 1.05 : dice.between(1.9, 4)
    return { coll, debt: (coll * 2000) / ratio }
  })
  const protocol = protocolOfTroves(liquityV1({ ...deployed, poolUnits: 0 }), 2000, troves)
  const eager = troves.map(({ coll, debt }) => ({ coll, debt }))
  for (let i = 0; i < 323; i++) {
    expect(liquidated(protocol, i).reason).toBe(0)
    const gone = eager[i]
    let stakes = 0
    for (let k = i + 1; k < eager.length; k++) stakes += eager[k].coll
    for (let k = i + 1; k < eager.length; k++) {
      const share = eager[k].coll / stakes
      eager[k].coll += share * gone.coll * (1 - 1 / 200)
      eager[k].debt += share * gone.debt
    }
  }
  let largest = 0
  for (let k = 323; k < eager.length; k++) {
    const { coll, debt } = troveOf(protocol, k)
    largest = Math.max(
      largest,
      Math.abs(coll / eager[k].coll - 1),
      Math.abs(debt / eager[k].debt - 1),
    )
  }
  expect(largest).toBeLessThan(1e-12)
})

it('law: an offer settled first is never refused, and gives what it listed', () => {
  for (let path = 0; path < 200; path++) {
    const { protocol } = worldOf(diceOf(11, path))
    const copy = protocol.copy()
    for (let account = 0; account < accountsOf(protocol.book); account++) {
      copy.reset(protocol)
      const offers = offersOf(copy, account)
      const isHealthy = !(health(copy.book, copy.values, account) < 0)
      if (isHealthy) expect(offers.count).toBe(0)
      const moved = liquidated(copy, account)
      expect(moved.reason === 0).toBe(offers.count === 1)
      if (isHealthy) expect(moved.reason).toBe('healthy')
      if (moved.reason === 0) expect(moved.seized).toBe(offers.amount[0])
      else expect([...copy.book.amount]).toEqual([...protocol.book.amount])
    }
  }
})

it('law: a copy is independent, and reset restores books, indices and pools', () => {
  for (let path = 0; path < 50; path++) {
    const { protocol } = worldOf(diceOf(12, path))
    const opening = stateOf(protocol)
    const copy = protocol.copy()
    const play = () => {
      for (let account = 0; account < accountsOf(copy.book); account++) liquidated(copy, account)
      return stateOf(copy)
    }
    const once = play()
    expect(stateOf(protocol)).toEqual(opening)
    copy.reset(protocol)
    expect(stateOf(copy)).toEqual(opening)
    expect(play()).toEqual(once)
  }
})

rulesConformance({
  rules: liquityV1({
    ...deployed,
    ...{ poolUnits: 1e5, poolSells: 0.02 },
  }),
  groups: [0],
  positionsPer: 'pair',
  stepsMax: () => 1,
  held(protocol) {
    const { pool, held: received } = trovesIn(protocol)
    return [
      [POOL, DEBT, pool[0]],
      [POOL, ETH, received[0]],
    ]
  },
  exceptions: {
    par: 'LUSD counts at 1 USD whatever it trades at',
    listed: 'the last trove is left alone, and in recovery mode one that the pool cannot pay',
    atOnce: 'the reward is listed, and all that leaves the trove is sold',
    legs: 'what the pool does not pay goes to the other troves with its collateral',
    table: 'debt taken over has a slot of its own, in which no position opens',
    scaled: 'the bonus follows from the ratio: 1 / 200 less than what the ratio leaves',
  },
})
