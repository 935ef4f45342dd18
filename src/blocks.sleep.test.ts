/** Who sleeps in the backlog would not be bid for: nothing that an offer depends on has moved. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestOf } from './block/margin.ts'
import { numbersOf } from './block/numbers.ts'
import { usdPerGwei } from './block/open.ts'
import type { Post, Stage } from './block/stage.ts'
import {
  COIN,
  curve,
  ETH,
  plainTime,
  positionsOf,
  timedScenario,
  unlimited,
} from './blocks.suite.ts'
import { blocks } from './blocks.ts'
import { accountsOf } from './book.ts'
import { transactionList } from './chain.ts'
import { kindsOf } from './kinds.ts'
import { offerList, pushOffer } from './rules.ts'
import type { CourseSpec, OracleSpec, RulesSpec, Scenario, TakerSpec } from './scenario.ts'
import { stageOf } from './stage.ts'
import { worldOf } from './timedWorlds.suite.ts'

/** Widest move that may pass unseen: what offers nothing at all is asked again after it. */
const UNSEEN = 0.03
const WORLDS = 150

/** What the offers of an account and their worth depend on, and gas in USD apart. */
interface State {
  readonly numbers: readonly number[]
  readonly gas: number
}

function stateFor(stage: Stage, { protocol }: Post): (account: number) => State {
  const { mids, clock, formation, market, time } = stage
  const { kinds, of } = kindsOf(protocol.book)
  const all = kinds.map((kind) => numbersOf(kind, protocol, market, formation, mids))
  return (account) => {
    const { count, read } = all[of[account]]
    const out = new Float64Array(count)
    read(out)
    return { numbers: [...out], gas: clock.gwei * usdPerGwei(time.chain, mids) }
  }
}

function spreadOf(before: readonly number[], after: readonly number[]): number {
  const moves = after.map((to, k) => (to === before[k] ? 1 : to / before[k]))
  const least = Math.min(1, ...moves)
  return least > 0 ? Math.max(1, ...moves) / least : Number.POSITIVE_INFINITY
}

/** Whether somebody who bears no loss would bid for it at a gas price that is likely to do. */
function isWanted(stage: Stage, j: number, account: number): boolean {
  const { protocol } = stage.posts[j]
  const offers = offerList()
  protocol.rules.offers(protocol, account, offers)
  return stage.takers.some((taker, t) => {
    if (stage.time.takers[t].minProfitUsd < 0) return false
    const out = transactionList()
    const answer = taker.copy().bid(stage.view, protocol, j, offers, 0, offers.count, out)
    if (answer !== 'bids' || out.gwei[0] < stage.clock.gwei) return false
    return out.amount[0] > 0 || offers.amount[out.offer[0]] === 0
  })
}

/** Watches the backlog of one protocol: calls `found` on a sleeper that slept too long. */
function watchSleepers(stage: Stage, j: number, found: (account: number) => void): () => number {
  const post = stage.posts[j]
  const { backlog, watch, listed } = post
  const since = new Map<number, State>()
  const stateOf = stateFor(stage, post)
  let seen = 0
  const next = backlog.next
  const sleep = backlog.sleep
  backlog.sleep = (account, margin, rest) => {
    since.set(account, stateOf(account))
    sleep(account, margin, rest)
  }
  backlog.next = () => {
    const account = next()
    since.delete(account)
    if (account >= 0) return account
    for (let i = 0; i < accountsOf(post.protocol.book); i++) {
      const before = since.get(i)
      if (before === undefined || !watch.isBreached(i)) continue
      if (listed.account.subarray(0, listed.count).includes(i)) continue
      seen++
      const now = stateOf(i)
      const hasMoved =
        spreadOf(before.numbers, now.numbers) > 1 + UNSEEN || now.gas < before.gas * (1 - UNSEEN)
      if (hasMoved && isWanted(stage, j, i)) found(i)
    }
    return -1
  }
  return () => seen
}

describe('sleepers', () => {
  it('law: nobody sleeps on who would be bid for, once what it depends on has moved by 3 %', () => {
    const late: string[] = []
    let seen = 0
    for (let n = 0; n < WORLDS; n++) {
      const scenario = worldOf(n)
      const stage = stageOf(scenario, scenario.feedback, null)
      const counts = stage.posts.map(({ protocol }, j) =>
        watchSleepers(stage, j, (account) => {
          late.push(`world ${n}, block ${stage.clock.block}, ${protocol.rules.name} ${account}`)
        }),
      )
      for (const _ of blocks(stage, null));
      for (const count of counts) seen += count()
    }
    expect(seen).toBeGreaterThan(50 * WORLDS)
    expect(late.slice(0, 5)).toEqual([])
  })
})

