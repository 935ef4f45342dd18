/**
 * What implementers of these protocols get wrong, one test each, in the order of the rule sheet's
 * list of traps. Number 12 is about perpetuals, which have no rules yet.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { health, healthFactor } from '../src/book.ts'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Fields } from '../src/parameters.ts'
import { aaveV3 } from '../src/rules/aaveV3.ts'
import * as market from '../src/rules/comet.suite.ts'
import { comet } from '../src/rules/comet.ts'
import { presentValue } from '../src/rules/comet.twin.suite.ts'
import { compoundV2 } from '../src/rules/compoundV2.ts'
import { ETH as BAND_ETH, marketWith } from '../src/rules/crvUsd.suite.ts'
import { lending } from '../src/rules/lending.ts'
import { DEBT, liquidated, movedOf, protocolOfTroves } from '../src/rules/liquity.suite.ts'
import { liquityV1 } from '../src/rules/liquityV1.ts'
import { ethA, salesIn } from '../src/rules/makerClip.suite.ts'
import { makerClip } from '../src/rules/makerClip.ts'
import { rpow } from '../src/rules/makerClip.twin.suite.ts'
import { morphoBlue } from '../src/rules/morphoBlue.ts'
import { act, movedUnits, standingOf, held as units } from '../src/rules/settling.suite.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from '../src/rules/vectors.suite.ts'
import {
  ACCOUNTS,
  BIDDER,
  BORROWERS,
  ITEMS,
  LENDERS,
  offerList,
  POOL,
  type Protocol,
  RESERVE,
  type Rules,
} from '../src/rules.ts'
import { run } from '../src/run.ts'
import { rulesFactories } from '../src/setup.ts'
import type { TimedReport } from '../src/timedReport.ts'

const [USD, COIN, OTHER] = [0, 1, 2]
const coins = [
  { asset: USD, threshold: null, bonus: 0, protocolFee: 0 },
  { asset: COIN, threshold: 0.8, bonus: 0.05, protocolFee: 0.1 },
  { asset: OTHER, threshold: 0.7, bonus: 0.1, protocolFee: 0.1 },
]

/** One account, at 1 USD for asset 0 and 100 for the others. */
function one(rules: Rules, ...legs: readonly (readonly [number, number, number?])[]): Protocol {
  const plain = legs.map(([asset, amount, group]): PlainLeg => [0, asset, amount, group ?? 0])
  return protocolOf(rules, [1, 100, 100, 1], plain)
}

/** The offers of a running auction so many seconds after the opening. */
function saleAt(protocol: Protocol, atSeconds: number) {
  const offers = offerList()
  protocol.rules.standing!(protocol, { block: 1, seconds: 12, atSeconds, gwei: 1 }, offers)
  return offers
}

/** What `firebreak help` prints of rules, in one line. */
function pageOf(name: string): string {
  const text = readFileSync(join(import.meta.dirname, '../src/rules', `${name}.ts`), 'utf8')
  return text.replace(/\s*\n \*\s*/g, ' ')
}

/** The hour of the examples at Aave, where gas costs a hundred times as much. */
async function dearHour(): Promise<TimedReport> {
  const folder = join(import.meta.dirname, '../examples/rules')
  const overrides = [['chain.gas', '4000']] as const
  const { scenario, runId } = await readScenario('aaveV3.yaml', diskSource(folder, null), overrides)
  return run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
}

