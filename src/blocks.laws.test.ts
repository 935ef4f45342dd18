import { describe, expect, it } from 'vitest'
import { recorderFor } from './block/recorder.ts'
import type { Post, Stage } from './block/stage.ts'
import { blocks } from './blocks.ts'
import { accountsOf, health } from './book.ts'
import { stageOf } from './stage.ts'
import { drained, worldOf } from './timedWorlds.suite.ts'

const WORLDS = 150

/** Breached by a full scan, against the watchlist and the backlog. */
function watched({ protocol, watch, backlog }: Post, where: string): number {
  const { book, values, rules } = protocol
  let breached = 0
  for (let i = 0; i < accountsOf(book); i++) {
    const sum = health(book, values, i)
    const is = sum < 0 || (sum === 0 && rules.edge === 'atOrBelow')
    if (is !== watch.isBreached(i)) expect(`${where}, account ${i}`).toBe('judged by a full scan')
    if (is && !backlog.has(i)) expect(`${where}, account ${i}`).toBe('in the backlog')
    breached += +is
  }
  expect(watch.breached(), where).toBe(breached)
  return breached
}

function near(found: number, wanted: number, scale: number, where: string): void {
  const off = Math.abs(found - wanted)
  if (!(off <= 1e-9 * Math.max(1, scale))) expect(`${where}: ${found}`).toBe(`${wanted}`)
}

/** What takers hold is what moved to them; what they paid away is where it went. */
function balanced({ ledger, takers, time, market, stock }: Stage, where: string): void {
  const { holders } = ledger
  const cash = market.cash
  const scale = ledger.moved(cash)
  const sums = { gasUsd: 0, tipUsd: 0, flashUsd: 0 }
  takers.forEach(({ books, inventory, cash: held }, t) => {
    const of = `${where}, ${time.takers[t].name}`
    const place = holders.taker(t)
    const { capitalUsd } = time.takers[t]
    const { proceedsUsd, paidUsd, gasUsd, tipUsd, flashUsd } = books
    const earned = proceedsUsd - paidUsd - gasUsd - tipUsd - flashUsd
    near(ledger.balance(place, cash), earned, scale, `${of}, cash by its books`)
    if (capitalUsd < Number.POSITIVE_INFINITY) near(held - capitalUsd, earned, scale, `${of}, cash`)
    for (const key of ['gasUsd', 'tipUsd', 'flashUsd'] as const) sums[key] += books[key]
    for (let a = 0; a < inventory.length; a++) {
      if (a === cash) continue
      near(inventory[a], ledger.balance(place, a), ledger.moved(a), `${of}, asset ${a}`)
      const at = (t * inventory.length + a) * (time.generations + 1)
      const parts = stock.subarray(at, at + time.generations + 1).reduce((sum, x) => sum + x, 0)
      near(parts, inventory[a], ledger.moved(a), `${of}, asset ${a} by generation`)
    }
  })
  near(ledger.balance(holders.validators, cash), sums.gasUsd, scale, `${where}, gas`)
  near(ledger.balance(holders.builders, cash), sums.tipUsd, scale, `${where}, tips`)
  near(ledger.balance(holders.flash, cash), sums.flashUsd, scale, `${where}, flash fees`)
  for (let a = 0; a < market.assets.length; a++) {
    let sum = 0
    for (let place = 0; place < holders.count; place++) sum += ledger.balance(place, a)
    near(sum, 0, ledger.moved(a), `${where}, all holders of asset ${a}`)
  }
}

/** What a run must have met for the laws to say something. */
interface Met {
  breached: number
  worthless: number
  interest: number
  liquidations: number
  failed: number
  auctions: number
  feedback: number
  refused: number
}

/** Nobody asks for nothing, but where nothing is what is offered: that would be refused. */
function asked({ transactions, posts }: Stage, where: string): void {
  for (let i = 0; i < transactions.count; i++) {
    const { offers } = posts[transactions.protocol[i]]
    if (transactions.amount[i] > 0 || offers.amount[transactions.offer[i]] === 0) continue
    expect(`${where}, transaction ${i} of ${transactions.amount[i]} units`).toBe('for something')
  }
}

function follow(n: number, met: Met): void {
  const scenario = worldOf(n)
  const isFelt = scenario.feedback && scenario.time!.pricesAre !== 'given'
  const stage = stageOf(scenario, isFelt, null)
  const recorder = recorderFor(stage)
  for (const block of blocks(stage, recorder)) {
    const where = `world ${n}, block ${block}`
    for (const post of stage.posts) {
      met.breached += watched(post, where)
      const { prices, confidence, index, rules } = post.protocol
      met.worthless += +prices.some((price, a) => price <= confidence[a])
      met.interest += +index.some((factor) => factor > 1)
      met.auctions += +(rules.name === 'makerFlip' && post.standing > 0)
    }
    expect(stage.ledger.gap(), where).toBeLessThanOrEqual(1e-9)
    expect(stage.ledger.recount(), where).toBeLessThanOrEqual(1e-9)
    balanced(stage, where)
    met.refused += +stage.tally.unsold.some((units) => units > 0)
    met.failed += stage.tally.block.failed
    met.feedback += +(stage.tally.block.feedbackUsd > 0)
  }
  met.liquidations += stage.tally.liquidations.reduce((sum, count) => sum + count, 0)
}

describe('every block of random worlds', () => {
  const met: Met = {
    breached: 0,
    worthless: 0,
    interest: 0,
    liquidations: 0,
    failed: 0,
    auctions: 0,
    feedback: 0,
    refused: 0,
  }

  it(`law: lists, books and holders agree, after each of 40 blocks of ${WORLDS} worlds`, () => {
    for (let n = 0; n < WORLDS; n++) follow(n, met)
    expect(met.breached).toBeGreaterThan(100 * WORLDS)
    expect(met.liquidations).toBeGreaterThan(20 * WORLDS)
    for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(WORLDS / 2)
  })

  it('law: no transaction asks for 0 units of an offer', () => {
    for (let n = 0; n < WORLDS; n++) {
      const scenario = worldOf(n)
      const stage = stageOf(scenario, scenario.feedback, null)
      for (const block of blocks(stage, null)) asked(stage, `world ${n}, block ${block}`)
    }
  })

  it('law: same seed, same bytes; another path of it, other bytes', () => {
    let apart = 0
    for (let n = 0; n < 20; n++) {
      const scenario = worldOf(n)
      const bytes = JSON.stringify(drained(scenario).report)
      expect(JSON.stringify(drained(worldOf(n)).report)).toBe(bytes)
      expect(bytes).not.toMatch(/NaN|Infinity/)
      const other = { ...scenario, time: { ...scenario.time!, path: 1 } }
      apart += +(JSON.stringify(drained(other).report).length !== bytes.length)
    }
    expect(apart).toBeGreaterThan(10)
  })

  it('law: a run passes all of its checks', () => {
    for (let n = 0; n < WORLDS; n += 3) {
      const { checks } = drained(worldOf(n)).report
      expect(
        checks.filter(({ ok }) => !ok),
        `world ${n}`,
      ).toEqual([])
    }
  })
})
