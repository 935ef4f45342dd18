import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flow, labelled, left, right, wrap } from './layout.ts'
import { paintFor, toAscii, width } from './paint.ts'

describe('layout', () => {
  it('default: fills up by what is seen, not by colour codes', () => {
    const blue = paintFor('true').first('12')
    expect(width(right(blue, 5))).toBe(5)
    expect(right('12', 5)).toBe('   12')
    expect(left('12', 5)).toBe('12   ')
  })

  it('behaviour: items flow whole, labels stand once', () => {
    expect(flow(['one', 'two', 'three'], 9, ' · ')).toEqual(['one · two', 'three'])
    expect(labelled('x', 3, ['a', 'b'])).toEqual(['x  a', '   b'])
  })

  it('law: wrapped lines fit and lose no letter', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        fc.integer({ min: 12, max: 40 }),
        (text, columns) => {
          const lines = wrap(text, columns, 2)
          expect(Math.max(0, ...lines.map(width))).toBeLessThanOrEqual(columns)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        },
      ),
      { seed: 11, numRuns: 200 },
    )
  })

  it('behaviour: every character that pages draw has a plain stand-in of one column', () => {
    const drawn = '▏▎▍▌▋▊▉█▁▂▃▄▅▆▇▒│■▲✓✗·…−–'
    const ascii = toAscii(drawn)
    expect(ascii).toMatch(/^[ -~]+$/)
    expect(ascii.length).toBe([...drawn].length)
  })
})
