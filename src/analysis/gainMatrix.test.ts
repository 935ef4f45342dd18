import { describe, expect, it } from 'vitest'
import { bookFrom, type Leg } from '../book.ts'
import { marketFrom } from '../market.ts'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import { protocolFrom } from '../rules.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { type World, worldFrom } from '../world.ts'
import { gainMatrix, jointGain } from './gainMatrix.ts'
import { ladderFrom } from './ladder.ts'
import { loopGain } from './loopGain.ts'

const ETH = 0
const BTC = 1
const USD = 2
const STETH = 3

interface Pool {
  readonly base: number
  readonly quoteAsset: number
  readonly outside: number
  readonly reserve: number
  readonly fee?: number
}

function pool({ base, quoteAsset, outside, reserve, fee = 0 }: Pool) {
  return constantProduct({
    name: `pool of ${base}`,
    base,
    quoteAsset,
    outside,
    reserve,
    fee,
    asOf: null,
    beyond: 'wall',
    keepsFee: false,
    reprice: 'arbitrage',
  })
}

const ethPool = { base: ETH, quoteAsset: USD, outside: 2000, reserve: 300 }
const btcPool = { base: BTC, quoteAsset: USD, outside: 40_000, reserve: 20 }
const stethPool = { base: STETH, quoteAsset: ETH, outside: 1, reserve: 100 }

function marketOf(...pools: readonly Pool[]) {
  const hop = [ETH, BTC, USD, STETH].map((asset) =>
    pools.flatMap((one, i) => (one.base === asset ? [i] : [])),
  )
  return marketFrom({
    assets: ['ETH', 'BTC', 'USD', 'stETH'],
    cash: USD,
    venues: pools.map(pool),
    hop,
    outside: Float64Array.of(2000, 40_000, 1, 1),
  })
}

const terms = [ETH, BTC, USD, STETH].map((asset) => ({
  asset,
  threshold: asset === USD ? null : 0.8,
  bonus: 0.05,
}))

/** Accounts as units of ETH, BTC and stETH, and USD owed, spread over a list of protocols. */
function worldOf(
  accounts: readonly (readonly number[])[],
  pools: readonly Pool[] = [ethPool, btcPool],
  protocols = 1,
): World {
  const market = marketOf(...pools)
  const prices = new Float64Array(4)
  market.prices(prices)
  const rules = [
    stopOut({ assets: terms }),
    lending({ assets: terms, closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 1, target: null }),
  ]
  return worldFrom(
    market,
    rules.slice(0, protocols).map((rule, n) => {
      const own = accounts.filter((_, i) => i % protocols === n)
      const legs: Leg[] = own.flatMap(([eth, btc, debt, steth = 0], account) => [
        { account, slot: rule.slotOf(ETH, 1, 0), amount: eth },
        { account, slot: rule.slotOf(BTC, 1, 0), amount: btc },
        { account, slot: rule.slotOf(STETH, 1, 0), amount: steth },
        { account, slot: rule.slotOf(USD, -1, 0), amount: -debt },
      ])
      const names = own.map((_, i) => `borrower ${i}`)
      const book = bookFrom(own.length, legs)
      return protocolFrom({ name: rule.name, rules: rule, book, prices, accounts: names })
    }),
  )
}

const six = [
  [10, 0, 14_400],
  [0, 1, 29_000],
  [20, 1, 55_000],
  [5, 0.5, 23_400],
  [40, 0, 58_000],
  [0, 2, 62_000],
]

