import { describe, expect, it } from 'vitest'
import { effects, madeUp } from '../sweep/compare.suite.ts'
import { compareDocument } from './compare.ts'

const commands = { all: 'firebreak compare x', one: 'firebreak run x --set path=0' }

describe('compareDocument', () => {
  const text = compareDocument(madeUp(Object.keys(effects)), commands)

  it('default: a post for a pull request, as it was', async () => {
    await expect(text).toMatchFileSnapshot(
      '../../test/golden/six defences beside none, for a post.txt',
    )
  })

  it('law: a table of one width, without HTML, and not long', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length)
    expect(new Set(cells)).toEqual(new Set([10]))
    expect(rows).toHaveLength(2 + 10)
    expect(text).not.toMatch(/<\w|NaN|undefined|Infinity/)
    expect(text.length).toBeLessThan(8000)
    expect(text).toContain('firebreak run x --set path=0')
  })

  it('behaviour: names cannot break the page', () => {
    const report = madeUp(['none', 'depth.x={ a: [1|2], b: *c }'], 3)
    const page = compareDocument({ ...report, scenario: '<b>`x`' }, commands)
    expect(page).toContain('\\<b\\>\\`x\\`')
    expect(page).toContain('a: \\[1\\|2\\], b: \\*c')
  })
})
