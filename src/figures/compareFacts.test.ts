import { describe, expect, it } from 'vitest'
import { effects, madeUp } from '../sweep/compare.suite.ts'
import {
  bestOf,
  dominanceWords,
  intervalText,
  pairingWords,
  readingOf,
  rowsShown,
  rowWords,
  sampleWords,
  sentencesOf,
} from './compareFacts.ts'

const all = madeUp(Object.keys(effects))

describe('sentencesOf', () => {
  it('default: the best arm first, then what helps and harms, harm, and nothing', () => {
    const [first, ...rest] = sentencesOf(all, 'plain')
    expect(first).toMatch(
      /^Over 60 pairs of made-up, speed-limit sells \$\S+ less \(−\d+%\) and borrowers lose \$/,
    )
    expect(first).toMatch(/lenders may lose (more|less): not shown\.$/)
    const text = rest.join('\n')
    expect(text).toMatch(/^breaker does harm: forced sale \+\$\S+, lenders' loss \+\$/m)
    expect(text).toMatch(/^backstop helps and harms: forced sale −\$\S+, lenders' loss \+\$/m)
    expect(text).toMatch(
      /^dynamic-threshold helps too: forced sale −\$\S+; it takes 8\.0 pts of borrowing power\.$/m,
    )
    expect(text).toMatch(/^price-band: nothing differs in any pair\.$/m)
    expect(text).toMatch(/^oracle-guard: no difference shown\.$/m)
    expect(rest[0]).toMatch(/^breaker does harm/)
  })

  it('behaviour: the price of the best arm in what it is not judged by is said', () => {
    const [first] = sentencesOf(madeUp(['none', 'dynamic-threshold']), 'plain')
    expect(first).toContain('; it takes 8.0 pts of borrowing power')
  })

  it('behaviour: no arm is better, or none differs', () => {
    expect(sentencesOf(madeUp(['none', 'breaker', 'price-band']), 'plain')).toEqual([
      'Over 60 pairs of made-up, no arm is shown to be better than none.',
      expect.stringMatching(/^breaker does harm/),
      'price-band: nothing differs in any pair.',
    ])
    expect(sentencesOf(madeUp(['none', 'price-band']), 'plain')).toEqual([
      'Over 60 pairs of made-up, no difference from none is shown.',
      'price-band: nothing differs in any pair.',
    ])
    expect(sentencesOf(madeUp(['none', 'speed-limit', 'backstop'], 2), 'plain')).toEqual([
      'Over 2 pairs of made-up, no difference from none is shown.',
    ])
  })
})

describe('facts of a comparison', () => {
  it('law: the best arm is nowhere judged worse', () => {
    const best = bestOf(all)!
    expect(all.arms[best].name).toBe('speed-limit')
    for (const name of all.judged) {
      const row = all.measures.find((one) => one.name === name)!
      expect(readingOf(row, best)).not.toBe('worse')
    }
    expect(bestOf(madeUp(['none', 'breaker']))).toBeNull()
  })

  it('rule: of several that are better, the one that dominates most is spoken of first', () => {
    const dominates = all.arms.map(({ name }) => (name === 'dynamic-threshold' ? ['none'] : []))
    const best = bestOf({ ...all, dominates })!
    expect(all.arms[best].name).toBe('dynamic-threshold')
  })

  it('rule: of what depends on who asks it is said which way it goes', () => {
    const row = all.measures.find(({ name }) => name === 'liquidator_profit_usd')!
    expect(all.arms.map((_, arm) => readingOf(row, arm))).toEqual([
      ...['same', 'less', 'more', 'less', 'same', 'same', 'less'],
    ])
  })

  it('default: an interval says its unit once', () => {
    const row = all.measures.find(({ name }) => name === 'lowest_drop')!
    expect(intervalText(row, 1, 'plain')).toMatch(/^−\d\.\d to −\d\.\d pts$/)
    expect(intervalText(row, 4, 'plain')).toBe('')
  })

  it('default: what protocols kept is shown only where there is any', () => {
    expect(rowsShown(all).map(rowWords)).toContain('kept by protocols')
    expect(rowsShown(madeUp(['none', 'breaker'])).map(rowWords)).not.toContain('kept by protocols')
  })

  it('default: dominance, sample and intervals in words', () => {
    expect(dominanceWords(madeUp(['none', 'speed-limit', 'breaker']))).toEqual([
      'none dominates breaker',
      'speed-limit dominates none, breaker',
    ])
    expect(sampleWords(all, 'plain')).toBe(
      '60 pairs, seed 42: price paths, depth by 25%, latencies and ties differ from pair to pair, ' +
        'and are the same for every arm',
    )
    expect(pairingWords(all, 'plain')).toMatch(
      /^95%, Student's t on the differences of pairs; two samples apart .* [\d.]+ to [\d.]+ times/,
    )
  })
})
