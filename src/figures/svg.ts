/** SVG as text: the same bytes on every machine, because every number goes through `coordinate`. */

import type { Point } from './box.ts'

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** Returns one element. Children are markup already; text goes through `escapeText` first. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let tag = `<${name}`
  for (const key of Object.keys(attributes)) {
    const value = attributes[key]
    if (value === undefined) continue
    tag += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value)}"`
  }
  const content = children.join('')
  return content === '' ? `${tag}/>` : `${tag}>${content}</${name}>`
}

/** Returns a number with at most two decimals, no trailing zeros and no negative zero. */
export function coordinate(value: number): string {
  // Away from a tie the nearest hundredth is the one that toFixed would write, only faster.
  const hundredths = Math.round(value * 100)
  if (Math.abs(value * 100 - hundredths) < 0.49 && Math.abs(value) < 1e9)
    return String(hundredths / 100)
  const text = String(Number(value.toFixed(2)))
  return text === '-0' ? '0' : text
}

/** Returns text that is safe inside an element and inside a double-quoted attribute. */
export function escapeText(text: string): string {
  // Most words have nothing to escape, and pictures are drawn many times a second.
  if (!/[&<>"]/.test(text)) return text
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Returns path data through the points; `closed` joins the last to the first. */
export function pathThrough(points: readonly Point[], closed = false): string {
  const corners = points.map((point) => `${coordinate(point.x)} ${coordinate(point.y)}`)
  return `M${corners.join('L')}${closed ? 'Z' : ''}`
}
