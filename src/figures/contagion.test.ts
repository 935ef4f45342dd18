/** The matrix of who pulled whom, drawn at every width. */

import { describe, expect, it } from 'vitest'
import { overlap } from './box.ts'
import { contagion } from './contagion.ts'
import { sampleReport } from './sample.suite.ts'

const pulled = {
  protocols: ['lending', 'an exchange with a long name', 'vaults'],
  first_usd: [542e3, 11.6e6, 0],
  caused_usd: [
    [8.2e6, 17.5e6, 0],
    [6.9e6, 39.1e6, -1e5],
    [0, 2e6, 3e5],
  ],
  total_usd: [26.242e6, 57.5e6, 2.3e6],
}
const report = { ...sampleReport(0.15), contagion: pulled }

describe('contagion', () => {
  it.each([360, 390, 720, 1440])('law: no word hides another, at %d', (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const { labels, height } = contagion(report, { width, theme })
      labels.forEach((label, i) => {
        expect(labels.slice(i + 1).filter((other) => overlap(label, other))).toEqual([])
        expect(label.x).toBeGreaterThanOrEqual(0)
        expect(label.x + label.width).toBeLessThanOrEqual(width)
        expect(label.y + label.height).toBeLessThanOrEqual(height)
      })
    }
  })

  it('default: names the strongest pull, and says every dollar in words', () => {
    const { title, description, svg, csv } = contagion(report, { width: 720, theme: 'light' })
    expect(title).toBe(
      'Sales of an exchange with a long name brought about $17.5M of $26.2M sold by lending',
    )
    expect(description).toContain(
      'lending sold $26.2M: $542k by the outside move, $8.2M by lending',
    )
    expect(svg).not.toMatch(/NaN|undefined/)
    expect(csv.trim().split('\n')).toHaveLength(4)
  })

  it('behaviour: one protocol alone, and none that pulls', () => {
    const alone = contagion(sampleReport(0.15), { width: 720, theme: 'light' })
    expect(alone.title).toMatch(/^One protocol/)
    const zero = pulled.caused_usd.map((row) => row.map(() => 0))
    const still = { ...report, contagion: { ...pulled, caused_usd: zero } }
    expect(contagion(still, { width: 720, theme: 'dark' }).title).toBe('No protocol pulled another')
  })
})
