import { describe, expect, it } from 'vitest'
import { FirebreakError } from '../errors.ts'
import { failureOf, readChanged, readSmall } from './memory.suite.ts'
import { readTimed, readTimedWith, timedFiles, timedText } from './time.suite.ts'

/** Keys of a run in time in an instant cascade: what is written, and the key that is named. */
const strays: readonly (readonly [string, string, string])[] = [
  ['gain:', 'chain: { block: 12s, gasLimit: none }\ngain:', 'small.yaml:33:8: chain:'],
  ['gain:', 'paths: {}\ngain:', 'small.yaml:33:8: paths:'],
  ['gain:', 'generations: 8\ngain:', 'small.yaml:33:14: generations:'],
  ['gain:', 'path: 0\ngain:', 'small.yaml:33:7: path:'],
  ['haircut: 10%', 'haircut: 10%, arbitrage: 0s', 'small.yaml:30:35: depth.arbitrage:'],
  ['haircut: 10%', 'haircut: 10%, withdrawal: none', 'small.yaml:30:36: depth.withdrawal:'],
  [
    'haircut: 10%',
    'haircut: 10%, recovery: { halfLife: none, permanent: 0% }',
    'small.yaml:30:34: depth.recovery:',
  ],
  ['buys: false', 'buys: false, agents: {}', 'small.yaml:31:52: liquidators.agents:'],
  ['    book:', '    oracle: spot\n    book:', 'small.yaml:18:13: protocols.market.oracle:'],
  [
    'USDC: {}',
    'USDC: { borrowRate: 5% }',
    'small.yaml:15:29: protocols.market.rules.assets.USDC.borrowRate:',
  ],
  [
    'levels: relative',
    'levels: relative\n      recovery: { halfLife: 1h, permanent: 0% }',
    'small.yaml:29:17: market.venues.bids.recovery:',
  ],
]

const points = 'points: { 0s: 0.98, 1h: 0.49 }'
const fall = '{ kind: step, drop: 5%, at: 1h }'
const twap = '{ kind: twap, window: 30min, mean: geometric }'
const recovery = 'recovery: { halfLife: 10min, permanent: 20% }'
const blocksTwo = 'latency: { blocks: 2 }'

