import { describe, expect, it } from 'vitest'
import { marketOf } from '../engine/look.ts'
import { readOf } from '../engine/run.ts'
import type { LookedAt } from '../engine/textProtocol.ts'
import { assumedDepth, choiceOf, heaviest, nameOf, priceOf, termOf } from './market.ts'

const eth = { name: 'ETH', collateral: 1000, debt: 0, price: null, threshold: null }
const usdc = { name: 'USDC', collateral: 0, debt: 900_000, price: null, threshold: null }

const book: LookedAt = {
  ...{ name: 'my book.csv', role: 'positions', rows: 2 },
  columns: ['user', 'asset', 'side', 'amount'],
  sample: [],
  chosen: { account: 'user', asset: 'asset', side: 'side', amount: 'amount', price: null },
  assets: [eth, usdc],
  rules: [],
}

const depth: LookedAt = {
  ...{ name: 'depth.csv', role: 'orderBook', rows: 2, columns: ['px', 'size'] },
  sample: [['1999.5', '10']],
  chosen: { price: 'px', size: 'size' },
  ...{ assets: [], rules: [] },
}

describe('a market of files', () => {
  it('default: prices come from the file, a dollar coin, or the best bid', () => {
    expect(priceOf({ ...eth, price: 1850.5 }, depth)).toBe('$1850.5')
    expect(priceOf(usdc, null)).toBe('$1')
    expect(priceOf(eth, depth)).toBe('$1999.5')
    expect(priceOf(eth, null)).toBe('')
  })

  it('default: assumed depth is a tenth of the collateral, and nothing without a price', () => {
    expect(assumedDepth(eth, '$2,000')).toBe('$200k')
    expect(assumedDepth(eth, '2345678')).toBe('$230M')
    expect(assumedDepth(eth, '')).toBe('')
  })

  it('default: a threshold of the file is a percentage however it is written', () => {
    const term = { key: 'threshold', about: '', usual: '83%' }
    expect(termOf({ ...eth, threshold: 0.825 }, term)).toBe('82.5%')
    expect(termOf({ ...eth, threshold: 82.5 }, term)).toBe('82.5%')
    expect(termOf(eth, term)).toBe('83%')
  })

  it('default: what falls is the heaviest collateral that is no dollar', () => {
    const price = (name: string) => (name === 'ETH' ? '$2000' : '$1')
    expect(heaviest([{ ...usdc, collateral: 1e9 }, eth], price)).toBe('ETH')
  })

  it('default: a name is made of letters that a file may have', () => {
    expect(nameOf('my book (2).csv.gz')).toBe('my-book-2-')
  })

  it.each([
    ['assumed depth', null],
    ['depth of a file', depth],
  ] as const)('default: the scenario reads back, with %s', async (_, given) => {
    const rules = {
      kind: 'lending',
      keys: [
        { key: 'closeFactor', about: '', usual: '50%' },
        { key: 'dust', about: '', usual: '$100' },
      ],
      terms: [
        { key: 'threshold', about: '', usual: '83%' },
        { key: 'bonus', about: '', usual: '5%' },
      ],
    }
    const typed: Record<string, string> = {
      ...{ closeFactor: '50%', dust: '$100', 'threshold ETH': '80%', 'bonus ETH': '5%' },
      ...{ 'price ETH': '$2000', 'price USDC': '$1', 'depth ETH': '$200k' },
    }
    const depths = new Map(given === null ? [] : [['ETH', given]])
    const choice = choiceOf(book, depths, rules, 'ETH', (field) => typed[field] ?? '')
    const text = await marketOf(choice)
    const bytes = (content: string) => new TextEncoder().encode(content)
    const { scenario, data } = await readOf({ entry: 'made.yaml', text, overrides: [] }, [
      {
        name: 'my book.csv',
        bytes: bytes('user,asset,side,amount\na,ETH,supply,1000\na,USDC,borrow,900000\n'),
      },
      { name: 'depth.csv', bytes: bytes('px,size\n1999.5,10\n1990,20\n') },
    ])
    expect(scenario.protocols[0].positions.accounts).toEqual(['a'])
    expect(data.map(({ name }) => name)).toContain('my book.csv')
    expect(scenario.venues[0].kind).toBe('orderBook')
  })
})