describe('traps of the rules', async () => {
  const dear = await dearHour()

  it('1: half is of the whole debt, per debt reserve, above 0.95 only, and from 2000 USD on', () => {
    const v3 = aaveV3({ assets: coins, eModes: [], version: '3.6' })
    const two = [
      ...coins.slice(1),
      { asset: USD, threshold: null, bonus: 0, protocolFee: 0 },
      { asset: 3, threshold: null, bonus: 0, protocolFee: 0 },
    ]
    const both = aaveV3({ assets: two, eModes: [], version: '3.6' })
    const twoDebts = one(both, [COIN, 100], [USD, -6100], [3, -2000])
    expect(offersOf(twoDebts, 0).cost.slice(0, 2)).toEqual([4050, 2000])
    const at = (debt: number) => offersOf(one(v3, [COIN, debt / 80 / (1 / 0.95)], [USD, -debt]), 0)
    expect(at(10_000).cost[0]).toBeCloseTo(10_000 * Math.min(1, 0.95 / 0.8 / 1.05), 6)
    const above = one(v3, [COIN, (10_000 / 80) * 0.9500001], [USD, -10_000])
    expect(offersOf(above, 0).cost[0]).toBeCloseTo(5000, 6)
    const large = one(v3, [COIN, (2000 / 80) * 0.97], [USD, -2000])
    const small = one(v3, [COIN, (1999 / 80) * 0.97], [USD, -1999])
    expect(offersOf(large, 0).cost[0]).toBeCloseTo(1000, 6)
    expect(offersOf(small, 0).cost[0]).toBeCloseTo(1999, 6)
    // 0.7667 on average: cut to 0.7666 until v3.4, and exact since v3.5.
    const legs = [
      [COIN, 200],
      [OTHER, 100],
      [USD, -22_998.5],
    ] as const
    const version = (of: '3.4' | '3.5') => aaveV3({ assets: coins, eModes: [], version: of })
    expect(offersOf(one(version('3.4'), ...legs), 0).count).toBe(2)
    expect(offersOf(one(version('3.5'), ...legs), 0).count).toBe(0)
  })

  it('2: a part repaid heals iff collateral over debt is above 1 + bonus', () => {
    const halves = { closeFactor: 0.5, wholeBelow: 0, dustUsd: 1, target: null }
    for (const ratio of [1.049, 1.051]) {
      const protocol = one(lending({ assets: coins, ...halves }), [COIN, ratio], [USD, -100])
      const { book, values } = protocol
      const before = healthFactor(book, values, 0)
      take(protocol, offersOf(protocol, 0), 0)
      expect(healthFactor(book, values, 0) > before).toBe(ratio > 1.05)
    }
  })

  it('3: Comet cuts a signed balance towards zero, on either side', () => {
    const twin = { supplyIndex: 10n ** 15n + 1n, borrowIndex: 10n ** 15n + 1n }
    const value = (principal: bigint) => presentValue(twin as never, principal)
    expect([value(1n), value(-1n), value(3n * 10n ** 15n), value(-3n * 10n ** 15n)]).toEqual([
      1n,
      -1n,
      3n * 10n ** 15n + 3n,
      -(3n * 10n ** 15n + 3n),
    ])
  })

  it('4: at a health factor of exactly 1 nobody is liquidated, and rounding decides beside it', () => {
    const v3 = aaveV3({ assets: coins, eModes: [] })
    const edge = one(v3, [COIN, 1000], [USD, -80_000])
    expect(health(edge.book, edge.values, 0)).toBe(0)
    expect(offersOf(edge, 0).count).toBe(0)
    const past = one(v3, [COIN, 1000], [USD, -80_000 * (1 + 1e-12)])
    expect(offersOf(past, 0).count).toBe(1)
  })

  it('5: amounts are whole tokens: prices a billion apart sell the same worth', () => {
    const v3 = aaveV3({ assets: coins, eModes: [] })
    for (const scale of [1e-9, 1, 1e9]) {
      const protocol = protocolOf(
        v3,
        [1, 100 * scale, 1, 1],
        [
          [0, COIN, 1000 / scale],
          [0, USD, -81_000],
        ],
      )
      const offers = offersOf(protocol, 0)
      expect(offers.cost[0]).toBeCloseTo(40_500, 6)
      expect(offers.amount[0] * scale).toBeCloseTo(425.25, 6)
    }
  })

  it('6: a taker acts only where the sale brings more than debt, gas and the price of a place', () => {
    const { liquidators, protocols } = dear
    for (const { proceeds_usd, paid_usd, gas_usd, tips_usd, flash_usd, won } of liquidators) {
      expect(won).toBeGreaterThan(0)
      expect(proceeds_usd).toBeGreaterThan(paid_usd + gas_usd + tips_usd + flash_usd)
    }
    expect(liquidators.some(({ priced_out }) => priced_out > 0)).toBe(true)
    expect(protocols[0].waiting).toBeGreaterThan(0)
  })

  it('7: a reserve that lacks the cash is not modelled, and the page says so', () => {
    expect(pageOf('aaveV3')).toContain('the reserve always has the cash')
    expect(pageOf('aaveV4')).toContain('the hub always has the cash')
    expect(pageOf('comet')).toContain('the protocol has the cash to pay')
  })

  it('8: bad debt goes where each protocol puts it', () => {
    const writtenOff = (rules: Rules, group = 0) => {
      const protocol = one(rules, [COIN, 10, group], [USD, -1200, group])
      const moved = act(protocol, offersOf(protocol, 0), 0)
      expect(moved.reason).toBe(0)
      return { protocol, lost: movedUnits(moved, USD, LENDERS, ACCOUNTS) }
    }
    const lltv = { group: 1, loan: USD, collateral: COIN, threshold: 0.8 }
    const v2 = { closeFactor: 0.9, seizeShare: 0, dustUsd: 1, bonus: 0.05 }
    const bare = coins.map(({ asset, threshold }) => ({ asset, threshold, deprecated: false }))
    for (const [rules, group] of [
      [aaveV3({ assets: coins, eModes: [] }), 0],
      [morphoBlue({ markets: [lltv] }), 1],
      [compoundV2({ assets: bare, ...v2 }), 0],
    ] as const) {
      const { protocol, lost } = writtenOff(rules, group)
      expect(lost).toBeGreaterThan(100)
      expect(protocol.badDebt[USD]).toBe(lost)
    }
    // Comet pays from its reserves first, and lenders lose what those lack.
    const rich = comet({ ...market.deployed, reservesUnits: 1e6 })
    const absorbed = (rules: Rules) => {
      const protocol = protocolOf(
        rules,
        [1, 1000, 1],
        [
          [0, market.ETH, 10],
          [0, market.USDC, -12_000],
        ],
      )
      const offers = offersOf(protocol, 0)
      return act(protocol, offers, offers.count - 1)
    }
    expect(movedUnits(absorbed(rich), USD, LENDERS, RESERVE)).toBe(0)
    expect(movedUnits(absorbed(market.rules), USD, LENDERS, RESERVE)).toBeGreaterThan(1000)
    // Liquity spreads it over all other troves: nobody's debt is written off.
    const spread = liquityV1({
      ...{ collateral: 1, debt: DEBT, poolUnits: 0, poolSells: null, mcr: 1.1, ccr: 1.5 },
      gasReserveUnits: 200,
    })
    const troves = protocolOfTroves(spread, 100, [
      { coll: 10, debt: 950 },
      { coll: 100, debt: 3000 },
    ])
    const { reason, moves } = liquidated(troves, 0)
    expect([reason, troves.badDebt[DEBT]]).toEqual([0, 0])
    expect(movedOf({ moves }, DEBT, LENDERS, ACCOUNTS)).toBe(0)
    expect(movedOf({ moves }, DEBT, POOL, ACCOUNTS)).toBe(0)
    expect(troves.index[2] * 100).toBeCloseTo(950, 9)
  })

  it('9: a rounded power is not a power: Maker rounds half up at every product', () => {
    const RAY = 10n ** 27n
    const cut = (99n * RAY) / 100n
    const floored = Array.from({ length: 80 }).reduce<bigint>((x) => (x * cut) / RAY, RAY)
    expect(rpow(cut, 80n)).not.toBe(floored)
    expect(Math.abs(Number(rpow(cut, 80n)) / 1e27 - 0.99 ** 80)).toBeLessThan(1e-15)
  })

  it('10: bands convert by trades alone: a gap without them leaves collateral as it was', () => {
    const loan = { collateral: 10, debt: 15_000 }
    const gap = marketWith([loan], 2000)
    publish(gap, BAND_ETH, 1400)
    expect(units(gap, BAND_ETH)).toBeCloseTo(10, 12)
    const walked = marketWith([loan], 2000)
    for (let price = 1990; price >= 1400; price -= 10) {
      publish(walked, BAND_ETH, price)
      const offers = standingOf(walked)
      if (offers.count > 0) act(walked, offers, 0)
      walked.rules.accrue!(walked, 600)
    }
    expect(units(walked, BAND_ETH)).toBe(0)
  })

  it('11: an auction takes time, in part, and never leaves a rest too small for another', () => {
    const protocol = protocolOf(
      makerClip(ethA),
      [1, 1000, 1],
      [
        [0, 1, 10],
        [0, 0, -8000],
      ],
    )
    const barks = offersOf(protocol, 0)
    expect(act(protocol, barks, 0).reason).toBe(0)
    const sales = salesIn(protocol)
    const tab = sales.tab[0]
    expect(tab).toBeCloseTo(8000 * 1.13, 9)
    const [offers, later] = [0, 1800].map((atSeconds) => saleAt(protocol, atSeconds))
    expect(later.cost[0] / later.amount[0]).toBeLessThan(offers.cost[0] / offers.amount[0])
    // A take that would leave less than chost = dust x chop is cut to leave just that.
    const chost = 5000 * 1.13
    const wanted = (tab - chost / 2) / 1200
    const taken = act(protocol, offers, 0, { amount: wanted })
    expect(taken.reason).toBe(0)
    const paid = movedUnits(taken, 0, BIDDER, ITEMS) + movedUnits(taken, 0, BIDDER, RESERVE)
    expect(sales.tab[0]).toBeCloseTo(chost, 6)
    expect(paid).toBeCloseTo(tab - chost, 6)
    expect(movedUnits(taken, 1, ITEMS, BORROWERS)).toBe(0)
  })

  it('13: no number that governance sets has a default, but those that the code itself fixes', () => {
    const fixed: Readonly<Record<string, readonly string[]>> = {
      // Constants of an immutable deployment, stated there as parameters for other deployments.
      liquityV1: ['mcr', 'ccr', 'gasReserveUnits'],
      // Compound's protocolSeizeShareMantissa, the same in every market.
      compoundV2: ['seizeShare'],
      // Where the engine looks for bands, not what the market is.
      crvUsd: ['firstBand', 'lastBand'],
      // Of the base alone, which has no such factor: collateral is refused without one.
      comet: ['liquidationFactor'],
      // What a token is, not what anybody set.
      fluid: ['collateralDecimals', 'debtDecimals'],
    }
    for (const [name, { parameters }] of Object.entries(rulesFactories))
      expect([name, numbersGiven(parameters)]).toEqual([name, fixed[name] ?? []])
  })
})

/** Parameters that are a number other than 0 where nothing is said, those within others too. */
function numbersGiven(parameters: Fields): string[] {
  return Object.entries(parameters).flatMap(([key, { otherwise, shape }]) => {
    const each = shape.type === 'groups' ? shape.each : shape
    const own = typeof otherwise === 'number' && otherwise !== 0 ? [key] : []
    return 'fields' in each ? [...own, ...numbersGiven(each.fields)] : own
  })
}
