import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { auctionPrice, bondFactorOf, rewardShare } from './ajna/auctions.ts'
import { answered, COIN, drawnPool, grid, kicked, stateOf } from './ajna.suite.ts'
import {
  float,
  type TwinPool,
  twinBondFactor,
  twinHealth,
  twinIsOver,
  twinKick,
  twinPrice,
  twinReward,
  twinSettle,
  twinTake,
  wad,
} from './ajna.twin.suite.ts'

const SOURCE = 'ajna-finance/ajna-core 0f59e780'
const HOUR = 3600

/** A pool and its twin, at random. */
function drawn(n: number) {
  const { protocol, loans, spec, pick } = drawnPool(n)
  const twin: TwinPool = {
    buckets: spec.buckets.map(({ price, depositUnits }) => ({
      price: wad(price),
      deposit: wad(depositUnits),
    })),
    loans: loans.map(([collateral, owed]) => ({
      ...{ collateral: wad(collateral), debt: wad(owed), auction: null },
    })),
    npTpRatio: wad(spec.npTpRatio),
    reserves: wad(spec.reservesUnits),
    lost: 0n,
  }
  return { protocol, twin, pick }
}

describe('the exact twin', () => {
  it('law: prices and rewards agree, at any second of 72 hours', () => {
    const reference = fc.integer({ min: 1, max: 1_000_000 })
    const second = fc.integer({ min: 0, max: 72 * HOUR })
    const law = fc.property(reference, second, fc.integer({ min: 0, max: 400 }), (ref, at, np) => {
      const exact = twinPrice(wad(ref), BigInt(at))
      const price = auctionPrice(ref, at)
      // Eighteen decimals, rounded before the factor of 256.
      expect(Math.abs(price - float(exact))).toBeLessThan(1e-9 * price + (ref + 256) * 1e-18)
      const neutral = wad(ref * (1.04 + np / 1000))
      const factor = twinBondFactor(wad(1 + np / 1000))
      const share = rewardShare(price, float(neutral), ref, bondFactorOf(1 + np / 1000))
      const exactly = float(twinReward(wad(ref), neutral, factor, exact))
      expect(Math.abs(share - exactly)).toBeLessThan(1e-9)
    })
    fc.assert(law, { seed: 7, numRuns: 1000 })
  })

  it('law: 600 pools from kick to settlement agree within 1e-9', () => {
    let largestError = 0
    const seen = { kicks: 0, refused: 0, takes: 0, cleared: 0, settled: 0, lost: 0 }
    const close = (one: number, exact: bigint, scale: number) => {
      const error = Math.abs(one - float(exact)) / Math.max(scale, Math.abs(one))
      largestError = Math.max(largestError, error)
    }
    for (let n = 0; n < 600; n++) {
      const { protocol, twin, pick } = drawn(n)
      const all = twin.loans.reduce((sum, loan) => sum + float(loan.debt), 0)
      const scales = twin.loans.map(({ collateral, debt }) => [float(collateral), float(debt)])
      twin.loans.forEach((loan, i) => {
        const exact = twinHealth(twin, loan)
        const isClose = Math.abs(float(exact)) < 1e-12 * scales[i][1] + 1e-17
        const isKicked = kicked(protocol, i, { atSeconds: i })
        if (isClose) return
        expect(isKicked.reason === 0, `pool ${n}, loan ${i}`).toBe(exact < 0n)
        seen[exact < 0n ? 'kicks' : 'refused']++
        if (exact >= 0n) return
        close(isKicked.moves.amount[0], twinKick(twin, loan, BigInt(i)), scales[i][1])
      })
      let now = 10
      for (let step = 0; step < 12; step++) {
        now += Math.floor(24 * HOUR * pick(100 + step) ** 2)
        const open = twin.loans.flatMap(({ auction }, i) => (auction === null ? [] : [i]))
        if (open.length === 0) break
        const i = open[Math.floor(pick(200 + step) * open.length)]
        const loan = twin.loans[i]
        const [collateral, debt] = scales[i]
        const lost = twin.lost
        if (twinIsOver(loan, BigInt(now))) {
          expect(answered(protocol, i, { atSeconds: now }).reason).toBe(0)
          twinSettle(twin, loan)
          seen.settled++
          seen.lost += +(twin.lost > lost)
        } else {
          const wanted = pick(300 + step) < 0.3 ? Infinity : grid(collateral * pick(300 + step))
          const most = wanted === Infinity ? loan.collateral : wad(wanted)
          const exact = twinTake(twin, loan, most, BigInt(now))
          if (exact === null) continue
          const moved = answered(protocol, i, { atSeconds: now, amount: wanted })
          close(moved.seized, exact.units, collateral)
          close(moved.repaid, exact.repaid, debt)
          close(moved.moves.amount[0], exact.paid - exact.repaid, debt)
          seen.takes++
          seen.cleared += +(loan.debt === 0n)
        }
        const { amount } = protocol.book
        close(amount[2 * i], loan.collateral, collateral)
        close(-amount[2 * i + 1], loan.debt, debt)
        close(stateOf(protocol).reserves, twin.reserves, all)
        close(protocol.badDebt[COIN], twin.lost, all)
        const { deposit } = stateOf(protocol).buckets
        twin.buckets.forEach((bucket, b) => {
          close(deposit[b], bucket.deposit, all)
        })
      }
    }
    expect(largestError).toBeLessThan(1e-9)
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
    recordComparison({
      ...{ protocol: 'ajna', version: '', source: SOURCE, against: 'twin' },
      ...{ cases: 600, largestError },
    })
  })
})
