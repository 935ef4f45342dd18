import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logCsv } from '../../lab/screens/replay/csv.ts'
import { factsOf } from '../../lab/screens/replay/facts.ts'
import { instant, type Recorded, timed } from '../../lab/screens/replay/replay.suite.ts'
import { sentenceOf, stripOf } from '../../lab/screens/replay/words.ts'
import { count, factor, money, price } from '../../src/format.ts'
import type { Report } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { complaintsOfAxe } from './axe.suite.ts'
import { hashOf, hasLab, type Lab, openLab, sharedLink } from './lab.suite.ts'

let lab: Lab
let page: Page

beforeAll(async () => {
  if (!hasLab) return
  lab = await openLab()
  page = lab.page
})
afterAll(() => lab?.close())

const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? ''
const numbers = () => page.locator('.replay-strip .number').allTextContents()
const frame = async () => Number(await page.locator('.replay-scrub').inputValue())

async function visit(entry: string): Promise<void> {
  await lab.visit(hashOf('replay', entry))
  await page.waitForSelector('.replay-player', { timeout: 60_000 })
}

async function press(key: string): Promise<number> {
  await page.keyboard.press(key)
  return await frame()
}

/** What axe complains of on phone, tablet and screen, and by how much the page is too wide. */
async function faults(): Promise<string[]> {
  const found: string[] = []
  for (const width of [360, 1024, 1440]) {
    await page.setViewportSize({ width, height: 800 })
    found.push(...(await complaintsOfAxe(page)).map((one) => `${width}: ${one}`))
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
    if (wide > width) found.push(`${width}: the page is ${wide} px wide`)
  }
  return found
}

describe.skipIf(!hasLab)('replay of an instant run', { retry: 1 }, () => {
  let eth: Recorded<Report>
  beforeAll(async () => {
    eth = await instant('eth-lending')
    await visit('eth-lending')
  })

  it('default: a shared link opens the round that was on screen', async () => {
    await page.keyboard.press('Home')
    const at = await press('ArrowRight')
    expect(at).toBe(1)
    const link = await sharedLink(page)
    await lab.visit(hashOf('lab', 'lst-depeg'))
    await lab.visit(link)
    await page.waitForSelector('.replay-player', { timeout: 60_000 })
    await expect.poll(frame).toBe(1)
    await visit('eth-lending')
  })

  it('default: round by round, with the numbers of Node', async () => {
    const { columns, report } = eth
    const facts = factsOf(columns)
    expect(await frame()).toBe(facts.peak)
    await press('Home')
    for (let at = 0; at <= facts.last; at++) {
      expect(await numbers()).toEqual(stripOf(columns, facts, at).map(({ value }) => value))
      const words = sentenceOf(columns, facts, at).map((segment) => segment.text)
      expect(await text('.replay-sentence')).toBe(words.join(''))
      await press('ArrowRight')
    }
    const { value: total } = report.metrics.total_liquidated_usd as { value: number }
    expect(await numbers()).toContain(money(total))
  })

  it('default: the table has the rounds of the report', async () => {
    const { rounds } = eth.report
    await page.getByRole('button', { name: 'Table' }).click()
    const rows = await page
      .locator('.replay-table tbody tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)))
    expect(rows.map((row) => row.slice(0, 4))).toEqual(
      rounds.map(({ round, repaid_usd, gain, price_after }) => {
        return [String(round), money(repaid_usd), factor(gain), price(price_after)]
      }),
    )
    await page.getByRole('button', { name: 'Table' }).click()
  })

  it('default: who is followed is black in the chain and in the log', async () => {
    await press('Home')
    for (let at = 0; at < 4; at++) await press('ArrowRight')
    const node = page.locator('button.chain-node.is-pushed').first()
    await node.focus()
    await page.keyboard.press('Enter')
    expect(await node.getAttribute('aria-pressed')).toBe('true')
    expect(await text('.chain-followed')).toContain('of the push')
    await press('ArrowLeft')
    while ((await page.locator('.replay-log .is-followed').count()) === 0)
      await page.getByRole('button', { name: 'Earlier rows' }).click()
    await page.getByRole('button', { name: 'Stop following' }).click()
    expect(await page.locator('.chain-node[aria-pressed="true"]').count()).toBe(0)
  })

  it('default: the log is a file with every event', async () => {
    const waits = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const file = await (await waits).path()
    expect(readFileSync(file, 'utf8')).toBe(logCsv(eth.columns))
  })

  it('law: no faults, and nothing too wide', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole('button', { name: 'Dark theme' }).click()
    expect(await faults()).toEqual([])
  })
})

