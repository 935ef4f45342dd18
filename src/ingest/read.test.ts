import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { InputError } from '../errors.ts'
import { setup } from '../setup.ts'
import type { Override } from './compose.ts'
import {
  failureOf,
  memorySource,
  readChanged,
  readSmall,
  scenarioText,
  smallFiles,
} from './memory.suite.ts'
import { readScenario } from './read.ts'
import { scenarioJsonSchema } from './schema.ts'
import { engineVersion } from './version.ts'

describe('readScenario', () => {
  it('default: every quantity is a number, every name an index', async () => {
    const { scenario, gates } = await readSmall()
    expect(scenario).toMatchObject({
      name: 'small',
      seed: 42,
      order: 'worst-first',
      feedback: true,
      haircut: 0.1,
      cash: 3,
      shock: { asset: 0, drop: 0.15 },
      gainDrops: [0.01, 0.02],
      ignitionTolerance: 0.02,
      hop: [[1], [0], [], []],
    })
    expect(scenario.assets).toEqual([
      { name: 'ETH', price: 2000, in: null },
      { name: 'stETH', price: 0.999, in: 0 },
      { name: 'USDC', price: 1, in: null },
      { name: 'USD', price: 1, in: null },
    ])
    expect(scenario.protocols[0].rules).toMatchObject({
      kind: 'aaveV3',
      assets: [
        { asset: 0, threshold: 0.83, bonus: 0.05, protocolFee: 0.1 },
        { asset: 1, threshold: 0.81, bonus: 0.06 },
        { asset: 2, threshold: null, bonus: 0 },
      ],
      eModes: [{ group: 1, assets: [{ asset: 1, threshold: 0.95, bonus: 0.01 }] }],
    })
    expect(gates).toEqual([])
    expect(setup(scenario).protocols[0].accounts).toEqual(['borrower', 'looper', 'lost'])
  })

  it('default: JSON reads like YAML, with or without a byte order mark', async () => {
    const yaml = await readSmall()
    for (const indent of [0, 2, '\t']) {
      const text = JSON.stringify(yaml.resolved, null, indent)
      const json = await readSmall({ 'small.yaml': `\ufeff${text}` })
      expect(json.scenario).toEqual(yaml.scenario)
      expect(json.runId).toBe(yaml.runId)
    }
  })

  it('law: the run id depends on the scenario, the bytes of its files and nothing else', async () => {
    const { runId } = await readSmall()
    expect(runId).toMatch(/^[0-9a-f]{64}$/)
    const comment = await readSmall({ 'small.yaml': `# a remark\n${scenarioText}` })
    expect(comment.runId).toBe(runId)
    const depth = await readSmall({ 'depth.csv': `${smallFiles['depth.csv']}1000,1\n` })
    expect(depth.runId).not.toBe(runId)
    const drop = await readSmall({}, [['shock.drop', '16%']])
    expect(drop.runId).not.toBe(runId)
    expect((await readSmall({}, [['shock.drop', '0.15']])).runId).toBe(runId)
  })

  it('behaviour: overrides come last and win; values are YAML', async () => {
    const { scenario } = await readSmall({}, [
      ['shock.drop', '20%'],
      ['shock.drop', '25%'],
      ['feedback', 'false'],
      ['order', 'batch'],
      ['gain.drops', '[3%, 4%]'],
      ['gain.drops.1', '5%'],
      ['market.venues.bids.beyond', 'wall'],
    ])
    expect(scenario.shock.drop).toBe(0.25)
    expect(scenario.feedback).toBe(false)
    expect(scenario.order).toBe('batch')
    expect(scenario.gainDrops).toEqual([0.03, 0.05])
    expect(scenario.venues[1].beyond).toBe('wall')
  })

  it('behaviour: extends merges maps and replaces everything else', async () => {
    const over = 'extends: small.yaml\nname: deeper\nshock: { drop: 30% }\ngain: { drops: [7%] }\n'
    const source = memorySource({ ...smallFiles, 'over.yaml': over })
    const { scenario, data } = await readScenario('over.yaml', source)
    expect(scenario).toMatchObject({ name: 'deeper', shock: { asset: 0, drop: 0.3 } })
    expect(scenario.gainDrops).toEqual([0.07])
    expect(data.map(({ name, role, rows }) => [name, role, rows])).toEqual([
      ['over.yaml', 'scenario', 4],
      ['small.yaml', 'scenario', 34],
      ['depth.csv', 'depth', 3],
      ['positions.csv', 'positions', 5],
    ])
  })

  it('behaviour: null removes a key of what is extended, or by an override', async () => {
    const read = (over: string, overrides: readonly Override[] = []) =>
      readScenario(
        'over.yaml',
        memorySource({ ...smallFiles, 'over.yaml': `extends: small.yaml\n${over}` }),
        overrides,
      )
    expect((await read('asOf: null\n')).scenario.asOf).toBeNull()
    expect((await read('', [['asOf', 'null']])).scenario.asOf).toBeNull()
    const book = 'protocols: { market: { book: { asOf: ~ } } }\n'
    for (const { scenario } of [
      await read(book),
      await read('', [['protocols.market.book.asOf', '~']]),
    ]) {
      expect(scenario.protocols[0].positions.asOf).toBeNull()
      expect(scenario.asOf).toBe('2024-01-02')
    }
    const debtless = 'protocols: { market: { rules: { assets: { USDC: } } } }\n'
    expect((await failureOf(read(debtless))).code).toBe('FB4017')
  })

  it('error: null for a key that is needed, or that nobody knows', async () => {
    const set = (key: string) => failureOf(readSmall({}, [[key, 'null']]))
    expect(await set('seedd')).toMatchObject({ code: 'FB2050', place: '--set seedd' })
    expect((await set('market')).message).toMatch(/FB2051.*market: this key is required/)
  })

  it('behaviour: routes choose among venues', async () => {
    const other =
      '  venues:\n    other: { kind: impactCurve, asset: ETH, quote: USDC, shape: none }'
    const error = await failureOf(readChanged('  venues:', other))
    expect(error.message).toMatch(/FB2062.*routes.*USDC and USD/)
    const text = scenarioText.replace('  venues:', other)
    const { scenario } = await readSmall({ 'small.yaml': `${text}routes: { ETH: [bids] }\n` })
    expect(scenario.hop[0]).toEqual([2])
  })

  it('behaviour: warns of what flatters or darkens the answer', async () => {
    const { scenario } = await readSmall({
      'small.yaml': scenarioText
        .replace('levels: relative', 'levels: relative\n      asOf: 2023-11-20')
        .replace(
          '  venues:',
          '  venues:\n    par: { kind: impactCurve, asset: USDC, quote: USD, shape: none }',
        ),
    })
    expect(scenario.warnings.map(({ code, text }) => `${code} ${text}`)).toEqual([
      'FB4103 USDC is sold at par whatever the amount',
      'FB4101 depth is of 2023-11-20, the book of 2024-01-02',
      'FB4107 the book never refills',
    ])
  })

  it('law: the engine version is that of the package', () => {
    expect(engineVersion).toBe(packageJson.version)
  })

  it('law: the JSON Schema is draft-07 and closed', () => {
    const schema = scenarioJsonSchema()
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties as object)).toContain('extends')
    const ways = (schema.anyOf as { required: string[] }[]).map(({ required }) => required)
    expect(ways[0]).toEqual(['extends'])
    expect(ways[1]).toEqual(expect.arrayContaining(['version', 'gain', 'shock']))
    expect(ways[2]).toEqual(expect.arrayContaining(['version', 'gain', 'blocks', 'chain', 'paths']))
    expect(ways[1]).not.toContain('blocks')
    expect(ways[2]).not.toContain('shock')
  })
})

