import { describe, expect, it } from 'vitest'
import type { Order } from '../report.ts'
import { total } from './attribution.ts'
import { ETH, randomWorld, ruleKinds } from './books.suite.ts'
import { curveKinds } from './curves.suite.ts'
import { type Bench, benchOf, firstRound, passes, simulate, untraced } from './simulate.ts'

const orders: readonly Order[] = ['worst-first', 'batch', 'at-trigger']

/** Random benches: every rule, venue and order, one moving price and several. */
function* benches(): Generator<{ bench: Bench; text: string; drop: number }> {
  for (const [v, venue] of curveKinds.entries())
    for (const [k, kind] of ruleKinds.entries())
      for (const [o, order] of orders.entries()) {
        const seed = 900 + 100 * v + 10 * k + o
        const claim = order !== 'at-trigger' && seed % 3 === 0
        const rules = seed % 2 === 0 ? [kind] : [kind, ruleKinds[(k + 1) % 6]]
        const plan = { seed, venue, rules, claim, shorts: seed % 5 === 0, accounts: 30 }
        const disposal = seed % 4 === 0 ? 'cost' : 'all'
        const options = { order, disposal, feedback: true, buys: false } as const
        const text = JSON.stringify({ ...plan, ...options })
        yield { bench: benchOf(randomWorld(plan), ETH, options), text, drop: (seed % 6) * 0.05 }
      }
}

describe('many shocks on one world', () => {
  it('law: a cascade that is not traced is the same to the bit, but for its trace', () => {
    let settlements = 0
    for (const { bench, text, drop } of benches())
      for (const run of [simulate, firstRound]) {
        const { trace, ...whole } = run(bench, drop)
        const { trace: none, ...plain } = run(untraced(bench), drop)
        expect(plain, text).toEqual(whole)
        expect(Object.values(none).flat(), text).toEqual([])
        expect(
          trace.proceedsUsd.reduce((sum, usd) => sum + usd, 0),
          text,
        ).toBe(whole.proceedsUsd)
        settlements += trace.row.length
      }
    expect(settlements).toBeGreaterThan(2000)
  })

  it('law: a walk that is left as soon as it has passed answers as the whole walk', () => {
    let [yes, no] = [0, 0]
    for (const { bench, text, drop } of benches()) {
      const feedback =
        total(simulate(bench, drop).repaidUsd) - total(firstRound(bench, drop).repaidUsd)
      for (const share of [-1, 0, 0.2, 0.9, 1 - 1e-12, 1, 1 + 1e-12, 2]) {
        const isPast = feedback > share * feedback
        expect(passes(bench, drop, share * feedback), `${share} ${text}`).toBe(isPast)
        if (isPast) yes++
        else no++
      }
    }
    expect(Math.min(yes, no)).toBeGreaterThan(100)
  })
})
