import { describe, expect, it } from 'vitest'
import { diskSource } from './files.ts'
import { SAMPLE, sampleOverrides, timeOverrides } from './inTime.ts'
import { readScenario } from './read.ts'

const source = diskSource('.')

describe('timeOverrides', () => {
  it('default: a scenario without time reads with them, and falls as far in half an hour', async () => {
    const added = timeOverrides('eth-lending', source, [])
    const { scenario } = await readScenario('eth-lending', source, added)
    expect(scenario.time!.blocks).toBe(900)
    expect(scenario.shock.drop).toBe(0)
    expect(scenario.time!.prices[0].courses).toContainEqual({
      ...{ kind: 'ramp', drop: 0.15, fromSeconds: 600, toSeconds: 2400 },
    })
  })

  it('behaviour: the drop of the command line becomes that of the ramp', () => {
    const added = timeOverrides('eth-lending', source, [['shock.drop', '22%']])
    expect(added.find(([key]) => key === 'paths')![1]).toContain('drop: 22%')
  })

  it.each(['lst-depeg', 'uniswap-thin'])('behaviour: %s reads with them too', async (name) => {
    const { scenario } = await readScenario(name, source, timeOverrides(name, source, []))
    expect(scenario.time).not.toBeNull()
  })

  it('behaviour: a scenario with time stays as it is', () => {
    expect(timeOverrides('slow-oracle', source, [])).toEqual([])
  })
})

describe('sampleOverrides', () => {
  it('default: depth, drop and books, unless the scenario says', () => {
    expect(sampleOverrides('eth-lending', source, [])).toEqual([SAMPLE])
    expect(sampleOverrides('eth-lending', source, [['sample', '{ depth: 0.1 }']])).toEqual([])
  })
})
