import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { policies } from './index.ts'
import type { Policy, Standing } from './policy.ts'
import { addWinner, openPool, poolOfWinners, reopenPool } from './pool.ts'

const ACCOUNTS = 2000
const pool = poolOfWinners()

/** Standings whose scores come in no order, with ties. */
function standingsOf(seed: number): Standing[] {
  const random = randomAt(seed, 1)
  return Array.from({ length: ACCOUNTS }, (_, i) => ({
    side: -1,
    profit: Math.ceil(20 * random.uniform(i, 0)),
    notional: 100,
    entryValue: 100,
    equity: Math.ceil(10 * random.uniform(i, 1)),
    entry: 100,
    mark: 90,
  }))
}

function fill(policy: Policy, of: readonly Standing[], need: number): number {
  openPool(pool, policy, need)
  of.forEach((standing, i) => {
    addWinner(pool, policy, i, i, 2 * i, standing.profit, 1, standing)
  })
  return pool.count
}

/** What the pool takes, by account. */
function takenFrom(policy: Policy, of: readonly Standing[], need: number): number[] {
  fill(policy, of, need)
  policy.allocate(pool, need, 0.3, pool.taken)
  const by = new Array<number>(of.length).fill(0)
  for (let n = 0; n < pool.count; n++) {
    expect(pool.leg[n]).toBe(2 * pool.account[n])
    by[pool.account[n]] = pool.taken[n]
  }
  return by
}

function takenFromAll(policy: Policy, of: readonly Standing[], need: number): number[] {
  const taken: number[] = []
  const winners = {
    count: of.length,
    account: of.map((_, i) => i),
    cap: of.map(({ profit }) => profit),
    limit: of.map(() => 1),
    score: of.map((each) => policy.score(each)),
    weight: of.map((each) => policy.weight(each)),
  }
  policy.allocate(winners, need, 0.3, taken)
  return taken
}

describe.each(Object.entries(policies))('a pool for %s', (_, factory) => {
  const policy = factory()

  it.each([0, 1, 17, 900, 20_000, 1e9])('gives what all winners would, for %d', (need) => {
    for (const seed of [1, 2, 3]) {
      const of = standingsOf(seed)
      expect(takenFrom(policy, of, need)).toEqual(takenFromAll(policy, of, need))
    }
  })

  it('keeps the order of winners', () => {
    fill(policy, standingsOf(1), 900)
    const kept = pool.account.slice(0, pool.count)
    expect(kept).toEqual([...kept].sort((a, b) => a - b))
  })

  it('gives the same to the last bit after a sample has set its cut', () => {
    const of = standingsOf(4).map((each, i) => ({ ...each, profit: each.profit / (3 + (i % 7)) }))
    const all = takenFrom(policy, of, 311.7)
    const add = (step: number) =>
      of.forEach((each, i) => {
        if (i % step === 0) addWinner(pool, policy, i, i, 2 * i, each.profit, 1, each)
      })
    openPool(pool, policy, (2 * 311.7) / 16)
    if (policy.isRanked) add(16)
    reopenPool(pool, policy, 311.7)
    const isCut = pool.cut > Number.NEGATIVE_INFINITY
    expect(isCut).toBe(policy.isRanked)
    add(1)
    expect(pool.most).toBeGreaterThanOrEqual(311.7)
    policy.allocate(pool, 311.7, 0.3, pool.taken)
    const by = new Array<number>(of.length).fill(0)
    for (let n = 0; n < pool.count; n++) by[pool.account[n]] = pool.taken[n]
    expect(by).toEqual(all)
  })

  it('keeps few where the policy ranks, all where it does not', () => {
    const count = fill(policy, standingsOf(1), 900)
    if (policy.isRanked) expect(count).toBeLessThan(ACCOUNTS / 4)
    else expect(count).toBe(ACCOUNTS)
  })
})
