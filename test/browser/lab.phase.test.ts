import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factor, money, points, shortId } from '../../src/format.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import type { Metric, Report } from '../../src/report.ts'
import { complaintsOfAxe } from './axe.suite.ts'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

type Overrides = readonly (readonly [string, string])[]

// A book that is soon run over and over.
const small: Overrides = [
  ['protocols.market.book.synthetic.0.accounts', '150'],
  ['protocols.market.book.synthetic.1.accounts', '150'],
]

let lab: Lab

describe.skipIf(!hasLab)('the Phase screen', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('default: the map fills, and its numbers are those of single runs', async () => {
    const { page } = lab
    await lab.visit(hashOf('phase', 'eth-lending', small))
    await untilWhole(page)
    expect(await complaintsOfAxe(page, 'main')).toEqual([])
    const base = await runOf(small)
    const ignition = numberIn(base.report, 'ignition_drop')
    const sentence = (await page.textContent('.phase-head h1'))!
    expect(sentence).toContain(points(Math.abs(0.15 - ignition)))
    expect(sentence).toContain(ignition < 0.15 ? 'past the edge' : 'before the edge')
    expect(await page.textContent('.distance text')).toContain(points(ignition))

    const cell = [...small, ['shock.drop', '16%']] as const
    const { report, runId } = await runOf(cell)
    const map = page.getByRole('application')
    await map.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const read = page.locator('.readout')
    expect(await read.textContent()).toContain('−16\u202f%')
    expect(await read.textContent()).toContain(`×${factor(numberIn(report, 'amplification'))}`)
    for (const [measure, name] of [
      ['total_liquidated_usd', 'total'],
      ['bad_debt_usd', 'bad debt'],
    ] as const) {
      await page.getByLabel('colour').selectOption(measure)
      expect(await read.textContent()).toContain(`${name} ${money(numberIn(report, measure))}`)
    }
    await page.keyboard.press('Tab')
    await map.focus()
    await page.keyboard.press('Enter')
    await untilRan(page)
    expect(page.url()).toContain('#lab?')
    expect(await page.textContent('.chip code')).toContain(shortId(runId))
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: a click on a cell of another book loads that book', async () => {
    const { page } = lab
    await lab.visit(hashOf('phase', 'eth-lending', small))
    await untilWhole(page)
    const box = (await page.locator('.heat-cells').boundingBox())!
    await page.mouse.move(box.x + 0.75 * box.width, box.y + 0.98 * box.height)
    const read = (await page.textContent('.readout'))!
    const drop = Number(/−([\d.]+)/.exec(read)![1]) / 100
    const bids = Number(/\$([\d.]+)M/.exec(read)![1])
    expect(bids).toBeLessThan(5)
    await page.mouse.down()
    await page.mouse.up()
    await untilRan(page)
    await page.getByRole('button', { name: 'Phase' }).click()
    await untilWhole(page)
    const sentence = (await page.textContent('.phase-head h1'))!
    expect(sentence).toContain(`At −${Number((100 * drop).toFixed(1))}\u202f%`)
    expect(await page.textContent('.phase-side')).toContain(`$${bids.toFixed(1)}M`)
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: it can be stopped, and says how far it came', async () => {
    const { page } = lab
    await lab.visit(hashOf('phase', 'eth-lending'))
    await page.locator('.phase-progress button').click()
    const chip = await page.textContent('.phase-progress')
    expect(chip).toMatch(/^stopped at [\d,]+ of 1,980 cells$/)
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: ranges, table, tornado and CSV', async () => {
    const { page } = lab
    await lab.visit(hashOf('phase', 'eth-lending', small))
    await page.getByLabel('y axis').selectOption('depth.haircut')
    await page.getByText('Ranges').click()
    const form = page.getByRole('form', { name: 'Range of haircut of the book' })
    await form.getByLabel('to').fill('40%')
    await form.getByLabel('step').fill('20%')
    await form.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('180 cells in').waitFor()
    expect(await page.textContent('.command')).toBe(
      `firebreak sweep eth-lending${small.map(([key, value]) => ` --set ${key}=${value}`).join('')}` +
        ' --vary drop=0.5%..30%:0.5% --vary depth.haircut=0%..40%:20% --runs 1',
    )
    await page.getByRole('button', { name: 'Table' }).click()
    expect(await page.locator('table.cells tbody td').count()).toBe(180)
    const { report } = await runOf([...small, ['depth.haircut', '20%'], ['shock.drop', '10%']])
    const cell = page.locator('table.cells tbody tr').nth(1).locator('td').nth(19)
    expect(await cell.textContent()).toBe(`×${factor(numberIn(report, 'amplification'))}`)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\n')
    expect(lines).toHaveLength(181)
    const at = lines[0].split(',').indexOf('total_liquidated_usd')
    const row = lines.find((line) => line.includes(',10%,20%,'))!
    expect(Number(row.split(',')[at])).toBe(numberIn(report, 'total_liquidated_usd'))

    const picture = page.waitForEvent('download')
    await page.getByRole('button', { name: 'SVG' }).click()
    const svg = readFileSync(await (await picture).path(), 'utf8')
    expect(svg).toContain('rows: depth.haircut; columns: shock.drop')
    expect(svg.match(/<rect [^>]*shape-rendering/g)).toHaveLength(180)
    expect(svg).toContain('firebreak sweep eth-lending --set')
    const pixels = page.waitForEvent('download')
    await page.getByRole('button', { name: 'PNG' }).click()
    expect(
      readFileSync(await (await pixels).path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')

    await page.getByRole('button', { name: 'Tornado' }).click()
    const base = (await runOf(small)).report
    const thinner = base.sensitivity.find(({ input }) => input === 'depth')!
    const total = thinner.metrics.total_liquidated_usd
    expect(await page.textContent('.phase-main .picture')).toContain(money(total.down))
    await form.getByLabel('step').fill('none')
    await form.getByRole('button', { name: 'Apply' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('FB2081')
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: of a run in time the opening state is mapped, and that is said', async () => {
    const { page } = lab
    await lab.visit(
      hashOf('phase', 'slow-oracle', [['protocols.slow.book.synthetic.0.accounts', '80']]),
    )
    await untilWhole(page)
    await page.getByText('What moves the edge').waitFor()
    expect(await page.textContent('.phase-head h1')).toMatch(/As it opens, .* from the edge/)
    expect(await page.textContent('main')).toContain('This scenario runs in time.')
    expect(await page.textContent('main')).toContain('a drop cannot be loaded into it')
    expect(lab.complaints).toEqual([])
  })

  it('law: axe finds nothing on a phone in the dark, and nothing is cut', async () => {
    const { page } = lab
    await lab.visit(hashOf('phase', 'eth-lending', small), {
      width: 360,
      height: 800,
      theme: 'dark',
    })
    await untilWhole(page)
    await page.getByText('What moves the edge').waitFor()
    expect(await complaintsOfAxe(page, 'main')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await page.getByRole('button', { name: 'Table' }).click()
    expect(await complaintsOfAxe(page, 'main')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(lab.complaints).toEqual([])
  })
})

/** Waits until all cells are known. */
async function untilWhole(page: Page): Promise<void> {
  await page.getByText(/^[\d,]+ cells in [\d.]+ s$/).waitFor()
}

async function runOf(overrides: Overrides): Promise<{ report: Report; runId: string }> {
  const { scenario, runId, engineVersion, data } = await readScenario(
    'eth-lending',
    diskSource('.'),
    overrides,
  )
  return { runId, report: instantRun(scenario, { runId, engineVersion, data }) }
}

function numberIn({ metrics }: Report, name: string): number {
  return (metrics[name] as Metric).value!
}
