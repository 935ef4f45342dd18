/** What policies promise at the edges, and which of them an account can change by splitting. */

import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { policies } from './index.ts'
import type { Standing, Winners } from './policy.ts'
import { byBreakpoints, bySorting, winnersOf } from './reference.suite.ts'

type Name = keyof typeof policies
const names = Object.keys(policies) as Name[]
const ranked: readonly Name[] = ['queue', 'hyperliquid']
const isLimited = (name: Name) => name === 'cappedProRata' || name === 'riskAware'

/** The share of its profit that somebody without leverage may be asked for. */
const given: Readonly<Record<Name, number>> = {
  ...{ queue: 1, hyperliquid: 1, dydx: 1 },
  ...{ proRata: 1, cappedProRata: 1, riskAware: 0 },
}

/**
 * Whether others or the sum of both halves change when an account splits: evenly, and with its
 * equity kept in one half. Pro-rata withstands both, also with a limit that is a share of profit.
 */
const splits: Readonly<Record<Name, { evenly: boolean; apart: boolean }>> = {
  queue: { evenly: false, apart: true },
  hyperliquid: { evenly: false, apart: true },
  dydx: { evenly: true, apart: true },
  proRata: { evenly: false, apart: false },
  cappedProRata: { evenly: false, apart: false },
  riskAware: { evenly: false, apart: true },
}

function take(name: Name, winners: Winners, need: number, draw = 0) {
  const taken: number[] = []
  const got = policies[name]().allocate(winners, need, draw, taken)
  return { got, taken: taken.slice(0, winners.count) }
}

/** Traders with a profit of 1 to 10 million USD and a leverage of 1 to 50. */
function standings(n: number, most = 20): Standing[] {
  const random = randomAt(20251010, n)
  let turn = 0
  const between = (low: number, high: number) => low + (high - low) * random.uniform(turn++, 0)
  return Array.from({ length: 2 + Math.floor(between(0, most)) }, () => {
    const notional = between(1e6, 1e8)
    const profit = notional * between(0.01, 0.1)
    const equity = notional / between(1, 50)
    const entry = 1 - profit / notional
    return { side: 1, profit, notional, entryValue: notional * entry, equity, entry, mark: 1 }
  })
}

function winnersBy(name: Name, of: readonly Standing[], limit = 1): Winners {
  const { score, weight } = policies[name]()
  return winnersOf(
    of.map((row) => ({ cap: row.profit, limit, score: score(row), weight: weight(row) })),
  )
}

const profits = (of: readonly Standing[]) => of.reduce((sum, { profit }) => sum + profit, 0)

describe.each(names)('%s', (name) => {
  it('law: of millions it takes what an exact solver takes, within 1e-9 of the need', () => {
    for (let n = 0; n < 300; n++) {
      const rows = standings(n)
      const limit = isLimited(name) ? 0.6 : 1
      const winners = winnersBy(name, rows, limit)
      const need = profits(rows) * (((n * 7) % 100) / 100)
      const draw = (n % 13) / 13
      const { taken } = take(name, winners, need, draw)
      const exact = solved(name, winners, need, draw)
      taken.forEach((x, w) => {
        expect(Math.abs(x - exact[w])).toBeLessThanOrEqual(1e-9 * need)
      })
    }
  })

  it('law: what cannot be met is left over, and everybody gives all that it may', () => {
    for (let n = 0; n < 50; n++) {
      const rows = standings(n)
      const { got, taken } = take(name, winnersBy(name, rows), profits(rows) + 1e6, 0.4)
      expect(profits(rows) + 1e6 - got).toBeCloseTo(1e6, 6)
      taken.forEach((x, w) => {
        expect(x).toBe(rows[w].profit)
      })
    }
  })

  it('law: who has nothing to give, no equity, or is alone makes no number undefined', () => {
    const row = standings(0)[0]
    for (const equity of [0, -1e6, 1e-300])
      for (const profit of [row.profit, 0])
        for (const notional of [row.notional, 0]) {
          const of = { ...row, equity, profit, notional }
          const most = profit > 0 && equity > 0 && notional === 0 ? given[name] * profit : profit
          for (const rows of [[of], [of, row], [row, of], [of, of]])
            for (const need of [0, 1e4, profits(rows), 1e9]) {
              const may = rows.reduce((sum, at) => sum + (at === of ? most : at.profit), 0)
              const { got, taken } = take(name, winnersBy(name, rows), need, 0.9)
              expect(Math.abs(got - Math.min(need, may))).toBeLessThanOrEqual(1e-9 * need)
              for (const x of taken) expect(x).toBeGreaterThanOrEqual(0)
            }
        }
    expect(take(name, winnersOf([]), 5)).toEqual({ got: 0, taken: [] })
  })

  it('law: more need never takes less of anybody', () => {
    for (let n = 0; n < 100; n++) {
      const rows = standings(n)
      const winners = winnersBy(name, rows, isLimited(name) ? 0.6 : 1)
      let before = rows.map(() => 0)
      for (let tenths = 0; tenths <= 12; tenths++) {
        const { taken } = take(name, winners, (profits(rows) * tenths) / 10, 0.4)
        taken.forEach((x, w) => {
          expect(x).toBeGreaterThanOrEqual(before[w] * (1 - 1e-12))
        })
        before = taken
      }
    }
  })

  it('law: eight times the profits and the need is eight times what is taken', () => {
    for (let n = 0; n < 100; n++) {
      const rows = standings(n)
      const winners = winnersBy(name, rows, isLimited(name) ? 0.6 : 1)
      const eightfold = { ...winners, cap: winners.cap.map((cap) => 8 * cap) }
      const need = profits(rows) * ((n % 12) / 10)
      const { got, taken } = take(name, winners, need, 0.4)
      expect(take(name, eightfold, 8 * need, 0.4)).toEqual({
        got: 8 * got,
        taken: taken.map((x) => 8 * x),
      })
    }
  })

  it('law: a call leaves nothing to the next', () => {
    const policy = policies[name]()
    const reused: number[] = []
    for (let n = 0; n < 50; n++) {
      const rows = standings(n, n % 2 === 0 ? 40 : 3)
      const winners = winnersBy(name, rows)
      const got = policy.allocate(winners, profits(rows) / 3, 0.7, reused)
      const fresh = take(name, winners, profits(rows) / 3, 0.7)
      expect({ got, taken: reused.slice(0, winners.count) }).toEqual(fresh)
    }
  })

  const isListed = name === 'dydx'
  if (!isListed)
    it('law: does not depend on the order of the list', () => {
      for (let n = 0; n < 50; n++) {
        const rows = standings(n)
        const { taken } = take(name, winnersBy(name, rows), profits(rows) / 3)
        const back = take(name, winnersBy(name, rows.slice().reverse()), profits(rows) / 3)
        back.taken.reverse().forEach((x, w) => {
          expect(Math.abs(x - taken[w])).toBeLessThanOrEqual(1e-9 * profits(rows))
        })
      }
    })

  it(`law: an account that splits ${splits[name].evenly ? 'moves' : 'does not move'} what is taken`, () => {
    expect(isMoved(name, 0.3, 0.3)).toBe(splits[name].evenly)
  })

  it(`law: with equity kept apart it ${splits[name].apart ? 'does' : 'does not'}`, () => {
    expect(isMoved(name, 0.3, 0.9)).toBe(splits[name].apart)
  })
})

