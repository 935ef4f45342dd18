import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../../src/report.ts'
import type { TimedReport } from '../../../src/timedReport.ts'
import { OUTSIDE } from '../../engine/replayColumns.ts'
import { logCsv } from './csv.ts'
import { factsOf, isLiquidation, logWindow, nextFrameOf } from './facts.ts'
import { instant, type Recorded, timed } from './replay.suite.ts'
import { sentenceOf, stripOf } from './words.ts'

let two: Recorded<Report>
let eth: Recorded<Report>
let slow: Recorded<TimedReport>
beforeAll(async () => {
  two = await instant('two-protocols')
  eth = await instant('eth-lending')
  slow = await timed('slow-oracle')
})

const metric = (report: Report | TimedReport, name: string) =>
  (report.metrics[name] as { value: number }).value
const says = (of: Recorded<unknown>, at: number) =>
  sentenceOf(of.columns, factsOf(of.columns), at)
    .map(({ text }) => text)
    .join('')

describe('columns', () => {
  it('law: rounds and their sales are those of the report', () => {
    for (const { report, columns } of [two, eth]) {
      const { frames, events } = columns
      expect([...frames.price.slice(1)]).toEqual(report.rounds.map((round) => round.price_after))
      expect([...frames.repaidUsd.slice(1)]).toEqual(report.rounds.map((round) => round.repaid_usd))
      report.rounds.forEach(({ round, settlements, repaid_usd, price_before }) => {
        const sold = [...events.frame.keys()].filter((n) => events.frame[n] === round)
        expect(sold).toHaveLength(settlements)
        expect(sold.reduce((sum, n) => sum + events.repaidUsd[n], 0)).toBeCloseTo(repaid_usd, 4)
        expect(events.before[sold[0]]).toBe(price_before)
      })
    }
  })

  it('law: every sale after the first round was set off by one of the round before', () => {
    const { events } = eth.columns
    events.cause!.forEach((cause, n) => {
      if (events.frame[n] === 1) return
      expect(cause).toBeGreaterThanOrEqual(0)
      expect(events.after[cause]).toBeLessThanOrEqual(events.level![n] * (1 + 1e-9))
      expect(events.before[cause]).toBeGreaterThanOrEqual(events.after[cause])
    })
    expect(events.cause!.indexOf(OUTSIDE)).toBe(0)
  })

  it('law: blocks add up to the numbers of the report', () => {
    const { report, columns } = slow
    const { last, repaidUsd, accounts } = factsOf(columns)
    expect(last).toBe(report.blocks)
    expect(repaidUsd[last]).toBeCloseTo(metric(report, 'total_liquidated_usd'), 2)
    expect(accounts[last]).toBe(metric(report, 'accounts_liquidated'))
    expect(columns.frames.badDebtUsd[last]).toBe(metric(report, 'bad_debt_usd'))
    expect(columns.frames.price[0]).toBe(report.assets[0].opening)
    expect(Math.min(...columns.frames.price)).toBe(report.assets[0].lowest)
  })

  it('law: a cause in time is an earlier sale of one generation less', () => {
    const { events } = slow.columns
    let forced = 0
    events.cause!.forEach((cause, n) => {
      if (events.generation![n] === 0) {
        expect(cause).toBe(OUTSIDE)
        return
      }
      forced++
      expect(cause).toBeLessThan(n)
      expect(events.generation![cause]).toBe(events.generation![n] - 1)
      expect(events.frame[cause]).toBeLessThan(events.frame[n])
    })
    expect(forced).toBeGreaterThan(100)
  })
})

