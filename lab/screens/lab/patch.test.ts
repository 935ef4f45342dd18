import { describe, expect, it } from 'vitest'
import { element, escapeText } from '../../../src/figures/svg.ts'
import { patch, piecesOf } from './patch.ts'

const rect = element('rect', { x: 1, y: 2 })
const words = element('text', { x: 3, title: 'a > b' }, escapeText('"1 < 2"'))
const nested = element('defs', {}, element('clipPath', { id: 'a' }, element('path', { d: 'M0 0' })))

describe('patch', () => {
  it('default: an SVG comes apart into its tag without style and what is right inside it', () => {
    const svg = element('svg', { width: 10, style: 'a:b' }, rect, nested, words, rect)
    expect(piecesOf(svg)).toEqual({ head: '<svg width="10">', parts: [rect, nested, words, rect] })
  })

  it('boundary: no picture and an empty one have no parts', () => {
    expect(piecesOf('')).toEqual({ head: '', parts: [] })
    expect(piecesOf('<svg/>').parts).toEqual([])
    expect(piecesOf('<svg></svg>').parts).toEqual([])
  })

  it('behaviour: the first picture is put in place whole', () => {
    const place = { innerHTML: '', firstElementChild: null }
    const svg = element('svg', { width: 10 }, rect, words)
    patch(place as unknown as Element, null, piecesOf(svg))
    expect(place.innerHTML).toBe(svg)
  })
})
