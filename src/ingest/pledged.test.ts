import { describe, expect, it } from 'vitest'
import { setup } from '../setup.ts'
import { drawn } from '../sweep/draw.ts'
import { type Files, memorySource } from './memory.suite.ts'
import { readScenario } from './read.ts'

const text = `version: 1
name: pledged
assets:
  ETH: { price: $2000 }
  DAI: { price: $1 }
protocols:
  second:
    rules: { kind: lending, closeFactor: 100%, dust: $0, assets: { ETH: { threshold: 60%, bonus: 10% }, DAI: {} } }
    pledged: { in: first, assets: [ETH] }
    book: { file: second.csv }
  first:
    rules: { kind: lending, closeFactor: 100%, dust: $0, assets: { ETH: { threshold: 80%, bonus: 5% }, DAI: {} } }
    book: { file: first.csv }
market:
  venues:
    pool: { kind: impactCurve, asset: ETH, quote: USD, shape: none, beyond: wall }
depth: { haircut: 0% }
liquidators: { disposal: all, buys: false }
shock: { asset: ETH, drop: 5% }
gain: { drops: [1%] }
ignition: { tolerance: 5% }
`
const first = 'account,asset,side,amount\nann,ETH,collateral,10\nann,DAI,debt,9000\nbob,ETH,+,3\n'
const second = 'account,asset,side,amount\nann,DAI,debt,4000\ncid,ETH,+,2\ncid,DAI,debt,1000\n'

const read = (change: (text: string) => string = (same) => same, files: Files = {}) => {
  const all = { 'small.yaml': change(text), 'first.csv': first, 'second.csv': second, ...files }
  return readScenario('small.yaml', memorySource(all))
}
const failing = (from: string, to: string, files: Files = {}) =>
  read((whole) => {
    expect(whole).toContain(from)
    return whole.replace(from, to)
  }, files)

describe('pledged', () => {
  it('default: an account borrows against what the one of its name holds elsewhere', async () => {
    const { scenario } = await read()
    const { protocols, pledges } = setup(scenario)
    expect(pledges.holdings).toEqual([
      {
        asset: 0,
        legs: [
          { protocol: 1, account: 0, leg: 0 },
          { protocol: 0, account: 0, leg: 1 },
        ],
      },
    ])
    const [{ book }] = protocols
    expect([...book.amount]).toEqual([-4000, 10, 2, -1000])
    expect([...pledges.elsewhere[0]!]).toEqual([0, 1, 0, 0])
    expect(pledges.elsewhere[1]).toBeNull()
  })

  it('default: a synthetic book is drawn against the other, account by account', async () => {
    const cohort = (count: number, rest: string) =>
      `book: { synthetic: [{ accounts: ${count}, collateral: ETH, debt: DAI, ${rest} }] }`
    const { scenario } = await read((whole) =>
      whole
        .replace('book: { file: first.csv }', cohort(120, 'totalDebt: $1M'))
        .replace('book: { file: second.csv }', cohort(40, 'medianHealth: 2, healthSpread: 0.3')),
    )
    for (const one of [scenario, drawn(scenario, 3)]) {
      const { protocols, pledges } = setup(one)
      const [borrowed, held] = protocols
      expect(borrowed.accounts).toEqual(held.accounts.slice(0, 40))
      expect(pledges.holdings).toHaveLength(40)
      const { positions } = one.protocols[0]
      pledges.holdings.forEach(({ legs: [there, here] }, i) => {
        const units = held.book.amount[there.leg]
        expect(borrowed.book.amount[here.leg]).toBe(units)
        const debt = borrowed.book.amount[borrowed.book.start[i]]
        const drawnHealth = positions.amount[2 * i] / positions.amount[2 * i + 1]
        expect(units / -debt).toBeCloseTo(drawnHealth, 12)
      })
    }
  })

  it.each([
    ['FB2054', 'in: first', 'in: frist'],
    ['FB2054', 'assets: [ETH] }', 'assets: [ETHH] }'],
    ['FB2304', 'in: first', 'in: second'],
    [
      'FB2304',
      'book: { file: first.csv }',
      'pledged: { in: second, assets: [ETH] }\n    book: { file: first.csv }',
    ],
    ['FB2305', 'assets: [ETH] }', 'assets: [ETH, DAI] }'],
  ])('error: %s for %s written %s', async (code, from, to) => {
    await expect(failing(from, to)).rejects.toMatchObject({ code })
  })

  it('error: FB2303 for rules that hold more than plain legs', async () => {
    const rules =
      'rules: { kind: lending, closeFactor: 100%, dust: $0, assets: { ETH: { threshold: 80%, bonus: 5% }, DAI: {} } }'
    const ajna =
      'rules: { kind: ajna, collateral: ETH, quote: DAI, buckets: [{ price: 1900, deposit: 20k }], npTpRatio: 1.15, lendersFollow: published }'
    const error = await failing(rules, ajna).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'FB2303', place: expect.stringContaining('small.yaml:9') })
  })

  it('error: FB2306 where nobody pledges anything', async () => {
    const strangers = 'account,asset,side,amount\ndan,DAI,debt,40\n'
    await expect(failing('5%', '5%', { 'second.csv': strangers })).rejects.toMatchObject({
      code: 'FB2306',
      place: expect.stringContaining('small.yaml:9'),
    })
  })

  it('error: FB2307 for a position that stands in both books, and for debts that are set', async () => {
    const both = `${second}ann,ETH,+,10\n`
    await expect(failing('5%', '5%', { 'second.csv': both })).rejects.toMatchObject({
      code: 'FB2307',
    })
    const cohort = '{ accounts: 1, collateral: ETH, debt: DAI, totalDebt: $5k }'
    await expect(
      failing('book: { file: second.csv }', `book: { synthetic: [${cohort}] }`),
    ).rejects.toMatchObject({ code: 'FB2307', remedy: expect.stringContaining('totalDebt') })
  })

  it('error: FB2306 for more drawn accounts than the other book has', async () => {
    const cohort = '{ accounts: 5, collateral: ETH, debt: DAI, medianHealth: 2 }'
    await expect(
      failing('book: { file: second.csv }', `book: { synthetic: [${cohort}] }`),
    ).rejects.toMatchObject({ code: 'FB2306' })
  })
})
