import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportFiles } from '../../src/document/files.ts'
import { compareFacts, comparisonOf } from '../../src/farm/compare.ts'
import { changeText, meanText, rowsShown, sentencesOf } from '../../src/figures/compareFacts.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import { type CompareReport, compareReport } from '../../src/sweep/compare.ts'
import { meterOf } from '../../src/sweep/meter.ts'
import { hashOf, hasLab, type Lab, openLab, sharedLink, untilRan } from './lab.suite.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PAIRS = 10
// A book small enough for ten pairs in a second.
const BOOK =
  '{ synthetic: [{ accounts: 150, collateral: ETH, debt: USDC, totalDebt: $150M, ' +
  'largestShare: 2%, medianHealth: 1.24, healthSpread: 0.28 }] }'
const small = [['protocols.market.book', BOOK]] as const
const hash = (screen: string) => hashOf(screen, 'eth-lending')

let lab: Lab

describe.skipIf(!hasLab)('Compare, Report and Live', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('default: pairs stream in, and end as the same numbers as in Node', async () => {
    const { page } = lab
    await lab.visit(hashOf('compare', 'eth-lending', small))
    await untilRan(page)
    await fewPairs()
    const report = await inNode({ 'defences.speedLimit': '{}' })
    const said = sentencesOf(report, undefined).join('').replaceAll('speed-limit', 'B speed-limit')
    expect(plain(await page.textContent('.cmp-sentence'))).toBe(plain(said))
    const rows = await page.locator('.cmp-table tbody tr:not(.cmp-cost)').allTextContents()
    rowsShown(report).forEach((row, r) => {
      for (const text of [meanText(row, 0, undefined), changeText(row, 1, undefined)])
        expect(rows[r]).toContain(text)
    })
    expect(await page.textContent('.cmp-take pre')).toBe(
      `firebreak compare eth-lending --set 'protocols.market.book=${BOOK}' ` +
        `--defences speed-limit --pairs ${PAIRS}`,
    )
    await page.waitForSelector('.cmp-plot >> nth=1')
    expect(await faults()).toEqual([])
    expect(lab.complaints).toEqual([])
  })

  it('default: by keys alone an arm is chosen, a parameter typed, and the pair stepped', async () => {
    const { page } = lab
    await page.locator('body').press('b')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Backstop')
    await page.getByLabel('capital').fill('$20M')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    expect(await page.textContent('[data-arm=b]')).toContain('capital: $20M')
    await settled('backstop={ capital: $20M }')
    const report = await inNode({ 'defences.backstop': '{ capital: $20M }' })
    const first = await page.locator('.cmp-table tbody tr').first().textContent()
    expect(first).toContain(meanText(rowsShown(report)[0], 1, undefined))
    const pair = page.getByLabel('Pair that is drawn')
    await pair.press('Home')
    const low = await pair.getAttribute('aria-valuetext')
    await pair.press('ArrowRight')
    expect(await pair.getAttribute('aria-valuetext')).not.toBe(low)
    expect(lab.complaints).toEqual([])
  })

  it('default: a shared link brings the arms, and they come to the same', async () => {
    const { page } = lab
    const said = await page.textContent('.cmp-sentence')
    const other = await openLab()
    try {
      await other.visit(await sharedLink(page))
      await untilRan(other.page)
      await expect
        .poll(() => other.page.textContent('.cmp-sentence'), { timeout: 60_000 })
        .toBe(said)
      expect(await other.page.textContent('[data-arm=b]')).toContain('capital: $20M')
      expect(other.complaints).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('default: a stopped comparison keeps the last good one, and runs again', async () => {
    const { page } = lab
    const before = await page.textContent('.cmp-sentence')
    await page.getByLabel('Pairs', { exact: true }).press('End')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('text=Stopped')
    expect(before).not.toBe('')
    expect(await page.locator('.cmp-sentence').count()).toBe(1)
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.waitForSelector('.cmp-running progress')
    await fewPairs()
  })

  it('behaviour: 360 wide and in the dark nothing leaves the page, and axe finds nothing', async () => {
    const { page } = lab
    await page.setViewportSize({ width: 360, height: 800 })
    expect(await overflow()).toBeLessThanOrEqual(360)
    expect(await faults()).toEqual([])
    await lab.visit(hash('report'), { width: 360, height: 800, theme: 'dark' })
    await untilRan(page)
    expect(await overflow()).toBeLessThanOrEqual(360)
    expect(await faults()).toEqual([])
    await lab.visit(hash('live'), { width: 360, height: 800, theme: 'dark' })
    await untilRan(page)
    expect(await overflow()).toBeLessThanOrEqual(360)
    expect(await faults()).toEqual([])
  })

  it('default: the document is that of the command line, and loses the pieces that are off', async () => {
    const { page } = lab
    await lab.visit(hash('report'))
    await untilRan(page)
    const read = await readScenario('eth-lending', diskSource('.'), [])
    const { scenario, runId, engineVersion, data } = read
    const report = instantRun(scenario, { runId, engineVersion, data })
    const [wanted] = reportFiles(report, ['html'], 'firebreak run eth-lending')
    expect(await saved('HTML')).toBe(wanted.text)
    await page.getByLabel('The market', { exact: true }).uncheck()
    await page.getByRole('button', { name: 'Move Data up' }).press('Enter')
    const html = await saved('HTML')
    expect(html).not.toContain('<h2>The market</h2>')
    expect(html.indexOf('<h2>Data</h2>')).toBeLessThan(html.indexOf('<h2>Assumptions'))
    expect(html).toContain(runId)
    expect(await page.locator('.rep-page h2').allTextContents()).not.toContain('The market')
    expect(JSON.parse(await saved('Result'))).toEqual({
      ...JSON.parse(JSON.stringify(report)),
      rerun: 'firebreak run eth-lending',
    })
    expect(await page.textContent('.rep-evidence')).toContain('No comparison')
    expect(await faults()).toEqual([])
    expect(lab.complaints).toEqual([])
  })

  it('default: Live shows no number that is not known', async () => {
    const { page } = lab
    await lab.visit('live')
    await page.waitForSelector('.live')
    expect(new Set(await page.locator('.live .number').allTextContents())).toEqual(new Set(['–']))
    expect(await page.textContent('.live')).not.toContain('firebreak watch')
    expect(await faults()).toEqual([])
    expect(lab.complaints).toEqual([])
  })
})

/** Takes the slider to its least, and waits for the comparison of so many pairs. */
async function fewPairs(): Promise<void> {
  await lab.page.getByLabel('Pairs', { exact: true }).press('Home')
  await settled(`of ${PAIRS} pairs`)
}

/** Waits until nothing runs and the page says so. */
async function settled(text: string): Promise<void> {
  const idle = 'body:not(:has(.cmp-running progress))'
  await lab.page.waitForSelector(`${idle} .cmp:has-text(${JSON.stringify(text)})`)
}

/** The same comparison in this process. */
async function inNode(set: Readonly<Record<string, string>>): Promise<CompareReport> {
  const arms = [
    { name: 'none', set: [] },
    { name: Object.keys(set)[0].includes('speed') ? 'speed-limit' : 'b', set: Object.entries(set) },
  ]
  const wanted = { entry: 'eth-lending', overrides: small, arms, pairs: PAIRS }
  const comparison = await comparisonOf(wanted, diskSource('.'))
  const { plan, fetch } = comparison.planned
  const rows = await Promise.all(
    plan.cells.map(async (_, cell) => {
      const meter = meterOf(await fetch(cell), { extra: 'none' })
      return Float64Array.from({ length: PAIRS }, (_, k) => k).reduce(
        (all, k) => {
          all.set(meter.run(k), k * plan.measures.length)
          return all
        },
        new Float64Array(PAIRS * plan.measures.length),
      )
    }),
  )
  return compareReport(compareFacts(comparison, rows))
}

async function saved(button: string): Promise<string> {
  const { page } = lab
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.rep-files').getByRole('button', { name: button, exact: true }).click(),
  ])
  return readFileSync(await download.path(), 'utf8')
}

/** What axe finds, in short. The page's policy lets no script in, but a debugger may. */
async function faults(): Promise<readonly string[]> {
  const { page } = lab
  await page.evaluate(axe)
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run().then(({ violations }) => violations)',
  )
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join()}`,
  )
}

function overflow(): Promise<number> {
  return lab.page.evaluate<number>('document.documentElement.scrollWidth')
}

function plain(text: string | null): string {
  return (text ?? '').replace(/\s+/g, ' ')
}
