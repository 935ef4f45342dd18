import { describe, expect, it } from 'vitest'
import { effects, madeUp } from '../sweep/compare.suite.ts'
import { judgeCompare, parseCompareGate, UnknownArmError } from './compareGate.ts'
import { GateSyntaxError, UnknownMetricError } from './gate.ts'

const arms = Object.keys(effects)
const report = madeUp(arms)
const judge = (text: string) => judgeCompare(parseCompareGate(text, arms), report)
const means = report.measures.find(({ name }) => name === 'forced_sale_usd')!.arms

describe('gates of a comparison', () => {
  it('default: on the mean of an arm, or of every one', () => {
    expect(judge('forced_sale_usd(speed-limit) < 40M')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^got \$3\d\.\dM$/),
    })
    expect(judge('forced_sale_usd(breaker) < 40M').ok).toBe(false)
    expect(judge('forced_sale_usd < 50M')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^got \$\S+ with breaker$/),
    })
    expect(judge('forced_sale_usd < 1B')).toMatchObject({ ok: true, detail: 'in every arm' })
  })

  it('default: with delta, on what an arm changes', () => {
    expect(judge('delta:forced_sale_usd(speed-limit) < 0').ok).toBe(true)
    expect(judge(' delta: forced_sale_usd(breaker) < 0')).toMatchObject({
      text: 'delta: forced_sale_usd(breaker) < 0',
      ok: false,
      detail: expect.stringMatching(/^got \+\$/),
    })
    // The first arm changes nothing and is not asked.
    expect(judge('delta:forced_sale_usd < 0').detail).toMatch(/with breaker$/)
    expect(judge('delta:borrowing_power(dynamic-threshold) > -10%').ok).toBe(true)
  })

  it('rule: ends of the interval and the 95 % quantile stand after the arm', () => {
    const { mean, q95, difference } = means[1]
    const between = (difference!.mean.value! + difference!.mean.high!) / 2
    expect(judge(`delta:forced_sale_usd(speed-limit) < ${between}`).ok).toBe(true)
    expect(judge(`delta:forced_sale_usd(speed-limit, high) < ${between}`).ok).toBe(false)
    expect(judge(`forced_sale_usd(speed-limit, low) < ${mean.value}`).ok).toBe(true)
    expect(judge(`forced_sale_usd(speed-limit, q95) < ${mean.high}`).ok).toBe(false)
    expect(judge(`forced_sale_usd(speed-limit, q95) <= ${q95.value}`).ok).toBe(true)
    expect(judge('forced_sale_usd(high) < 1B').detail).toBe('in every arm')
  })

  it('behaviour: an arm may be a key with a map', () => {
    const names = ['none', 'depth.recovery={ halfLife: 1h, permanent: 0% }']
    const gate = parseCompareGate(`ignited(${names[1]}, low) < 1`, names)
    expect(gate).toMatchObject({ arm: names[1], stat: 'low' })
  })

  it('error: what is misspelt or not compared is named', () => {
    const throwing = (text: string, error: object, words: RegExp) => {
      expect(() => judge(text)).toThrow(error as never)
      try {
        judge(text)
      } catch (caught) {
        expect(JSON.stringify(caught)).toMatch(words)
      }
    }
    throwing('forced_sale_us(breaker) < 0', UnknownMetricError, /forced_sale_usd/)
    throwing('forced_sale_usd(braker) < 0', UnknownArmError, /breaker/)
    throwing('delta:forced_sale_usd(none) < 0', UnknownArmError, /speed-limit/)
    throwing('delta:forced_sale_usd(breaker, q95) < 0', UnknownArmError, /q95/)
    throwing('delta forced_sale_usd < 0', GateSyntaxError, /FB2021/)
    throwing('loop_gain < 1', UnknownMetricError, /FB2022/)
  })
})
