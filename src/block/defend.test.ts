import { describe, expect, it } from 'vitest'
import { ETH, stopOutRules, USD } from '../blocks.suite.ts'
import { bookFrom } from '../book.ts'
import type { Defence, Sight } from '../defence.ts'
import { InputError } from '../errors.ts'
import { offerList, protocolFrom, type Rules, settlement } from '../rules.ts'
import { rulesFrom } from '../setup.ts'
import { reactAll, shapeAll } from './defend.ts'
import type { Post } from './stage.ts'

/** Two loans of 79 against one coin at 100, threshold 80 %, under rules changed like this. */
function postOf(all: readonly Defence[], change: (rules: Rules) => Rules = (rules) => rules) {
  const assets = [
    { asset: ETH, threshold: 0.8, bonus: 0.05 },
    { asset: USD, threshold: null, bonus: 0 },
  ]
  const rules = change(rulesFrom({ ...stopOutRules, assets }))
  const legs = [0, 1].flatMap((account) => [
    { account, slot: rules.slotOf(ETH, 1, 0), amount: 1 },
    { account, slot: rules.slotOf(USD, -1, 0), amount: -79 },
  ])
  const book = bookFrom(2, legs)
  const prices = Float64Array.of(1, 100)
  const protocol = protocolFrom({ name: 'bank', rules, book, prices, accounts: ['a', 'b'] })
  const stance = { isPaused: false, threshold: 1, borrowing: 1 }
  const sight = { protocol } as Sight
  return {
    protocol,
    guards: { all, sight, stance, rules: new Map([[1, rules]]) },
  } as unknown as Post
}

const moves = (by: number, keeps?: Defence['keeps']): Defence => ({
  ...{ name: 'moves', readings: [], read() {} },
  react(_, stance) {
    stance.threshold *= by
  },
  ...(keeps === undefined ? {} : { keeps }),
})

/** What an account offers now, and whether it waits for time alone. */
function asked(post: Post, account: number) {
  const offers = offerList()
  post.protocol.rules.value(post.protocol)
  post.protocol.rules.offers(post.protocol, account, offers)
  const isHeld = shapeAll(post, offers, 0)
  return { offers, isHeld }
}

describe('thresholds as the stance has them', () => {
  it('default: factors are multiplied, and rules of the opening come back', () => {
    const post = postOf([moves(0.99), moves(0.99)])
    const own = post.protocol.rules
    expect(reactAll(post)).toBe(true)
    expect(post.protocol.rules.terms(ETH, 0)!.threshold).toBeCloseTo(0.8 * 0.9801, 9)
    expect(asked(post, 0).offers.count).toBe(1)
    const back = postOf([moves(1)])
    expect(asked(back, 0).offers.count).toBe(0)
    reactAll(back)
    expect(back.protocol.rules).not.toBe(own)
    expect(back.protocol.rules.terms(ETH, 0)!.threshold).toBe(0.8)
  })

  it('law: who keeps its terms offers and settles by them, and waits while it is healthy', () => {
    const post = postOf([moves(0.98, (_, account) => account === 1)])
    reactAll(post)
    const { protocol } = post
    expect(asked(post, 0)).toMatchObject({ offers: { count: 1 }, isHeld: false })
    expect(asked(post, 1)).toMatchObject({ offers: { count: 0 }, isHeld: true })
    const before = [...protocol.values]
    const { offers } = asked(post, 0)
    offers.account[0] = 1
    const bid = { amount: 1, pays: 0, taker: 0, atSeconds: 0 }
    const reason = protocol.rules.settle(protocol, offers, 0, bid, settlement())
    expect(reason).not.toBe(0)
    expect([...protocol.values]).toEqual(before)
    // Past its own threshold it offers as the rules of the opening would.
    protocol.prices[ETH] = 98
    expect(asked(post, 1)).toMatchObject({ offers: { count: 1 }, isHeld: false })
  })

  it('law: it is settled by the rules of the opening, too', () => {
    const keeps = (_: Sight, account: number) => account === 1
    const closed = (rules: Rules): Rules => ({ ...rules, settle: () => 'paused' })
    const post = postOf([moves(0.98, keeps)], closed)
    reactAll(post)
    const { protocol } = post
    protocol.prices[ETH] = 98
    const bid = { amount: 1, pays: 0, taker: 0, atSeconds: 0 }
    const settled = [0, 1].map((account) =>
      protocol.rules.settle(protocol, asked(post, account).offers, 0, bid, settlement()),
    )
    expect(settled).toEqual([0, 'paused'])
  })

  it('error: rules without a threshold that can be scaled are refused', () => {
    const post = postOf([moves(0.9)], (rules) => ({ ...rules, scaled: () => null }))
    expect(() => reactAll(post)).toThrow(InputError)
    expect(() => reactAll(post)).toThrow(/FB2308|threshold/)
  })
})
