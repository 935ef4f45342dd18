import { describe, expect, it } from 'vitest'
import type { Order } from '../report.ts'
import { ETH, randomWorld, ruleKinds, type WorldPlan } from './books.suite.ts'
import { curveKinds } from './curves.suite.ts'
import { referenceCascade } from './reference.suite.ts'
import { benchOf, simulate } from './simulate.ts'
import type { CascadeOptions } from './walk.ts'

const orders: readonly Order[] = ['worst-first', 'batch', 'at-trigger']

function compare(plan: WorldPlan, drop: number, options: CascadeOptions): number {
  const world = randomWorld(plan)
  const bench = benchOf(world, ETH, options)
  const several = plan.claim || (plan.shorts && options.buys)
  const only = several ? null : ETH
  if (options.order === 'at-trigger' && several) return 0
  const fast = simulate(bench, drop)
  const slow = referenceCascade(world, { asset: ETH, drop, only }, options, fast.trace.row)
  const text = JSON.stringify({ ...plan, drop, ...options })
  expect(fast.settled, text).toBe(true)
  expect(fast.trace.row, text).toEqual(slow.row)
  expect(fast.trace.round, text).toEqual(slow.round)
  slow.prices.forEach((price, asset) => {
    expect(Math.abs(fast.prices[asset] - price), text).toBeLessThanOrEqual(1e-9 * price)
  })
  for (const column of ['repaidUsd', 'badDebtUsd'] as const)
    slow[column].forEach((usd, row) => {
      const gap = Math.abs(fast[column][row] - usd)
      expect(gap, `${column} ${row} ${text}`).toBeLessThanOrEqual(1e-9 * usd + 1e-9)
    })
  return slow.row.length
}

describe('cascade against a full scan after every settlement', () => {
  it.each(curveKinds)('law: one asset, every rule and order, on %s', (venue) => {
    let settlements = 0
    ruleKinds.forEach((kind, k) => {
      orders.forEach((order, o) => {
        for (const disposal of ['all', 'cost'] as const) {
          const seed = 1000 * curveKinds.indexOf(venue) + 31 * k + 7 * o + +(disposal === 'cost')
          const rules = seed % 2 === 0 ? [kind] : [kind, ruleKinds[(k + o + 1) % 6]]
          const plan = { seed, venue, rules, claim: false, shorts: seed % 3 === 0, accounts: 14 }
          const drop = (seed % 5) * 0.04
          settlements += compare(plan, drop, {
            order,
            disposal,
            feedback: seed % 7 > 0,
            buys: false,
          })
        }
      })
    })
    expect(settlements).toBeGreaterThan(100)
  })

  it.each(curveKinds)('law: several assets, every rule, with and without buys, on %s', (venue) => {
    let settlements = 0
    ruleKinds.forEach((kind, k) => {
      for (const order of ['worst-first', 'batch'] as const)
        for (const buys of [false, true]) {
          const seed = 5000 + 100 * curveKinds.indexOf(venue) + 10 * k + +buys
          const rules = seed % 2 === 0 ? [kind] : [kind, ruleKinds[(k + 2) % 6]]
          const claim = !buys || seed % 3 > 0
          const plan = { seed, venue, rules, claim, shorts: seed % 3 !== 1, accounts: 14 }
          const disposal = seed % 4 < 2 ? 'all' : 'cost'
          settlements += compare(plan, (seed % 4) * 0.04, { order, disposal, feedback: true, buys })
        }
    })
    expect(settlements).toBeGreaterThan(100)
  })
})
