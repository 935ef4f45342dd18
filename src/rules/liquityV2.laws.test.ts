import { expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { accountsOf, health } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, BORROWERS, POOL } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import { SLOTS, STAKE, totalRatio } from './liquity/troves.ts'
import {
  amountOf,
  DEBT,
  diceOf,
  ETH,
  errorsOf,
  finely,
  fromWads,
  held,
  LST,
  liquidated,
  movedOf,
  positionsOf,
  protocolOver,
  stateOf,
  takenOf,
  troveOf,
  trovesIn,
} from './liquity.suite.ts'
import { liquityV2 } from './liquityV2.ts'
import {
  branchTwin,
  compounded,
  emptyPool,
  entire,
  gained,
  icrOf,
  liquidate,
  offset,
  openTrove,
  provide,
  WAD,
} from './liquityV2.twin.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

const COLLATERAL = [ETH, LST]
const RATIOS = [1.1, 1.2]
const PENALTIES = [0.1, 0.2]

function branchOf(group: number, poolUnits: number, poolSells: number | null) {
  return {
    ...{ group, collateral: COLLATERAL[group - 1], mcr: RATIOS[group - 1], scr: RATIOS[group - 1] },
    ...{ poolPenalty: 0.05, sharedPenalty: PENALTIES[group - 1], poolUnits, poolSells },
    borrowRate: 0.05,
  }
}

/** Two branches as numbers, and each as wads. */
function worldOf(dice: ReturnType<typeof diceOf>) {
  const price = Math.round(dice.between(500, 4000))
  const gasDeposit = { asset: ETH, units: dice.whole(2) * 0.0375 }
  const twins = RATIOS.map((_, b) =>
    branchTwin({
      mcr: BigInt(Math.round(RATIOS[b] * 10)) * (WAD / 10n),
      penaltySp: WAD / 20n,
      penaltyRedistribution: BigInt(Math.round(PENALTIES[b] * 10)) * (WAD / 10n),
    }),
  )
  const troves = Array.from({ length: 4 + dice.whole(16) }, (_, i) => {
    const group = 1 + (i % 2)
    const [coll, collWads] = amountOf(dice.between(1, 600))
    const [debt, debtWads] = amountOf((coll * price) / dice.between(1.02, 2.2))
    openTrove(twins[group - 1], `${i}`, collWads, debtWads)
    return { coll, debt, group }
  })
  const pools = twins.map((twin, b) => {
    const owed = troves.reduce((sum, { debt, group }) => sum + (group === b + 1 ? debt : 0), 0)
    const [units, wads] = amountOf(dice.whole(4) === 0 ? dice.whole(3) : dice.between(0, owed / 2))
    if (wads > 0n) provide(twin.pool, 'depositor', wads)
    return units
  })
  const poolSells = dice.whole(2) === 0 ? null : 0.02
  const branches = pools.map((units, b) => branchOf(b + 1, units, poolSells))
  const rules = liquityV2({ debt: DEBT, branches, gasDeposit })
  const protocol = protocolOver(rules, [1, price, price, 1], positionsOf(troves, COLLATERAL))
  return { price, troves, twins, protocol }
}

it('law: agrees with the exact twin, in every amount and in every decision', () => {
  const errors = errorsOf(1e-9)
  const seen = { pool: 0, part: 0, none: 0, all: 0, surplus: 0, edges: 0 }
  let cases = 0
  for (let path = 0; path < 200; path++) {
    const dice = diceOf(20250519, path)
    const { twins, protocol, troves, price: opening } = worldOf(dice)
    let price = opening
    for (let step = 0; step < 14; step++) {
      price = Math.round(price * dice.between(0.93, 1.03))
      for (const asset of COLLATERAL) publish(protocol, asset, price)
      const wads = BigInt(price) * WAD
      const account = dice.whole(troves.length)
      const id = `${account}`
      const b = troves[account].group - 1
      const twin = twins[b]
      if (!twin.troves.has(id)) {
        expect(liquidated(protocol, account).reason).toBe('stale')
        continue
      }
      const [icr, { mcr }] = [icrOf(twin, id, wads), twin.of]
      if ((icr > mcr ? icr - mcr : mcr - icr) * 10n ** 12n <= mcr) {
        seen.edges++
        break
      }
      const { coll, debt } = entire(twin, id)
      const [whole, owed] = [fromWads(coll), fromWads(debt)]
      const division = liquidate(twin, id, wads)
      const moved = liquidated(protocol, account)
      cases++
      expect(moved.reason === 0, `path ${path}, step ${step}`).toBe(division !== null)
      if (division === null) {
        seen.none++
        continue
      }
      const { offset: paid, surplus } = division
      seen[paid === 0n ? 'all' : division.debtToRedistribute > 0n ? 'part' : 'pool']++
      if (surplus > 0n) seen.surplus++
      const asset = COLLATERAL[b]
      errors.compare(moved.seized, division.gas, whole)
      errors.compare(movedOf(moved, asset, ACCOUNTS, POOL), division.toPool, whole)
      errors.compare(movedOf(moved, asset, ACCOUNTS, BORROWERS), surplus, whole)
      errors.compare(movedOf(moved, DEBT, POOL, ACCOUNTS), paid, owed)
      errors.compare(trovesIn(protocol).pool[b], twin.pool.total, owed)
      for (const other of twin.troves.keys()) {
        const exact = entire(twin, other)
        const float = troveOf(protocol, Number(other))
        errors.compare(float.coll, exact.coll)
        errors.compare(float.debt, exact.debt)
      }
    }
  }
  expect(cases).toBeGreaterThan(1200)
  const { edges: _, ...kinds } = seen
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(50)
  recordComparison({
    ...{ protocol: 'liquityV2', version: '', source: 'liquity/bold 405f9122', against: 'twin' },
    ...{ cases, largestError: errors.largest },
  })
})

