import { describe, expect, it } from 'vitest'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import type { Resolved } from '../engine/protocol.ts'
import { controlsOf, parsedValue, shownValue } from './controls.ts'

const resolvedOf = async (name: string, overrides: [string, string][] = []) =>
  (await readScenario(name, diskSource('.'), overrides)).resolved as Resolved

describe('controls', () => {
  it('default: an instant market has its drop, its book and its terms, and nothing in time', async () => {
    const { drop, asset, book, protocol, terms, feeds, defences } = controlsOf(
      await resolvedOf('eth-lending'),
    )
    expect(drop).toMatchObject({ key: 'shock.drop', value: 0.15, least: 0, most: 0.4, step: 0.001 })
    expect(asset).toEqual({ key: 'shock.asset', value: 'ETH', names: ['ETH'] })
    expect(book.map(({ key, value }) => [key, value])).toEqual([
      ['market.venues.book.bands', 11.5e6],
      ['depth.haircut', 0],
    ])
    expect(protocol).toEqual({ name: 'market', kind: 'aaveV3', isAlone: true })
    expect(terms.map(({ key, value }) => [key, value])).toEqual([
      ['protocols.market.rules.assets.ETH.threshold', 0.83],
      ['protocols.market.rules.assets.ETH.bonus', 0.05],
    ])
    expect(feeds).toEqual([])
    expect(defences).toBeNull()
  })

  it('default: a run in time has refill, oracle, liquidators and defences, and no drop', async () => {
    const { drop, book, feeds, defences } = controlsOf(await resolvedOf('slow-oracle'))
    expect(drop).toBeNull()
    expect(book.map(({ key }) => key)).toContain('depth.recovery.halfLife')
    expect(feeds.map(({ key, value }) => [key, value])).toEqual([
      ['protocols.quick.oracle.ETH.delay', 15],
      ['liquidators.agents.searcher.capital', 2e6],
    ])
    expect(defences?.every(({ isOn }) => !isOn)).toBe(true)
    const on = [['protocols.quick.defences.breaker', '{}']] as [string, string][]
    const switched = controlsOf(await resolvedOf('slow-oracle', on)).defences!
    expect(switched.filter(({ isOn }) => isOn).map(({ key }) => key)).toEqual([on[0][0]])
  })

  it.each(['eth-lending', 'two-protocols', 'lst-depeg', 'pledged', 'claims', 'slow-oracle'])(
    'law: %s takes what its controls write, and reads the same value back',
    async (name) => {
      const before = controlsOf(await resolvedOf(name))
      for (const control of allOf(before)) {
        const value = control.value * 0.9 + control.step
        const written = control.write(value)
        const after = allOf(controlsOf(await resolvedOf(name, [[...written]])))
        const same = after.find(({ key, id }) => key === control.key && id === control.id)
        expect(same?.value, control.key).toBeCloseTo(value, 6)
      }
    },
  )

  it('law: the bids within 2 % scale the whole book', async () => {
    const { book } = controlsOf(await resolvedOf('eth-lending'))
    const halved = (await resolvedOf('eth-lending', [[...book[0].write(5.75e6)]])) as {
      market: { venues: { book: { bands: [number, number][] } } }
    }
    expect(halved.market.venues.book.bands[0]).toEqual([0.01, 2.75e6])
    expect(halved.market.venues.book.bands.at(-1)).toEqual([0.5, 210e6])
  })

  it('default: terms are found wherever rules keep them', async () => {
    const keys = async (name: string) =>
      controlsOf(await resolvedOf(`examples/rules/${name}.yaml`)).terms.map(({ key }) => key)
    expect(await keys('compoundV2')).toEqual([
      'protocols.comptroller.rules.assets.ETH.threshold',
      'protocols.comptroller.rules.bonus',
    ])
    expect(await keys('morphoBlue')).toEqual(['protocols.plain.rules.markets.eth-usdc.threshold'])
    expect(await keys('liquityV1')).toEqual([])
  })

  it('law: a shown value reads back as itself', () => {
    const of = (unit: 'percent' | 'usd' | 'seconds', step: number) => ({ unit, step }) as const
    expect(shownValue(of('percent', 0.001), 0.15)).toBe('15.0\u202f%')
    expect(parsedValue(of('percent', 0.001), '15.0\u202f%')).toBe(0.15)
    expect(shownValue(of('usd', 1e5), 11.5e6)).toBe('$11.5M')
    expect(parsedValue(of('usd', 1e5), '$11.5M')).toBe(11.5e6)
    expect(parsedValue(of('usd', 1e5), '750k')).toBe(750e3)
    expect(parsedValue(of('seconds', 1), '90 s')).toBe(90)
    expect(parsedValue(of('percent', 0.001), 'much')).toBeNull()
  })
})

function allOf({ drop, book, terms, feeds }: ReturnType<typeof controlsOf>) {
  return [...(drop === null ? [] : [drop]), ...book, ...terms, ...feeds]
}