describe.each(ranked)('%s', (name) => {
  const orders: Readonly<Record<string, (k: number, n: number) => number>> = {
    ...{ rising: (k) => k, falling: (k) => -k, equal: () => 1 },
    ...{ 'rising and falling': (k, n) => Math.min(k, n - k), steps: (k) => k % 17 },
  }

  it.each(Object.keys(orders))('law: %s scores are those of a full sort', (order) => {
    const random = randomAt(6, 0)
    const winners = winnersOf(
      Array.from({ length: 3000 }, (_, k) => ({
        cap: random.uniform(k, 0),
        score: orders[order](k, 3000),
      })),
    )
    for (const need of [0.5, 100, 1400, 1e4]) {
      const sorted = bySorting(winners, need)
      take(name, winners, need).taken.forEach((x, w) => {
        expect(Math.abs(x - sorted[w])).toBeLessThan(1e-9)
      })
    }
  })

  it.each(Object.keys(orders))('law: %s scores are looked at a few times each', (order) => {
    const count = 20_000
    const scores = Array.from({ length: count }, (_, k) => orders[order](k, count))
    for (const share of [0.01, 0.5, 0.99]) {
      const looks = looksAt(scores, (winners) => take(name, winners, count * share))
      expect(looks / count).toBeLessThan(30)
    }
  })

  it('law: of 100,000 in any order it looks at scores less than half as often as a sort', () => {
    const random = randomAt(7, 0)
    const scores = Array.from({ length: 100_000 }, (_, k) => random.uniform(k, 0))
    const sorting = looksAt(scores, (winners) => bySorting(winners, 5e4))
    for (const need of [1e3, 5e4, 9.9e4])
      expect(looksAt(scores, (winners) => take(name, winners, need)) / sorting).toBeLessThan(0.5)
  })
})

describe('proRata', () => {
  it('law: parts of any size, each of profit, notional and equity, change nothing', () => {
    for (let n = 0; n < 300; n++) {
      const rows = standings(n)
      const [first, ...others] = rows
      const shares = sharesOf(n)
      const parts = shares.map(({ profit, notional, equity }) => ({
        ...first,
        profit: first.profit * profit,
        notional: first.notional * notional,
        equity: first.equity * equity,
      }))
      const need = profits(rows) * ((n % 12) / 10)
      const whole = take('proRata', winnersBy('proRata', rows), need).taken
      const { taken } = take('proRata', winnersBy('proRata', [...others, ...parts]), need)
      const ofParts = taken.slice(others.length).reduce((sum, x) => sum + x, 0)
      const now = [ofParts, ...taken.slice(0, others.length)]
      now.forEach((x, w) => {
        expect(Math.abs(x - whole[w])).toBeLessThanOrEqual(1e-9 * need)
      })
    }
  })

  it('law: who has more to give gives no less, and nobody else gives more for it', () => {
    for (let n = 0; n < 100; n++) {
      const rows = standings(n)
      const need = profits(rows) / 2
      const richer = rows.map((row, w) => (w === 0 ? { ...row, profit: 1.5 * row.profit } : row))
      const before = take('proRata', winnersBy('proRata', rows), need).taken
      const after = take('proRata', winnersBy('proRata', richer), need).taken
      expect(after[0]).toBeGreaterThan(before[0])
      for (let w = 1; w < rows.length; w++) expect(after[w]).toBeLessThan(before[w])
    }
  })
})