/** One change of the run in time, and what the error must say. */
const faults: readonly (readonly [string, string, string])[] = [
  ['blocks: 7200', 'blocks: 0', 'FB2052 timed.yaml:122:9: blocks'],
  ['blocks: 7200', 'blocks: 1.5', 'FB2052 timed.yaml:122:9: blocks'],
  ['gain:', 'generations: 65\ngain:', 'FB2052.*generations'],
  ['{ asset: ETH, drop: 15% }', '{ drop: 15% }', 'FB2051.*shock.asset'],
  ['{ asset: ETH, drop: 15% }', '{ asset: USD, drop: 15% }', 'FB2054.*shock.asset'],

  ['block: 12s', 'block: 12', 'FB2010 timed.yaml:124:10: chain.block.*10min'],
  ['block: 12s', 'block: 0', 'FB2013 timed.yaml:124:10: chain.block.*above 0s'],
  ['block: 12s', 'blok: 12s', 'FB2050 timed.yaml:124:3.*Did you mean block'],
  ['gasLimit: 15M', 'gasLimit: non', 'FB2010.*chain.gasLimit'],
  ['  demand: 150%\n', '', 'FB2051.*chain: demand is missing. Add demand'],
  ['demand: 150%', 'demand: 1.5', 'FB2011.*chain.demand.*Write 150% or 1.5%'],
  ['feeMarket: first-price', 'feeMarket: eip1595', 'FB2053.*Did you mean eip1559'],
  ['failedGas: 30%', 'failedGas: 130%', 'FB2013.*chain.failedGas'],
  ['  gasAsset: ETH\n', '', 'FB2052.*exactly one of gasAsset, gasToken'],
  ['gasAsset: ETH', 'gasAsset: ETH\n  gasToken: $1', 'FB2052.*exactly one of gasAsset, gasToken'],
  ['gasAsset: ETH', 'gasAsset: ETHH', 'FB2054 timed.yaml:130:13.*Did you mean ETH'],

  [
    '  are: given\n',
    '',
    'FB2072 timed.yaml:133:3: paths: are is required.*series of ETH.*are: given',
  ],
  ['are: given', 'are: taken', 'FB2053.*paths.are.*outside, given, inferred'],
  [
    fall,
    '{ kind: step, drop: -5%, at: 1h }',
    'FB2012 timed.yaml:144:29: paths.prices.ETH\\[2\\].drop',
  ],
  [fall, '{ kind: step, drop: 5%, at: 3600 }', 'FB2010.*paths.prices.ETH\\[2\\].at'],
  [
    fall,
    '{ kind: step, drop: 5%, when: 1h }',
    'FB2050.*ETH\\[2\\].when.*Known here: kind, drop, at',
  ],
  [fall, '{ kind: stepp, drop: 5%, at: 1h }', 'FB2053 timed.yaml:144:17.*Did you mean step'],
  [fall, '{ drop: 5%, at: 1h }', 'FB2051.*ETH\\[2\\].kind.*step, ramp, waypoints'],
  [fall, 'step', 'FB2052.*ETH\\[2\\]: must be a map of keys'],
  ['jumpMean: -5%', 'jumpMeen: -5%', 'FB2050.*paths.prices.BTC.jumpMeen.*Did you mean jumpMean'],
  ['BTC:\n      kind: jump', 'DOGE:\n      kind: jump', 'FB2054.*paths.prices.DOGE'],
  ['volatility: 120%', 'volatility: 120', 'FB2011.*Write 12000% or 120%'],
  ['unit: price, between', 'unit: gwei, between', 'FB2075 timed.yaml:152:37.*factor or price'],
  ['unit: gwei', 'unit: price', 'FB2075.*paths.gas\\[0\\].unit.*factor or gwei'],
  [points, 'points: { 0s: 0.98, 3600: 0.49 }', 'FB2010.*stETH.points.3600.*10min'],
  [points, 'points: { 1h: 1, 1min: 1 }', 'FB2421 timed.yaml:152:12: paths.prices.stETH: .*rising'],
  [points, 'points: { 0s: 0.98, 1h: 0 }', 'FB2013.*stETH.points.1h'],
  [points, 'points: 3', 'FB2052.*stETH.points: must be a map like'],
  [
    '[[0, 40], [10min, 80]]',
    '[[0, 40], [10, 80]]',
    'FB2010.*paths.gas\\[0\\].points\\[1\\]\\[0\\]',
  ],
  ['[[0, 40], [10min, 80]]', '[]', 'FB2052.*paths.gas\\[0\\].points'],
  ['from: 1h, to: 2h', 'from: 2h, to: 1h', 'FB2423 timed.yaml:157:7: paths.gas\\[1\\]'],
  ['{ BTC: 0.8 }', '{ BTC: 1.8 }', 'FB2011.*paths.correlation.ETH.BTC'],
  ['{ BTC: 0.8 }', '{ DOGE: 0.8 }', 'FB2054.*no such price among paths.prices'],
  ['{ BTC: 0.8 }', '{ ETH: 0.8 }', 'FB2076.*correlation 1 with itself'],
  ['{ BTC: 0.8 }', '{ BTC: 0.8 }, BTC: { ETH: 0.7 }', 'FB2076.*Write each pair once'],
  ['{ BTC: 0.8 }', '{ stETH: 0.8 }', 'FB2432 timed.yaml:154:16: paths.correlation'],
  ['meanRun: 5', 'meanRun: 0.5', 'FB2013.*meanRun'],

  ['halfLife: 10min', 'halfLife: -1s', 'FB2010.*depth.recovery.halfLife'],
  ['withdrawal: { halfLife: 1h', 'withdrawal: { halfLife: 0s', 'FB2013.*withdrawal.halfLife'],
  [recovery, 'recovery: { halfLife: 10min }', 'FB2051.*depth.recovery.permanent'],
  ['{ halfLife: none,', '{ halfLive: none,', 'FB2050.*pool.recovery.halfLive.*halfLife'],
  ['withdrawal: { halfLife: 1h, ', 'withdrawal: { ', 'FB2051.*depth.withdrawal.halfLife'],
  ['floor: 20%', 'flor: 20%', 'FB2050.*depth.withdrawal.flor.*Did you mean floor'],
  ['  withdrawal: {', '  withdrawal: 3 #', 'FB2052.*depth.withdrawal: must be none, or a map'],
  ['arbitrage: 30s', 'arbitrage: sometimes', 'FB2010.*depth.arbitrage'],

  ['capital: $10M', 'capital: lots', 'FB2010.*liquidators.agents.keeper.capital'],
  ['      capital: $10M\n', '', 'FB2051 timed.yaml:86:7.*keeper.capital'],
  [blocksTwo, 'latency: 2', 'FB2052.*keeper.latency: must be 0, { blocks: 2 }'],
  [blocksTwo, 'latency: { blocks: 2, mean: 30s }', 'FB2052.*exactly one of blocks, mean'],
  [blocksTwo, 'latency: { block: 2 }', 'FB2050.*latency.block.*Did you mean blocks'],
  ['bid: { market: 1.1 }', 'bid: {}', 'FB2052.*exactly one of fixed, market, auction'],
  ['bid: { market: 1.1 }', 'bid: 50', 'FB2052.*keeper.bid: must be a map'],
  ['      tip: 80%\n', '', 'FB2051.*searcher: tip is missing'],
  ['sells: now', 'sells: now\n      tip: 5%', 'FB2052.*keeper: tip does not fit'],
  ['sells: now', 'sells: soon', 'FB2052.*keeper.sells: must be now, hold or'],
  [', urgency: 0.001', '', 'FB2051.*searcher.sells.urgency'],
  ['    searcher:', '    keeper-1:', 'FB2074 timed.yaml:99:7.*keeper-1 twice'],
  ['route: private', 'route: publik', 'FB2053.*Did you mean public'],

  ['kind: securityModule', 'kind: securitModule', 'FB2053.*vaults.oracle.kind.*securityModule'],
  ['hop: 1h', 'hob: 1h', 'FB2050.*vaults.oracle.hob.*Did you mean hop'],
  ['[0s, 10s, 5min]', '[]', 'FB2052.*vaults.oracle.feedDelays'],
  ['[0s, 10s, 5min]', '[0s, 10, 5min]', 'FB2010.*vaults.oracle.feedDelays\\[1\\]'],
  ['      others: spot\n', '', 'FB2073 timed.yaml:21:7.*none for BTC.*others: spot'],
  ['others: spot', 'others: sport', 'FB2052.*oracle.others: must be spot, or a map'],
  ['others: spot', 'DOGE: spot\n      others: spot', 'FB2054.*oracle.DOGE'],
  ['min: $10', 'min: $1000', 'FB2404 timed.yaml:22:9: protocols.market.oracle.ETH'],
  ['        calmGas: 20\n', '', 'FB2051.*oracle.ETH: calmGas is missing'],
  [twap, '{ kind: capped }', 'FB2053.*stETH.under.kind'],
  [twap, '{ kind: twap, window: 30min }', 'FB2051.*stETH.under.mean'],
  [twap, 'twap', 'FB2052.*stETH.under: must be spot'],
  ['borrowRate: 250%', 'borrowRate: 2.5', 'FB2011.*USDC.borrowRate.*Write 250% or 2.5%'],
  ['bonus: 1% }', 'bonus: 1%, supplyRate: 1% }', 'FB2050.*eModes.eth.stETH.supplyRate'],

  ['file: prices.csv', 'file: none.csv', 'FB4001 none.csv'],
  ['time: when', 'time: wen', 'FB4005 prices.csv.*Did you mean when'],
  ['from: 2020-03-12T10:40:00Z', 'from: noon', 'FB2014.*ETH\\[0\\].from'],
  ['from: 2020-03-12T10:40:00Z', 'from: 2021-03-12', 'FB4119 prices.csv.*from: and to:'],
  ['step: 60s', 'step: 1s', 'FB4119 usdc.csv'],
  ['step: 60s', 'step: 600s', 'FB4118 usdc.csv.*60 s between two rows'],
]

