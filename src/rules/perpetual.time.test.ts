/** A perpetual exchange in time: random books, every policy, a book that its own sales move. */

import { describe, expect, it } from 'vitest'
import { policies } from '../adl/index.ts'
import { expectAsListed } from '../arrange.suite.ts'
import type { Stage } from '../block/stage.ts'
import { COIN, curve, ETH, plainTime, timedScenario, USD } from '../blocks.suite.ts'
import { blocks } from '../blocks.ts'
import { POOL } from '../rules.ts'
import type { CourseSpec, RulesSpec, Scenario } from '../scenario.ts'
import { stageOf } from '../stage.ts'
import { type Draw, drained, drawFrom } from '../timedWorlds.suite.ts'
import type { PerpetualBooks } from './perpetual/books.ts'
import type { PerpetualSpec } from './perpetual/parameters.ts'
import { positionsFrom, type Row } from './perpetual.suite.ts'

const names = Object.keys(policies) as (keyof typeof policies)[]

function rulesOf(draw: Draw, n: number): RulesSpec {
  return {
    kind: 'perpetual',
    settlement: USD,
    markets: [
      {
        asset: ETH,
        tiers: draw.of(
          [{ rate: 0.02 }],
          [{ upToUsd: 2000, rate: 0.01 }, { upToUsd: 9000, rate: 0.03 }, { rate: 0.08 }],
        ),
        fundingRate: draw.of(0, 50, -20),
      },
    ],
    collateral: [{ asset: COIN, haircut: 0.1 }],
    liquidationFee: draw.of(0, 0.005),
    leftover: draw.of('account', 'fund'),
    portion: draw.of(1, 0.2),
    portionAboveUsd: 3000,
    cooldownSeconds: 3,
    fundUsd: draw.of(0, 100, 1e6),
    ...(draw() < 0.3 ? { backstop: { below: 0.67, capitalUsd: 500, unwindSeconds: 5 } } : {}),
    ...(draw() < 0.8
      ? {
          adl: {
            policy: names[n % names.length],
            basis: draw.of('notional', 'profit'),
            maxShare: draw.of(1, 0.3),
          },
        }
      : {}),
  }
}

function rowsOf(draw: Draw): Row[] {
  return Array.from({ length: 40 }, (_, account): Row[] => {
    const side = draw() < 0.55 ? 1 : -1
    const amount = 0.5 + 40 * draw() ** 6
    const entry = 100 * (1 - side * draw.between(-0.05, 0.3))
    const margin = amount * 100 * draw.between(0.03, 0.3) - side * amount * (100 - entry)
    const coin = draw() < 0.2
    return [
      { account, asset: ETH, side, amount, entry },
      { account, asset: USD, side: 1, amount: coin ? margin / 2 : margin },
      ...(coin ? [{ account, asset: COIN, side: 1 as const, amount: margin / 2 }] : []),
    ]
  }).flat()
}

/** Orders with limits, and a fund that settles fills. */
function limitsOf(draw: Draw): Partial<PerpetualSpec> {
  const walk = { attempts: draw.of(2, 10), counterparties: draw.of(3, 500) }
  return {
    ...{ portionRepeats: draw() < 0.5, portionMinUsd: 200, oneByOne: draw() < 0.5 },
    ...(draw() < 0.8 ? { fundSettles: 'fill' } : {}),
    ...(draw() < 0.8 ? { fillable: { adjustment: 1, spreadToMaintenance: draw.of(0.5, 2) } } : {}),
    perBlock: { accounts: draw.of(3, 50), accountNotionalUsd: 2000, accountLossUsd: 500 },
    ...(draw() < 0.6 ? { adl: { policy: 'dydx', basis: 'notional', walk } } : {}),
  }
}

function worldOf(n: number, changed: Partial<Scenario> = {}, isLimited = false): Scenario {
  const draw = drawFrom(7000 + n)
  const plain = rulesOf(draw, n)
  const limits = isLimited ? limitsOf(drawFrom(9000 + n)) : {}
  const rules = { ...plain, ...limits } as RulesSpec
  const drop = draw.between(-0.3, 0.35)
  return timedScenario(
    positionsFrom(rowsOf(draw)),
    {
      blocks: 30,
      prices: [
        {
          asset: ETH,
          courses: [
            { kind: 'gbm', drift: 0, volatility: 40 },
            { kind: 'step', drop, atSeconds: 9 },
          ],
        },
      ],
      formation: { ...plainTime.formation, halfLifeSeconds: [20], permanentShare: [0.1] },
    },
    {
      rules,
      seed: n,
      venues: [{ ...curve, coefficient: draw.between(0.0003, 0.002) } as typeof curve],
      ...changed,
    },
  )
}

/** Units that venues took so far, and what they paid, kept up to date. */
function countTrades({ market }: Stage): Float64Array {
  const traded = new Float64Array(3)
  const { sell } = market
  market.sell = (asset, units) => {
    const sale = sell(asset, units)
    traded[asset] += sale.units
    traded[USD] += sale.proceeds
    return sale
  }
  return traded
}

const booksOf = ({ posts }: Stage) => posts[0].protocol.items as PerpetualBooks

