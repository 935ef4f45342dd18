import { describe, expect, it } from 'vitest'
import { instantRun } from '../../src/instant.ts'
import type { LevelBin } from '../../src/report.ts'
import { opening } from './phase.ts'
import type { Draft } from './protocol.ts'
import { readOf } from './run.ts'
import { openingOf, wallsOf } from './walls.ts'

const draft: Draft = {
  entry: 'two-protocols',
  text: null,
  overrides: [
    ['protocols.lending.book.synthetic.0.accounts', '150'],
    ['protocols.exchange.book.synthetic.0.accounts', '150'],
  ],
}
const all = { protocol: null, venue: null }

async function reportOf(of: Draft) {
  const { scenario, runId, engineVersion, data } = await readOf(of, [])
  return instantRun(opening(scenario), { runId, engineVersion, data })
}

describe('walls', () => {
  it('law: levels are those of the report, and protocols add up to them', async () => {
    const report = await reportOf(draft)
    const { levels } = await wallsOf({ draft, ...all }, [])
    expect(levels).toEqual(report.levels)
    const [one, other] = await Promise.all(
      ['lending', 'exchange'].map((protocol) => wallsOf({ draft, protocol, venue: null }, [])),
    )
    const waits = (bin: LevelBin) => bin.first_usd + bin.feedback_usd + bin.untouched_usd
    levels.forEach((bin, k) => {
      expect(waits(one.levels[k]) + waits(other.levels[k])).toBeCloseTo(waits(bin), 3)
      expect(one.levels[k].bids_usd).toBe(bin.bids_usd)
    })
    expect(one.accounts.protocol.every((name) => name === 'lending')).toBe(true)
  })

  it('law: accounts of a level owe what stands there, and the largest are in the report', async () => {
    const report = await reportOf(draft)
    const { accounts, levels } = await wallsOf({ draft, ...all }, [])
    const bin = levels.find(({ feedback_usd }) => feedback_usd > 0)!
    let debt = 0
    accounts.trigger.forEach((at, k) => {
      if (at <= bin.from && at > bin.to) debt += accounts.debt[k]
    })
    expect(debt).toBeCloseTo(bin.first_usd + bin.feedback_usd + bin.untouched_usd, 3)
    for (const row of report.accounts) {
      const k = accounts.account.findIndex(
        (name, i) => name === row.account && accounts.protocol[i] === row.protocol,
      )
      expect([accounts.debt[k], accounts.drop[k], accounts.fate[k]]).toEqual([
        row.debt_usd,
        row.trigger_drop,
        row.fate,
      ])
      expect(accounts.collateral[k]).toBeGreaterThan(0)
    }
  })

  it('law: what must trade between two edges is what the report says of the bids', async () => {
    const { levels, reach, venues } = await wallsOf({ draft, ...all }, [])
    expect(venues).toEqual(['book'])
    expect(reach.units[0]).toBe(0)
    levels.forEach((bin, k) => {
      expect(reach.price[k + 1]).toBe(bin.to)
      expect(reach.usd[k + 1] - reach.usd[k]).toBeCloseTo(bin.bids_usd, 2)
    })
  })

  it('behaviour: one venue of two has fewer bids, and the same debt', async () => {
    const text = [
      'extends: eth-lending',
      'version: 1',
      'name: two-venues',
      'market:',
      '  venues:',
      '    pool: { kind: constantProduct, asset: ETH, quote: USD, reserve: 20k, fee: 0%, keepsFee: false, reprice: arbitrage }',
    ].join('\n')
    const two: Draft = { entry: 'two-venues.yaml', text, overrides: [] }
    const whole = await wallsOf({ draft: two, ...all }, [])
    expect(whole.venues).toHaveLength(2)
    for (const venue of whole.venues) {
      const part = await wallsOf({ draft: two, protocol: null, venue }, [])
      expect(part.levels[5].bids_usd).toBeLessThan(whole.levels[5].bids_usd)
      expect(part.levels.map(({ first_usd }) => first_usd)).toEqual(
        whole.levels.map(({ first_usd }) => first_usd),
      )
    }
  })

  it('behaviour: a run in time has the walls of its opening', async () => {
    const timed: Draft = { entry: 'slow-oracle', text: null, overrides: [] }
    const report = await openingOf(timed, [])
    const { levels } = await wallsOf({ draft: timed, ...all }, [])
    expect(report.schema).toBe('firebreak.result/1')
    expect(levels).toEqual(report.levels)
    expect(report.shock.drop).toBe(0)
  })
})
