import { describe, expect, it } from 'vitest'
import { focusOf } from '../../../src/figures/sweepFacts.ts'
import { emptyMap } from '../../state/phase.ts'
import type { Ran } from '../../state/store.ts'
import { inputsOf } from './axis.ts'
import { shownMeasures } from './shade.ts'
import { mapSweep } from './sweep.ts'

const focus = { measure: 'amplification', stat: 'mean' } as const
const report = { run_id: 'sha256:1', engine_version: '0', scenario: 'a', seed: 3, warnings: [] }

describe('mapSweep', () => {
  it('default: rows are y from the top, columns x, in the words of the screen; NaN is no value', () => {
    const axes = {
      x: { key: 'shock.drop', from: '5%', to: '15%', step: '5%' },
      y: { key: 'depth.haircut', from: '0%', to: '20%', step: '20%' },
    }
    const inputs = inputsOf({ shock: { drop: 0.1 }, depth: { haircut: 0 } }, 'ETH')
    const empty = emptyMap({ entry: 'a', text: null, overrides: [] }, axes, inputs)
    const amplification = Float64Array.of(1, 2, 3, 4, Number.NaN, 6)
    const map = { ...empty, values: { ...empty.values, amplification } }
    const [x, y] = [axes.x, axes.y].map(({ key }) => inputs.find((input) => input.key === key)!)
    const subject = { map, x, y, shown: shownMeasures[0], you: null, row: -1 }
    const sweep = mapSweep(subject, { report } as unknown as Ran)
    expect(sweep.variations).toEqual([
      { key: 'depth.haircut', values: ['20\u202f%', '0\u202f%'] },
      { key: 'shock.drop', values: ['−5\u202f%', '−10\u202f%', '−15\u202f%'] },
    ])
    expect(sweep.cells.map((cell) => focusOf(cell, focus))).toEqual([4, null, 6, 1, 2, 3])
    expect(sweep.cells[1].values).toEqual(['20%', '10%'])
    expect(sweep.seed).toBe(3)
  })
})
