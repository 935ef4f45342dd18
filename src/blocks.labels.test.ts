/** Attribution in time: which sale made which liquidation possible. */

import { describe, expect, it } from 'vitest'
import { attribute } from './analysis/attribution.ts'
import type { Stage } from './block/stage.ts'
import { COIN, curve, ETH, plainTime, positionsOf, timedScenario } from './blocks.suite.ts'
import { blocks } from './blocks.ts'
import type { CourseSpec, Scenario, TimeSpec } from './scenario.ts'
import { stageOf } from './stage.ts'
import { columnOf } from './table.ts'
import { drained, drawFrom, worldOf } from './timedWorlds.suite.ts'

const BOOKS = 60

/** Three accounts each of 20 kinds, sold whole (K1), in the order in which `keys` puts them. */
function bookOf(n: number, keys: (k: number) => number) {
  const draw = drawFrom(n)
  const kinds = Array.from({ length: 20 }, () => ({
    units: 0.2 + 2 * draw() ** 2,
    trigger: draw.between(80, 100.5),
  }))
  const order = Array.from({ length: 60 }, (_, k) => k).sort((a, b) => keys(a) - keys(b) || a - b)
  const rows = order.flatMap((k, place) => {
    const { units, trigger } = kinds[k % 20]
    return [
      [place, ETH, 1, units],
      [place, COIN, -1, units * trigger * 0.8],
    ] as [number, number, 1 | -1, number][]
  })
  return { ...positionsOf(rows), accounts: order.map((k) => `account ${k}`) }
}

/** A walk, prices that recover in part, a spot oracle, and one unlimited taker. */
function wholeSales(
  n: number,
  keys: (k: number) => number,
  time: Partial<TimeSpec> = {},
): Scenario {
  const draw = drawFrom(1000 + n)
  const walk: CourseSpec = { kind: 'gbm', drift: 0, volatility: draw.of(30, 60) }
  const formation = {
    ...plainTime.formation,
    halfLifeSeconds: [draw.of(Number.POSITIVE_INFINITY, 2, 20)],
    permanentShare: [draw.of(0, 0.2)],
  }
  const courses = draw.of<CourseSpec[]>([walk], [walk, { kind: 'step', drop: 0.05, atSeconds: 9 }])
  return timedScenario(
    bookOf(n, keys),
    { blocks: 40, prices: [{ asset: ETH, courses }], formation, ...time },
    { seed: n, venues: [{ ...curve, coefficient: draw.between(0.001, 0.01) } as typeof curve] },
  )
}

const asTheyCome = (): number => 0

/** Runs a stage to its end; what is done to it before is the caller's. */
function ended(
  scenario: Scenario,
  isFelt = true,
  change: (stage: Stage) => void = () => {},
): Stage {
  const stage = stageOf(scenario, isFelt, null)
  change(stage)
  for (const _ of blocks(stage, null));
  return stage
}

/** Block and generation of the first liquidation, by the name of the account. */
function labels({ posts, tally }: Stage): Map<string, string> {
  const names = posts.flatMap(({ protocol }) => protocol.accounts)
  const label = (row: number) => `${tally.firstBlock[row]}/${tally.generation[row]}`
  return new Map(names.map((name, row) => [name, label(row)] as const).sort())
}

/** Makes the chain put the transactions of each block in another order. */
function shuffleBlocks(n: number): (stage: Stage) => void {
  return ({ chain }) => {
    const draw = drawFrom(n)
    const order = chain.order
    chain.order = (transactions, out) => {
      const count = order(transactions, out)
      for (let k = count - 1; k > 0; k--) {
        const other = Math.floor(draw() * (k + 1))
        ;[out[k], out[other]] = [out[other], out[k]]
      }
      return count
    }
  }
}

describe('order of settlement', () => {
  it('law: accounts of equal margin may stand in any order: labels stay', () => {
    let fed = 0
    for (let n = 0; n < BOOKS; n++) {
      const draw = drawFrom(500 + n)
      const keys = Array.from({ length: 60 }, () => draw())
      const one = ended(wholeSales(n, asTheyCome))
      const other = ended(wholeSales(n, (k) => keys[k]))
      expect([...labels(other)], `book ${n}`).toEqual([...labels(one)])
      expect(other.market.price(ETH) / one.market.price(ETH)).toBeCloseTo(1, 12)
      fed += +one.tally.generation.some((generation) => generation > 0)
    }
    expect(fed).toBeGreaterThan(BOOKS / 3)
  })

  it('law: whole positions may be settled in any order inside their blocks: labels stay', () => {
    for (let n = 0; n < BOOKS; n++) {
      const one = ended(wholeSales(n, asTheyCome))
      const other = ended(wholeSales(n, asTheyCome), true, shuffleBlocks(n))
      expect([...labels(other)], `book ${n}`).toEqual([...labels(one)])
      expect(other.market.price(ETH) / one.market.price(ETH)).toBeCloseTo(1, 12)
    }
  })
})

