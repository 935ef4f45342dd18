import { describe, expect, it } from 'vitest'
import { InputError } from '../errors.ts'
import type { OracleSpec } from '../scenario.ts'
import { readTimed, readTimedWith } from './time.suite.ts'

/** The feed of ETH that a scenario file states in these words. */
async function feedOf(text: string): Promise<OracleSpec> {
  const { scenario } = await readTimedWith(MARKED, `{ ETH: ${text}, others: spot }`)
  return scenario.protocols[1].oracles[0]
}

async function faultOf(text: string): Promise<string> {
  try {
    await feedOf(text)
  } catch (error) {
    if (error instanceof InputError) return error.code
  }
  return 'none'
}

const MARKED = '{ kind: securityModule, hop: 1h, feedDelays: [0s, 10s, 5min], pokeMaxGas: none }'
const HYPERLIQUID = '{ kind: mark, component: median, time: 150s }'
const FUNDING = '{ rate: -1bps, interval: 8h, due: 2h }'
const BINANCE = `{ kind: mark, component: median, time: 15s, ownWeight: 10%, funding: ${FUNDING} }`

describe('the mark of a perpetual exchange', () => {
  it('default: the index is of other exchanges, and there is no funding', async () => {
    const plain = { kind: 'mark', component: 'median', ownWeight: 0, funding: null }
    expect(await feedOf(HYPERLIQUID)).toEqual({ ...plain, timeSeconds: 150 })
    expect(await feedOf('{ kind: mark, component: book, time: 1min }')).toEqual({
      ...plain,
      component: 'book',
      timeSeconds: 60,
    })
    expect(await feedOf('{ kind: mark, component: index }')).toEqual({
      ...plain,
      component: 'index',
      timeSeconds: null,
    })
  })

  it('behaviour: weight and funding are numbers', async () => {
    expect(await feedOf(BINANCE)).toEqual({
      kind: 'mark',
      component: 'median',
      timeSeconds: 15,
      ownWeight: 0.1,
      funding: { rate: -0.0001, intervalSeconds: 28800, dueSeconds: 7200 },
    })
  })

  it('law: what is resolved reads back to the same feed', async () => {
    const first = await readTimedWith(MARKED, `{ ETH: ${BINANCE}, others: ${HYPERLIQUID} }`)
    const again = await readTimed({ 'timed.yaml': JSON.stringify(first.resolved) })
    expect(again.scenario.protocols[1].oracles).toEqual(first.scenario.protocols[1].oracles)
    expect(again.runId).toBe(first.runId)
  })

  it.each([
    ['FB2051', '{ kind: mark, component: median }'],
    ['FB2052', '{ kind: mark, component: index, time: 1min }'],
    ['FB2052', BINANCE.replace('median', 'book')],
    ['FB2013', HYPERLIQUID.replace('time: 150s', 'time: 150s, ownWeight: 110%')],
    ['FB2013', BINANCE.replace('-1bps', '100%')],
    ['FB2409', BINANCE.replace('2h', '9h')],
  ])('error: %s by kind of fault', async (code, text) => {
    expect(await faultOf(text)).toBe(code)
  })
})
