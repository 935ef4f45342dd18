import { describe, expect, it } from 'vitest'
import { ETH, pledgedScenario } from './pledges.suite.ts'
import { follow, noteUnits, type PledgedLeg, strand } from './pledges.ts'
import { setup } from './setup.ts'

const side = { threshold: 0.8, bonus: 0, closeFactor: 1 }
const world = () =>
  setup(
    pledgedScenario([
      { ...side, holders: [{ name: 'ann', owns: 10, owes: 1 }] },
      { ...side, holders: [{ name: 'ann', owns: null, owes: 2 }], in: 0 },
      { ...side, holders: [{ name: 'ann', owns: null, owes: 3 }], in: 0 },
    ]),
  )

/** Lets protocol `j` keep `left` of what it counts; returns what reached the others. */
function seize(of: ReturnType<typeof world>, j: number, left: number) {
  const { protocols, pledges } = of
  const holdings = pledges.of(j, 0)!
  const [{ legs }] = holdings
  const own = legs.find((leg) => leg.protocol === j)!
  const noted: number[] = []
  const reached: [PledgedLeg, number, number][] = []
  noteUnits(protocols, holdings, j, noted)
  protocols[j].book.amount[own.leg] *= left
  follow(protocols, holdings, j, noted, {
    before() {},
    after: (leg, asset, units) => reached.push([leg, asset, units]),
  })
  return reached
}

const units = ({ protocols, pledges }: ReturnType<typeof world>) =>
  pledges.holdings[0].legs.map(
    ({ protocol, leg }) =>
      protocols[protocol].book.amount[leg] *
      protocols[protocol].index[protocols[protocol].book.slot[leg]],
  )

describe('pledges', () => {
  it('law: whoever seizes, all legs of a holding have the same units and a new version', () => {
    for (const j of [0, 1, 2]) {
      const of = world()
      const versions = () => of.protocols.map(({ book }) => book.version[0])
      expect(seize(of, j, 0.4).map(([, asset, taken]) => [asset, taken])).toEqual([
        [ETH, 6],
        [ETH, 6],
      ])
      expect(units(of)).toEqual([4, 4, 4])
      expect(versions()).toEqual([0, 1, 2].map((k) => +(k !== j)))
    }
  })

  it('law: scaled units of another index are the same units, and the last of them leaves none', () => {
    for (let index = 0.1; index < 4; index += 0.17) {
      const of = world()
      of.protocols.forEach(({ book, index: own }, j) => {
        own.fill(1 + j * index)
        book.amount[of.pledges.holdings[0].legs[j].leg] = 10 / 3 / own[0]
      })
      for (const j of [1, 0, 2, 1]) seize(of, j, 0.7)
      for (const left of units(of)) expect(left).toBeCloseTo((10 / 3) * 0.7 ** 4, 12)
      seize(of, 2, 0)
      expect(units(of)).toEqual([0, 0, 0])
    }
  })

  it('law: legs that differ lose as many units, and no more than they have', () => {
    const of = world()
    of.protocols[1].book.amount[of.pledges.holdings[0].legs[1].leg] = 7
    seize(of, 0, 0.6)
    expect(units(of)).toEqual([6, 3, 6])
    seize(of, 0, 0.2)
    expect(units(of)[0]).toBeCloseTo(1.2, 12)
    expect(units(of)[1]).toBe(0)
  })

  it('law: nothing is noticed where nothing was seized', () => {
    expect(seize(world(), 1, 1)).toEqual([])
  })

  it('default: debt without any collateral is written off, other debt is not', () => {
    const of = world()
    const lost: number[] = []
    const lose = (_: number, amount: number) => lost.push(amount)
    expect(strand(of.protocols[1], 0, lose)).toBe(false)
    seize(of, 0, 0)
    expect(strand(of.protocols[1], 0, lose)).toBe(true)
    expect(lost).toEqual([2])
    expect(of.protocols[1].badDebt[2]).toBe(2)
  })
})