it('law: decides as the twin does 4e-12 from MCR, on either side', () => {
  for (let path = 0; path < 500; path++) {
    const dice = diceOf(22, path)
    const price = Math.round(dice.between(900, 1100))
    const b = path % 2
    const off = (path % 4 < 2 ? 1 : -1) * dice.between(4e-12, 1e-9)
    const mcr = BigInt(Math.round(RATIOS[b] * 10)) * (WAD / 10n)
    const twin = branchTwin({ mcr, penaltySp: WAD / 20n, penaltyRedistribution: WAD / 10n })
    const troves = [RATIOS[b] * (1 - off), 2].map((ratio, i) => {
      const [debt, wads] = finely(price / ratio)
      openTrove(twin, `${i}`, WAD, wads)
      return { coll: 1, debt, group: b + 1 }
    })
    const branches = [branchOf(1, 0, null), branchOf(2, 0, null)]
    const protocol = protocolOver(
      liquityV2({ debt: DEBT, branches }),
      [1, price, price, 1],
      positionsOf(troves, COLLATERAL),
    )
    const isDone = liquidate(twin, '0', BigInt(price) * WAD) !== null
    expect(isDone).toBe(off > 0)
    expect(liquidated(protocol, 0).reason === 0, `path ${path}`).toBe(isDone)
  }
})

it('law: deposits of the twin’s pool add up to what is left, and their gains to what came', () => {
  for (let path = 0; path < 100; path++) {
    const dice = diceOf(8, path)
    const pool = emptyPool()
    let came = 0n
    const names: string[] = []
    for (let step = 0; step < 12; step++) {
      if (step === 0 || dice.whole(3) === 0) {
        names.push(`depositor ${step}`)
        provide(pool, `depositor ${step}`, BigInt(2 + dice.whole(1e6)) * WAD)
      }
      const isAll = dice.whole(5) === 0
      const share = BigInt(1 + dice.whole(999_999))
      const coll = BigInt(1 + dice.whole(1000)) * WAD
      const most = pool.total - WAD
      if (most > 0n) {
        offset(pool, isAll ? most : (most * share) / 1_000_000n + 1n, coll)
        came += coll
      }
      const left = names.reduce((sum, name) => sum + compounded(pool, name), 0n)
      expect(left <= pool.total).toBe(true)
      expect(Number(pool.total - left)).toBeLessThanOrEqual(1e-15 * Number(pool.total) + 1e3)
    }
    const got = names.reduce((sum, name) => sum + gained(pool, name), 0n)
    expect(got <= came).toBe(true)
    // Gains more than two scales after a deposit are its dust, and lost to it.
    expect(Number(came - got)).toBeLessThan(1e-8 * Number(came))
  }
})

it('law: what leaves the troves reaches somebody; redistribution moves nothing between holders', () => {
  for (let path = 0; path < 200; path++) {
    const { protocol, troves } = worldOf(diceOf(4, path))
    for (let account = 0; account < troves.length; account++) {
      const before = [DEBT, ETH, LST].map((asset) => held(protocol, asset))
      const moved = liquidated(protocol, account, account % 3 === 0 ? -1 : 0)
      const sells = COLLATERAL[troves[account].group - 1]
      for (const asset of [DEBT, ETH, LST]) {
        const change = before[asset] - held(protocol, asset)
        const taken = moved.reason === 0 ? takenOf(moved, sells, DEBT, asset) : 0
        expect(Math.abs(change - taken)).toBeLessThanOrEqual(1e-12 * Math.abs(before[asset]))
      }
    }
  }
})

it('law: an offer settled first is never refused, and gives what it listed', () => {
  for (let path = 0; path < 200; path++) {
    const { protocol } = worldOf(diceOf(13, path))
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
    const { protocol } = worldOf(diceOf(14, path))
    const opening = stateOf(protocol)
    const copy = protocol.copy()
    const play = () => {
      for (let account = 0; account < accountsOf(copy.book); account++) liquidated(copy, account)
      publish(copy, ETH, 100)
      copy.rules.accrue!(copy, 1e6)
      return stateOf(copy)
    }
    const once = play()
    expect(once.columns.isShut[0]).toBe(1)
    expect(stateOf(protocol)).toEqual(opening)
    copy.reset(protocol)
    expect(stateOf(copy)).toEqual(opening)
    expect(play()).toEqual(once)
  }
})

const spec = { debt: DEBT, branches: [1, 2].map((group) => branchOf(group, 1e5, 0.02)) }

rulesConformance({
  rules: liquityV2(spec),
  groups: [1, 2],
  positionsPer: 'pair',
  stepsMax: () => 1,
  held(protocol) {
    const { pool, held: received } = trovesIn(protocol)
    return [
      [POOL, DEBT, pool[0] + pool[1]],
      [POOL, ETH, received[0]],
      [POOL, LST, received[1]],
    ]
  },
  grows(slot, seconds, protocol) {
    const b = Math.floor(slot / SLOTS)
    const isShut = totalRatio(spec, protocol, b) < spec.branches[b].scr
    return isShut || slot % SLOTS === STAKE ? 1 : 1 + (0.05 * seconds) / YEAR_SECONDS
  },
  exceptions: {
    par: 'BOLD counts at 1 USD whatever it trades at',
    listed: 'the last trove of a branch is left alone',
    atOnce: 'the reward is listed, and all that leaves the trove is sold',
    legs: 'what the pool does not pay goes to the other troves with its collateral',
    table: 'debt taken over has a slot of its own, in which no position opens',
  },
})
