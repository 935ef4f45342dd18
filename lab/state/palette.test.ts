import { describe, expect, it } from 'vitest'
import { found } from './palette.ts'

const offers = [
  { title: 'Lab', kind: 'screen' },
  { title: 'Replay', kind: 'screen' },
  { title: 'slow-oracle', kind: 'example', about: 'What two protocols believe.' },
  { title: 'rules/lending', kind: 'example', about: 'Repay what restores a factor.' },
  { title: 'eth-lending', kind: 'example', about: 'A lending market on ETH.' },
]
const titles = (typed: string) => found(offers, typed).map(({ title }) => title)

describe('palette', () => {
  it('default: nothing typed offers everything as it stands', () => {
    expect(titles('  ')).toEqual(offers.map(({ title }) => title))
  })

  it('default: a beginning of the title comes before one of a word, and that before the text', () => {
    expect(titles('re')).toEqual(['Replay', 'rules/lending'])
    expect(titles('l')).toEqual(['Lab', 'rules/lending', 'eth-lending', 'Replay', 'slow-oracle'])
  })

  it('default: each word has to fit, in any order and any case', () => {
    expect(titles('LEND eth')).toEqual(['eth-lending'])
    expect(titles('example protocols')).toEqual(['slow-oracle'])
  })

  it('boundary: what fits nothing offers nothing', () => {
    expect(titles('zzz')).toEqual([])
  })
})
