import { describe, expect, it } from 'vitest'
import { expectAsListed } from './arrange.suite.ts'
import { arrangedWorld } from './arrange.ts'
import { accountsOf, health } from './book.ts'
import type { Scenario } from './scenario.ts'
import { setup } from './setup.ts'
import { worldOf } from './timedWorlds.suite.ts'

/** Its thresholds move; half of the accounts keep theirs. */
function withDefence(scenario: Scenario): Scenario {
  const moving = {
    kind: 'dynamicThreshold',
    ...{ sensitivity: 1, calm: 0.1, horizonSeconds: 86400, halfLifeSeconds: 60, floor: 0.6 },
    ...{ everySeconds: 1, perDay: 1e6, rampSeconds: 1, grandfathered: 0.5 },
  }
  const protocols = scenario.protocols.map((one) =>
    one.rules.kind === 'makerFlip' ? one : { ...one, defences: [moving] },
  )
  return { ...scenario, protocols }
}

describe('arrangedWorld', () => {
  it('law: it holds the same accounts, and says where each was listed', () => {
    let moved = 0
    for (let n = 0; n < 40; n++) {
      const scenario = worldOf(n)
      const [now, listed] = [arrangedWorld(setup(scenario)), setup(scenario)]
      now.protocols.forEach(({ book, values, accounts, row }, j) => {
        if (row === null) return
        const before = listed.protocols[j]
        expect([...row].sort((a, b) => a - b)).toEqual(accounts.map((_, i) => i))
        for (let i = 0; i < accountsOf(book); i++) {
          expect(accounts[i]).toBe(before.accounts[row[i]])
          expect(health(book, values, i)).toBe(health(before.book, before.values, row[i]))
          moved += +(row[i] !== i)
        }
      })
    }
    expect(moved).toBeGreaterThan(500)
  })

  it('law: everybody fares as in the order of the list, but for the rounding of sums', () => {
    let events = 0
    for (let n = 0; n < 240; n++) events += expectAsListed(worldOf(n), `world ${n}`)
    for (let n = 0; n < 60; n++) events += expectAsListed(withDefence(worldOf(n)), `defended ${n}`)
    expect(events).toBeGreaterThan(5000)
  })
})