const flat = { ...curve, shape: 'none', coefficient: 0 } as typeof curve

/** One account, 100 ETH at 100 USD with this trigger, and one taker who pays for gas. */
function lone(
  trigger: number,
  parts: {
    readonly rules: RulesSpec
    readonly taker: Partial<TakerSpec>
    readonly oracle?: OracleSpec
    readonly gas?: CourseSpec[]
    readonly price?: CourseSpec[]
  },
): Scenario {
  const rows = [
    [0, ETH, 1, 100],
    [0, COIN, -1, 100 * trigger * 0.8],
  ] as const
  const chain = { ...plainTime.chain, gasLimit: 30e6, gwei: 20, gasTokenUsd: 1000, demand: 1.5 }
  const { rules, taker, oracle = { kind: 'spot' }, gas = [], price = [] } = parts
  const takers = [{ ...unlimited, minProfitUsd: 0, gas: 300_000, valuation: 0.9, ...taker }]
  return timedScenario(
    positionsOf(rows),
    { blocks: 60, chain, gas, prices: [{ asset: ETH, courses: price }], takers },
    { rules, oracle, feedback: false, venues: [flat] },
  )
}

function settledIn(scenario: Scenario): number {
  const stage = stageOf(scenario, false, null)
  for (const _ of blocks(stage, null)) if (stage.tally.liquidations[0] > 0) return stage.clock.block
  return Number.POSITIVE_INFINITY
}

const assets = (bonus: number, borrowRate = 0) => [
  { asset: ETH, threshold: 0.8, bonus },
  { asset: COIN, threshold: null, bonus: 0, borrowRate },
]
const flip: RulesSpec = {
  ...{ kind: 'makerFlip', assets: assets(0), dai: COIN, penalty: 0.13, lotUnits: 50, beg: 0.03 },
  ...{ ttlSeconds: 600, tauSeconds: 6000, gas: { bite: 400_000, tend: 150_000, deal: 100_000 } },
}
const lending: RulesSpec = {
  ...{ kind: 'lending', closeFactor: 1, wholeBelow: 0, dustUsd: 1, target: null },
  assets: assets(0.05, 100_000),
}

describe('a single sleeper', () => {
  it('behaviour: what gas was too dear for is called as soon as gas is cheap enough', () => {
    // 200 gwei in blocks 1 to 9, 90 after it; the taker pays up to 100.
    const gas: CourseSpec[] = [
      { kind: 'waypoints', atSeconds: [0, 10], factor: [10, 4.5], between: 'hold' },
    ]
    expect(settledIn(lone(101, { rules: flip, gas, taker: { maxGwei: 100 } }))).toBe(10)
  })

  it('behaviour: interest alone brings a sleeper to where it pays', () => {
    // The bonus on 8080 USD is 404, gas costs 420; debt grows 0.32 % a block: at 4 % it pays.
    const taker = { gas: 21e6 }
    const block = settledIn(lone(101, { rules: lending, taker }))
    expect(block).toBeGreaterThan(11)
    expect(block).toBeLessThan(16)
  })

  it('behaviour: a confidence interval that narrows brings back what it had made worthless', () => {
    // A jump by half makes the interval wider than the price; at rest it narrows in every block.
    const oracle: OracleSpec = {
      ...{ kind: 'confident', width: 0.001, volatilityWidth: 3, widthMax: 1e6 },
      ...{ halfLifeSeconds: 3, delaySeconds: 0 },
    }
    const price: CourseSpec[] = [{ kind: 'step', drop: 0.5, atSeconds: 5 }]
    const block = settledIn(lone(90, { rules: flip, oracle, price, taker: {} }))
    expect(block).toBeGreaterThan(5)
    expect(block).toBeLessThan(20)
  })
})

