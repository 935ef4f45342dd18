import { describe, expect, it } from 'vitest'
import { total } from './analysis/attribution.ts'
import { readSmall } from './ingest/memory.suite.ts'
import { setup } from './setup.ts'

const { scenario } = await readSmall()
const [ETH, STETH, USDC] = ['ETH', 'stETH', 'USDC'].map((name) =>
  scenario.assets.findIndex((asset) => asset.name === name),
)

describe('setup', () => {
  it('default: prices through routes, legs with their sign, depth after the haircut', () => {
    const { market, protocols } = setup(scenario)
    expect([ETH, STETH, USDC].map((asset) => market.price(asset))).toEqual([2000, 1998, 1])
    const { book, accounts } = protocols[0]
    expect(accounts).toEqual(['borrower', 'looper', 'lost'])
    expect([...book.amount]).toEqual([10, -12000, 100, -90, -50])
    expect(scenario.haircut).toBe(0.1)
    expect(market.quote(ETH, 90).proceeds).toBeCloseTo(90 * 1999, 6)
    expect(market.quote(ETH, 91).proceeds).toBeCloseTo(90 * 1999 + 1990, 6)
  })

  it('behaviour: each factor turns what it names and nothing else', () => {
    const amounts = (world: ReturnType<typeof setup>) => [...world.protocols[0].book.amount]
    expect(amounts(setup(scenario, { debt: 1.01 }))).toEqual([10, -12120, 100, -90.9, -50.5])
    expect(amounts(setup(scenario, { collateral: 0.5 }))).toEqual([5, -12000, 50, -90, -50])
    const turned = setup(scenario, { threshold: 1.01, bonus: 2 })
    expect(amounts(turned)).toEqual(amounts(setup(scenario)))
    const terms = turned.protocols[0].rules.terms(ETH, 0)!
    expect([terms.threshold, terms.bonus]).toEqual([0.83 * 1.01, 0.1])
    const half = setup(scenario, { depth: 0.5 })
    expect(half.market.quote(ETH, 46).proceeds).toBeCloseTo(45 * 1999 + 1990, 6)
    expect(total(half.protocols[0].badDebt)).toBe(0)
  })

  it('error: a position that its rules have no terms for names account and asset', () => {
    const rules = { kind: 'stopOut', assets: [{ asset: ETH, threshold: 0.8, bonus: 0 }] } as const
    const protocols = [{ ...scenario.protocols[0], rules }]
    expect(() => setup({ ...scenario, protocols })).toThrow(/FB2301.*borrower with USDC/)
  })
})
