import { describe, expect, it } from 'vitest'
import { readScenario } from './read.ts'
import { type MarketText, marketText, plainRules, word } from './starter.ts'

/** Values of keys that have no usual one. */
const typed: Readonly<Record<string, string>> = {
  bonus: '5%',
  target: '1.05',
  maxBonusAt: '0.9',
  bonusFactor: '50%',
}

function marketWith(kind: string): MarketText {
  const rules = plainRules().find((one) => one.kind === kind)!
  const lines = (keys: typeof rules.keys) =>
    keys.map(({ key, usual }) => ({ key, value: usual ?? typed[key] }))
  return {
    opening: ['A market.'],
    name: '2 of them',
    assets: [
      { name: '1INCH', price: '$2', terms: lines(rules.terms) },
      { name: 'no', price: '$1', terms: [] },
    ],
    rules: { remark: 'told here', kind, keys: lines(rules.keys) },
    book: {
      remark: null,
      keys: [{ key: 'synthetic', value: '[{ accounts: 5, collateral: 1INCH, debt: "no" }]' }],
    },
    venues: [
      {
        name: 'bids of 1INCH',
        keys: [
          { key: 'kind', value: 'orderBook' },
          { key: 'asset', value: word('1INCH') },
          { key: 'quote', value: 'USD' },
          { key: 'bands', value: '[[10%, $1M]]', note: 'assumed' },
          { key: 'beyond', value: 'linear' },
        ],
      },
    ],
    shock: '1INCH',
  }
}

describe('the text of a market', () => {
  it('law: rules that a handful of numbers tell are offered, each with a threshold', () => {
    const kinds = plainRules()
    expect(kinds.length).toBeGreaterThanOrEqual(5)
    for (const { terms } of kinds) expect(terms.map(({ key }) => key)).toContain('threshold')
  })

  it.each(plainRules().map(({ kind }) => kind))(
    'law: a market of %s reads back as it was told, whatever its names are',
    async (kind) => {
      const text = marketText(marketWith(kind))
      const bytes = new TextEncoder().encode(text)
      const source = { read: () => bytes, resolve: (_: string, name: string) => name }
      const { scenario } = await readScenario('made.yaml', source)
      expect(scenario.name).toBe('2 of them')
      expect(scenario.assets.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['1INCH', 'no']),
      )
      expect(scenario.protocols[0].rules.kind).toBe(kind)
    },
  )
})
