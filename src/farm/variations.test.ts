import { describe, expect, it } from 'vitest'
import { VariationError, variationOf } from './variations.ts'

describe('variationOf', () => {
  it.each([
    ['drop=5%,10%', 'shock.drop', ['5%', '10%']],
    ['depth.haircut = 0%, 25% ,50%', 'depth.haircut', ['0%', '25%', '50%']],
    ['drop=5%..40%:15%', 'shock.drop', ['5%', '20%', '35%']],
    ['x=0.1..0.5:0.1', 'x', ['0.1', '0.2', '0.3', '0.4', '0.5']],
    ['fund=$1M..$3M:$1M', 'fund', ['$1M', '$2M', '$3M']],
    ['x=3..1:-1', 'x', ['3', '2', '1']],
    ['order=worst-first,batch', 'order', ['worst-first', 'batch']],
    ['book=../a.csv,../b.csv', 'book', ['../a.csv', '../b.csv']],
    ['x=[[1%, 2M]],[[2%, 4M]]', 'x', ['[[1%, 2M]]', '[[2%, 4M]]']],
  ])('vector: %s', (text, key, values) => {
    expect(variationOf(text)).toEqual({ key, values })
  })

  it.each([
    ['drop', 'FB2080'],
    ['=1', 'FB2080'],
    ['drop=', 'FB2080'],
    ['drop=5%,,10%', 'FB2080'],
    ['drop=5%..40%', 'FB2081'],
    ['drop=5%..40%:0%', 'FB2081'],
    ['drop=40%..5%:5%', 'FB2081'],
    ['drop=a..b:c', 'FB2081'],
    ['drop=0%..100%:0.001%', 'FB2081'],
    ['x=1k..2M:1k', 'FB2081'],
    ['drop=5%,5%', 'FB2082'],
  ])('error: %s', (text, code) => {
    expect(() => variationOf(text)).toThrow(VariationError)
    expect(() => variationOf(text)).toThrow(code)
  })
})
