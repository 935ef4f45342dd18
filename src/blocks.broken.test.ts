/** Rules that cheat are found out: each check of a run fires on what it is there for. */

import { describe, expect, it } from 'vitest'
import { recorderFor } from './block/recorder.ts'
import type { Stage } from './block/stage.ts'
import { COIN, ETH, positionsOf, stamp, timedScenario } from './blocks.suite.ts'
import { blocks } from './blocks.ts'
import { timedReport } from './outcome/report.ts'
import { ACCOUNTS, LENDERS, pushMove, RESERVE, type Rules } from './rules.ts'
import type { RulesSpec } from './scenario.ts'
import { stageOf } from './stage.ts'

const terms = (asset: number, borrowRate = 0) => ({
  asset,
  threshold: 0.8,
  bonus: 0.05,
  borrowRate,
})
const lending: RulesSpec = {
  ...{ kind: 'lending', closeFactor: 0.5, wholeBelow: 0, dustUsd: 1, target: null },
  assets: [terms(ETH), terms(COIN, 5)],
}

const rows = [97, 94, 91.5, 88, 87, 60, 50].flatMap(
  (trigger, k) =>
    [
      [k, ETH, 1, 5 + k],
      [k, COIN, -1, (5 + k) * trigger * 0.8],
    ] as [number, number, 1 | -1, number][],
)

const scenario = timedScenario(
  positionsOf(rows),
  {
    blocks: 20,
    prices: [{ asset: ETH, courses: [{ kind: 'ramp', drop: 0.1, fromSeconds: 0, toSeconds: 15 }] }],
  },
  { rules: lending },
)

/** Names of the checks that fail when the rules of the bank are changed like this. */
function failing(
  change: (rules: Rules, stage: Stage) => Partial<Rules>,
  atEnd: (stage: Stage) => void = () => {},
): string[] {
  const stage = stageOf(scenario, true, null)
  const { protocol } = stage.posts[0]
  Object.assign(protocol, { rules: { ...protocol.rules, ...change(protocol.rules, stage) } })
  const recorder = recorderFor(stage)
  for (const _ of blocks(stage, recorder));
  expect(stage.tally.liquidations[0]).toBeGreaterThan(3)
  atEnd(stage)
  const { checks } = timedReport(stage, recorder, stamp)
  return checks.filter(({ ok }) => !ok).map(({ name }) => name)
}

/** Settles as the rules do, and then does something more. */
const adding =
  (more: (...args: Parameters<Rules['settle']>) => void) =>
  (rules: Rules): Partial<Rules> => ({
    settle(...args) {
      const reason = rules.settle(...args)
      if (reason === 0) more(...args)
      return reason
    },
  })

describe('checks of a run', () => {
  it('default: honest rules in the same wrapping pass all of them', () => {
    expect(failing(adding(() => {}))).toEqual([])
  })

  it('law: stock = flow finds a millionth of what was repaid that reached no account', () => {
    const lose = adding(({ book }, offers, offer, _bid, out) => {
      book.amount[offers.other[offer]] -= 1e-6 * out.repaid
    })
    expect(failing(lose)).toEqual(['stock = flow'])
  })

  it('law: stock = flow finds a millionth that the taker paid and nobody owed less for', () => {
    const overstate = adding((_protocol, _offers, _offer, _bid, out) => {
      out.repaid *= 1 + 1e-6
    })
    expect(failing(overstate)).toEqual(['stock = flow'])
  })

  it('law: stock = flow finds collateral that is taken twice', () => {
    const twice = adding(({ book }, offers, offer, _bid, out) => {
      const own = offers.own[offer]
      book.amount[own] = Math.max(0, book.amount[own] - out.seized)
    })
    expect(failing(twice)).toContain('stock = flow')
  })

  it('law: stock = flow finds a leg of somebody else that was written to', () => {
    const reach = adding(({ book }) => {
      book.amount[2 * 6] -= 1e-6
    })
    expect(failing(reach)).toEqual(['stock = flow'])
  })

  it('law: stock = flow finds interest that was not booked', () => {
    const credit = adding(({ index, rules }) => {
      index[rules.slotOf(COIN, -1, 0)] *= 1 + 1e-6
    })
    expect(failing(credit)).toContain('stock = flow')
  })

  it('law: bad debt that no movement names has no loser', () => {
    const hide = adding(({ badDebt }) => {
      badDebt[COIN] += 1
    })
    expect(failing(hide)).toEqual(['bad debt has a loser'])
  })

  it('law: a loss of lenders that is no bad debt is found too', () => {
    const steal = adding((_protocol, _offers, _offer, _bid, out) => {
      pushMove(out.moves, COIN, LENDERS, RESERVE, 1)
    })
    expect(failing(steal)).toEqual(['bad debt has a loser'])
  })

  it('law: a number that is none fires, whatever is added up after it', () => {
    for (const asset of [ETH, COIN]) {
      const spoil = adding((_protocol, _offers, _offer, _bid, out) => {
        pushMove(out.moves, asset, LENDERS, ACCOUNTS, Number.NaN)
      })
      const names = failing(spoil)
      expect(names, `asset ${asset}`).toContain('stock = flow')
      expect(names, `asset ${asset}`).toContain('bad debt has a loser')
      const lose = ({ takers }: Stage) => {
        takers[0].inventory[asset] = Number.NaN
      }
      expect(
        failing(
          adding(() => {}),
          lose,
        ),
      ).toEqual(['liquidators hold what they were given'])
    }
  })

  it('law: an account that fell unseen, and one that is seen and not in the backlog', () => {
    const honest = adding(() => {})
    const slip = ({ posts }: Stage) => {
      posts[0].protocol.book.amount[2 * 6 + 1] *= 2
    }
    expect(failing(honest, slip)).toEqual(['stock = flow', 'watchlist = full scan'])
    const lose = ({ posts }: Stage) => {
      slip({ posts } as Stage)
      expect(posts[0].watch.touch(6)).toBe(true)
    }
    expect(failing(honest, lose)).toEqual(['stock = flow', 'watchlist = full scan'])
  })

  it('law: cash and inventory that liquidators were not given are found', () => {
    const grant = (_rules: Rules, { takers }: Stage): Partial<Rules> => {
      takers[0].inventory[COIN] = 1
      return {}
    }
    expect(failing(grant)).toEqual(['liquidators hold what they were given'])
  })
})
