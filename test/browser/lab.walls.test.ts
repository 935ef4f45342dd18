import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unitsToDrop } from '../../src/analysis/depth.ts'
import { tallestWall } from '../../src/figures/levels.ts'
import { count, factor, money, price } from '../../src/format.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import { setup } from '../../src/setup.ts'
import { complaintsOfAxe } from './axe.suite.ts'
import { hashOf, hasLab, type Lab, openLab } from './lab.suite.ts'

let lab: Lab

describe.skipIf(!hasLab)('the Walls screen', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('default: the tallest wall, what must trade to reach it, and who waits', async () => {
    const { page } = lab
    const { scenario, report } = await runOf('eth-lending')
    const { bin, ratio } = tallestWall(report.levels)!
    const { market } = setup(scenario)
    const needed = unitsToDrop(market, scenario.shock.asset, 1 - bin.from / report.map.now)!
    await lab.visit(hashOf('walls', 'eth-lending'))
    await page.getByRole('table').waitFor()
    expect(await complaintsOfAxe(page, 'main')).toEqual([])
    const strip = (await page.textContent('.headlines'))!
    expect(strip).toContain(`To reach the tallest wall, ${price(bin.from)}`)
    expect(strip).toContain(money(market.quote(scenario.shock.asset, needed).proceeds))
    expect(strip).toContain(`${count(needed)} ETH must trade`)
    expect(strip).toContain(`${factor(ratio)}×`)
    expect(strip).toContain(`${count(report.book.accounts)} accounts`)

    // The largest that were liquidated are those of the report.
    const [largest] = report.accounts
    await page.getByLabel('Search').fill(largest.account)
    const row = (await page.locator('tbody tr').first().textContent())!
    expect(row).toContain(money(largest.debt_usd))
    expect(row).toContain(largest.fate)
    expect(row).toContain(price(report.map.now * (1 - largest.trigger_drop!)))
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: levels that are chosen by keys filter the table', async () => {
    const { page } = lab
    const { report } = await runOf('eth-lending')
    await lab.visit(hashOf('walls', 'eth-lending'))
    await page.getByLabel('Lowest price of the levels').focus()
    await page.keyboard.press('End')
    const top = report.levels[0]
    expect(await page.textContent('.ends')).toContain(`from ${price(top.to)} to ${price(top.from)}`)
    for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowLeft')
    const bins = report.levels.slice(0, 11)
    const debt = bins.reduce(
      (sum, bin) => sum + bin.first_usd + bin.feedback_usd + bin.untouched_usd,
      0,
    )
    const title = (await page.textContent('.walls h2'))!
    expect(title).toContain(`with ${money(debt)} of debt from ${price(bins[10].to)}`)
    const waits = Number(/^([\d,]+) account/.exec(title)![1].replace(',', ''))
    await page.getByRole('button', { name: 'Trigger price' }).focus()
    await page.keyboard.press('Enter')
    expect(
      await page.getByRole('columnheader', { name: 'Trigger price' }).getAttribute('aria-sort'),
    ).toBe('descending')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\n')
    expect(lines).toHaveLength(waits + 1)
    const triggers = lines.slice(1).map((line) => Number(line.split(',')[4]))
    expect(triggers).toEqual(triggers.toSorted((a, b) => b - a))
    expect(triggers.at(-1)).toBeGreaterThan(bins[10].to)
    await page.getByRole('button', { name: 'All levels' }).click()
    expect(await page.textContent('.walls h2')).toContain('at any price')
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: a drag over the chart chooses levels, a filter keeps one protocol', async () => {
    const { page } = lab
    await lab.visit(hashOf('walls', 'two-protocols'))
    await page.getByRole('table').waitFor()
    const all = (await page.textContent('.pages'))!
    await page.getByLabel('Protocol').selectOption('exchange')
    await page.locator('.walls.is-stale').waitFor({ state: 'detached' })
    await page.getByText('of 96, 2,400 accounts').waitFor()
    expect(all).not.toContain('2,400 accounts')
    expect(await page.locator('tbody td:first-child').allTextContents()).not.toContain('lending')
    const box = (await page.locator('.brush').boundingBox())!
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 200)
    await page.mouse.down()
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 200)
    await page.mouse.up()
    const { report } = await runOf('two-protocols')
    // Levels 20 to 28 of 40, counted from the lowest price.
    const [low, high] = [report.levels[19].to, report.levels[11].from]
    expect(await page.textContent('.walls h2')).toContain(`from ${price(low)} to ${price(high)}`)
    expect(lab.complaints).toEqual([])
  })

  it('law: axe finds nothing on a phone in the dark, nothing is cut, and time is told', async () => {
    const { page } = lab
    await lab.visit(hashOf('walls', 'slow-oracle'), { width: 360, height: 800, theme: 'dark' })
    await page.getByRole('table').waitFor()
    expect(await complaintsOfAxe(page, 'main')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(await page.textContent('main')).toContain('This scenario runs in time')
    expect(lab.complaints).toEqual([])
  })
})

async function runOf(entry: string) {
  const read = await readScenario(entry, diskSource('.'))
  const { scenario, runId, engineVersion, data } = read
  return { scenario, report: instantRun(scenario, { runId, engineVersion, data }) }
}
