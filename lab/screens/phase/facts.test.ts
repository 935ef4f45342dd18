import { describe, expect, it } from 'vitest'
import { emptyMap, type PhaseMap } from '../../state/phase.ts'
import { inputsOf } from './axis.ts'
import { axisWords, cellWords, edgesOf, type Subject, sentenceOf, youIn } from './facts.ts'
import { shownMeasures } from './shade.ts'

const axes = {
  x: { key: 'shock.drop', from: '5%', to: '20%', step: '5%' },
  y: { key: 'depth.haircut', from: '0%', to: '40%', step: '20%' },
}

/** A map whose feedback is `rows`, for a scenario of this drop and haircut. */
function subjectOf(rows: readonly (readonly number[])[], drop: number, haircut = 0): Subject {
  const inputs = inputsOf({ shock: { drop }, depth: { haircut } }, 'ETH')
  const empty = emptyMap({ entry: 'a', text: null, overrides: [] }, axes, inputs)
  const feedback = Float64Array.from(rows.flat())
  const map: PhaseMap = {
    ...empty,
    values: { ...empty.values, feedback, amplification: feedback.map((one) => 1 + one) },
    known: Uint8Array.from(feedback, () => 1),
  }
  const [x, y] = [axes.x, axes.y].map(({ key }) => inputs.find((input) => input.key === key)!)
  const you = youIn(map, x, y)
  return { map, x, y, shown: shownMeasures[0], you, row: map.y.numbers.indexOf(haircut) }
}

const rows = [
  [0, 0.2, 0.5, 1.5],
  [0, 0.4, 1.4, 2],
  [0, 2, 3, 4],
]

describe('what a map says', () => {
  it('default: how far past the edge, and what would have held it', () => {
    const subject = subjectOf(rows, 0.2, 0.2)
    expect(edgesOf(subject).across).toBeCloseTo(0.13, 12)
    expect(sentenceOf(subject)).toBe(
      'At −20\u202f% you stand 7.0 points past the edge; no haircut of the book on this map would have held it.',
    )
  })

  it('default: how far before it, and what would have lit it', () => {
    const subject = subjectOf(rows, 0.15)
    expect(edgesOf(subject).down).toBeCloseTo((0.2 * 5) / 9, 12)
    expect(sentenceOf(subject)).toBe(
      'At −15\u202f% you stand 2.5 points before the edge; a haircut of the book of 11.1\u202f% instead of 0\u202f% would have lit it.',
    )
  })

  it('behaviour: as long as rows are missing, nothing is said of them', () => {
    const subject = subjectOf(rows, 0.15)
    const known = subject.map.known.slice()
    known[11] = 0
    const sentence = sentenceOf({ ...subject, map: { ...subject.map, known } })
    expect(sentence).toBe('At −15\u202f% you stand 2.5 points before the edge.')
  })

  it('behaviour: a scenario at rest is measured from no drop, one elsewhere lies outside', () => {
    expect(sentenceOf(subjectOf(rows, 0))).toBe(
      'As it opens, this scenario is 17.5 points of outside drop of ETH from the edge.',
    )
    expect(sentenceOf(subjectOf(rows, 0.3))).toBe(
      '6 of 12 cells are past the edge; the scenario itself, at −30\u202f% and 0\u202f%, lies outside.',
    )
  })

  it('default: a cell in words', () => {
    const subject = subjectOf(rows, 0.15)
    expect(cellWords(subject, { column: 3, row: 0 })).toBe(
      'outside drop of ETH −20\u202f%, haircut of the book 0\u202f%: amplification ×2.50, past ignition',
    )
    expect(cellWords(subject, { column: 0, row: 1 })).toContain('absorbed')
    expect(axisWords(subject.y, 0.125)).toBe('12.5\u202f%')
  })

  it('edge: no value is not a number', () => {
    const subject = subjectOf([[Number.NaN, 0, 0, 0], rows[1], rows[2]], 0.05)
    expect(cellWords(subject, { column: 0, row: 0 })).toContain('no value')
    expect(sentenceOf(subject)).toBe('This scenario has no value here')
  })
})