describe('cheaper gas alone', () => {
  const still = (bonus: number): RulesSpec => ({
    ...{ kind: 'lending', closeFactor: 1, wholeBelow: 0, dustUsd: 1, target: null },
    assets: assets(bonus),
  })
  const gas: CourseSpec[] = [{ kind: 'step', drop: 0.5, atSeconds: 10 }]

  it('behaviour: wakes a large lot that was nearly worth it', () => {
    // 16 USD of bonus against 20 USD of gas, 10 from block 10 on.
    expect(settledIn(lone(101, { rules: still(0.002), gas, taker: { gas: 1e6 } }))).toBe(10)
  })

  it('behaviour: wakes what paid, but less than its taker wants', () => {
    const taker = { gas: 1e6, minProfitUsd: 390 }
    expect(settledIn(lone(101, { rules: still(0.05), gas, taker }))).toBe(10)
  })
})

describe('rules whose sizes jump', () => {
  it('behaviour: a sleeper wakes where its health factor passes the step', () => {
    const halves: RulesSpec = {
      ...{ kind: 'lending', closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 1, target: null },
      assets: assets(0.07),
    }
    // Opens at a health factor of 0.9653; half of its debt does not pay the gas, all of it does.
    const price: CourseSpec[] = [{ kind: 'step', drop: 0.017, atSeconds: 3 }]
    const scenario = lone(103.6, { rules: halves, price, taker: { gas: 28_000_000 } })
    expect(settledIn(scenario)).toBe(3)
  })
})

/** A stage to look at offers on: ETH at 100 USD, gas at 20 USD a million. */
function counter(): Stage {
  return stageOf(lone(90, { rules: lending, taker: { gas: 1e6 } }), false, null)
}

/** What is seen of offers of [ETH sold, COIN paid, gas]. */
function glanceAt(stage: Stage, ...rows: readonly (readonly [number, number, number])[]) {
  const offers = offerList()
  for (const [sold, paid, gas] of rows) pushOffer(offers, 0, ETH, sold, COIN, paid, 0, 0, 1, gas)
  return { ...bestOf(stage, stage.posts[0], offers, 0, offers.count) }
}

