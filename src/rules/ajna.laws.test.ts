import { describe, expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { Report } from '../report.ts'
import { ACCOUNTS, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'
import {
  act,
  COIN,
  drawnPool,
  ETH,
  gains,
  kicked,
  plain,
  standingAt,
  stateOf,
} from './ajna.suite.ts'
import { ajna } from './ajna.ts'
import { rulesConformance } from './conformance.suite.ts'
import { offersOf } from './vectors.suite.ts'

const HOUR = 3600
const POOLS = 200

const sumOf = (protocol: Protocol, slot: number) => {
  let sum = 0
  protocol.book.amount.forEach((amount, k) => {
    if (protocol.book.slot[k] === slot) sum += amount
  })
  return sum
}

describe('ajna', () => {
  it('law: only who is breached is kicked, once', () => {
    for (let n = 0; n < POOLS; n++) {
      const { protocol } = drawnPool(n)
      for (let i = 0; i < accountsOf(protocol.book); i++) {
        const isBreached = health(protocol.book, protocol.values, i) < 0
        expect(offersOf(protocol, i).count).toBe(+isBreached)
        const offers = offersOf(protocol, i)
        if (!isBreached) continue
        expect(act(protocol, offers, 0).reason).toBe(0)
        expect(act(protocol, offers, 0).reason).toBe('stale')
        protocol.rules.value(protocol)
      }
    }
  })

  it('law: no value is made: legs, bonds, reserves and bad debt change by what moved', () => {
    for (let n = 0; n < POOLS; n++) {
      const { protocol, pick } = drawnPool(3000 + n)
      const opening = protocol.copy()
      const total = new Map<string, number>()
      const note = (moved: ReturnType<typeof act>) => {
        for (const [key, by] of gains(moved)) total.set(key, (total.get(key) ?? 0) + by)
      }
      for (let i = 0; i < accountsOf(protocol.book); i++)
        if (offersOf(protocol, i).count > 0) note(kicked(protocol, i))
      for (let step = 1; step < 12; step++) {
        const offers = standingAt(protocol, step * 7 * HOUR)
        if (offers.count === 0) continue
        const o = Math.floor(pick(700 + step) * offers.count)
        const amount = offers.amount[o] * (0.5 + pick(800 + step))
        note(act(protocol, offers, o, { atSeconds: step * 7 * HOUR, amount }))
      }
      const { auctions, reserves } = stateOf(protocol)
      const bonds = auctions.bond.slice(0, auctions.count).reduce((sum, bond) => sum + bond, 0)
      const changes: readonly (readonly [string, number])[] = [
        [`${ACCOUNTS}:${ETH}`, sumOf(protocol, 0) - sumOf(opening, 0)],
        [`${ACCOUNTS}:${COIN}`, sumOf(protocol, 1) - sumOf(opening, 1)],
        [`${ITEMS}:${COIN}`, bonds],
        [`${RESERVE}:${COIN}`, reserves - stateOf(opening).reserves],
        [`${LENDERS}:${COIN}`, -protocol.badDebt[COIN]],
      ]
      const { buckets } = stateOf(protocol)
      expect(Math.min(...buckets.deposit, ...auctions.bond, reserves)).toBeGreaterThanOrEqual(0)
      const unit = Math.abs(sumOf(opening, 1)) + sumOf(opening, 0)
      for (const [key, change] of changes)
        expect(Math.abs((total.get(key) ?? 0) - change), `${n} ${key}`).toBeLessThan(1e-9 * unit)
    }
  })

  it('law: an offer settled first gives what it listed, a smaller bid no more than it asked', () => {
    let seen = 0
    for (let n = 0; n < POOLS; n++) {
      const { protocol } = drawnPool(5000 + n)
      for (let i = 0; i < accountsOf(protocol.book); i++)
        if (offersOf(protocol, i).count > 0) kicked(protocol, i)
      const atSeconds = (n % 70) * HOUR + 1
      const offers = standingAt(protocol, atSeconds)
      const copy = protocol.copy()
      for (let o = 0; o < offers.count; o++) {
        for (const amount of [Infinity, offers.amount[o]]) {
          copy.reset(protocol)
          const moved = act(copy, offers, o, { atSeconds, amount })
          const paid = moved.repaid + moved.moves.amount[0]
          expect(moved).toMatchObject({ reason: 0, seized: offers.amount[o] })
          expect(Math.abs(paid / offers.cost[o] - 1)).toBeLessThan(1e-12)
          seen++
        }
        copy.reset(protocol)
        const part = act(copy, offers, o, { atSeconds, amount: offers.amount[o] / 3 })
        expect(part.seized).toBe(offers.amount[o] / 3)
      }
    }
    expect(seen).toBeGreaterThan(300)
  })

  it('law: debt and collateral only fall, and everything ends after 72 hours', () => {
    for (let n = 0; n < POOLS; n++) {
      const { protocol } = drawnPool(7000 + n)
      const before = protocol.book.amount.slice()
      for (let i = 0; i < accountsOf(protocol.book); i++)
        if (offersOf(protocol, i).count > 0) kicked(protocol, i)
      const started = stateOf(protocol).auctions.count
      for (let k = 0; k < started; k++) {
        const offers = standingAt(protocol, 72 * HOUR)
        expect(act(protocol, offers, 0, { atSeconds: 72 * HOUR }).reason).toBe(0)
      }
      expect(standingAt(protocol, 72 * HOUR).count).toBe(0)
      protocol.book.amount.forEach((amount, k) => {
        expect(Math.abs(amount)).toBeLessThanOrEqual(Math.abs(before[k]))
      })
    }
  })

  it('law: a copy is independent, and reset restores everything', () => {
    const stateIn = (protocol: Protocol) => JSON.stringify([protocol.book, protocol.items])
    for (let n = 0; n < 50; n++) {
      const { protocol } = drawnPool(9000 + n)
      const copy = protocol.copy()
      const opening = stateIn(protocol)
      for (let i = 0; i < accountsOf(copy.book); i++)
        if (offersOf(copy, i).count > 0) kicked(copy, i)
      copy.rules.accrue!(copy, 600)
      expect(stateIn(protocol)).toBe(opening)
      copy.reset(protocol)
      expect(stateIn(copy)).toBe(opening)
    }
  })
})

const text = `version: 1
name: pool
assets:
  ETH: { price: $2000 }
  USDC: { price: $1 }
protocols:
  pool:
    rules:
      kind: ajna
      collateral: ETH
      quote: USDC
      buckets:
        - { price: 1850, deposit: 40k }
        - { price: 1750, deposit: 60k }
        - { price: 1500, deposit: 100k }
      npTpRatio: 1.15
      lendersFollow: published
      followHalfLife: 2h
      borrowRate: 5%
    oracle: spot
    book: { file: positions.csv }
market:
  venues:
    bids: { kind: impactCurve, asset: ETH, quote: USD, shape: linear, coefficient: 0.0001 }
    par: { kind: impactCurve, asset: USDC, quote: USD, shape: none }
depth: { haircut: 0%, recovery: { halfLife: 10min, permanent: 20% }, arbitrage: none, withdrawal: none }
liquidators:
  buys: false
  agents:
    keeper:
      capital: $10M
      flashLoan: none
      latency: 0
      minProfit: $5
      size: profitable
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 1000
      route: public
      valuation: 97%
      sells: now
shock: { asset: ETH, drop: 30% }
blocks: 400
chain: { block: 12min, gasLimit: 15M, demand: 50%, priceSpread: 0.3, feeMarket: first-price, gas: 20, gasAsset: ETH, failedGas: 30% }
paths: { are: given, prices: { ETH: { kind: waypoints, unit: price, between: linear, points: { 0s: 2000, 6h: 1500, 40h: 1300 } } } }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`
const positions = `account,asset,side,amount
a,ETH,collateral,20
a,USDC,debt,30000
b,ETH,collateral,30
b,USDC,debt,42000
c,ETH,collateral,10
c,USDC,debt,9000
`

const read = (scenario: string) =>
  readScenario('pool.yaml', memorySource({ 'pool.yaml': scenario, 'positions.csv': positions }))

describe('a scenario', () => {
  const stamp = { runId: 'id', engineVersion: '0', data: [] }

  it('default: in time loans are kicked, taken and settled, and stocks equal flows', async () => {
    const { scenario } = await read(text)
    const report = run(scenario, stamp) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    const [pool] = report.protocols
    expect(pool).toMatchObject({ name: 'pool', rules: 'ajna', liquidations: 3, waiting: 0 })
    expect(pool.repaid_usd + pool.bad_debt_usd).toBeCloseTo(81_000, -2)
  })

  it('default: without time, and with lenders who stay, nobody is reached', async () => {
    const instant = text
      .replace(/ {2}agents:[\s\S]*?(?=shock:)/, '  disposal: all\n')
      .replace(/^(blocks|chain|paths|depth): .*\n/gm, '')
      .replace(/^ +(followHalfLife|borrowRate|oracle): .*\n/gm, '')
      .concat('depth: { haircut: 0% }\n')
    const follow = run((await read(instant)).scenario, stamp) as Report
    expect(follow.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(follow.metrics).toMatchObject({ accounts_liquidated: { value: 2 } })
    const stay = instant.replace('lendersFollow: published', 'lendersFollow: none')
    const still = run((await read(stay)).scenario, stamp) as Report
    expect(still.metrics).toMatchObject({ accounts_liquidated: { value: 0 } })
  })
})

rulesConformance({
  rules: ajna({
    ...plain,
    buckets: [
      { price: 2100, depositUnits: 1e6 },
      { price: 2000, depositUnits: 1e7 },
      { price: 1800, depositUnits: 1e8 },
    ],
    lendersFollow: 'published',
    ...{ reservesUnits: 1e5, borrowRate: 0.05 },
  }),
  groups: [0],
  positionsPer: 'pair',
  stepsMax: () => 1,
  held(protocol) {
    const { auctions, reserves } = stateOf(protocol)
    const bonds = auctions.bond.slice(0, auctions.count).reduce((sum, bond) => sum + bond, 0)
    return [
      [ITEMS, COIN, bonds],
      [RESERVE, COIN, reserves],
    ]
  },
  grows: (slot, seconds) => 1 + (slot === 1 ? (0.05 * seconds) / YEAR_SECONDS : 0),
  exceptions: {
    scaled: 'lenders set thresholds by their prices, and auctions the bonus',
  },
})