/** One change of the small scenario, and what the error must say. */
const faults: readonly (readonly [string, string, string])[] = [
  ['threshold: 83%', 'threshold: 83', 'FB2011 small.yaml:13:27'],
  ['threshold: 83%', 'threshold: 110%', 'FB2013 small.yaml:13:27'],
  ['threshold: 83%', 'threshold: 100%', 'FB2013'],
  ['threshold: 83%', 'threshold: 0%', 'FB2013'],
  ['threshold: 83%, bonus: 5%', 'threshold: 83%', 'FB2051 small.yaml:13:14'],
  ['threshold: 83%', 'treshold: 83%', 'FB2050 small.yaml:13:16.*Did you mean threshold'],
  ['price: $2000', 'price: 0', 'FB2013 small.yaml:5:17'],
  ['price: $2000', 'price: -5', 'FB2013'],
  ['price: $2000', 'price: .nan', 'FB2052'],
  ['price: $2000', 'price: .inf', 'FB2052'],
  ['price: $2000', 'price: NaN', 'FB2010'],
  ['price: $2000', 'price: [1]', 'FB2052'],
  ['{ price: $2000 }', '{}', 'FB2051 small.yaml:5:8: assets.ETH.price'],
  ['ETH: { price: $2000 }', 'ETH:', 'FB2051'],
  ['in: ETH', 'in: ETHH', 'FB2054 small.yaml:6:30.*Did you mean ETH'],
  ['in: ETH', 'in: stETH', 'FB2056'],
  ['in: ETH', 'in: USD', 'FB2063'],
  ['  USDC: { price: $1 }', '  USD: { price: $1 }', 'FB2055'],
  ['drop: 15%', 'drop: -15%', 'FB2012 small.yaml:32:28'],
  ['drop: 15%', 'drop: 100%', 'FB2013'],
  ['drop: 15%', 'drop: ""', 'FB2010'],
  ['asset: ETH, drop', 'asset: DOGE, drop', 'FB2054'],
  ['asset: ETH, drop', 'asset: USD, drop', 'FB2054'],
  ['kind: aaveV3', 'kind: aavV3', 'FB2053 small.yaml:11:13.*Did you mean aaveV3'],
  ['kind: aaveV3\n', 'colour: red\n', 'FB2051.*kind'],
  ['      beyond: linear\n', '', 'FB2051.*beyond.*wall, linear, sqrt'],
  ['beyond: linear', 'beyond: linaer', 'FB2053.*Did you mean linear'],
  ['levels: relative', 'mid: 5', 'FB2051.*levels'],
  ['asset: ETH\n      quote: USD', 'asset: ETH\n      quote: ETH', 'FB2059'],
  ['depth: { haircut: 10% }\n', '', 'FB2051.*depth'],
  ['depth: { haircut: 10% }', 'depth: { haircut: 10%, refill: 0 }', 'FB2050.*runs in time'],
  ['gain:', 'blocks: 10\ngain:', 'FB2071 small.yaml:33:9.*chain, paths, depth.recovery'],
  ['gain:', 'gian:', 'FB2050 small.yaml:33:1.*Did you mean gain'],
  ['drops: [1%, 2%]', 'drops: []', 'FB2052'],
  ['drops: [1%, 2%]', 'drops: [1%, 2]', 'FB2011 small.yaml:33:21: gain.drops\\[1\\]'],
  ['version: 1', 'version: 2', 'FB2053'],
  ['asOf: 2024-01-02\n', 'asOf: yesterday\n', 'FB2014 small.yaml:3:7'],
  ['name: small', 'name: small\nname: twice', 'FB2044 small.yaml:3:1'],
  ['name: small', 'name: "small', 'FB2043 small.yaml'],
  ['buys: false', 'buys: perhaps', 'FB2052.*true or false'],
  ['file: positions.csv,', '', 'FB2052.*either a file'],
  ['asOf: 2024-01-02, columns', 'maxAge: "30", columns', 'FB2010'],
  ['asOf: 2024-01-02, columns', 'maxAge: 30d, columns', 'FB2051.*asOf'],
  [
    'version: 1\n',
    'extends: small.yaml\nversion: 1\n',
    'FB2045 small.yaml:1:10.*small.yaml -> small',
  ],
  ['version: 1\n', 'extends: none.yaml\nversion: 1\n', 'FB2040 small.yaml:1:10'],
  ['version: 1\n', 'extends: [a]\nversion: 1\n', 'FB2052'],
  ['amplification: 70', 'amplification: 0.5', 'FB2117 small.yaml'],
]