describe('bestOf', () => {
  it('behaviour: the largest margin, and the least gap of any offer', () => {
    const stage = stageOf(lone(90, { rules: lending, taker: { gas: 0 } }), false, null)
    const offers = offerList()
    // 10 USD for 11, a tenth short; 1000 USD for 1005, half a percent short.
    pushOffer(offers, 0, ETH, 0.1, COIN, 11, 0, 0, 1)
    pushOffer(offers, 0, ETH, 10, COIN, 1005, 0, 0, 1)
    const { margin, gross, gap, fall } = bestOf(stage, stage.posts[0], offers, 0, 2)
    expect([margin, gross, fall]).toEqual([expect.closeTo(-1, 9), expect.closeTo(-1, 9), 1])
    expect(gap).toBeCloseTo(5 / 1005, 9)
  })

  it('behaviour: half of what is lacking may come from gas, the rest must come from prices', () => {
    const stage = stageOf(lone(90, { rules: lending, taker: { gas: 300_000 } }), false, null)
    const gas = 300_000 * stage.clock.gwei * 1000e-9
    const look = (cost: number) => {
      const offers = offerList()
      pushOffer(offers, 0, ETH, 1, COIN, cost, 0, 0, 1)
      return { ...bestOf(stage, stage.posts[0], offers, 0, 1) }
    }
    const paying = look(100 - gas / 2)
    expect(paying.gross).toBeCloseTo(gas / 2, 9)
    expect(paying.fall).toBeCloseTo(0.25, 9)
    expect(paying.gap).toBeCloseTo(gas / 4 / 100, 9)
    expect(look(100 + 2 * gas)).toMatchObject({ fall: 1 })
  })

  it('default: what offers nothing has no margin, and waits for nothing', () => {
    const nothing = Number.NEGATIVE_INFINITY
    const moves = { gap: Number.POSITIVE_INFINITY, fall: 1, step: Number.POSITIVE_INFINITY }
    const expected = { margin: nothing, gross: nothing, ...moves, pays: nothing, swing: 0 }
    expect(glanceAt(counter())).toEqual(expected)
  })

  it('behaviour: gas is that of the cheapest taker where the rules do not state it', () => {
    const { margin, fall } = glanceAt(counter(), [10, 990, 0])
    expect(margin).toBeCloseTo(-10, 9)
    expect(fall).toBeCloseTo(5 / 20, 9)
  })

  it('behaviour: a surplus that is passed on is paid as published, a call earns a share', () => {
    const stage = counter()
    stage.posts[0].protocol.prices[ETH] = 90
    const offers = offerList()
    pushOffer(offers, 0, ETH, 10, COIN, 900, 0, 0, 1, 0, -1, 0, 1)
    pushOffer(offers, 0, ETH, 0, COIN, 0, 0, 0, 1, 0, -1, 0, 50)
    const at = (k: number) => bestOf(stage, stage.posts[0], offers, k, k + 1).gross
    expect(at(0)).toBeCloseTo(1000 - 900 - 90, 9)
    expect(at(1)).toBeCloseTo(0.1 * 50 * 100, 9)
  })

  it('behaviour: the gap is a share of worth or cost, whichever is more', () => {
    // 20 USD under cost and 30 USD of gas: 50 USD short, 25 from 1020 USD of COIN.
    const { gap, fall } = glanceAt(counter(), [10, 1020, 1.5e6])
    expect(gap).toBeCloseTo(25 / 1020, 9)
    expect(fall).toBeCloseTo(25 / 30, 9)
  })

  it('behaviour: where gas is at most half of what is lacking, prices alone can bring it', () => {
    for (const [cost, usd] of [
      [1030.1, 30.1],
      [1040, 40],
      [2000, 1000],
    ]) {
      const { gap, fall } = glanceAt(counter(), [10, cost, 1.5e6])
      expect(fall).toBe(1)
      expect(gap).toBeCloseTo(usd / cost, 9)
    }
    expect(glanceAt(counter(), [10, 1029.9, 1.5e6]).fall).toBeLessThan(1)
  })

  it('behaviour: of several offers each number is the best of any', () => {
    const stage = counter()
    const rows = [
      [10, 1020, 0.5e6],
      [1, 99, 0.15e6],
      [10, 990, 1.5e6],
      [10, 1050, 0.3e6],
    ] as const
    const alone = rows.map((row) => glanceAt(stage, row))
    const all = glanceAt(stage, ...rows)
    expect(all.margin).toBe(Math.max(...alone.map(({ margin }) => margin)))
    expect(all.gross).toBe(Math.max(...alone.map(({ gross }) => gross)))
    expect(all.gap).toBe(Math.min(...alone.map(({ gap }) => gap)))
    expect(all.fall).toBe(Math.min(...alone.map(({ fall }) => fall)))
    expect(all.pays).toBe(Math.max(...alone.map(({ pays }) => pays)))
    expect(all.swing).toBe(Math.max(...alone.map(({ swing }) => swing)))
  })

  it('behaviour: the price of gas at which it pays, and what a move of prices may add', () => {
    const { pays, swing, step } = glanceAt(counter(), [10, 990, 1.5e6])
    expect([pays, swing, step]).toEqual([10 / 1.5e6, 1000 / 1.5e6, Number.POSITIVE_INFINITY])
    expect(glanceAt(counter(), [10, 1020, 1.5e6]).pays).toBeCloseTo(-20 / 1.5e6, 12)
  })

  it('behaviour: what pays by this measure has no gap', () => {
    for (const cost of [1, 900, 969])
      expect(glanceAt(counter(), [10, cost, 1.5e6])).toMatchObject({ gap: 0 })
  })

  it('law: nothing pays before prices have moved by its gap or gas has fallen by its fall', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const cost = fc.double({ min: 800, max: 1500, noNaN: true })
    const gas = fc.double({ min: 1e4, max: 2e7, noNaN: true })
    let seen = 0
    const law = fc.property(cost, gas, share, share, (paid, units, far, ratio) => {
      const stage = counter()
      const row = [10, paid, units] as const
      const { margin, gap, fall } = glanceAt(stage, row)
      fc.pre(margin < 0)
      seen++
      const { mids, clock } = stage
      // The worst within both: ETH up and COIN down, anyhow shared, and gas down.
      const spread = 1 + gap * far
      const up = 1 + (spread - 1) * ratio
      mids[ETH] *= up
      mids[COIN] *= up / spread
      clock.gwei *= 1 - fall * far * (1 - 1e-9)
      expect(glanceAt(stage, row).margin).toBeLessThan(1e-6)
    })
    fc.assert(law, { seed: 8, numRuns: 300 })
    expect(seen).toBeGreaterThan(100)
  })
})
