import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskSource } from './files.ts'
import { failureOf, memorySource, readSmall, scenarioText, smallFiles } from './memory.suite.ts'
import { readScenario } from './read.ts'

const reserves = `network,symbol,threshold,bonus_bps,apr
main,WETH,0.83,10500,0.025
main,stETH,0.81,10600,0.01
main,USDC,0.0,0.0,1.705
main,FXS,0.42,11000,0.1
side,WETH,0.7,11000,0.2
`

const keys = `
      parameters:
        file: reserves.csv
        where: { network: main }
        asset: symbol
        rename: { WETH: ETH }
        unit: fraction
        columns:
          threshold: threshold
          bonus: { column: bonus_bps, unit: bps, less: 100% }
        always: { protocolFee: 10% }`

const written = /\n {6}assets:\n(?: {8}\w+: .*\n)+/

/** The small scenario with its assets from the file, changed by hand. */
function read(changed: Record<string, string> = {}, file = reserves) {
  let text = scenarioText.replace(written, `\n      assets: {}${keys}\n`)
  for (const [from, to] of Object.entries(changed)) {
    if (!text.includes(from)) throw new Error(`the scenario has no ${from}`)
    text = text.replace(from, to)
  }
  return readSmall({ 'small.yaml': text, 'reserves.csv': file })
}

describe('reserve parameters', () => {
  it('default: a file says what the keys would have said', async () => {
    const { scenario, data } = await read()
    const plain = await readSmall()
    expect(scenario.protocols[0].rules).toEqual(plain.scenario.protocols[0].rules)
    expect(data.map(({ name, rows }) => [name, rows])).toContainEqual(['reserves.csv', 5])
  })

  it('behaviour: what is only borrowed keeps its rate of interest', async () => {
    const day = readFileSync(join(import.meta.dirname, '../../examples/rules/_day.yaml'), 'utf8')
    const rated = keys.replace(
      'threshold: threshold',
      'threshold: threshold\n          borrowRate: apr',
    )
    const files = {
      '_day.yaml': day,
      'own.yaml': `extends: _day.yaml\nname: rated\nprotocols:\n  market:\n    rules:
      kind: aaveV3\n      assets: {}${rated}\n    oracle: spot\n    book: { file: positions.csv }\n`,
      'positions.csv': 'account,asset,side,amount\na,ETH,collateral,1\na,USDC,debt,1\n',
      'reserves.csv': reserves,
    }
    const { scenario } = await readScenario('own.yaml', memorySource(files))
    const usdc = scenario.assets.findIndex(({ name }) => name === 'USDC')
    const assets = scenario.protocols[0].rules.assets as readonly { asset: number }[]
    expect(assets.find(({ asset }) => asset === usdc)).toMatchObject({
      ...{ threshold: null, bonus: 0, borrowRate: 1.705 },
    })
  })

  it('behaviour: what is written out goes before the file', async () => {
    const own = 'assets: { ETH: { threshold: 70%, bonus: 10%, protocolFee: 0% } }'
    const { scenario } = await read({ 'assets: {}': own })
    expect(scenario.protocols[0].rules).toMatchObject({
      assets: expect.arrayContaining([
        { asset: 0, threshold: 0.7, bonus: 0.1, protocolFee: 0 },
        { asset: 1, threshold: 0.81, bonus: 0.06, protocolFee: 0.1 },
        { asset: 2, threshold: null, bonus: 0, protocolFee: 0 },
      ]),
    })
  })

  it.each([
    ['percent', 'main,stETH,81,10600,1', 'main,WETH,83,10500,2.5'],
    ['bps', 'main,stETH,8100,10600,100', 'main,WETH,8300,10500,250'],
  ])('behaviour: the same in %s', async (unit, one, other) => {
    const file = `network,symbol,threshold,bonus_bps,apr\n${one}\n${other}\nmain,USDC,0,0,170.5\n`
    const { scenario } = await read({ 'unit: fraction': `unit: ${unit}` }, file)
    const plain = await readSmall()
    const byAsset = (rules: object) =>
      [...(rules as { assets: { asset: number }[] }).assets].sort((a, b) => a.asset - b.asset)
    expect(byAsset(scenario.protocols[0].rules)).toEqual(byAsset(plain.scenario.protocols[0].rules))
  })

  it('law: the run id depends on the bytes of the file, and the scenario reads back', async () => {
    const { runId, resolved } = await read()
    expect((await read({}, reserves.replace('0.42', '0.43'))).runId).not.toBe(runId)
    const json = JSON.stringify(resolved)
    const again = await readSmall({ 'small.yaml': json, 'reserves.csv': reserves })
    expect(again.runId).toBe(runId)
  })

  it.each([
    ['no unit', { '        unit: fraction\n': '' }, 'FB2051', 'unit'],
    [
      'a term that is none',
      { '{ protocolFee: 10% }': '{ protocolfee: 10% }' },
      'FB2054',
      'protocolFee',
    ],
    [
      'a term that is missing',
      { '        always: { protocolFee: 10% }': '' },
      'FB2051',
      'protocolFee',
    ],
    ['a term of time', { 'columns:': 'columns:\n          borrowRate: apr' }, 'FB2070', 'blocks'],
    ['a constant out of range', { 'protocolFee: 10% }': 'protocolFee: 110% }' }, 'FB2013', '110%'],
    ['an ambiguous constant', { 'protocolFee: 10% }': 'protocolFee: 10 }' }, 'FB2011', '10%'],
    [
      'a column that is missing',
      { 'threshold: threshold': 'threshold: treshold' },
      'FB4005',
      'threshold',
    ],
    ['no row', { 'network: main': 'network: mian' }, 'FB4022', 'mian'],
    ['a name that no row has', { 'WETH: ETH': 'WTH: ETH' }, 'FB4022', 'WTH'],
    ['an asset that is not there', { 'WETH: ETH': 'WETH: ETC' }, 'FB2054', 'ETC'],
    ['two rows', { '        where: { network: main }\n': '' }, 'FB4026', 'reserves.csv:6'],
    [
      'a file that is old',
      { 'asset: symbol': 'asOf: 2023-01-01\n        maxAge: 30d\n        asset: symbol' },
      'FB4024',
      '30d',
    ],
  ])('error: %s', async (_, changed, code, hint) => {
    const error = await failureOf(read(changed as Record<string, string>))
    expect(error.code, error.message).toBe(code)
    expect(error.message).toContain(hint)
  })

  it.each([
    ['percent where fractions were told', '0.83,', '83,', 'FB4025', 'reserves.csv:2'],
    ['a bonus that is not above 10000', '10600', '600', 'FB4025', 'reserves.csv:3'],
    ['no number', '0.81', 'n/a', 'FB4011', 'reserves.csv:3'],
    ['nothing', '0.81', '', 'FB4013', 'reserves.csv:3'],
  ])('error: a cell with %s', async (_, from, to, code, place) => {
    const error = await failureOf(read({}, reserves.replace(from, to)))
    expect(error).toMatchObject({ code, place: expect.stringContaining(place) })
    expect(error.message).toContain(to.replace(',', ''))
  })

  it('error: rules without assets take no file', async () => {
    const error = await failureOf(
      readScenario(
        'small.yaml',
        memorySource({
          ...smallFiles,
          'small.yaml': scenarioText.replace(
            /kind: aaveV3[\s\S]*? {4}book/,
            `kind: ajna${keys}\n    book`,
          ),
        }),
      ),
    )
    expect(error.message).toContain('parameters')
  })
})