describe('riskAware', () => {
  it('law: who weighs nothing gives nothing, and what others cannot give is left over', () => {
    for (let n = 0; n < 300; n++) {
      const rows = standings(n).map((row, w) => (w % 3 === 0 ? { ...row, notional: 0 } : row))
      const winners = winnersBy('riskAware', rows, 0.6)
      const may = 0.6 * profits(rows.filter(({ notional }) => notional > 0))
      const need = profits(rows) * ((n % 12) / 10)
      const { got, taken } = take('riskAware', winners, need)
      expect(Math.abs(got - Math.min(need, may))).toBeLessThanOrEqual(1e-9 * need)
      const exact = byBreakpoints(winners, need)
      taken.forEach((x, w) => {
        if (w % 3 === 0) expect(x).toBe(0)
        expect(Math.abs(x - exact[w])).toBeLessThanOrEqual(1e-9 * need)
      })
    }
  })
})

describe('cappedProRata', () => {
  it('law: is pro-rata until the limit, and then the limit', () => {
    const rows = standings(1)
    const limited = winnersBy('cappedProRata', rows, 0.25)
    const below = take('cappedProRata', limited, 0.2 * profits(rows))
    take('proRata', limited, 0.2 * profits(rows)).taken.forEach((x, w) => {
      expect(below.taken[w]).toBeCloseTo(x, 6)
    })
    const above = take('cappedProRata', limited, 0.3 * profits(rows))
    above.taken.forEach((x, w) => {
      expect(x).toBe(0.25 * rows[w].profit)
    })
    expect(above.got).toBeCloseTo(0.25 * profits(rows), 6)
  })
})

/** How often scores are looked at, of winners with a cap of 1. */
function looksAt(scores: readonly number[], run: (winners: Winners) => void): number {
  let looks = 0
  const score = new Proxy(scores.slice(), {
    get: (of, k) => {
      looks++
      return Reflect.get(of, k)
    },
  })
  run({ ...winnersOf(scores.map(() => ({ cap: 1 }))), score })
  return looks
}

/** Two halves, or two to five parts that differ in profit, notional and equity. */
function sharesOf(n: number): Pick<Standing, 'profit' | 'notional' | 'equity'>[] {
  if (n % 4 === 0) return [0, 1].map(() => ({ profit: 0.5, notional: 0.5, equity: 0.5 }))
  const random = randomAt(8, n)
  const count = 2 + (n % 4)
  const columns = [0, 1, 2].map((stream) => {
    const drawn = Array.from({ length: count }, (_, k) => random.uniform(k, stream))
    const sum = drawn.reduce((all, x) => all + x, 0)
    return drawn.map((x) => x / sum)
  })
  const [profit, notional, equity] = columns
  return profit.map((_, k) => ({ profit: profit[k], notional: notional[k], equity: equity[k] }))
}

/** The first account splits: its second half, at the end of the list, has the rest of both. */
function isMoved(name: Name, part: number, ofEquity: number): boolean {
  for (let n = 0; n < 100; n++) {
    const rows = standings(n)
    const [first, ...others] = rows
    const share = (of: number, equity: number) => ({
      ...first,
      profit: first.profit * of,
      notional: first.notional * of,
      entryValue: first.entryValue * of,
      equity: first.equity * equity,
    })
    const two = [share(part, ofEquity), ...others, share(1 - part, 1 - ofEquity)]
    const need = profits(rows) / 3
    const whole = take(name, winnersBy(name, rows), need, 0.5).taken
    const parts = take(name, winnersBy(name, two), need, 0.5).taken
    const isSame = whole.every((x, w) => {
      const now = w === 0 ? parts[0] + parts[rows.length] : parts[w]
      return Math.abs(now - x) <= 1e-9 * need
    })
    if (!isSame) return true
  }
  return false
}

/** By walking the list for the order, by a full sort for ranks, by exact fractions otherwise. */
function solved(name: Name, winners: Winners, need: number, draw: number): number[] {
  if (ranked.includes(name)) return bySorting(winners, need)
  if (name !== 'dydx') return byBreakpoints(winners, need)
  const start = Math.floor(draw * winners.count)
  const score = winners.cap.map((_, w) => (w >= start ? 2e6 - w : 1e6 - w))
  return bySorting({ ...winners, score }, need)
}
