import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { compareFacts, comparisonOf } from './compare.ts'

const source = diskSource('.')
const bare = { name: 'none', set: [] }

function planned(arms: Parameters<typeof comparisonOf>[0]['arms']) {
  return comparisonOf({ entry: 'eth-lending', overrides: [], arms, pairs: 2 }, source)
}

describe('plans of comparisons', () => {
  it('default: a cell for each arm with all its keys, and a last one without feedback', async () => {
    const set = [
      ['depth.haircut', '20%'],
      ['defences.fund', '{}'],
    ] as const
    const { planned: of } = await planned([bare, { name: 'two keys', set }])
    expect(of.plan.cells).toHaveLength(3)
    const [first, second, still] = [0, 1, 2].map((cell) => of.scenario(cell))
    expect([first.haircut, second.haircut, still.haircut]).toEqual([0, 0.2, 0])
    expect(second.protocols[0].defences).toMatchObject([{ kind: 'fund' }])
    expect(first.protocols[0].defences ?? []).toEqual([])
    expect([first.feedback, second.feedback, still.feedback]).toEqual([true, true, false])
  })

  it('rule: arms that set the same key keep the values of their own', async () => {
    const arm = (value: string) => ({ name: value, set: [['depth.haircut', value]] as const })
    const { planned: of } = await planned([arm('10%'), arm('30%')])
    expect([0, 1].map((cell) => of.scenario(cell).haircut)).toEqual([0.1, 0.3])
  })

  it('rule: another shock is a ramp of its own, not a jump on top of that of the others', async () => {
    const { planned: of } = await planned([bare, { name: 'b', set: [['shock.drop', '25%']] }])
    const ramp = (cell: number) => JSON.stringify(of.scenario(cell).time!.prices)
    expect(ramp(0)).toContain('0.15')
    expect(ramp(1)).toContain('0.25')
    expect([0, 1].map((cell) => of.scenario(cell).shock.drop)).toEqual([0, 0])
  })

  it('default: an order of arms picks whose rows stand first', async () => {
    const arms = [{ name: 'a', set: [['depth.haircut', '10%']] as const }, bare]
    const comparison = await planned(arms)
    const rows = [1, 2, 3].map((one) => Float64Array.of(one))
    const facts = compareFacts(comparison, rows, [1, 0])
    expect(facts.arms.map(({ name }) => name)).toEqual(['none', 'a'])
    expect(facts.rows.map(([one]) => one)).toEqual([2, 1])
    expect(facts.still[0]).toBe(3)
  })
})