describe('random exchanges', () => {
  it.each([
    ['plain', false],
    ['with limits', true],
  ])(
    'law: %s, every run passes its checks, and the fund is what it was paid less what it paid',
    (_, isLimited) => {
      const met = {
        debited: 0,
        credited: 0,
        deleveraged: 0,
        unmet: 0,
        haircut: 0,
        vault: 0,
        bad: 0,
      }
      for (let n = 0; n < 120; n++) {
        const scenario = worldOf(n, {}, isLimited)
        const stage = stageOf(scenario, true, null)
        const opening = booksOf(stage).fund
        const traded = countTrades(stage)
        for (const _ of blocks(stage, null)) expect(stage.tally.gap).toBeLessThan(1e-9)
        const { fund, credited, debited, deleveragedUsd, unmetUsd, haircutUsd } = booksOf(stage)
        expect(fund).toBeGreaterThanOrEqual(0)
        expect(fund - opening).toBeCloseTo(credited - debited, 6)
        const pool = stage.ledger.balance(stage.ledger.holders.of(0, POOL), USD)
        expect(pool).toBeCloseTo(credited - debited, 6)
        const { market } = stage.ledger.holders
        const coins = stage.ledger.balance(market, COIN)
        expect(stage.ledger.balance(market, ETH)).toBeCloseTo(traded[ETH], 6)
        expect(stage.ledger.balance(market, USD)).toBeCloseTo(-traded[USD] - coins, 4)
        met.debited += +(debited > 0)
        met.credited += +(credited > 0)
        met.deleveraged += +(deleveragedUsd > 0)
        met.haircut += +(haircutUsd > 0)
        met.unmet += +(unmetUsd > 0)
        met.bad += +(stage.posts[0].protocol.badDebt[USD] > 0)
        const { report } = drained(scenario)
        expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
      }
      for (const [name, times] of Object.entries(met))
        if (name !== 'vault') expect(times, name).toBeGreaterThan(2)
    },
  )
})

describe('order', () => {
  it('law: exchanges fare as in the order of the list', () => {
    let events = 0
    for (let n = 0; n < 120; n++) events += expectAsListed(worldOf(n), `exchange ${n}`)
    expect(events).toBeGreaterThan(1000)
  })
})

describe('symmetry', () => {
  /** Without maintenance a position closes at bankruptcy: a mirror has no favourite side. */
  const rules: RulesSpec = {
    kind: 'perpetual',
    settlement: USD,
    markets: [{ asset: ETH, tiers: [{ rate: 0 }], fundingRate: 0 }],
    collateral: [],
    ...{ liquidationFee: 0, leftover: 'fund', portion: 1, portionAboveUsd: 0, cooldownSeconds: 0 },
    fundUsd: 50,
    adl: { policy: 'proRata', basis: 'notional', maxShare: 1 },
  }
  const linear = { ...curve, shape: 'linear', coefficient: 0.02 } as typeof curve
  const ended = (rows: readonly Row[], sign: 1 | -1, changed = {}) => {
    const moves = [0, -6, -14, -9, -22, -18]
    const course: CourseSpec = {
      kind: 'waypoints',
      between: 'linear',
      atSeconds: moves.map((_, k) => 5 * k),
      factor: moves.map((move) => 1 + (sign * move) / 100),
    }
    const time = { blocks: 25, prices: [{ asset: ETH, courses: [course] }] }
    const stage = stageOf(
      timedScenario(positionsFrom(rows), time, {
        rules: { ...rules, ...changed },
        venues: [linear],
      }),
      true,
      null,
    )
    for (const _ of blocks(stage, null));
    const { book, row } = stage.posts[0].protocol
    const amount: number[] = []
    row!.forEach((listed, i) => {
      amount[2 * listed] = book.amount[2 * i]
      amount[2 * listed + 1] = book.amount[2 * i + 1]
    })
    return { amount, books: booksOf(stage), mid: stage.mids[ETH] }
  }

  it('law: mirrored books give mirrored results', () => {
    let closed = 0
    for (let n = 0; n < 30; n++) {
      const rows = rowsOf(drawFrom(40 + n)).filter(({ asset }) => asset !== COIN)
      const mirrored = rows.map((row) =>
        row.asset === USD ? row : { ...row, side: -row.side as 1 | -1, entry: 200 - row.entry! },
      )
      const [a, b] = [ended(rows, 1), ended(mirrored, -1)]
      expect(a.mid - 100).toBeCloseTo(100 - b.mid, 8)
      for (const name of ['fund', 'credited', 'debited', 'haircutUsd', 'unmetUsd'] as const)
        expect(a.books[name]).toBeCloseTo(b.books[name], 6)
      a.amount.forEach((units, k) => {
        if (k % 2 === 0) expect(units).toBeCloseTo(-b.amount[k], 8)
      })
      closed += a.amount.filter((units, k) => k % 2 === 0 && units === 0).length
    }
    expect(closed).toBeGreaterThan(100)
  })

  it('law: where there is no fund to be first at, the order of accounts changes nothing', () => {
    const noFund = { fundUsd: 0, leftover: 'account' }
    for (let n = 0; n < 20; n++) {
      const rows = rowsOf(drawFrom(400 + n)).filter(({ asset }) => asset !== COIN)
      const turned = rows.map((row) => ({ ...row, account: 39 - row.account! }))
      const [a, b] = [ended(rows, 1, noFund), ended(turned, 1, noFund)]
      expect(a.mid).toBeCloseTo(b.mid, 8)
      for (let i = 0; i < 40; i++) expect(a.amount[2 * i]).toBeCloseTo(b.amount[2 * (39 - i)], 6)
    }
  })
})
