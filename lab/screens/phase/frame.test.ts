import { describe, expect, it } from 'vitest'
import { emptyMap, type PhaseMap } from '../../state/phase.ts'
import { axisFor, inputsOf } from './axis.ts'
import { cellAt, knownEdges, pixelOf, roomiest, scalesOf } from './frame.ts'

const frame = { left: 50, top: 10, width: 600, height: 400 }
const straight = { x: false, y: false }

function mapOf(y: string): PhaseMap {
  const inputs = inputsOf({ shock: { drop: 0.15 }, depth: { haircut: 0 }, dust: 100 }, 'ETH')
  const of = (key: string) => axisFor(inputs.find((input) => input.key === key)!, 10)
  const draft = { entry: 'a', text: null, overrides: [] }
  return emptyMap(draft, { x: of('shock.drop'), y: of(y) }, inputs)
}

describe('the frame', () => {
  it('law: the middle of a cell lies in it', () => {
    for (const key of ['depth.haircut', 'dust'])
      for (const y of [false, true]) {
        if (y && key === 'depth.haircut') continue
        const map = mapOf(key)
        const scales = scalesOf(map, frame, { x: false, y })
        for (const column of map.x.values.keys())
          for (const row of map.y.values.keys())
            expect(cellAt(scales, pixelOf(map, scales, { column, row }))).toEqual({ column, row })
      }
  })

  it('behaviour: more is up, but a haircut falls upwards', () => {
    const more = scalesOf(mapOf('dust'), frame, straight)
    const less = scalesOf(mapOf('depth.haircut'), frame, straight)
    expect(more.y.edges[0]).toBe(410)
    expect(less.y.edges[0]).toBe(10)
  })

  it('edge: outside the cells there is none', () => {
    const scales = scalesOf(mapOf('dust'), frame, straight)
    expect(cellAt(scales, { x: 49, y: 100 })).toBeNull()
    expect(cellAt(scales, { x: 100, y: 411 })).toBeNull()
  })

  it('behaviour: a refined ignition counts between the drops beside it', () => {
    const map = { ...mapOf('dust'), edges: [0.22, null] }
    const known = knownEdges(map)
    expect(map.x.numbers.slice(3, 5)).toEqual([0.2, 0.25])
    expect(known(0, 3, 'across')).toBeCloseTo(0.4, 12)
    expect(known(0, 4, 'across')).toBeNull()
    expect(known(1, 3, 'across')).toBeNull()
    expect(known(0, 3, 'down')).toBeNull()
  })

  it('default: a word stands furthest inside', () => {
    expect(roomiest(5, 5, () => true)).toEqual({ row: 2, column: 2, room: 3 })
    expect(roomiest(6, 3, (_, column) => column > 2)).toMatchObject({ row: 1, column: 4 })
    expect(roomiest(3, 3, () => false)).toBeNull()
  })
})
