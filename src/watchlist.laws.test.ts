import { describe, expect, it } from 'vitest'
import { type AccountList, accountList } from './accountList.ts'
import { accountsOf, type Book, bookFrom, copyBook, health, type Leg, resetBook } from './book.ts'
import { randomAt } from './math/random.ts'
import { type Watchlist, watchlistFrom } from './watchlist.ts'

type Edge = 'below' | 'atOrBelow'

const listed = ({ account, count }: AccountList): number[] => [...account.subarray(0, count)]

function lookAt(watchlist: Watchlist, values: Float64Array, accounts: number) {
  const fallen = accountList(accounts)
  const risen = accountList(accounts)
  watchlist.look(values, fallen, risen)
  return { fallen: listed(fallen), risen: listed(risen) }
}

function fullScan(book: Book, edge: Edge, values: Float64Array): boolean[] {
  return Array.from({ length: accountsOf(book) }, (_, account) => {
    const sum = health(book, values, account)
    return edge === 'below' ? sum < 0 : sum <= 0
  })
}

const SLOTS = 8

/** A number in (0, 1) at every call. */
type Draw = () => number

function drawsOf(seed: number): Draw {
  const random = randomAt(seed, 0)
  let block = 0
  return () => random.uniform(block++, 0)
}

const whole = (draw: Draw, below: number): number => Math.floor(draw() * below)
const sign = (draw: Draw): number => (draw() < 0.5 ? -1 : 1)

/** Books of many shapes; `crowd` puts everybody within a percent of the edge. */
function randomBook(draw: Draw, values: Float64Array, crowd: boolean): Book {
  const accounts = 20 + whole(draw, 40)
  const legsMost = draw() < 0.3 ? 2 : 6
  const legs: Leg[] = []
  for (let account = 0; account < accounts; account++) {
    const kind = crowd ? 0.9 : draw()
    const count = legsMost === 2 ? 2 : 1 + whole(draw, legsMost)
    if (legsMost > 2 && kind < 0.05) continue
    let sum = 0
    for (let k = 1; k < count; k++) {
      const leg = { account, slot: whole(draw, SLOTS), amount: sign(draw) * (0.1 + draw()) * 100 }
      legs.push(leg)
      sum += leg.amount * values[leg.slot]
    }
    const slot = whole(draw, SLOTS)
    legs.push({ account, slot, amount: lastAmount(draw, kind, -sum / values[slot]) })
  }
  return bookFrom(accounts, legs)
}

/** `even` brings health to 0: exactly, within a few last digits, near it, or anything at all. */
function lastAmount(draw: Draw, kind: number, even: number): number {
  const ulp = Math.abs(even) * Number.EPSILON
  if (kind < 0.15) return even + (whole(draw, 9) - 4) * ulp
  if (kind < 0.2) return 0
  if (kind < 0.6) return even * (1 + 0.3 * (draw() - 0.5))
  return even * (1 + 0.02 * (draw() - 0.5))
}

/** Moves values as worlds do: walks, jumps, all at once, one slot, to 0, below and back. */
function move(draw: Draw, values: Float64Array, usual: Float64Array, size: number): void {
  const kind = draw()
  const slot = whole(draw, SLOTS)
  if (kind < 0.7) for (let s = 0; s < SLOTS; s++) values[s] *= 1 + size * (draw() - 0.5)
  else if (kind < 0.75) values[slot] *= 1 + 0.16 * (draw() - 0.5)
  else if (kind < 0.85) {
    const common = 1 + 0.2 * (draw() - 0.5)
    for (let s = 0; s < SLOTS; s++) values[s] *= common
  } else if (kind < 0.9) values[slot] *= 1 + 1e-9 * draw()
  else if (kind < 0.91) values[slot] = 0
  else if (kind < 0.92) values[slot] *= -1
  else if (kind < 0.95) values.set(usual)
}

function settleSome(
  draw: Draw,
  book: Book,
  values: Float64Array,
  watchlist: Watchlist,
  edge: Edge,
) {
  for (let n = whole(draw, 4); n > 0; n--) {
    const account = whole(draw, accountsOf(book))
    const from = book.start[account]
    const legs = book.start[account + 1] - from
    if (legs > 0) {
      const k = from + whole(draw, legs)
      const rest = health(book, values, account) - book.amount[k] * values[book.slot[k]]
      const even = values[book.slot[k]] === 0 ? draw() : -rest / values[book.slot[k]]
      book.amount[k] = draw() < 0.2 ? book.amount[k] * draw() : lastAmount(draw, draw(), even)
      book.version[account]++
    }
    const sum = health(book, values, account)
    expect(watchlist.touch(account)).toBe(edge === 'below' ? sum < 0 : sum <= 0)
  }
}

/** One world of 200 looks. The trace holds all that a caller can see. */
function follow(draw: Draw, book: Book, values: Float64Array, watchlist: Watchlist, edge: Edge) {
  const usual = values.slice()
  const size = [0.0005, 0.004, 0.03, 0.2][whole(draw, 4)]
  const fallen = accountList(accountsOf(book))
  const risen = accountList(accountsOf(book))
  const trace: number[][] = []
  for (let block = 0; block < 200; block++) {
    const before = fullScan(book, edge, values)
    move(draw, values, usual, size)
    watchlist.look(values, fallen, risen)
    const after = fullScan(book, edge, values)
    const turned = (to: boolean) =>
      after.flatMap((is, account) => (is === to && before[account] !== to ? [account] : []))
    if (!sameSides(watchlist, after)) expect(sidesOf(watchlist, after)).toEqual(after)
    expect(listed(fallen)).toEqual(turned(true))
    expect(listed(risen)).toEqual(turned(false))
    if (draw() < 0.5) settleSome(draw, book, values, watchlist, edge)
    trace.push([watchlist.breached(), ...listed(fallen), -1, ...listed(risen)])
  }
  return trace
}