describe('factsOf', () => {
  it('default: the turning point is the first round that sells more than came in', () => {
    const facts = factsOf(two.columns)
    expect(facts.turning).toBe(two.report.rounds.find(({ gain }) => (gain ?? 0) > 1)!.round)
    expect(facts.peak).toBe(7)
    expect(facts.accounts[facts.last]).toBe(metric(two.report, 'accounts_liquidated'))
    expect(facts.repaidUsd[facts.last]).toBeCloseTo(metric(two.report, 'total_liquidated_usd'), 3)
  })

  it('edge: a round of small sales turns nothing', () => {
    const { turning, peak } = factsOf(eth.columns)
    expect(eth.columns.frames.gain[10]).toBeGreaterThan(1)
    expect(turning).toBeNull()
    expect(peak).toBe(3)
  })

  it('default: marks stand in order, each frame once, with all its names', () => {
    for (const { columns } of [two, eth, slow]) {
      const { marks, last } = factsOf(columns)
      const frames = marks.map(({ frame }) => frame)
      expect([...new Set(frames)].sort((a, b) => a - b)).toEqual(frames)
      expect(Math.max(...frames)).toBeLessThanOrEqual(last)
    }
    expect(factsOf(two.columns).marks.flatMap(({ names }) => names)).toEqual([
      'first round',
      'gain > 1',
      'largest account',
      'highest gain',
      'settled',
    ])
  })

  it('edge: a run that sells nothing has no marks', () => {
    const { columns } = eth
    const frames = {
      ...columns.frames,
      price: Float64Array.of(1700),
      repaidUsd: Float64Array.of(0),
      badDebtUsd: Float64Array.of(0),
      gain: Float64Array.of(Number.NaN),
    }
    const none = { ...columns.events, frame: new Uint32Array(0), account: new Int32Array(0) }
    const facts = factsOf({ ...columns, frames, events: none })
    expect(facts).toMatchObject({ last: 0, opened: null, turning: null, peak: null, marks: [] })
    expect(
      sentenceOf({ ...columns, frames, events: none }, facts, 0)
        .map(({ text }) => text)
        .join(''),
    ).toContain('nothing is sold')
  })

  it('default: who is followed is found again, and from its first event after its last', () => {
    const { events } = eth.columns
    const account = events.account[40]
    const own = [...events.frame].filter((_, n) => events.account[n] === account)
    expect(nextFrameOf(eth.columns, account, 0)).toBe(own[0])
    expect(nextFrameOf(eth.columns, account, own[own.length - 1])).toBe(own[0])
  })
})

describe('logWindow', () => {
  it('law: it is full wherever it can be, leads into the frame, and pages back to the start', () => {
    const facts = factsOf(eth.columns)
    for (let at = 0; at <= facts.last; at++) {
      const { from, upTo, all } = logWindow(facts, at, 6, 0)
      expect(all).toBe(facts.firstEvent[at + 1])
      expect(upTo - from).toBe(Math.min(6, all))
      if (at > 1) expect([from, at]).toEqual([facts.firstEvent[at] - 3, at])
    }
    expect(logWindow(facts, 5, 6, 1000)).toMatchObject({ from: 0, upTo: 6 })
  })
})

describe('words', () => {
  it('default: the sentence of the turning point, with the numbers of the report', () => {
    expect(says(two, 5)).toBe(
      'Round 5 is the turning point: the $7.5M sold in round 4 took the price to $1,617 and woke ' +
        '264 accounts that sell $9.3M, more than came in. From here to round 7 each sale forces a ' +
        'larger one.',
    )
    expect(says(eth, 0)).toBe(
      'The outside move takes ETH 15.0\u202f% down to $1,700; nothing has been sold yet.',
    )
    expect(says(eth, 1)).toContain('113 accounts sell $19.7M')
    expect(says(eth, 10)).toContain('The cascade closes at $1,418.')
  })

  it('default: the strip says what is so far, of how much in the end', () => {
    const { columns, report } = two
    const [gain, price, sold, accounts] = stripOf(columns, factsOf(columns), 5)
    expect(gain).toMatchObject({ value: '1.24', tone: 'total', note: 'below 1 until now' })
    expect(price.value).toBe('$1,598')
    expect(sold).toMatchObject({ value: '$46.1M', note: 'of $83.8M in the end' })
    expect(accounts.note).toContain(String(metric(report, 'accounts_liquidated')).slice(-3))
  })

  it('default: a block says time, price, and what earlier forced sales made possible', () => {
    const facts = factsOf(slow.columns)
    expect(says(slow, 0)).toContain('nobody has been liquidated yet')
    expect(says(slow, facts.turning!)).toContain('is the turning point: the loop gain passes 1')
    expect(says(slow, facts.last)).toContain('$42.3M is liquidated so far')
    expect(facts.feedbackUsd[facts.last]).toBeGreaterThan(0)
  })
})

describe('logCsv', () => {
  it('default: a line for every event, with all digits, and its cause by row', () => {
    const lines = logCsv(eth.columns).trimEnd().split('\n')
    expect(lines).toHaveLength(1 + eth.columns.events.frame.length)
    expect(lines[0]).toBe(
      'run_id,row,round,kind,protocol,account,liquidator,asset,units,repaid_usd,worth_usd,' +
        'bad_debt_usd,level,price_before,price_after,generation,cause',
    )
    expect(lines[1].endsWith(',outside')).toBe(true)
    const [last] = eth.columns.events.cause!.slice(-1)
    expect(lines[lines.length - 1].endsWith(`,${last + 1}`)).toBe(true)
    expect(lines.join('')).not.toMatch(/NaN|undefined/)
    expect(isLiquidation(eth.columns, 0)).toBe(true)
  })
})