const data = process.env.FIREBREAK_DATA
const recorded = data !== undefined && existsSync(join(data, 'aave-v3-reserve-params'))

describe.runIf(recorded)('the recorded reserves of Aave v3', () => {
  it('default: Ethereum on 2025-10-10, all 55 reserves', async () => {
    const source = diskSource('.', data)
    const table = new TextDecoder().decode(
      source.read(join(data!, 'aave-v3-reserve-params/reserves.csv')),
    )
    const rows = table
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    const own = rows.filter(([day, network]) => day === '2025-10-10' && network === 'ethereum')
    const names = own.map(([, , symbol]) => symbol)
    const text = scenarioText
      .replace(
        /assets:\n[\s\S]*?protocols:/,
        `assets:\n${names.map((n) => `  ${n}: { price: $2000 }\n`).join('')}protocols:`,
      )
      .replace(written, `\n      assets: {}${keys}\n`)
      .replace(/ {6}eModes:\n.*\n/, '')
      .replace('file: reserves.csv', 'file: aave-v3-reserve-params/reserves.csv')
      .replace('network: main', 'network: ethereum, snapshot_date: 2025-10-10')
      .replace(/ {8}rename: .*\n/, '')
      .replace('threshold: threshold', 'threshold: liquidation_threshold')
      .replace(/bonus: \{ column.*\}/, 'bonus: liquidation_bonus')
      .replace(/ {4}pool:\n.*\n/, '')
      .replace(/ETH\b(?=\n {6}quote)/g, 'WETH')
      .replace('shock: { asset: ETH', 'shock: { asset: WETH')
    const memory = memorySource({
      ...smallFiles,
      'small.yaml': text,
      'positions.csv': 'user,asset,side,amount,group\na,WETH,collateral,1,\na,USDC,debt,0.1,\n',
      'aave-v3-reserve-params/reserves.csv': table,
    })
    const { scenario } = await readScenario('small.yaml', memory)
    const { assets } = scenario.protocols[0].rules as unknown as {
      assets: { threshold: number | null; bonus: number }[]
    }
    expect(assets.length).toBe(55)
    expect(assets.filter(({ threshold }) => threshold === null).length).toBe(5)
    const collateral = assets.filter(({ threshold }) => threshold !== null)
    expect(collateral.every(({ threshold, bonus }) => threshold! * (1 + bonus) < 1)).toBe(true)
  })
})