describe('gainMatrix', () => {
  it('default: worked matrix of six accounts in two assets at 10 %', () => {
    const { gain, spectralRadius } = gainMatrix(worldOf(six), 0.1, [ETH, BTC])
    expect(gain[0][0]).toBeCloseTo(2.7730249471, 9)
    expect(gain[0][1]).toBeCloseTo(0.30811388301, 10)
    expect(gain[1][0]).toBeCloseTo(0.46217082451, 10)
    expect(gain[1][1]).toBeCloseTo(3.2351957716, 9)
    expect(spectralRadius).toBeCloseTo(3.4466052351, 9)
  })

  it('default: at 15 % the radius has fallen, though more accounts fall', () => {
    expect(gainMatrix(worldOf(six), 0.15, [ETH, BTC]).spectralRadius).toBeCloseTo(2.3626059276, 9)
  })

  it('behaviour: protocols share the market, and an account counts wherever it stands', () => {
    const one = gainMatrix(worldOf(six), 0.1, [ETH, BTC])
    const two = gainMatrix(worldOf(six, [ethPool, btcPool], 2), 0.1, [ETH, BTC])
    expect(two).toEqual(one)
  })

  it('behaviour: the world is left as it was', () => {
    const world = worldOf(six)
    const values = [...world.protocols[0].values]
    gainMatrix(world, 0.1, [ETH, BTC])
    jointGain(world, 0.1, [1, 1, 0, 0])
    expect([...world.protocols[0].values]).toEqual(values)
    expect(world.market.price(ETH)).toBe(2000)
  })

  it('behaviour: accounts that are breached already are no one’s gain', () => {
    const world = worldOf([...six, [10, 0, 17_000]])
    expect(gainMatrix(world, 0.1, [ETH]).gain).toEqual(gainMatrix(worldOf(six), 0.1, [ETH]).gain)
  })

  it('behaviour: a claim falls with the asset it is sold for, not the other way round', () => {
    const world = worldOf([[0, 0, 15_000, 10]], [ethPool, btcPool, stethPool])
    const { forced, absorbed, gain } = gainMatrix(world, 0.1, [ETH, STETH])
    expect(forced).toEqual([
      [0, 0],
      [10, 10],
    ])
    expect(absorbed[1]).toBeCloseTo(100 * (1 / Math.sqrt(0.9) - 1), 10)
    expect(gain[1][0]).toBeCloseTo(10 / absorbed[1], 12)
  })

  it('behaviour: venues in parallel are sold to one level after the fee', () => {
    const dear = { ...ethPool, fee: 0.02 }
    const { absorbed } = gainMatrix(worldOf(six, [ethPool, dear, btcPool]), 0.1, [ETH])
    const units = (level: number) => 300 * (1 / Math.sqrt(level / 2000) - 1)
    expect(absorbed[0]).toBeCloseTo(units(1800) + units(1800 / 0.98) / 0.98, 9)
  })

  it('law: with one asset it is the loop gain of the ladder', () => {
    const debts = [14_400, 15_100, 12_000, 15_900, 10_000]
    const world = worldOf(debts.map((debt) => [10, 0, debt]))
    const triggers = Float64Array.from(debts, (debt) => debt / 8)
    const ladder = ladderFrom(triggers, new Float64Array(debts.length).fill(10))
    const state = { outside: 2000, sold: 0, from: 0 }
    for (const h of [0.02, 0.08, 0.12, 0.3, 0.4]) {
      const { gain, spectralRadius } = gainMatrix(world, h, [ETH])
      const expected = loopGain(ladder, pool(ethPool).curve!, state, h).gain
      expect(gain[0][0]).toBeCloseTo(expected, 10)
      expect(spectralRadius).toBeCloseTo(expected, 10)
    }
  })

  it('error: an asset without a venue has no gain', () => {
    expect(() => gainMatrix(worldOf(six), 0.1, [USD])).toThrow('needs a venue')
  })
})

describe('jointGain', () => {
  it('default: worked joint gains; an account that needs both assets falls only here', () => {
    const ten = jointGain(worldOf(six), 0.1, [1, 1, 0, 0])
    expect(ten.assets).toEqual([ETH, BTC])
    expect(ten.gain[0]).toBeCloseTo(2.7730249471, 9)
    expect(ten.gain[1]).toBeCloseTo(3.2351957716, 9)
    expect(ten.minimum).toBe(ten.gain[0])
    const fifteen = jointGain(worldOf(six), 0.15, [1, 1, 0, 0])
    expect(fifteen.gain[0]).toBeCloseTo(2.9532574095, 9)
    expect(fifteen.gain[1]).toBeCloseTo(2.6579316686, 9)
  })

  it('behaviour: a direction along one asset is that asset’s own entry of the matrix', () => {
    const { gain, minimum } = jointGain(worldOf(six), 0.1, [0, 1, 0, 0])
    expect(gain).toEqual([gainMatrix(worldOf(six), 0.1, [ETH, BTC]).gain[1][1]])
    expect(minimum).toBe(gain[0])
  })

  it('error: a direction must move something', () => {
    expect(() => jointGain(worldOf(six), 0.1, [0, 0, 0, 0])).toThrow('moves some asset')
  })
})
