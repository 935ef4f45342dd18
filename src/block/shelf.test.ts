/** Collateral that the rules sell later carries the generation that put it there. */

import { expect, it } from 'vitest'
import { COIN, ETH, plainTime, positionsOf, stopOutRules, timedScenario } from '../blocks.suite.ts'
import {
  ACCOUNTS,
  BIDDER,
  BORROWERS,
  ITEMS,
  offerList,
  POOL,
  pushMove,
  pushOffer,
  settlement,
} from '../rules.ts'
import { stageOf } from '../stage.ts'
import { partsOf, shelve } from './shelf.ts'

const positions = positionsOf([
  [0, ETH, 1, 1],
  [0, COIN, -1, 50],
])

function shelved(...moved: readonly (readonly [number, number, number, number])[]) {
  const stage = stageOf(timedScenario(positions, plainTime, { rules: stopOutRules }), true, null)
  for (const [generation, from, to, units] of moved) {
    const { moves } = settlement()
    pushMove(moves, ETH, from, to, units)
    shelve(stage, 0, moves, generation)
  }
  const offers = offerList()
  pushOffer(offers, -1, ETH, 1, COIN, 90, 0, 0, 0)
  return [...partsOf(stage, 0, offers, 0)]
}

it('default: a sale is of the generations that filled the shelf, in proportion', () => {
  const parts = shelved([0, ACCOUNTS, ITEMS, 3], [2, ACCOUNTS, POOL, 1])
  expect(parts).toEqual([0.75, 0, 0.25, 0, 0, 0, 0, 0, 0])
})

it('law: what is sold leaves the proportions; what came later counts by what is left', () => {
  const parts = shelved(
    [0, ACCOUNTS, ITEMS, 4],
    [0, ITEMS, BIDDER, 1],
    [0, ITEMS, BORROWERS, 2],
    [1, ACCOUNTS, ITEMS, 3],
    [1, ITEMS, POOL, 3],
  )
  expect(parts.slice(0, 3)).toEqual([0.25, 0.75, 0])
})

it('behaviour: an emptied shelf forgets, whatever rounding left', () => {
  expect(
    shelved([3, ACCOUNTS, ITEMS, 1], [3, ITEMS, BIDDER, 1.0000001], [1, ACCOUNTS, ITEMS, 1])[1],
  ).toBe(1)
})
