import { describe, expect, it } from 'vitest'
import { along, around, overlap, within } from './box.ts'
import { type Canvas, line } from './canvas.ts'
import { type Note, place } from './place.ts'
import { element, pathThrough } from './svg.ts'
import { textWidth, wrapped } from './text.ts'
import { themes } from './theme.ts'

const frame = { x: 0, y: 0, width: 300, height: 200 }
const style = { size: 12 }

function blank(): Canvas {
  return {
    theme: themes.light,
    prefix: 'test',
    shapes: [],
    words: [],
    definitions: [],
    labels: [],
    marks: [],
  }
}

function note(text: string, more: Partial<Note> = {}): Note {
  const at = { x: 150, y: 100 }
  const words = [line(text, '#000000', style)]
  return { lines: words, at, reach: 5, sides: ['right'], gap: 4, leader: '#000000', ...more }
}

describe('place', () => {
  it('default: the first free wish is taken, without a leader', () => {
    const canvas = blank()
    expect(place(canvas, note('stop'), frame)).toBe(true)
    expect(canvas.labels[0].x).toBeCloseTo(159, 6)
    expect(canvas.shapes).toEqual([])
  })

  it('law: labels never meet, however many want one place', () => {
    const canvas = blank()
    canvas.marks.push(around({ x: 150, y: 100 }, 5))
    for (let i = 0; i < 40; i++) place(canvas, note(`label ${i}`), frame)
    expect(canvas.labels.length).toBeGreaterThanOrEqual(4)
    canvas.labels.forEach((label, i) => {
      expect(within(label, frame)).toBe(true)
      const others = [...canvas.labels.slice(i + 1), ...canvas.marks]
      expect(others.some((other) => overlap(label, other))).toBe(false)
    })
  })

  it('behaviour: a far note gets a leader', () => {
    const canvas = blank()
    canvas.marks.push({ x: 100, y: 60, width: 120, height: 80 })
    expect(place(canvas, note('far'), frame)).toBe(true)
    expect(canvas.shapes[0]).toContain('<line')
  })

  it('behaviour: a close note is left out rather than sent away', () => {
    const canvas = blank()
    canvas.marks.push({ x: 100, y: 60, width: 120, height: 80 })
    expect(place(canvas, note('far', { close: true }), frame)).toBe(false)
    expect(canvas.labels).toEqual([])
  })

  it('default: a slanted line is covered by small boxes', () => {
    const boxes = along([
      { x: 0, y: 0 },
      { x: 60, y: 60 },
    ])
    expect(boxes.length).toBe(10)
    expect(boxes.some((box) => overlap(box, { x: 40, y: 5, width: 10, height: 10 }))).toBe(false)
  })
})

describe('text', () => {
  it('default: wrapping keeps every word and stays inside', () => {
    const text = 'firebreak run eth-lending --drop 15% --set depth.refill=10%'
    const lines = wrapped(text, 160, { size: 11, mono: true })
    expect(lines.join(' ')).toBe(text)
    for (const part of lines) {
      expect(textWidth(part, { size: 11, mono: true })).toBeLessThanOrEqual(160)
    }
  })

  it('behaviour: a word wider than the line is cut', () => {
    const lines = wrapped('abcdefghijklmnopqrstuvwxyz', 60, style)
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join('')).toBe('abcdefghijklmnopqrstuvwxyz')
  })
})

describe('svg', () => {
  it('law: text cannot become markup, and numbers are short', () => {
    const text = element('text', { x: 1 / 3, y: -0.0001, 'data-name': '"<&>' })
    expect(text).toBe('<text x="0.33" y="0" data-name="&quot;&lt;&amp;&gt;"/>')
    expect(pathThrough([{ x: 0, y: 0.005 }], true)).toMatch(/^M0 0(\.01)?Z$/)
  })
})
