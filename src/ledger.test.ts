import { describe, expect, it } from 'vitest'
import { bookFrom } from './book.ts'
import { holdersOf, type Ledger, ledgerFrom } from './ledger.ts'
import { ACCOUNTS, type Holder, ITEMS, LENDERS, type Rules } from './rules.ts'

const [USD, ETH] = [0, 1]
const PLACES = { accounts: ACCOUNTS, lenders: LENDERS }

/**
 * One protocol of two accounts: 10 and 4 ETH, owing 800 and 300 USD. Slot 0 is ETH, slot 1 debt,
 * slot 2 ETH in another group.
 */
function bank() {
  const book = bookFrom(2, [
    { account: 0, slot: 0, amount: 10 },
    { account: 0, slot: 1, amount: -800 },
    { account: 1, slot: 2, amount: 4 },
    { account: 1, slot: 1, amount: -300 },
  ])
  const slots = {
    count: 3,
    asset: Uint16Array.of(ETH, USD, ETH),
    side: Int8Array.of(1, -1, 1),
    group: Uint16Array.of(0, 0, 1),
  }
  const index = new Float64Array(3).fill(1)
  return { book, index, rules: { slots } as Rules }
}

function opened() {
  const protocol = bank()
  return { ...protocol, ledger: ledgerFrom([protocol], 2, 1, PLACES) }
}

/** A liquidation of account 0: units and debt leave its legs, and the ledger is told of both. */
function liquidate(
  { book, ledger }: ReturnType<typeof opened>,
  units: number,
  repaid: number,
  told: { readonly units: number; readonly repaid: number } = { units, repaid },
): void {
  ledger.take(0, 0)
  book.amount[0] -= units
  book.amount[1] += repaid
  ledger.put(0, 0)
  const { of, taker } = ledger.holders
  ledger.move(ETH, of(0, ACCOUNTS), taker(0), told.units)
  ledger.move(USD, taker(0), of(0, ACCOUNTS), told.repaid)
}

const balances = (ledger: Ledger, asset: number): number[] =>
  Array.from({ length: ledger.holders.count }, (_, place) => ledger.balance(place, asset))

describe('holdersOf', () => {
  it('law: every holder has a place of its own, and none is left over', () => {
    const { of, taker, market, validators, builders, flash, funds, count } = holdersOf(3, 2)
    const places = [taker(0), taker(1), market, validators, builders, flash, funds]
    for (let j = 0; j < 3; j++)
      for (let holder: Holder = 0; holder < 6; holder++) places.push(of(j, holder))
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k))
  })
})

describe('ledgerFrom', () => {
  it('default: nothing has moved, and the books agree', () => {
    const { ledger } = opened()
    expect([...balances(ledger, USD), ...balances(ledger, ETH)].every((x) => x === 0)).toBe(true)
    expect([ledger.gap(), ledger.recount(), ledger.moved(USD), ledger.moved(ETH)]).toEqual([
      0, 0, 0, 0,
    ])
  })

  it('default: a movement has two ends and counts once as turnover', () => {
    const { ledger } = opened()
    const { of, taker, market } = ledger.holders
    ledger.move(ETH, of(0, ITEMS), taker(0), 3)
    ledger.move(ETH, taker(0), market, 2)
    ledger.move(ETH, taker(0), market, -1)
    expect(ledger.balance(of(0, ITEMS), ETH)).toBe(-3)
    expect(ledger.balance(taker(0), ETH)).toBe(2)
    expect(ledger.balance(market, ETH)).toBe(1)
    expect(ledger.moved(ETH)).toBe(6)
    expect(balances(ledger, ETH).reduce((sum, x) => sum + x, 0)).toBe(0)
    expect(ledger.moved(USD)).toBe(0)
  })
})

describe('gap', () => {
  it('default: 0 where stock and flow agree', () => {
    const parts = opened()
    liquidate(parts, 4, 350)
    expect(parts.ledger.gap()).toBe(0)
    expect(parts.ledger.recount()).toBe(0)
  })

  it('behaviour: what left a leg and reached nobody, as a share of what there is', () => {
    const parts = opened()
    liquidate(parts, 4, 350, { units: 4, repaid: 349 })
    // 1 USD of 1100 owed at the opening and 349 that moved.
    expect(parts.ledger.gap()).toBe(1 / 1449)
    expect(parts.ledger.recount()).toBe(0)
  })

  it('behaviour: the larger of two assets, whichever comes first', () => {
    const parts = opened()
    liquidate(parts, 4, 350, { units: 3, repaid: 349 })
    expect(parts.ledger.gap()).toBe(1 / 17)
  })

  it('behaviour: a number that is none is a gap', () => {
    const parts = opened()
    liquidate(parts, 4, Number.NaN)
    expect(parts.ledger.gap()).not.toBeLessThanOrEqual(1e-9)
  })

  it('behaviour: a NaN of one asset or protocol is not lost behind the next', () => {
    const first = bank()
    const ledger = ledgerFrom([first, bank()], 2, 0, PLACES)
    ledger.take(0, 0)
    first.book.amount[1] = Number.NaN
    ledger.put(0, 0)
    expect(ledger.gap()).not.toBeLessThanOrEqual(1e-9)
    expect(ledger.recount()).not.toBeLessThanOrEqual(1e-9)
  })
})

describe('interest', () => {
  it('default: moves what the totals earned from lenders to accounts, by slot', () => {
    const { ledger, index } = opened()
    const before = index.slice()
    index.set([1.5, 1.25, 1])
    ledger.interest(0, before)
    const { of } = ledger.holders
    // 10 ETH grow by half; 1100 USD owed by a quarter; 4 ETH of the other group not at all.
    expect(ledger.balance(of(0, ACCOUNTS), ETH)).toBe(5)
    expect(ledger.balance(of(0, LENDERS), ETH)).toBe(-5)
    expect(ledger.balance(of(0, ACCOUNTS), USD)).toBe(-275)
    expect(ledger.balance(of(0, LENDERS), USD)).toBe(275)
    expect(ledger.gap()).toBe(0)
  })

  it('behaviour: interest that nobody booked is a gap', () => {
    const { ledger, index } = opened()
    index[1] = 1.25
    expect(ledger.gap()).toBe(275 / 1100)
  })

  it('behaviour: it counts what is left after a liquidation', () => {
    const parts = opened()
    liquidate(parts, 8, 700)
    const before = parts.index.slice()
    parts.index[1] = 1.5
    parts.ledger.interest(0, before)
    expect(parts.ledger.balance(parts.ledger.holders.of(0, ACCOUNTS), USD)).toBe(700 - 200)
    expect(parts.ledger.gap()).toBe(0)
  })
})

describe('recount', () => {
  it('behaviour: sees a write to a leg that was never taken', () => {
    const { ledger, book } = opened()
    book.amount[1] += 11
    expect(ledger.gap()).toBe(0)
    expect(ledger.recount()).toBe(11 / 1100)
  })

  it('behaviour: a slot that held nothing at the opening counts in full', () => {
    const protocol = bank()
    protocol.book.amount[2] = 0
    const ledger = ledgerFrom([protocol], 2, 1, PLACES)
    protocol.book.amount[2] = 0.25
    expect(ledger.recount()).toBe(0.25)
  })
})