describe.skipIf(!hasLab)('replay of a run in time', { retry: 1 }, () => {
  let slow: Recorded<TimedReport>
  beforeAll(async () => {
    slow = await timed('slow-oracle')
    await page.addInitScript({ path: join(import.meta.dirname, 'frames.js') })
    await visit('slow-oracle')
  })

  it('default: opens at its turning point, and ends with the numbers of Node', async () => {
    const { columns, report } = slow
    const facts = factsOf(columns)
    expect(await frame()).toBe(facts.turning)
    expect(await text('.replay-sentence')).toContain(`Block ${facts.turning} is the turning point`)
    await press('End')
    const value = (name: string) => (report.metrics[name] as { value: number }).value
    const [, last, total, accounts] = await numbers()
    expect(last).toBe(price(report.assets[0].final))
    expect(total).toBe(money(value('total_liquidated_usd')))
    expect(accounts).toBe(count(value('accounts_liquidated')))
  })

  it('default: jumps to a mark, and to where the chart is pressed', async () => {
    const { columns, report } = slow
    const { last, marks } = factsOf(columns)
    const mark = marks.find(({ names }) => names.includes('lowest price'))!
    await page.getByLabel('Jump to').selectOption(String(mark.frame))
    expect(await page.locator('.replay-jumps').inputValue()).toBe(String(mark.frame))
    expect((await numbers())[1]).toBe(price(report.assets[0].lowest))
    const plot = (await page.locator('.replay-over').boundingBox())!
    await page.mouse.click(plot.x + plot.width / 2, plot.y + 20)
    expect(Math.abs((await frame()) - last / 2)).toBeLessThan(2)
  })

  it('default: keys alone play, step and go to the ends', async () => {
    expect(await press('Home')).toBe(0)
    expect(await press('ArrowRight')).toBe(1)
    expect(await press('Shift+ArrowRight')).toBe(11)
    expect(await press('ArrowLeft')).toBe(10)
    expect(await press('Shift+ArrowLeft')).toBe(0)
    await page.locator('.replay-scrub').focus()
    expect(await press('ArrowRight')).toBe(1)
    await press('Space')
    await expect.poll(frame).toBeGreaterThan(1)
    const stopped = await press('Space')
    expect(await text('.replay-play')).toBe('Play')
    await page.waitForTimeout(600)
    expect(await frame()).toBe(stopped)
    expect(await press('End')).toBe(factsOf(slow.columns).last)
  })

  it('law: no faults, and nothing too wide', async () => {
    expect(await faults()).toEqual([])
  })

  it('law: it plays with little script a frame', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await page.getByRole('button', { name: '8×' }).click()
    await press('Home')
    await page.evaluate('frameTimes.length = 0')
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await expect.poll(() => text('.replay-play'), { timeout: 30_000 }).toBe('Play')
    const times = (await page.evaluate('frameTimes')) as number[]
    times.sort((a, b) => a - b)
    const p95 = times[Math.floor(0.95 * times.length)]
    console.log(`replay: ${times.length} frames, p95 ${p95.toFixed(1)} ms of script`)
    expect(times.length).toBeGreaterThan(50)
    // The budget of 8 ms is kept by the bench; here others work beside it.
    expect(p95).toBeLessThan(32)
  })

  it('law: the console stays empty', () => {
    expect(lab.complaints).toEqual([])
  })
})