/** One change of the record of prices, and what the error must say. */
const rowFaults: readonly (readonly [string, string])[] = [
  ['2020-03-12T10:41:00Z,0', 'FB4118 prices.csv:4, column usd'],
  ['2020-03-12T10:41:00Z,-3', 'FB4118 prices.csv:4, column usd'],
  ['2020-03-12T10:40:00Z,180', 'FB4118 prices.csv:4, column when'],
  ['12.3.2020,180', 'FB4011 prices.csv:4, column when'],
  ['2020-03-12 10:41,180', 'FB4011 prices.csv:4, column when.*ISO-8601'],
  ['2020-03-12T10:41:00Z,', 'FB4013 prices.csv:4, column usd'],
]

async function expectFault(reading: Promise<unknown>, message: string): Promise<void> {
  const error = await failureOf(reading)
  expect(error).toBeInstanceOf(FirebreakError)
  expect(error.message).toMatch(new RegExp(`^${message}`))
  expect(error.place).toBeDefined()
  expect(error.remedy).toBeDefined()
}

describe('keys of a run in time', () => {
  for (const [from, to, place] of strays) {
    it(`error: ${place} has no meaning without blocks`, () =>
      expectFault(readChanged(from, to), `FB2070 ${place}.*Add blocks: 7200, or remove`))
  }

  it('error: blocks alone say all that is missing', async () => {
    const error = await failureOf(readChanged('gain:', 'blocks: 10\ngain:'))
    expect(error).toMatchObject({
      code: 'FB2071',
      place: 'small.yaml:33:9',
      rule:
        'blocks: a run in time also needs chain, paths, depth.recovery, depth.arbitrage, ' +
        'depth.withdrawal, liquidators.agents, protocols.market.oracle',
      remedy: 'Add chain: { block: 12s, gasLimit: none } and the others, or remove blocks',
    })
    await expectFault(readTimedWith('  arbitrage: 30s\n', ''), 'FB2071.*Add depth.arbitrage: none')
  })

  it('error: an instant cascade needs what a run in time may leave out', async () => {
    const disposal = readChanged('disposal: all, ', '')
    await expectFault(disposal, 'FB2051 small.yaml:31:14: liquidators.disposal.*all, cost')
    await expectFault(readChanged('shock: { asset: ETH, drop: 15% }\n', ''), 'FB2051.*shock')
    const nothing = timedText
      .replace(/^shock:.*\n/m, '')
      .replace(/^paths:[\s\S]*?(?=gain:)/m, 'paths: {}\n')
      .replace(/^protocols:[\s\S]*?(?=market:\n {2}venues)/m, IDLE)
    await expectFault(readTimed({ 'timed.yaml': nothing }), 'FB2051.*shock: no price moves')
  })

  for (const [from, to, message] of faults) {
    it(`error: ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`, () =>
      expectFault(readTimedWith(from, to), message))
  }

  for (const [row, message] of rowFaults) {
    it(`error: a record with the row ${row}`, () => {
      const prices = String(timedFiles['prices.csv']).replace('2020-03-12T10:41:00Z,180', row)
      return expectFault(readTimed({ 'prices.csv': prices }), message)
    })
  }

  it('error: keys that people look for are named where they are', async () => {
    const near = (key: string) => failureOf(readSmall({}, [[key, '1']]))
    expect((await near('depth.refill')).remedy).toMatch(/depth\.recovery/)
    expect((await near('horizon')).remedy).toMatch(/blocks/)
  })
})

const IDLE = `protocols:
  idle:
    rules: { kind: stopOut, assets: { USDC: {} } }
    oracle: spot
    book: { file: debts.csv }
`
