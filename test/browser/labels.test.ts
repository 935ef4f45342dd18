import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Box, overlap } from '../../src/figures/box.ts'
import { cobweb } from '../../src/figures/cobweb.ts'
import { healthHistogram } from '../../src/figures/healthHistogram.ts'
import { levels } from '../../src/figures/levels.ts'
import { response } from '../../src/figures/response.ts'
import type { Figure } from '../../src/figures/sheet.ts'
import { slippage } from '../../src/figures/slippage.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import type { Report } from '../../src/report.ts'
import { hasChromium, type Opened, openPage } from './chromium.suite.ts'

const figures = { cobweb, levels, response, slippage, healthHistogram }
const drops = [0.05, 0.14, 0.15, 0.25]
const widths = [390, 1024, 1440, 1920]
const themes = ['light', 'dark'] as const
// Their places in the Lab on screens of those widths, without heading and footer.
const places = [
  { width: 342, height: 300, tallest: undefined },
  { width: 686, height: 236, tallest: undefined },
  { width: 526, height: 190, tallest: 512 },
  { width: 766, height: 270, tallest: 692 },
]
// The stack as it stands finds another font on every machine; DejaVu Sans is as wide as they come.
const fonts = [null, 'DejaVu Sans']

/** What the page answers for one picture. */
interface Measured {
  readonly words: readonly (Box & { readonly text: string })[]
  readonly dots: readonly Box[]
  readonly outside: readonly string[]
}

let browser: Opened

describe.skipIf(!hasChromium)('words of the figures, as a browser sets them', () => {
  beforeAll(async () => {
    browser = await openPage()
    await browser.page.setContent('<!doctype html><body></body>')
    await browser.page.addScriptTag({ path: join(import.meta.dirname, 'measure.js') })
  })
  afterAll(() => browser?.close())

  it('behaviour: the page sees what lies on what, turned words too', async () => {
    const word = (text: string, place: string) => `<text font-size="20" ${place}>${text}</text>`
    const shapes = [
      word('first', 'x="20" y="40"'),
      word('second', 'x="40" y="45"'),
      word('upright', 'x="150" y="90" transform="rotate(-90 150 90)"'),
      word('wide', 'x="180" y="90"'),
      '<circle cx="145" cy="60" r="4"/>',
    ]
    const viewBox = 'viewBox="0 0 200 100" width="200" height="100"'
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${viewBox}>${shapes.join('')}</svg>`
    const [boxes] = await measure([svg], 'DejaVu Sans')
    const faults = faultsOf(boxes, [{ x: 60, y: 30, width: 5, height: 5 }]).join('\n')
    expect(faults).toMatch(/"first" lies on "second"/)
    expect(faults).toMatch(/"second" hides a mark at 60, 30/)
    expect(faults).toMatch(/"upright" hides a mark at 141, 56/)
    expect(faults).toMatch(/leaves the sheet: <text [^>]*>wide/)
    expect(faults.split('\n')).toHaveLength(4)
  })

  it.each(drops)(
    'law: no word hides a word or a mark or leaves the sheet at a drop of %s',
    async (drop) => {
      const drawn = draw(await reportOf(drop))
      const svgs = drawn.map(({ figure }) => figure.svg)
      const faults: string[] = []
      for (const font of fonts) {
        const measured = await measure(svgs, font)
        measured.forEach((boxes, i) => {
          const { name, figure } = drawn[i]
          expect(boxes.words.length, name).toBe(figure.labels.length)
          const where = `${name}, ${font ?? 'own fonts'}`
          faults.push(...faultsOf(boxes, figure.marks).map((fault) => `${where}: ${fault}`))
        })
      }
      expect(faults).toEqual([])
    },
  )
})

// A word without a free place is left out: these may not be.
describe('facts of the figures', () => {
  it.each(drops)('law: each has its words at a drop of %s', async (drop) => {
    const report = await reportOf(drop)
    const change = `\u2212${(100 * drop).toFixed(1)}`
    const feedback = ['first round', 'settles at $', 'more round']
    const edge = report.map.fixed.some(({ stable }) => !stable) ? ['next edge'] : []
    const facts: Record<string, readonly string[]> = {
      cobweb: ['now $', change, ...edge, ...(report.rounds.length > 0 ? feedback : ['stays at $'])],
      levels: ['now $', 'shocked $', 'settles $'],
      response: ['you at', 'ignition'],
      slippage: ['bonus ', 'sells at the bonus'],
      healthHistogram: ['liquidatable below 1'],
    }
    for (const { name, figure } of draw(report)) {
      const words = figure.labels.map((label) => label.text).join('\n')
      for (const fact of facts[name.split(',')[0]]) expect(words, name).toContain(fact)
    }
  })
})

function measure(svgs: readonly string[], font: string | null): Promise<Measured[]> {
  const words = [svgs, font].map((value) => JSON.stringify(value))
  return browser.page.evaluate<Measured[]>(`measured(${words.join(', ')})`)
}

async function reportOf(drop: number): Promise<Report> {
  const overrides = [['shock.drop', String(drop)]] as const
  const read = await readScenario('eth-lending', diskSource('.'), overrides)
  const { scenario, runId, engineVersion, data } = read
  return instantRun(scenario, { runId, engineVersion, data })
}

function draw(report: Report): { name: string; figure: Figure }[] {
  return [...drawWhole(report), ...drawBare(report)]
}

function drawBare(report: Report): { name: string; figure: Figure }[] {
  return places.flatMap(({ width, height, tallest }) =>
    themes.flatMap((theme) => {
      const where = `in its place, ${width} wide, ${theme}`
      const low = { width, theme, bare: true, height }
      const square =
        tallest === undefined ? { width, theme, bare: true } : { ...low, height: tallest }
      return [
        { name: `cobweb, ${where}`, figure: cobweb(report, square) },
        { name: `levels, ${where}`, figure: levels(report, low) },
        { name: `response, ${where}`, figure: response(report, low) },
      ]
    }),
  )
}

function drawWhole(report: Report): { name: string; figure: Figure }[] {
  return Object.entries(figures).flatMap(([name, figure]) =>
    widths.flatMap((width) =>
      themes.map((theme) => ({
        name: `${name}, ${width} wide, ${theme}`,
        figure: figure(report, { width, theme }),
      })),
    ),
  )
}

function faultsOf({ words, dots, outside }: Measured, marks: readonly Box[]): string[] {
  const faults = outside.map((shape) => `leaves the sheet: ${shape}`)
  words.forEach((word, i) => {
    const other = words.slice(i + 1).find((other) => overlap(word, other))
    if (other !== undefined) faults.push(`"${word.text}" lies on "${other.text}"`)
    const mark = [...marks, ...dots].find((mark) => overlap(word, mark))
    if (mark !== undefined) faults.push(`"${word.text}" hides a mark at ${mark.x}, ${mark.y}`)
  })
  return faults
}