function sidesOf(watchlist: Watchlist, like: boolean[]): boolean[] {
  return like.map((_, account) => watchlist.isBreached(account))
}

function sameSides(watchlist: Watchlist, sides: boolean[]): boolean {
  return (
    watchlist.breached() === sides.filter(Boolean).length &&
    sides.every((is, account) => watchlist.isBreached(account) === is)
  )
}

function worldOf(seed: number) {
  const draw = drawsOf(seed)
  const values = Float64Array.from({ length: SLOTS }, () => sign(draw) * (0.5 + 3 * draw()))
  const edge: Edge = seed % 2 === 0 ? 'below' : 'atOrBelow'
  const book = randomBook(draw, values, seed % 5 === 0)
  return { draw, values, edge, book, watchlist: watchlistFrom(book, edge, values) }
}

describe('every look', () => {
  it('law: it says what a full scan says, in 40,000 looks at 200 books', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { draw, book, values, watchlist, edge } = worldOf(seed)
      try {
        follow(draw, book, values, watchlist, edge)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })

  it('law: at the very move that could turn an account first, none is missed', () => {
    const draw = drawsOf(7)
    for (let n = 0; n < 6000; n++) {
      const count = 2 + whole(draw, 4)
      const amounts = Float64Array.from({ length: count }, () => sign(draw) * (0.5 + draw()))
      const values = Float64Array.from({ length: count }, () => 0.5 + draw())
      const others = amounts.subarray(0, -1).reduce((sum, a, k) => sum + a * values[k], 0)
      const sizes = amounts.subarray(0, -1).reduce((sum, a, k) => sum + Math.abs(a) * values[k], 0)
      // Solves |H| = distance x G for the last amount, of the sign opposite to the others' sum.
      const distance = DISTANCE_MOST * draw()
      const own = (Math.abs(others) - distance * sizes) / (1 + distance)
      if (own <= 0) continue
      amounts[count - 1] = (-Math.sign(others) * own) / values[count - 1]
      missNone(amounts, values, draw() < 0.3)
    }
  })

  it('law: a path after reset equals the path alone, and leaves its origin as it was', () => {
    for (let seed = 0; seed < 40; seed++) {
      const { draw, book, values, watchlist, edge } = worldOf(seed)
      const lists = [accountList(accountsOf(book)), accountList(accountsOf(book))] as const
      for (let block = 0; block < 3; block++) {
        for (let s = 0; s < SLOTS; s++) values[s] *= 1 + 0.002 * (draw() - 0.5)
        watchlist.look(values, ...lists)
      }
      const path = (by: number, own: Book, on: Watchlist) => {
        const draws = drawsOf(by)
        const moved = values.slice()
        settleSome(draws, own, moved, on, edge)
        return follow(draws, own, moved, on, edge)
      }
      const alone = copyBook(book)
      const expected = path(1000 + seed, alone, watchlist.copy(alone))
      const reused = copyBook(book)
      const copy = watchlist.copy(reused)
      path(2000 + seed, reused, copy)
      const sides = fullScan(book, edge, values)
      expect(sidesOf(watchlist, sides)).toEqual(sides)
      resetBook(reused, book)
      copy.reset(watchlist)
      expect(path(1000 + seed, reused, copy)).toEqual(expected)
    }
  })
})

/** Just above the distance that both spreads together can reach. */
const DISTANCE_MOST = 0.0432

/**
 * Moves every leg against the account by its distance, where health passes 0 within rounding, and a
 * few last digits to either side; first to the end of the far spread, where that is on the way.
 */
function missNone(amounts: Float64Array, values: Float64Array, touched: boolean): void {
  const book = bookFrom(
    100, // the others have no legs: lists that cost more than scans would rest
    Array.from(amounts, (amount, slot) => ({ account: 0, slot, amount: touched ? 0 : amount })),
  )
  const watchlist = watchlistFrom(book, 'below', values)
  if (touched) {
    book.amount.set(amounts)
    watchlist.touch(0)
  }
  const sum = health(book, values, 0)
  const size = amounts.reduce((all, amount, slot) => all + Math.abs(amount) * values[slot], 0)
  const distance = Math.abs(sum) / size
  const against = (move: number): Float64Array =>
    values.map((value, k) => value * (1 - Math.sign(amounts[k]) * Math.sign(sum) * move))
  const looks = distance > 0.037 ? [0.037] : []
  for (let k = -3; k <= 3; k++) looks.push(distance * (1 + k * Number.EPSILON))
  for (const move of looks) {
    const moved = against(move)
    const before = watchlist.isBreached(0)
    const { fallen, risen } = lookAt(watchlist, moved, 100)
    const is = health(book, moved, 0) < 0
    if (watchlist.isBreached(0) !== is) expect([amounts, move]).toBe('judged as by a full scan')
    expect([fallen.length, risen.length]).toEqual([+(is && !before), +(before && !is)])
  }
}
