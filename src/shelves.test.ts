import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccountList, accountList } from './accountList.ts'
import { type Shelves, shelves } from './shelves.ts'

const ACCOUNTS = 24
const MOST = 0.04
/** Width of a shelf. */
const WIDTH = MOST / 64

function listOf(accounts: readonly number[]): AccountList {
  const list = accountList(accounts.length)
  list.account.set(accounts)
  list.count = accounts.length
  return list
}

/** The head of the list up to a distance, sorted. */
function upTo(on: Shelves, distance: number): number[] {
  return [...on.list.account.subarray(0, on.upTo(distance))].sort((a, b) => a - b)
}

/** Shelves filled with accounts 0, 1, ... at these distances. */
function filled(...distances: readonly number[]): Shelves {
  const on = shelves(ACCOUNTS, new Uint32Array(ACCOUNTS), -MOST, MOST)
  on.fill(listOf(distances.map((_, k) => k)), (account) => distances[account])
  return on
}

describe('fill', () => {
  it('default: takes who is within the largest distance, by rising shelf', () => {
    const on = filled(0.03, 0.05, 0.001, 0.04, 0.02)
    expect([...on.list.account.subarray(0, on.list.count)]).toEqual([2, 4, 0, 3])
  })

  it('behaviour: forgets everybody who was there', () => {
    const on = filled(0.01, 0.02, 0.03)
    on.fill(listOf([5]), () => 0.01)
    expect(upTo(on, MOST)).toEqual([5])
    on.put(1, 0.02)
    expect(upTo(on, MOST)).toEqual([1, 5])
    on.fill(listOf([]), () => 0)
    expect([on.list.count, on.upTo(MOST)]).toEqual([0, 0])
  })

  it('behaviour: no number is on the first shelf, and what is below the least on none', () => {
    const on = filled(-1, Number.NaN, WIDTH * 1.5, 0)
    expect(upTo(on, 0)).toEqual([1, 3])
    on.put(5, Number.NaN)
    on.put(2, -MOST)
    expect(upTo(on, 0)).toEqual([1, 2, 3, 5])
    expect(on.upTo(Number.NaN)).toBe(3)
  })
})

describe('upTo', () => {
  it('behaviour: tells distances apart by a shelf, a 64th of the largest', () => {
    const on = filled(...Array.from({ length: ACCOUNTS }, (_, k) => (k + 0.5) * WIDTH))
    for (let k = 0; k < ACCOUNTS; k++) expect(on.upTo((k + 0.5) * WIDTH)).toBe(k + 1)
  })

  it('default: beyond the largest distance it is everybody', () => {
    expect(filled(0.01, MOST, 0.05).upTo(1)).toBe(2)
  })
})

describe('put', () => {
  it('behaviour: moves down, never up', () => {
    const on = filled(0.01, 0.02, 0.03)
    on.put(2, 0.005)
    expect(upTo(on, 0.006)).toEqual([2])
    on.put(2, 0.039)
    expect(upTo(on, 0.006)).toEqual([2])
    on.put(2, 1)
    expect(upTo(on, MOST)).toEqual([0, 1, 2])
  })

  it('behaviour: who is too far does not come in', () => {
    const on = filled(0.01)
    on.put(7, MOST * 1.01)
    expect(upTo(on, 1)).toEqual([0])
    on.put(7, MOST)
    expect(upTo(on, 1)).toEqual([0, 7])
  })
})

/** Who is in, at the least distance at which each was put in. */
type Model = Map<number, number>

type Step =
  | { readonly act: 'fill'; readonly on: number; readonly distances: readonly number[] }
  | {
      readonly act: 'put'
      readonly on: number
      readonly k: number
      readonly distance: number
    }
  | { readonly act: 'reset' }

/** Several shelves over one `place`, each for the accounts of one remainder, and their models. */
interface World {
  readonly shelves: readonly Shelves[]
  readonly models: Model[]
}

const SHELVES = 3
const OWN = ACCOUNTS / SHELVES

function worldOf(): World {
  const place = new Uint32Array(ACCOUNTS)
  return {
    shelves: Array.from({ length: SHELVES }, () => shelves(OWN, place, -MOST, MOST)),
    models: Array.from({ length: SHELVES }, () => new Map<number, number>()),
  }
}

function fill({ shelves, models }: World, on: number, distances: readonly number[]): void {
  // Distances that are -1 stand for accounts that are no candidates.
  const candidates = distances.flatMap((distance, k) => (distance === -1 ? [] : [k * SHELVES + on]))
  const distanceOf = (account: number) => distances[(account - on) / SHELVES]
  shelves[on].fill(listOf(candidates.reverse()), distanceOf)
  models[on] = new Map(
    candidates.filter((i) => !(distanceOf(i) > MOST)).map((i) => [i, distanceOf(i)]),
  )
}

function put({ shelves, models }: World, on: number, k: number, distance: number): void {
  const account = k * SHELVES + on
  shelves[on].put(account, distance)
  const before = models[on].get(account)
  if (before === undefined && distance > MOST) return
  models[on].set(account, Math.min(before ?? distance, distance))
}

/** Puts one world to the state of another; they go separate ways from there. */
function reset(world: World, from: World): void {
  world.shelves.forEach((own, on) => {
    own.reset(from.shelves[on])
    world.models[on] = new Map(from.models[on])
  })
}

/** Holds everybody within the distance, nobody a shelf beyond it, and nobody twice. */
function check({ shelves, models }: World, distances: readonly number[]): void {
  shelves.forEach((own, on) => {
    const model = models[on]
    expect(upTo(own, MOST)).toEqual([...model.keys()].sort((a, b) => a - b))
    expect(own.list.count).toBe(model.size)
    for (const distance of distances) {
      const head = new Set(upTo(own, distance))
      for (const [account, its] of model) {
        if (!(its > distance)) expect(head).toContain(account)
        if (its > distance + WIDTH * (1 + 1e-9)) expect(head).not.toContain(account)
      }
    }
  })
}

describe('any sequence', () => {
  const distance = fc.oneof(
    fc.double({ min: 0, max: MOST * 1.2, noNaN: true }),
    fc.nat(64).map((shelf) => shelf * WIDTH),
    fc.constantFrom(0, MOST, Number.POSITIVE_INFINITY),
  )
  const candidate = fc.oneof(
    { weight: 1, arbitrary: fc.constant(-1) },
    { weight: 2, arbitrary: distance },
  )
  const distances = fc.array(candidate, { minLength: OWN, maxLength: OWN })
  const on = fc.nat(SHELVES - 1)
  const k = fc.nat(OWN - 1)
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('fill' as const), on, distances }) },
    { weight: 12, arbitrary: fc.record({ act: fc.constant('put' as const), on, k, distance }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('reset' as const) }) },
  )
  const asked = fc.array(distance, { minLength: 1, maxLength: 4 })

  it('law: the head up to a distance holds all within it, also where shelves share places', () => {
    const law = fc.property(fc.array(step, { maxLength: 60 }), asked, (steps, asks) => {
      const world = worldOf()
      const other = worldOf()
      steps.forEach((each, n) => {
        // The two take turns: neither may feel what happens to the other.
        const [own, from] = n % 2 === 0 ? [world, other] : [other, world]
        if (each.act === 'fill') fill(own, each.on, each.distances)
        else if (each.act === 'put') put(own, each.on, each.k, each.distance)
        else reset(own, from)
        for (const both of [own, from]) check(both, asks)
      })
    })
    fc.assert(law, { seed: 9, numRuns: 300 })
  })
})