describe('a scenario with one fault', () => {
  for (const [from, to, message] of faults) {
    it(`error: ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`, async () => {
      const error = await failureOf(readChanged(from, to))
      expect(error).toBeInstanceOf(InputError)
      expect(error.message).toMatch(new RegExp(`^${message}`))
      expect(error.place).toBeDefined()
      expect(error.remedy).toBeDefined()
    })
  }

  it('error: a file that is missing, empty, no map, or not UTF-8', async () => {
    const read = (content: string | Uint8Array) => failureOf(readSmall({ 'small.yaml': content }))
    expect((await failureOf(readScenario('none.yaml', memorySource({})))).code).toBe('FB2040')
    for (const text of ['', '  \n', '\ufeff']) expect((await read(text)).code).toBe('FB2041')
    expect((await read('- a\n- b\n')).code).toBe('FB2041')
    expect((await read('# only a remark\n')).code).toBe('FB2041')
    expect((await read(Uint8Array.of(0xff, 0xfe, 0x61, 0x00))).message).toMatch(/FB2042.*UTF-16/)
    expect((await read(Uint8Array.of(0x61, 0x3a, 0x20, 0xc3, 0x28))).code).toBe('FB2042')
  })

  it('error: a file that would unfold or nest without end', async () => {
    const read = (content: string) => failureOf(readSmall({ 'small.yaml': content }))
    const laughs = Array.from({ length: 9 }, (_, i) => {
      const below =
        i === 0
          ? 'x'
          : Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')
      return `a${i}: &a${i} [${below}]`
    })
    expect((await read(laughs.join('\n'))).code).toBe('FB2043')
    expect((await read('a: &a [*a]')).code).toBe('FB2043')
    expect((await read(`a: ${'['.repeat(20000)}`)).code).toBe('FB2043')
    expect((await read(`a: ${'['.repeat(200)}${']'.repeat(200)}`)).code).toBe('FB2043')
  })

  it('error: a circle of extends names the chain, a long one its limit', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.yaml`, `extends: ${i + 1}.yaml\n`]),
    )
    const deep = await failureOf(readScenario('0.yaml', memorySource(files)))
    expect(deep.code).toBe('FB2046')
    const source = memorySource({ a: 'extends: b\n', b: 'extends: c\n', c: 'extends: a\n' })
    expect((await failureOf(readScenario('a', source))).came).toBe('a -> b -> c -> a')
  })

  it('error: overrides say their flag and what was probably meant', async () => {
    const set = (key: string, value: string) => failureOf(readSmall({}, [[key, value]]))
    expect(await set('shock.drop', '-5%')).toMatchObject({ code: 'FB2012', place: '--drop' })
    expect(await set('depth.haircutt', '5%')).toMatchObject({
      code: 'FB2050',
      place: '--set depth.haircutt',
      remedy: 'Did you mean haircut?',
    })
    expect(await set('market.lt', '83')).toMatchObject({ code: 'FB2050', place: '--set market.lt' })
    expect(await set('name.first', 'x')).toMatchObject({ code: 'FB2047' })
    expect(await set('gain.drops.7', '1%')).toMatchObject({ code: 'FB2047' })
    expect(await set('gain..drops', '1%')).toMatchObject({ code: 'FB2047' })
    expect(await set('shock.drop', '[')).toMatchObject({ code: 'FB2043' })
    expect(await set('shock.drop', '')).toMatchObject({ code: 'FB2010', place: '--drop' })
    expect(await set('order', 'best-first')).toMatchObject({ code: 'FB2053', place: '--order' })
  })
})
