import { describe, expect, it } from 'vitest'
import { codeOf, opening, walk } from './moments.suite.ts'
import type { SpecOf } from './opening.ts'
import { securityModule } from './securityModule.ts'

const SPEC: SpecOf<'securityModule'> = {
  kind: 'securityModule',
  hopSeconds: 3600,
  feedDelaysSeconds: [0],
  pokeMaxGwei: null,
}

describe('securityModule', () => {
  // Source: makerdao/osm src/osm.sol poke(): cur = nxt, nxt = source, once an hour.
  it('behaviour: a price counts one hour after a poke took it, so it is one to two hours old', () => {
    const module = securityModule(SPEC, opening(200))
    const path = walk(module, 12)
    path.blocks(299, 150)
    expect([module.price(), module.next()]).toEqual([200, 200])
    path.blocks(1, 140)
    expect([module.price(), module.next(), module.seenAt()]).toEqual([200, 140, 0])
    path.blocks(299, 100)
    expect([module.price(), module.next()]).toEqual([200, 140])
    path.blocks(1, 90)
    expect([path.at.atSeconds, module.price(), module.next()]).toEqual([7200, 140, 90])
    expect(path.at.atSeconds - module.seenAt()).toBe(3600)
    path.blocks(299, 90)
    expect(path.at.atSeconds - module.seenAt()).toBe(7188)
  })

  it('behaviour: pokes wait for cheap gas, and the hop after them is not shifted', () => {
    const module = securityModule({ ...SPEC, pokeMaxGwei: 100 }, opening(200))
    const path = walk(module, 60)
    path.blocks(79, 150, 101)
    expect(module.next()).toBe(200)
    path.blocks(1, 140, 100)
    expect([path.at.atSeconds, module.price(), module.next()]).toEqual([4800, 200, 140])
    path.blocks(39, 130)
    expect(module.price()).toBe(200)
    path.blocks(1, 120)
    expect([path.at.atSeconds, module.price(), module.next()]).toEqual([7200, 140, 120])
  })

  it('behaviour: gas above the limit for hours leaves the price of the opening', () => {
    const module = securityModule({ ...SPEC, pokeMaxGwei: 100 }, opening(200))
    const path = walk(module, 12)
    expect(path.blocks(3000, 100, 400)).toBe(200)
    expect(path.oracle.seenAt()).toBe(0)
  })

  it('behaviour: the median of late feeds is the value in the middle, the upper of two', () => {
    const nextAt = (feedDelaysSeconds: number[]): number => {
      const module = securityModule({ ...SPEC, feedDelaysSeconds }, opening(200))
      const path = walk(module, 60)
      for (let block = 1; block <= 60; block++) path.blocks(1, 200 - block)
      return module.next()
    }
    // At 3600 s the market is 140; a feed 60 s late shows 141.
    expect(nextAt([0])).toBe(140)
    expect(nextAt([90])).toBe(142)
    expect(nextAt([600, 0, 120])).toBe(142)
    expect(nextAt([0, 120])).toBe(142)
    expect(nextAt([0, 0, 0, 9999, 9999])).toBe(140)
    expect(nextAt([0, 0, 9999, 9999, 9999])).toBe(200)
  })

  it('behaviour: a copy knows its next price', () => {
    const module = securityModule(SPEC, opening(200))
    walk(module, 3600).blocks(1, 150)
    expect(module.copy().next()).toBe(150)
  })

  it('error: FB2401, FB2403, FB2405 by kind of fault', () => {
    const code = (part: Partial<SpecOf<'securityModule'>>): string =>
      codeOf(() => securityModule({ ...SPEC, ...part }, opening(100)))
    expect(code({})).toBe('none')
    expect(code({ hopSeconds: 0 })).toBe('FB2401')
    expect(code({ feedDelaysSeconds: [0, -1] })).toBe('FB2401')
    expect(code({ feedDelaysSeconds: [] })).toBe('FB2403')
    expect(code({ pokeMaxGwei: 0 })).toBe('FB2405')
  })
})