describe('generations', () => {
  it('law: R and R + 1 of them agree on every label but the last, which holds all later ones', () => {
    let deep = 0
    for (let n = 0; n < BOOKS / 2; n++) {
      const tallies = [1, 2, 3, 4].map((generations) => {
        const isWhole = n % 3 > 0
        return ended(isWhole ? wholeSales(n, asTheyCome, { generations }) : few(n, generations))
          .tally
      })
      for (const most of [1, 2, 3]) {
        const [one, more] = [tallies[most - 1], tallies[most]]
        expect([...one.firstBlock], `book ${n}`).toEqual([...more.firstBlock])
        const cut = Array.from(more.generation, (generation) => Math.min(generation, most - 1))
        expect([...one.generation], `book ${n}, ${most} generations`).toEqual(cut)
        deep += +more.generation.some((generation) => generation >= most)
      }
    }
    expect(deep).toBeGreaterThan(BOOKS / 6)
  })

  it('law: where nothing recovers, a sudden drop goes round by round: one block each', () => {
    let rounds = 0
    for (let n = 0; n < BOOKS; n++) {
      const step: CourseSpec = { kind: 'step', drop: 0.02 + (n % 10) / 100, atSeconds: 1 }
      const time = { prices: [{ asset: ETH, courses: [step] }], formation: plainTime.formation }
      const { tally } = ended(wholeSales(n, asTheyCome, { ...time, generations: 30 }))
      tally.firstBlock.forEach((block, row) => {
        if (block > 0) expect(tally.generation[row], `book ${n}`).toBe(block - 1)
        rounds = Math.max(rounds, block)
      })
    }
    expect(rounds).toBeGreaterThan(5)
  })
})

describe('twins', () => {
  it('law: told of the sum when a block closes, they stand where sale after sale brings them', () => {
    let moved = 0
    for (let n = 0; n < BOOKS; n++) {
      const scenario = n % 3 === 0 ? wholeSales(n, asTheyCome) : worldOf(n)
      const told = ended(scenario)
      const asked = ended(scenario, true, (stage) => {
        ;(stage.untold.isAdditive as boolean[]).fill(false)
      })
      expect([...labels(told)], `book ${n}`).toEqual([...labels(asked)])
      expect(told.twins.length).toBe(asked.twins.length)
      told.twins.forEach(({ market }, r) => {
        market.assets.forEach((_, a) => {
          const other = asked.twins[r].market.price(a)
          expect(Math.abs(market.price(a) / other - 1), `book ${n}, twin ${r}`).toBeLessThan(1e-12)
        })
        moved += +(market.price(ETH) !== told.market.price(ETH))
      })
    }
    expect(moved).toBeGreaterThan(BOOKS)
  })
})

/** A random world with so many generations. */
function few(n: number, generations: number): Scenario {
  const world = worldOf(n)
  return { ...world, time: { ...world.time!, generations } }
}

describe('without feedback', () => {
  it('law: every generation is 0, and nothing is extra or averted', () => {
    for (let n = 0; n < BOOKS; n++) {
      const scenario = n % 2 === 0 ? wholeSales(n, asTheyCome) : worldOf(n)
      const { tally } = ended(scenario, false)
      expect(tally.generation.every((generation) => generation === 0)).toBe(true)
      const { extra, averted } = attribute(tally, ended(scenario, false).tally)
      expect([...extra, ...averted].every((usd) => usd === 0)).toBe(true)
    }
  })

  it('law: sales that move no price are all of them primary, of generation 0', () => {
    let sold = 0
    for (let n = 0; n < 10; n++) {
      const flat = { ...curve, shape: 'none', coefficient: 0 } as typeof curve
      const { report, events } = drained({ ...wholeSales(n, asTheyCome), venues: [flat] })
      expect(columnOf(events, 'generation').every((generation) => generation === 0)).toBe(true)
      const { primary, ...others } = report.fates!
      sold += primary.accounts
      for (const fate of Object.values(others)) expect(fate).toEqual({ accounts: 0, repaid_usd: 0 })
    }
    expect(sold).toBeGreaterThan(50)
  })
})

describe('against the counterfactual', () => {
  it('law: with an immediate oracle whoever is sold without feedback is sold with it, no later', () => {
    let hastened = 0
    let added = 0
    for (let n = 0; n < BOOKS; n++) {
      const scenario = wholeSales(n, asTheyCome)
      const { firstBlock, generation } = ended(scenario).tally
      ended(scenario, false).tally.firstBlock.forEach((without, row) => {
        const block = firstBlock[row]
        const where = `book ${n}, account ${row}: ${block} with, ${without} without`
        if (without > 0) expect(block > 0 && block <= without, where).toBe(true)
        if (block > 0) expect(generation[row] === 0, where).toBe(block === without)
        hastened += +(without > block)
        added += +(without === 0 && block > 0)
      })
    }
    expect(hastened).toBeGreaterThan(BOOKS)
    expect(added).toBeGreaterThan(BOOKS)
  })

  it('law: dollars add up to 1e-9, however they are cut', () => {
    let apart = 0
    for (let n = 0; n < BOOKS; n++) {
      const scenario = n % 3 === 0 ? wholeSales(n, asTheyCome) : worldOf(n)
      const { report, frames, events } = drained(scenario)
      const metric = (name: string) => (report.metrics[name] as { value: number }).value
      const total = metric('total_liquidated_usd')
      const sum = (of: Iterable<number>) => [...of].reduce((all, usd) => all + usd, 0)
      const kinds = columnOf(events, 'kind')
      const cuts: Record<string, number> = {
        frames: sum(columnOf(frames, 'liquidated_usd')),
        events: sum(columnOf(events, 'repaid_usd').filter((_, row) => kinds[row] <= 1)),
        generations: sum(report.generations.map(({ repaid_usd }) => repaid_usd)),
        protocols: sum(report.protocols.map(({ repaid_usd }) => repaid_usd)),
      }
      if (report.fates !== null) {
        const { averted, ...settled } = report.fates
        cuts.fates = sum(Object.values(settled).map(({ repaid_usd }) => repaid_usd))
        apart += +(averted.accounts > 0)
      }
      for (const [cut, usd] of Object.entries(cuts)) {
        const off = Math.abs(usd - total)
        expect(off, `world ${n}, ${cut} ${usd}, total ${total}`).toBeLessThanOrEqual(1e-9 * total)
      }
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    }
    expect(apart).toBeGreaterThan(0)
  })
})
