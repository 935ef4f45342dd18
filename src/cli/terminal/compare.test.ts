import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { effects, madeUp } from '../../sweep/compare.suite.ts'
import { paintFor, width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { renderCompare } from './compare.ts'

const view: View = {
  ...{ columns: 100, paint: paintFor('none'), unicode: true, program: 'firebreak' },
  ...{ entry: '', gates: [], saved: 'out', milliseconds: null },
}
const all = madeUp(Object.keys(effects))
const two = madeUp(['none', 'speed-limit', 'breaker'])
const rerun = {
  command: `firebreak run made-up --set 'chain={ block: 12s, gas: "it'\\''s ${'free '.repeat(20)}" }' --set path=7`,
  path: 7,
}
const print = (report = two, by: Partial<View> = {}) =>
  renderCompare(report, rerun, { ...view, ...by })

describe('renderCompare', () => {
  it.each([60, 80, 100, 140])('law: is no wider than %d columns, and loses no arm', (columns) => {
    for (const report of [all, two, madeUp(['none', 'price-band'], 2)]) {
      const page = print(report, { columns })
      for (const line of page.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns)
      expect(page).not.toMatch(/NaN|undefined|Infinity/)
      for (const { name } of report.arms.slice(1))
        expect(page).toMatch(new RegExp(`^ +none.* ${name}\\b`, 'm'))
    }
  })

  it('default: prints as it did', async () => {
    await expect(print(all, { milliseconds: null })).toMatchFileSnapshot(
      '../../../test/golden/six defences beside none.txt',
    )
  })

  it('behaviour: every arm has a column, beside or below each other', () => {
    for (const columns of [60, 100, 140]) {
      const titles = print(all, { columns })
        .split('\n')
        .filter((line) => /^ +none +\S/.test(line))
      const names = titles.flatMap((line) => line.trim().split(/ +/).slice(1))
      expect(names).toEqual(all.arms.slice(1).map(({ name }) => name))
      expect(titles.length).toBe({ 60: 6, 100: 3, 140: 2 }[columns])
    }
  })

  it('behaviour: a verdict is a word, and a colour only beside it', () => {
    const row = /forced sale.* −\$\S+ better.* \+\$\S+ worse/
    expect(print()).toMatch(row)
    const coloured = print(two, { paint: paintFor('true') })
    expect(coloured).toContain(paintFor('true').ok('better'))
    expect(coloured).toContain(paintFor('true').total('worse'))
    expect(print(madeUp(['none', 'speed-limit'], 3))).toContain('not shown')
  })

  it('behaviour: a plain terminal gets plain characters', () => {
    expect(print(all, { unicode: false })).toMatch(/^[\n -~]+$/)
  })

  it('law: a shell reads the last command whole, however it is broken', () => {
    const words = (command: string) => {
      const say = `firebreak() { printf '%s\\0' "$@"; }\n${command}`
      return execFileSync('sh', ['-c', say], { encoding: 'utf8' }).replace(/\s+/g, ' ').split('\0')
    }
    for (const columns of [60, 80, 100]) {
      const page = print(two, { columns })
      const text = page.slice(page.indexOf(' firebreak run'), page.indexOf('\n\n kept'))
      expect(text.trim().split('\n').length).toBeGreaterThan(1)
      expect(words(text)).toEqual(words(rerun.command))
    }
  })

  it('behaviour: what was added, who dominates, what differs, and time on a terminal', () => {
    const page = print()
    expect(page).toMatch(/DOMINANCE +none dominates breaker; speed-limit dominates none, breaker/)
    expect(page).toMatch(/ADDED +the scenario has no time;.*blocks 900,\s+chain\n/s)
    expect(page).toMatch(/SAMPLE +60 pairs, seed 42: price paths, depth by 25%/)
    expect(page).toMatch(/AGAIN +one pair of one arm; path 7 to 66, and any arm/)
    expect(page).not.toContain('took')
    expect(print(two, { milliseconds: 1234 })).toContain('kept in out · took 1.2 s')
    expect(print({ ...two, added: [] })).not.toContain('ADDED')
  })

  it('behaviour: gates first, warnings last', () => {
    const warnings = [{ code: 'FB4107', text: 'the book never refills', effect: 'pessimistic' }]
    const gates = [{ text: 'bad_debt_usd < 1', ok: false, detail: 'got $5 with breaker' }]
    const page = print({ ...two, warnings } as typeof two, { gates })
    expect(page.indexOf('✗ bad_debt_usd < 1  got $5')).toBeLessThan(page.indexOf('Over 60 pairs'))
    expect(page).toContain('! the book never refills   firebreak help FB4107')
  })
})
